//! What a run did, in the layout of `ingest --json` and of what is kept of each run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Job;
use super::news::News;
use crate::backfill::Tally;
use crate::base::day::{Day, DayRange};
use crate::crawl::sitemaps::Sitemaps;
use crate::crawl::{self, RoundSummary, stale};
use crate::derive::Derived;
use crate::model::article::ArticleId;
use crate::model::config::Config;
use crate::store::StoreError;
use crate::store::kept::{Kept, RunId};
use crate::watch::Sent;

/// The most articles that could not be read of which the reason is kept.
const FAULTS: usize = 50;

/// A run in figures and names. What an older breachline did not write is empty.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Summary {
    /// The number of the run.
    pub run: i64,
    /// What is new and what changed, the largest first.
    pub news: News,
    /// The archives that were read instead of sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// The articles that were given by hand instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Given>,
    /// The mailbox that was read instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<Mailbox>,
    /// The sources that were asked.
    pub sources: Vec<Line>,
    pub tried: usize,
    pub unchanged: usize,
    pub failed: usize,
    pub not_due: Vec<NotDue>,
    /// Sources that the deadline left to the next run.
    pub left: Vec<String>,
    /// Sources that work and have given nothing new for unusually long.
    pub stale: Vec<Stale>,
    pub pages: Pages,
    pub articles: Articles,
    pub incidents: Incidents,
    /// What became of the notices of watches.
    pub notices: Vec<Sent>,
    /// Whether what is searched had to be made anew, because it was missing, damaged or of another version.
    pub search_made_anew: bool,
    pub seconds: f64,
}

/// One archive that was read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct File {
    pub file: String,
    /// Why the rest of it was not read.
    pub reason: Option<String>,
    #[serde(flatten)]
    pub tally: Tally,
}

/// One article that was given by hand.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Given {
    /// The address or the file, as it was given.
    pub given: String,
    /// Under which address it is known.
    pub url: String,
    /// The source that it is kept under.
    pub source: String,
    /// `read`, `known` before, or that there is no article: `not-had`, `no-article`.
    pub outcome: String,
    /// Why there is none.
    pub reason: Option<String>,
    /// The incidents that it tells of.
    pub incidents: Vec<String>,
}

/// A mailbox that was read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Mailbox {
    pub folder: String,
    /// Messages looked at.
    pub messages: usize,
    /// Those that are kept now.
    pub new: usize,
    /// Those that were known.
    pub known: usize,
    /// Those that hold no article.
    pub no_article: usize,
    /// Those that could not be read, and some of them.
    pub unread_count: usize,
    pub unread: Vec<Unread>,
    /// Those that are more than one run reads.
    pub beyond: usize,
}

/// A message that could not be read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Unread {
    pub file: String,
    pub reason: String,
}

/// One source that was asked.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Line {
    pub name: String,
    pub url: String,
    pub outcome: String,
    /// What its list gave: `new`, `nothing-new`, `unchanged`, `empty`, or why it gave nothing: `broken`, `gone`, `blocked`.
    pub gave: String,
    pub reason: Option<String>,
    pub moved_to: Option<String>,
    pub items: usize,
    pub new: usize,
    pub pages: usize,
    /// What its sitemaps named, where the articles of some days were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitemaps: Option<Named>,
}

/// What the sitemaps of a site name of some days.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Named {
    pub days: DayRange,
    #[serde(flatten)]
    pub counts: Sitemaps,
}

/// A source that was not asked.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct NotDue {
    pub name: String,
    /// `not-yet`, `left-alone` or `gone`.
    pub why: String,
    pub reason: String,
}

/// A source that has fallen silent.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Stale {
    pub name: String,
    /// The day on which it last gave something new.
    pub last_gave: Day,
    pub silent_days: u64,
    /// The longest silence that was usual for it.
    pub usual_days: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Pages {
    pub fetched: usize,
    pub changed: usize,
    pub failed: usize,
    pub left: usize,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Articles {
    pub new: usize,
    pub changed: usize,
    pub none: usize,
    /// Articles on which the reading failed by a mistake of the program.
    pub faults: Vec<Fault>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Fault {
    pub article: i64,
    pub reason: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Incidents {
    pub new: usize,
    pub changed: usize,
    pub removed: usize,
}

impl Summary {
    /// Puts together what a run did.
    pub fn of(
        job: &Job<'_>,
        kept: &Kept,
        run: RunId,
        crawled: &RoundSummary,
        derived: &Derived,
        now: Timestamp,
    ) -> Result<Summary, StoreError> {
        let not_due = |source: &crawl::NotDue| NotDue {
            name: source.name.clone(),
            why: source.why.word().to_owned(),
            reason: source.reason.clone(),
        };
        Ok(Summary {
            sources: crawled.sources.iter().map(|source| line(source, job.bounds.days, kept)).collect::<Result<_, _>>()?,
            tried: crawled.sources.len(),
            unchanged: crawled.unchanged,
            failed: crawled.failed,
            not_due: crawled.not_due.iter().map(not_due).collect(),
            left: crawled.sources_left.clone(),
            stale: if job.bounds.days.is_none() { fallen_silent(job.config, kept, crawled, now)? } else { Vec::new() },
            pages: Pages { fetched: crawled.pages, changed: crawled.changed, failed: crawled.pages_failed, left: crawled.left },
            ..Summary::of_derived(kept, run, derived)?
        })
    }

    /// Puts together what came of pages, wherever they were from.
    pub fn of_derived(kept: &Kept, run: RunId, derived: &Derived) -> Result<Summary, StoreError> {
        let Derived { read, incidents, .. } = derived;
        let fault = |(article, reason): &(ArticleId, String)| Fault { article: article.0, reason: reason.clone() };
        Ok(Summary {
            run: run.0,
            news: News::of(kept)?,
            articles: Articles {
                new: read.new,
                changed: read.again,
                none: read.not_articles,
                faults: read.faults.iter().take(FAULTS).map(fault).collect(),
            },
            incidents: Incidents { new: incidents.new, changed: incidents.changed, removed: incidents.removed },
            ..Summary::default()
        })
    }
}

fn line(source: &crawl::SourceOutcome, days: Option<DayRange>, kept: &Kept) -> Result<Line, StoreError> {
    let state = kept.source_state(&source.id)?;
    let gave = match source.outcome {
        crawl::Outcome::Blocked => "blocked",
        crawl::Outcome::SourceFailed if state.gone => "gone",
        crawl::Outcome::SourceFailed => "broken",
        _ if source.unchanged => "unchanged",
        // Of some days there may be nothing, and sitemaps may be left for the next run.
        _ if source.items == 0 && days.is_none() => "empty",
        _ if source.new == 0 => "nothing-new",
        _ => "new",
    };
    Ok(Line {
        name: source.name.clone(),
        url: source.url.to_string(),
        outcome: source.outcome.word().to_owned(),
        gave: gave.to_owned(),
        reason: source.reason.clone(),
        moved_to: state.moved_to.map(|url| url.to_string()),
        items: source.items,
        new: source.new,
        pages: source.pages,
        sitemaps: days.map(|days| Named { days, counts: source.sitemaps }),
    })
}

/// The sources that answered and yet have been silent for unusually long.
fn fallen_silent(config: &Config, kept: &Kept, crawled: &RoundSummary, now: Timestamp) -> Result<Vec<Stale>, StoreError> {
    const DAY: u64 = 24 * 60 * 60;
    let mut silent = Vec::new();
    for source in crawled.sources.iter().filter(|source| !source.outcome.is_failure() && source.new == 0) {
        if !config.sources.iter().any(|known| known.id == source.id) {
            continue;
        }
        if let Some(silence) = stale::silence(&kept.gave_at(&source.id, stale::MOMENTS)?, now) {
            silent.push(Stale {
                name: source.name.clone(),
                last_gave: Day::of(silence.since),
                silent_days: silence.lasts.as_secs() / DAY,
                usual_days: silence.longest.as_secs().div_ceil(DAY),
            });
        }
    }
    Ok(silent)
}

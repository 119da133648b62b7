//! What became of each source, and the round in figures.

use std::time::Duration;

use url::Url;

use super::sitemaps::Sitemaps;
use super::visit;
use crate::base::safe;
use crate::feed::FeedRead;
use crate::fetch::FetchError;
use crate::model::article::Fault;
use crate::model::source::{Source, SourceId};
use crate::store::kept::SourceState;

/// How many causes a reason names before it only counts.
const NAMED: usize = 3;

/// What became of a source that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Its list was read. A page of an article may have failed; the reason says so.
    Ok,
    /// Its list was read, but at least one item was refused, or more of its articles failed than came.
    ItemSkipped,
    /// Nothing came or nothing could be read; what was kept before stays.
    SourceFailed,
    /// This program refused to ask: an address that is not public, or robots.txt.
    Blocked,
}

impl Outcome {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::ItemSkipped => "item-skipped",
            Outcome::SourceFailed => "source-failed",
            Outcome::Blocked => "blocked",
        }
    }

    /// Tells whether nothing was had from the source.
    pub fn is_failure(self) -> bool {
        matches!(self, Outcome::SourceFailed | Outcome::Blocked)
    }
}

/// One source in the summary of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceOutcome {
    /// Its lasting name.
    pub id: SourceId,
    /// Its name as people know it.
    pub name: String,
    /// Its address as `sources.toml` gives it.
    pub url: Url,
    /// What became of it.
    pub outcome: Outcome,
    /// What a person should know about it; one clean line.
    pub reason: Option<String>,
    /// Items in its list; as many as last time where the list has not changed.
    pub items: usize,
    /// Items that were not known before.
    pub new: usize,
    /// Whether the server said that nothing has changed.
    pub unchanged: bool,
    /// Pages of its articles fetched in this round.
    pub pages: usize,
    /// Pages of its articles that could not be had in this round.
    pub pages_failed: usize,
    /// What was wrong with its list though it could be read.
    pub faults: Vec<Fault>,
    /// What its sitemaps named, where those of some days were looked for.
    pub sitemaps: Sitemaps,
}

/// A source that was not asked in this round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDue {
    /// Its lasting name.
    pub id: SourceId,
    /// Its name as people know it.
    pub name: String,
    /// What keeps it from being asked.
    pub why: WhyNotDue,
    /// The same in words, with the moment from which on it is asked again.
    pub reason: String,
}

/// What keeps a source from being asked. Only the first is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNotDue {
    /// Its time has not come.
    NotYet,
    /// It failed, or its host asked to be left alone, so it is given time.
    LeftAlone,
    /// Its server said that it is gone for good (410).
    Gone,
}

impl WhyNotDue {
    /// Returns the word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            WhyNotDue::NotYet => "not-yet",
            WhyNotDue::LeftAlone => "left-alone",
            WhyNotDue::Gone => "gone",
        }
    }
}

/// One round in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundSummary {
    /// The sources that were asked, in the order of `sources.toml`.
    pub sources: Vec<SourceOutcome>,
    /// The sources that were not, and why.
    pub not_due: Vec<NotDue>,
    /// Sources whose server said that nothing has changed.
    pub unchanged: usize,
    /// Sources that failed or were refused.
    pub failed: usize,
    /// Items that were not known before.
    pub new: usize,
    /// Pages fetched and kept.
    pub pages: usize,
    /// Articles that were asked for again and had changed; what they were is kept.
    pub changed: usize,
    /// Pages that could not be had.
    pub pages_failed: usize,
    /// The names of the sources that were due, and whose turn did not come before the deadline.
    pub sources_left: Vec<String>,
    /// Pages that were not asked for any more, for the next round.
    pub left: usize,
    /// How long the round took.
    pub took: Duration,
}

impl RoundSummary {
    pub(super) fn new(tallies: &[Tally], not_due: Vec<NotDue>, left: usize, took: Duration) -> RoundSummary {
        let sources: Vec<SourceOutcome> = tallies.iter().filter(|tally| tally.settled).map(Tally::outcome).collect();
        RoundSummary {
            unchanged: sources.iter().filter(|source| source.unchanged).count(),
            failed: sources.iter().filter(|source| source.outcome.is_failure()).count(),
            new: sources.iter().map(|source| source.new).sum(),
            // Pages that earlier rounds left may belong to sources that were not asked in this one.
            pages: tallies.iter().map(|tally| tally.pages).sum(),
            changed: tallies.iter().map(|tally| tally.changed).sum(),
            pages_failed: tallies.iter().map(|tally| tally.pages_failed).sum(),
            sources,
            not_due,
            sources_left: tallies.iter().filter(|tally| tally.asked && !tally.settled).map(|tally| tally.name.clone()).collect(),
            left,
            took,
        }
    }
}

/// What is known of one source while the round goes on.
#[derive(Debug)]
pub(super) struct Tally {
    id: SourceId,
    name: String,
    url: Url,
    pub asked: bool,
    /// Whether an answer, or none, came for its list.
    settled: bool,
    failure: Option<(Outcome, String)>,
    items: usize,
    pub new: usize,
    unchanged: bool,
    moved: Option<Url>,
    faults: Vec<Fault>,
    skipped: usize,
    pub pages: usize,
    /// Articles that were asked for again and had changed.
    pub changed: usize,
    pages_failed: usize,
    /// Of these, pages that were not even asked for: a forbidden address, robots.txt.
    refused: usize,
    left: usize,
    page_reasons: Vec<String>,
    /// Sitemaps that its index names and that have not come yet.
    pub parts_left: usize,
    /// Of them, how many came.
    parts_had: usize,
    pub sitemaps: Sitemaps,
}

impl Tally {
    pub fn new(source: &Source) -> Tally {
        Tally {
            id: source.id.clone(),
            name: source.name.clone(),
            url: source.url.clone(),
            asked: false,
            settled: false,
            failure: None,
            items: 0,
            new: 0,
            unchanged: false,
            moved: None,
            faults: Vec::new(),
            skipped: 0,
            pages: 0,
            changed: 0,
            pages_failed: 0,
            refused: 0,
            left: 0,
            page_reasons: Vec::new(),
            parts_left: 0,
            parts_had: 0,
            sitemaps: Sitemaps::default(),
        }
    }

    pub fn listed(&mut self, read: &FeedRead, new: usize, state: &SourceState) {
        self.settled = true;
        self.items = read.items.len();
        self.new = new;
        self.skipped = read.skipped;
        self.faults = read.faults.clone();
        self.moved = state.moved_to.clone();
    }

    pub fn part_listed(&mut self, read: FeedRead, new: usize) {
        self.items += read.items.len();
        self.new += new;
        self.skipped += read.skipped;
        self.faults.extend(read.faults);
        self.parts_had += 1;
        self.parts_left = self.parts_left.saturating_sub(1);
    }

    pub fn part_failed(&mut self, url: &Url, why: &str) {
        self.faults.push(Fault { place: visit::short(url), what: safe::line(why, 160) });
        self.sitemaps.failed += 1;
        self.parts_left = self.parts_left.saturating_sub(1);
    }

    /// Returns what is wrong with an index of which no sitemap could be had.
    pub fn without_parts(&self) -> Option<FetchError> {
        let last = self.faults.last()?;
        let none = self.parts_left == 0 && self.parts_had == 0;
        none.then(|| FetchError::Broken(format!("none of its sitemaps could be had; {}: {}", last.place, last.what)))
    }

    pub fn unchanged(&mut self, state: &SourceState) {
        self.settled = true;
        self.unchanged = true;
        self.items = state.items_last as usize;
        self.moved = state.moved_to.clone();
    }

    pub fn failed(&mut self, error: &FetchError) {
        self.settled = true;
        let outcome = if error.is_refusal() { Outcome::Blocked } else { Outcome::SourceFailed };
        let after = if matches!(error, FetchError::Gone) { ": it is not asked again before its url is another one" } else { "" };
        self.failure = Some((outcome, safe::line(&format!("{error}{after}"), 300)));
    }

    pub fn page_failed(&mut self, url: &Url, reason: &str, refused: bool) {
        self.pages_failed += 1;
        self.refused += usize::from(refused);
        if self.page_reasons.len() < NAMED {
            self.page_reasons.push(format!("{}: {}", visit::short(url), safe::line(reason, 160)));
        }
    }

    pub fn page_left(&mut self) {
        self.left += 1;
    }

    pub fn outcome(&self) -> SourceOutcome {
        let (outcome, reason) = match &self.failure {
            Some((outcome, reason)) => (*outcome, Some(reason.clone())),
            // A page that cannot be had now and then is no news; one that must not be asked for is, and so are more than came.
            None if self.skipped + self.refused > 0 || self.pages_failed > self.pages => (Outcome::ItemSkipped, self.reason()),
            None => (Outcome::Ok, self.reason()),
        };
        SourceOutcome {
            id: self.id.clone(),
            name: self.name.clone(),
            url: self.url.clone(),
            outcome,
            reason,
            items: self.items,
            new: self.new,
            unchanged: self.unchanged,
            pages: self.pages,
            pages_failed: self.pages_failed,
            faults: self.faults.clone(),
            sitemaps: Sitemaps { left: self.parts_left, ..self.sitemaps },
        }
    }

    /// Says everything that a person should know, in one line.
    fn reason(&self) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(moved) = &self.moved {
            parts.push(format!("it has moved to {}: change its url", visit::short(moved)));
        }
        let faults: Vec<String> = self.faults.iter().take(NAMED).map(|fault| format!("{} {}", fault.place, fault.what)).collect();
        parts.extend(faults);
        if self.faults.len() > NAMED {
            parts.push(format!("and {} more faults", self.faults.len() - NAMED));
        }
        parts.extend(self.page_reasons.iter().cloned());
        if self.pages_failed > self.page_reasons.len() {
            parts.push(format!("and {} more articles", self.pages_failed - self.page_reasons.len()));
        }
        if self.left > 0 {
            parts.push(format!("{} articles wait for the next run", self.left));
        }
        (!parts.is_empty()).then(|| safe::line(&parts.join("; "), 1000))
    }
}

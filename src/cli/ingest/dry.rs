//! `ingest --dry-run`: what a run would find new. The sources are asked; nothing is kept.

use serde::Serialize;

use super::print::{named, not_taken};
use super::summary::Named;
use super::{Form, Job, crawl};
use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::folder::Folder;
use crate::cli::json;
use crate::cli::stop::Stop;
use crate::cli::tell::{counted, grouped};
use crate::crawl::{Bounds, RoundSummary};
use crate::model::source::{Source, SourceId};
use crate::store::StoreError;
use crate::store::kept::{Access, Answers, Kept};

/// What a run would do, in the layout of `--dry-run --json`.
#[derive(Serialize)]
struct Plan {
    dry_run: bool,
    sources: Vec<Line>,
    tried: usize,
    failed: usize,
    not_due: usize,
    /// Articles that are not known yet.
    new: usize,
    /// Pages left over from earlier runs.
    waiting: usize,
}

#[derive(Serialize)]
struct Line {
    name: String,
    outcome: &'static str,
    reason: Option<String>,
    items: usize,
    new: usize,
    titles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sitemaps: Option<Named>,
}

/// The most titles that are named of each source.
const TITLES: usize = 5;

/// Asks the sources into an index that is gone afterwards, and compares.
pub(super) fn run(job: &Job<'_>, console: &mut Console) -> Result<Exit, Failure> {
    let folder = Folder::temporary()?;
    let stop = Stop::listen(folder.remover())?;
    let real = match Kept::open(job.dir, Access::Read) {
        Err(StoreError::Missing { .. }) => None,
        kept => Some(kept?),
    };
    let mut trial = Kept::open(&folder.path, Access::Write)?;
    if let Some(real) = &real {
        let state = |source: &Source| Ok((source.id.clone(), real.source_state(&source.id)?));
        let states = job.config.sources.iter().map(state).collect::<Result<_, StoreError>>()?;
        trial.save_answers(&Answers { states, ..Answers::default() })?;
    }
    let trial_job = Job { bounds: Bounds { lists_only: true, ..job.bounds }, ..*job };
    let round = crawl(&trial_job, &mut trial, &stop, console)?;
    let plan = plan(job, &round, &trial, real.as_ref())?;
    match job.form {
        Form::Json => console.out.write_all(&json::line(&plan))?,
        Form::Text => print(&plan, console)?,
        Form::Quiet => plan.sources.iter().filter(|line| line.outcome != "ok").for_each(|line| {
            console.note(format!("{} {}: {}", line.outcome, line.name, line.reason.as_deref().unwrap_or("no reason is known")));
        }),
    }
    Ok(if plan.failed > 0 { Exit::SomeFailed } else { Exit::Well })
}

fn plan(job: &Job<'_>, round: &RoundSummary, trial: &Kept, real: Option<&Kept>) -> Result<Plan, StoreError> {
    let mut sources = Vec::new();
    for source in &round.sources {
        let titles = new_titles(&source.id, trial, real)?;
        sources.push(Line {
            name: source.name.clone(),
            outcome: source.outcome.word(),
            reason: source.reason.clone(),
            items: source.items,
            new: titles.len(),
            titles: titles.into_iter().take(TITLES).collect(),
            sitemaps: job.bounds.days.map(|days| Named { days, counts: source.sitemaps }),
        });
    }
    Ok(Plan {
        dry_run: true,
        tried: sources.len(),
        failed: round.failed,
        not_due: round.not_due.len(),
        new: sources.iter().map(|line| line.new).sum(),
        waiting: real.map_or(Ok(0), |real| waiting(job, real))?,
        sources,
    })
}

/// How many pages earlier runs have left. Of the past it is those of the site alone, of whatever days.
fn waiting(job: &Job<'_>, real: &Kept) -> Result<usize, StoreError> {
    let site = job.bounds.days.and(job.config.sources.first()).map(|source| &source.id);
    Ok(real.waiting(site)?.len())
}

/// The titles of what a source named and the index does not know.
fn new_titles(source: &SourceId, trial: &Kept, real: Option<&Kept>) -> Result<Vec<String>, StoreError> {
    let mut titles = Vec::new();
    for waiting in trial.waiting(Some(source))? {
        if !real.map_or(Ok(false), |real| real.knows(&waiting.item.url))? {
            let title = if waiting.item.title.is_empty() { waiting.item.url.to_string() } else { waiting.item.title };
            titles.push(title);
        }
    }
    Ok(titles)
}

fn print(plan: &Plan, console: &mut Console) -> Result<(), Failure> {
    for line in plan.sources.iter().filter(|line| line.new > 0 || line.outcome != "ok" || line.sitemaps.is_some()) {
        let reason = line.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let what = if line.outcome == "source-failed" || line.outcome == "blocked" {
            line.outcome.to_owned()
        } else {
            format!("{} new of {}", grouped(line.new as u64), grouped(line.items as u64))
        };
        console.say(format!("{}: {what}{}", console.paint(Style::Bold, &line.name), console.plain(&reason)))?;
        if let Some(sitemaps) = &line.sitemaps {
            console.say(format!("  sitemaps: {}", named(sitemaps)))?;
            if let Some(left) = not_taken(sitemaps) {
                console.say(format!("  {}", console.paint(Style::Dim, &left)))?;
            }
        }
        for title in &line.titles {
            console.say(format!("  {}", console.plain(&crate::base::safe::line(title, 160))))?;
        }
        if line.new > line.titles.len() {
            console.say(console.paint(Style::Dim, &format!("  and {} more", grouped((line.new - line.titles.len()) as u64))))?;
        }
    }
    let left = if plan.waiting > 0 { format!(", and {} from earlier runs", grouped(plan.waiting as u64)) } else { String::new() };
    console.say(format!("{} would be fetched{left}; nothing was kept", counted(plan.new as u64, "article", "articles")))
}

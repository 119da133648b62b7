//! `breachline ingest`: one round over the sources, and everything derived from what came.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;

use super::backfill;
use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;
use super::progress::Progress;
use super::stop::{Stop, stopped};
use super::tell::{self, counted, grouped};
use crate::crawl::{self, Bounds, RoundSummary};
use crate::derive::{self, Derived};
use crate::fetch::http::Http;
use crate::model::config::{self, Config};
use crate::rules::Rules;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// Fetch what is new and find the incidents in it
///
/// Reads the feeds and list pages of sources.toml, keeps each new article once, extracts its incidents, merges reports of one event
/// and brings the search up to date. May be stopped or killed at any moment: the next run goes on where this one was.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the summary as one JSON object
    #[arg(long)]
    json: bool,
    /// Begin no more requests after this long, such as 30m; what came is read, what is left waits for the next run
    #[arg(long, value_name = "TIME", value_parser = time)]
    deadline: Option<Duration>,
    /// Ask every source, also those that are not due yet by `every`, by what their server said, or because they seldom have anything new
    #[arg(long)]
    all: bool,
    /// Read pages that other crawls saved instead: WARC files, packed or not. What was read of a file before is not read again
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["deadline", "all"])]
    warc: Vec<PathBuf>,
}

/// What a run did, in the layout of `--json`.
#[derive(Serialize)]
struct Summary {
    sources: Vec<Line>,
    tried: usize,
    unchanged: usize,
    failed: usize,
    not_due: Vec<NotDue>,
    left: Vec<String>,
    pages: Pages,
    articles: Articles,
    incidents: Incidents,
    seconds: f64,
}

#[derive(Serialize)]
struct Line {
    name: String,
    url: String,
    outcome: &'static str,
    reason: Option<String>,
    items: usize,
    new: usize,
}

#[derive(Serialize)]
struct NotDue {
    name: String,
    reason: String,
}

#[derive(Serialize)]
struct Pages {
    fetched: usize,
    failed: usize,
    left: usize,
}

#[derive(Serialize)]
struct Articles {
    new: usize,
    changed: usize,
    none: usize,
}

#[derive(Serialize)]
struct Incidents {
    new: usize,
    changed: usize,
    removed: usize,
}

fn time(text: &str) -> Result<Duration, String> {
    config::duration(text).ok_or_else(|| "a length of time has a unit: 90s, 30m, 2h".to_owned())
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    if !args.warc.is_empty() {
        return backfill::run(&args.warc, places, args.json, console);
    }
    let config = places.config()?;
    if config.sources.iter().all(|source| !source.enabled) {
        let file = places.config_file()?;
        return Err(Failure::usage(format!("{} names no source to read", file.display()))
            .hint("add a block [[source]] with name = \"...\" and url = \"...\""));
    }
    let bounds = Bounds { deadline: args.deadline, early: args.all, ..Bounds::default() };
    ingest(&config, bounds, &places.index()?, args.json, || {}, console)
}

/// Runs the whole way over a configuration into an index and prints the summary. `tidy` is run before the process is ended early.
pub(super) fn ingest(
    config: &Config,
    bounds: Bounds,
    dir: &Path,
    json: bool,
    tidy: impl FnOnce() + Send + 'static,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let began = Instant::now();
    let stop = Stop::listen(tidy)?;
    let mut kept = Kept::open(dir, Access::Write)?;
    kept.check()?;
    let run = kept.begin_run((console.now)())?;
    let crawled = crawl(config, bounds, &mut kept, &stop, console)?;
    stop.at_once();
    let derived = derive(dir, &mut kept, console)?;
    if let Some(time) = config.settings.keep_pages {
        prune(&mut kept, time, console)?;
    }
    let summary = summary(&crawled, &derived, began.elapsed());
    kept.end_run(run, (console.now)(), &json!(summary))?;
    if json {
        console.out.write_all(&json::line(&summary))?;
    } else {
        print(&summary, &derived, console)?;
    }
    Ok(if summary.failed > 0 { Exit::SomeFailed } else { Exit::Well })
}

fn crawl(config: &Config, bounds: Bounds, kept: &mut Kept, stop: &Stop, console: &mut Console) -> Result<RoundSummary, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("no threads can be started").because(&error))?;
    let clock = console.now;
    let mut progress = Progress::new(console);
    let round = runtime.block_on(async {
        let fetch = Http::new(&config.settings).map_err(|why| Failure::usage(format!("[settings] {why}")))?;
        let mut tell = |event: crawl::Event<'_>| progress.crawled(&event);
        tokio::select! {
            round = crawl::round(config, bounds, kept, Arc::new(fetch), &clock, &mut tell) => Ok(round?),
            () = stop.wait() => Err(stopped()),
        }
    });
    progress.end();
    runtime.shutdown_timeout(Duration::from_millis(500));
    round
}

/// Reads what is kept and not read yet, and brings the search up to date.
pub(super) fn derive(dir: &Path, kept: &mut Kept, console: &mut Console) -> Result<Derived, Failure> {
    let mut index = Index::open(dir, kept)?;
    let mut progress = Progress::new(console);
    let derived = derive::catch_up(kept, &mut index, Rules::builtin(), &mut |step| progress.derived(&step));
    progress.end();
    Ok(derived?)
}

fn prune(kept: &mut Kept, time: Duration, console: &Console) -> Result<(), Failure> {
    let before =
        (console.now)().checked_sub(time).map_err(|error| Failure::new("keep_pages reaches too far back").because(&error))?;
    kept.prune_pages(before)?;
    Ok(())
}

fn summary(crawled: &RoundSummary, derived: &Derived, took: Duration) -> Summary {
    let line = |source: &crawl::SourceOutcome| Line {
        name: source.name.clone(),
        url: source.url.to_string(),
        outcome: source.outcome.word(),
        reason: source.reason.clone(),
        items: source.items,
        new: source.new,
    };
    let not_due = |source: &crawl::NotDue| NotDue { name: source.name.clone(), reason: source.reason.clone() };
    Summary {
        sources: crawled.sources.iter().map(line).collect(),
        tried: crawled.sources.len(),
        unchanged: crawled.unchanged,
        failed: crawled.failed,
        not_due: crawled.not_due.iter().map(not_due).collect(),
        left: crawled.sources_left.clone(),
        pages: Pages { fetched: crawled.pages, failed: crawled.pages_failed, left: crawled.left },
        articles: Articles { new: derived.read.new, changed: derived.read.again, none: derived.read.not_articles },
        incidents: Incidents {
            new: derived.incidents.new,
            changed: derived.incidents.changed,
            removed: derived.incidents.removed,
        },
        seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
    }
}

fn print(summary: &Summary, derived: &Derived, console: &mut Console) -> Result<(), Failure> {
    let head = |console: &Console, name: &str| console.paint(Style::Cyan, &format!("{name:<11}"));
    let count = |number: usize| grouped(number as u64);
    let Summary { sources, tried, unchanged, failed, not_due, left, pages, articles, incidents, seconds } = summary;
    let waiting = if not_due.is_empty() { String::new() } else { format!(", {} not due", count(not_due.len())) };
    let later = if left.is_empty() { String::new() } else { format!(", {} left for the next run", count(left.len())) };
    console.say(format!(
        "{}{} tried, {} unchanged, {} failed{waiting}{later}",
        head(console, "sources"),
        count(*tried),
        count(*unchanged),
        count(*failed)
    ))?;
    for name in left {
        console.say(format!("  {} {}", console.paint(Style::Dim, "left"), console.plain(name)))?;
    }
    for source in sources.iter().filter(|source| source.outcome != "ok" || source.reason.is_some()) {
        let (word, style) = match source.outcome {
            "ok" => ("note", Style::Dim),
            "item-skipped" => (source.outcome, Style::Yellow),
            _ => (source.outcome, Style::Red),
        };
        let reason = source.reason.as_deref().unwrap_or("no reason is known");
        console.say(format!("  {} {}: {}", console.paint(style, word), console.plain(&source.name), console.plain(reason)))?;
    }
    let missed = if pages.failed > 0 { format!(", {} not had", count(pages.failed)) } else { String::new() };
    let left = if pages.left > 0 { format!(", {} left for the next run", count(pages.left)) } else { String::new() };
    console.say(format!("{}{} fetched{missed}{left}", head(console, "pages"), count(pages.fetched)))?;
    let none =
        if articles.none > 0 { format!(", {} were none", counted(articles.none as u64, "page", "pages")) } else { String::new() };
    let again = if articles.changed > 0 { format!(", {} read again", count(articles.changed)) } else { String::new() };
    console.say(format!("{}{} new{again}{none}", head(console, "articles"), count(articles.new)))?;
    for (article, fault) in &derived.read.faults {
        console.say(format!("  {} article {}: {}", console.paint(Style::Yellow, "not read"), article.0, console.plain(fault)))?;
    }
    console.say(format!("{}{} new, {} changed", head(console, "incidents"), count(incidents.new), count(incidents.changed)))?;
    console.say(format!("{}{}", head(console, "time"), tell::seconds(*seconds)))
}

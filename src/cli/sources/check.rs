//! `breachline sources check`: which sources work, without keeping anything.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::folder::Folder;
use crate::cli::json;
use crate::cli::places::Places;
use crate::cli::stop::{Stop, stopped};
use crate::cli::table::{self, Cell, Column};
use crate::cli::tell::{counted, grouped};
use crate::crawl::{self, Bounds, Outcome, RoundSummary, SourceOutcome};
use crate::fetch::http::Http;
use crate::model::config::Config;
use crate::store::kept::{Access, Kept};

/// Ask every source for its list and tell which work
///
/// All of them side by side, each host as gently as in a run of ingest, its robots.txt obeyed. Articles are not fetched and nothing
/// is kept. The exit code is 3 if some do not work.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// Only sources with this tag
    #[arg(long)]
    tag: Option<String>,
}

/// One source for programs.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    url: &'a str,
    outcome: &'static str,
    reason: Option<&'a str>,
    items: usize,
}

const COLUMNS: &[Column] = &[
    Column { head: "SOURCE", right: false, gives: 1 },
    Column { head: "OUTCOME", right: false, gives: 0 },
    Column { head: "ITEMS", right: true, gives: 0 },
    Column { head: "ADDRESS OR REASON", right: false, gives: 4 },
];

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let Config { settings, mut sources, .. } = places.config()?;
    sources.retain(|source| source.enabled && args.tag.as_ref().is_none_or(|tag| source.tags.contains(&tag.to_lowercase())));
    if sources.is_empty() {
        console.note("no such source is read");
        return Ok(Exit::Nothing);
    }
    if console.err_is_terminal {
        console.note(format!("asking {}", counted(sources.len() as u64, "source", "sources")));
    }
    let summary = ask(&Config { settings, sources, ..Config::default() }, console)?;
    if args.json {
        for source in &summary.sources {
            console.out.write_all(&json::line(&line(source)))?;
        }
    } else {
        let rows: Vec<_> = summary.sources.iter().map(row).collect();
        table::print(COLUMNS, &rows, console)?;
    }
    console.note(format!("{} of {} work", summary.sources.len() - summary.failed, summary.sources.len()));
    Ok(if summary.failed > 0 { Exit::SomeFailed } else { Exit::Well })
}

/// Does a round over the lists alone into an index that is gone afterwards.
pub(in crate::cli) fn ask(config: &Config, console: &Console) -> Result<RoundSummary, Failure> {
    let folder = Folder::temporary()?;
    let stop = Stop::listen(folder.remover())?;
    let mut kept = Kept::open(&folder.path, Access::Write)?;
    let fetch = Http::new(&config.settings).map_err(|why| Failure::usage(format!("[settings] {why}")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("no threads can be started").because(&error))?;
    let bounds = Bounds { lists_only: true, ..Bounds::default() };
    let clock = console.now;
    let mut quiet = |_: crawl::Event<'_>| {};
    let round = runtime.block_on(async {
        tokio::select! {
            round = crawl::round(config, bounds, &mut kept, Arc::new(fetch), &clock, &mut quiet) => Ok(round?),
            () = stop.wait() => Err(stopped()),
        }
    });
    runtime.shutdown_timeout(Duration::from_millis(500));
    round
}

fn line(source: &SourceOutcome) -> Line<'_> {
    Line {
        name: &source.name,
        url: source.url.as_str(),
        outcome: source.outcome.word(),
        reason: source.reason.as_deref(),
        items: source.items,
    }
}

fn row(source: &SourceOutcome) -> Vec<Cell> {
    let style = match source.outcome {
        Outcome::Ok => Style::Dim,
        Outcome::ItemSkipped => Style::Yellow,
        Outcome::SourceFailed | Outcome::Blocked => Style::Red,
    };
    vec![
        Cell::new(&source.name).styled(Style::Bold),
        Cell::new(source.outcome.word()).styled(style),
        Cell::new(grouped(source.items as u64)),
        Cell::new(source.reason.as_deref().unwrap_or(source.url.as_str())),
    ]
}

//! `breachline runs`: the runs of the nightly job, and what one of them did.

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::ingest::{self, Summary};
use super::json;
use super::places::Places;
use super::table::{self, Cell, Column};
use super::tell::{self, grouped};
use crate::store::kept::{Access, Kept, Run, RunId};

/// List the runs of the nightly job, or show what one of them did
///
/// The newest first. A run that has not ended goes on at this moment, or was cut off; the one after it went on where it was.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// The most to list
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the summary of a run, with what each source gave
    Show {
        /// Its number, as `breachline runs` lists it; the last one where none is said
        run: Option<i64>,
        /// Print it as one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// One run for programs.
#[derive(Serialize)]
struct Line {
    run: i64,
    began_at: Timestamp,
    ended_at: Option<Timestamp>,
    state: &'static str,
    failure: Option<String>,
    summary: Option<Value>,
}

const COLUMNS: &[Column] = &[
    Column { head: "RUN", right: true, gives: 0 },
    Column { head: "BEGAN", right: false, gives: 0 },
    Column { head: "TOOK", right: true, gives: 0 },
    Column { head: "STATE", right: false, gives: 0 },
    Column { head: "SOURCES", right: true, gives: 0 },
    Column { head: "FAILED", right: true, gives: 0 },
    Column { head: "PAGES", right: true, gives: 0 },
    Column { head: "NEW", right: true, gives: 0 },
    Column { head: "CHANGED", right: true, gives: 0 },
    Column { head: "WHY", right: false, gives: 1 },
];

const SOURCE_COLUMNS: &[Column] = &[
    Column { head: "SOURCE", right: false, gives: 1 },
    Column { head: "GAVE", right: false, gives: 0 },
    Column { head: "ITEMS", right: true, gives: 0 },
    Column { head: "NEW", right: true, gives: 0 },
    Column { head: "PAGES", right: true, gives: 0 },
    Column { head: "ADDRESS OR REASON", right: false, gives: 4 },
];

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let dir = places.index()?;
    let kept = Kept::open_to_read(&dir)?;
    match args.command {
        Some(Command::Show { run, json }) => show(&kept, run, json, console),
        None => list(&kept, args, console),
    }
}

fn list(kept: &Kept, args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let runs = kept.last_runs(args.limit)?;
    if runs.is_empty() {
        console.note("there was no run yet");
        return Ok(Exit::Nothing);
    }
    // Whoever writes holds the lock, and no later run can begin.
    let going_on = runs.first().filter(|run| run.ended_at.is_none() && is_written(kept)).map(|run| run.id);
    if args.json {
        for run in runs {
            console.out.write_all(&json::line(&line(run, going_on)))?;
        }
        return Ok(Exit::Well);
    }
    let rows: Vec<_> = runs.iter().map(|run| row(run, going_on)).collect();
    table::print(COLUMNS, &rows, console)?;
    Ok(Exit::Well)
}

fn is_written(kept: &Kept) -> bool {
    let dir = kept.path().parent().map(std::path::Path::to_owned);
    dir.is_some_and(|dir| matches!(Kept::open(&dir, Access::Write), Err(crate::store::StoreError::LockHeld { .. })))
}

/// One word for how a run went.
fn state(run: &Run, going_on: Option<RunId>) -> &'static str {
    match run {
        Run { failure: Some(_), .. } => "failed",
        Run { ended_at: Some(_), .. } => "ended",
        run if going_on == Some(run.id) => "goes on",
        _ => "cut off",
    }
}

fn line(run: Run, going_on: Option<RunId>) -> Line {
    let state = state(&run, going_on);
    Line { run: run.id.0, began_at: run.began_at, ended_at: run.ended_at, state, failure: run.failure, summary: run.summary }
}

fn row(run: &Run, going_on: Option<RunId>) -> Vec<Cell> {
    let state = state(run, going_on);
    let style = match state {
        "ended" => Style::Dim,
        "goes on" => Style::Cyan,
        _ => Style::Red,
    };
    let took = run.ended_at.map(|ended| ended.duration_since(run.began_at).as_secs_f64().max(0.0));
    let summary = summary(run);
    let number = |number: usize| summary.as_ref().map(|_| grouped(number as u64)).unwrap_or_default();
    let of = |pick: fn(&Summary) -> usize| summary.as_ref().map_or_else(String::new, |summary| number(pick(summary)));
    vec![
        Cell::new(run.id.0.to_string()),
        Cell::new(run.began_at.strftime("%Y-%m-%d %H:%M").to_string()),
        Cell::new(took.map(tell::seconds).unwrap_or_default()),
        Cell::new(state).styled(style),
        Cell::new(of(|summary| summary.tried)),
        Cell::new(of(|summary| summary.failed)),
        Cell::new(of(|summary| summary.pages.fetched)),
        Cell::new(of(|summary| summary.incidents.new)),
        Cell::new(of(|summary| summary.incidents.changed)),
        Cell::new(run.failure.as_deref().unwrap_or("")),
    ]
}

fn summary(run: &Run) -> Option<Summary> {
    serde_json::from_value(run.summary.clone()?).ok()
}

fn show(kept: &Kept, number: Option<i64>, json: bool, console: &mut Console) -> Result<Exit, Failure> {
    let run = match number {
        Some(number) => kept.run(RunId(number))?,
        None => kept.last_runs(1)?.pop(),
    };
    let Some(run) = run else {
        let what = number.map_or_else(|| "there was no run yet".to_owned(), |number| format!("there is no run {number}"));
        return Err(Failure::nothing(what).hint("`breachline runs` lists them"));
    };
    let going_on = (run.ended_at.is_none() && is_written(kept)).then_some(run.id);
    if json {
        console.out.write_all(&json::line(&line(run, going_on)))?;
        return Ok(Exit::Well);
    }
    let ended = run.ended_at.map(|at| format!(", ended {}", at.strftime("%H:%M:%S"))).unwrap_or_default();
    let began = run.began_at.strftime("%Y-%m-%d %H:%M:%S UTC");
    console
        .say(format!("{}began {began}{ended}", console.paint(Style::Cyan, &format!("{:<11}", format!("run {}", run.id.0)))))?;
    match (&run.failure, summary(&run)) {
        (_, Some(summary)) => {
            ingest::print(&summary, true, console)?;
            if summary.sources.is_empty() {
                return Ok(Exit::Well);
            }
            console.say("")?;
            let rows: Vec<_> = summary.sources.iter().map(source_row).collect();
            table::print(SOURCE_COLUMNS, &rows, console)?;
        }
        (Some(why), None) => console.say(format!("{}{}", console.paint(Style::Red, "failed     "), console.plain(why)))?,
        (None, None) => console.say(state(&run, going_on))?,
    }
    Ok(Exit::Well)
}

fn source_row(line: &ingest::Line) -> Vec<Cell> {
    let style = match line.gave.as_str() {
        "broken" | "gone" | "blocked" => Style::Red,
        "empty" => Style::Yellow,
        _ => Style::Dim,
    };
    vec![
        Cell::new(&line.name).styled(Style::Bold),
        Cell::new(&line.gave).styled(style),
        Cell::new(grouped(line.items as u64)),
        Cell::new(grouped(line.new as u64)),
        Cell::new(grouped(line.pages as u64)),
        Cell::new(line.reason.as_deref().unwrap_or(&line.url)),
    ]
}

//! `breachline sources` alone: what is read, and how each source fares.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::json;
use crate::cli::places::Places;
use crate::cli::table::{self, Cell, Column};
use crate::cli::tell::grouped;
use crate::model::source::{Source, SourceKind};
use crate::store::StoreError;
use crate::store::kept::{Access, Kept, SourceState};
use crate::tui::words;

/// How to list the sources.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// Only sources with this tag
    #[arg(long)]
    tag: Option<String>,
    /// Only sources whose last visit did not go well
    #[arg(long)]
    failing: bool,
}

/// One source for programs.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    url: &'a str,
    kind: SourceKind,
    tags: &'a [String],
    health: &'a str,
    reason: Option<&'a str>,
    items: u32,
    failures: u32,
    checked_at: Option<Timestamp>,
    changed_at: Option<Timestamp>,
    ok_at: Option<Timestamp>,
    not_before: Option<Timestamp>,
    moved_to: Option<&'a str>,
}

const COLUMNS: &[Column] = &[
    Column { head: "SOURCE", right: false, gives: 1 },
    Column { head: "HEALTH", right: false, gives: 0 },
    Column { head: "CHECKED", right: false, gives: 0 },
    Column { head: "ITEMS", right: true, gives: 0 },
    Column { head: "TAGS", right: false, gives: 3 },
    Column { head: "ADDRESS OR REASON", right: false, gives: 4 },
];

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config()?;
    let kept = match Kept::open(&places.index()?, Access::Read) {
        Ok(kept) => Some(kept),
        Err(StoreError::Missing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let mut rows = Vec::new();
    let mut listed = 0;
    for source in config.sources.iter().filter(|source| is_chosen(source, args)) {
        let state = kept.as_ref().map_or_else(|| Ok(SourceState::default()), |kept| kept.source_state(&source.id))?;
        let health = health(source, &state);
        if args.failing && matches!(health, "ok" | "new" | "off") {
            continue;
        }
        listed += 1;
        if args.json {
            console.out.write_all(&json::line(&line(source, &state, health)))?;
        } else {
            rows.push(row(source, &state, health, (console.now)()));
        }
    }
    table::print(COLUMNS, &rows, console)?;
    if listed == 0 {
        console.note("no such source is listed");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Well)
}

fn is_chosen(source: &Source, args: &Args) -> bool {
    args.tag.as_ref().is_none_or(|tag| source.tags.contains(&tag.to_lowercase()))
}

/// One word for how a source fares.
fn health<'s>(source: &Source, state: &'s SourceState) -> &'s str {
    match &state.last_outcome {
        _ if !source.enabled => "off",
        _ if state.gone => "gone",
        Some(outcome) => outcome,
        None => "new",
    }
}

fn line<'s>(source: &'s Source, state: &'s SourceState, health: &'s str) -> Line<'s> {
    Line {
        name: &source.name,
        url: source.url.as_str(),
        kind: source.kind,
        tags: &source.tags,
        health,
        reason: state.last_reason.as_deref(),
        items: state.items_last,
        failures: state.failures,
        checked_at: state.checked_at,
        changed_at: state.changed_at,
        ok_at: state.ok_at,
        not_before: state.not_before,
        moved_to: state.moved_to.as_ref().map(|url| url.as_str()),
    }
}

fn row(source: &Source, state: &SourceState, health: &str, now: Timestamp) -> Vec<Cell> {
    let style = match health {
        "ok" | "new" => Style::Dim,
        "item-skipped" | "off" => Style::Yellow,
        _ => Style::Red,
    };
    let checked = state.checked_at.map(|at| words::ago(at, now)).unwrap_or_default();
    let items = if state.checked_at.is_some() { grouped(u64::from(state.items_last)) } else { String::new() };
    vec![
        Cell::new(&source.name).styled(Style::Bold),
        Cell::new(health).styled(style),
        Cell::new(checked),
        Cell::new(items),
        Cell::new(source.tags.join(" ")),
        Cell::new(state.last_reason.as_deref().unwrap_or(source.url.as_str())),
    ]
}

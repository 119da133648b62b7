//! `breachline sources`: what is read, and how each source fares.

use serde::Serialize;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;
use super::table::{self, Cell, Column};
use crate::model::source::{Source, SourceKind};

/// List the sources and how each fares
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
    kind: SourceKind,
    tags: &'a [String],
    enabled: bool,
}

const COLUMNS: &[Column] = &[
    Column { head: "SOURCE", right: false, gives: 2 },
    Column { head: "KIND", right: false, gives: 0 },
    Column { head: "TAGS", right: false, gives: 3 },
    Column { head: "ADDRESS", right: false, gives: 1 },
];

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config()?;
    let chosen = |source: &&Source| args.tag.as_ref().is_none_or(|tag| source.tags.contains(&tag.to_lowercase()));
    let sources: Vec<&Source> = config.sources.iter().filter(chosen).collect();
    if args.json {
        for source in &sources {
            let Source { name, url, kind, tags, enabled, .. } = source;
            console.out.write_all(&json::line(&Line { name, url: url.as_str(), kind: *kind, tags, enabled: *enabled }))?;
        }
    } else {
        let rows: Vec<Vec<Cell>> = sources.iter().map(|source| row(source)).collect();
        table::print(COLUMNS, &rows, console)?;
    }
    if sources.is_empty() {
        console.note("no source is listed there");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Well)
}

fn row(source: &Source) -> Vec<Cell> {
    let kind = match source.kind {
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
    };
    let kind = if source.enabled { Cell::new(kind) } else { Cell::new("off").styled(Style::Yellow) };
    vec![Cell::new(&source.name).styled(Style::Bold), kind, Cell::new(source.tags.join(" ")), Cell::new(source.url.as_str())]
}

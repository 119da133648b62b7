//! `breachline browse`: the terminal timeline.

use std::path::Path;
use std::sync::Arc;

use super::console::Console;
use super::edit::Author;
use super::failure::{Exit, Failure};
use super::library::Shelf;
use super::places::Places;
use crate::model::config::SavedQuery;
use crate::store::query::Query;
use crate::store::{Reader, StoreError};
use crate::tui::{self, TuiError, TuiOptions};

/// Browse the timeline in the terminal
///
/// This is also what breachline does without a command. `?` shows the keys.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  breachline browse kind:ransomware after:2024      only what a search finds")]
pub(super) struct Args {
    /// Show only what this search finds, as `breachline search` understands it
    #[arg(add = super::complete::query())]
    query: Vec<String>,
    #[command(flatten)]
    author: Author,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    if !console.out_is_terminal || !console.in_is_terminal {
        return Err(no_terminal());
    }
    let query = args.query.join(" ");
    let saved = places.config_if_any()?.queries;
    Query::parse_with(&query, console.today(), &saved).map_err(|error| super::search::wrong_query(&query, &error))?;
    browse(&places.index()?, &query, saved, &args.author, console)
}

/// Shows the timeline of an index until it is left.
pub(super) fn browse(
    dir: &Path,
    query: &str,
    saved: Vec<SavedQuery>,
    author: &Author,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let reader = Reader::open(dir).map_err(|error| match error {
        StoreError::Missing { .. } => Failure::new(format!("there is nothing to browse yet in {}", dir.display()))
            .hint("run `breachline ingest` first, or `breachline demo` to try it without a network"),
        error => Failure::from(error),
    })?;
    console.out.flush()?;
    let now = console.now;
    let options = TuiOptions {
        query: query.to_owned(),
        clock: Arc::new(now),
        opener: tui::browser(),
        colour: console.colour,
        ascii: !console.utf8,
        saved: saved.clone(),
    };
    match tui::browse(Shelf::new(reader, now, author.clone(), saved), options) {
        Ok(lost) => {
            lost.iter().for_each(|edit| console.note(format!("not kept, since it was left before that could be done: {edit}")));
            Ok(if lost.is_empty() { Exit::Well } else { Exit::Failed })
        }
        Err(TuiError::NoTerminal) => Err(no_terminal()),
        Err(error) => Err(Failure::new("the timeline ended early").because(&error)),
    }
}

fn no_terminal() -> Failure {
    Failure::usage("the timeline needs a terminal").hint("for scripts there is `breachline search`, with --json for programs")
}

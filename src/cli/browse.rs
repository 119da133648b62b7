//! `breachline browse`: the terminal timeline.

use std::path::Path;
use std::sync::Arc;

use super::console::Console;
use super::edit::Author;
use super::failure::{Exit, Failure};
use super::library::Writer;
use super::places::Places;
use super::{memory, plain};
use crate::library::local::Local;
use crate::model::config::SavedQuery;
use crate::store::query::Query;
use crate::store::{Reader, StoreError};
use crate::tui::keymap::Keymap;
use crate::tui::palette::Palette;
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
    /// Read the timeline out in lines, one question and one answer at a time, as screen readers like it; works without a terminal too
    #[arg(long)]
    plain: bool,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    if !args.plain && (!console.out_is_terminal || !console.in_is_terminal) {
        return Err(no_terminal());
    }
    let query = args.query.join(" ");
    let saved = places.config_if_any()?.queries;
    Query::parse_with(&query, console.today(), &saved).map_err(|error| super::search::wrong_query(&query, &error))?;
    let dir = places.index()?;
    let writer = Writer { author: args.author.clone(), places: Some(places.clone()) };
    let local = Local::new(open(&dir)?, console.now, saved.clone()).with(writer);
    if args.plain {
        return plain::talk(&local, &query, &saved, std::io::stdin().lock(), console);
    }
    show(local, &dir, &query, saved, places.screen()?, console)
}

/// Shows the timeline of an index that nothing is configured for, until it is left.
pub(super) fn browse(dir: &Path, author: &Author, console: &mut Console) -> Result<Exit, Failure> {
    let writer = Writer { author: author.clone(), places: None };
    let local = Local::new(open(dir)?, console.now, Vec::new()).with(writer);
    show(local, dir, "", Vec::new(), Default::default(), console)
}

fn show(
    local: Local,
    dir: &Path,
    query: &str,
    saved: Vec<SavedQuery>,
    (keys, palette): (Keymap, Palette),
    console: &mut Console,
) -> Result<Exit, Failure> {
    console.out.flush()?;
    let options = TuiOptions {
        query: query.to_owned(),
        memory: memory::load(dir),
        keys,
        palette,
        clock: Arc::new(console.now),
        opener: tui::browser(),
        colour: console.colour,
        ascii: !console.utf8,
        saved,
    };
    match tui::browse(local, options) {
        Ok(left) => {
            memory::save(dir, &left.memory, console);
            let lost = left.lost;
            lost.iter().for_each(|edit| console.note(format!("not kept, since it was left before that could be done: {edit}")));
            Ok(if lost.is_empty() { Exit::Well } else { Exit::Failed })
        }
        Err(TuiError::NoTerminal) => Err(no_terminal()),
        Err(error) => Err(Failure::new("the timeline ended early").because(&error)),
    }
}

fn open(dir: &Path) -> Result<Reader, Failure> {
    Reader::open(dir).map_err(|error| match error {
        StoreError::Missing { .. } => Failure::new(format!("there is nothing to browse yet in {}", dir.display()))
            .hint("run `breachline ingest` first, or `breachline demo` to try it without a network"),
        error => Failure::from(error),
    })
}

fn no_terminal() -> Failure {
    Failure::usage("the timeline needs a terminal")
        .hint("--plain does without; for scripts there is `breachline search`, with --json for programs")
}

//! `breachline browse`: the terminal timeline.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::console::Console;
use super::edit::Author;
use super::failure::{Exit, Failure};
use super::library::Writer;
use super::places::Places;
use super::{memory, plain, remote};
use crate::library::Library;
use crate::library::local::Local;
use crate::library::remote::Remote;
use crate::model::config::SavedQuery;
use crate::store::query::Query;
use crate::store::{Reader, StoreError};
use crate::tui::keymap::Keymap;
use crate::tui::memory::Memory;
use crate::tui::palette::Palette;
use crate::tui::{self, TuiError, TuiOptions};

/// Browse the timeline in the terminal
///
/// This is also what breachline does without a command. `?` shows the keys.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  breachline browse kind:ransomware after:2024               only what a search finds
  breachline browse --remote http://desk:8787/               the index of a colleague who runs `breachline serve`
  breachline browse --remote desk:8787 --token-file token    the same, where a token is wanted")]
pub(super) struct Args {
    /// Show only what this search finds, as `breachline search` understands it
    #[arg(add = super::complete::query())]
    query: Vec<String>,
    /// Show the index that a colleague serves with `breachline serve`, to be read only
    #[arg(long, value_name = "URL", value_parser = remote::address)]
    remote: Option<Url>,
    /// A file that holds the token which the colleague's service wants to be shown
    #[arg(long, value_name = "FILE", env = "BREACHLINE_TOKEN_FILE", hide_env_values = true)]
    token_file: Option<PathBuf>,
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
    let config = places.config_if_any()?;
    if let Some(url) = &args.remote {
        let remote = remote::connect(url, args.token_file.as_deref(), &config.settings, console.now)?;
        return there(remote, url, args.plain, &query, places, console);
    }
    let saved = config.queries;
    readable(&query, &saved, console)?;
    let dir = places.index()?;
    let writer = Writer { author: args.author.clone(), places: Some(places.clone()) };
    let local = Local::new(open(&dir)?, console.now, saved.clone()).with(writer);
    if args.plain {
        return plain::talk(&local, &query, &saved, std::io::stdin().lock(), console);
    }
    let options = options(&query, saved, places.screen()?, console);
    show(local, Some(&memory::of_index(&dir)), options, console)
}

/// Shows the timeline of a colleague's index.
fn there(
    remote: Remote,
    url: &Url,
    is_plain: bool,
    query: &str,
    places: &Places,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let saved = remote.saved().map_err(|trouble| remote::told(&trouble))?;
    readable(query, &saved, console)?;
    let lacks = remote.lacks();
    if is_plain {
        lacks.into_iter().for_each(|lacks| console.note(lacks));
        return plain::talk(&remote, query, &saved, std::io::stdin().lock(), console);
    }
    let options = options(query, saved, places.screen()?, console);
    let options = TuiOptions { of: Some(remote.name()), notice: lacks, ..options };
    show(remote, memory::of_remote(url).as_deref(), options, console)
}

/// Shows the timeline of an index that nothing is configured for, until it is left.
pub(super) fn browse(dir: &Path, author: &Author, console: &mut Console) -> Result<Exit, Failure> {
    let writer = Writer { author: author.clone(), places: None };
    let local = Local::new(open(dir)?, console.now, Vec::new()).with(writer);
    let options = options("", Vec::new(), Default::default(), console);
    show(local, Some(&memory::of_index(dir)), options, console)
}

fn readable(query: &str, saved: &[SavedQuery], console: &Console) -> Result<(), Failure> {
    let read = Query::parse_with(query, console.today(), saved);
    read.map(drop).map_err(|error| super::search::wrong_query(query, &error))
}

fn options(query: &str, saved: Vec<SavedQuery>, (keys, palette): (Keymap, Palette), console: &Console) -> TuiOptions {
    TuiOptions {
        query: query.to_owned(),
        of: None,
        notice: None,
        memory: Memory::default(),
        keys,
        palette,
        clock: Arc::new(console.now),
        opener: tui::browser(),
        colour: console.colour,
        ascii: !console.utf8,
        saved,
    }
}

/// Shows a timeline until it is left; what it looked like is remembered in a file.
fn show(
    library: impl Library + 'static,
    memory: Option<&Path>,
    options: TuiOptions,
    console: &mut Console,
) -> Result<Exit, Failure> {
    console.out.flush()?;
    let options = TuiOptions { memory: memory.map(memory::load).unwrap_or_default(), ..options };
    match tui::browse(library, options) {
        Ok(left) => {
            if let Some(file) = memory {
                memory::save(file, &left.memory, console);
            }
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

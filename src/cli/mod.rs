//! The command line: one file per command, one match, the exit codes.

mod acts;
mod backfill;
mod backup;
mod batch;
mod browse;
mod by_hand;
mod complete;
mod console;
mod demo;
mod digest;
mod doctor;
mod document;
mod edit;
mod edits;
mod explain;
mod export;
mod extract;
mod failure;
mod find;
mod folder;
mod import;
mod ingest;
mod input;
mod jsonl;
mod learn;
mod library;
mod log;
mod maildir;
mod man;
mod memory;
mod merge;
mod pager;
mod places;
mod plain;
mod progress;
mod prune;
mod read;
mod rebuild;
mod remote;
mod rules;
mod runs;
mod schedule;
mod schema;
mod search;
mod serve;
mod set;
mod show;
mod sitemap;
mod sources;
mod stop;
mod table;
mod tell;
mod token;
mod undo;
mod versions;
mod watch;
mod whole;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Mutex;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

pub use console::Console;
pub use failure::{Exit, Failure};
use pager::Pager;
use places::Places;

use crate::base::json;

const AFTER_HELP: &str = "\
Exit status:
  0  all well
  1  nothing was found, or there was nothing to do
  2  the command line or sources.toml is wrong
  3  it ran, but some sources or notices failed, or `doctor` found something
  4  it could not do its work

sources.toml is looked for in: --config, BREACHLINE_CONFIG, ./sources.toml, $XDG_CONFIG_HOME/breachline/sources.toml.
The index is looked for in: --index, BREACHLINE_INDEX, ./index if it is there, $XDG_DATA_HOME/breachline.";

/// Keep the timeline of who was breached, when, how much went, and who did it
///
/// breachline reads the security news, finds the incidents in it and keeps them in an index that can be searched and browsed.
/// Without a command it shows the timeline.
#[derive(Debug, Parser)]
#[command(name = "breachline", version, after_help = AFTER_HELP, max_term_width = 120)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    log: log::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Places")]
struct Global {
    /// The file that names the sources
    #[arg(long, global = true, value_name = "FILE", env = "BREACHLINE_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// The folder that holds what was fetched and found
    #[arg(long, global = true, value_name = "DIR", env = "BREACHLINE_INDEX", hide_env_values = true)]
    index: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Ingest(ingest::Args),
    Runs(runs::Args),
    Watch(watch::Args),
    Digest(digest::Args),
    Schedule(schedule::Args),
    Doctor(doctor::Args),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Prune(prune::PruneArgs),
    Vacuum(prune::VacuumArgs),
    Import(import::Args),
    Browse(browse::Args),
    Search(search::Args),
    Show(show::Args),
    Versions(versions::Args),
    Export(export::Args),
    Edit(edit::Args),
    Undo(undo::Args),
    Edits(edits::Args),
    Sources(sources::Args),
    Extract(extract::Args),
    Explain(explain::Args),
    Read(read::Args),
    Rules(rules::Args),
    Merge(merge::Args),
    Rebuild(rebuild::Args),
    Serve(serve::Args),
    Schema(schema::Args),
    Man(man::Args),
    #[command(hide = true)]
    Learn(learn::Args),
}

/// Runs the program: `args` begins with its name. What went wrong has been told when it returns.
pub fn run(args: impl IntoIterator<Item = OsString>, console: &mut Console) -> Exit {
    let place = watch_for_panics();
    let ran = panic::catch_unwind(AssertUnwindSafe(|| dispatch(args, console)));
    let ended = match ran {
        Ok(Ok(exit)) => console.out.flush().map(|()| exit).map_err(Failure::from),
        Ok(Err(failure)) => Err(failure),
        Err(_) => Err(Failure::of_ours(place.lock().ok().and_then(|place| place.clone()))),
    };
    ended.unwrap_or_else(|failure| {
        console.tell_failure(&failure);
        failure.exit
    })
}

fn dispatch(args: impl IntoIterator<Item = OsString>, console: &mut Console) -> Result<Exit, Failure> {
    let args: Vec<OsString> = args.into_iter().collect();
    if complete::answers_shell(Cli::command, &args)? {
        return Ok(Exit::Well);
    }
    let cli = match Cli::try_parse_from(with_negations(args)) {
        Ok(cli) => cli,
        Err(answer) => return usage(&answer, console),
    };
    let places = Places::new(cli.global.config, cli.global.index);
    let command = cli.command.unwrap_or_else(|| Command::Browse(browse::Args::default()));
    let log = log::begin(&cli.log, matches!(command, Command::Browse(_)), console)?;
    let pager = command.is_read().then(|| Pager::start(console)).flatten();
    let ended = perform(command, &places, console);
    if let Some(pager) = pager {
        pager.close(console);
    }
    log.end(console);
    ended
}

impl Command {
    /// Whether it prints a text to be read from its beginning, which may be longer than the screen.
    fn is_read(&self) -> bool {
        matches!(
            self,
            Command::Show(_)
                | Command::Versions(_)
                | Command::Search(_)
                | Command::Edits(_)
                | Command::Explain(_)
                | Command::Rules(_)
                | Command::Schema(_)
        )
    }
}

fn perform(command: Command, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => demo::run(&args, console),
        Command::Import(args) => import::run(&args, places, console),
        Command::Ingest(args) => ingest::run(&args, places, console),
        Command::Runs(args) => runs::run(&args, places, console),
        Command::Watch(args) => watch::run(&args, places, console),
        Command::Digest(args) => digest::run(&args, places, console),
        Command::Schedule(args) => schedule::run(&args, places, console),
        Command::Doctor(args) => doctor::run(&args, places, console),
        Command::Backup(args) => backup::backup(&args, places, console),
        Command::Restore(args) => backup::restore(&args, places, console),
        Command::Prune(args) => prune::prune(&args, places, console),
        Command::Vacuum(args) => prune::vacuum(&args, places, console),
        Command::Browse(args) => browse::run(&args, places, console),
        Command::Search(args) => search::run(&args, places, console),
        Command::Show(args) => show::run(&args, places, console),
        Command::Versions(args) => versions::run(&args, places, console),
        Command::Export(args) => export::run(&args, places, console),
        Command::Edit(args) => edit::run(&args, places, console),
        Command::Undo(args) => undo::run(&args, places, console),
        Command::Edits(args) => edits::run(&args, places, console),
        Command::Sources(args) => sources::run(&args, places, console),
        Command::Extract(args) => extract::run(&args, places, console),
        Command::Explain(args) => explain::run(&args, places, console),
        Command::Read(args) => read::run(&args, places, console),
        Command::Rules(args) => rules::run(&args, console),
        Command::Merge(args) => merge::run(&args, console),
        Command::Rebuild(args) => rebuild::run(&args, places, console),
        Command::Serve(args) => serve::run(&args, places, console),
        Command::Schema(args) => schema::run(&args, console),
        Command::Man(args) => man::run(&args, Cli::command(), console),
        Command::Learn(args) => learn::run(&args, console),
    }
}

/// Lets a query say `-kind:ddos`: behind `search`, `export` and `browse`, words with one dash are no options, but for
/// the few that there are.
fn with_negations(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    const SHORT: [&str; 4] = ["-", "-f", "-h", "-o"];
    let mut queries = false;
    let mut marked = Vec::new();
    for arg in args {
        let negates = arg.to_str().is_some_and(|arg| arg.starts_with('-') && !arg.starts_with("--") && !SHORT.contains(&arg));
        marked.push(if queries && negates { [OsString::from(" "), arg].into_iter().collect() } else { arg });
        queries |= marked.last().is_some_and(|arg| arg == "search" || arg == "export" || arg == "browse");
    }
    marked
}

/// Prints help, the version, or what is wrong with the arguments.
fn usage(answer: &clap::Error, console: &mut Console) -> Result<Exit, Failure> {
    let asked = matches!(answer.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let text = answer.render();
    let (coloured, exit) = if asked { (console.colour, Exit::Well) } else { (console.colour_err, Exit::Usage) };
    let text = if coloured { text.ansi().to_string() } else { text.to_string() };
    if asked {
        console.out.write_all(text.as_bytes())?
    } else {
        console.err.write_all(text.as_bytes())?
    }
    Ok(exit)
}

/// Keeps the place of the last panic instead of printing it; with RUST_BACKTRACE set it is printed as well.
fn watch_for_panics() -> &'static Mutex<Option<String>> {
    static PLACE: Mutex<Option<String>> = Mutex::new(None);
    let usual = panic::take_hook();
    let wordy = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    panic::set_hook(Box::new(move |info| {
        if let (Ok(mut place), Some(at)) = (PLACE.lock(), info.location()) {
            *place = Some(format!("{}:{}", at.file(), at.line()));
        }
        if wordy {
            usual(info);
        }
    }));
    &PLACE
}

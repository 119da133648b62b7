//! `breachline sources`: what is read and how it fares, and looking after it.

mod add;
pub(super) mod check;
mod export;
pub(super) mod file;
mod import;
mod list;
mod preview;

use clap::Subcommand;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;

/// List the sources and how each fares, or look after them
///
/// Without a command it lists them. Health is that of the last visit: ok, item-skipped, source-failed or blocked; "gone" where the
/// server said that it is gone for good, "off" where sources.toml says so, "new" before the first visit.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: list::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Args),
    Check(check::Args),
    Export(export::Args),
    Import(import::Args),
    Preview(preview::Args),
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match &args.command {
        None => list::run(&args.list, places, console),
        Some(Command::Add(args)) => add::run(args, places, console),
        Some(Command::Check(args)) => check::run(args, places, console),
        Some(Command::Export(args)) => export::run(args, places, console),
        Some(Command::Import(args)) => import::run(args, places, console),
        Some(Command::Preview(args)) => preview::run(args, places, console),
    }
}

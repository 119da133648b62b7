//! `breachline browse`: the terminal timeline.

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;

/// Browse the timeline in the terminal
///
/// This is also what breachline does without a command. `?` shows the keys.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// Show only what this search finds, as `breachline search` understands it
    query: Vec<String>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let _ = (&args.query, places.index()?, places.config_if_any()?);
    if !console.out_is_terminal {
        return Err(Failure::usage("the timeline needs a terminal").hint("for scripts there is `breachline search --json`"));
    }
    Err(Failure::new("there is no timeline yet"))
}

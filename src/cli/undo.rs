//! `breachline undo`: the last edit taken back.

use super::console::Console;
use super::edit::{self, Author};
use super::failure::{Exit, Failure};
use super::places::Places;

/// Undo the last edit of any incident
///
/// Takes back the last edit that still holds, in the timeline all that were made at once. Called again, it takes back the one before. `breachline edit ID --undo` does
/// so for one incident. The edit and its undoing stay in the history.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    author: Author,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let author = args.author.name()?;
    let dir = places.index()?;
    let mut kept = edit::open(&dir)?;
    let edits = kept.edits()?;
    let undoing = edit::undo_last(&edits, (console.now)(), &author);
    if undoing.is_empty() {
        return Err(Failure::nothing("there is no edit to undo"));
    }
    edit::tell_of(&edit::keep(&dir, &mut kept, undoing)?, &kept, &edits, console)
}

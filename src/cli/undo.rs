//! `breachline undo`: the last edit taken back.

use super::console::Console;
use super::edit::{self, Author};
use super::failure::{Exit, Failure};
use super::places::Places;
use crate::model::edit::{Act, Edit, standing};

/// Undo the last edit of any incident
///
/// Takes back the last `breachline edit` that still holds. Called again, it takes back the one before. `breachline edit ID --undo` does
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
    let Some(last) = standing(&edits).pop() else { return Err(Failure::nothing("there is no edit to undo")) };
    let undo = Edit { at: (console.now)(), author, act: Act::Undo(last.id), ..last.clone() };
    edit::save(&dir, &mut kept, vec![undo], &edits, console)
}

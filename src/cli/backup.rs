//! `breachline backup` and `breachline restore`: a copy of all that is kept, and putting one back.

use std::path::PathBuf;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::tell::bytes;
use crate::derive;
use crate::store::kept::{self, Access, Kept};
use crate::store::search::Index;

/// Write a copy of all that is kept into a file
///
/// The copy is whole and of one moment, also while ingest runs beside it, and is checked before it gets its name. What is searched is not in
/// it: that is made anew from it.
#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file; it must not be there yet
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    replace: bool,
}

pub(super) fn backup(args: &BackupArgs, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let file = &args.file;
    if file.exists() && !args.replace {
        return Err(Failure::usage(format!("{} is there already", file.display())).hint("name another file, or say --replace"));
    }
    let size = Kept::open_to_read(&places.index()?)?.backup(file)?;
    console.say(format!("{}: {}", console.plain(&file.display().to_string()), bytes(size)))?;
    Ok(Exit::Well)
}

/// Put a copy that backup wrote in place of all that is kept
///
/// The copy is checked first and stays as it is. What was there before is laid aside in the index folder, whatever state it is in; then what is
/// searched is made anew.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The copy
    file: PathBuf,
}

pub(super) fn restore(args: &RestoreArgs, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let dir = places.index()?;
    let restored = kept::restore(&dir, &args.file, (console.now)()).map_err(|error| {
        let hint = "nothing was changed; name a file that `breachline backup` wrote";
        let is_of_the_copy = error.to_string().starts_with(&args.file.display().to_string());
        let failure = Failure::from(error);
        if is_of_the_copy { failure.hint(hint) } else { failure }
    })?;
    let mut kept = Kept::open(&dir, Access::Write)?;
    let mut index = Index::open(&dir, &kept)?;
    derive::settle(&mut kept, &mut index)?;
    let counts = kept.counts()?;
    console.say(format!(
        "{} put back: {}, {} articles, {} incidents",
        console.plain(&args.file.display().to_string()),
        bytes(restored.size),
        super::tell::grouped(counts.articles),
        super::tell::grouped(counts.incidents)
    ))?;
    if let Some(before) = restored.before {
        console.say(format!("what was there before lies in {}", console.plain(&before.display().to_string())))?;
    }
    Ok(Exit::Well)
}

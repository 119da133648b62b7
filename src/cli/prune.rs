//! `breachline prune` and `breachline vacuum`: what may go after a time, and giving its space back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::tell::{bytes, counted};
use crate::model::config;
use crate::store::StoreError;
use crate::store::kept::{Access, DATABASE, Kept};

/// How long runs are kept.
const RUNS: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// How long notices are kept that have arrived.
const NOTICES: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Drop what has passed its time: old pages, runs and notices
///
/// Pages go when keep_pages has passed since they came and they have been read; their articles stay, and incidents always. Runs are kept
/// for 400 days and notices for 90 days after they arrived. Each run of ingest does this; the command is for doing it now, or by another age.
#[derive(Debug, clap::Args)]
pub(super) struct PruneArgs {
    /// Drop pages older than this, such as 30d, whatever keep_pages says
    #[arg(long, value_name = "AGE", value_parser = age)]
    pages: Option<Duration>,
    /// Also delete the copies of the database in the index folder that a change of layout or a restore has left there
    #[arg(long)]
    copies: bool,
    /// Say what would go, and drop nothing
    #[arg(long)]
    dry_run: bool,
}

fn age(text: &str) -> Result<Duration, String> {
    config::duration(text).ok_or_else(|| "an age has a unit: 30d, 12w".to_owned())
}

pub(super) fn prune(args: &PruneArgs, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let dir = places.index()?;
    let keep = args.pages.map_or_else(|| Ok(places.config_if_any()?.settings.keep_pages), |age| Ok::<_, Failure>(Some(age)))?;
    drop(Kept::open_to_read(&dir)?); // so that nothing is made where nothing is
    let now = (console.now)();
    let before = keep.map(|age| earlier(now, age));
    let would = if args.dry_run { "would go" } else { "dropped" };
    if args.dry_run {
        let kept = Kept::open(&dir, Access::Read)?;
        let pages = before.map_or_else(|| Ok(Default::default()), |before| kept.prunable_pages(before))?;
        console.say(format!("{}: {}, {would}", counted(pages.pages, "page", "pages"), bytes(pages.bytes)))?;
    } else {
        let mut kept = Kept::open(&dir, Access::Write)?;
        let pages = before.map_or_else(|| Ok(Default::default()), |before| kept.prune_pages(before))?;
        let (runs, notices) = rest(&mut kept, now)?;
        console.say(format!("{}: {}, {would}", counted(pages.pages, "page", "pages"), bytes(pages.bytes)))?;
        console.say(format!("{}, {}: {would}", counted(runs, "run", "runs"), counted(notices, "notice", "notices")))?;
    }
    for (copy, size) in copies(&dir) {
        if args.copies && !args.dry_run {
            fs::remove_file(&copy)
                .map_err(|error| Failure::new(format!("{} cannot be deleted", copy.display())).because(&error))?;
        }
        let stays = if args.copies { would } else { "stays: say --copies to delete it" };
        console.say(format!("{}: {}, {stays}", console.plain(&copy.display().to_string()), bytes(size)))?;
    }
    if !args.dry_run {
        console.note("the file stays as large as it is and is filled again; `breachline vacuum` gives the space back");
    }
    Ok(Exit::Well)
}

/// Drops old runs and notices; returns how many.
pub(super) fn rest(kept: &mut Kept, now: Timestamp) -> Result<(u64, u64), StoreError> {
    Ok((kept.prune_runs(earlier(now, RUNS))?, kept.prune_outbox(earlier(now, NOTICES))?))
}

fn earlier(now: Timestamp, age: Duration) -> Timestamp {
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}

/// The copies of the database beside it, with their sizes.
pub(super) fn copies(dir: &Path) -> Vec<(PathBuf, u64)> {
    let stem = DATABASE.trim_end_matches(".db");
    let is_copy = |name: &str| {
        ["layout-", "before-"].iter().any(|sort| name.starts_with(&format!("{stem}.{sort}"))) && name.ends_with(".db")
    };
    let mut found: Vec<(PathBuf, u64)> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| is_copy(&entry.file_name().to_string_lossy()))
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.len())))
        .collect();
    found.sort();
    found
}

/// Give space that is free within the database back to the disk
///
/// Needs as much space again as the database takes while it runs. Searching and browsing work meanwhile.
#[derive(Debug, clap::Args)]
pub(super) struct VacuumArgs {}

pub(super) fn vacuum(_: &VacuumArgs, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let dir = places.index()?;
    drop(Kept::open_to_read(&dir)?);
    let (before, after) = Kept::open(&dir, Access::Write)?.vacuum()?;
    console.say(format!("{} -> {}", bytes(before), bytes(after)))?;
    Ok(Exit::Well)
}

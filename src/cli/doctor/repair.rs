//! `doctor --repair`: what can be put right without losing anything.

use std::fs;
use std::path::{Path, PathBuf};

use super::Finding;
use crate::derive;
use crate::rules::Rules;
use crate::store::StoreError;
use crate::store::kept::{Access, DATABASE, Kept};
use crate::store::search::Index;

/// Repairs what it can and says what it did.
pub(super) fn repair(dir: &Path) -> Vec<Finding> {
    let mut found = leftovers(dir);
    if Kept::open_to_read(dir).is_err() {
        return found; // nothing is made where nothing is; what is wrong is told by the check that follows
    }
    match inside(dir) {
        Ok(repaired) => found.extend(repaired),
        Err(error) => found.push(Finding::broken("repair", error.to_string(), error.hint())),
    }
    found
}

fn inside(dir: &Path) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    let mut kept = Kept::open(dir, Access::Write)?;
    let faults = kept.faults()?;
    if !faults.is_empty() {
        if !are_of_indexes(&faults) {
            return Ok(found); // only a backup helps, and what is there is not touched
        }
        kept.reindex()?;
        found.push(Finding::repaired("store", "the indexes of the database were made anew from its tables"));
    }
    let before = Index::open_to_read(dir, &kept)?.map(|index| (index.is_sound(), index.seq()));
    let mut index = Index::open(dir, &kept)?;
    if before.is_none_or(|(is_sound, _)| !is_sound) {
        index.make_anew()?;
    }
    let unread = kept.unread_count()?;
    derive::catch_up(&mut kept, &mut index, Rules::builtin(), &mut |_| ())?;
    if unread > 0 {
        found.push(Finding::repaired("store", format!("{unread} pages that were kept and not read were read")));
    }
    if before != Some((true, kept.last_seq()?)) {
        found.push(Finding::repaired("search", "what is searched was made anew or brought up to date"));
    }
    Ok(found)
}

/// Tells whether faults are such that the tables are whole: only an index lacks rows or has too many.
pub(super) fn are_of_indexes(faults: &[String]) -> bool {
    let of_index = |fault: &String| {
        fault.contains("missing from index")
            || fault.contains("wrong # of entries in index")
            || fault.contains("non-unique entry in index")
    };
    !faults.is_empty() && faults.iter().all(of_index)
}

/// Removes what killed processes left behind.
fn leftovers(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    if !dir.join(DATABASE).exists() {
        return found;
    }
    // While somebody writes, what looks left over may be in use.
    let _writer = match Kept::open(dir, Access::Write) {
        Err(StoreError::LockHeld { .. }) => return found,
        kept => kept.ok(),
    };
    for path in left_over(dir) {
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        found.push(match removed {
            Ok(()) => Finding::repaired("folder", format!("{} was left over and is gone", path.display())),
            Err(error) => Finding::warning("folder", format!("{} is left over: {error}", path.display()), "delete it"),
        });
    }
    found
}

fn left_over(dir: &Path) -> Vec<PathBuf> {
    let is_left = |name: &str| {
        matches!(name, "kept.partial" | "kept.restoring")
            || name.strip_prefix("rebuild-").is_some_and(|pid| pid.parse::<u32>().is_ok_and(|pid| !runs(pid)))
    };
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter(|entry| is_left(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect()
}

/// Tells whether a process of that number runs, as far as that can be seen.
fn runs(pid: u32) -> bool {
    !Path::new("/proc/self").exists() || Path::new(&format!("/proc/{pid}")).exists()
}

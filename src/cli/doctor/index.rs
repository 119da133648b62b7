//! The doctor on the index: the database, and what is searched against it.

use std::path::Path;

use super::Finding;
use crate::cli::prune;
use crate::cli::tell::{bytes, counted, grouped};
use crate::store::StoreError;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

const STORE: &str = "store";
const SEARCH: &str = "search";

/// Looks at the index in a folder; changes nothing.
pub(super) fn check(dir: &Path) -> Vec<Finding> {
    let kept = match Kept::open(dir, Access::Read) {
        Ok(kept) => kept,
        Err(error @ StoreError::Missing { .. }) => {
            return vec![Finding::warning(STORE, error.to_string(), "run `breachline ingest`")];
        }
        Err(error @ StoreError::Older { .. }) => {
            let advice = "the next run brings it up to date, after laying a copy beside it; `doctor --repair` does it now";
            return vec![Finding::warning(STORE, error.to_string(), advice)];
        }
        Err(error) => return vec![broken(dir, &error)],
    };
    let mut found = vec![store(dir, &kept).unwrap_or_else(|error| broken(dir, &error))];
    found.extend(left(&kept).unwrap_or_else(|error| vec![broken(dir, &error)]));
    found.push(search(dir, &kept).unwrap_or_else(|error| broken(dir, &error)));
    found
}

/// A store that cannot be used, with the copies from which it could be put back.
fn broken(dir: &Path, error: &StoreError) -> Finding {
    let advice = match error {
        StoreError::Corrupt { .. } => Some(offers(dir)),
        error => error.hint(),
    };
    Finding::broken(STORE, error.to_string(), advice)
}

fn offers(dir: &Path) -> String {
    let copies: Vec<String> = prune::copies(dir).iter().rev().map(|(copy, _)| copy.display().to_string()).collect();
    let there = if copies.is_empty() { String::new() } else { format!("; in the index folder there are {}", copies.join(", ")) };
    format!("`breachline restore FILE` puts a backup back and lays what is there aside{there}")
}

fn store(dir: &Path, kept: &Kept) -> Result<Finding, StoreError> {
    let faults = kept.faults()?;
    let (counts, size) = (kept.counts()?, kept.size()?);
    if let Some(first) = faults.first() {
        let more = if faults.len() > 1 { format!(", and {} more", faults.len() - 1) } else { String::new() };
        let advice = if super::repair::are_of_indexes(&faults) {
            "`breachline doctor --repair` makes the indexes of the database anew".to_owned()
        } else {
            offers(dir)
        };
        return Ok(Finding::broken(STORE, format!("{}: {first}{more}", kept.path().display()), Some(advice)));
    }
    let text = format!(
        "{}: {} articles, {} incidents, {} ({} free within)",
        kept.path().display(),
        grouped(counts.articles),
        grouped(counts.incidents),
        bytes(size.file),
        bytes(size.free)
    );
    Ok(if size.free > size.file / 2 && size.free > 100 << 20 {
        Finding::warning(STORE, text, "`breachline vacuum` gives the free space back to the disk")
    } else {
        Finding::ok(STORE, text)
    })
}

/// What was begun and not finished.
fn left(kept: &Kept) -> Result<Vec<Finding>, StoreError> {
    let unread = kept.unread_count()?;
    let text = counted(unread, "page is", "pages are");
    Ok((unread > 0)
        .then(|| Finding::warning(STORE, format!("{text} kept and not read yet"), "the next run reads them"))
        .into_iter()
        .collect())
}

fn search(dir: &Path, kept: &Kept) -> Result<Finding, StoreError> {
    let advice = "the next run makes it anew; `breachline doctor --repair` does it now";
    let Some(index) = Index::open_to_read(dir, kept)? else {
        return Ok(Finding::warning(SEARCH, "what is searched is missing, damaged, or of another version", advice));
    };
    if !index.is_sound() {
        return Ok(Finding::warning(SEARCH, "what is searched is damaged: its files are not those that were written", advice));
    }
    let (has, last) = (index.seq(), kept.last_seq()?);
    Ok(match last - has {
        0 => Finding::ok(SEARCH, "what is searched is whole, and up to date with the store"),
        behind => Finding::warning(
            SEARCH,
            format!("what is searched lacks the last {} changes", grouped(behind.unsigned_abs())),
            advice,
        ),
    })
}

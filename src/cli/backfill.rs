//! `breachline ingest --warc`: pages that other crawls saved, and everything derived from them, as a run like that of every night.

use std::path::PathBuf;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::ingest::{self, File, Form, Pages, Summary};
use super::places::Places;
use super::progress::Progress;
use super::stop::Stop;
use super::tell::grouped;
use crate::backfill::{self, Outcome, Tally};
use crate::model::config::Config;
use crate::store::kept::{self, Access, Kept, RunId};
use crate::store::search::Index;

/// Reads the files into the index and prints what was in them.
pub(super) fn run(files: &[PathBuf], places: &Places, form: Form, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config_if_any()?;
    let dir = places.index()?;
    let stop = Stop::listen(|| {})?;
    stop.at_once();
    let mut kept = Kept::open(&dir, Access::Write)?;
    kept.check_if_due(kept::LARGE, (console.now)())?;
    let work = |kept: &mut Kept, run, console: &mut Console| read(files, &config, &dir, (kept, run), form, console);
    let summary = ingest::as_a_run(&mut kept, console, work)?;
    ingest::told(&summary, form, console)
}

fn read(
    files: &[PathBuf],
    config: &Config,
    dir: &std::path::Path,
    (kept, run): (&mut Kept, RunId),
    form: Form,
    console: &mut Console,
) -> Result<Summary, Failure> {
    let mut progress = Progress::new(console, form == Form::Quiet);
    let outcomes = backfill::run(files, config, kept, &mut |step| progress.backfilled(&step));
    progress.end();
    let files: Vec<File> = outcomes?.into_iter().map(file).collect();
    let mut index = Index::open(dir, kept)?;
    let derived = ingest::derive(kept, &mut index, form, console)?;
    let failed = files.iter().filter(|file| file.reason.is_some()).count();
    let fetched = files.iter().map(|file| file.tally.new as usize).sum();
    let pages = Pages { fetched, ..Pages::default() };
    Ok(Summary { files, failed, pages, ..Summary::of_derived(kept, run, &derived)? })
}

/// Says how one file went.
pub(super) fn file(outcome: Outcome) -> File {
    let Outcome { path, tally, broken } = outcome;
    let reason = broken.map(|(why, at)| match at {
        0 => why.to_string(),
        at => format!("{why}; read up to byte {}", grouped(at)),
    });
    File { file: path.display().to_string(), reason, tally }
}

/// Says what was left out of an archive and why, if anything was.
pub(super) fn left_out(tally: &Tally) -> Option<String> {
    let parts = [
        (tally.other_subject, "about something else"),
        (tally.other_language, "in another language"),
        (tally.no_page, "no pages"),
        (tally.no_answer, "no success"),
        (tally.known, "known already"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", grouped(*count)));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

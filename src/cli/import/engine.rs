//! `breachline import --reports`: articles that other machines have read and extracted, exactly once, however often they are handed in.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::{TOGETHER, TOLD, finish, rows, tell};
use crate::backfill;
use crate::backfill::candidate::Passing;
use crate::cli::batch::{self, Line};
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};
use crate::cli::places::Places;
use crate::model::article::{FeedItem, Page};
use crate::model::config::Config;
use crate::model::source::Source;
use crate::register::{Extracted, Layout};
use crate::store::kept::{Access, Document, Handed, Kept};

/// What takes a record as a line of JSON, or the word why there is none.
pub(super) type Take<'a> = dyn FnMut(Result<&[u8], String>) -> Result<(), Failure> + 'a;

/// What is wrong with a line that is longer than a batch reads.
const TOO_LONG: &str = "is longer than 32 MB";

pub(super) fn run(reports: &Path, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let files = files(reports)?;
    let config = places.config_if_any()?;
    let dir = places.index()?;
    let mut taking = Taking {
        kept: Kept::open(&dir, Access::Write)?,
        passing: Passing::new(&config),
        config,
        waiting: Vec::new(),
        handed: Handed::default(),
        faults: Vec::new(),
        faulty: 0,
    };
    for file in &files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut number = 0_u64;
        let take = &mut |line: Result<&[u8], String>| {
            number += 1;
            taking.take(|| format!("{name}, record {number},"), line)
        };
        if file.extension().is_some_and(|ending| ending == "parquet") {
            rows::each(file, take)?;
        } else {
            lines(file, take)?;
        }
    }
    taking.keep()?;
    let Taking { kept, handed, faults, faulty, .. } = taking;
    tell(&faults, faulty, console);
    if handed == Handed::default() {
        return Err(Failure::nothing("nothing that could be imported was found"));
    }
    finish(kept, &dir, handed, faulty, console)
}

/// What is being taken in.
struct Taking {
    kept: Kept,
    config: Config,
    passing: Passing,
    waiting: Vec<(Source, Document)>,
    handed: Handed,
    /// The first of those that cannot be read.
    faults: Vec<(String, String)>,
    faulty: usize,
}

impl Taking {
    fn take(&mut self, place: impl Fn() -> String, line: Result<&[u8], String>) -> Result<(), Failure> {
        match line.and_then(|line| self.document(line)) {
            Ok(document) => self.waiting.push(document),
            Err(what) => {
                self.faulty += 1;
                if self.faults.len() < TOLD {
                    self.faults.push((place(), what));
                }
            }
        }
        if self.waiting.len() >= TOGETHER { self.keep() } else { Ok(()) }
    }

    fn document(&self, line: &[u8]) -> Result<(Source, Document), String> {
        let record = Extracted::parse(line)?;
        let url = record.url.ok_or("has no address")?;
        let arrived_at = record.arrived_at.unwrap_or_else(|| record.published.start());
        let id = self.passing.source(&url);
        let known = self.config.sources.iter().find(|source| source.id == id);
        let source = known.cloned().unwrap_or_else(|| backfill::source(&id, &url));
        let page = Page {
            asked: url.clone(),
            answered: url.clone(),
            arrived_at,
            status: 200,
            headers: vec![("content-type".to_owned(), Layout::Extracted.media_type().to_owned())],
            bytes: line.to_vec(),
        };
        Ok((source, (FeedItem::of(url), page)))
    }

    fn keep(&mut self) -> Result<(), Failure> {
        self.handed += self.kept.save_extracted(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

/// Returns the files of a folder that may hold records, by name; hidden ones, and what engines lay beside them, are passed over.
fn files(reports: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unread = |error: &std::io::Error| Failure::usage(format!("{} could not be read", reports.display())).because(error);
    if !fs::metadata(reports).map_err(|error| unread(&error))?.is_dir() {
        return Ok(vec![reports.to_owned()]);
    }
    let mut files = Vec::new();
    for file in fs::read_dir(reports).map_err(|error| unread(&error))? {
        files.push(file.map_err(|error| unread(&error))?.path());
    }
    files.retain(|file| {
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        !hidden && file.extension().is_some_and(|ending| ending == "parquet" || ending == "jsonl" || ending == "json")
    });
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!("{} holds no .parquet, .jsonl or .json file", reports.display())));
    }
    Ok(files)
}

/// Gives the lines of a file; those that are longer than can be read as faults.
fn lines(file: &Path, take: &mut Take<'_>) -> Result<(), Failure> {
    let unread = |error: &std::io::Error| Failure::usage(format!("{} could not be read", file.display())).because(error);
    let mut input = BufReader::new(File::open(file).map_err(|error| unread(&error))?);
    while let Some(line) = batch::next_line(&mut input).map_err(|error| unread(&error))? {
        match line {
            Line::TooLong(_) => take(Err(TOO_LONG.to_owned()))?,
            Line::Whole(line) if line.trim_ascii().is_empty() => {}
            Line::Whole(line) => take(Ok(line.trim_ascii()))?,
        }
    }
    Ok(())
}

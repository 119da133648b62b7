//! Backfill: the pages that other crawls saved, as archives of the web hand them out, kept as if they had been fetched.
//!
//! One thread unpacks each file, all cores look at the answers ([`candidate`]), one writes what passed the gate, in the order of the
//! file, together with the place up to which all is done. So a run that is killed goes on there, and no page comes twice. A page that
//! does not pass is counted and dropped: it is in the archive still.

pub mod candidate;
mod pipeline;
mod stream;

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::warc::{Archive, Broken, Place};
use crate::model::config::Config;
use crate::model::source::{Selectors, Source, SourceId, SourceKind};
use crate::store::StoreError;
use crate::store::kept::{Capture, Kept};

use candidate::{Dropped, Passing};
use pipeline::{InTurn, Message};
pub use stream::stream;

/// What becomes of an answer: a page packed for the store, or why it is passed over.
type Fate = Result<Box<Capture>, Dropped>;

/// Pages that are kept in one transaction.
const BATCH: usize = 256;
/// Answers after which the place in a file is kept even where no page passed.
const STRIDE: u64 = 20_000;

/// What became of the records of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Records read, of all types.
    pub records: u64,
    /// Saved answers among them.
    pub answers: u64,
    /// Answers that were no success, or not of HTTP.
    pub no_answer: u64,
    /// Answers that hold no page: other types, empty, too large, not to be unpacked.
    pub no_page: u64,
    /// Pages that say they are in another language than English.
    pub other_language: u64,
    /// Pages that say nothing of harm.
    pub other_subject: u64,
    /// Pages that passed and were known already.
    pub known: u64,
    /// Pages that passed and are kept now, or handed on.
    pub new: u64,
}

impl Tally {
    /// Counts an answer that is passed over.
    fn drop(&mut self, why: Dropped) {
        match why {
            Dropped::NoAnswer => self.no_answer += 1,
            Dropped::NoPage => self.no_page += 1,
            Dropped::OtherLanguage => self.other_language += 1,
            Dropped::OtherSubject => self.other_subject += 1,
        }
    }
}

/// How one file went.
#[derive(Debug)]
pub struct Outcome {
    /// The file.
    pub path: PathBuf,
    /// What was in it, from where an earlier run had stopped.
    pub tally: Tally,
    /// Why the rest of it was not read, and how many bytes of the file were.
    pub broken: Option<(Broken, u64)>,
}

/// How far a backfill has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the files that are done with.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Answers looked at.
    pub answers: u64,
    /// Pages kept.
    pub new: u64,
}

/// Reads files into the store and returns how each went, in their order. A file that was read before is gone on with where it ended.
pub fn run(
    files: &[PathBuf],
    config: &Config,
    kept: &mut Kept,
    tell: &mut dyn FnMut(Progress),
) -> Result<Vec<Outcome>, StoreError> {
    let mut sittings = files.iter().map(|path| Sitting::open(path, kept)).collect::<Result<Vec<_>, _>>()?;
    let begun: Vec<(PathBuf, Place)> =
        sittings.iter().filter(|sitting| sitting.broken.is_none()).map(|sitting| (sitting.path.clone(), sitting.place)).collect();
    let open: Vec<usize> = (0..sittings.len()).filter(|&file| sittings[file].broken.is_none()).collect();
    let mut sources = Sources::new(config);
    let passing = Passing::new(config);
    let make = |record| passing.page(&record).map(|page| Box::new(passing.capture(page)));
    pipeline::run(&begun, passing.most(), &make, &mut |file, message| {
        let sitting = &mut sittings[open[file]];
        sitting.take(message);
        if sitting.is_due() {
            sitting.keep(kept, &mut sources)?;
        }
        tell(progress(&sittings));
        Ok(())
    })?;
    Ok(sittings.into_iter().map(Sitting::outcome).collect())
}

fn progress(sittings: &[Sitting]) -> Progress {
    Progress {
        done: sittings.iter().map(|sitting| sitting.place.member.min(sitting.length)).sum(),
        total: sittings.iter().map(|sitting| sitting.length).sum(),
        answers: sittings.iter().map(|sitting| sitting.tally.answers).sum(),
        new: sittings.iter().map(|sitting| sitting.tally.new).sum(),
    }
}

/// One file on its way into the store.
struct Sitting {
    path: PathBuf,
    length: u64,
    /// What tells this archive from any other, wherever the file lies.
    archive: String,
    /// All before it is done with.
    place: Place,
    tally: Tally,
    broken: Option<Broken>,
    answers: InTurn<(Place, Fate)>,
    /// Pages to be kept with the next transaction.
    passed: Vec<Capture>,
    /// Answers since the place was kept.
    unkept: u64,
    /// How many answers the file holds and where it ends, once that is known.
    end: Option<(u64, Place)>,
}

impl Sitting {
    /// Looks which archive a file is, and how far it was read before.
    fn open(path: &Path, kept: &Kept) -> Result<Sitting, StoreError> {
        let mut sitting = Sitting {
            path: path.to_owned(),
            length: 0,
            archive: String::new(),
            place: Place::default(),
            tally: Tally::default(),
            broken: None,
            answers: InTurn::new(),
            passed: Vec::new(),
            unkept: 0,
            end: None,
        };
        match identity(path) {
            Ok((archive, length)) => {
                let before = kept.archive_progress(&archive)?;
                sitting.place = before.and_then(|place| serde_json::from_str(&place).ok()).unwrap_or_default();
                (sitting.archive, sitting.length) = (archive, length);
            }
            Err(broken) => sitting.broken = Some(broken),
        }
        Ok(sitting)
    }

    /// Takes in what came of one answer, or the end of the file.
    fn take(&mut self, message: Message<Fate>) {
        match message {
            Message::Answer { turn, after, made } => {
                self.answers.put(turn, (after, made));
                while let Some((after, fate)) = self.answers.next() {
                    self.unkept += 1;
                    self.place = after;
                    self.count(fate);
                }
            }
            Message::End { turns, records, after, broken } => {
                self.tally.records += records;
                self.broken = broken;
                self.end = Some((turns, after));
            }
        }
        if let Some((turns, after)) = self.end
            && turns == self.answers.had()
        {
            self.place = after;
        }
    }

    fn count(&mut self, fate: Fate) {
        self.tally.answers += 1;
        match fate {
            Ok(capture) => self.passed.push(*capture),
            Err(why) => self.tally.drop(why),
        }
    }

    fn is_due(&self) -> bool {
        let ended = self.end.is_some_and(|(turns, _)| turns == self.answers.had());
        self.passed.len() >= BATCH || self.unkept >= STRIDE || ended
    }

    /// Keeps what passed, together with the place.
    fn keep(&mut self, kept: &mut Kept, sources: &mut Sources) -> Result<(), StoreError> {
        let unknown = sources.unknown(&self.passed);
        if !unknown.is_empty() {
            kept.save_sources(&unknown)?;
        }
        let place = serde_json::to_string(&self.place).unwrap_or_default();
        let new = kept.save_captures(&self.archive, &place, &self.passed)? as u64;
        self.tally.new += new;
        self.tally.known += self.passed.len() as u64 - new;
        self.passed.clear();
        self.unkept = 0;
        Ok(())
    }

    fn outcome(self) -> Outcome {
        let at = self.place.member;
        Outcome { path: self.path, tally: self.tally, broken: self.broken.map(|broken| (broken, at)) }
    }
}

/// Returns what tells the archive in a file from any other, the identifier of its first record, and the file's length.
fn identity(path: &Path) -> Result<(String, u64), Broken> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let first = Archive::open(file, Place::default())?.next_record(0)?;
    let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = first.map(|record| record.id).filter(|id| !id.is_empty());
    Ok((id.unwrap_or_else(name), length))
}

/// The sources that saved pages are given to: that of `sources.toml` for the same host, else the host itself.
struct Sources {
    known: HashSet<SourceId>,
}

impl Sources {
    fn new(config: &Config) -> Sources {
        Sources { known: config.sources.iter().map(|source| source.id.clone()).collect() }
    }

    /// Returns the sources of these pages that the store has not been told of.
    fn unknown(&mut self, captures: &[Capture]) -> Vec<Source> {
        captures.iter().filter(|capture| self.known.insert(capture.source().clone())).map(of_host).collect()
    }
}

fn of_host(capture: &Capture) -> Source {
    source(capture.source(), capture.url())
}

/// Returns the source to which the pages of an address belong that no list has named.
pub fn source(id: &SourceId, url: &Url) -> Source {
    let mut url = url.clone();
    url.set_path("/");
    url.set_query(None);
    Source {
        id: id.clone(),
        name: id.0.clone(),
        url,
        kind: SourceKind::Page,
        tags: Vec::new(),
        selectors: Selectors::default(),
        every: None,
        enabled: false,
    }
}

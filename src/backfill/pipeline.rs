//! The threads of a backfill: some unpack files, all cores look at answers, the caller's thread takes what comes of them, in turn.
//!
//! All channels are bounded, so that memory does not grow with the size of an archive.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::fetch::warc::{Archive, Broken, Place, Record};

/// Records that wait for a core, for each core. A record may be as large as the bound on bodies.
const WAITING: usize = 4;
/// The stack of a thread that looks at answers: pages may nest deeply.
const STACK: usize = 16 << 20;

/// What comes of a file.
pub(super) enum Message<T> {
    /// What was made of its answer number `turn`, from 0; all up to `after` is done with then, once those before it are.
    Answer { turn: u64, after: Place, made: T },
    /// It was read to its end, or could not be read on: so many answers, so many records, up to here.
    End { turns: u64, records: u64, after: Place, broken: Option<Broken> },
}

/// Things that come in any order and are had in turn, from number 0 on.
pub(super) struct InTurn<T> {
    early: BTreeMap<u64, T>,
    turn: u64,
}

impl<T> InTurn<T> {
    pub(super) fn new() -> InTurn<T> {
        InTurn { early: BTreeMap::new(), turn: 0 }
    }

    /// Takes a thing in.
    pub(super) fn put(&mut self, turn: u64, thing: T) {
        self.early.insert(turn, thing);
    }

    /// Returns the next thing, if it has come.
    pub(super) fn next(&mut self) -> Option<T> {
        let thing = self.early.remove(&self.turn)?;
        self.turn += 1;
        Some(thing)
    }

    /// Returns how many were had.
    pub(super) fn had(&self) -> u64 {
        self.turn
    }
}

struct Task {
    file: usize,
    turn: u64,
    after: Place,
    record: Record,
}

/// Reads files from their places on, up to `most` bytes of a record, and hands on what `make` makes of each answer, until all have ended or
/// `take` fails. The end of a file may come before the last of its answers.
///
/// # Panics
/// Where the system starts no thread, as [`thread::Scope::spawn`] does.
pub(super) fn run<T: Send, E>(
    files: &[(PathBuf, Place)],
    most: u64,
    make: &(dyn Fn(Record) -> T + Sync),
    take: &mut dyn FnMut(usize, Message<T>) -> Result<(), E>,
) -> Result<(), E> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let (give, work) = sync_channel::<Task>(cores * WAITING);
    let (hand_in, results) = sync_channel::<(usize, Message<T>)>(cores * WAITING);
    let work = Arc::new(Mutex::new(work));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..cores.min(files.len()) {
            let (give, hand_in, next) = (give.clone(), hand_in.clone(), &next);
            scope.spawn(move || {
                loop {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    let Some((path, place)) = files.get(file) else { return };
                    let end = unpack(file, path, *place, most, &give);
                    if hand_in.send((file, end)).is_err() {
                        return;
                    }
                }
            });
        }
        for _ in 0..cores {
            let (work, hand_in) = (Arc::clone(&work), hand_in.clone());
            let looking = move || look(&work, &hand_in, make);
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, looking).expect("the system starts threads");
        }
        drop((give, work, hand_in)); // so that each thread ends when those that it waits for have
        let results = results; // dropped on an error, which ends the threads
        results.iter().try_for_each(|(file, message)| take(file, message))
    })
}

/// Gives the answers of one file to the cores, and returns how it ended.
fn unpack<T>(file: usize, path: &Path, place: Place, most: u64, give: &SyncSender<Task>) -> Message<T> {
    let (mut turn, mut records, mut after) = (0, 0, place);
    let mut whole = || -> Result<(), Broken> {
        let mut archive = Archive::open(File::open(path)?, place)?;
        while let Some(record) = archive.next_record(most)? {
            records += 1;
            // Where what follows is damaged the record itself is whole; its place is then not passed, and it may come again.
            let next = archive.place();
            after = *next.as_ref().unwrap_or(&after);
            if record.kind == "response" {
                if give.send(Task { file, turn, after, record }).is_err() {
                    return Ok(()); // nobody takes it any more
                }
                turn += 1;
            }
            next?;
        }
        Ok(())
    };
    let broken = whole().err();
    Message::End { turns: turn, records, after, broken }
}

fn look<T>(work: &Mutex<Receiver<Task>>, hand_in: &SyncSender<(usize, Message<T>)>, make: &(dyn Fn(Record) -> T + Sync)) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Task { file, turn, after, record }) = next else { return };
        if hand_in.send((file, Message::Answer { turn, after, made: make(record) })).is_err() {
            return;
        }
    }
}

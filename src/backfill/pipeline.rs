//! The threads of a backfill: some unpack files, all cores look at answers, the caller's thread takes what comes of them.
//!
//! All channels are bounded, so that memory does not grow with the size of an archive.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::candidate::{Fate, Passing};
use crate::fetch::warc::{Archive, Broken, Place, Record};
use crate::store::StoreError;

/// Records that wait for a core, for each core. A record may be as large as the bound on bodies.
const WAITING: usize = 4;

/// What comes of a file.
pub(super) enum Message {
    /// What became of its answer number `turn`, from 0; all up to `after` is done with then, once those before it are.
    Answer { turn: u64, after: Place, fate: Fate },
    /// It was read to its end, or could not be read on: so many answers, so many records, up to here.
    End { turns: u64, records: u64, after: Place, broken: Option<Broken> },
}

struct Task {
    file: usize,
    turn: u64,
    after: Place,
    record: Record,
}

/// Reads files from their places on and hands on what comes, until all have ended or `take` fails. The end of a file may come before
/// the last of its answers.
pub(super) fn run(
    files: &[(PathBuf, Place)],
    passing: &Passing,
    take: &mut dyn FnMut(usize, Message) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let (give, work) = sync_channel::<Task>(cores * WAITING);
    let (hand_in, results) = sync_channel::<(usize, Message)>(cores * WAITING);
    let work = Arc::new(Mutex::new(work));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..cores.min(files.len()) {
            let (give, hand_in, next) = (give.clone(), hand_in.clone(), &next);
            scope.spawn(move || {
                loop {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    let Some((path, place)) = files.get(file) else { return };
                    let end = unpack(file, path, *place, passing.most(), &give);
                    if hand_in.send((file, end)).is_err() {
                        return;
                    }
                }
            });
        }
        for _ in 0..cores {
            let (work, hand_in) = (Arc::clone(&work), hand_in.clone());
            scope.spawn(move || look(&work, &hand_in, passing));
        }
        drop((give, work, hand_in)); // so that each thread ends when those that it waits for have
        let results = results; // dropped on an error, which ends the threads
        results.iter().try_for_each(|(file, message)| take(file, message))
    })
}

/// Gives the answers of one file to the cores, and returns how it ended.
fn unpack(file: usize, path: &Path, place: Place, most: u64, give: &SyncSender<Task>) -> Message {
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

fn look(work: &Mutex<Receiver<Task>>, hand_in: &SyncSender<(usize, Message)>, passing: &Passing) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Task { file, turn, after, record }) = next else { return };
        let fate = passing.decide(&record);
        if hand_in.send((file, Message::Answer { turn, after, fate })).is_err() {
            return;
        }
    }
}

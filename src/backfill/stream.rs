//! The pages of archives, handed on instead of kept: what a machine does that has no index.

use std::path::PathBuf;

use super::candidate::Passing;
use super::pipeline::{self, InTurn, Message};
use super::{Outcome, Tally};
use crate::fetch::warc::Place;
use crate::model::article::Page;

/// One file on its way through.
struct Reel<T> {
    outcome: Outcome,
    answers: InTurn<Option<T>>,
}

/// Hands on what `make` makes of every page that passes the gate, on all cores: the pages of one file in their order, several files side by side.
///
/// Returns how each file went. Nothing is remembered of them: the next time they are read from their beginning. An error of `take` ends it.
pub fn stream<T: Send, E>(
    files: &[PathBuf],
    passing: &Passing,
    make: &(dyn Fn(Page) -> T + Sync),
    take: &mut dyn FnMut(T) -> Result<(), E>,
) -> Result<Vec<Outcome>, E> {
    let begun: Vec<(PathBuf, Place)> = files.iter().map(|file| (file.clone(), Place::default())).collect();
    let reel = |path: &PathBuf| Reel {
        outcome: Outcome { path: path.clone(), tally: Tally::default(), broken: None },
        answers: InTurn::new(),
    };
    let mut reels: Vec<Reel<T>> = files.iter().map(reel).collect();
    let made = |record| passing.page(&record).map(make);
    pipeline::run(&begun, passing.most(), &made, &mut |file, message| {
        let Reel { outcome: Outcome { tally, broken, .. }, answers } = &mut reels[file];
        match message {
            Message::Answer { turn, made, .. } => {
                tally.answers += 1;
                answers.put(turn, made.map_err(|why| tally.drop(why)).ok());
                while let Some(made) = answers.next() {
                    if let Some(made) = made {
                        tally.new += 1;
                        take(made)?;
                    }
                }
            }
            Message::End { records, after, broken: why, .. } => {
                tally.records = records;
                *broken = why.map(|why| (why, after.member));
            }
        }
        Ok(())
    })?;
    Ok(reels.into_iter().map(|reel| reel.outcome).collect())
}

//! `breachline rebuild`: everything derived anew from what was fetched.

use std::time::Instant;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::progress::Progress;
use super::tell::{self, counted, grouped};
use crate::derive;
use crate::rules::Rules;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// Derive everything again from what was fetched
///
/// Reads every kept page with the rules of today, merges all reports and makes the search anew. Nothing is fetched. It may be stopped
/// at any moment: the next run, or the next ingest, goes on where this one was.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let began = Instant::now();
    let dir = places.index()?;
    drop(Kept::open(&dir, Access::Read)?); // so that nothing is made where nothing is
    let mut kept = Kept::open(&dir, Access::Write)?;
    let mut index = Index::open(&dir, &kept)?;
    let mut progress = Progress::new(console);
    let derived = derive::rebuild(&mut kept, &mut index, Rules::builtin(), &mut |step| progress.derived(&step));
    progress.end();
    let derived = derived?;
    let head = |name: &str| console.paint(Style::Cyan, &format!("{name:<11}"));
    let read = derived.read.new + derived.read.again;
    let lines = [
        format!(
            "{}{} read, {}",
            head("articles"),
            grouped(read as u64),
            counted(derived.read.not_articles as u64, "page was none", "pages were none")
        ),
        format!(
            "{}{} new, {} changed, {} no more",
            head("incidents"),
            derived.incidents.new,
            derived.incidents.changed,
            derived.incidents.removed
        ),
        format!("{}{}", head("time"), tell::seconds(began.elapsed().as_secs_f64())),
    ];
    lines.into_iter().try_for_each(|line| console.say(line))?;
    Ok(Exit::Well)
}

//! `breachline rebuild`: everything derived anew from what was fetched; or what would come of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::progress::Progress;
use super::stop::Stop;
use super::tell::{self, counted, grouped};
use crate::derive;
use crate::merge::history::FIELDS;
use crate::model::incident::{Incident, IncidentId};
use crate::model::value::Value;
use crate::rules::Rules;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// Derive everything again from what was fetched
///
/// Reads every kept page with the rules of today, merges all reports, and then brings the search up to date. Nothing is fetched, and what
/// analysts said holds. Meanwhile the timeline and searches show what there was. It may be stopped at any moment: the next run, or the next
/// ingest, goes on where this one was.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline rebuild --diff                         what would change
  breachline rebuild                                derive everything again")]
pub(super) struct Args {
    /// Say which incidents would be gone, new or changed, and change nothing
    ///
    /// It is tried on a copy in the index folder, which takes as much space as kept.db until it is done.
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let dir = places.index()?;
    if args.diff {
        return diff(&dir, console);
    }
    let began = Instant::now();
    drop(Kept::open_to_read(&dir)?); // so that nothing is made where nothing is
    let mut kept = Kept::open(&dir, Access::Write)?;
    let mut index = Index::open(&dir, &kept)?;
    let mut progress = Progress::new(console, false);
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

/// A copy of the store that is removed when this is dropped, or when the process is asked to end.
struct Trial {
    dir: PathBuf,
    _stop: Stop,
}

impl Trial {
    fn of(kept: &Kept, index: &Path) -> Result<Trial, Failure> {
        let dir = index.join(format!("rebuild-{}", std::process::id()));
        let remove = dir.clone();
        let stop = Stop::listen(move || drop(fs::remove_dir_all(remove)))?;
        stop.at_once();
        let trial = Trial { dir, _stop: stop };
        kept.copy_to(&trial.dir)?;
        Ok(trial)
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Prints what a rebuild would change.
fn diff(dir: &Path, console: &mut Console) -> Result<Exit, Failure> {
    let before = Kept::open_to_read(dir)?;
    let trial = Trial::of(&before, dir)?;
    let mut after = Kept::open(&trial.dir, Access::Write)?;
    let mut progress = Progress::new(console, false);
    let tried = derive::reread(&mut after, Rules::builtin(), &mut |step| progress.derived(&step));
    progress.end();
    tried?;
    let (mut gone, mut new, mut changed) = (0, 0, 0);
    for id in ids(&before)?.union(&ids(&after)?) {
        match (before.incident(id)?, after.incident(id)?) {
            (Some(was), None) => {
                gone += 1;
                say("gone", id, &summary(&was), console)?;
            }
            (None, Some(is)) => {
                new += 1;
                say("new", id, &summary(&is), console)?;
            }
            (Some(was), Some(is)) => {
                let changes = changes(&was, &is);
                changed += u64::from(!changes.is_empty());
                changes.iter().try_for_each(|change| say("changed", id, change, console))?;
            }
            (None, None) => {}
        }
    }
    console.note(format!(
        "{} would be gone, {} new, {} changed; nothing was changed yet: `breachline rebuild` does it",
        counted(gone, "incident", "incidents"),
        grouped(new),
        grouped(changed)
    ));
    Ok(Exit::Well)
}

fn ids(kept: &Kept) -> Result<BTreeSet<IncidentId>, Failure> {
    Ok(kept.incident_ids("", i64::MAX as usize)?.into_iter().collect())
}

fn say(what: &str, id: &IncidentId, text: &str, console: &mut Console) -> Result<(), Failure> {
    let id = console.paint(Style::Cyan, &id.0);
    console.say(format!("{what:<8} {id}  {}", console.plain(text)))
}

fn summary(incident: &Incident) -> String {
    let figure = incident.records.first().map(|figure| format!(", {}", tell::figure(figure))).unwrap_or_default();
    let reports = counted(incident.reports.len() as u64, "report", "reports");
    format!("{}, {}{figure}, {reports}", incident.victim.name, incident.kind.word())
}

/// Each field that differs, and the number of reports.
fn changes(was: &Incident, is: &Incident) -> Vec<String> {
    let values = FIELDS.iter().map(|field| (Value::of_incident(was, *field), Value::of_incident(is, *field)));
    let mut changes: Vec<String> = values
        .filter(|(was, is)| was != is)
        .map(|(was, is)| format!("{} {} -> {}", is.field().word(), tell::value(&was), tell::value(&is)))
        .collect();
    if was.reports.len() != is.reports.len() {
        changes.push(format!("reports {} -> {}", was.reports.len(), is.reports.len()));
    }
    changes
}

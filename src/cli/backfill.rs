//! `breachline ingest --warc`: pages that other crawls saved, and everything derived from them.

use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;
use serde_json::json;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::ingest::{self, Form};
use super::json;
use super::places::Places;
use super::progress::Progress;
use super::stop::Stop;
use super::tell::{self, counted, grouped};
use crate::backfill::{self, Outcome, Tally};
use crate::derive::Derived;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// What a backfill did, in the layout of `--json`.
#[derive(Serialize)]
struct Summary {
    files: Vec<FileLine>,
    failed: usize,
    articles: Articles,
    incidents: Incidents,
    seconds: f64,
}

#[derive(Serialize)]
struct FileLine {
    file: String,
    reason: Option<String>,
    #[serde(flatten)]
    tally: Tally,
}

#[derive(Serialize)]
struct Articles {
    new: usize,
    none: usize,
}

#[derive(Serialize)]
struct Incidents {
    new: usize,
    changed: usize,
}

/// Reads the files into the index and prints what was in them.
pub(super) fn run(files: &[PathBuf], places: &Places, json: bool, console: &mut Console) -> Result<Exit, Failure> {
    let began = Instant::now();
    let config = places.config_if_any()?;
    let dir = places.index()?;
    let stop = Stop::listen(|| {})?;
    stop.at_once();
    let mut kept = Kept::open(&dir, Access::Write)?;
    kept.check()?;
    let run = kept.begin_run((console.now)())?;
    let mut progress = Progress::new(console, false);
    let outcomes = backfill::run(files, &config, &mut kept, &mut |step| progress.backfilled(&step));
    progress.end();
    let outcomes = outcomes?;
    let mut index = Index::open(&dir, &kept)?;
    let derived = ingest::derive(&mut kept, &mut index, Form::Text, console)?;
    let summary = summary(&outcomes, &derived, began);
    kept.end_run(run, (console.now)(), &json!(summary))?;
    if json {
        console.out.write_all(&json::line(&summary))?;
    } else {
        print(&summary, console)?;
    }
    Ok(if summary.failed > 0 { Exit::SomeFailed } else { Exit::Well })
}

fn summary(outcomes: &[Outcome], derived: &Derived, began: Instant) -> Summary {
    let files: Vec<FileLine> = outcomes.iter().map(file_line).collect();
    Summary {
        failed: files.iter().filter(|file| file.reason.is_some()).count(),
        files,
        articles: Articles { new: derived.read.new, none: derived.read.not_articles },
        incidents: Incidents { new: derived.incidents.new, changed: derived.incidents.changed },
        seconds: (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
    }
}

fn file_line(outcome: &Outcome) -> FileLine {
    let Outcome { path, tally, broken } = outcome;
    let reason = broken.as_ref().map(|(why, at)| match at {
        0 => why.to_string(),
        at => format!("{why}; read up to byte {}", grouped(*at)),
    });
    FileLine { file: path.display().to_string(), reason, tally: tally.clone() }
}

fn print(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    let head = |console: &Console, name: &str| console.paint(Style::Cyan, &format!("{name:<11}"));
    for FileLine { file, reason, tally } in &summary.files {
        let name = console.plain(file);
        let answers = counted(tally.answers, "answer", "answers");
        console.say(format!("{}{name}: {answers}, {} new", head(console, "archive"), counted(tally.new, "page", "pages")))?;
        if let Some(left) = left_out(tally) {
            console.say(format!("  {}", console.paint(Style::Dim, &left)))?;
        }
        if let Some(reason) = reason {
            console.say(format!("  {} {}", console.paint(Style::Red, "not read on:"), console.plain(reason)))?;
        }
    }
    let Summary { articles, incidents, seconds, .. } = summary;
    let none =
        if articles.none > 0 { format!(", {} were none", counted(articles.none as u64, "page", "pages")) } else { String::new() };
    console.say(format!("{}{} new{none}", head(console, "articles"), grouped(articles.new as u64)))?;
    let (new, changed) = (grouped(incidents.new as u64), grouped(incidents.changed as u64));
    console.say(format!("{}{new} new, {changed} changed", head(console, "incidents")))?;
    console.say(format!("{}{}", head(console, "time"), tell::seconds(*seconds)))
}

/// Says what was left out and why, if anything was.
fn left_out(tally: &Tally) -> Option<String> {
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

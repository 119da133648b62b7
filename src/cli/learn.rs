//! `breachline learn`: the weights of the extractor, from documents whose incidents are known.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::thread;

use serde::{Deserialize, Serialize};

use super::console::Console;
use super::failure::{Exit, Failure};
use super::{input, json};
use crate::base::day::{Day, DayRange};
use crate::base::fold::fold;
use crate::extract::learn::{self, Known, KnownIncident};
use crate::extract::{Document, extract};
use crate::model::report::{DataKind, Figure, Report, Salience};
use crate::rules::Rules;
use crate::rules::weights::Weights;

/// Learn the extractor's weights from annotated articles
///
/// For those who change the rules: reads JSON Lines in the layout of `extract --batch`, {"doc", "title", "published", "text"} with the
/// known "incidents" beside, and prints the text of src/rules/weights.json. The same documents always give the same weights. Where a
/// document has "scored", a list of fields, nothing is learned of its other fields.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of annotated articles
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// Instead of the weights, print what is extracted from each document with weights that were learned without it
    ///
    /// "events" holds back a fifth of the documents at a time, and all that tell of one event, or mainly of one victim, together; "years"
    /// those of one year at a time. Prints what `extract --batch` prints.
    #[arg(long, value_name = "events|years")]
    held_back: Option<HeldBack>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum HeldBack {
    Events,
    Years,
}

/// One line of a file of annotated articles; other fields are for other readers.
#[derive(Deserialize)]
struct Annotated {
    doc: String,
    #[serde(default)]
    title: String,
    published: Day,
    text: String,
    incidents: Vec<Incident>,
    scored: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Incident {
    victim: Names,
    #[serde(default)]
    attackers: Vec<Held>,
    #[serde(default)]
    records: Vec<Figure>,
    #[serde(default)]
    data: Vec<DataKind>,
    occurred: Option<DayRange>,
    disclosed: Option<DayRange>,
    event: Option<String>,
    salience: Option<Salience>,
}

impl Incident {
    /// Returns what documents share that tell of the same: the event, and the name of the victim that a document is about.
    fn keys(&self) -> impl Iterator<Item = String> {
        let is_main = self.salience == Some(Salience::Main) && self.victim.named;
        let victim = is_main.then(|| format!("victim:{}", fold(&self.victim.name).replace(' ', "")));
        self.event.clone().into_iter().chain(victim)
    }
}

#[derive(Deserialize)]
struct Names {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default = "yes")]
    named: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Held {
    #[serde(flatten)]
    names: Names,
}

/// One line of what is extracted from a document held back.
#[derive(Serialize)]
struct Answer<'a> {
    doc: &'a str,
    incidents: Vec<Report>,
}

/// The parts into which the documents are divided by event.
const PARTS: usize = 5;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let annotated = read(&args.files)?;
    let known: Vec<Known> = annotated.iter().map(known).collect();
    let all: Vec<(Document<'_>, &Known)> = annotated.iter().map(document).zip(&known).collect();
    match args.held_back {
        None => {
            let learned = learn::learn(&all, Rules::builtin()).map_err(Failure::new)?;
            let weights = learn::to_json(learned).map_err(Failure::new)?;
            console.out.write_all(weights.as_bytes())?;
        }
        Some(by) => {
            let parts = parts(&annotated, by);
            for (annotated, incidents) in annotated.iter().zip(extract_held_back(&all, &parts)?) {
                console.out.write_all(&json::line(&Answer { doc: &annotated.doc, incidents }))?;
            }
        }
    }
    Ok(Exit::Well)
}

fn read(files: &[String]) -> Result<Vec<Annotated>, Failure> {
    let mut all = Vec::new();
    for file in files {
        for (number, line) in BufReader::new(input::lines(Some(file))?).lines().enumerate() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            all.push(serde_json::from_str(&line).map_err(|error| {
                Failure::usage(format!("line {} of {file} is no annotated article", number + 1)).because(&error)
            })?);
        }
    }
    Ok(all)
}

fn document(annotated: &Annotated) -> Document<'_> {
    Document { title: &annotated.title, text: &annotated.text, published: annotated.published }
}

fn known(annotated: &Annotated) -> Known {
    let names = |names: &Names| std::iter::once(&names.name).chain(&names.aliases).cloned().collect::<Vec<_>>();
    let incidents = annotated.incidents.iter().map(|incident| KnownIncident {
        victim: names(&incident.victim),
        attackers: incident.attackers.iter().map(|held| names(&held.names)).collect(),
        records: incident.records.clone(),
        data: incident.data.clone(),
        occurred: incident.occurred,
        disclosed: incident.disclosed,
    });
    Known { incidents: incidents.collect(), fields: annotated.scored.clone() }
}

/// Divides the documents: returns the part that each is in.
fn parts(annotated: &[Annotated], by: HeldBack) -> Vec<usize> {
    match by {
        HeldBack::Years => annotated.iter().map(|it| usize::try_from(it.published.year()).unwrap_or(0)).collect(),
        HeldBack::Events => events(annotated),
    }
}

/// Numbers the parts so that documents that tell of the same are in one.
fn events(annotated: &[Annotated]) -> Vec<usize> {
    let keys: Vec<Vec<String>> = annotated.iter().map(|it| it.incidents.iter().flat_map(Incident::keys).collect()).collect();
    // Documents that share a key get the number of the first of them, until nothing changes.
    let mut group: Vec<usize> = (0..annotated.len()).collect();
    loop {
        let before = group.clone();
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, keys) in keys.iter().enumerate() {
            for key in keys {
                let known = first.entry(key).or_insert(group[at]);
                let least = group[at].min(*known);
                (*known, group[at]) = (least, least);
            }
        }
        if group == before {
            break;
        }
    }
    group.into_iter().map(|group| group % PARTS).collect()
}

/// Extracts from each document with what was learned from the other parts.
fn extract_held_back(all: &[(Document<'_>, &Known)], parts: &[usize]) -> Result<Vec<Vec<Report>>, Failure> {
    let mut distinct = parts.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let one = |part: usize| -> Result<Vec<(usize, Vec<Report>)>, String> {
        let others: Vec<_> = all.iter().zip(parts).filter(|(_, other)| **other != part).map(|(it, _)| *it).collect();
        let rules = Rules::with_weights(Weights::of_learned(&learn::learn(&others, Rules::builtin())?)?)?;
        let mine = (0..all.len()).filter(|&at| parts[at] == part);
        Ok(mine.map(|at| (at, extract(&all[at].0, &rules).reports)).collect())
    };
    let mut answers = vec![Vec::new(); all.len()];
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    for some in distinct.chunks(at_once) {
        let done: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = some
                .iter()
                .map(|&part| {
                    let one = &one;
                    scope.spawn(move || one(part))
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err("a worker failed".to_owned()))).collect()
        });
        for part in done {
            for (at, reports) in part.map_err(Failure::new)? {
                answers[at] = reports;
            }
        }
    }
    Ok(answers)
}

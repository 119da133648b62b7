//! `breachline learn`: the weights of the extractor, from documents whose incidents are known.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::console::Console;
use super::failure::{Exit, Failure};
use super::{input, json};
use crate::base::day::{Day, DayRange};
use crate::base::fold::fold;
use crate::extract::learn::{self, Known, KnownIncident, Lessons};
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
    /// Hold back so many times, with other parts and other trees each time; every line says its "draw", from 0
    ///
    /// What differs between two draws is chance: the mean of several tells whether a change reads better.
    #[arg(long, value_name = "TIMES", default_value_t = 1, requires = "held_back", value_parser = clap::value_parser!(u64).range(1..=100))]
    draws: u64,
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
    draw: u64,
    incidents: Vec<Report>,
}

/// The parts into which the documents are divided by event.
const PARTS: usize = 5;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let annotated = read(&args.files)?;
    let known: Vec<Known> = annotated.iter().map(known).collect();
    let lessons = Lessons::of(annotated.iter().map(document).zip(&known).collect(), Rules::builtin());
    match args.held_back {
        None => {
            let learned = lessons.learn(|_| true, 0).map_err(Failure::new)?;
            let weights = learn::to_json(learned).map_err(Failure::new)?;
            console.out.write_all(weights.as_bytes())?;
        }
        Some(by) => {
            let draws: Vec<Vec<usize>> = (0..args.draws).map(|draw| parts(&annotated, by, draw)).collect();
            for (draw, answers) in (0..).zip(extract_held_back(&lessons, &draws)?) {
                for (annotated, incidents) in annotated.iter().zip(answers) {
                    console.out.write_all(&json::line(&Answer { doc: &annotated.doc, draw, incidents }))?;
                }
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
fn parts(annotated: &[Annotated], by: HeldBack, draw: u64) -> Vec<usize> {
    match by {
        HeldBack::Years => annotated.iter().map(|it| usize::try_from(it.published.year()).unwrap_or(0)).collect(),
        HeldBack::Events => events(annotated).into_iter().map(|group| part(group, draw)).collect(),
    }
}

/// Numbers groups of documents: those that tell of the same are in one.
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
    group
}

/// Returns the part of a group of documents.
fn part(group: usize, draw: u64) -> usize {
    // Multiplied by an odd number that differs with the draw, neighbours lie far apart in the high bits (Knuth, TAOCP 3, 6.4).
    let dealt = (group as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(2 * draw + 1)) >> 32;
    (dealt % PARTS as u64) as usize
}

/// What is extracted from each document.
type Answers = Vec<Vec<Report>>;

/// Extracts from each document with what was learned from the other parts, draw by draw.
fn extract_held_back(lessons: &Lessons<'_>, draws: &[Vec<usize>]) -> Result<Vec<Answers>, Failure> {
    let of_a_draw = |(draw, parts): (usize, &Vec<usize>)| {
        let distinct: BTreeSet<usize> = parts.iter().copied().collect();
        distinct.into_iter().map(move |part| (draw, part)).collect::<Vec<_>>()
    };
    let all: Vec<(usize, usize)> = draws.iter().enumerate().flat_map(of_a_draw).collect();
    let one = |(draw, part): (usize, usize)| -> Result<Vec<(usize, usize, Vec<Report>)>, String> {
        let is_mine = |number: usize| draws[draw][number] == part;
        let learned = lessons.learn(|number| !is_mine(number), draw as u64)?;
        let rules = Rules::with_weights(Weights::of_learned(&learned)?)?;
        let mine = lessons.documents().enumerate().filter(|(number, _)| is_mine(*number));
        Ok(mine.map(|(number, document)| (draw, number, extract(document, &rules).reports)).collect())
    };
    // Each takes about as long as any other, so that they are handed out one by one.
    let done: Result<Vec<_>, String> = all.into_par_iter().with_max_len(1).map(one).collect();
    let mut answers: Vec<Answers> = draws.iter().map(|parts| vec![Vec::new(); parts.len()]).collect();
    for (draw, number, reports) in done.map_err(Failure::new)?.into_iter().flatten() {
        answers[draw][number] = reports;
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotated(number: usize, event: Option<&str>) -> Annotated {
        let incidents = event.map(|event| {
            serde_json::json!({"victim": {"name": format!("Harrow Bank {number}")}, "event": event, "salience": "mention"})
        });
        let line = serde_json::json!({"doc": number.to_string(), "published": "2024-03-04", "text": "", "incidents": incidents.iter().collect::<Vec<_>>()});
        serde_json::from_value(line).expect("an annotated article")
    }

    #[test]
    fn what_tells_of_one_event_is_in_one_part_and_every_draw_has_other_parts() {
        let all: Vec<Annotated> = (0..60)
            .map(|number| annotated(number, (number % 3 == 0).then_some(if number < 30 { "one" } else { "other" })))
            .collect();
        let draws: Vec<Vec<usize>> = (0..4).map(|draw| parts(&all, HeldBack::Events, draw)).collect();
        for parts in &draws {
            for (range, event) in [(0..30, "one"), (30..60, "other")] {
                let told: BTreeSet<usize> = range.filter(|number| number % 3 == 0).map(|number| parts[number]).collect();
                assert_eq!(told.len(), 1, "{event}");
            }
            let sizes = (0..PARTS).map(|part| parts.iter().filter(|of| **of == part).count());
            assert!(sizes.clone().all(|size| size > 3), "{:?}", sizes.collect::<Vec<_>>());
        }
        assert!((1..4).all(|draw| draws[draw] != draws[0]));
    }
}

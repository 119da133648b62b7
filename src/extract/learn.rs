//! Learns the weights by which candidates are judged, from documents whose victims are known.
//!
//! A logistic regression with a pull towards plain beliefs: a rule speaks for its victim unless the examples say otherwise. Cyclic
//! coordinate descent in a fixed order, so that the same documents always give the same weights.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::fold::fold;
use crate::rules::Rules;

use super::judge::Features;
use super::{Document, reports, with_reading};

/// How strongly weights are pulled to their beliefs. Of 1, 2, 4, 6 and 8 the best on documents held back by event.
const PULL: f64 = 6.0;

/// How much a rule is believed to speak for its victim before any example is seen.
const RULE_BELIEF: f64 = 1.2;

/// Features met in fewer documents than this are left out: what they say is chance.
const LEAST_DOCUMENTS: usize = 3;

/// Sweeps over all weights; the changes are below a thousandth long before.
const SWEEPS: usize = 60;

/// A candidate of a document, and whether it is one of the document's victims.
#[derive(Clone, Debug)]
pub struct Example {
    /// The document, by number.
    pub document: usize,
    /// What speaks for and against it.
    pub features: Features,
    /// Whether it is a victim.
    pub is_victim: bool,
}

/// Returns the candidates of a document. `victims` holds the names of each victim: its name and aliases.
pub fn examples(number: usize, document: &Document<'_>, victims: &[Vec<String>], rules: &Rules) -> Vec<Example> {
    with_reading(document, rules, |reading| {
        let candidates = reports::candidates(reading);
        let names = |entity: usize| &reading.found.entities.all[entity].names;
        let mut hit = BTreeSet::new();
        for victim in victims {
            let best = candidates.iter().enumerate().map(|(at, (draft, _))| (likeness(names(draft.entity), victim), at));
            if let Some((_, at)) =
                best.filter(|(likeness, _)| *likeness > 0).max_by_key(|(likeness, at)| (*likeness, std::cmp::Reverse(*at)))
            {
                hit.insert(at);
            }
        }
        let example =
            |(at, (_, features)): (usize, (_, Features))| Example { document: number, features, is_victim: hit.contains(&at) };
        candidates.into_iter().enumerate().map(example).collect()
    })
}

/// Compares two lists of names: 1000 where one name is the same in both, less where one holds the other's words, 0 where none does.
fn likeness(ours: &[String], theirs: &[String]) -> usize {
    let pairs = ours.iter().flat_map(|one| theirs.iter().map(move |other| (fold(one), fold(other))));
    pairs
        .map(|(one, other)| {
            let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (one.split(' ').collect(), other.split(' ').collect());
            let (small, large) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
            let telling = small.iter().any(|word| word.len() > 2);
            if one.replace(' ', "") == other.replace(' ', "") {
                1000
            } else if telling && small.is_subset(large) {
                100 + 800 * small.len() / large.len()
            } else {
                0
            }
        })
        .max()
        .unwrap_or(0)
}

/// One feature over all examples.
struct Column {
    name: String,
    belief: f64,
    values: Vec<(usize, f64)>,
}

/// Learns a weight for each feature.
pub fn learn(examples: &[Example]) -> BTreeMap<String, f32> {
    let columns = columns(examples);
    let mut weights: Vec<f64> = columns.iter().map(|column| column.belief).collect();
    let mut sums = vec![0.0; examples.len()];
    for (column, weight) in columns.iter().zip(&weights) {
        column.values.iter().for_each(|(row, value)| sums[*row] += value * weight);
    }
    for _ in 0..SWEEPS {
        for (column, weight) in columns.iter().zip(&mut weights) {
            let step = step(column, *weight, &sums, examples);
            *weight -= step;
            column.values.iter().for_each(|(row, value)| sums[*row] -= value * step);
        }
    }
    columns.into_iter().zip(weights).map(|(column, weight)| (column.name, (weight * 1000.0).round() as f32 / 1000.0)).collect()
}

/// Returns the Newton step of one weight, at most 1 either way.
fn step(column: &Column, weight: f64, sums: &[f64], examples: &[Example]) -> f64 {
    let mut slope = PULL * (weight - column.belief);
    let mut bend = PULL;
    for (row, value) in &column.values {
        let chance = 1.0 / (1.0 + (-sums[*row]).exp());
        slope += value * (chance - f64::from(examples[*row].is_victim));
        bend += value * value * chance * (1.0 - chance);
    }
    (slope / bend).clamp(-1.0, 1.0)
}

/// The documents that hold a feature, and its value by row.
type Met = (BTreeSet<usize>, Vec<(usize, f64)>);

fn columns(examples: &[Example]) -> Vec<Column> {
    let mut by_name: BTreeMap<&str, Met> = BTreeMap::new();
    for (row, example) in examples.iter().enumerate() {
        for (name, value) in &example.features {
            let column = by_name.entry(name).or_default();
            column.0.insert(example.document);
            column.1.push((row, f64::from(*value)));
        }
    }
    by_name
        .into_iter()
        .filter(|(_, (documents, _))| documents.len() >= LEAST_DOCUMENTS)
        .map(|(name, (_, values))| {
            let belief = if name.starts_with("rule:") { RULE_BELIEF } else { 0.0 };
            Column { name: name.to_owned(), belief, values }
        })
        .collect()
}

/// Writes weights in the layout of `weights.toml`.
pub fn to_toml(weights: &BTreeMap<String, f32>) -> String {
    let mut text = String::from(
        "# How much each feature of a candidate speaks for its being a victim. Made by `breachline learn`; do not edit.\n\n",
    );
    for (name, weight) in weights.iter().filter(|(_, weight)| **weight != 0.0) {
        text.push_str(&format!("\"{name}\" = {weight}\n"));
    }
    text
}

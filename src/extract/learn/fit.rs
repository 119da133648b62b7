//! The arithmetic of learning: weights that make the examples likely, pulled towards plain beliefs.
//!
//! Cyclic coordinate descent in a fixed order, so that the same examples always give the same weights.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::weights::Table;

/// How much the vote of a rule is believed to speak for its victim before any example is seen.
const RULE_BELIEF: f64 = 1.2;
/// How much the votes of plain rules are believed to speak for what is a victim's, against how little everything else does.
const VOTE_BELIEF: f64 = 3.0;
/// See [`VOTE_BELIEF`].
const NO_VOTE_BELIEF: f64 = -2.0;

/// Features met in fewer documents than this are left out: what they say is chance.
const LEAST_DOCUMENTS: usize = 3;

/// Sweeps over all weights; the changes are below a thousandth long before.
const SWEEPS: usize = 40;

/// A candidate of a document, and whether it is what it might be.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// The document, by number.
    pub document: usize,
    /// The victim to whom it is offered, by number, where one is chosen among what is offered.
    pub victim: usize,
    /// The list that names the victim beside others, by number, where that is to tell something.
    pub list: Option<usize>,
    /// What is offered, by number.
    pub thing: usize,
    /// What speaks for and against it.
    pub features: Vec<(String, f32)>,
    /// Whether it is right.
    pub is_right: bool,
    /// How much it counts.
    pub weight: f64,
}

/// One feature over all examples.
struct Column {
    name: String,
    belief: f64,
    values: Vec<(usize, f64)>,
}

/// Learns a weight for each feature, so that each right candidate is likely and each wrong one is not.
pub(super) fn fit(examples: &[Example], pull: f64) -> Table {
    descend(examples, pull, &mut Alone { sums: vec![0.0; examples.len()] })
}

/// Learns a weight for each feature, so that of what a victim is offered a right one is the likeliest to be chosen: none of them, if
/// none is right.
pub(super) fn choose(examples: &[Example], pull: f64) -> Table {
    descend(examples, pull, &mut Among::of(examples))
}

fn descend(examples: &[Example], pull: f64, chances: &mut impl Chances) -> Table {
    let columns = columns(examples);
    let mut weights: Vec<f64> = columns.iter().map(|column| column.belief).collect();
    for (column, weight) in columns.iter().zip(&weights) {
        column.values.iter().for_each(|(row, value)| chances.add(*row, value * weight, examples));
    }
    for _ in 0..SWEEPS {
        for (column, weight) in columns.iter().zip(&mut weights) {
            let step = step(column, *weight, pull, chances, examples);
            *weight -= step;
            column.values.iter().for_each(|(row, value)| chances.add(*row, -value * step, examples));
        }
    }
    let rounded = |weight: f64| (weight * 1000.0).round() as f32 / 1000.0;
    columns.into_iter().zip(weights).map(|(column, weight)| (column.name, rounded(weight))).collect()
}

/// Returns the Newton step of one weight, at most 1 either way. The weight of "always" is free.
fn step(column: &Column, weight: f64, pull: f64, chances: &impl Chances, examples: &[Example]) -> f64 {
    let pull = if column.name == "always" { 0.01 } else { pull };
    let mut slope = pull * (weight - column.belief);
    let mut bend = pull;
    for (row, value) in &column.values {
        let example = &examples[*row];
        let (chance, wanted) = chances.of(*row, example);
        slope += example.weight * value * (chance - wanted);
        bend += example.weight * value * value * chance * (1.0 - chance);
    }
    (slope / bend).clamp(-1.0, 1.0)
}

/// The chances of all candidates with the weights so far.
trait Chances {
    /// Returns the chance of a candidate, and what it should be.
    fn of(&self, row: usize, example: &Example) -> (f64, f64);
    /// Adds to the sum of a candidate's weights.
    fn add(&mut self, row: usize, more: f64, examples: &[Example]);
}

/// Each candidate by itself.
struct Alone {
    sums: Vec<f64>,
}

impl Chances for Alone {
    fn of(&self, row: usize, example: &Example) -> (f64, f64) {
        (1.0 / (1.0 + (-self.sums[row]).exp()), f64::from(example.is_right))
    }

    fn add(&mut self, row: usize, more: f64, _: &[Example]) {
        self.sums[row] += more;
    }
}

/// One of all candidates of a victim, or none.
struct Among {
    sums: Vec<f64>,
    /// The choice that each candidate belongs to.
    choice: Vec<usize>,
    /// The odds of all candidates of a choice, and 1 for none.
    all: Vec<f64>,
    /// Those of its right candidates; 1 where there is none.
    right: Vec<f64>,
}

impl Among {
    fn of(examples: &[Example]) -> Among {
        let mut numbers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut choice = Vec::with_capacity(examples.len());
        for example in examples {
            let next = numbers.len();
            choice.push(*numbers.entry((example.document, example.victim)).or_insert(next));
        }
        let (mut all, mut right) = (vec![1.0; numbers.len()], vec![0.0; numbers.len()]);
        for (example, choice) in examples.iter().zip(&choice) {
            all[*choice] += 1.0;
            right[*choice] += f64::from(example.is_right);
        }
        right.iter_mut().filter(|right| **right == 0.0).for_each(|right| *right = 1.0);
        Among { sums: vec![0.0; examples.len()], choice, all, right }
    }
}

impl Chances for Among {
    fn of(&self, row: usize, example: &Example) -> (f64, f64) {
        let (odds, choice) = (self.sums[row].exp(), self.choice[row]);
        (odds / self.all[choice], if example.is_right { odds / self.right[choice] } else { 0.0 })
    }

    fn add(&mut self, row: usize, more: f64, examples: &[Example]) {
        let before = self.sums[row].exp();
        self.sums[row] += more;
        let change = self.sums[row].exp() - before;
        self.all[self.choice[row]] += change;
        if examples[row].is_right {
            self.right[self.choice[row]] += change;
        }
    }
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
    let has_votes = by_name.keys().any(|name| name.starts_with("vote:"));
    by_name
        .into_iter()
        .filter(|(_, (documents, _))| documents.len() >= LEAST_DOCUMENTS)
        .map(|(name, (_, values))| {
            let belief = match name.split_once(':') {
                Some(("rule", _)) => RULE_BELIEF,
                Some(("vote", _)) => VOTE_BELIEF,
                None if name == "always" && has_votes => NO_VOTE_BELIEF,
                _ => 0.0,
            };
            Column { name: name.to_owned(), belief, values }
        })
        .collect()
}

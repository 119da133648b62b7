//! The arithmetic of learning: weights that make the examples likely, pulled towards plain beliefs.
//!
//! Coordinate descent in a fixed order, so that the same examples always give the same weights.

use std::collections::BTreeMap;

use super::examples::{Column, Example, Names, columns};
use crate::rules::weights::Table;

/// How much the vote of a rule is believed to speak for its victim before any example is seen.
const RULE_BELIEF: f64 = 1.2;
/// How much the votes of plain rules are believed to speak for what is a victim's, against how little everything else does.
const VOTE_BELIEF: f64 = 3.0;
/// See [`VOTE_BELIEF`].
const NO_VOTE_BELIEF: f64 = -2.0;

/// Features met in fewer documents than this are left out: what they say is chance.
const LEAST_DOCUMENTS: usize = 3;

/// The pull on the weight of "always": hardly any.
const FREE: f64 = 0.01;

/// How often the loss is seen anew as a parabola, and how often all weights are swept over for each, at most.
const ROUNDS: usize = 10;
/// See [`ROUNDS`].
const SWEEPS: usize = 5;

/// A weight that changes less is left alone until no other changes more: weights are kept to a thousandth.
const SMALL: f64 = 0.0005;

/// One feature over all examples, with what is believed of it.
struct Believed {
    column: Column,
    belief: f64,
}

impl Believed {
    /// Returns the rows of the examples that have it, with its value.
    fn values(&self) -> impl Iterator<Item = (usize, f64)> {
        self.column.values.iter().map(|(row, value)| (*row as usize, f64::from(*value)))
    }
}

/// Learns a weight for each feature, so that each right candidate is likely and each wrong one is not.
pub(super) fn fit(examples: &[&Example], pull: f64, names: &Names) -> Table {
    descend(examples, pull, names, alone)
}

/// Learns a weight for each feature, so that of what a victim is offered a right one is the likeliest to be chosen: none of them, if
/// none is right.
pub(super) fn choose(examples: &[&Example], pull: f64, names: &Names) -> Table {
    let choices = Choices::of(examples);
    descend(examples, pull, names, |examples, sums| choices.among(examples, sums))
}

/// How the loss changes with the sum of an example's weights: its first derivative, and the second, or about that.
#[derive(Clone, Copy, Debug)]
struct Slope {
    slope: f64,
    bend: f64,
}

impl Slope {
    fn of(example: &Example, chance: f64, wanted: f64) -> Slope {
        Slope { slope: example.weight * (chance - wanted), bend: example.weight * chance * (1.0 - chance) }
    }
}

/// Newton's method: `slopes` says how the loss changes with the sums of all examples, and the parabola that this makes is descended
/// weight by weight (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate descent", 2010).
fn descend(examples: &[&Example], pull: f64, names: &Names, slopes: impl Fn(&[&Example], &[f64]) -> Vec<Slope>) -> Table {
    let columns = believed(examples, names);
    let pulls: Vec<f64> = columns.iter().map(|it| if names.name(it.column.name) == "always" { FREE } else { pull }).collect();
    let mut weights: Vec<f64> = columns.iter().map(|column| column.belief).collect();
    for _ in 0..ROUNDS {
        let mut slopes = slopes(examples, &sums(&columns, &weights, examples.len()));
        let before = weights.clone();
        sweep(&columns, &pulls, &mut weights, &mut slopes);
        if weights.iter().zip(&before).all(|(now, before)| (now - before).abs() < SMALL) {
            break;
        }
    }
    let rounded = |weight: f64| (weight * 1000.0).round() as f32 / 1000.0;
    columns.iter().zip(weights).map(|(column, weight)| (names.name(column.column.name).to_owned(), rounded(weight))).collect()
}

/// Returns the sum of the weights of each example.
fn sums(columns: &[Believed], weights: &[f64], examples: usize) -> Vec<f64> {
    let mut sums = vec![0.0; examples];
    for (column, weight) in columns.iter().zip(weights) {
        column.values().for_each(|(row, value)| sums[row] += value * weight);
    }
    sums
}

/// Sweeps over the weights until none changes any more, each going to the foot of the parabola, at most 1 either way.
fn sweep(columns: &[Believed], pulls: &[f64], weights: &mut [f64], slopes: &mut [Slope]) {
    let bend = |column: &Believed| column.values().map(|(row, value)| slopes[row].bend * value * value).sum::<f64>();
    let bends: Vec<f64> = columns.iter().zip(pulls).map(|(column, pull)| pull + bend(column)).collect();
    let mut moving: Vec<usize> = (0..columns.len()).collect();
    for _ in 0..SWEEPS {
        moving.retain(|&at| {
            let column = &columns[at];
            let slope: f64 = column.values().map(|(row, value)| slopes[row].slope * value).sum();
            let step = ((slope + pulls[at] * (weights[at] - column.belief)) / bends[at]).clamp(-1.0, 1.0);
            weights[at] -= step;
            column.values().for_each(|(row, value)| slopes[row].slope -= slopes[row].bend * value * step);
            step.abs() >= SMALL
        });
    }
}

/// Each candidate by itself.
fn alone(examples: &[&Example], sums: &[f64]) -> Vec<Slope> {
    let slope =
        |(example, sum): (&&Example, &f64)| Slope::of(example, 1.0 / (1.0 + libm::exp(-sum)), f64::from(example.is_right));
    examples.iter().zip(sums).map(slope).collect()
}

/// One of all candidates of a victim is chosen, or none.
struct Choices {
    /// The choice that each candidate belongs to.
    of: Vec<usize>,
    /// Whether any candidate of a choice is right.
    has_right: Vec<bool>,
}

impl Choices {
    fn of(examples: &[&Example]) -> Choices {
        let mut numbers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut of = Vec::with_capacity(examples.len());
        for example in examples {
            let next = numbers.len();
            of.push(*numbers.entry((example.document, example.victim)).or_insert(next));
        }
        let mut has_right = vec![false; numbers.len()];
        examples.iter().zip(&of).for_each(|(example, choice)| has_right[*choice] |= example.is_right);
        Choices { of, has_right }
    }

    fn among(&self, examples: &[&Example], sums: &[f64]) -> Vec<Slope> {
        // The odds of all candidates of a choice, and 1 for none; and those of the right ones, or of none where there is no right one.
        let mut all = vec![1.0; self.has_right.len()];
        let mut right: Vec<f64> = self.has_right.iter().map(|has_right| f64::from(!has_right)).collect();
        let odds: Vec<f64> = sums.iter().map(|sum| libm::exp(*sum)).collect();
        for ((example, odds), choice) in examples.iter().zip(&odds).zip(&self.of) {
            all[*choice] += odds;
            right[*choice] += if example.is_right { *odds } else { 0.0 };
        }
        let slope = |((example, odds), choice): ((&&Example, &f64), &usize)| {
            let wanted = if example.is_right { odds / right[*choice] } else { 0.0 };
            Slope::of(example, odds / all[*choice], wanted)
        };
        examples.iter().zip(&odds).zip(&self.of).map(slope).collect()
    }
}

/// Returns the features that are met in documents enough.
fn believed(examples: &[&Example], names: &Names) -> Vec<Believed> {
    let columns = columns(examples, LEAST_DOCUMENTS, names);
    let has_votes = examples.iter().flat_map(|example| &example.features).any(|(name, _)| names.name(*name).starts_with("vote:"));
    let belief = |name: &str| match name.split_once(':') {
        Some(("rule", _)) => RULE_BELIEF,
        Some(("vote", _)) => VOTE_BELIEF,
        None if name == "always" && has_votes => NO_VOTE_BELIEF,
        _ => 0.0,
    };
    columns.into_iter().map(|column| Believed { belief: belief(names.name(column.name)), column }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes an example of a document: what is offered to one victim, with the features that hold.
    fn example(names: &mut Names, document: usize, thing: usize, features: &[&str], is_right: bool) -> Example {
        let features = features.iter().map(|name| (names.number(name), 1.0)).collect();
        Example { document, victim: 0, list: None, thing, features, is_right, weight: 1.0 }
    }

    fn refs(examples: &[Example]) -> Vec<&Example> {
        examples.iter().collect()
    }

    #[test]
    fn without_a_pull_the_chance_is_the_share_of_what_is_right() {
        let mut names = Names::default();
        let right = [("red", [true, true, true, false]), ("green", [true, false, false, false])];
        let examples: Vec<Example> = (0..4)
            .flat_map(|document| right.map(|(colour, right)| (document, colour, right[document])))
            .map(|(document, colour, is_right)| example(&mut names, document, 0, &[colour], is_right))
            .collect();
        let weights = fit(&refs(&examples), 1e-9, &names);
        // The odds of three quarters are 3, those of one quarter a third.
        assert!((weights["red"] - 3f32.ln()).abs() < 0.002 && (weights["green"] + 3f32.ln()).abs() < 0.002, "{weights:?}");
    }

    #[test]
    fn what_is_met_seldom_stays_out_and_a_rule_is_believed_until_told_otherwise() {
        let mut names = Names::default();
        let examples: Vec<Example> = (0..6)
            .map(|document| {
                example(&mut names, document, 0, if document < 2 { &["seldom", "rule:a"] } else { &["rule:a"] }, true)
            })
            .collect();
        let weights = fit(&refs(&examples), 1e9, &names);
        assert_eq!(weights, Table::from([("rule:a".to_owned(), RULE_BELIEF as f32)]));
    }

    #[test]
    fn of_what_a_victim_is_offered_one_is_chosen_or_none() {
        let mut names = Names::default();
        // Of two days the near one is right in nine articles of ten; where only far ones are offered, none is.
        let mut examples = Vec::new();
        for document in 0..20 {
            let is_near = document % 10 != 0;
            examples.push(example(&mut names, document, 0, &["near"], is_near));
            examples.push(example(&mut names, document, 1, &["far"], false));
        }
        let weights = choose(&refs(&examples), 0.01, &names);
        let odds = |name: &str| f64::from(weights[name]).exp();
        let chance = odds("near") / (1.0 + odds("near") + odds("far"));
        assert!((chance - 0.9).abs() < 0.01 && odds("far") < 0.1, "{weights:?}");
    }
}

//! Grows the trees of a model: each tree makes up for what those before it leave wrong.
//!
//! Gradient boosting of the logistic loss with second-order gains (Chen and Guestrin, "XGBoost", KDD 2016), level by level, over
//! features in a few steps each. What is left to chance there, the features and examples that a tree sees, comes here from a fixed
//! sequence, so that the same examples always give the same trees.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::trees::Planted;

use super::examples::{Column, Example, NameId, Names, columns};

/// How many trees are grown, and how much of its say each one gets. Of 100 to 400 the fewest that reach what more do.
const TREES: usize = 150;
/// See [`TREES`].
const PACE: f64 = 0.08;
/// How many questions a tree asks of a candidate at most.
const DEPTH: usize = 4;
/// The pull of what a leaf says towards nothing.
const PULL: f64 = 4.0;
/// The least weight of examples on either side of a question.
const LEAST_SIDE: f64 = 12.0;
/// Features met in fewer documents than this are asked for by no tree.
const LEAST_DOCUMENTS: usize = 12;
/// The share of the features that one tree may ask for, and of the examples that it is grown on.
const FEATURES: f64 = 0.3;
/// See [`FEATURES`].
const EXAMPLES: f64 = 0.8;
/// The most steps in which a feature is seen.
const STEPS: usize = 32;

/// One feature over all examples, seen in steps.
struct Stepped {
    name: NameId,
    /// The bounds between its steps, from the lowest.
    bounds: Vec<f32>,
    /// The step of each example for which it is not 0.
    steps: Vec<(u32, u8)>,
    /// The step of 0.
    zero: u8,
}

/// Gradients of some examples: the sum of the first and of the second derivatives of the loss, and of the weights.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    slope: f64,
    bend: f64,
    weight: f64,
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.slope += other.slope;
        self.bend += other.bend;
        self.weight += other.weight;
    }

    fn less(self, other: Sums) -> Sums {
        Sums { slope: self.slope - other.slope, bend: self.bend - other.bend, weight: self.weight - other.weight }
    }

    /// How much the loss falls if these examples get a leaf of their own.
    fn worth(self) -> f64 {
        self.slope * self.slope / (self.bend + PULL)
    }

    /// What that leaf says.
    fn leaf(self) -> f64 {
        -PACE * self.slope / (self.bend + PULL)
    }
}

/// A node of a tree that grows.
#[derive(Clone, Copy, Debug)]
enum Node {
    Leaf(f64),
    Ask { column: usize, step: u8, yes: usize, no: usize },
}

/// The best question for a node so far.
#[derive(Clone, Copy, Debug)]
struct Question {
    gain: f64,
    column: usize,
    step: u8,
}

/// Grows the trees of a model from its examples; others by another draw.
pub(super) fn grow(examples: &[&Example], names: &Names, draw: u64) -> Planted {
    let columns = stepped(examples, names);
    let mut chance = Chance::of(draw);
    let mut sums = vec![0.0_f64; examples.len()];
    let mut trees = Vec::with_capacity(TREES);
    for _ in 0..TREES {
        let gradients: Vec<Sums> = examples
            .iter()
            .zip(&sums)
            .map(|(example, sum)| {
                let odds = 1.0 / (1.0 + libm::exp(-sum));
                let weight = if chance.next() < EXAMPLES { example.weight } else { 0.0 };
                let slope = weight * (odds - f64::from(example.is_right));
                Sums { slope, bend: weight * odds * (1.0 - odds), weight }
            })
            .collect();
        let seen: Vec<usize> = (0..columns.len()).filter(|_| chance.next() < FEATURES).collect();
        let (nodes, leaf_of) = tree(&columns, &seen, &gradients);
        for (sum, leaf) in sums.iter_mut().zip(&leaf_of) {
            if let Node::Leaf(says) = nodes[*leaf] {
                *sum += rounded(says);
            }
        }
        trees.push(nodes);
    }
    write(&columns, &trees, names)
}

/// Grows one tree; returns its nodes and the leaf of each example.
fn tree(columns: &[Stepped], seen: &[usize], gradients: &[Sums]) -> (Vec<Node>, Vec<usize>) {
    let mut node_of = vec![0_usize; gradients.len()];
    let mut nodes = vec![Node::Leaf(0.0)];
    let mut level = 0..1;
    for depth in 0..=DEPTH {
        let mut totals = vec![Sums::default(); level.len()];
        for (node, gradient) in node_of.iter().zip(gradients).filter(|(node, _)| **node >= level.start) {
            totals[node - level.start].add(*gradient);
        }
        totals.iter().enumerate().for_each(|(at, total)| nodes[level.start + at] = Node::Leaf(total.leaf()));
        if depth == DEPTH {
            break;
        }
        let next = nodes.len();
        for (at, question) in questions(columns, seen, gradients, &node_of, level.start, &totals).into_iter().enumerate() {
            if let Some(Question { column, step, .. }) = question {
                let yes = nodes.len();
                nodes[level.start + at] = Node::Ask { column, step, yes, no: yes + 1 };
                nodes.extend([Node::Leaf(0.0), Node::Leaf(0.0)]);
            }
        }
        answer(columns, &nodes, level.clone(), &mut node_of);
        level = next..nodes.len();
        if level.is_empty() {
            break;
        }
    }
    (nodes, node_of)
}

/// Finds the best question for each node of a level, which begins at node `first`.
fn questions(
    columns: &[Stepped],
    seen: &[usize],
    gradients: &[Sums],
    node_of: &[usize],
    first: usize,
    totals: &[Sums],
) -> Vec<Option<Question>> {
    let mut best: Vec<Option<Question>> = vec![None; totals.len()];
    let mut steps = vec![[Sums::default(); STEPS]; totals.len()];
    for &column in seen {
        let it = &columns[column];
        steps.iter_mut().for_each(|steps| *steps = [Sums::default(); STEPS]);
        for (row, step) in &it.steps {
            let node = node_of[*row as usize];
            if node >= first {
                steps[node - first][usize::from(*step)].add(gradients[*row as usize]);
            }
        }
        for ((steps, total), best) in steps.iter_mut().zip(totals).zip(&mut best) {
            let others = steps.iter().fold(Sums::default(), |mut all, step| {
                all.add(*step);
                all
            });
            steps[usize::from(it.zero)].add(total.less(others));
            let mut below = Sums::default();
            for (step, sums) in steps.iter().enumerate().take(it.bounds.len()) {
                below.add(*sums);
                let above = total.less(below);
                let gain = below.worth() + above.worth() - total.worth();
                let wide = below.weight >= LEAST_SIDE && above.weight >= LEAST_SIDE;
                if wide && gain > best.map_or(1e-6, |best| best.gain) {
                    *best = Some(Question { gain, column, step: step as u8 });
                }
            }
        }
    }
    best
}

/// Moves each example from its node to that of the answer.
fn answer(columns: &[Stepped], nodes: &[Node], level: std::ops::Range<usize>, node_of: &mut [usize]) {
    for at in level {
        let Node::Ask { column, step, yes, no } = nodes[at] else { continue };
        let it = &columns[column];
        let side = |of: u8| if of <= step { yes } else { no };
        let told: Vec<(u32, u8)> = it.steps.iter().filter(|(row, _)| node_of[*row as usize] == at).copied().collect();
        node_of.iter_mut().filter(|node| **node == at).for_each(|node| *node = side(it.zero));
        told.into_iter().for_each(|(row, step)| node_of[row as usize] = side(step));
    }
}

fn stepped(examples: &[&Example], names: &Names) -> Vec<Stepped> {
    let columns = columns(examples, LEAST_DOCUMENTS, names).into_iter();
    columns.map(|column| steps(&column, examples.len())).filter(|stepped| !stepped.bounds.is_empty()).collect()
}

/// Sees a feature in steps: one for each value where they are few, else steps that hold about as many examples each.
fn steps(column: &Column, all: usize) -> Stepped {
    let values = &column.values;
    let mut sorted: Vec<f32> = values.iter().map(|(_, value)| *value).collect();
    if values.len() < all {
        sorted.push(0.0);
    }
    sorted.sort_unstable_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    let kept = if distinct.len() <= STEPS {
        distinct
    } else {
        let mut some: Vec<f32> = (0..STEPS).map(|at| sorted[at * sorted.len() / STEPS]).collect();
        some.dedup();
        some
    };
    let mut bounds: Vec<f32> = kept.windows(2).map(|two| ((two[0] + two[1]) / 2.0 * 1000.0).round() / 1000.0).collect();
    bounds.dedup();
    let step = |value: f32| bounds.partition_point(|bound| *bound <= value) as u8;
    let steps = values.iter().map(|(row, value)| (*row, step(*value))).collect();
    Stepped { name: column.name, zero: step(0.0), steps, bounds }
}

/// Writes the trees as the file has them: with the features that any of them asks for.
fn write(columns: &[Stepped], trees: &[Vec<Node>], names: &Names) -> Planted {
    let asked: BTreeSet<usize> = trees
        .iter()
        .flatten()
        .filter_map(|node| match node {
            Node::Ask { column, .. } => Some(*column),
            Node::Leaf(_) => None,
        })
        .collect();
    let place: BTreeMap<usize, usize> = asked.iter().enumerate().map(|(at, column)| (*column, at)).collect();
    let trees = trees.iter().map(|nodes| {
        let mut words = Vec::new();
        put(nodes, 0, columns, &place, &mut words);
        words.join(" ")
    });
    Planted {
        trees: trees.collect(),
        features: asked.iter().map(|column| names.name(columns[*column].name).to_owned()).collect(),
    }
}

fn put(nodes: &[Node], at: usize, columns: &[Stepped], place: &BTreeMap<usize, usize>, words: &mut Vec<String>) {
    match nodes[at] {
        Node::Leaf(says) => words.push(rounded(says).to_string()),
        Node::Ask { column, step, yes, no } => {
            words.push(format!("{}<{}", place[&column], columns[column].bounds[usize::from(step)]));
            put(nodes, yes, columns, place, words);
            put(nodes, no, columns, place, words);
        }
    }
}

fn rounded(says: f64) -> f64 {
    (says * 10_000.0).round() / 10_000.0
}

/// A fixed sequence of numbers from 0 to 1 that look like chance (xorshift64*, Vigna 2016).
struct Chance(u64);

impl Chance {
    /// Begins the sequence of a draw.
    fn of(draw: u64) -> Chance {
        // The golden ratio as SplitMix64 (Steele et al. 2014) goes from one state to the next; never 0 for the draws that there are.
        Chance(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(draw + 1))
    }

    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::weigh::of_odds;
    use crate::rules::trees::Plants;
    use crate::rules::weights::{Learned, Weights};

    /// Examples that are right if one of two features holds, and not both.
    fn either_or(names: &mut Names) -> Vec<Example> {
        let mut example = |number: usize| {
            let (one, other) = (number.is_multiple_of(3), number % 5 < 2);
            let named = [("one", one), ("other", other), ("always", true)];
            let features = named.iter().filter(|(_, holds)| *holds).map(|(name, _)| (names.number(name), 1.0)).collect();
            Example { document: number, victim: 0, list: None, thing: 0, features, is_right: one != other, weight: 10.0 }
        };
        (0..400).map(&mut example).collect()
    }

    fn grown(draw: u64) -> Planted {
        let mut names = Names::default();
        let examples = either_or(&mut names);
        grow(&examples.iter().collect::<Vec<_>>(), &names, draw)
    }

    #[test]
    fn what_features_say_together_is_learned() {
        let trees = Plants::from([("model".to_owned(), grown(0))]);
        let weights = Weights::of_learned(&Learned { trees, ..Learned::default() }).unwrap();
        for (names, right) in [(&[][..], false), (&["one"][..], true), (&["other"][..], true), (&["one", "other"][..], false)] {
            let features: Vec<_> = names.iter().map(|name| (weights.feature(&[name]).unwrap(), 1.0)).collect();
            let chance = of_odds(weights.grove("model").unwrap().sum(&features));
            assert!((chance > 0.5) == right, "{names:?}: {chance}");
        }
    }

    #[test]
    fn the_same_examples_give_the_same_trees() {
        let (one, other) = (grown(1), grown(1));
        assert_eq!((one.features, one.trees), (other.features, other.trees));
    }
}

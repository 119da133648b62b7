//! Decision trees that were learned: what features say together that none says alone, as "named in the title" beside "a rule claims it".
//!
//! A grove is a list of small trees, and what it says of a candidate is the sum of what each of them does (gradient boosting: Friedman,
//! "Greedy function approximation", Annals of Statistics 29, 2001). They stand in `weights.json`, a tree a line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::weights::{FeatureId, Key, key};

/// One grove as the file has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Planted {
    /// The names of the features that the trees ask for; trees name them by their place in this list.
    pub features: Vec<String>,
    /// The trees, each as the list of its nodes in the order in which they are walked: `3<1.5` asks whether feature 3 is below 1.5,
    /// and the tree for yes follows, then that for no; any other number is a leaf.
    pub trees: Vec<String>,
}

/// All groves as the file has them, by the names of their models.
pub type Plants = BTreeMap<String, Planted>;

/// The trees of one model, each filled up to the same depth, so that walking one is so many steps without any choice: where a tree ends
/// early, whatever is asked leads to the same leaf.
#[derive(Clone, Debug, Default)]
pub struct Grove {
    /// The questions of a tree after those of another, each tree's from its root, level by level.
    asks: Vec<Ask>,
    /// What the leaves say, likewise, from left to right.
    leaves: Vec<f32>,
    depth: u32,
    /// The column of each feature, by the feature's number; [`NO_COLUMN`] for those that no tree asks for.
    column_of: Vec<u16>,
    columns: usize,
}

/// Whether the feature in a column is below a bound; then the left branch follows.
#[derive(Clone, Copy, Debug, Default)]
struct Ask {
    column: u16,
    bound: f32,
}

/// A tree as it is read.
enum Node {
    Leaf(f32),
    Ask(Ask, Box<[Node; 2]>),
}

impl Node {
    fn depth(&self) -> u32 {
        match self {
            Node::Leaf(_) => 0,
            Node::Ask(_, branches) => 1 + branches.iter().map(Node::depth).max().unwrap_or(0),
        }
    }
}

const NO_COLUMN: u16 = u16::MAX;

/// The deepest tree that is read: each level doubles what it takes.
const DEEPEST: u32 = 8;

impl Grove {
    /// Reads a grove; `number` gives features their numbers, of which there are `all`.
    ///
    /// # Errors
    /// If a tree is cut short, too deep, or asks for a feature that is not in the list.
    pub fn read(planted: &Planted, all: usize, number: impl Fn(Key) -> Option<FeatureId>) -> Result<Grove, String> {
        // What is filled in asks for the first column, so there is one.
        let mut grove = Grove { column_of: vec![NO_COLUMN; all], columns: planted.features.len().max(1), ..Grove::default() };
        for (column, name) in planted.features.iter().enumerate() {
            let feature = number(key(&[name])).ok_or_else(|| format!("the feature {name} has no number"))?;
            grove.column_of[feature as usize] = u16::try_from(column).map_err(|_| "too many features")?;
        }
        let mut trees = Vec::with_capacity(planted.trees.len());
        for (at, tree) in planted.trees.iter().enumerate() {
            let mut words = tree.split(' ');
            let read = node(&mut words, planted.features.len(), DEEPEST).filter(|_| words.next().is_none());
            trees.push(read.ok_or_else(|| format!("tree {at} cannot be read: {tree}"))?);
        }
        grove.depth = trees.iter().map(Node::depth).max().unwrap_or(0);
        trees.iter().for_each(|tree| grove.plant(tree));
        Ok(grove)
    }

    fn plant(&mut self, tree: &Node) {
        let (asks, leaves) = (self.asks.len(), self.leaves.len());
        self.asks.resize(asks + (1 << self.depth) - 1, Ask::default());
        self.leaves.resize(leaves + (1 << self.depth), 0.0);
        fill(tree, 0, &mut self.asks[asks..], &mut self.leaves[leaves..]);
    }

    /// Returns what all trees say of the features of a candidate: the logarithm of the odds. A feature that is not given is 0.
    pub fn sum(&self, features: &[(FeatureId, f32)]) -> f32 {
        let mut values = vec![0.0; self.columns];
        for (feature, value) in features {
            let column = self.column_of.get(*feature as usize).copied().filter(|column| *column != NO_COLUMN);
            column.into_iter().for_each(|column| values[usize::from(column)] = *value);
        }
        let inner = (1 << self.depth) - 1;
        let says = |tree: usize, asks: &[Ask]| {
            let mut at = 0;
            for _ in 0..self.depth {
                let Ask { column, bound } = asks[at];
                at = 2 * at + 2 - usize::from(values[usize::from(column)] < bound);
            }
            self.leaves[tree * (inner + 1) + at - inner]
        };
        if inner == 0 {
            return self.leaves.iter().sum();
        }
        self.asks.chunks_exact(inner).enumerate().map(|(tree, asks)| says(tree, asks)).sum()
    }
}

/// Reads a node and what follows below it.
fn node<'t>(words: &mut impl Iterator<Item = &'t str>, columns: usize, depth: u32) -> Option<Node> {
    let word = words.next()?;
    let Some((column, bound)) = word.split_once('<') else { return Some(Node::Leaf(word.parse().ok()?)) };
    let below = depth.checked_sub(1)?;
    let column: u16 = column.parse().ok().filter(|column| usize::from(*column) < columns)?;
    let ask = Ask { column, bound: bound.parse().ok()? };
    let yes = node(words, columns, below)?;
    Some(Node::Ask(ask, Box::new([yes, node(words, columns, below)?])))
}

/// Lays out a node at a place of a tree that is filled up.
fn fill(tree: &Node, at: usize, asks: &mut [Ask], leaves: &mut [f32]) {
    match tree {
        Node::Leaf(says) if at >= asks.len() => leaves[at - asks.len()] = *says,
        Node::Leaf(_) => [1, 2].into_iter().for_each(|side| fill(tree, 2 * at + side, asks, leaves)),
        Node::Ask(ask, branches) => {
            asks[at] = *ask;
            branches.iter().zip([1, 2]).for_each(|(branch, side)| fill(branch, 2 * at + side, asks, leaves));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grove(trees: &[&str]) -> Result<Grove, String> {
        let planted =
            Planted { features: vec!["a".into(), "b".into()], trees: trees.iter().map(|tree| (*tree).to_owned()).collect() };
        Grove::read(&planted, 2, |name| Some(u32::from(name == key(&["b"]))))
    }

    #[test]
    fn trees_are_walked_and_summed() {
        let grove = grove(&["0<1.5 1<0 -1 2 0.5", "1<3 0.25 4"]).unwrap();
        let cases = [
            (&[][..], 2.25),
            (&[(1, -1.0)][..], -0.75),
            (&[(0, 1.5)][..], 0.75),
            (&[(0, 2.0), (1, 3.0)][..], 4.5),
            (&[(7, 9.0)][..], 2.25),
        ];
        for (features, expected) in cases {
            assert_eq!(grove.sum(features), expected, "{features:?}");
        }
        assert_eq!(self::grove(&["0.5", "1"]).unwrap().sum(&[]), 1.5, "trees that ask nothing");
        assert_eq!(self::grove(&[]).unwrap().sum(&[]), 0.0, "no trees");
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for tree in
            ["", "0<1 2", "0<1 2 3 4", "2<1 0 0", "x", "0<x 1 1", &"0<1 ".repeat(40), &format!("{}0 0 0", "0<1 0 ".repeat(9))]
        {
            assert!(grove(&[tree]).is_err(), "{tree}");
        }
    }
}

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

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
enum Node {
    /// Asks whether the feature in a column is below a bound. The node for yes is the next one.
    Ask {
        column: u16,
        bound: f32,
        no: u32,
    },
    Leaf(f32),
}

/// The trees of one model.
#[derive(Clone, Debug, Default)]
pub struct Grove {
    nodes: Vec<Node>,
    /// Where each tree begins.
    roots: Vec<u32>,
    /// The column of each feature, by the feature's number; [`NO_COLUMN`] for those that no tree asks for.
    column_of: Vec<u16>,
    columns: usize,
}

const NO_COLUMN: u16 = u16::MAX;

/// The deepest tree that is read.
const DEEPEST: usize = 16;

impl Grove {
    /// Reads a grove; `number` gives features their numbers, of which there are `all`.
    ///
    /// # Errors
    /// If a tree is cut short, too deep, or asks for a feature that is not in the list.
    pub fn read(planted: &Planted, all: usize, number: impl Fn(Key) -> Option<FeatureId>) -> Result<Grove, String> {
        let mut grove = Grove { column_of: vec![NO_COLUMN; all], columns: planted.features.len(), ..Grove::default() };
        for (column, name) in planted.features.iter().enumerate() {
            let feature = number(key(&[name])).ok_or_else(|| format!("the feature {name} has no number"))?;
            grove.column_of[feature as usize] = u16::try_from(column).map_err(|_| "too many features")?;
        }
        for (at, tree) in planted.trees.iter().enumerate() {
            let root = grove.nodes.len() as u32;
            let mut words = tree.split(' ');
            let read = grove.node(&mut words, DEEPEST).filter(|()| words.next().is_none());
            read.ok_or_else(|| format!("tree {at} cannot be read: {tree}"))?;
            grove.roots.push(root);
        }
        Ok(grove)
    }

    fn node<'t>(&mut self, words: &mut impl Iterator<Item = &'t str>, depth: usize) -> Option<()> {
        let word = words.next().filter(|_| depth > 0)?;
        let Some((column, bound)) = word.split_once('<') else {
            self.nodes.push(Node::Leaf(word.parse().ok()?));
            return Some(());
        };
        let column = column.parse().ok().filter(|column| usize::from(*column) < self.columns)?;
        let at = self.nodes.len();
        self.nodes.push(Node::Leaf(0.0));
        self.node(words, depth - 1)?;
        let no = self.nodes.len() as u32;
        self.nodes[at] = Node::Ask { column, bound: bound.parse().ok()?, no };
        self.node(words, depth - 1)
    }

    /// Returns what all trees say of the features of a candidate: the logarithm of the odds. A feature that is not given is 0.
    pub fn sum(&self, features: &[(FeatureId, f32)]) -> f32 {
        let mut values = vec![0.0; self.columns];
        for (feature, value) in features {
            let column = self.column_of.get(*feature as usize).copied().filter(|column| *column != NO_COLUMN);
            column.into_iter().for_each(|column| values[usize::from(column)] = *value);
        }
        self.roots.iter().map(|root| self.walk(*root, &values)).sum()
    }

    fn walk(&self, root: u32, values: &[f32]) -> f32 {
        let mut at = root as usize;
        loop {
            match self.nodes[at] {
                Node::Leaf(says) => return says,
                Node::Ask { column, bound, .. } if values[usize::from(column)] < bound => at += 1,
                Node::Ask { no, .. } => at = no as usize,
            }
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
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for tree in ["", "0<1 2", "0<1 2 3 4", "2<1 0 0", "x", "0<x 1 1", &"0<1 ".repeat(40)] {
            assert!(grove(&[tree]).is_err(), "{tree}");
        }
    }
}

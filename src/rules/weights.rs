//! The numbers that were learned: for each model, how much each feature of a candidate counts.
//!
//! They stand in `weights.json`, a table per model and a line per feature, with the trees of [`super::trees`]. In memory the features that any
//! model knows are numbered, and a model is a list of weights. A feature is looked up by the hash of its name.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

use super::trees::{Grove, Plants};

/// The hash of a feature's name.
pub type Key = u64;

/// The number of a feature: features are numbered in the order of their names.
pub type FeatureId = u32;

/// Feature names and their weights, as the file has them.
pub type Table = BTreeMap<String, f32>;

/// What was learned, as the file has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Learned {
    /// How much each feature of a candidate counts by itself, by the names of the models.
    #[serde(default)]
    pub weights: BTreeMap<String, Table>,
    /// The trees that judge it again beside the others, likewise.
    #[serde(default)]
    pub trees: Plants,
}

/// The weights and trees of every model.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    features: Numbers,
    models: HashMap<String, Model>,
    groves: HashMap<String, Grove>,
}

/// The weights of one model, by the numbers of their features; 0 for those that it does not know.
pub type Model = Vec<f32>;

impl Weights {
    /// Reads a text in the layout of `weights.json`.
    ///
    /// # Errors
    /// If the text has another layout.
    pub fn parse(text: &str) -> Result<Weights, String> {
        let learned: Learned = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
        Weights::of_learned(&learned)
    }

    /// Numbers what was learned.
    ///
    /// # Errors
    /// If trees cannot be read.
    pub fn of_learned(learned: &Learned) -> Result<Weights, String> {
        let Learned { weights: tables, trees: plants } = learned;
        let weighed = tables.values().flat_map(|table| table.keys());
        let asked = plants.values().flat_map(|planted| &planted.features);
        let names: BTreeSet<&String> = weighed.chain(asked).collect();
        let features = Numbers::of(names.iter().map(|name| key(&[name])))?;
        let mut weights = Weights { features, ..Weights::default() };
        for (name, table) in tables {
            let mut model = vec![0.0; names.len()];
            for (feature, weight) in table {
                let number = weights.feature(&[feature]);
                number.into_iter().for_each(|number| model[number as usize] = *weight);
            }
            weights.models.insert(name.clone(), model);
        }
        for (name, planted) in plants {
            let grove = Grove::read(planted, names.len(), |key| weights.features.get(key))
                .map_err(|fault| format!("trees of {name}: {fault}"))?;
            weights.groves.insert(name.clone(), grove);
        }
        Ok(weights)
    }

    /// Returns the weights of a model; None where nothing was learned for it.
    pub fn of(&self, model: &str) -> Option<&Model> {
        self.models.get(model)
    }

    /// Returns the trees of a model; None where none were grown for it.
    pub fn grove(&self, model: &str) -> Option<&Grove> {
        self.groves.get(model)
    }

    /// Returns the number of a feature, given by the parts of its name; None if no model knows it.
    pub fn feature(&self, parts: &[&str]) -> Option<FeatureId> {
        self.features.get(key(parts))
    }
}

/// The numbers of features by their keys: a table of half of each key, small enough to stay near the processor, since thousands are
/// looked up for an article. The other half says where to look first, so that a name that is not in the table would have to share some
/// 47 bits with one of the few ten thousand that are to be taken for it.
#[derive(Clone, Debug, Default)]
struct Numbers {
    /// Half a key for each place that is taken; 0 for one that is free.
    marks: Vec<u32>,
    numbers: Vec<FeatureId>,
}

impl Numbers {
    /// Numbers keys in their order.
    ///
    /// # Errors
    /// If two of them cannot be told apart.
    fn of(keys: impl ExactSizeIterator<Item = Key>) -> Result<Numbers, String> {
        let places = (2 * keys.len().max(1)).next_power_of_two();
        let mut table = Numbers { marks: vec![0; places], numbers: vec![0; places] };
        for (number, key) in (0..).zip(keys) {
            let place = table.place(key);
            if table.marks[place] != 0 {
                return Err("two features have names of like hashes: name one of them otherwise".into());
            }
            table.marks[place] = mark(key);
            table.numbers[place] = number;
        }
        Ok(table)
    }

    fn get(&self, key: Key) -> Option<FeatureId> {
        if self.marks.is_empty() {
            return None;
        }
        let place = self.place(key);
        (self.marks[place] != 0).then(|| self.numbers[place])
    }

    /// Returns the place of a key, or the free one where it would be.
    fn place(&self, key: Key) -> usize {
        let last = self.marks.len() - 1;
        let mut place = key as usize & last;
        while self.marks[place] != 0 && self.marks[place] != mark(key) {
            place = (place + 1) & last;
        }
        place
    }
}

/// Returns the half of a key that tells it from others; never 0.
fn mark(key: Key) -> u32 {
    (key >> 32) as u32 | 1
}

/// Names of up to so many bytes, nearly all, are put together without taking memory.
const SHORT: usize = 64;

/// Returns the key of a feature: the hash of its parts, joined by colons. The parts may hold colons themselves.
pub fn key(parts: &[&str]) -> Key {
    let mut joined = [0; SHORT];
    let mut length = 0;
    for (at, part) in parts.iter().enumerate() {
        let begin = length + usize::from(at > 0);
        let Some(room) = joined.get_mut(begin..begin + part.len()) else { return hash(parts.join(":").as_bytes()) };
        room.copy_from_slice(part.as_bytes());
        if at > 0 {
            joined[length] = b':';
        }
        length = begin + part.len();
    }
    hash(&joined[..length])
}

fn hash(name: &[u8]) -> Key {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(name);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_numbers_and_others_are_not() {
        let names: Vec<String> = (0..3000).map(|number| format!("feature:{number}")).collect();
        let numbers = Numbers::of(names.iter().map(|name| key(&[name]))).expect("a table");
        for (number, name) in (0..).zip(&names) {
            assert_eq!(numbers.get(key(&[name])), Some(number), "{name}");
        }
        assert!((3000..9000).all(|other| numbers.get(key(&["feature", &other.to_string()])).is_none()));
        assert_eq!(numbers.get(key(&["feature", "17"])), Some(17), "parts are joined by colons");
        assert_eq!(Numbers::default().get(key(&["feature:1"])), None, "nothing is in an empty table");
    }

    #[test]
    fn keys_that_cannot_be_told_apart_are_refused() {
        assert!(Numbers::of([1 << 40, 7, 1 << 40].into_iter()).is_err());
    }
}

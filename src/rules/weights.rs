//! The numbers that were learned: for each model, how much each feature of a candidate counts.
//!
//! They stand in `weights.json`, a table per model and a line per feature, with the trees of [`super::trees`]. In memory the features that any
//! model knows are numbered, and a model is a list of weights. A feature is looked up by the hash of its name: two of the few thousand
//! names would have to share 64 bits to be taken for each other.

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
    features: HashMap<Key, FeatureId, FixedState>,
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
        let features = (0..).zip(&names).map(|(number, name)| (key(&[name]), number)).collect();
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
            let number = |key: Key| weights.features.get(&key).copied();
            let grove = Grove::read(planted, names.len(), number).map_err(|fault| format!("trees of {name}: {fault}"))?;
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
        self.features.get(&key(parts)).copied()
    }
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

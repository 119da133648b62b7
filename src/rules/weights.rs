//! The numbers that were learned: for each model, how much each feature of a candidate counts.
//!
//! They stand in `weights.toml`, a table per model and a line per feature, so that a change of them can be read. In memory the features
//! that any model knows are numbered, and a model is a list of weights. A feature is looked up by the hash of its name: two of the few
//! thousand names would have to share 64 bits to be taken for each other.

use std::collections::{BTreeMap, HashMap};

/// The hash of a feature's name.
pub type Key = u64;

/// The number of a feature: features are numbered in the order of their keys.
pub type FeatureId = u32;

/// Feature names and their weights, as the file has them.
pub type Table = BTreeMap<String, f32>;

/// The weights of every model.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    features: HashMap<Key, FeatureId, foldhash::fast::FixedState>,
    models: HashMap<String, Model>,
}

/// The weights of one model, by the numbers of their features; 0 for those that it does not know.
pub type Model = Vec<f32>;

impl Weights {
    /// Reads a text in the layout of `weights.toml`.
    pub fn parse(text: &str) -> Result<Weights, String> {
        let tables: BTreeMap<String, Table> = toml::from_str(text).map_err(|fault| fault.to_string())?;
        Ok(Weights::from_tables(&tables))
    }

    /// Takes the weights of each model as a table.
    pub fn from_tables(tables: &BTreeMap<String, Table>) -> Weights {
        let mut keys: Vec<Key> = tables.values().flat_map(|table| table.keys()).map(|name| key(&[name])).collect();
        keys.sort_unstable();
        keys.dedup();
        let features = (0..).zip(&keys).map(|(number, key)| (*key, number)).collect();
        let mut weights = Weights { features, models: HashMap::new() };
        for (name, table) in tables {
            let mut model = vec![0.0; keys.len()];
            for (feature, weight) in table {
                let number = weights.feature(&[feature]);
                number.into_iter().for_each(|number| model[number as usize] = *weight);
            }
            weights.models.insert(name.clone(), model);
        }
        weights
    }

    /// Returns the weights of a model; None where nothing was learned for it.
    pub fn of(&self, model: &str) -> Option<&Model> {
        self.models.get(model)
    }

    /// Returns the number of a feature, given by the parts of its name; None if no model knows it.
    pub fn feature(&self, parts: &[&str]) -> Option<FeatureId> {
        self.features.get(&key(parts)).copied()
    }
}
/// Returns the key of a feature: the hash of its parts, joined by colons. The parts may hold colons themselves.
pub fn key(parts: &[&str]) -> Key {
    // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            add(b':');
        }
        part.bytes().for_each(&mut add);
    }
    hash
}

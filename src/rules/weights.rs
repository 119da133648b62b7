//! The numbers that were learned: for each model, how much each feature of a candidate counts.
//!
//! They stand in `weights.toml`, a table per model and a line per feature, so that a change of them can be read. In memory a feature
//! is the hash of its name: two of the few thousand names would have to share 64 bits to be taken for each other.

use std::collections::{BTreeMap, HashMap};

/// The hash of a feature's name.
pub type Key = u64;

/// Feature names and their weights, as the file has them.
pub type Table = BTreeMap<String, f32>;

/// The weights of every model.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    models: HashMap<String, Model, foldhash::fast::FixedState>,
}

/// The weights of one model, by the keys of their features.
pub type Model = HashMap<Key, f32, foldhash::fast::FixedState>;

impl Weights {
    /// Reads a text in the layout of `weights.toml`.
    pub fn parse(text: &str) -> Result<Weights, String> {
        let tables: BTreeMap<String, Table> = toml::from_str(text).map_err(|fault| fault.to_string())?;
        Ok(Weights::from_tables(&tables))
    }

    /// Takes the weights of each model as a table.
    pub fn from_tables(tables: &BTreeMap<String, Table>) -> Weights {
        let model = |table: &Table| table.iter().map(|(name, weight)| (key(&[name]), *weight)).collect();
        Weights { models: tables.iter().map(|(name, table)| (name.clone(), model(table))).collect() }
    }

    /// Returns the weights of a model; None where nothing was learned for it.
    pub fn of(&self, model: &str) -> Option<&Model> {
        self.models.get(model)
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

//! Known names, found word by word: a trie over the words of the lexicon.

use std::collections::HashMap;

use crate::base::token;

use super::lexicon::{Lexicon, WordId};

/// Names of several words, each standing for an entry of some table.
#[derive(Debug, Default)]
pub struct Gazetteer {
    /// The words that some name begins with, one bit each: most words begin none.
    first: Vec<u64>,
    steps: HashMap<(u32, WordId), u32, foldhash::fast::FixedState>,
    /// What ends at each node; the first is the root.
    ends: Vec<Option<Entry>>,
}

/// What a known name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which sort of name it is.
    pub sort: Sort,
    /// The number of the entry in its table.
    pub number: u32,
    /// Whether the name is a common word as well, so that it needs support.
    pub weak: bool,
    /// The part that a body of that name usually plays in the news, if not that of a victim.
    pub role: Option<Sort>,
}

/// The sorts of known names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A group or person that attacks: `attackers.toml`.
    Attacker,
    /// Malware that is nobody: a strain of `attackers.toml`.
    Strain,
    /// A body that may be hit: `bodies.toml`.
    Body,
    /// A newspaper, site or agency that reports: `roles.toml`.
    Outlet,
    /// A firm or person that finds, analyses or sells protection.
    Researcher,
    /// Police, prosecutors and security agencies.
    Police,
    /// A regulator.
    Regulator,
    /// A service on which things are posted or sold.
    Platform,
    /// A product, protocol or format.
    Product,
    /// A country, state, city or region: `places.toml`.
    Place,
    /// "Chinese", "Russian".
    Nationality,
}

impl Sort {
    /// Tells whether a name of this sort is usually that of somebody who reports, finds, polices or regulates.
    pub fn is_observer(self) -> bool {
        matches!(self, Sort::Outlet | Sort::Researcher | Sort::Police | Sort::Regulator | Sort::Platform)
    }
}

impl Gazetteer {
    /// Adds a name. The first entry of a name stays, unless it is weak and the new one is not.
    pub fn add(&mut self, name: &str, entry: Entry, lexicon: &mut Lexicon) {
        let mut node = 0;
        let mut lower = String::new();
        token::tokens(name, |raw, _, _| {
            token::fold_token(raw, &mut lower);
            let word = lexicon.intern(&lower);
            if node == 0 {
                self.note_first(word);
            }
            let next = self.ends.len().max(1) as u32;
            node = *self.steps.entry((node, word)).or_insert(next);
            self.ends.resize(self.ends.len().max(node as usize + 1), None);
        });
        if node != 0 {
            let known = self.ends[node as usize].get_or_insert(entry);
            if known.weak && !entry.weak {
                *known = entry;
            } else if entry.sort.is_observer() {
                known.role = known.role.or(Some(entry.sort));
            }
        }
    }

    fn note_first(&mut self, word: WordId) {
        let block = word as usize / 64;
        self.first.resize(self.first.len().max(block + 1), 0);
        self.first[block] |= 1 << (word % 64);
    }

    fn begins(&self, word: WordId) -> bool {
        self.first.get(word as usize / 64).is_some_and(|block| block & 1 << (word % 64) != 0)
    }

    /// Returns the longest known name at the beginning of these words: how many words it takes, and what it is.
    pub fn longest(&self, words: impl Iterator<Item = WordId> + Clone) -> Option<(usize, Entry)> {
        words.clone().next().filter(|word| self.begins(*word))?;
        let mut node = 0;
        let mut best = None;
        for (at, word) in words.enumerate() {
            let Some(&next) = self.steps.get(&(node, word)).filter(|_| word != 0) else { break };
            node = next;
            if let Some(entry) = self.ends[node as usize] {
                best = Some((at + 1, entry));
            }
        }
        best
    }
}

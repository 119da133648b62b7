//! Words that tell what kind of incident is spoken of.

use std::collections::BTreeMap;

use crate::model::report::Kind;

use super::gazetteer::{Entry, Gazetteer, Sort};
use super::lexicon::{Lexicon, WordId};

/// Words and phrases, each with the kinds that it speaks for and how much.
#[derive(Debug, Default)]
pub struct KindWords {
    phrases: Gazetteer,
    votes: Vec<Vec<(Kind, f32)>>,
}

impl KindWords {
    /// Returns the longest phrase at the beginning of these words: its length, and what it speaks for.
    pub fn longest(&self, words: impl Iterator<Item = WordId> + Clone) -> Option<(usize, &[(Kind, f32)])> {
        let (length, entry) = self.phrases.longest(words)?;
        Some((length, &self.votes[entry.number as usize]))
    }
}

/// Reads `kinds.toml`.
pub fn read(text: &str, lexicon: &mut Lexicon) -> Result<KindWords, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Section {
        words: BTreeMap<String, f32>,
    }
    let sections: BTreeMap<Kind, Section> = toml::from_str(text).map_err(|fault| format!("kinds.toml: {fault}"))?;
    let mut by_phrase: BTreeMap<String, Vec<(Kind, f32)>> = BTreeMap::new();
    for (kind, section) in sections {
        for (phrase, vote) in section.words {
            by_phrase.entry(phrase).or_default().push((kind, vote));
        }
    }
    let mut words = KindWords::default();
    for (phrase, votes) in by_phrase {
        let number = words.votes.len() as u32;
        words.phrases.add(&phrase, Entry { sort: Sort::Product, number, weak: false, role: None }, lexicon);
        words.votes.push(votes);
    }
    Ok(words)
}

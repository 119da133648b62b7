//! All patterns asked at once: which of them a match may begin with at each unit of a sentence. Most may nowhere, and cost nothing.

use std::collections::HashMap;

use super::lexicon::{Classes, WordId, form};
use super::pattern::{Pattern, Unit};

/// A set of patterns, one bit each.
pub type PatternSet = u128;

/// The most patterns there may be: one bit of [`PatternSet`] each.
const MOST_PATTERNS: usize = PatternSet::BITS as usize;

/// Patterns by what the first unit of a match may be.
#[derive(Debug, Default)]
pub struct PatternIndex {
    by_word: HashMap<WordId, PatternSet, foldhash::fast::FixedState>,
    /// By class, in any verb form.
    by_class: Vec<PatternSet>,
    /// By class and verb form.
    by_form: Vec<[PatternSet; form::COUNT]>,
    by_kind: Vec<PatternSet>,
    anywhere: PatternSet,
}

/// What the first unit of a match may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// This word.
    Word(WordId),
    /// A word of one of these classes, in one of these verb forms.
    Class(Classes, u8),
    /// A mention of one of these kinds.
    Mention(u32),
    /// Anything.
    Anything,
}

impl PatternIndex {
    /// Enters patterns, numbered in their order; None if there are too many.
    pub fn of<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Option<PatternIndex> {
        let mut index = PatternIndex {
            by_class: vec![0; Classes::BITS as usize],
            by_form: vec![[0; form::COUNT]; Classes::BITS as usize],
            by_kind: vec![0; u32::BITS as usize],
            ..PatternIndex::default()
        };
        for (number, pattern) in patterns.enumerate() {
            if number == MOST_PATTERNS {
                return None;
            }
            pattern.firsts().into_iter().for_each(|first| index.enter(first, 1 << number));
        }
        Some(index)
    }

    fn enter(&mut self, first: First, bit: PatternSet) {
        match first {
            First::Word(word) => *self.by_word.entry(word).or_default() |= bit,
            First::Class(classes, form::ANY) => ones(classes).for_each(|class| self.by_class[class] |= bit),
            First::Class(classes, forms) => {
                for class in ones(classes) {
                    ones(forms.into()).for_each(|form| self.by_form[class][form] |= bit);
                }
            }
            First::Mention(kinds) => ones(kinds.into()).for_each(|kind| self.by_kind[kind] |= bit),
            First::Anything => self.anywhere |= bit,
        }
    }

    /// Returns the patterns of which a match may begin with this unit.
    pub fn begun_by(&self, unit: &Unit) -> PatternSet {
        if unit.kinds != 0 {
            return ones(unit.kinds.into()).fold(self.anywhere, |set, kind| set | self.by_kind[kind]);
        }
        if unit.word == 0 {
            return self.anywhere;
        }
        let mut set = self.anywhere | self.by_word.get(&unit.word).copied().unwrap_or(0);
        for class in ones(unit.classes) {
            set |= self.by_class[class];
            ones(unit.forms.into()).for_each(|form| set |= self.by_form[class][form]);
        }
        set
    }
}

/// Returns the numbers of the bits that are set, from the lowest.
pub fn ones(bits: u128) -> impl Iterator<Item = usize> {
    let mut rest = bits;
    std::iter::from_fn(move || {
        let at = rest.trailing_zeros() as usize;
        rest &= rest.wrapping_sub(1);
        (at < u128::BITS as usize).then_some(at)
    })
}

//! All patterns asked at once: which of them a match may begin with at a unit of a sentence. Most may nowhere, and cost nothing.

use std::collections::HashMap;

use super::lexicon::{Classes, WordId, form};
use super::pattern::{Pattern, Unit};

/// A set of patterns, one bit each.
pub type PatternSet = u128;

/// The most patterns there may be: one bit of [`PatternSet`] each.
const MOST_PATTERNS: usize = PatternSet::BITS as usize;

/// Patterns by what the first and the second unit of a match may be.
#[derive(Debug)]
pub struct PatternIndex {
    first: Place,
    second: Place,
}

/// What a unit of a match may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This word.
    Word(WordId),
    /// A word of this class, in one of these verb forms.
    Class(Classes, u8),
    /// A mention of one of these kinds.
    Mention(u32),
    /// Anything, or nothing.
    Anything,
}

impl PatternIndex {
    /// Enters patterns, numbered in their order; None if there are too many.
    pub fn of<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Option<PatternIndex> {
        let mut index = PatternIndex { first: Place::new(), second: Place::new() };
        for (number, pattern) in patterns.enumerate() {
            if number == MOST_PATTERNS {
                return None;
            }
            let (first, second) = pattern.opening();
            first.into_iter().for_each(|wanted| index.first.enter(wanted, 1 << number));
            second.into_iter().for_each(|wanted| index.second.enter(wanted, 1 << number));
        }
        Some(index)
    }

    /// Returns the patterns of which a match may begin with a unit.
    pub fn begun_at(&self, units: &[Unit], at: usize) -> PatternSet {
        let set = self.first.taking(units.get(at));
        if set == 0 {
            return 0;
        }
        let behind = units.get(at + 1);
        let aside = behind.map_or(0, |unit| usize::from(unit.aside));
        let past_aside = if aside > 0 { self.second.taking(units.get(at + 1 + aside)) } else { 0 };
        set & (self.second.taking(behind) | past_aside)
    }
}

/// Patterns by what one unit of a match may be.
#[derive(Debug)]
struct Place {
    by_word: HashMap<WordId, PatternSet, foldhash::fast::FixedState>,
    /// By class, in any verb form.
    by_class: Vec<PatternSet>,
    /// By class and verb form.
    by_form: Vec<[PatternSet; form::COUNT]>,
    by_kind: Vec<PatternSet>,
    anything: PatternSet,
}

impl Place {
    fn new() -> Place {
        let classes = Classes::BITS as usize;
        let (by_class, by_form, by_kind) = (vec![0; classes], vec![[0; form::COUNT]; classes], vec![0; u32::BITS as usize]);
        Place { by_word: HashMap::default(), by_class, by_form, by_kind, anything: 0 }
    }

    fn enter(&mut self, wanted: Wanted, pattern: PatternSet) {
        match wanted {
            Wanted::Word(word) => *self.by_word.entry(word).or_default() |= pattern,
            Wanted::Class(class, form::ANY) => ones(class).for_each(|class| self.by_class[class] |= pattern),
            Wanted::Class(class, forms) => {
                for class in ones(class) {
                    ones(forms.into()).for_each(|form| self.by_form[class][form] |= pattern);
                }
            }
            Wanted::Mention(kinds) => ones(kinds.into()).for_each(|kind| self.by_kind[kind] |= pattern),
            Wanted::Anything => self.anything |= pattern,
        }
    }

    /// Returns the patterns that take a unit here, or take none.
    fn taking(&self, unit: Option<&Unit>) -> PatternSet {
        let Some(unit) = unit else { return self.anything };
        if unit.kinds != 0 {
            return ones(unit.kinds.into()).fold(self.anything, |set, kind| set | self.by_kind[kind]);
        }
        if unit.word == 0 {
            return self.anything;
        }
        let mut set = self.anything | self.by_word.get(&unit.word).copied().unwrap_or(0);
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

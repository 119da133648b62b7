//! All patterns asked at once: which of them a match may begin with at a unit of a sentence. Most may nowhere, and cost nothing.

use std::collections::HashMap;
use std::ops::{BitAnd, BitOr, BitOrAssign};

use super::lexicon::{Classes, WordId, form};
use super::pattern::{Pattern, Unit};

/// A set of patterns, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatternSet([u128; 2]);

/// The most patterns there may be: one bit of [`PatternSet`] each.
const MOST_PATTERNS: usize = 256;

impl PatternSet {
    fn one(number: usize) -> PatternSet {
        let mut set = PatternSet::default();
        set.0[number / 128] = 1 << (number % 128);
        set
    }

    /// Tells whether a pattern is in the set.
    pub fn contains(self, number: usize) -> bool {
        self.0[number / 128] & 1 << (number % 128) != 0
    }
}

impl BitOr for PatternSet {
    type Output = PatternSet;

    fn bitor(self, other: PatternSet) -> PatternSet {
        PatternSet([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }
}

impl BitOrAssign for PatternSet {
    fn bitor_assign(&mut self, other: PatternSet) {
        *self = *self | other;
    }
}

impl BitAnd for PatternSet {
    type Output = PatternSet;

    fn bitand(self, other: PatternSet) -> PatternSet {
        PatternSet([self.0[0] & other.0[0], self.0[1] & other.0[1]])
    }
}

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
            first.into_iter().for_each(|wanted| index.first.enter(wanted, PatternSet::one(number)));
            second.into_iter().for_each(|wanted| index.second.enter(wanted, PatternSet::one(number)));
        }
        Some(index)
    }

    /// Returns the patterns of which a match may begin with a unit.
    pub fn begun_at(&self, units: &[Unit], at: usize) -> PatternSet {
        let set = self.first.taking(units.get(at));
        if set == PatternSet::default() {
            return set;
        }
        let behind = units.get(at + 1);
        let mut second = self.second.taking(behind);
        if let Some(aside) = behind.map(|unit| usize::from(unit.aside)).filter(|aside| *aside > 0) {
            second |= self.second.taking(units.get(at + 1 + aside));
        }
        set & second
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
        let none = PatternSet::default();
        Place {
            by_word: HashMap::default(),
            by_class: vec![none; classes],
            by_form: vec![[none; form::COUNT]; classes],
            by_kind: vec![none; u32::BITS as usize],
            anything: none,
        }
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
        let mut set = self.anything | self.by_word.get(&unit.word).copied().unwrap_or_default();
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

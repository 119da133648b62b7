//! Names that a query asks for and nobody bears, with those that were perhaps meant.

use super::find::Of;
use super::shelf::guarded;
use super::{Index, schema};
use crate::base::fold::fold;
use crate::base::span::Span;
use crate::store::StoreError;
use crate::store::query::{Condition, Pattern, Place, Query, Test};

/// A name that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The place of the condition in the text of the query.
    pub at: Span,
    /// What is called so: a victim, a source.
    pub what: &'static str,
    /// The name as it was typed.
    pub name: String,
    /// The names that are there and are much like it, the nearest first.
    pub near: Vec<String>,
}

/// The most names that are offered.
const MOST: usize = 3;

impl Index {
    /// Returns the names of victims, attackers, sources and tags that a query asks for though none is there. Where the query speaks of hidden
    /// incidents, it says nothing of theirs.
    pub fn unknown(&self, of: Of, query: &Query) -> Result<Vec<Unknown>, StoreError> {
        let mut unknown = Vec::new();
        if query.speaks_of_hidden() {
            return Ok(unknown);
        }
        for condition in query.conditions() {
            let Test::Words(place, Pattern::Word(name) | Pattern::Phrase { text: name, .. }) = &condition.test else { continue };
            let Some((what, column)) = named(*place) else { continue };
            if self.count(of, &Query::of(condition.clone()))? == 0 {
                let mut near = Vec::new();
                for value in self.alike(of, column, name)? {
                    if near.len() < MOST && self.is_borne(of, *place, &value)? {
                        near.push(value);
                    }
                }
                unknown.push(Unknown { at: condition.at, what, name: name.clone(), near });
            }
        }
        Ok(unknown)
    }

    /// Returns the values of a column that are much like a name, the nearest first: also of what is hidden, or deleted but not yet merged away.
    fn alike(&self, of: Of, column: &'static str, name: &str) -> Result<Vec<String>, StoreError> {
        let shelf = self.shelf(of);
        let values = guarded(|| shelf.memory.values(shelf.searcher().segment_readers(), column));
        let values = values.map_err(|error| shelf.error(error, "looking for names"))?;
        let wanted = fold(name);
        let mut alike: Vec<(usize, &str)> = (0..values.len())
            .map(|number| values.name(number))
            .filter_map(|value| Some((distance(&wanted, &fold(value))?, value)))
            .collect();
        alike.sort_unstable();
        Ok(alike.into_iter().map(|(_, value)| value.to_owned()).collect())
    }

    /// Tells whether anything that searches find bears a name.
    fn is_borne(&self, of: Of, place: Place, name: &str) -> Result<bool, StoreError> {
        let test = Test::Words(place, Pattern::Phrase { text: name.to_owned(), apart: 0 });
        Ok(self.count(of, &Query::of(Condition { at: Span::new(0, 0), test }))? > 0)
    }
}

/// What bears names of that place, and the column of these names; None where there is a closed list of them, or none.
fn named(place: Place) -> Option<(&'static str, &'static str)> {
    match place {
        Place::Victim => Some(("victim", schema::VICTIM)),
        Place::Attacker => Some(("attacker", schema::ATTACKER)),
        Place::Source => Some(("source", schema::SOURCE)),
        Place::Tag => Some(("tag", schema::TAG)),
        Place::Country | Place::Anywhere | Place::Title | Place::Text | Place::Id => None,
    }
}

/// How far a name is from the one that is wanted, or one of its words from it; None if that is too far to have been meant.
fn distance(wanted: &str, name: &str) -> Option<usize> {
    let words = name.split(' ').filter(|word| word.len() > 2);
    let of = |word: &str| {
        let most = wanted.chars().count() / 4 + usize::from(wanted.len() > 3);
        let lengths = word.len().abs_diff(wanted.len());
        (lengths <= 2 * most).then(|| strsim::damerau_levenshtein(wanted, word)).filter(|distance| *distance <= most)
    };
    std::iter::once(name).chain(words).filter_map(of).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_by_few_letters_of_all_or_of_a_word() {
        let cases = [
            ("equifx", "equifax", Some(1)),
            ("lokbit", "lockbit", Some(1)),
            ("krebs", "krebs on security", Some(0)),
            ("kerbs", "krebs on security", Some(1)),
            ("sony pictrues", "sony pictures", Some(1)),
            ("zz", "zurich", None),
            ("nosuch", "naked security", None),
        ];
        for (wanted, name, expected) in cases {
            assert_eq!(distance(wanted, name), expected, "{wanted} {name}");
        }
    }
}

//! The words of an index that are forms of one word: those with the same stem.
//!
//! Incidents are indexed by stems as well, so that they are found at once. Of articles, which are much longer, and of their reports that would
//! take 6 % of the text: there the words of the index are looked through instead.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::words::Stemming;

/// Returns the words of a field that have a stem, in order.
pub(super) fn forms(searcher: &Searcher, field: Field, stem: &str) -> tantivy::Result<Vec<Term>> {
    let (mut forms, mut stemming) = (BTreeSet::new(), Stemming::default());
    for reader in searcher.segment_readers() {
        let index = reader.inverted_index(field)?;
        for beginning in beginnings(stem) {
            let mut words = index.terms().range().ge(beginning.as_bytes()).into_stream()?;
            while words.advance() && words.key().starts_with(beginning.as_bytes()) {
                let word = std::str::from_utf8(words.key()).unwrap_or_default();
                if !forms.contains(word) && stemming.is_form(word, stem) {
                    forms.insert(word.to_owned());
                }
            }
        }
    }
    Ok(forms.into_iter().map(|form| Term::from_field_text(field, &form)).collect())
}

/// Returns how the words begin that may have a stem. English stems are beginnings of their words but for the last letter (`compani`, `make`,
/// `possibl`), or in words of five letters two (`lie` of `lying`): Porter's rules change no more of what they leave
/// (<https://snowballstem.org/algorithms/english/stemmer.html>).
fn beginnings(stem: &str) -> Vec<String> {
    const LAST: [(&str, &str); 5] = [("i", "y"), ("e", "i"), ("l", "i"), ("y", "i"), ("ie", "ying")];
    let other = |(last, instead): &(&str, &str)| stem.strip_suffix(last).map(|rest| format!("{rest}{instead}"));
    std::iter::once(stem.to_owned()).chain(LAST.iter().filter_map(other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::search::words::stems;

    #[test]
    fn every_word_begins_as_its_stem_says() {
        let endings =
            ["", "s", "es", "ed", "ing", "ly", "y", "ies", "ied", "ation", "ational", "ability", "iveness", "fulness", "er"];
        let english =
            include_str!("../../rules/english.txt").lines().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
        let mut seen = 0;
        for word in english.flat_map(|word| endings.map(|ending| format!("{word}{ending}"))) {
            let [stem] = stems(&word).try_into().expect("one word");
            assert!(beginnings(&stem).iter().any(|beginning| word.starts_with(beginning)), "{word} has the stem {stem}");
            seen += 1;
        }
        assert!(seen > 50_000, "{seen} words");
    }

    #[test]
    fn a_word_may_begin_as_another_stem_does() {
        assert_eq!(beginnings("hospit"), ["hospit"]);
        assert_eq!(beginnings("compani"), ["compani", "company"]);
        assert_eq!(beginnings("lie"), ["lie", "lii", "lying"]);
        assert_eq!(stems("lying skies company making possibility"), ["lie", "sky", "compani", "make", "possibl"]);
    }
}

//! What the classes, ids and roles of elements say about them: words, told apart at dashes, underscores and humps.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::names::{BODY, COMMENTS, FURNITURE, LABEL, LEAD, UNSEEN};
use super::tree::{Id, Name, Tree};

/// What a class says an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// The main text.
    Body,
    /// Readers' comments: never part of the article, however long.
    Comments,
    /// Never part of the article, unless the whole article stands in it.
    Furniture,
    /// Not part of the article where it is short: bylines, dates, tags.
    Label,
    /// Not shown to people who see.
    Unseen,
    /// The sentences between title and text.
    Lead,
}

struct Lists {
    automaton: AhoCorasick,
    senses: Vec<Sense>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let lists = [
        (Sense::Body, BODY),
        (Sense::Comments, COMMENTS),
        (Sense::Furniture, FURNITURE),
        (Sense::Label, LABEL),
        (Sense::Unseen, UNSEEN),
        (Sense::Lead, LEAD),
    ];
    let entries: Vec<(Sense, String)> =
        lists.iter().flat_map(|(sense, words)| words.iter().map(|word| (*sense, format!("-{word}-")))).collect();
    let automaton = AhoCorasick::new(entries.iter().map(|(_, word)| word)).expect("the lists of words fit an automaton");
    Lists { automaton, senses: entries.into_iter().map(|(sense, _)| sense).collect() }
});

/// What all words of one element say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Senses(u8);

impl Senses {
    /// Tells whether a word of this sense is among them.
    pub(super) fn has(self, sense: Sense) -> bool {
        self.0 & (1 << sense as u8) != 0
    }
}

/// Words of the lists, by their places in them: those that mean nothing on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Unheeded(Vec<bool>);

/// Letters for each word of the lists.
#[derive(Clone, Debug)]
pub(super) struct Tally(Vec<u32>);

impl Tally {
    /// Makes a tally of nothing.
    pub(super) fn new() -> Tally {
        Tally(vec![0; LISTS.senses.len()])
    }

    /// Adds letters to each word of furniture among `names`, which [`senses`] left in its buffer.
    pub(super) fn add(&mut self, names: &str, letters: u32) {
        let mut words: Vec<usize> =
            LISTS.automaton.find_overlapping_iter(names).map(|found| found.pattern().as_usize()).collect();
        words.sort_unstable();
        words.dedup();
        for word in words.into_iter().filter(|word| LISTS.senses[*word] == Sense::Furniture) {
            self.0[word] = self.0[word].saturating_add(letters);
        }
    }

    /// Returns the words that have at least so many letters; None if none has.
    pub(super) fn with_at_least(&self, letters: u32) -> Option<Unheeded> {
        let words: Vec<bool> = self.0.iter().map(|have| *have >= letters).collect();
        words.contains(&true).then_some(Unheeded(words))
    }
}

/// Reads what the class, id and component names of an element say (the id of a heading is its words); `buffer` is lent so that nothing is allocated.
pub(super) fn senses(tree: &Tree<'_>, id: Id, buffer: &mut String) -> Senses {
    senses_but(tree, id, buffer, &Unheeded::default())
}

/// Does what [`senses`] does, but for words that mean nothing on this page.
pub(super) fn senses_but(tree: &Tree<'_>, id: Id, buffer: &mut String, unheeded: &Unheeded) -> Senses {
    buffer.clear();
    let by_id = !tree.tag(id).is_heading();
    for attribute in tree.attributes(id) {
        let read = matches!(attribute.name, Name::Class | Name::Component) || (attribute.name == Name::Id && by_id);
        if read && attribute.value.len() <= 400 {
            for name in attribute.value.split_ascii_whitespace().filter(|name| !tells_of_others(name)) {
                push_words(name, buffer);
                buffer.push(' ');
            }
        }
    }
    let mut senses = Senses::default();
    if buffer.is_empty() {
        return senses;
    }
    for found in LISTS.automaton.find_overlapping_iter(buffer.as_str()) {
        let word = found.pattern().as_usize();
        if !unheeded.0.get(word).is_some_and(|unheeded| *unheeded) {
            senses.0 |= 1 << LISTS.senses[word] as u8;
        }
    }
    senses
}

/// Tells whether a class says what an element has or lacks, as `has-sidebar` does, and not what it is.
fn tells_of_others(name: &str) -> bool {
    ["has-", "no-", "with-", "without-"].iter().any(|start| name.starts_with(start))
}

/// Writes a class name as its words in lower case, a dash before, between and after them.
fn push_words(name: &str, out: &mut String) {
    let mut previous = '-';
    out.push('-');
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            if previous != '-' {
                out.push('-');
            }
            previous = '-';
            continue;
        }
        if c.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
        previous = c;
    }
    if previous != '-' {
        out.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::parse::parse;

    #[test]
    fn words_are_told_apart_at_dashes_and_humps() {
        let cases = [
            ("article__related-links", Some(Sense::Furniture)),
            ("relatedLinks", Some(Sense::Furniture)),
            ("shareholder adrenaline unrelated", None),
            ("c-ArticleBody", Some(Sense::Body)),
            ("post_comments", Some(Sense::Comments)),
            ("has-social-tools with-sidebar no-ads", None),
        ];
        for (class, expected) in cases {
            let html = format!("<div class=\"{class}\">");
            let tree = parse(&html);
            let found = senses(&tree, 1, &mut String::new());
            for sense in [Sense::Body, Sense::Comments, Sense::Furniture, Sense::Label, Sense::Unseen] {
                assert_eq!(found.has(sense), expected == Some(sense), "{class}: {sense:?}");
            }
        }
    }

    #[test]
    fn the_lists_are_sorted_and_have_nothing_twice() {
        for list in [BODY, COMMENTS, FURNITURE, LABEL, UNSEEN, LEAD] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}

//! Words and the classes they belong to: what a pattern may ask of a token, answered without comparing strings.

use std::collections::HashMap;

use super::index::ones;

/// The number of a word that some rule names; 0 for every other word.
pub type WordId = u32;

/// A set of word classes, one bit each.
pub type Classes = u128;

/// The most classes there may be: one bit of [`Classes`] each.
const MOST_CLASSES: usize = 128;

/// The grammatical forms that a word may have as a verb, one bit each.
pub mod form {
    /// "hack", "steal".
    pub const BASE: u8 = 1;
    /// "hacks", "steals".
    pub const S: u8 = 2;
    /// "hacked", "stole".
    pub const PAST: u8 = 4;
    /// "hacked", "stolen".
    pub const PARTICIPLE: u8 = 8;
    /// "hacking", "stealing".
    pub const ING: u8 = 16;
    /// No verb at all, or any form.
    pub const ANY: u8 = 0;
    /// How many forms there are.
    pub const COUNT: usize = 5;

    /// Returns the form of a name used after a dot in patterns: `@hack.en`.
    pub fn by_name(name: &str) -> Option<u8> {
        Some(match name {
            "base" => BASE,
            "s" => S,
            "ed" => PAST,
            "en" => PARTICIPLE,
            "ing" => ING,
            "finite" => BASE | S | PAST,
            _ => return None,
        })
    }
}

/// What may begin with a word, one bit each.
pub mod opener {
    /// A number in words.
    pub const NUMBER: u8 = 1;
    /// A phrase that names days.
    pub const DAYS: u8 = 2;
}

/// What is known of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its number; 0 where no rule names it.
    pub id: WordId,
    /// The classes it belongs to.
    pub classes: Classes,
    /// The verb forms it may have, in whichever class it is a verb of.
    pub forms: u8,
    /// What may begin with it: the bits of [`opener`].
    pub opens: u8,
}

/// What is known of every other word.
static UNKNOWN: Word = Word { id: 0, classes: 0, forms: form::ANY, opens: 0 };

/// The longest word that is its own key, in bytes.
const SHORT: usize = 15;

/// Returns the bytes of a short word and their number as one number.
fn packed(word: &str) -> Option<u128> {
    let mut bytes = [0; SHORT + 1];
    bytes.get_mut(..word.len()).filter(|_| word.len() <= SHORT)?.copy_from_slice(word.as_bytes());
    bytes[SHORT] = word.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

/// The words that rules name, folded to lower case, and the names of their classes.
#[derive(Debug, Default)]
pub struct Lexicon {
    words: Vec<Word>,
    /// Where the words of up to [`SHORT`] bytes stand in the list. Their bytes are the key, so that nothing else has to be compared.
    short: HashMap<u128, u32, foldhash::fast::FixedState>,
    /// Likewise of all other words.
    long: HashMap<Box<str>, u32, foldhash::fast::FixedState>,
    /// How many words have a number.
    numbered: WordId,
    classes: Vec<String>,
}

impl Lexicon {
    /// Returns what is known of a word, given in lower case.
    pub fn look_up(&self, word: &str) -> &Word {
        let at = match packed(word) {
            Some(key) => self.short.get(&key),
            None => self.long.get(word),
        };
        at.map_or(&UNKNOWN, |at| &self.words[*at as usize])
    }

    /// Returns what is known of a word, which is entered if it is new.
    fn entry(&mut self, word: &str) -> &mut Word {
        let next = self.words.len() as u32;
        let at = match packed(word) {
            Some(key) => *self.short.entry(key).or_insert(next),
            None => *self.long.entry(word.into()).or_insert(next),
        };
        if at == next {
            self.words.push(Word::default());
        }
        &mut self.words[at as usize]
    }

    /// Returns the number of a word, which is given one if it has none yet.
    pub fn intern(&mut self, word: &str) -> WordId {
        let next = self.numbered + 1;
        let entry = self.entry(word);
        if entry.id == 0 {
            entry.id = next;
            self.numbered = next;
            return next;
        }
        entry.id
    }

    /// Returns the bit of a class; None if there is no such class.
    pub fn class(&self, name: &str) -> Option<Classes> {
        self.classes.iter().position(|known| known == name).map(|at| 1 << at)
    }

    /// Returns the names of the classes in a set.
    pub fn names(&self, classes: Classes) -> impl Iterator<Item = &str> {
        ones(classes).filter_map(|at| self.classes.get(at).map(String::as_str))
    }

    /// Returns the bit of a class, made if it is new; None if there are too many.
    pub fn make_class(&mut self, name: &str) -> Option<Classes> {
        if let Some(bit) = self.class(name) {
            return Some(bit);
        }
        if self.classes.len() == MOST_CLASSES {
            return None;
        }
        self.classes.push(name.to_owned());
        Some(1 << (self.classes.len() - 1))
    }

    /// Adds a word to the classes given, with the verb forms it has there.
    pub fn add(&mut self, word: &str, classes: Classes, forms: u8) {
        self.intern(word);
        let entry = self.entry(word);
        entry.classes |= classes;
        entry.forms |= forms;
    }

    /// Notes that something of [`opener`] may begin with a word. It is given no number by that.
    pub fn add_opener(&mut self, word: &str, opens: u8) {
        self.entry(word).opens |= opens;
    }

    /// Adds a noun with its regular plural, or with the plural given after a slash: `company`, `person/people`.
    pub fn add_noun(&mut self, noun: &str, classes: Classes) {
        let (singular, irregular) = noun.split_once('/').map_or((noun, None), |(one, many)| (one, Some(many)));
        self.add(singular, classes, form::ANY);
        self.add(&irregular.map_or_else(|| plural(singular), str::to_owned), classes, form::ANY);
    }

    /// Adds all forms of a verb. A regular one is given by its base; an irregular one as `steal stole stolen`.
    pub fn add_verb(&mut self, verb: &str, classes: Classes) {
        let mut parts = verb.split(' ');
        let base = parts.next().unwrap_or(verb);
        let past = parts.next().map_or_else(|| regular_past(base), str::to_owned);
        let participle = parts.next().map_or_else(|| past.clone(), str::to_owned);
        self.add(base, classes, form::BASE);
        self.add(&third_person(base), classes, form::S);
        self.add(&past, classes, form::PAST);
        self.add(&participle, classes, form::PARTICIPLE);
        self.add(&gerund(base), classes, form::ING);
    }
}

/// Returns the regular plural of a noun.
pub fn plural(noun: &str) -> String {
    third_person(noun)
}

fn third_person(base: &str) -> String {
    if let Some(stem) = base.strip_suffix('y').filter(|stem| !stem.ends_with(VOWELS)) {
        return format!("{stem}ies");
    }
    if base.ends_with(['s', 'x', 'z']) || base.ends_with("ch") || base.ends_with("sh") {
        return format!("{base}es");
    }
    format!("{base}s")
}

fn regular_past(base: &str) -> String {
    if base.ends_with('e') {
        return format!("{base}d");
    }
    if let Some(stem) = base.strip_suffix('y').filter(|stem| !stem.ends_with(VOWELS)) {
        return format!("{stem}ied");
    }
    format!("{}ed", doubled(base))
}

fn gerund(base: &str) -> String {
    match base.strip_suffix('e').filter(|stem| !stem.ends_with(VOWELS)) {
        Some(stem) => format!("{stem}ing"),
        None => format!("{}ing", doubled(base)),
    }
}

const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Doubles the last consonant of a short base with a short vowel: "hit" -> "hitt", but "hack" and "post" stay.
fn doubled(base: &str) -> String {
    let tail: Vec<char> = base.chars().rev().take(3).collect();
    match tail[..] {
        [last, vowel, first]
            if base.len() <= 4
                && VOWELS.contains(&vowel)
                && !VOWELS.contains(&last)
                && !matches!(last, 'w' | 'x' | 'y')
                && !VOWELS.contains(&first) =>
        {
            format!("{base}{last}")
        }
        _ => base.to_owned(),
    }
}

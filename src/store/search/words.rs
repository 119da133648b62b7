//! How text is cut into words, for what is searched and for what is searched with.
//!
//! A word is a run of letters and digits, folded as `base::fold` does. `CVE-2023-34362`, `a@b.example` and `files.example.org` are
//! several words in a row, and are found as typed because a query looks for them in a row. `1,290,755` is one number, `Macy's` one
//! word. Chinese and Japanese, which set no spaces, are cut into single characters.

use std::collections::{BTreeSet, HashMap};

use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::base::fold::fold;
use crate::base::hash::fnv;
use crate::base::span::Span;

/// The name of the analyzer that keeps words as they are.
pub(super) const EXACT: &str = "exact";
/// The name of the analyzer that gives the stems of English words, where they differ from the words.
pub(super) const STEMMED: &str = "stemmed";

/// The longest word that is searched for, in bytes: a SHA-512 in hexadecimal fits.
const LONGEST: usize = 200;

/// Returns the analyzer for text that is searched, words as they are; `Sega's` stands under `segas` and `sega`.
pub(super) fn exact() -> TextAnalyzer {
    TextAnalyzer::builder(Words { possessives: true, token: Token::default() }).build()
}

/// Returns the analyzer for text that is searched, stems alone. A word that is its own stem is left to [`exact`], beside which this one
/// stands: that takes a third of the postings away.
pub(super) fn other_stems() -> TextAnalyzer {
    TextAnalyzer::builder(OtherStems { words: Words::default(), stems: Stems::default() }).build()
}

/// Returns the analyzer that reduces words to their stems.
fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default()).filter(Stemmer::new(Language::English)).build()
}

/// Reduces many words, one after the other, to their stems.
pub(super) struct Stemming(TextAnalyzer);

impl Default for Stemming {
    fn default() -> Stemming {
        Stemming(stemmed())
    }
}

impl Stemming {
    /// Tells whether a word has a stem.
    pub(super) fn is_form(&mut self, word: &str, stem: &str) -> bool {
        let mut stream = self.0.token_stream(word);
        stream.advance() && stream.token().text == stem && !stream.advance()
    }
}

/// Returns the words of a text that is searched with, each once and in order.
pub(super) fn words(text: &str) -> Vec<String> {
    collect(&mut TextAnalyzer::builder(Words::default()).build(), text)
}

/// Returns the stems of a text that is searched with.
pub(super) fn stems(text: &str) -> Vec<String> {
    collect(&mut stemmed(), text)
}

/// How many kinds of pairs are told apart: a pair shares its number with few others of a text, and a list of them takes little.
const PAIRS: u64 = 1 << 16;

/// Returns the numbers of the pairs of words that stand in a row in a text as it is searched. Pairs that differ may have the same number.
pub(super) fn pairs(text: &str) -> BTreeSet<u64> {
    let (mut pairs, mut position) = (BTreeSet::new(), 0);
    let (mut before, mut here): (Vec<String>, Vec<String>) = Default::default();
    exact().token_stream(text).process(&mut |token: &Token| {
        // What stands at one place are two forms of one word.
        if token.position != position {
            (before, here) = (std::mem::take(&mut here), Vec::new());
            position = token.position;
        }
        pairs.extend(before.iter().map(|first| pair(first, &token.text)));
        here.push(token.text.clone());
    });
    pairs
}

/// Returns the number of two words in a row.
pub(super) fn pair(first: &str, second: &str) -> u64 {
    let hash = fnv(first.bytes().chain([0]).chain(second.bytes()));
    (hash ^ hash >> 32) % PAIRS
}

/// A word of a text that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands.
    pub at: Span,
    /// The word, folded.
    pub text: String,
    /// Its stem.
    pub stem: String,
    /// The word without `'s`, where it has that.
    bare: Option<String>,
}

impl Word {
    /// Returns the word without `'s`, as it also stands in the index.
    pub(super) fn bare(&self) -> &str {
        self.bare.as_deref().unwrap_or(&self.text)
    }
}

/// Returns the words of a text, and where they stand.
pub(super) fn located(text: &str) -> Vec<Word> {
    let stems = collect(&mut stemmed(), text);
    let mut words = Vec::with_capacity(stems.len());
    let mut stems = stems.into_iter();
    let mut analyzer = TextAnalyzer::builder(Words::default()).build();
    analyzer.token_stream(text).process(&mut |token: &Token| {
        let bare = without_possessive(&text[token.offset_from..token.offset_to]);
        let stem = stems.next().unwrap_or_default();
        words.push(Word { at: Span::new(token.offset_from, token.offset_to), text: token.text.clone(), stem, bare });
    });
    words
}

fn collect(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token: &Token| words.push(token.text.clone()));
    words
}

#[derive(Clone)]
struct OtherStems {
    words: Words,
    stems: Stems,
}

impl Tokenizer for OtherStems {
    type TokenStream<'a> = OtherStemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> OtherStemStream<'a> {
        OtherStemStream { words: self.words.token_stream(text), stems: &mut self.stems }
    }
}

/// The stems of words that were met, where they differ from the words: a text has few words that the texts before it had not.
#[derive(Clone)]
struct Stems {
    stemmer: TextAnalyzer,
    known: HashMap<String, Option<String>, foldhash::fast::RandomState>,
}

impl Default for Stems {
    fn default() -> Stems {
        Stems { stemmer: stemmed(), known: HashMap::default() }
    }
}

impl Stems {
    /// Words that are remembered before all are forgotten, so that numbers and names do not fill the memory.
    const MOST: usize = 50_000;

    fn other(&mut self, word: &str) -> Option<&str> {
        if !self.known.contains_key(word) {
            if self.known.len() >= Stems::MOST {
                self.known.clear();
            }
            let stem = collect(&mut self.stemmer, word).pop().filter(|stem| stem != word);
            self.known.insert(word.to_owned(), stem);
        }
        self.known.get(word).and_then(Option::as_deref)
    }
}

struct OtherStemStream<'a> {
    words: WordStream<'a>,
    stems: &'a mut Stems,
}

impl TokenStream for OtherStemStream<'_> {
    fn advance(&mut self) -> bool {
        while self.words.advance() {
            if let Some(stem) = self.stems.other(&self.words.token.text) {
                self.words.token.text.clear();
                self.words.token.text.push_str(stem);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}

#[derive(Clone, Default)]
struct Words {
    /// Whether a word with `'s` also stands under the word without.
    possessives: bool,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, possessives: self.possessives, bare: None, token: &mut self.token }
    }
}

struct WordStream<'a> {
    text: &'a str,
    at: usize,
    possessives: bool,
    /// The word without `'s` that follows, at the same position.
    bare: Option<String>,
    token: &'a mut Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(bare) = self.bare.take() {
            self.token.text = bare;
            return true;
        }
        while let Some(word) = next_word(&self.text[self.at..]) {
            let (from, to) = (self.at + word.start, self.at + word.end);
            self.at = to;
            let raw = &self.text[from..to];
            if raw.len() > LONGEST {
                continue;
            }
            fold_into(raw, &mut self.token.text);
            if self.token.text.is_empty() {
                continue;
            }
            self.token.position = self.token.position.wrapping_add(1);
            (self.token.offset_from, self.token.offset_to) = (from, to);
            if self.possessives {
                self.bare = without_possessive(raw);
            }
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Returns where the next word of a text is.
fn next_word(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find(char::is_alphanumeric)?;
    let mut chars = text[start..].char_indices();
    let (_, first) = chars.next()?;
    if is_spaceless(first) {
        return Some(start..start + first.len_utf8());
    }
    let mut before = first;
    for (offset, c) in chars {
        let at = start + offset;
        let rest = &text[at + c.len_utf8()..];
        let goes_on = if is_apostrophe(c) {
            rest.starts_with(char::is_alphanumeric)
        } else if c == ',' {
            before.is_ascii_digit() && is_group(rest)
        } else {
            c.is_ascii_alphanumeric()
                || !c.is_ascii()
                    && ((c.is_alphanumeric() && !is_spaceless(c)) || unicode_normalization::char::is_combining_mark(c))
        };
        if !goes_on {
            return Some(start..at);
        }
        before = c;
    }
    Some(start..text.len())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`')
}

/// Tells whether a text begins with three digits and no fourth: a group of a large number.
fn is_group(text: &str) -> bool {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    digits == 3
}

/// Tells whether a character is of a script that sets no spaces between words.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '\u{0e00}'..='\u{0e7f}')
}

fn fold_into(raw: &str, word: &mut String) {
    word.clear();
    if raw.is_ascii() {
        word.extend(raw.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        word.extend(fold(raw).chars().filter(|c| *c != ' '));
    }
}

fn without_possessive(raw: &str) -> Option<String> {
    let stem = raw.strip_suffix(['s', 'S'])?.strip_suffix(is_apostrophe)?;
    let mut word = String::new();
    fold_into(stem, &mut word);
    Some(word).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_words() {
        let cases = [
            ("Sega Pass was hit", "sega pass was hit"),
            ("CVE-2023-34362", "cve 2023 34362"),
            ("Société Générale, STRASSE", "societe generale strasse"),
            ("1,290,755 of 2,5 and 10,00", "1290755 of 2 5 and 10 00"),
            ("Macy's ‘quoted’ customers' O’Neill", "macys quoted customers oneill"),
            ("漏洞 abc漏洞", "漏 洞 abc 漏 洞"),
            ("MOVEit ½ ﬁle", "moveit 12 file"),
            ("\u{0}--- \u{1f512}", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        assert_eq!(collect(&mut exact(), "Sega's data"), ["segas", "sega", "data"]);
        assert_eq!(stems("hospitals breached"), ["hospit", "breach"]);
        assert_eq!(collect(&mut other_stems(), "Hospitals breach breached"), ["hospit", "breach"]);
        assert_eq!(words(&format!("{} x", "a".repeat(300))), ["x"]);
    }
}

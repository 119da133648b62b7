//! A look at the bytes of a page before anything is read of it: may it speak of an incident at all?
//!
//! One automaton goes over the plain text between the tags, without a tree and without decoding, and stops at the first place that
//! is enough. What does not pass is not worth the thousandfold cost of being read.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::{memchr, memmem};

use crate::rules::GateWords;

/// How far a word of harm may stand from what is at stake, in bytes of plain text: a sentence, roughly.
const NEAR: usize = 120;

/// What lets a text through: one certain word, or two of harm.
const ENOUGH: u32 = 2;

/// Where a page says its language, it does so within so many bytes.
const LANGUAGE_WITHIN: usize = 4096;

/// Why a page is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It says that it is in another language than English.
    Language,
    /// It says nothing of harm to anything at stake.
    Words,
}

/// Decides by words; made once.
#[derive(Debug)]
pub struct Gate {
    words: AhoCorasick,
    /// What each word of the automaton counts; 0 for what is at stake.
    weights: Vec<u32>,
}

impl Gate {
    /// Returns the gate of the built-in words.
    pub fn builtin() -> &'static Gate {
        static GATE: LazyLock<Gate> = LazyLock::new(|| {
            GateWords::read().and_then(|words| Gate::new(&words)).unwrap_or_else(|fault| unreachable!("{fault}"))
        });
        &GATE
    }

    /// Makes a gate of words.
    pub fn new(words: &GateWords) -> Result<Gate, String> {
        let weighed = [(&words.certain, ENOUGH), (&words.harm, 1), (&words.stake, 0)];
        let weights = weighed.iter().flat_map(|(list, weight)| list.iter().map(|_| *weight)).collect();
        let patterns = weighed.iter().flat_map(|(list, _)| list.iter());
        let words = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(patterns);
        Ok(Gate { words: words.map_err(|fault| format!("gate.toml: {fault}"))?, weights })
    }

    /// Tells whether a page, or a plain text, is worth reading.
    pub fn pass(&self, page: &[u8]) -> Result<(), Stopped> {
        if in_another_language(page) {
            return Err(Stopped::Language);
        }
        let mut look = Look { gate: self, seen: 0, stake: None, waiting: Vec::new(), sum: 0 };
        if plain_texts(page, &mut |text| look.at(text)) { Ok(()) } else { Err(Stopped::Words) }
    }
}

/// What was seen so far of one page. Places count bytes of plain text.
struct Look<'g> {
    gate: &'g Gate,
    seen: usize,
    /// Where something at stake was last named.
    stake: Option<usize>,
    /// Words of harm that nothing at stake was near to yet, and what they count.
    waiting: Vec<(usize, u32)>,
    sum: u32,
}

impl Look<'_> {
    /// Looks at the next piece; tells whether the page has passed.
    fn at(&mut self, text: &[u8]) -> bool {
        for found in self.gate.words.find_iter(text) {
            let begins = found.start() == 0 || !text[found.start() - 1].is_ascii_alphabetic();
            if begins {
                self.word(self.seen + found.start(), self.gate.weights[found.pattern().as_usize()]);
            }
            if self.sum >= ENOUGH {
                return true;
            }
        }
        self.seen += text.len();
        false
    }

    fn word(&mut self, place: usize, weight: u32) {
        let is_near = |other: usize| place - other <= NEAR;
        if weight == 0 {
            self.sum += self.waiting.drain(..).filter(|(harm, _)| is_near(*harm)).map(|(_, weight)| weight).sum::<u32>();
            self.stake = Some(place);
        } else if self.stake.is_some_and(is_near) {
            self.sum += weight;
        } else {
            self.waiting.retain(|(harm, _)| is_near(*harm));
            self.waiting.push((place, weight));
        }
    }
}

/// Hands on the pieces of text between the tags, until one is enough; tells whether one was. Scripts, styles and comments are no text.
fn plain_texts(page: &[u8], enough: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    let mut at = 0;
    while at < page.len() {
        let tag = memchr(b'<', &page[at..]).map_or(page.len(), |step| at + step);
        if tag > at && enough(&page[at..tag]) {
            return true;
        }
        at = after_tag(page, tag);
    }
    false
}

/// Returns where the text goes on after the tag, comment, script or style that begins here.
fn after_tag(page: &[u8], tag: usize) -> usize {
    let rest = &page[tag..];
    let end = |found: Option<usize>, length: usize| found.map_or(page.len(), |step| tag + step + length);
    let is = |name: &[u8]| rest.len() > name.len() && rest[1..=name.len()].eq_ignore_ascii_case(name);
    match rest.get(1) {
        Some(b'!') if rest.starts_with(b"<!--") => end(memmem::find(rest, b"-->"), 3),
        _ if is(b"script") => end(memmem::find(rest, b"</script").or_else(|| memmem::find(rest, b"</SCRIPT")), 8),
        _ if is(b"style") => end(memmem::find(rest, b"</style").or_else(|| memmem::find(rest, b"</STYLE")), 7),
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?') => end(memchr(b'>', rest), 1),
        _ => (tag + 1).min(page.len()),
    }
}

/// Tells whether the `<html>` element says that the page is in another language than English.
fn in_another_language(page: &[u8]) -> bool {
    let start = &page[..page.len().min(LANGUAGE_WITHIN)];
    let Some(html) = start.windows(5).position(|window| window.eq_ignore_ascii_case(b"<html")) else { return false };
    let element = &start[html..];
    let element = &element[..memchr(b'>', element).unwrap_or(element.len())];
    let Some(lang) = element.windows(6).position(|window| window.eq_ignore_ascii_case(b" lang=")) else { return false };
    let value = element[lang + 6..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let code: Vec<u8> = value.iter().take_while(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
    !code.is_empty() && code != b"en"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_examples_pass_or_do_not() {
        let words = GateWords::read().unwrap();
        let gate = Gate::new(&words).unwrap();
        for (texts, expected) in [(&words.yes, Ok(())), (&words.no, Err(Stopped::Words))] {
            for text in texts {
                assert_eq!(gate.pass(text.as_bytes()), expected, "{text}");
            }
        }
    }

    #[test]
    fn only_what_a_reader_sees_counts() {
        let gate = Gate::builtin();
        let story = "Hackers took the customer records of a shop.";
        let cases = [
            (format!("<html lang=en><p>{story}</p>"), Ok(())),
            (format!("<html lang=\"en-GB\"><p>{story}"), Ok(())),
            ("<p>Hack<b>ers</b> took the <i>customer</i> records".to_owned(), Ok(())),
            (format!("<HTML class=x LANG='de'><p>{story}</p>"), Err(Stopped::Language)),
            (format!("<script>var a = \"{story}\"</script><p>Weather"), Err(Stopped::Words)),
            (format!("<style>/* {story} */</style><!-- {story} --><a title=\"{story}\">Weather</a>"), Err(Stopped::Words)),
            (format!("<script>{story}"), Err(Stopped::Words)),
            ("<p>whack the data".to_owned(), Err(Stopped::Words)),
            (format!("<p>A hack.{}<p>The customer.", " Rain again.".repeat(20)), Err(Stopped::Words)),
            ("a < b <".to_owned(), Err(Stopped::Words)),
            (String::new(), Err(Stopped::Words)),
        ];
        for (page, expected) in cases {
            assert_eq!(gate.pass(page.as_bytes()), expected, "{page}");
        }
    }
}

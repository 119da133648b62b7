//! Where in a text a query's words are: the piece around them that lists show, with the hits marked.
//!
//! tantivy's own snippets know neither beginnings of words, misspellings nor patterns, and mark the words of a phrase wherever they stand.

use regex::Regex;

use super::words::{self, Word, stems};
use crate::base::span::Span;
use crate::store::query::{Condition, Node, Pattern, Place, Query, Test};

/// A piece of a text, and where in it the hits are.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Snippet {
    /// The piece, on one line; what was cut off at an end is an ellipsis.
    pub text: String,
    /// The hits, as byte offsets into the piece, in order, none within another.
    pub hits: Vec<Span>,
}

/// The words that a query looks for, for finding them again in what it found.
#[derive(Debug)]
pub struct Snippets {
    wanted: Vec<Wanted>,
}

#[derive(Debug)]
enum Wanted {
    /// This word in any of its forms, by its stem.
    Stem(String),
    /// These words in a row, or so many steps out of place.
    Row(Vec<String>, u32),
    /// These words, the last one a beginning.
    Begins(Vec<String>),
    Fuzzy(String, u8),
    /// What matches anywhere in the text.
    Regex(Regex),
}

/// The longest piece, in bytes, without the ellipses.
const LONGEST: usize = 160;
/// What is shown before the first hit, in bytes.
const BEFORE: usize = 50;

impl Snippets {
    /// Takes the words of a query that must or may be there.
    pub fn new(query: &Query) -> Snippets {
        let mut wanted = Vec::new();
        gather(&query.root, &mut wanted);
        Snippets { wanted }
    }

    /// Tells whether the query looks for no words.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Returns the piece of that text in which most of the query's words are; of several as good the first. None where none is in any.
    pub fn best<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Option<Snippet> {
        let mut best: Option<(usize, &str, Vec<Span>)> = None;
        for text in texts {
            let (count, hits) = self.hits(text);
            if count > best.as_ref().map_or(0, |(most, _, _)| *most) {
                best = Some((count, text, hits));
            }
        }
        best.map(|(_, text, hits)| piece(text, &hits))
    }

    /// Returns how many of the wanted are in a text, and where.
    fn hits(&self, text: &str) -> (usize, Vec<Span>) {
        let words = words::located(text);
        let (mut count, mut hits) = (0, Vec::new());
        for wanted in &self.wanted {
            let before = hits.len();
            wanted.find(text, &words, &mut hits);
            count += usize::from(hits.len() > before);
        }
        hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        let mut apart: Vec<Span> = Vec::new();
        for hit in hits {
            match apart.last_mut() {
                Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
                _ => apart.push(hit),
            }
        }
        (count, apart)
    }
}

fn gather(node: &Node, wanted: &mut Vec<Wanted>) {
    match node {
        Node::All | Node::Not(_) => {}
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| gather(node, wanted)),
        Node::Is(Condition { test: Test::Words(place, pattern), .. }) => {
            let read = matches!(place, Place::Anywhere | Place::Title | Place::Text | Place::Victim | Place::Attacker);
            wanted.extend(Wanted::new(pattern).filter(|_| read));
        }
        Node::Is(_) => {}
    }
}

impl Wanted {
    fn new(pattern: &Pattern) -> Option<Wanted> {
        match pattern {
            Pattern::Word(text) => match stems(text).as_mut_slice() {
                [] => None,
                [stem] => Some(Wanted::Stem(std::mem::take(stem))),
                _ => Some(Wanted::Row(words::words(text), 0)),
            },
            Pattern::Phrase { text, apart } => Some(Wanted::Row(words::words(text), *apart)),
            Pattern::Prefix(text) => Some(Wanted::Begins(words::words(text))),
            Pattern::Fuzzy(text, distance) => words::words(text).pop().map(|word| Wanted::Fuzzy(word, *distance)),
            Pattern::Regex(text) => regex::RegexBuilder::new(text).case_insensitive(true).build().ok().map(Wanted::Regex),
        }
    }

    fn find(&self, text: &str, words: &[Word], hits: &mut Vec<Span>) {
        match self {
            Wanted::Stem(stem) => hits.extend(words.iter().filter(|word| word.stem == *stem).map(|word| word.at)),
            Wanted::Fuzzy(wanted, distance) => {
                let near = |word: &&Word| strsim::osa_distance(&word.text, wanted) <= usize::from(*distance);
                hits.extend(words.iter().filter(near).map(|word| word.at));
            }
            Wanted::Row(wanted, apart) => {
                let fits = |word: &Word, wanted: &str, _: bool| word.text == wanted || word.bare() == wanted;
                rows(words, wanted, *apart, fits, hits);
                if let ([one, other], Some(apart)) = (wanted.as_slice(), apart.checked_sub(2)) {
                    rows(words, &[other.clone(), one.clone()], apart, fits, hits);
                }
            }
            Wanted::Begins(wanted) => {
                let fits = |word: &Word, wanted: &str, last: bool| {
                    if last { word.text.starts_with(wanted) } else { word.text == wanted }
                };
                rows(words, wanted, 0, fits, hits);
            }
            Wanted::Regex(regex) => {
                hits.extend(
                    regex.find_iter(text).filter(|found| !found.is_empty()).map(|found| Span::new(found.start(), found.end())),
                );
            }
        }
    }
}

/// Finds words in a row, with at most so many others among them; `fits` is told which word is the last.
fn rows(words: &[Word], wanted: &[String], apart: u32, fits: impl Fn(&Word, &str, bool) -> bool, hits: &mut Vec<Span>) {
    let Some(first) = wanted.first() else { return };
    for start in 0..words.len() {
        if !fits(&words[start], first, wanted.len() == 1) {
            continue;
        }
        let (mut at, mut left) = (start, apart as usize);
        let all = wanted.iter().enumerate().skip(1).all(|(n, word)| {
            let next = (at + 1..words.len().min(at + 2 + left)).find(|next| fits(&words[*next], word, n + 1 == wanted.len()));
            next.is_some_and(|next| {
                left -= next - at - 1;
                at = next;
                true
            })
        });
        if all {
            hits.push(Span::new(words[start].at.start, words[at].at.end));
        }
    }
}

/// Cuts out the piece around the first hits, at spaces.
fn piece(text: &str, hits: &[Span]) -> Snippet {
    let first = hits.first().map_or(0, |hit| hit.start);
    let mut start = text.floor_char_boundary(first.saturating_sub(BEFORE));
    if start > 0 {
        start = text[start..first].find(char::is_whitespace).map_or(first, |space| start + space);
    }
    start += text[start..].len() - text[start..].trim_start().len();
    let longest = LONGEST.max(hits.first().map_or(0, |hit| hit.end - start));
    let mut end = text.floor_char_boundary(start.saturating_add(longest).min(text.len()));
    if end < text.len() {
        let least = hits.iter().map(|hit| hit.end).take_while(|hit_end| *hit_end <= end).last().unwrap_or(start);
        end = text[least..end].rfind(char::is_whitespace).map_or(end, |space| least + space);
    }
    let before = if start > 0 { "…" } else { "" };
    let after = if text[end..].trim().is_empty() { "" } else { "…" };
    let shown = text[start..end].trim_end();
    let moved = |hit: &Span| Span::new(hit.start - start + before.len(), hit.end.min(start + shown.len()) - start + before.len());
    let within = hits.iter().filter(|hit| hit.start >= start && hit.start < start + shown.len());
    let hits = within.map(moved).collect();
    // One byte each, so that the hits stay where they are.
    let shown = shown.replace(['\n', '\r', '\t'], " ");
    Snippet { text: format!("{before}{shown}{after}"), hits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;

    fn marked(query: &str, texts: &[&str]) -> String {
        let query = Query::parse(query, Day::from_epoch(20_000)).unwrap();
        let Some(snippet) = Snippets::new(&query).best(texts.iter().copied()) else { return String::new() };
        let mut text = snippet.text.clone();
        for hit in snippet.hits.iter().rev() {
            text.insert(hit.end, ']');
            text.insert(hit.start, '[');
        }
        text
    }

    #[test]
    fn the_best_piece_is_shown_with_its_hits() {
        let cases = [
            ("hospital", "Two [hospitals] were hit"),
            ("\"were hit\"", "Two hospitals [were hit]"),
            ("\"hospitals hit\"~1", "Two [hospitals were hit]"),
            ("\"hit hospitals\"~3", "Two [hospitals were hit]"),
            ("hosp*", "Two [hospitals] were hit"),
            ("hospitlas~", "Two [hospitals] were hit"),
            ("/h[io]t/", "Two hospitals were [hit]"),
            ("hospital -school", "Two [hospitals] were hit"),
            ("hospital hit", "Two [hospitals] were [hit]"),
            ("-hospital", ""),
            ("nothing", ""),
            ("kind:breach", ""),
            ("CVE-2023-34362", "by [CVE-2023-34362], a flaw"),
            ("macy", "[Macy's] was hit"),
            ("\"macy\"", "[Macy's] was hit"),
        ];
        let texts = ["One school", "Two hospitals were hit", "by CVE-2023-34362, a flaw", "Macy's was hit"];
        for (query, expected) in cases {
            assert_eq!(marked(query, &texts), expected, "{query}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_words() {
        let text = format!("{}\nÄrzte lost imaging data {}", "vor ".repeat(40), "und ".repeat(80));
        let shown = marked("imaging", &[&text]);
        assert!(
            shown.starts_with("…vor vor") && shown.contains("Ärzte lost [imaging] data und") && shown.ends_with("und…"),
            "{shown}"
        );
        assert!(shown.len() < LONGEST + 12);
        let one = "x".repeat(5000);
        assert_eq!(marked(&format!("{}*", &one[..20]), &[&one]), "");
        assert_eq!(marked("a", &["a"]), "[a]");
    }
}

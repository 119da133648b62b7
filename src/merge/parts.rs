//! A name taken to pieces: its words, places, legal form, trade, initials, and the bones by which a misspelling is found.

use crate::base::fold::fold;
use crate::merge::words::{self, COMMON, GROUPS, LEGAL, SMALL, TRADES, has};

/// The fewest letters of a name that is looked up by itself.
pub(super) const LEAST_LETTERS: usize = 3;
/// The fewest letters by which initials are taken for a name. With three, hundreds of bodies of a large store share each of them ("CPS"
/// is a school district, a church and a company), and through these all hang together.
pub(super) const LEAST_INITIALS: usize = 4;
/// The fewest letters of a name that may be misspelt; shorter ones are too much alike.
const LEAST_MISSPELT: usize = 8;

/// A folded word and the way it was written.
pub(super) struct Word {
    pub(super) text: String,
    /// The word without "'s", if it had one.
    pub(super) owner: Option<String>,
}

/// Tells whether two cores differ by a slip of the pen: two letters at most, and the digits are the same.
pub(super) fn is_misspelt(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(one) == digits(other) && strsim::damerau_levenshtein(one, other) <= 2
}

pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Cuts ", Ohio" and ", LLC" off; what follows a comma otherwise belongs to the name.
pub(super) fn cut_place_after_comma(text: &str) -> (&str, Option<&'static str>) {
    let Some((head, tail)) = text.rsplit_once(',') else { return (text, None) };
    let tail = fold(tail);
    match words::place(&tail) {
        Some(place) => (head, Some(place)),
        None if tail.split(' ').all(|word| has(LEGAL, word)) => (head, None),
        None => (text, None),
    }
}

/// Folds the text word by word. What is written in one with single letters stays in one: "U.S.", "AT&T", "T-Mobile".
pub(super) fn read_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for token in text.split_whitespace() {
        let bare = token.trim_end_matches("'s").trim_end_matches("’s");
        let owner = (bare.len() < token.len()).then(|| run_together(fold(bare).split(' ')));
        let folded = fold(token);
        if folded.split(' ').any(|part| part.chars().count() == 1) {
            words.push(Word { text: run_together(folded.split(' ')), owner });
        } else {
            words.extend(folded.split(' ').map(|part| Word { text: part.to_owned(), owner: None }));
            if let Some(last) = words.last_mut() {
                last.owner = owner;
            }
        }
    }
    words.retain(|word| !word.text.is_empty() && word.text != "and");
    words
}

/// Drops articles and "city of" in front, and legal forms behind; never the last word.
pub(super) fn strip_head_and_tail(words: &mut Vec<Word>) {
    while words.len() > 1 && has(SMALL, &words[0].text) {
        words.remove(0);
    }
    if words.len() > 2
        && matches!(words[0].text.as_str(), "city" | "town" | "village" | "state" | "borough")
        && words[1].text == "of"
    {
        words.drain(..2);
        if words.len() > 1 && words[0].text == "the" {
            words.remove(0);
        }
    }
    while words.len() > 1 && has(LEGAL, &words[words.len() - 1].text) {
        words.pop();
    }
}

/// Returns the places among the words, and the words that are neither places nor small.
pub(super) fn split_places(words: &[Word]) -> (Vec<&'static str>, Vec<&str>) {
    let (mut places, mut rest) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        match place_at(words, at) {
            Some((place, length)) => {
                places.push(place);
                at += length;
            }
            None => {
                if !has(SMALL, &words[at].text) {
                    rest.push(words[at].text.as_str());
                }
                at += 1;
            }
        }
    }
    (places, rest)
}

/// Returns the place that begins at a word, and of how many words it is made: the longest.
fn place_at(words: &[Word], at: usize) -> Option<(&'static str, usize)> {
    for length in (1..=3.min(words.len() - at)).rev() {
        let part = &words[at..at + length];
        let mut phrase: Vec<&str> = part.iter().map(|word| word.text.as_str()).collect();
        if let Some(owner) = &part[length - 1].owner {
            phrase[length - 1] = owner;
        }
        if let Some(place) = words::place(&phrase.join(" ")) {
            return Some((place, length));
        }
    }
    None
}

/// Returns a place with common words in an order of their own, so that "Justice Ministry" and "Ministry of Justice" are one.
pub(super) fn placed(place: &str, mut rest: Vec<&str>) -> String {
    if rest.len() > 1 {
        rest.retain(|word| *word != "affairs");
    }
    rest.sort_unstable();
    format!("{place} {}", rest.join(" "))
}

/// Returns the core without a trade behind, without a place behind, and without an owning place in front.
pub(super) fn shorts(words: &[Word], places: &mut Vec<&'static str>) -> Vec<String> {
    let mut shorts = Vec::new();
    let mut offer = |part: &[Word]| {
        let end = part.iter().rposition(|word| !has(SMALL, &word.text)).map_or(0, |last| last + 1);
        let core = run_together(part[..end].iter().map(|word| word.text.as_str()));
        if split_places(part).1.iter().any(|word| !has(COMMON, word)) && core.len() >= LEAST_LETTERS {
            shorts.push(core);
            return true;
        }
        false
    };
    let mut end = words.len();
    while end > 1 && has(TRADES, &words[end - 1].text) {
        end -= 1;
    }
    if end < words.len() {
        offer(&words[..end]);
    }
    if let Some((place, length)) =
        (1..words.len()).find_map(|at| place_at(words, at).filter(|(_, length)| at + length == words.len()))
        && !has(SMALL, &words[words.len() - length - 1].text)
        && offer(&words[..words.len() - length])
    {
        places.push(place);
    }
    if let Some((place, length)) = place_at(words, 0)
        && (words[length - 1].owner.is_some() || matches!(words[0].text.as_str(), "uk" | "us"))
        && offer(&words[length.min(words.len())..])
    {
        places.push(place);
    }
    shorts
}

/// Returns what is left of a group without its members and without the words before a small one ("publicly exposed").
pub(super) fn group(words: &[Word]) -> Option<String> {
    let end = words.iter().rposition(|word| !has(GROUPS, &word.text))? + 1;
    let core = run_together(words[..end].iter().map(|word| word.text.as_str()));
    (end < words.len() && !has(COMMON, &core)).then_some(core)
}

pub(super) fn initials(words: &[Word]) -> Vec<String> {
    if words.len() < LEAST_INITIALS {
        return Vec::new();
    }
    let take = |small: bool| -> String {
        let kept = words.iter().filter(|word| small || !has(SMALL, &word.text));
        kept.filter_map(|word| word.text.chars().next()).collect()
    };
    let mut all = vec![take(true), take(false)];
    all.dedup();
    all.retain(|initials| (LEAST_INITIALS..=8).contains(&initials.chars().count()));
    all
}

pub(super) fn is_like_initials(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    (2..=6).contains(&letters) && capitals * 2 > letters
}

pub(super) fn skeleton(core: &str) -> Option<String> {
    if core.chars().count() < LEAST_MISSPELT {
        return None;
    }
    let mut bones = String::with_capacity(core.len());
    for (at, c) in core.chars().enumerate() {
        if (at == 0 || !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')) && !bones.ends_with(c) {
            bones.push(c);
        }
    }
    (bones.chars().count() >= LEAST_LETTERS).then_some(bones)
}

pub(super) fn run_together<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect()
}

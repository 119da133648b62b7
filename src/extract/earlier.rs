//! A second event of one victim: "The clinic suffered a previous breach in 2019" in an article about this year's.

use crate::base::day::DayRange;
use crate::rules::lexicon::form;

use super::days::Days;
use super::drafts::{self, Draft};
use super::reports::Reading;

/// How long before publication a day must lie for what happened then to be another event, in days: a story seldom breaks later.
const LONG_AGO: i64 = 400;
/// How far before the word for the event its marker may stand: "the previous, larger data breach".
const REACH: usize = 4;

/// An event of a victim other than the one that an article is about.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The sentences that tell of it.
    pub sentences: Vec<usize>,
    /// When it happened, where they say so.
    pub occurred: Option<(DayRange, usize)>,
}

/// Finds the earlier event of a victim, where the text marks it as one and also tells of a later one.
pub fn find(draft: &Draft, reading: &Reading<'_, '_>) -> Option<Earlier> {
    let mut claimed: Vec<usize> = draft
        .claims
        .iter()
        .map(|&number| &reading.claims[number])
        .filter(|claim| drafts::is_actual(claim))
        .map(|claim| claim.sentence)
        .collect();
    claimed.dedup();
    let (earlier, later): (Vec<usize>, Vec<usize>) = claimed.into_iter().partition(|&sentence| is_marked(sentence, reading));
    if earlier.is_empty() || later.is_empty() {
        return None;
    }
    let days = earlier.iter().flat_map(|&sentence| days_of(sentence, reading));
    let occurred = days.min_by_key(|(_, days)| days.range.latest).map(|(number, days)| (days.range, number));
    Some(Earlier { sentences: earlier, occurred })
}

fn days_of<'r>(sentence: usize, reading: &'r Reading<'_, '_>) -> impl Iterator<Item = (usize, &'r Days)> {
    let days = &reading.found.days;
    let start = days.partition_point(|days| days.sentence < sentence);
    let end = days.partition_point(|days| days.sentence <= sentence);
    (start..end).map(|number| (number, &days[number]))
}

/// Tells whether a sentence tells of another event than the rest of the article: by a word for earlier ones, or by days long ago.
fn is_marked(sentence: usize, reading: &Reading<'_, '_>) -> bool {
    if reading.found.text.sentences[sentence].in_title {
        return false;
    }
    let class = &reading.rules.class;
    let tokens = reading.found.text.of(&reading.found.text.sentences[sentence]);
    let is_event = |at: usize| {
        tokens[at].word.classes & (class.attack | class.break_in) != 0
            || tokens[at].word.classes & class.strike != 0 && tokens[at].word.forms & (form::PAST | form::PARTICIPLE) != 0
    };
    let marked = (0..tokens.len())
        .filter(|&at| is_earlier(tokens[at].raw))
        .any(|at| (at + 1..tokens.len().min(at + 1 + REACH)).any(is_event));
    let published = reading.document.published;
    let mut days = days_of(sentence, reading).map(|(_, days)| days.range).peekable();
    marked || days.peek().is_some() && days.all(|range| published.days_since(range.latest) > LONG_AGO)
}

fn is_earlier(word: &str) -> bool {
    ["previous", "previously", "earlier", "prior", "past", "separate", "separately"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

//! How firmly somebody is held responsible: by the words right around each mention, in its clause.
//!
//! A claim of the attackers' own weighs more than a suspicion, and a suspicion more than a plain sentence: who repeats as fact what
//! was claimed or is suspected has still learned it from there.

use crate::model::report::Attribution;

use super::super::drafts::Draft;
use super::super::reports::Reading;

/// The most mentions that are looked at: the first ones say most.
const MOST_SPOTS: usize = 6;

/// Says how firmly who is spoken of at some places, sentences and units, is held responsible for what befell a victim: by those in
/// sentences that speak of both, or by all of them where there are none or the article is about that victim.
pub fn of(spots: &[(usize, usize)], draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) -> Attribution {
    let both: Vec<&(usize, usize)> =
        spots.iter().filter(|(sentence, _)| draft.named_in.binary_search(sentence).is_ok()).collect();
    let said: Vec<Attribution> = if is_main || both.is_empty() {
        spots.iter().take(MOST_SPOTS).map(|spot| said(*spot, reading)).collect()
    } else {
        both.into_iter().map(|spot| said(*spot, reading)).collect()
    };
    let strongest = [Attribution::Denied, Attribution::Claimed, Attribution::Suspected, Attribution::Confirmed];
    strongest.into_iter().find(|attribution| said.contains(attribution)).unwrap_or(Attribution::Suspected)
}

/// Says how firmly one sentence holds who is spoken of at a unit of it responsible.
fn said((sentence, unit): (usize, usize), reading: &Reading<'_, '_>) -> Attribution {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let raw = |at: usize| reading.found.text.tokens[line.pieces[at].tokens.start].raw;
    let same_clause = |at: &usize| !ENDS.contains(&raw(*at));
    let before = |reach: usize| (unit.saturating_sub(reach)..unit).rev().take_while(same_clause);
    let behind = |reach: usize| (unit + 1..line.units.len().min(unit + 1 + reach)).take_while(same_clause);
    let is = |at: usize, bits: u128| line.units[at].kinds == 0 && line.units[at].classes & bits != 0;
    let one_of =
        |at: usize, words: &[&str]| line.units[at].kinds == 0 && words.iter().any(|word| raw(at).eq_ignore_ascii_case(word));
    let claims = |at: usize| is(at, class.own_word) || one_of(at, &LISTING);
    if behind(4).any(|at| is(at, class.deny)) {
        Attribution::Denied
    } else if behind(8).any(claims) || behind(1).any(|at| is(at, class.own_say)) || before(4).any(claims) {
        Attribution::Claimed
    } else if before(6).any(|at| one_of(at, &LINKING)) || behind(5).any(|at| one_of(at, &DOUBTING)) {
        Attribution::Suspected
    } else {
        Attribution::Confirmed
    }
}

/// Marks that end a clause.
const ENDS: [&str; 9] = [",", ";", ":", "(", ")", ".", "“", "”", "\""];

/// Words by which attackers list a victim, or sell what they took from it.
const LISTING: [&str; 8] = ["added", "adds", "listing", "advertised", "selling", "sell", "sells", "offered"];

/// Words by which others point to somebody, who is named behind them.
const LINKING: [&str; 29] = [
    "linked",
    "links",
    "linking",
    "attributed",
    "attributes",
    "attributing",
    "attribute",
    "attribution",
    "blamed",
    "blames",
    "blaming",
    "tied",
    "ties",
    "pointed",
    "connected",
    "associated",
    "traced",
    "suspected",
    "suspects",
    "believed",
    "thought",
    "likely",
    "presumed",
    "alleged",
    "accused",
    "possibly",
    "probably",
    "purported",
    "similarities",
];

/// Words that leave open whether somebody did it, who is named before them.
const DOUBTING: [&str; 12] = [
    "believed",
    "suspected",
    "thought",
    "likely",
    "alleged",
    "allegedly",
    "presumed",
    "possibly",
    "probably",
    "accused",
    "suspect",
    "arrested",
];

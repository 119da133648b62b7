//! Which kinds of data were taken or exposed: each phrase for data is offered to the victims near it.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::mention::RuleId;
use crate::model::report::{DataKind, Field, Report};

use super::super::drafts::Draft;
use super::super::links::{self, Links, Offer};
use super::super::reports::{Reading, quote};
use super::super::weigh::Features;

/// The model that says whether data of a kind was taken.
pub const MODEL: &str = "data";

/// The least chance at which a kind of data was taken.
pub const LEAST: f32 = 0.42;

/// A phrase for a kind of data.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// The sentence, by number.
    pub sentence: usize,
    /// Its tokens, by number in the text.
    pub tokens: Range<usize>,
    /// The kind.
    pub kind: DataKind,
    /// Whether it speaks of data by itself; the others count in lists of data only.
    alone: bool,
}

/// Finds the phrases for data, in order.
pub fn find(reading: &Reading<'_, '_>) -> Vec<Phrase> {
    let all = &reading.found.text.tokens;
    let counted: HashSet<usize> = reading.found.counts.iter().map(|count| count.tokens.start).collect();
    let mut phrases = Vec::new();
    for (sentence, it) in reading.found.text.sentences.iter().enumerate() {
        let mut at = it.tokens.start;
        while at < it.tokens.end {
            let found = reading.rules.data.longest(all[at..it.tokens.end].iter().map(|token| token.word.id));
            let Some((length, kind, alone)) = found else {
                at += 1;
                continue;
            };
            // "The records of 31,677 patients" counts people; what was in the records is said elsewhere.
            let counts = all.get(at + length).is_some_and(|token| token.raw == "of") && counted.contains(&(at + length + 1));
            if let Some(kind) = kind.filter(|kind| *kind != DataKind::Documents || !counts) {
                phrases.push(Phrase { sentence, tokens: at..at + length, kind, alone });
            }
            at += length;
        }
    }
    phrases
}

/// Offers each phrase to the victims near it.
pub fn offers<'r>(
    phrases: &[Phrase],
    links: &Links<'_, '_>,
    drafts: &[Draft],
    reading: &Reading<'r, '_>,
    named: bool,
) -> Vec<Offer<'r>> {
    let (mut offers, mut distances) = (Vec::new(), Vec::new());
    for (thing, phrase) in phrases.iter().enumerate() {
        let pieces = &reading.lines[phrase.sentence].pieces;
        let unit = pieces.partition_point(|piece| piece.tokens.end <= phrase.tokens.start).min(pieces.len().saturating_sub(1));
        let mut own = Features::new(&reading.rules.weights, named);
        links::surround(&mut own, phrase.sentence, unit..unit + 1, reading);
        links::place(&mut own, phrase.sentence);
        let taken = describe(&mut own, phrase, reading);
        for draft in links.near(phrase.sentence) {
            let mut features = own.clone();
            links.relate(&mut features, draft, phrase.sentence, unit);
            features.flag(&["vote:taken"], taken && drafts[draft].sentences.binary_search(&phrase.sentence).is_ok());
            distances.push(links.distance(draft, phrase.tokens.start));
            offers.push(Offer { draft, thing, features });
        }
    }
    links::mark_nearest(&mut offers, &distances);
    offers
}

/// Says what the phrase is and how it stands in its sentence; returns whether plain rules take it for data that was taken.
fn describe(features: &mut Features<'_>, phrase: &Phrase, reading: &Reading<'_, '_>) -> bool {
    let sentence = &reading.found.text.sentences[phrase.sentence].tokens;
    let listed = in_list(&phrase.tokens, sentence, reading);
    let beside = beside_data(&phrase.tokens, sentence, reading);
    let words: Vec<&str> = phrase.tokens.clone().map(|at| reading.found.text.small(at)).collect();
    let class = &reading.rules.class;
    let classes = reading.lines[phrase.sentence].classes();
    features.add(&["always"], 1.0);
    features.add(&["kind", phrase.kind.word()], 1.0);
    features.add(&["phrase", &words.join(" ")], 1.0);
    features.add(&["alone", if phrase.alone { "yes" } else { "no" }], 1.0);
    features.flag(&["weak-and-unlisted"], !(phrase.alone || listed && beside));
    features.flag(&["in-list"], listed);
    features.flag(&["beside-data"], beside);
    let negated = negated(phrase.tokens.start, sentence, reading);
    features.flag(&["negated"], negated);
    features.flag(&["sentence-of-theft"], classes & class.steal != 0);
    features.flag(&["sentence-of-attack"], classes & (class.attack | class.hack) != 0);
    let lists = reading.found.text.tokens[sentence.clone()].iter().any(|token| LISTING.contains(&token.raw));
    features.flag(&["sentence-lists"], lists);
    (classes & class.steal != 0 || lists) && (phrase.alone || listed && beside) && !negated
}

/// Words by which a sentence says what data was.
const LISTING: [&str; 11] = [
    "included",
    "includes",
    "including",
    "include",
    "contained",
    "containing",
    "contains",
    "consisted",
    "such",
    "comprising",
    "consists",
];

/// Fills the kinds of data from the phrases that were offered to the incident, the likeliest first.
pub fn fill(report: &mut Report, draft: &Draft, offered: &[(f32, usize)], phrases: &[Phrase], reading: &Reading<'_, '_>) {
    for &(chance, thing) in offered.iter().take_while(|(chance, _)| *chance >= LEAST) {
        let Phrase { sentence, tokens, kind, .. } = &phrases[thing];
        if report.data.contains(kind) {
            continue;
        }
        report.data.push(*kind);
        let rule = RuleId("data.named".into());
        report.evidence.extend(quote(Field::Data, *sentence, tokens.clone(), rule, draft.confidence * chance, reading));
    }
    report.data.sort_unstable();
}

/// Tells whether a phrase stands in an enumeration.
fn in_list(phrase: &Range<usize>, sentence: &Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let all = &reading.found.text.tokens;
    let joint = |at: usize| sentence.contains(&at) && matches!(all[at].raw, "," | "and" | ";" | "or");
    joint(phrase.end) || phrase.start > sentence.start && joint(phrase.start - 1)
}

/// Tells whether another word for data stands next in the enumeration, or one that opens an enumeration of data stands before.
fn beside_data(phrase: &Range<usize>, sentence: &Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let all = &reading.found.text.tokens;
    let is_data = |at: usize| {
        reading
            .rules
            .data
            .longest(all[at..sentence.end].iter().map(|token| token.word.id))
            .is_some_and(|(_, kind, _)| kind.is_some())
    };
    let opens = |at: usize| {
        matches!(all[at].raw, "including" | "included" | "include" | "includes" | "contained" | "containing" | "contains" | ":")
    };
    (phrase.end + 1..(phrase.end + 5).min(sentence.end)).any(is_data)
        || (phrase.start.saturating_sub(5).max(sentence.start)..phrase.start).any(|at| is_data(at) || opens(at))
}

/// Tells whether the clause says that this was not taken: "no financial data", "passwords were not accessed".
fn negated(at: usize, sentence: &Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let all = &reading.found.text.tokens;
    let ends = |at: usize| matches!(all[at].raw, ";" | "." | "but" | "However" | "however" | "although" | "while");
    for back in (sentence.start..at).rev() {
        if ends(back) {
            break;
        }
        if all[back].word.classes & class.not != 0 && all.get(back + 1).is_none_or(|token| token.raw != "only") {
            return true;
        }
    }
    let mut verbs = 0;
    for token in &all[at..sentence.end] {
        if matches!(token.raw, ";" | "." | "but") || verbs > 1 {
            break;
        }
        if token.word.classes & class.not != 0 && token.word.classes & class.be == 0 {
            return !token.raw.eq_ignore_ascii_case("without");
        }
        verbs += usize::from(token.word.classes & class.steal != 0 && token.word.forms != 0);
    }
    false
}

//! Which kinds of data were taken or exposed: each phrase for data is offered to the victims near it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use crate::model::mention::RuleId;
use crate::model::report::{DataKind, Field, Report};
use crate::rules::lexicon::form;
use crate::rules::mention;

use super::super::clauses;
use super::super::drafts::Draft;
use super::super::links::{self, Links, Offer};
use super::super::reports::{Reading, quote};
use super::super::weigh::{Features, bucket};

/// The model that says whether data of a kind was taken.
pub const MODEL: &str = "data";

/// Likewise in a description without a title, which is about little else than the data that was taken.
pub const UNTITLED: &str = "data-untitled";

/// Returns the model that a document asks for.
pub fn model(reading: &Reading<'_, '_>) -> &'static str {
    if reading.document.title.is_empty() { UNTITLED } else { MODEL }
}

/// Returns the least chance at which a kind of data was taken. Of 0.3 to 0.58 the best on documents held back by event.
pub fn least(reading: &Reading<'_, '_>) -> f32 {
    if reading.document.title.is_empty() { 0.42 } else { 0.48 }
}

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

/// Finds the phrases for data, in order, without what is said not to have been taken.
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
            let is_data = |kind: &DataKind| *kind != DataKind::Documents || !counts;
            if let Some(kind) = kind.filter(is_data).filter(|_| !negated(at, &it.tokens, reading)) {
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
    let mut listed: BTreeMap<usize, BTreeSet<DataKind>> = BTreeMap::new();
    let mut spoken_of: BTreeMap<DataKind, BTreeSet<usize>> = BTreeMap::new();
    for phrase in phrases {
        listed.entry(phrase.sentence).or_default().insert(phrase.kind);
        spoken_of.entry(phrase.kind).or_default().insert(phrase.sentence);
    }
    for (thing, phrase) in phrases.iter().enumerate() {
        let pieces = &reading.lines[phrase.sentence].pieces;
        let unit = pieces.partition_point(|piece| piece.tokens.end <= phrase.tokens.start).min(pieces.len().saturating_sub(1));
        let mut own = Features::new(&reading.rules.weights, named);
        links::surround(&mut own, phrase.sentence, unit..unit + 1, links::telling(reading), reading);
        links::place(&mut own, phrase.sentence);
        let taken = describe(&mut own, phrase, reading);
        of_clause(&mut own, phrase, unit, reading);
        own.add(&["kinds-in-sentence", bucket(listed[&phrase.sentence].len(), &[(1, "1"), (2, "2"), (4, "4")])], 1.0);
        own.add(&["sentences-of-kind", bucket(spoken_of[&phrase.kind].len(), &[(1, "1"), (2, "2"), (4, "4")])], 1.0);
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
    features.flag(&["stands-alone"], phrase.alone && !listed);
    features.add(&["kind", phrase.kind.word(), if listed { "listed" } else { "unlisted" }], 1.0);
    features.flag(&["sentence-of-theft"], classes & class.steal != 0);
    features.flag(&["sentence-of-attack"], classes & (class.attack | class.hack) != 0);
    let lists = reading.found.text.tokens[sentence.clone()].iter().any(|token| LISTING.contains(&token.raw));
    features.flag(&["sentence-lists"], lists);
    (classes & class.steal != 0 || lists) && (phrase.alone || listed && beside)
}

/// Says what the clause of the phrase, at a unit of its sentence, is about: its verb, and whether it advises, tells what malware can do,
/// or names what the attackers got in with.
fn of_clause(features: &mut Features<'_>, phrase: &Phrase, unit: usize, reading: &Reading<'_, '_>) {
    let class = &reading.rules.class;
    let line = &reading.lines[phrase.sentence];
    let clause = clauses::of(phrase.sentence, unit, reading);
    let word = |at: usize| links::word(line, at, reading);
    if let Some(verb) = clause.verb {
        let side = if clause.verb_follows { "behind" } else { "before" };
        features.add(&["clause", side, word(verb)], 1.0);
        for name in reading.rules.lexicon.names(line.units[verb].classes & links::telling(reading)) {
            features.add(&["clause", side, name], 1.0);
        }
        let helped = (verb.saturating_sub(3)..verb).find(|&at| line.units[at].classes & (class.modal | class.not) != 0);
        features.flag(&["clause", "may"], helped.is_some());
        features.flag(&["clause", "to"], verb > 0 && word(verb - 1) == "to");
    }
    let means = |at: usize| matches!(word(at), "using" | "use" | "used" | "with" | "via" | "through" | "by");
    features.flag(&["means"], (unit.saturating_sub(4)..unit).any(means));
    let advises = |at: usize| ADVICE.contains(&word(at));
    features.flag(&["advice"], (0..line.units.len()).any(advises));
    features.flag(&["of-malware"], line.kinds() & mention::MALWARE != 0);
    features.flag(&["of-malware+may"], line.kinds() & mention::MALWARE != 0 && line.classes() & class.modal != 0);
    features.flag(&["may"], line.classes() & class.modal != 0);
    features.flag(&["of-theft"], line.classes() & (class.theft | class.break_in) != 0);
    features.flag(&["question"], word(line.units.len() - 1) == "?");
}

/// Words by which readers are told what to do.
const ADVICE: [&str; 18] = [
    "advise",
    "advised",
    "advises",
    "avoid",
    "change",
    "changing",
    "encourage",
    "encouraged",
    "recommend",
    "recommended",
    "recommends",
    "reset",
    "resetting",
    "rotate",
    "should",
    "urge",
    "urged",
    "vigilant",
];

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
    for &(chance, thing) in offered.iter().take_while(|(chance, _)| *chance >= least(reading)) {
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
    // "No card data was taken, but names were", "While no card data was taken, names were": a verb before a comma ends what "no" denies.
    let is_past = |at: usize| all[at].word.forms & (form::PAST | form::PARTICIPLE) != 0;
    let closes =
        |at: usize| all[at].raw == "," && is_past(at - 1) && all[at - 1].word.classes & (class.steal | class.affect) != 0;
    for back in (sentence.start..at).rev() {
        if ends(back) || back > sentence.start && closes(back) {
            break;
        }
        if all[back].word.classes & class.not != 0 && all.get(back + 1).is_none_or(|token| token.raw != "only") {
            return true;
        }
    }
    for (at, token) in (at..).zip(&all[at..sentence.end]) {
        if matches!(token.raw, ";" | "." | "but") || is_past(at) && token.word.classes & class.steal != 0 {
            break;
        }
        if token.word.classes & class.not != 0 && token.word.classes & class.be == 0 {
            return !token.raw.eq_ignore_ascii_case("without");
        }
    }
    false
}

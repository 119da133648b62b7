//! When it happened, and when it became known: each date is offered to the victims near it, and the verbs of its clause say which of the
//! two it is.

use std::collections::HashMap;

use crate::base::day::DayRange;
use crate::model::mention::RuleId;
use crate::model::report::{Field, Kind, Report};
use crate::rules::lexicon::form;
use crate::rules::mention;

use super::super::clauses::{self, Clause};
use super::super::days::{Days, Style};
use super::super::drafts::Draft;
use super::super::links::{self, Links, Offer};
use super::super::reports::{Reading, quote};
use super::super::weigh::{Features, bucket};

/// The models that say whose day it was that it happened, and that it became known.
pub const OCCURRED: &str = "occurred";
/// See [`OCCURRED`].
pub const DISCLOSED: &str = "disclosed";

/// The least chance at which a day is taken, of all that a victim is offered and of none.
pub const LEAST_OCCURRED: f32 = 0.2;
/// Likewise.
pub const LEAST_DISCLOSED: f32 = 0.2;

/// What the verbs of its clause make a date the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Event,
    /// Both at once: what was leaked or posted happened in public.
    Public,
    Disclosure,
    Discovery,
    Nothing,
}

impl Of {
    fn word(self) -> &'static str {
        match self {
            Of::Event => "event",
            Of::Public => "public",
            Of::Disclosure => "disclosure",
            Of::Discovery => "discovery",
            Of::Nothing => "nothing",
        }
    }
}

/// Offers each date to the victims near it. What is offered serves both models.
pub fn offers<'r>(links: &Links<'_, '_>, drafts: &[Draft], reading: &Reading<'r, '_>, named: bool) -> Vec<Offer<'r>> {
    let (mut offers, mut happened, mut known, mut distances) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut said: HashMap<DayRange, usize> = HashMap::new();
    reading.found.days.iter().for_each(|days| *said.entry(days.range).or_default() += 1);
    for (thing, days) in reading.found.days.iter().enumerate() {
        let line = &reading.lines[days.sentence];
        let Some(unit) = line.pieces.iter().position(|piece| piece.tokens.contains(&days.tokens.start)) else { continue };
        if days.range.earliest > reading.document.published {
            continue;
        }
        let mut own = Features::new(&reading.rules.weights, named);
        links::surround(&mut own, days.sentence, unit..unit + 1, reading);
        let meaning = of(days, unit, reading);
        describe(&mut own, days, unit, meaning, reading);
        own.add(&["said", bucket(said[&days.range], &[(1, "1"), (2, "2")])], 1.0);
        for draft in links.near(days.sentence) {
            let mut features = own.clone();
            links.relate(&mut features, draft, days.sentence, unit);
            let (event, disclosure) = votes(days, meaning, &drafts[draft], links.main == Some(draft), reading);
            features.add(&["rule-event"], event.max(0.0));
            features.add(&["rule-disclosure"], f32::from(disclosure > f32::MIN));
            happened.push(event);
            known.push(disclosure);
            distances.push(links.distance(draft, days.tokens.start));
            offers.push(Offer { draft, thing, features });
        }
    }
    links::vote(&mut offers, &happened, "vote:event");
    links::vote(&mut offers, &known, "vote:disclosure");
    links::mark_nearest(&mut offers, &distances);
    offers
}

/// Says how much plain rules speak for a date as the day of the event and as that of its disclosure; [`f32::MIN`] if not at all.
fn votes(days: &Days, (of, strength): (Of, f32), draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) -> (f32, f32) {
    let named = draft.named_in.binary_search(&days.sentence).is_ok();
    let spoken_of = named || is_main && draft.sentences.binary_search(&days.sentence).is_ok();
    if bounds_only(days, reading) || !spoken_of {
        return (f32::MIN, f32::MIN);
    }
    let early = if is_main { 1.0 / (1.0 + days.sentence as f32 / 12.0) } else { 1.0 };
    let strength = strength * early * if named { 1.0 } else { 0.7 };
    // Of several disclosures the first counts.
    let age = reading.document.published.days_since(days.range.latest) as f32;
    let disclosed = if strength >= 0.25 { age } else { f32::MIN };
    match of {
        Of::Event => (strength, f32::MIN),
        Of::Public => (0.6 * strength, disclosed),
        Of::Disclosure => (f32::MIN, disclosed),
        Of::Discovery | Of::Nothing => (f32::MIN, f32::MIN),
    }
}

/// Says what the date itself is, and what the verbs of its clause make of it.
fn describe(features: &mut Features<'_>, days: &Days, unit: usize, (of, strength): (Of, f32), reading: &Reading<'_, '_>) {
    features.add(&["always"], 1.0);
    let style = match days.style {
        Style::Date => "date",
        Style::Span => "span",
        Style::Month => "month",
        Style::Weekday => "weekday",
        Style::Relative => "relative",
        Style::Year => "year",
    };
    let length = usize::try_from(days.range.days()).unwrap_or(usize::MAX);
    let precision = bucket(length, &[(1, "day"), (3, "days"), (7, "week"), (31, "month"), (92, "season"), (366, "year")]);
    let age = reading.document.published.days_since(days.range.latest);
    let age = usize::try_from(age).map_or("ahead", |age| {
        bucket(age, &[(0, "today"), (1, "yesterday"), (7, "week"), (31, "month"), (92, "season"), (366, "year"), (1000, "years")])
    });
    features.add(&["style", style], 1.0);
    features.add(&["precision", precision], 1.0);
    features.add(&["age", age], 1.0);
    features.add(&["precision+age", precision, age], 1.0);
    features.flag(&["bound"], bounds_only(days, reading));
    features.add(&["of", of.word()], strength);
    features.add(&["of-is", of.word()], 1.0);
    features.add(&["of+age", of.word(), age], 1.0);
    govern(features, clauses::of(days.sentence, unit, reading), days.sentence, [age, precision], reading);
    features.flag(&["of-attack"], modifies_attack(unit, reading, days.sentence));
}

/// Says what the verb that governs the date makes of it.
fn govern(features: &mut Features<'_>, clause: Clause, sentence: usize, told: [&str; 2], reading: &Reading<'_, '_>) {
    let Some(verb) = clause.verb else {
        features.add(&["governor", "none"], 1.0);
        return;
    };
    let (of, _) = said_by(verb, sentence, reading).unwrap_or((Of::Nothing, false));
    let [age, precision] = told;
    features.add(&["governor-of", of.word()], 1.0);
    features.add(&["governor-of+age", of.word(), age], 1.0);
    features.add(&["governor-of+precision", of.word(), precision], 1.0);
    features.add(&["governor", if clause.verb_follows { "right" } else { "left" }], 1.0);
    features.add(&["governor-is", links::word(&reading.lines[sentence], verb, reading)], 1.0);
    let telling = links::telling(reading);
    for name in reading.rules.lexicon.names(reading.lines[sentence].units[verb].classes & telling) {
        features.add(&["governor", name], 1.0);
    }
    features.flag(&["governor", "attack-between"], clause.has_attack);
}

/// Fills when it happened and when it became known, from what was offered to the incident for either, the likeliest first.
pub fn fill(
    report: &mut Report,
    draft: &Draft,
    occurred: &[(f32, usize)],
    disclosed: &[(f32, usize)],
    reading: &Reading<'_, '_>,
) {
    let best = |offered: &[(f32, usize)], least: f32| {
        offered.first().filter(|(chance, _)| *chance >= least).map(|(chance, thing)| (*chance, &reading.found.days[*thing]))
    };
    let evidence = |field, (chance, days): (f32, &Days), rule: &'static str| {
        quote(field, days.sentence, days.tokens.clone(), RuleId(rule.into()), draft.confidence * chance, reading)
    };
    let mut happened = best(occurred, LEAST_OCCURRED);
    let mut known = best(disclosed, LEAST_DISCLOSED);
    // One phrase says when it happened or when it became known, unless attackers did it in public.
    if let (Some(event), Some(disclosure)) = (happened, known)
        && std::ptr::eq(event.1, disclosure.1)
        && !is_public(event.1, reading)
    {
        if event.0 < disclosure.0 / 2.0 {
            happened = None;
        } else if disclosure.0 < event.0 {
            known = None;
        }
    }
    if let Some(found) = happened {
        report.occurred = Some(found.1.range);
        report.evidence.extend(evidence(Field::Occurred, found, "days.occurred"));
    }
    let public = matches!(report.kind, Kind::Ddos | Kind::Defacement);
    if let Some(found) = known {
        report.disclosed = Some(found.1.range);
        report.evidence.extend(evidence(Field::Disclosed, found, "days.disclosed"));
    } else if public && report.occurred.is_some() {
        report.disclosed = report.occurred;
    }
}

/// Tells whether the verbs of its clause make a date that of something done in public.
fn is_public(days: &Days, reading: &Reading<'_, '_>) -> bool {
    let pieces = &reading.lines[days.sentence].pieces;
    let unit = pieces.iter().position(|piece| piece.tokens.contains(&days.tokens.start));
    unit.is_some_and(|unit| of(days, unit, reading).0 == Of::Public)
}

/// Tells whether days are those that were known: they share half of all the days that either spans.
pub fn is_right(days: &DayRange, known: &DayRange) -> bool {
    let shared = days.shared(*known);
    shared > 0 && shared * 2 >= days.days() + known.days() - shared
}

/// Tells whether a date only bounds something, as after "until" and "by".
fn bounds_only(days: &Days, reading: &Reading<'_, '_>) -> bool {
    let start = days.tokens.start;
    let first = reading.found.text.sentences[days.sentence].tokens.start;
    let before = &reading.found.text.tokens[first..start];
    before.last().is_some_and(|token| matches!(token.raw, "until" | "by" | "before" | "till" | "Until" | "By"))
}

/// Tells whether a date stands right before a word for an attack: "a November ransomware attack", "the 2014 breach".
fn modifies_attack(unit: usize, reading: &Reading<'_, '_>, sentence: usize) -> bool {
    let class = &reading.rules.class;
    let units = &reading.lines[sentence].units;
    for unit in units.iter().skip(unit + 1).take(4) {
        if unit.kinds == 0 && unit.classes & class.attack != 0 && unit.forms & !1 == 0 {
            return true;
        }
        if unit.kinds != 0 || unit.classes & class.event_modifier == 0 {
            return false;
        }
    }
    false
}

/// Says what a date is the date of, and how sure that is, by the verbs of its clause.
fn of(days: &Days, unit: usize, reading: &Reading<'_, '_>) -> (Of, f32) {
    if modifies_attack(unit, reading, days.sentence) {
        return (Of::Event, 1.0);
    }
    let line = &reading.lines[days.sentence];
    let mut best = (Of::Nothing, f32::MAX);
    for at in 0..line.units.len() {
        let Some((of, is_noun)) = said_by(at, days.sentence, reading) else { continue };
        // A verb before the date governs it more often than one behind.
        let distance = if at < unit { (unit - at) as f32 } else { (at - unit) as f32 * 1.25 };
        let crossed = (at.min(unit)..at.max(unit)).filter(|&at| line.joints.get(at) == Some(&2)).count() as f32;
        // A noun for an attack is told of by a verb that stands further off: "disclosed the attack on Friday".
        let total = distance + 4.0 * crossed + if is_noun { 4.0 } else { 0.0 };
        if total < best.1 {
            best = (of, total);
        }
    }
    let style = match days.style {
        Style::Date | Style::Span => 1.0,
        Style::Month => 0.9,
        Style::Weekday | Style::Relative => 0.8,
        Style::Year => 0.6,
    };
    (best.0, style / (1.0 + best.1 / 10.0))
}

/// Says what a word makes the dates beside it dates of, and whether it is a noun for an attack.
fn said_by(at: usize, sentence: usize, reading: &Reading<'_, '_>) -> Option<(Of, bool)> {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let unit = &line.units[at];
    if unit.kinds & !mention::DATA != 0 {
        return None;
    }
    let word = reading.word(line, at);
    let is_noun = unit.forms & !form::BASE == 0 && unit.classes & class.attack != 0;
    let of = if OTHER_WORDS.contains(&word) {
        Of::Nothing
    } else if PUBLIC_WORDS.contains(&word) {
        let by_attacker = line.units[..at].iter().any(|unit| unit.kinds & (mention::ATTACKER | mention::CROOK) != 0);
        if by_attacker { Of::Public } else { Of::Disclosure }
    } else if unit.classes & class.discover != 0 && unit.classes & class.disclose == 0 && unit.forms != 0 {
        Of::Discovery
    } else if unit.classes & (class.disclose | class.say) != 0 && unit.forms != 0 || DISCLOSURE_WORDS.contains(&word) {
        Of::Disclosure
    } else if unit.classes & (class.hack | class.steal | class.disrupt | class.encrypt | class.suffer | class.attack) != 0
        || EVENT_WORDS.contains(&word)
    {
        Of::Event
    } else {
        return None;
    };
    Some((of, is_noun))
}

/// Words whose dates are of something else.
const OTHER_WORDS: [&str; 9] =
    ["arrested", "charged", "sentenced", "founded", "acquired", "patched", "fixed", "settled", "agreed"];
/// Words for making something public: a disclosure, and the event itself where attackers do it.
const PUBLIC_WORDS: [&str; 5] = ["posted", "published", "leaked", "dumped", "released"];
const DISCLOSURE_WORDS: [&str; 8] =
    ["statement", "announcement", "filing", "disclosure", "notice", "notification", "letter", "letters"];
const EVENT_WORDS: [&str; 15] = [
    "occurred", "happened", "began", "started", "place", "hit", "came", "went", "between", "since", "took", "broke", "gained",
    "used", "stayed",
];

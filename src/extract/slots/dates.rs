//! When it happened, and when it became known: each date goes to the nearest verb that says which.

use crate::base::day::DayRange;
use crate::model::mention::RuleId;
use crate::model::report::{Field, Kind, Report};
use crate::rules::lexicon::form;
use crate::rules::mention;

use super::super::days::{Days, Style};
use super::super::drafts::Draft;
use super::super::reports::{Reading, quote};

/// What a date is the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Event,
    /// Both at once: what was leaked or posted happened in public.
    Public,
    Disclosure,
    Discovery,
    Nothing,
}

/// Fills when it happened and when it became known.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) {
    let mut occurred: Vec<(f32, &Days)> = Vec::new();
    let mut disclosed: Vec<(f32, &Days)> = Vec::new();
    let published = reading.document.published;
    for days in reading.found.days.iter().filter(|days| draft.sentences.contains(&days.sentence)) {
        if days.range.earliest > published || bounds_only(days, reading) {
            continue;
        }
        let named = draft.named_in.contains(&days.sentence);
        if !is_main && !named {
            continue;
        }
        let (of, strength) = of(days, reading);
        let early = if is_main { 1.0 / (1.0 + days.sentence as f32 / 12.0) } else { 1.0 };
        let early = early * if named { 1.0 } else { 0.7 };
        match of {
            Of::Event => occurred.push((strength * early, days)),
            Of::Public => {
                occurred.push((strength * early * 0.6, days));
                disclosed.push((strength * early, days));
            }
            Of::Disclosure => disclosed.push((strength * early, days)),
            Of::Discovery | Of::Nothing => {}
        }
    }
    let best = |found: &[(f32, &Days)]| found.iter().cloned().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, days)| days.clone());
    if let Some(days) = best(&occurred) {
        report.occurred = Some(days.range);
        report.evidence.extend(quote(
            Field::Occurred,
            days.sentence,
            days.tokens.clone(),
            RuleId("days.occurred".into()),
            draft.confidence,
            reading,
        ));
    }
    let public = matches!(report.kind, Kind::Ddos | Kind::Defacement);
    if public && disclosed.is_empty() && report.occurred.is_some() {
        report.disclosed = report.occurred;
        return;
    }
    let limit = report.occurred.map(|range| range.earliest);
    let earliest = disclosed
        .iter()
        .filter(|(strength, days)| *strength >= 0.25 && limit.is_none_or(|limit| days.range.latest >= limit))
        .min_by_key(|(_, days)| (days.range.latest, days.range.days()));
    if let Some((_, days)) = earliest {
        report.disclosed =
            Some(DayRange::new(days.range.earliest, days.range.latest.min(reading.document.published).max(days.range.earliest)));
        report.evidence.extend(quote(
            Field::Disclosed,
            days.sentence,
            days.tokens.clone(),
            RuleId("days.disclosed".into()),
            draft.confidence,
            reading,
        ));
    }
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
fn of(days: &Days, reading: &Reading<'_, '_>) -> (Of, f32) {
    let class = &reading.rules.class;
    let line = &reading.lines[days.sentence];
    let Some(unit) = line.pieces.iter().position(|piece| piece.tokens.contains(&days.tokens.start)) else {
        return (Of::Nothing, 0.0);
    };
    if modifies_attack(unit, reading, days.sentence) {
        return (Of::Event, 1.0);
    }
    let mut best = (Of::Nothing, f32::MAX);
    for (at, other) in line.units.iter().enumerate() {
        if other.kinds & !mention::DATA != 0 {
            continue;
        }
        let word = reading.found.text.tokens[line.pieces[at].tokens.start].raw.to_lowercase();
        let of = if matches!(
            word.as_str(),
            "arrested" | "charged" | "sentenced" | "founded" | "acquired" | "patched" | "fixed" | "settled" | "agreed"
        ) {
            Of::Nothing
        } else if matches!(word.as_str(), "posted" | "published" | "leaked" | "dumped" | "released") {
            let by_attacker = line.units[..at].iter().any(|unit| unit.kinds & (mention::ATTACKER | mention::CROOK) != 0);
            if by_attacker { Of::Public } else { Of::Disclosure }
        } else if other.classes & class.discover != 0 && other.classes & class.disclose == 0 && other.forms != 0 {
            Of::Discovery
        } else if other.classes & (class.disclose | class.say) != 0 && other.forms != 0
            || matches!(
                word.as_str(),
                "statement"
                    | "announcement"
                    | "filing"
                    | "disclosure"
                    | "notice"
                    | "notification"
                    | "letter"
                    | "letters"
                    | "published"
                    | "posted"
                    | "leaked"
            )
        {
            Of::Disclosure
        } else if other.classes & (class.hack | class.steal | class.disrupt | class.encrypt | class.suffer | class.attack) != 0
            || matches!(
                word.as_str(),
                "occurred"
                    | "happened"
                    | "began"
                    | "started"
                    | "place"
                    | "hit"
                    | "came"
                    | "went"
                    | "between"
                    | "since"
                    | "took"
                    | "broke"
                    | "gained"
                    | "used"
                    | "stayed"
            )
        {
            Of::Event
        } else {
            continue;
        };
        // A verb before the date governs it more often than one behind.
        let distance = if at < unit { (unit - at) as f32 } else { (at - unit) as f32 * 1.25 };
        let between = at.min(unit)..at.max(unit);
        let crossed = between.clone().filter(|&at| line.joints.get(at) == Some(&2)).count() as f32;
        // A noun for an attack is told of by a verb that stands further off: "disclosed the attack on Friday".
        let noun = f32::from(other.forms & !form::BASE == 0 && other.classes & class.attack != 0);
        let total = distance + 4.0 * crossed + 4.0 * noun;
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

//! How much was affected: the counts of the incident's sentences, the best first.

use crate::model::mention::RuleId;
use crate::model::report::{Field, Figure, Qualifier, Report, Unit};

use super::super::drafts::Draft;
use super::super::figures::Count;
use super::super::reports::{Reading, quote};

/// The most figures that are kept for one incident.
const MOST: usize = 6;

/// Fills the figures that say how much was affected.
pub fn fill(report: &mut Report, draft: &Draft, all: &[Draft], is_main: bool, reading: &Reading<'_, '_>) {
    let mut scored: Vec<(f32, usize, &Count)> = Vec::new();
    for (number, count) in reading.found.counts.iter().enumerate() {
        if !draft.sentences.contains(&count.sentence) || shared(count.sentence, all) && !claimed(draft, count.sentence, reading) {
            continue;
        }
        let score = score(count, is_main, reading);
        if score > 0.0 {
            scored.push((score, number, count));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (score, _, count) in scored {
        if report.records.iter().any(|known| same(known, &count.figure)) {
            continue;
        }
        report.records.push(count.figure);
        let confidence = draft.confidence * (score / (score + 1.0));
        let rule = RuleId("figure.affected".into());
        report.evidence.extend(quote(Field::Records, count.sentence, count.tokens.clone(), rule, confidence, reading));
    }
    exact_first(&mut report.records);
    report.records.truncate(MOST);
}

/// Puts the most exact of the figures that round to the first one before it: 1,290,755 before 1.3 million.
fn exact_first(figures: &mut [Figure]) {
    let Some(first) = figures.first().copied() else { return };
    let near = |figure: &Figure| figure.unit == first.unit && figure.value.abs_diff(first.value) * 10 <= first.value;
    let zeros = |figure: &Figure| figure.value.to_string().bytes().rev().take_while(|digit| *digit == b'0').count();
    let best = (0..figures.len()).filter(|&at| near(&figures[at])).min_by_key(|&at| (zeros(&figures[at]), at));
    if let Some(best) = best {
        figures[..=best].rotate_right(1);
    }
}

fn same(one: &Figure, other: &Figure) -> bool {
    one.value == other.value && one.unit == other.unit
}

fn shared(sentence: usize, all: &[Draft]) -> bool {
    all.iter().filter(|draft| draft.sentences.contains(&sentence)).count() > 1
}

fn claimed(draft: &Draft, sentence: usize, reading: &Reading<'_, '_>) -> bool {
    draft.claims.iter().any(|&number| reading.claims[number].sentence == sentence)
}

/// Weighs a count; 0 or less if it does not say how much was affected.
fn score(count: &Count, is_main: bool, reading: &Reading<'_, '_>) -> f32 {
    let class = &reading.rules.class;
    let line = &reading.lines[count.sentence];
    let Some(unit) = line.pieces.iter().position(|piece| piece.tokens.contains(&count.tokens.start)) else { return 0.0 };
    let mut score = match count.figure.unit {
        Unit::People => 1.0,
        Unit::Records | Unit::Cards => 0.9,
        Unit::Bytes => 0.4,
        Unit::Files => 0.3,
        Unit::Systems => -0.6,
    };
    let mut affected = 0.0_f32;
    for (at, other) in line.units.iter().enumerate() {
        if other.kinds != 0 && other.kinds & crate::rules::mention::DATA == 0 {
            continue;
        }
        let distance = at.abs_diff(unit) as f32;
        let weight = 1.0 / (1.0 + distance / 6.0);
        let word = reading.found.text.tokens[line.pieces[at].tokens.start].raw.to_lowercase();
        if other.classes & (class.steal | class.affect | class.hack | class.attack) != 0 {
            affected = affected.max(weight);
        }
        if other.kinds != 0
            || matches!(
                word.as_str(),
                "information" | "data" | "victims" | "records" | "notified" | "notifying" | "letters" | "informed"
            )
        {
            affected = affected.max(0.8 * weight);
        }
        if at.abs_diff(unit) <= 6
            && matches!(
                word.as_str(),
                "serves"
                    | "serving"
                    | "employs"
                    | "employing"
                    | "operates"
                    | "operating"
                    | "insures"
                    | "worldwide"
                    | "globally"
                    | "provides"
                    | "boasts"
                    | "manages"
                    | "founded"
                    | "installed"
                    | "downloads"
                    | "downloaded"
                    | "installations"
                    | "covers"
                    | "treats"
                    | "treating"
                    | "enrolls"
                    | "staffed"
            )
        {
            score -= 1.4;
        }
    }
    score += 1.5 * affected - 0.8;
    if count.figure.qualifier == Qualifier::Exact && !count.figure.value.is_multiple_of(1000) {
        score += 0.8;
    }
    if !count.has_noun {
        score -= 0.4;
    }
    if count.figure.value < 10 {
        score -= 1.0;
    }
    if reading.found.text.sentences[count.sentence].in_title {
        score += 0.5;
    }
    if is_main && count.sentence < 6 {
        score += 0.2;
    }
    score
}

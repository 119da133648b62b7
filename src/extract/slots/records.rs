//! How much was affected: the counts that are most likely the incident's, the best first.

use std::collections::HashMap;

use crate::model::mention::RuleId;
use crate::model::report::{Field, Figure, Qualifier, Report, Speaker, Unit};
use crate::rules::mention;

use super::super::clauses;
use super::super::drafts::Draft;
use super::super::figures::{self, Count};
use super::super::links::{self, Links, Offer};
use super::super::reports::{Reading, quote};
use super::super::weigh::{Features, bucket};
use super::speakers;

/// The model that says whose a count is.
pub const MODEL: &str = "records";

/// The least chance at which a count is the incident's.
pub const LEAST: f32 = 0.38;

/// The most figures that are kept for one incident.
const MOST: usize = 6;

/// The most places that are looked at to say whose word a figure is.
const MOST_TOLD: usize = 8;

/// Offers each count to the victims near it.
pub fn offers<'r>(links: &Links<'_, '_>, reading: &Reading<'r, '_>, named: bool) -> Vec<Offer<'r>> {
    let (mut offers, mut votes, mut distances) = (Vec::new(), Vec::new(), Vec::new());
    let biggest = reading.found.counts.iter().map(|count| count.figure.value).max().unwrap_or(0);
    let mut said: HashMap<u64, usize> = HashMap::new();
    reading.found.counts.iter().for_each(|count| *said.entry(count.figure.value).or_default() += 1);
    for (thing, count) in reading.found.counts.iter().enumerate() {
        let line = &reading.lines[count.sentence];
        let Some(unit) = line.pieces.iter().position(|piece| piece.tokens.contains(&count.tokens.start)) else { continue };
        let mut own = Features::new(&reading.rules.weights, named);
        links::surround(&mut own, count.sentence, unit..unit + 1, links::telling(reading), reading);
        links::place(&mut own, count.sentence);
        describe(&mut own, count, reading);
        own.flag(&["biggest"], count.figure.value == biggest);
        own.add(&["said", bucket(said[&count.figure.value], &[(1, "1"), (2, "2")])], 1.0);
        let (harm, data, of_size) = around(count, unit, reading);
        own.add(&["near-harm"], harm);
        own.add(&["near-data"], data);
        own.flag(&["of-size"], of_size);
        let clause = clauses::of(count.sentence, unit, reading);
        links::govern(&mut own, clause, count.sentence, links::telling(reading), reading);
        let subject = clause.verb.and_then(|verb| clauses::subject(count.sentence, verb, reading));
        own.flag(&["part"], is_part(count, reading));
        let score = score(count, unit, reading);
        for draft in links.near(count.sentence) {
            let mut features = own.clone();
            links.relate(&mut features, draft, count.sentence, unit);
            let subject = links.role(draft, count.sentence, subject);
            features.add(&["subject", subject], 1.0);
            clause.verb.into_iter().for_each(|verb| {
                features.add(&["subject+governor", subject, links::word(line, verb, reading)], 1.0);
            });
            let by_rule = score > 0.0 && links.gives(draft, count.sentence);
            features.flag(&["rule"], by_rule);
            features.add(&["rule-score"], if by_rule { score } else { 0.0 });
            votes.push(if by_rule { score } else { f32::MIN });
            distances.push(links.distance(draft, count.tokens.start));
            offers.push(Offer { draft, thing, features });
        }
    }
    links::vote(&mut offers, &votes, "vote:best");
    let sizes: Vec<f32> = offers.iter().map(|offer| reading.found.counts[offer.thing].figure.value as f32).collect();
    links::vote(&mut offers, &sizes, "biggest-offered");
    let order: Vec<f32> = offers.iter().map(|offer| -(offer.thing as f32)).collect();
    links::vote(&mut offers, &order, "first-offered");
    links::mark_nearest(&mut offers, &distances);
    offers
}

/// Weighs a count by plain rules; 0 or less if they do not take it for what was affected.
fn score(count: &Count, unit: usize, reading: &Reading<'_, '_>) -> f32 {
    let (harm, data, own) = around(count, unit, reading);
    let of_unit = match count.figure.unit {
        Unit::People => 1.0,
        Unit::Records | Unit::Cards => 0.9,
        Unit::Bytes => 0.4,
        Unit::Files => 0.3,
        Unit::Systems => -0.6,
    };
    let exact = count.figure.qualifier == Qualifier::Exact && !count.figure.value.is_multiple_of(1000);
    let mut score = of_unit + 1.5 * harm.max(0.8 * data) - 0.8;
    score += if exact { 0.8 } else { 0.0 };
    score -= if own { 1.4 } else { 0.0 };
    score -= if count.has_noun { 0.0 } else { 0.4 };
    score -= if count.figure.value < 10 { 1.0 } else { 0.0 };
    score += if reading.found.text.sentences[count.sentence].in_title { 0.5 } else { 0.0 };
    score + if count.sentence < 6 { 0.2 } else { 0.0 }
}

/// Says what the figure itself is.
fn describe(features: &mut Features<'_>, count: &Count, reading: &Reading<'_, '_>) {
    let Figure { value, unit, qualifier, .. } = count.figure;
    features.add(&["always"], 1.0);
    features.add(&["unit", unit.word()], 1.0);
    features.add(&["qualifier", qualifier.word()], 1.0);
    features.flag(&["no-noun"], !count.has_noun);
    features.add(&["digits", &value.to_string().len().to_string()], 1.0);
    features.flag(&["exact"], qualifier == Qualifier::Exact && !value.is_multiple_of(10) && value > 1000);
    features.flag(&["thousands"], value.is_multiple_of(1000));
    features.flag(&["few"], value < 10);
    if let Some(last) = count.tokens.clone().last() {
        features.add(&["noun", reading.found.text.small(last)], 1.0);
    }
}

/// Says how near words stand that tell of harm and of data, 0 to 1, and whether one does that tells of what is merely a body's size.
fn around(count: &Count, unit: usize, reading: &Reading<'_, '_>) -> (f32, f32, bool) {
    let class = &reading.rules.class;
    let line = &reading.lines[count.sentence];
    let (mut harm, mut data, mut own) = (0.0_f32, 0.0_f32, false);
    for (at, other) in line.units.iter().enumerate() {
        if other.kinds & !mention::DATA != 0 {
            continue;
        }
        let distance = at.abs_diff(unit);
        let weight = 1.0 / (1.0 + distance as f32 / 6.0);
        let word = reading.word(line, at);
        if other.classes & (class.steal | class.affect | class.hack | class.attack) != 0 {
            harm = harm.max(weight);
        }
        if other.kinds != 0 || OF_DATA.contains(&word) {
            data = data.max(weight);
        }
        own |= distance <= 6 && OF_SIZE.contains(&word);
    }
    (harm, data, own)
}

/// Tells whether a count is one of a part of what was counted before: "…, including 1,200 children".
fn is_part(count: &Count, reading: &Reading<'_, '_>) -> bool {
    const REACH: usize = 3;
    let first = reading.found.text.sentences[count.sentence].tokens.start.max(count.tokens.start.saturating_sub(REACH));
    let before = &reading.found.text.tokens[first..count.tokens.start];
    before.iter().any(|token| matches!(token.raw, "including" | "among" | "whom" | "which" | "those" | "them"))
}

/// Words of what was taken, and of telling those whose it was.
const OF_DATA: [&str; 8] = ["information", "data", "victims", "records", "notified", "notifying", "letters", "informed"];

/// Words by which a body tells of its size: figures beside them are its own, and none of the incident's.
const OF_SIZE: [&str; 22] = [
    "serves",
    "serving",
    "employs",
    "employing",
    "operates",
    "operating",
    "insures",
    "worldwide",
    "globally",
    "provides",
    "boasts",
    "manages",
    "founded",
    "installed",
    "downloads",
    "downloaded",
    "installations",
    "covers",
    "treats",
    "treating",
    "enrolls",
    "staffed",
];

/// Fills the figures of an incident from the counts that were offered to it, the likeliest first, and says whose word each is.
pub fn fill(
    report: &mut Report,
    (number, draft): (usize, &Draft),
    offered: &[(f32, usize)],
    links: &Links<'_, '_>,
    reading: &Reading<'_, '_>,
) {
    for &(chance, thing) in offered {
        let count = &reading.found.counts[thing];
        if chance < LEAST || report.records.len() >= MOST {
            break;
        }
        if report.records.iter().any(|known| same(known, &count.figure)) {
            continue;
        }
        report.records.push(count.figure);
        let rule = RuleId("figure.affected".into());
        let confidence = draft.confidence * chance;
        report.evidence.extend(quote(Field::Records, count.sentence, count.tokens.clone(), rule, confidence, reading));
    }
    for figure in &mut report.records {
        let told = offered.iter().map(|(_, thing)| &reading.found.counts[*thing]).filter(|count| same(&count.figure, figure));
        figure.by =
            told.take(MOST_TOLD).map(|count| speakers::of(count, number, links, reading)).fold(Speaker::Untold, Speaker::or);
    }
    exact_first(&mut report.records);
    add_total(report, (number, draft), offered, links, reading);
}

/// Puts the sum first where one of the figures is said to be but a later part of it ("another 2.5 million"), and none is larger.
fn add_total(
    report: &mut Report,
    (number, draft): (usize, &Draft),
    offered: &[(f32, usize)],
    links: &Links<'_, '_>,
    reading: &Reading<'_, '_>,
) {
    let counts = &reading.found.counts;
    let most = report.records.iter().map(|figure| figure.value).max().unwrap_or(0);
    let found = report.records.iter().find_map(|figure| {
        let &(chance, part) = offered.iter().find(|(_, thing)| same(&counts[*thing].figure, figure))?;
        let total = figures::total_of(&counts[part], counts, &reading.found.text, reading.rules)?;
        (total.figure.value >= most).then_some((chance, part, total))
    });
    let Some((chance, part, total)) = found else { return };
    // Who tells of the part tells of the sum.
    let by = [&total, &counts[part]].map(|count| speakers::of(count, number, links, reading));
    let by = by.into_iter().fold(Speaker::Untold, Speaker::or);
    report.records.retain(|known| !same(known, &total.figure));
    report.records.insert(0, Figure { by, ..total.figure });
    let rule = RuleId("figure.total".into());
    report.evidence.extend(quote(Field::Records, total.sentence, total.tokens, rule, draft.confidence * chance, reading));
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

/// Tells whether a figure is one that was known to be the incident's: people are counted by their records, and records by people.
pub fn is_right(figure: &Figure, known: &Figure) -> bool {
    let people = |unit: Unit| matches!(unit, Unit::People | Unit::Records);
    let unit = figure.unit == known.unit || people(figure.unit) && people(known.unit);
    unit && (figure.value == known.value || known.max == Some(figure.value))
}

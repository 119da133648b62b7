//! When it happened, and when it became known: each date is offered to the victims near it, and the verbs of its clause say which of the
//! two it is.

mod meaning;
mod order;

use std::collections::HashMap;

use crate::base::day::DayRange;
use crate::model::mention::RuleId;
use crate::model::report::{Field, Kind, Report};
use crate::rules::lexicon::Classes;
use crate::rules::weights::Model;

use super::super::days::{Days, Style};
use super::super::drafts::Draft;
use super::super::links::{self, Links, Offer};
use super::super::reports::{Reading, quote};
use super::super::weigh::{Features, bucket};
use meaning::{Meaning, Of};

/// The models that say whose day it was that it happened, and that it became known.
pub const OCCURRED: &str = "occurred";
/// See [`OCCURRED`].
pub const DISCLOSED: &str = "disclosed";

/// The least chance at which a day is taken, of all that a victim is offered and of none.
pub const LEAST_OCCURRED: f32 = 0.2;
/// Likewise.
pub const LEAST_DISCLOSED: f32 = 0.2;

/// Dates offered to victims: once as the day of the event, and once as that of its disclosure.
pub struct Offered<'r> {
    /// For [`OCCURRED`].
    pub occurred: Vec<Offer<'r>>,
    /// For [`DISCLOSED`].
    pub disclosed: Vec<Offer<'r>>,
}

/// Offers each date to the victims near it.
pub fn offers<'r>(links: &Links<'_, '_>, drafts: &[Draft], reading: &Reading<'r, '_>, named: bool) -> Offered<'r> {
    let (mut offers, mut votes, mut distances, mut kinds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut said: HashMap<DayRange, usize> = HashMap::new();
    reading.found.days.iter().for_each(|days| *said.entry(days.range).or_default() += 1);
    for (thing, days) in reading.found.days.iter().enumerate() {
        let Some(meaning) = Meaning::of(days, reading).filter(|_| days.range.earliest <= reading.document.published) else {
            continue;
        };
        let mut own = Features::new(&reading.rules.weights, named);
        links::surround(&mut own, days.sentence, meaning.unit..meaning.unit + 1, telling(reading), reading);
        describe(&mut own, days, &meaning, reading);
        own.add(&["said", bucket(said[&days.range], &[(1, "1"), (2, "2")])], 1.0);
        for draft in links.near(days.sentence) {
            let mut features = own.clone();
            links.relate(&mut features, draft, days.sentence, meaning.unit);
            let subject = links.role(draft, days.sentence, meaning.subject);
            features.add(&["subject", subject], 1.0);
            features.add(&["subject+of", subject, meaning.governed.word()], 1.0);
            beside_claim(&mut features, &drafts[draft], days, &meaning, reading);
            let (event, disclosure) = by_rule(days, &meaning, &drafts[draft], links.main == Some(draft), reading);
            features.add(&["rule-event"], event.max(0.0));
            features.add(&["rule-disclosure"], f32::from(disclosure > f32::MIN));
            votes.push((event, disclosure));
            distances.push(links.distance(draft, days.tokens.start));
            kinds.push(meaning.kind());
            offers.push(Offer { draft, thing, features });
        }
    }
    links::mark_nearest(&mut offers, &distances);
    order::mark(&mut offers, &kinds, &reading.found.days);
    let (happened, known): (Vec<f32>, Vec<f32>) = votes.into_iter().unzip();
    let mut offered = Offered { disclosed: offers.clone(), occurred: offers };
    links::vote(&mut offered.occurred, &happened, "vote:event");
    links::vote(&mut offered.disclosed, &known, "vote:disclosure");
    offered
}

/// Weighs dates: what each victim was offered, with the chance that it is right, the likeliest first. Phrases that say much the same
/// are right together.
pub fn choose(offers: Vec<Offer<'_>>, victims: usize, model: Option<&Model>, reading: &Reading<'_, '_>) -> links::Weighed {
    /// So many of the likeliest are looked at; what lies behind them has hardly a chance.
    const MOST: usize = 12;
    let mut chosen = links::choose(offers, victims, model);
    let range = |thing: usize| &reading.found.days[thing].range;
    for mine in &mut chosen {
        let best: Vec<(f32, usize)> = mine.iter().take(MOST).copied().collect();
        for (chance, thing) in mine.iter_mut().take(MOST) {
            *chance = best.iter().filter(|(_, other)| is_right(range(*thing), range(*other))).map(|(chance, _)| chance).sum();
        }
        mine.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    }
    chosen
}

/// Says how much plain rules speak for a date as the day of the event and as that of its disclosure; [`f32::MIN`] if not at all.
fn by_rule(days: &Days, meaning: &Meaning, draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) -> (f32, f32) {
    let named = draft.named_in.binary_search(&days.sentence).is_ok();
    let spoken_of = named || is_main && draft.sentences.binary_search(&days.sentence).is_ok();
    if meaning.bounds_only || !spoken_of {
        return (f32::MIN, f32::MIN);
    }
    let early = if is_main { 1.0 / (1.0 + days.sentence as f32 / 12.0) } else { 1.0 };
    let strength = meaning.strength * early * if named { 1.0 } else { 0.7 };
    // Of several disclosures the first counts.
    let age = reading.document.published.days_since(days.range.latest) as f32;
    let disclosed = if strength >= 0.25 { age } else { f32::MIN };
    match meaning.nearest {
        Of::Event => (strength, f32::MIN),
        Of::Public => (0.6 * strength, disclosed),
        Of::Disclosure => (f32::MIN, disclosed),
        Of::Discovery | Of::Nothing => (f32::MIN, f32::MIN),
    }
}

/// The classes of words that tell something of a day: who answers before a court is seen by [`Meaning`].
fn telling(reading: &Reading<'_, '_>) -> Classes {
    links::telling(reading) & !reading.rules.class.accused
}

/// Says what the date itself is, and what the words around it make of it.
fn describe(features: &mut Features<'_>, days: &Days, meaning: &Meaning, reading: &Reading<'_, '_>) {
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
    features.flag(&["bound"], meaning.bounds_only);
    let of = meaning.nearest.word();
    features.add(&["of", of], meaning.strength);
    features.add(&["of-is", of], 1.0);
    features.add(&["of+age", of, age], 1.0);
    features.flag(&["of-attack"], meaning.modifies_attack);
    govern(features, meaning, days, [age, precision], reading);
}

/// Says what the verb that governs the date makes of it.
fn govern(features: &mut Features<'_>, meaning: &Meaning, days: &Days, told: [&str; 2], reading: &Reading<'_, '_>) {
    let of = meaning.governed.word();
    let [age, precision] = told;
    let led_by = reading.found.text.small(days.tokens.start.saturating_sub(1));
    let led_by = if LEADING.contains(&led_by) { led_by } else { "other" };
    features.add(&["governor-of", of], 1.0);
    features.add(&["governor-of+age", of, age], 1.0);
    features.add(&["governor-of+precision", of, precision], 1.0);
    features.add(&["governor-of+led-by", of, led_by], 1.0);
    features.add(&["governor-of+of", of, meaning.nearest.word()], 1.0);
    let place = bucket(days.sentence, &[(0, "title"), (2, "2"), (5, "5"), (12, "12"), (25, "25")]);
    features.add(&["governor-of+place", of, place], 1.0);
    links::govern(features, meaning.clause, days.sentence, telling(reading), reading);
}

/// Words before a date that say how it bounds what it is the date of.
const LEADING: [&str; 13] = ["on", "in", "since", "from", "by", "until", "before", "after", "during", "of", "for", "over", "and"];

/// Says how far from a date a claim about the victim stands in its sentence.
fn beside_claim(features: &mut Features<'_>, draft: &Draft, days: &Days, meaning: &Meaning, reading: &Reading<'_, '_>) {
    let first = draft.claims.partition_point(|&claim| reading.claims[claim].sentence < days.sentence);
    let claims = draft.claims[first..].iter().map(|&claim| &reading.claims[claim]);
    let distance = claims
        .take_while(|claim| claim.sentence == days.sentence)
        .map(|claim| claim.units.start.saturating_sub(meaning.unit).max((meaning.unit + 1).saturating_sub(claim.units.end)))
        .min();
    let claim = distance.map_or("none", |distance| bucket(distance, &[(0, "0"), (2, "2"), (5, "5"), (10, "10"), (20, "20")]));
    features.add(&["claim", claim], 1.0);
    features.add(&["claim+of", claim, meaning.governed.word()], 1.0);
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
    } else if let Some(found) = happened.filter(|_| public) {
        report.disclosed = Some(found.1.range);
        report.evidence.extend(evidence(Field::Disclosed, found, "days.public"));
    }
}

/// Tells whether the words around a date make it that of something done in public.
fn is_public(days: &Days, reading: &Reading<'_, '_>) -> bool {
    Meaning::of(days, reading).is_some_and(|meaning| meaning.nearest == Of::Public)
}

/// Tells whether days are those that were known: they share half of all the days that either spans.
pub fn is_right(days: &DayRange, known: &DayRange) -> bool {
    let shared = days.shared(*known);
    shared > 0 && shared * 2 >= days.days() + known.days() - shared
}

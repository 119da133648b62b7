//! What each incident's values are, once it is settled who was hit.

use std::collections::BTreeMap;

use crate::model::mention::RuleId;
use crate::model::report::{Evidence, Field, Report, Salience, Victim};
use crate::rules::Rules;
use crate::rules::gazetteer::Sort;

use super::claims::Claim;
use super::drafts::{self, Antecedents, Draft, Spot};
use super::earlier;
use super::judge::{Chances, Survey};
use super::links::{self, Links};
use super::names::NameSort;
use super::units::{Found, Line};
use super::weigh::{Features, HOPELESS};
use super::{Document, Extraction, Rejected, context, judge, slots};

/// The least chance at which a candidate of an article is reported. Of 0.2 to 0.4 the best on documents held back by event.
const LEAST: f32 = 0.33;
/// Likewise of a description without a title.
const LEAST_UNTITLED: f32 = 0.32;

/// How sure an earlier event of a victim is, against its main one.
const EARLIER: f32 = 0.6;

/// What the later steps look at.
#[derive(Clone, Copy)]
pub struct Reading<'r, 't> {
    /// The document.
    pub document: &'r Document<'r>,
    /// What was found in it.
    pub found: &'r Found<'t>,
    /// Its sentences as units.
    pub lines: &'r [Line],
    /// What the rules said.
    pub claims: &'r [Claim],
    /// Whom definite words stand for.
    pub antecedents: &'r Antecedents,
    /// Where each entity is spoken of.
    pub spots: &'r [Vec<Spot>],
    /// Whom "the group" and its like stand for.
    pub attacker_antecedents: &'r Antecedents,
    /// The logarithm of the odds that the article tells of an incident.
    pub story: f32,
    /// The rules.
    pub rules: &'r Rules,
}

impl<'r> Reading<'r, '_> {
    /// Returns the first word of a unit, in small letters.
    pub fn word(&self, line: &Line, unit: usize) -> &'r str {
        let found: &'r Found<'_> = self.found;
        found.text.small(line.pieces[unit].tokens.start)
    }
}

/// Returns every candidate, and what speaks for and against each by itself. `contexts` is what the words around each say.
pub fn candidates<'r>(reading: &'r Reading<'r, '_>, contexts: &[f32], named: bool) -> Vec<(Draft, Features<'r>)> {
    let all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
    let survey = Survey::of(&all, reading);
    let features: Vec<Features<'_>> =
        all.iter().zip(contexts).map(|(draft, context)| survey.features(draft, *context, named)).collect();
    all.into_iter().zip(features).collect()
}

/// Returns every candidate with the chance that it is a victim: by itself first, and then beside the others.
pub fn judged(reading: &Reading<'_, '_>) -> Vec<Draft> {
    let weights = &reading.rules.weights;
    let mut all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
    let survey = Survey::of(&all, reading);
    let contexts = context::read(&all, reading);
    let mut features: Vec<Features<'_>> =
        all.iter().zip(contexts).map(|(draft, context)| survey.features(draft, context, false)).collect();
    for (draft, features) in all.iter_mut().zip(&mut features) {
        draft.confidence = features.chance(weights.of(judge::MODEL));
    }
    let grove = weights.grove(if reading.document.title.is_empty() { judge::UNTITLED } else { judge::MODEL });
    let Some(grove) = grove else { return all };
    let chances = Chances::of(&all, reading);
    let beside = features.into_iter().enumerate().map(|(number, mut features)| {
        if all[number].confidence < HOPELESS {
            return all[number].confidence;
        }
        survey.beside(&mut features, number, &all, &chances);
        features.grown(grove)
    });
    let beside: Vec<f32> = beside.collect();
    all.iter_mut().zip(beside).for_each(|(draft, chance)| draft.confidence = chance);
    all
}

/// Returns what speaks for and against each candidate beside the others, whose chances by themselves are known.
pub fn beside<'r>(all: &[Draft], reading: &'r Reading<'r, '_>, named: bool) -> Vec<Features<'r>> {
    let survey = Survey::of(all, reading);
    let chances = Chances::of(all, reading);
    let one = |number: usize| {
        let mut features = Features::new(&reading.rules.weights, named);
        survey.beside(&mut features, number, all, &chances);
        features
    };
    (0..all.len()).map(one).collect()
}

/// What the victims of a document were offered, slot by slot: for each victim by number, things with their chances.
struct Offered {
    kinds: slots::kind::Votes,
    phrases: Vec<slots::data::Phrase>,
    suspects: Vec<slots::attackers::Suspect>,
    records: Vec<Vec<(f32, usize)>>,
    occurred: Vec<Vec<(f32, usize)>>,
    disclosed: Vec<Vec<(f32, usize)>>,
    attackers: Vec<Vec<(f32, usize)>>,
    data: Vec<Vec<(f32, usize)>>,
}

impl Offered {
    fn to(drafts: &[Draft], links: &Links<'_, '_>, reading: &Reading<'_, '_>) -> Offered {
        let phrases = slots::data::find(reading);
        let suspects = slots::attackers::find(reading);
        let weights = &reading.rules.weights;
        let grove = |model| weights.grove(model).filter(|_| !reading.document.title.is_empty());
        let victims = drafts.len();
        let weigh = |offers, model, lists| links::weigh(offers, victims, lists, weights.of(model), grove(model));
        let choose = |offers, model| slots::dates::choose(offers, victims, weights.of(model), reading);
        let days = slots::dates::offers(links, drafts, reading, false);
        Offered {
            kinds: slots::kind::Votes::of(reading),
            records: weigh(slots::records::offers(links, reading, false), slots::records::MODEL, None),
            occurred: choose(days.occurred, slots::dates::OCCURRED),
            disclosed: choose(days.disclosed, slots::dates::DISCLOSED),
            attackers: weigh(
                slots::attackers::offers(&suspects, links, reading, drafts, false),
                slots::attackers::MODEL,
                Some(&links.lists),
            ),
            data: weigh(slots::data::offers(&phrases, links, drafts, reading, false), slots::data::model(reading), None),
            phrases,
            suspects,
        }
    }
}

/// Writes the reports of a document.
pub fn write(reading: &Reading<'_, '_>) -> Extraction {
    let mut extraction = Extraction::default();
    let mut drafts = Vec::new();
    for draft in judged(reading) {
        if is_likely(&draft, reading) {
            drafts.push(draft);
        } else {
            let entity = &reading.found.entities.all[draft.entity];
            let why = format!("the chance that it was hit is {:.2}, less than {}", draft.confidence, least(reading));
            extraction.rejected.push(Rejected { name: entity.names[0].clone(), why });
        }
    }
    if drafts.is_empty() {
        return extraction;
    }
    drafts::share_out(&mut drafts, reading.found, reading.lines, reading.antecedents);
    let links = Links::of(&drafts, reading);
    let offered = Offered::to(&drafts, &links, reading);
    for number in 0..drafts.len() {
        extraction.reports.push(report(number, &drafts, &offered, &links, reading));
    }
    // A register's entry is one incident.
    if !reading.document.title.is_empty() {
        extraction.reports.extend(drafts.iter().filter_map(|draft| earlier_report(draft, &offered.kinds, reading)));
    }
    extraction
}

/// Returns the least chance at which a candidate is reported.
fn least(reading: &Reading<'_, '_>) -> f32 {
    if reading.document.title.is_empty() { LEAST_UNTITLED } else { LEAST }
}

/// Tells whether a candidate is reported.
pub fn is_likely(draft: &Draft, reading: &Reading<'_, '_>) -> bool {
    let sort = reading.found.entities.all[draft.entity].sort;
    draft.confidence >= least(reading) && !matches!(sort, NameSort::Attacker | NameSort::Malware | NameSort::Nationality)
}

/// Lists what was offered to the victims of a document and not taken, and why, the likeliest first.
pub fn passed_over(reading: &Reading<'_, '_>) -> Vec<Rejected> {
    let mut drafts: Vec<Draft> = judged(reading).into_iter().filter(|draft| is_likely(draft, reading)).collect();
    drafts::share_out(&mut drafts, reading.found, reading.lines, reading.antecedents);
    let links = Links::of(&drafts, reading);
    let offered = Offered::to(&drafts, &links, reading);
    let words = |sentence: usize, tokens: &std::ops::Range<usize>| words(sentence, tokens, reading);
    let days = |thing: usize| words(reading.found.days[thing].sentence, &reading.found.days[thing].tokens);
    let count = |thing: usize| words(reading.found.counts[thing].sentence, &reading.found.counts[thing].tokens);
    let phrase = |thing: usize| words(offered.phrases[thing].sentence, &offered.phrases[thing].tokens);
    let suspect = |thing: usize| slots::attackers::names(&offered.suspects[thing], reading).0;
    type Slot<'s> = (&'s str, f32, &'s [Vec<(f32, usize)>], &'s dyn Fn(usize) -> String);
    let slots: [Slot<'_>; 5] = [
        ("attackers", slots::attackers::LEAST, &offered.attackers, &suspect),
        ("records", slots::records::LEAST, &offered.records, &count),
        ("occurred", slots::dates::LEAST_OCCURRED, &offered.occurred, &days),
        ("disclosed", slots::dates::LEAST_DISCLOSED, &offered.disclosed, &days),
        ("data", slots::data::least(reading), &offered.data, &phrase),
    ];
    let mut rejected = Vec::new();
    for (number, draft) in drafts.iter().enumerate() {
        let victim = &reading.found.entities.all[draft.entity].names[0];
        for (field, least, all, name) in slots {
            for (chance, thing) in all[number].iter().filter(|(chance, _)| *chance < least) {
                let why = format!("as {field} of {victim}: the chance is {chance:.2}, less than {least}");
                rejected.push(Rejected { name: name(*thing), why });
            }
        }
    }
    rejected
}

/// Returns the words of some tokens of a sentence.
fn words(sentence: usize, tokens: &std::ops::Range<usize>, reading: &Reading<'_, '_>) -> String {
    let in_title = reading.found.text.sentences[sentence].in_title;
    let source = if in_title { reading.document.title } else { reading.document.text };
    let all = &reading.found.text.tokens[tokens.clone()];
    match (all.first(), all.last()) {
        (Some(first), Some(last)) => first.span.join(last.span).slice(source).to_owned(),
        _ => String::new(),
    }
}

fn report(number: usize, drafts: &[Draft], offered: &Offered, links: &Links<'_, '_>, reading: &Reading<'_, '_>) -> Report {
    let draft = &drafts[number];
    let is_main = Some(number) == links.main;
    let mut report = bare(draft, if is_main { Salience::Main } else { Salience::Mention }, reading);
    slots::kind::fill(&mut report, draft, is_main, &offered.kinds, reading);
    slots::attackers::fill(&mut report, draft, &offered.attackers[number], &offered.suspects, reading);
    slots::records::fill(&mut report, (number, draft), &offered.records[number], links, reading);
    slots::dates::fill(&mut report, draft, &offered.occurred[number], &offered.disclosed[number], reading);
    slots::data::fill(&mut report, draft, &offered.data[number], &offered.phrases, reading);
    report.evidence.sort_by_key(|evidence| (evidence.field, evidence.span));
    report
}

/// Makes a report of a victim that says nothing yet of what happened.
fn bare(draft: &Draft, salience: Salience, reading: &Reading<'_, '_>) -> Report {
    Report {
        victim: victim(draft, reading),
        kind: crate::model::report::Kind::Other,
        also_kinds: Vec::new(),
        attackers: Vec::new(),
        records: Vec::new(),
        data: Vec::new(),
        occurred: None,
        disclosed: None,
        disputed: false,
        salience,
        confidence: draft.confidence,
        evidence: evidence(draft, reading),
    }
}

/// Reports an earlier event of a victim, where the text tells of one.
fn earlier_report(draft: &Draft, kinds: &slots::kind::Votes, reading: &Reading<'_, '_>) -> Option<Report> {
    let earlier = earlier::find(draft, reading)?;
    let rule = RuleId("victim.earlier-event".into());
    let confidence = draft.confidence * EARLIER;
    let mine = |number: &usize| earlier.sentences.contains(&reading.claims[*number].sentence);
    let claims: Vec<usize> = draft.claims.iter().copied().filter(mine).collect();
    let draft =
        Draft { claims, named_in: earlier.sentences.clone(), sentences: earlier.sentences.clone(), confidence, ..draft.clone() };
    let mut report = bare(&draft, Salience::Mention, reading);
    slots::kind::fill(&mut report, &draft, true, kinds, reading);
    if let Some((range, number)) = earlier.occurred {
        let days = &reading.found.days[number];
        report.occurred = Some(range);
        report.evidence.extend(quote(Field::Occurred, days.sentence, days.tokens.clone(), rule, confidence, reading));
    }
    report.evidence.sort_by_key(|evidence| (evidence.field, evidence.span));
    Some(report)
}

fn victim(draft: &Draft, reading: &Reading<'_, '_>) -> Victim {
    let entity = &reading.found.entities.all[draft.entity];
    let mut aliases: Vec<String> = entity.names[1..].to_vec();
    let body = entity
        .known
        .filter(|entry| entry.sort == Sort::Body)
        .and_then(|entry| reading.rules.known.bodies.get(entry.number as usize));
    if let Some(body) = body {
        aliases.extend(std::iter::once(&body.name).chain(&body.aliases).cloned());
    }
    let name = entity.names[0].clone();
    let mut seen = vec![name.clone()];
    aliases.retain(|alias| {
        !seen.contains(alias) && {
            seen.push(alias.clone());
            true
        }
    });
    Victim { name, aliases, named: entity.sort != NameSort::Described }
}

/// Quotes the sentences of the claims that make a draft a victim; where no rule claims anything, the one that says most of it.
fn evidence(draft: &Draft, reading: &Reading<'_, '_>) -> Vec<Evidence> {
    let mut by_sentence: BTreeMap<usize, RuleId> = BTreeMap::new();
    for &number in &draft.claims {
        let claim = &reading.claims[number];
        if drafts::is_actual(claim) && !reading.found.text.sentences[claim.sentence].in_title {
            by_sentence.entry(claim.sentence).or_insert_with(|| reading.rules.events[claim.rule].id.clone());
        }
    }
    if by_sentence.is_empty() {
        by_sentence.extend(telling_sentence(draft, reading).map(|sentence| (sentence, RuleId("victim.weighed".into()))));
    }
    by_sentence
        .into_iter()
        .take(3)
        .filter_map(|(sentence, rule)| quote_sentence(Field::Victim, sentence, rule, draft.confidence, reading))
        .collect()
}

/// Returns the sentence of the text that names a victim and says most of what happened: the one with the most words for attacks and
/// theft, the first of several. None where only the title names it.
pub fn telling_sentence(draft: &Draft, reading: &Reading<'_, '_>) -> Option<usize> {
    let class = &reading.rules.class;
    let deeds = class.strike | class.break_in | class.bad_thing | class.crook | class.steal;
    let words = |sentence: usize| {
        let units = reading.lines[sentence].units.iter();
        units.filter(|unit| unit.kinds == 0 && unit.classes & deeds != 0).count()
    };
    let spots = reading.spots[draft.entity].iter().map(|spot| spot.sentence);
    let in_text = spots.filter(|&sentence| !reading.found.text.sentences[sentence].in_title);
    in_text.max_by_key(|&sentence| (words(sentence), std::cmp::Reverse(sentence)))
}

/// Quotes a whole sentence for a field; None for a title's, which is no part of the text.
pub fn quote_sentence(
    field: Field,
    sentence: usize,
    rule: RuleId,
    confidence: f32,
    reading: &Reading<'_, '_>,
) -> Option<Evidence> {
    let tokens = reading.found.text.sentences[sentence].tokens.clone();
    quote(field, sentence, tokens, rule, confidence, reading)
}

/// Quotes some tokens of a sentence for a field.
pub fn quote(
    field: Field,
    sentence: usize,
    tokens: std::ops::Range<usize>,
    rule: RuleId,
    confidence: f32,
    reading: &Reading<'_, '_>,
) -> Option<Evidence> {
    if reading.found.text.sentences[sentence].in_title || tokens.is_empty() {
        return None;
    }
    let all = &reading.found.text.tokens;
    let span = all[tokens.start].span.join(all[tokens.end - 1].span);
    Some(Evidence { field, quote: span.slice(reading.document.text).to_owned(), span, rule, confidence })
}

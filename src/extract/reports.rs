//! What each incident's values are, once it is settled who was hit.

use std::collections::BTreeMap;

use crate::model::mention::RuleId;
use crate::model::report::{Evidence, Field, Report, Salience, Victim};
use crate::rules::Rules;
use crate::rules::gazetteer::Sort;

use super::claims::Claim;
use super::drafts::{self, Antecedents, Draft};
use super::names::NameSort;
use super::units::{Found, Line};
use super::{Document, Extraction, Rejected, judge, slots};

/// The least chance at which a candidate is reported.
const THRESHOLD: f32 = 0.28;

/// What the later steps look at.
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
    /// Whom "the group" and its like stand for.
    pub attacker_antecedents: &'r Antecedents,
    /// The rules.
    pub rules: &'r Rules,
}

/// Returns every candidate with its features, for learning the weights.
pub fn candidates(reading: &Reading<'_, '_>) -> Vec<(Draft, judge::Features)> {
    let all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
    all.iter().map(|draft| (draft.clone(), judge::features(draft, &all, reading))).collect()
}

/// Writes the reports of a document.
pub fn write(reading: &Reading<'_, '_>) -> Extraction {
    let mut extraction = Extraction::default();
    let mut drafts = Vec::new();
    let judged: Vec<Draft> = candidates(reading)
        .into_iter()
        .map(|(draft, features)| Draft { confidence: judge::chance(&features, &reading.rules.weights), ..draft })
        .collect();
    for draft in judged {
        if draft.confidence >= THRESHOLD && may_be_victim(&draft, reading) {
            drafts.push(draft);
        } else {
            let entity = &reading.found.entities.all[draft.entity];
            let why = format!("the chance that it was hit is {:.2}, less than {THRESHOLD}", draft.confidence);
            extraction.rejected.push(Rejected { name: entity.names[0].clone(), why });
        }
    }
    drafts::share_out(&mut drafts, reading.found, reading.lines, reading.antecedents);
    let main = drafts::main_draft(&drafts, reading.found);
    for number in 0..drafts.len() {
        let is_main = Some(number) == main;
        extraction.reports.push(report(number, &drafts, is_main, reading));
    }
    extraction
}

fn may_be_victim(draft: &Draft, reading: &Reading<'_, '_>) -> bool {
    let sort = reading.found.entities.all[draft.entity].sort;
    !matches!(sort, NameSort::Attacker | NameSort::Malware | NameSort::Nationality)
}

fn report(number: usize, drafts: &[Draft], is_main: bool, reading: &Reading<'_, '_>) -> Report {
    let draft = &drafts[number];
    let mut report = Report {
        victim: victim(draft, reading),
        kind: crate::model::report::Kind::Other,
        also_kinds: Vec::new(),
        attackers: Vec::new(),
        records: Vec::new(),
        data: Vec::new(),
        occurred: None,
        disclosed: None,
        disputed: false,
        salience: if is_main { Salience::Main } else { Salience::Mention },
        confidence: draft.confidence,
        evidence: evidence(draft, reading),
    };
    slots::kind::fill(&mut report, draft, is_main, reading);
    slots::attackers::fill(&mut report, draft, is_main, reading);
    slots::records::fill(&mut report, draft, drafts, is_main, reading);
    slots::dates::fill(&mut report, draft, is_main, reading);
    slots::data::fill(&mut report, draft, is_main, reading);
    report.evidence.sort_by_key(|evidence| (evidence.field, evidence.span));
    report
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
    Victim { name, aliases, named: true }
}

/// Quotes the sentences of the claims that make a draft a victim.
fn evidence(draft: &Draft, reading: &Reading<'_, '_>) -> Vec<Evidence> {
    let mut by_sentence: BTreeMap<usize, RuleId> = BTreeMap::new();
    for &number in &draft.claims {
        let claim = &reading.claims[number];
        if drafts::is_actual(claim) && !reading.found.text.sentences[claim.sentence].in_title {
            by_sentence.entry(claim.sentence).or_insert_with(|| reading.rules.events[claim.rule].id.clone());
        }
    }
    by_sentence
        .into_iter()
        .take(3)
        .filter_map(|(sentence, rule)| quote_sentence(Field::Victim, sentence, rule, draft.confidence, reading))
        .collect()
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

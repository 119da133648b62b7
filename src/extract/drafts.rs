//! Who may have been hit: the claims gathered by victim, and which sentences speak of which.

use std::collections::{BTreeMap, HashMap};

use crate::rules::{Rules, mention};

use super::claims::{Claim, Realis};
use super::entities::EntityId;
use super::names::NameSort;
use super::units::{Found, Line, What};

/// A victim that may become a report.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The victim.
    pub entity: EntityId,
    /// What was claimed of it, by number, in order of the text.
    pub claims: Vec<usize>,
    /// The sentences that name it, in order.
    pub named_in: Vec<usize>,
    /// The sentences that speak of it, or go on about it, in order.
    pub sentences: Vec<usize>,
    /// How sure it is that it is a victim, 0 to 1.
    pub confidence: f32,
}

/// Which entity the words "the company" and "its" stand for, by sentence and unit.
pub type Antecedents = BTreeMap<(usize, usize), EntityId>;

/// Finds whom definite words stand for: the body spoken of last, the article's main one if it was named a short while before.
pub fn antecedents(found: &Found<'_>, lines: &[Line]) -> Antecedents {
    const LONGEST_AGO: usize = 6;
    let main = main_entity(found);
    let mut antecedents = Antecedents::new();
    let mut last: Option<(EntityId, usize)> = None;
    let mut main_at: Option<usize> = None;
    for (number, line) in lines.iter().enumerate() {
        let mut subject = None;
        for (unit, piece) in line.pieces.iter().enumerate() {
            match piece.what {
                What::Entity(entity) if is_body(found, entity) && line.units[unit].kinds & mention::TARGET != 0 => {
                    if Some(entity) == main {
                        main_at = Some(number);
                    }
                    subject = subject.or(Some(entity));
                    if line.units[unit].kinds & mention::OBSERVER == 0 {
                        last = Some((entity, number));
                    }
                }
                What::Definite => {
                    let near = last.filter(|(_, at)| number - at <= LONGEST_AGO).map(|(entity, _)| entity);
                    let chosen = match (near, main.filter(|_| main_at.is_some_and(|at| number - at <= LONGEST_AGO))) {
                        (Some(near), Some(main)) if last.is_some_and(|(_, at)| at + 1 < number) => {
                            Some(if near == main { near } else { main })
                        }
                        (near, main) => near.or(main),
                    };
                    if let Some(entity) = chosen {
                        antecedents.insert((number, unit), entity);
                    }
                }
                _ => {}
            }
        }
    }
    antecedents
}

/// Finds whom "the group" and "the hackers" stand for: the attacker named last, if that was not long before.
pub fn attacker_antecedents(found: &Found<'_>, lines: &[Line], rules: &Rules) -> Antecedents {
    const LONGEST_AGO: usize = 4;
    let mut antecedents = Antecedents::new();
    let mut last: Option<(EntityId, usize)> = None;
    for (number, line) in lines.iter().enumerate() {
        for (unit, piece) in line.pieces.iter().enumerate() {
            match piece.what {
                What::Entity(entity) if line.units[unit].kinds & mention::ATTACKER != 0 => last = Some((entity, number)),
                What::Crooks if is_definite(found, piece.tokens.start, rules) => {
                    if let Some((entity, _)) = last.filter(|(_, at)| number - at <= LONGEST_AGO) {
                        antecedents.insert((number, unit), entity);
                        last = Some((entity, number));
                    }
                }
                _ => {}
            }
        }
    }
    antecedents
}

fn is_definite(found: &Found<'_>, token: usize, rules: &Rules) -> bool {
    found.text.tokens[token].word.classes & rules.class.the != 0
}

/// Returns the body that the title names, or else the one named most.
fn main_entity(found: &Found<'_>) -> Option<EntityId> {
    (0..found.entities.all.len())
        .filter(|&entity| is_body(found, entity) && !matches!(found.entities.all[entity].sort, NameSort::Observer(_)))
        .max_by_key(|&entity| {
            let it = &found.entities.all[entity];
            (it.mentions.len() + 3 * usize::from(it.in_title), std::cmp::Reverse(entity))
        })
}

fn is_body(found: &Found<'_>, entity: EntityId) -> bool {
    matches!(found.entities.all[entity].sort, NameSort::Body | NameSort::Described | NameSort::Observer(_))
}

/// Returns the entity that a unit stands for.
pub fn entity_at(line: &Line, number: usize, unit: usize, antecedents: &Antecedents) -> Option<EntityId> {
    match line.pieces[unit].what {
        What::Entity(entity) => Some(entity),
        What::Definite => antecedents.get(&(number, unit)).copied(),
        _ => None,
    }
}

/// A place where an entity is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The sentence, by number.
    pub sentence: usize,
    /// The unit of it.
    pub unit: usize,
    /// Whether it is only meant there: "the company".
    pub definite: bool,
}

/// Lists where each entity is spoken of, by its number, in order of the text.
pub fn spots(found: &Found<'_>, lines: &[Line], antecedents: &Antecedents) -> Vec<Vec<Spot>> {
    let mut spots = vec![Vec::new(); found.entities.all.len()];
    for (sentence, line) in lines.iter().enumerate() {
        for (unit, piece) in line.pieces.iter().enumerate() {
            if let Some(entity) = entity_at(line, sentence, unit, antecedents) {
                spots[entity].push(Spot { sentence, unit, definite: piece.what == What::Definite });
            }
        }
    }
    spots
}

/// Gathers the claims by victim, in the order in which the text comes to the victims. Every name that might be hit is one of them.
pub fn gather(found: &Found<'_>, lines: &[Line], claims: &[Claim], antecedents: &Antecedents) -> Vec<Draft> {
    let mut by_entity: BTreeMap<EntityId, Vec<usize>> = BTreeMap::new();
    for (entity, it) in found.entities.all.iter().enumerate() {
        if !matches!(it.sort, NameSort::Attacker | NameSort::Malware | NameSort::Nationality) {
            by_entity.insert(entity, Vec::new());
        }
    }
    for (number, claim) in claims.iter().enumerate() {
        for &unit in &claim.victims {
            if let Some(entity) = entity_at(&lines[claim.sentence], claim.sentence, unit, antecedents) {
                let known = by_entity.entry(entity).or_default();
                if known.last() != Some(&number) {
                    known.push(number);
                }
            }
        }
    }
    let is_actual = |mine: &[usize]| mine.iter().any(|&number| is_actual(&claims[number]));
    by_entity
        .into_iter()
        .filter(|(entity, mine)| found.entities.all[*entity].sort != NameSort::Described || is_actual(mine))
        .map(|(entity, mine)| {
            let mut named_in: Vec<usize> =
                found.entities.all[entity].mentions.iter().map(|&name| found.names[name].sentence).collect();
            named_in.extend(mine.iter().map(|&number| claims[number].sentence));
            named_in.sort_unstable();
            named_in.dedup();
            Draft { entity, claims: mine, named_in, sentences: Vec::new(), confidence: 0.0 }
        })
        .collect()
}

/// Gives each sentence to the victims that it speaks of: those it names, else those of the sentence before that it goes on about.
pub fn share_out(drafts: &mut [Draft], found: &Found<'_>, lines: &[Line], antecedents: &Antecedents) {
    let Some(main) = main_draft(drafts, found) else { return };
    let by_entity: HashMap<EntityId, usize> = drafts.iter().enumerate().map(|(at, draft)| (draft.entity, at)).collect();
    let mut current = vec![main];
    let mut before = 0;
    for (number, line) in lines.iter().enumerate() {
        let sentence = &found.text.sentences[number];
        let mut named = Vec::new();
        for unit in 0..line.pieces.len() {
            let Some(entity) = entity_at(line, number, unit, antecedents) else { continue };
            if let Some(at) = by_entity.get(&entity).filter(|at| !named.contains(*at)) {
                named.push(*at);
            }
        }
        if !named.is_empty() {
            current = named;
        } else if sentence.paragraph != before && !goes_on(found, number) && !sentence.in_title {
            current = vec![main];
        }
        before = sentence.paragraph;
        for &at in &current {
            drafts[at].sentences.push(number);
        }
    }
}

/// Tells whether a sentence opens with words that go on about what was said before.
fn goes_on(found: &Found<'_>, number: usize) -> bool {
    let tokens = found.text.of(&found.text.sentences[number]);
    tokens.first().is_some_and(|token| {
        matches!(
            token.raw,
            "It" | "They"
                | "He"
                | "She"
                | "That"
                | "This"
                | "Those"
                | "These"
                | "The"
                | "Its"
                | "Their"
                | "In"
                | "Stolen"
                | "Among"
        )
    })
}

/// Returns the draft that the article is about: surest first, then the one in the title, the earliest, the most claimed.
pub fn main_draft(drafts: &[Draft], found: &Found<'_>) -> Option<usize> {
    (0..drafts.len()).max_by(|&a, &b| prominence(&drafts[a], found).total_cmp(&prominence(&drafts[b], found)).then(b.cmp(&a)))
}

/// Weighs how much an article is about a victim.
pub fn prominence(draft: &Draft, found: &Found<'_>) -> f32 {
    let entity = &found.entities.all[draft.entity];
    let first = entity.mentions.first().map_or(usize::MAX, |&name| found.names[name].sentence);
    let early = match first {
        0..=1 => 1.5,
        2..=4 => 0.7,
        _ => 0.0,
    };
    draft.confidence * 2.0
        + if entity.in_title { 2.0 } else { 0.0 }
        + early
        + (entity.mentions.len() as f32).ln_1p() * 0.7
        + (draft.claims.len() as f32).ln_1p()
}

/// Tells whether a claim makes its event real.
pub fn is_actual(claim: &Claim) -> bool {
    claim.realis == Realis::Actual
}

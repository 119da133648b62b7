//! The rules applied: which sentence says that something happened to whom, and how firmly.

use std::ops::Range;

use crate::rules::index::PatternSet;
use crate::rules::pattern::Match;
use crate::rules::{Gives, Rules, mention};

use super::units::{Line, Piece, What};

/// One rule's reading of one sentence.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The rule, by number in the file of events.
    pub rule: usize,
    /// The sentence, by number.
    pub sentence: usize,
    /// The units of the sentence that the rule took.
    pub units: Range<usize>,
    /// The units that are victims; several where they are listed side by side.
    pub victims: Vec<usize>,
    /// What the rule gives.
    pub gives: Gives,
    /// How real the event is made to be.
    pub realis: Realis,
}

/// Whether a sentence tells an event as something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Realis {
    /// As a fact, or as somebody's claim.
    Actual,
    /// As possible, planned or general.
    Hypothetical,
    /// As something that did not happen, or failed.
    Negated,
}

/// Applies the rules of events to a line.
pub fn read(sentence: usize, line: &Line, question: bool, rules: &Rules, claims: &mut Vec<Claim>) {
    if line.kinds() & mention::TARGET == 0 {
        return;
    }
    let begun: Vec<PatternSet> = (0..line.units.len()).map(|at| rules.patterns.begun_at(&line.units, at)).collect();
    let any = begun.iter().fold(PatternSet::default(), |any, set| any | *set);
    let patterns = rules.events.iter().enumerate().flat_map(|(rule, it)| it.when.iter().map(move |when| (rule, when)));
    for (number, (rule, (pattern, gives))) in patterns.enumerate().filter(|(number, _)| any.contains(*number)) {
        if !pattern.may_match(line.classes(), line.kinds(), &|word| line.may_hold(word)) {
            continue;
        }
        for start in (0..begun.len()).filter(|start| begun[*start].contains(number)) {
            let found = pattern.match_at(&line.units, start);
            if let Some(claim) = found.and_then(|found| claim(rule, sentence, line, &found, *gives, question, rules)) {
                push(claims, claim);
            }
        }
    }
}

/// Adds a claim unless the same rule has said the same of the same victim already.
fn push(claims: &mut Vec<Claim>, claim: Claim) {
    let same = |known: &&mut Claim| {
        known.sentence == claim.sentence && known.rule == claim.rule && known.victims.first() == claim.victims.first()
    };
    match claims.iter_mut().rev().take_while(|known| known.sentence == claim.sentence).find(same) {
        Some(known) => known.units = known.units.start.min(claim.units.start)..known.units.end.max(claim.units.end),
        None => claims.push(claim),
    }
}

fn claim(rule: usize, sentence: usize, line: &Line, found: &Match, gives: Gives, question: bool, rules: &Rules) -> Option<Claim> {
    let victim = usize::from(found.captures[gives.victim]?);
    let units = found.start..found.end;
    Some(Claim {
        rule,
        sentence,
        victims: listed(line, victim, &units),
        realis: realis(line, &units, question, rules),
        units,
        gives,
    })
}

/// Returns the victim and those that stand side by side with it: "Target, Home Depot and Neiman Marcus".
fn listed(line: &Line, victim: usize, units: &Range<usize>) -> Vec<usize> {
    let mut victims = vec![victim];
    let joins = |at: usize| is_joint(line, at);
    if victim + 1 >= units.end {
        let mut at = victim + 1;
        while let Some(next) = step(line, at, 1, &joins) {
            victims.push(next);
            at = next + 1;
        }
        // A list ends in "and X"; commas alone may part clauses.
        if victims.len() > 1 && !line_has_and(line, victim..*victims.last().unwrap_or(&victim)) {
            victims.truncate(1);
        }
    }
    if victim <= units.start && victim > 0 {
        let mut at = victim - 1;
        let mut before = Vec::new();
        while let Some(next) = step(line, at, -1, &joins) {
            before.push(next);
            let Some(further) = next.checked_sub(1) else { break };
            at = further;
        }
        if before.last().is_some_and(|first| line_has_and(line, *first..victim)) {
            victims.extend(before);
        }
    }
    victims
}

fn line_has_and(line: &Line, range: Range<usize>) -> bool {
    range
        .into_iter()
        .any(|at| line.pieces[at].what == What::Token && line.units[at].kinds == 0 && matches!(word_kind(line, at), Joint::And))
}

enum Joint {
    And,
    Comma,
    None,
}

fn word_kind(line: &Line, at: usize) -> Joint {
    match line.joints.get(at) {
        Some(1) => Joint::And,
        Some(2) => Joint::Comma,
        _ => Joint::None,
    }
}

fn is_joint(line: &Line, at: usize) -> bool {
    !matches!(word_kind(line, at), Joint::None)
}

/// Returns the next target over one or two joints in a direction.
fn step(line: &Line, mut at: usize, direction: isize, joins: &dyn Fn(usize) -> bool) -> Option<usize> {
    if !joins(at) {
        return None;
    }
    at = at.checked_add_signed(direction)?;
    if joins(at) {
        at = at.checked_add_signed(direction)?;
    }
    let unit = line.units.get(at)?;
    (unit.kinds & mention::TARGET != 0 && matches!(line.pieces[at].what, What::Entity(_))).then_some(at)
}

/// Judges how real the words make the event.
fn realis(line: &Line, units: &Range<usize>, question: bool, rules: &Rules) -> Realis {
    let class = &rules.class;
    let from = units.start.saturating_sub(5);
    let mut realis = if question { Realis::Hypothetical } else { Realis::Actual };
    for at in from..units.end {
        let unit = &line.units[at];
        if unit.kinds != 0 && unit.kinds != mention::DATA {
            continue;
        }
        let near = at + 3 >= units.start;
        if at < units.start && unit.ends_clause {
            realis = if question { Realis::Hypothetical } else { Realis::Actual };
        } else if near
            && (unit.classes & class.not != 0 || unit.classes & (class.attempt | class.prevent) != 0 && unit.forms != 0)
        {
            return Realis::Negated;
        } else if unit.classes & class.would != 0 && !(at < units.start && at + 3 < units.start) {
            realis = Realis::Hypothetical;
        }
    }
    realis
}

/// Returns the piece of a unit.
pub fn piece(line: &Line, unit: usize) -> &Piece {
    &line.pieces[unit]
}

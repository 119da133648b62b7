//! The rules applied: which sentence says that something happened to whom, and how firmly.

use std::ops::Range;

use crate::rules::index::PatternSet;
use crate::rules::lexicon::Classes;
use crate::rules::pattern::Match;
use crate::rules::{Gives, Rules, mention};

use super::lists;
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
    let behind = rest(line);
    let patterns = rules.events.iter().enumerate().flat_map(|(rule, it)| it.when.iter().map(move |when| (rule, when)));
    for (number, (rule, (pattern, gives))) in patterns.enumerate().filter(|(number, _)| any.contains(*number)) {
        if !pattern.may_match(line.classes(), line.kinds(), &|word| line.may_hold(word)) {
            continue;
        }
        for start in (0..begun.len()).filter(|start| begun[*start].contains(number)) {
            let (classes, kinds) = behind[start];
            if !pattern.may_match(classes, kinds, &|_| true) {
                continue;
            }
            let found = pattern.match_at(&line.units, start);
            if let Some(claim) = found.and_then(|found| claim(rule, sentence, line, &found, *gives, question, rules)) {
                push(claims, claim);
            }
        }
    }
}

/// Returns, for each unit, the classes and the kinds of mentions from there to the end.
fn rest(line: &Line) -> Vec<(Classes, u32)> {
    let mut rest = vec![(0, 0); line.units.len()];
    let mut all = (0, 0);
    for (unit, rest) in line.units.iter().zip(&mut rest).rev() {
        all = (all.0 | unit.classes, all.1 | unit.kinds);
        *rest = all;
    }
    rest
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
        victims: listed(line, victim, &units, rules),
        realis: realis(line, &units, question, rules),
        units,
        gives,
    })
}

/// Returns the victim and those that stand side by side with it: "Target, Home Depot and Neiman Marcus".
fn listed(line: &Line, victim: usize, units: &Range<usize>, rules: &Rules) -> Vec<usize> {
    let mut victims = vec![victim];
    if victim + 1 >= units.end {
        victims.extend(lists::rightwards(line, victim, rules));
    }
    if victim <= units.start {
        victims.extend(lists::leftwards(line, victim));
    }
    let named = |at: &usize| matches!(line.pieces[*at].what, What::Entity(_));
    let mut seen = 0;
    victims.retain(|at| {
        let first = seen == 0;
        seen += 1;
        first || *at != victim && named(at)
    });
    victims
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

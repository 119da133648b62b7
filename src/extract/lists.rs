//! Names side by side: "Target, Home Depot and Neiman Marcus" were hit together, or none of them was.

use crate::rules::lexicon::form;
use crate::rules::{Rules, mention};

use super::units::{JOINT_AND, Line};

/// The most words that may stand between a name and the mark that joins it to the next: "Cadbury factories,".
const LONGEST_TAIL: usize = 3;
/// The most words and marks between that mark and the next name: "and, most recently, the retail giant".
const LONGEST_LEAD: usize = 7;

/// Finds the lists of a line: the units of each, in order, two or more.
pub fn find(line: &Line, rules: &Rules) -> Vec<Vec<usize>> {
    let mut lists = Vec::new();
    if line.joints.iter().all(|joint| *joint == 0) {
        return lists;
    }
    let mut at = 0;
    while at < line.units.len() {
        if !is_member(line, at) {
            at += 1;
            continue;
        }
        let mut list = vec![at];
        while let Some(next) = next_member(line, list[list.len() - 1], rules) {
            list.push(next);
        }
        at = list[list.len() - 1] + 1;
        if list.len() > 1 {
            lists.push(list);
        }
    }
    lists
}

fn is_member(line: &Line, at: usize) -> bool {
    line.units.get(at).is_some_and(|unit| unit.kinds & (mention::TARGET | mention::PERSON) != 0)
}

/// Returns the name that a list goes on with after one.
fn next_member(line: &Line, member: usize, rules: &Rules) -> Option<usize> {
    let joint = tail_end(line, member, rules);
    if line.joints.get(joint).is_none_or(|joint| *joint == 0) {
        return None;
    }
    let mut at = joint + 1;
    while at < line.units.len().min(joint + 1 + LONGEST_LEAD) {
        if is_member(line, at) {
            return Some(at);
        }
        let of = line.units[at].classes & rules.class.prep != 0 && is_member(line, at + 1) && line.units[at - 1].describes;
        if line.joints[at] == 0 && !line.units[at].describes && !of {
            return None;
        }
        at += 1;
    }
    None
}

/// Returns the unit behind a name and what belongs to it: "the City of Oakland in California", "Health Service (HSE)".
fn tail_end(line: &Line, member: usize, rules: &Rules) -> usize {
    let mut at = member + 1;
    while at <= member + LONGEST_TAIL && line.units.get(at).is_some_and(|unit| unit.describes && unit.kinds == 0) {
        at += 1;
    }
    let is_place = |at: usize| line.units.get(at).is_some_and(|unit| unit.kinds & mention::PLACE != 0);
    if line.units.get(at).is_some_and(|unit| unit.classes & rules.class.prep != 0) && is_place(at + 1) {
        at += 2;
    }
    match line.units.get(at) {
        Some(unit) if unit.aside > 0 && line.joints[at] == 0 => at + usize::from(unit.aside),
        _ => at,
    }
}

/// Returns a unit and those listed with it to its right: where a rule's match ends with the first of a list. A name with a verb
/// behind it begins a clause of its own.
pub fn rightwards<'l>(line: &'l Line, unit: usize, rules: &Rules) -> &'l [usize] {
    let list = line.list_of(unit);
    let Some(at) = list.iter().position(|member| *member == unit) else { return &[] };
    let mut mine = &list[at..];
    if mine.len() > 1 && is_subject(line, mine[mine.len() - 1], rules) {
        mine = &mine[..mine.len() - 1];
    }
    if is_joined(line, mine) { mine } else { &mine[..1] }
}

/// Returns a unit and those listed with it to its left: where a rule's match begins with the last of a list.
pub fn leftwards(line: &Line, unit: usize) -> &[usize] {
    let list = line.list_of(unit);
    let Some(at) = list.iter().position(|member| *member == unit) else { return &[] };
    let mine = &list[..=at];
    if is_joined(line, mine) { mine } else { &mine[at..] }
}

/// Tells whether a list ends in "and X"; commas alone may part clauses, but not three names.
fn is_joined(line: &Line, list: &[usize]) -> bool {
    match (list.first(), list.last()) {
        (Some(first), Some(last)) => list.len() > 3 || line.joints[*first..*last].contains(&JOINT_AND),
        _ => false,
    }
}

fn is_subject(line: &Line, member: usize, rules: &Rules) -> bool {
    let class = &rules.class;
    line.units.get(member + 1).is_some_and(|unit| {
        let finite = unit.forms & (form::S | form::PAST) != 0 && unit.classes & class.attack == 0;
        unit.kinds == 0
            && (finite || unit.classes & (class.be | class.have | class.modal) != 0 && unit.classes & class.of_head == 0)
    })
}

//! Acronyms and what they are short for: "OHSU", "Central Intelligence Agency (CIA)".

use std::collections::HashMap;

use super::super::names::{Name, NameSort};
use super::super::text::Text;
use super::{Sets, Written};

/// Joins "Central Intelligence Agency (CIA)" and "CIA (Central Intelligence Agency)".
pub(super) fn join_brackets(text: &Text<'_>, names: &[Name], written: &[Written], sets: &mut Sets) {
    for number in 1..names.len() {
        let (before, inside) = (&names[number - 1], &names[number]);
        if before.sentence != inside.sentence || before.tokens.end + 1 > inside.tokens.start {
            continue;
        }
        let between = &text.tokens[before.tokens.end..inside.tokens.start];
        let opened = between.last().is_some_and(|token| token.raw == "(") && between.len() <= 2
            || between.len() == 2 && between[0].raw == "(" && matches!(between[1].raw, "\"" | "“" | "the");
        if !opened {
            continue;
        }
        let (long, short) = if written[number].words.len() < written[number - 1].words.len() {
            (number - 1, number)
        } else {
            (number, number - 1)
        };
        if is_short_for(&written[short], &written[long]) {
            sets.join(long, short);
        }
    }
}

/// Tells whether one name may be the other's acronym or short form.
fn is_short_for(short: &Written, long: &Written) -> bool {
    if short.core.iter().all(|word| long.words.contains(word)) {
        return true;
    }
    let letters = short.words.concat();
    if short.words.len() > 2 || letters.chars().count() > 8 {
        return false;
    }
    let initials: Vec<char> = long.words.iter().filter_map(|word| word.chars().next()).collect();
    let matched = in_common(&letters.chars().collect::<Vec<_>>(), &initials);
    matched >= 2 && matched + 1 >= letters.chars().count()
}

/// Returns how many letters two lists have in common, in the same order.
fn in_common(one: &[char], other: &[char]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for letter in one {
        let mut before = 0;
        for (at, initial) in other.iter().enumerate() {
            let here = if letter == initial { before + 1 } else { row[at].max(row[at + 1]) };
            (before, row[at + 1]) = (row[at + 1], here);
        }
    }
    row[other.len()]
}

/// Joins "OHSU" to "Oregon Health & Science University" where no bracket says that they are one.
pub(super) fn join_acronyms(names: &[Name], written: &[Written], sets: &mut Sets) {
    let is_body = |number: usize| matches!(names[number].sort, NameSort::Body | NameSort::Observer(_));
    let is_acronym = |number: usize| {
        let name = &written[number];
        name.words.len() == 1 && (3..=6).contains(&name.text.len()) && name.text.chars().all(|c| c.is_ascii_uppercase())
    };
    let mut short: HashMap<&str, Vec<usize>> = HashMap::new();
    for number in (0..names.len()).filter(|&number| is_body(number) && is_acronym(number)) {
        short.entry(&written[number].words[0]).or_default().push(number);
    }
    if short.is_empty() {
        return;
    }
    let same = |one: usize, other: usize| match (names[one].known, names[other].known) {
        (Some(one), Some(other)) => one.number == other.number && one.sort == other.sort,
        _ => true,
    };
    for number in (0..names.len()).filter(|&number| is_body(number) && written[number].words.len() > 2) {
        let initials = |all: bool| -> String {
            let words = written[number].words.iter().filter(|word| all || !matches!(word.as_str(), "of" | "and" | "the" | "for"));
            words.filter_map(|word| word.chars().next()).collect()
        };
        for acronym in [initials(false), initials(true)] {
            let found = short.get(acronym.as_str()).and_then(|all| all.first()).filter(|&&other| same(number, other));
            if let Some(&other) = found {
                short[acronym.as_str()].iter().for_each(|&again| sets.join(other, again));
                sets.join(number, other);
            }
        }
    }
}

//! Whether rules read their own examples: each `yes` its victim, and each `no` nothing.

use std::fmt;

use crate::base::day::Day;
use crate::model::mention::RuleId;
use crate::rules::{Rule, Rules};

use super::{Document, claims, with_reading};

/// An example that a rule does not read as it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// The rule.
    pub rule: RuleId,
    /// The example, with its brackets.
    pub example: String,
    /// The victim that it should find; None where it should find nothing.
    pub victim: Option<String>,
    /// The victims that it finds.
    pub found: Vec<String>,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.found.iter().map(|found| format!("\"{found}\"")).collect();
        let found = if quoted.is_empty() { "nothing".to_owned() } else { quoted.join(", ") };
        let wanted = self.victim.as_ref().map_or("nothing".to_owned(), |victim| format!("\"{victim}\""));
        write!(f, "{}: finds {found} instead of {wanted} in \"{}\"", self.rule, self.example)
    }
}

/// Runs the examples of one rule, by number, and returns those that it misreads.
pub fn misread(rule: usize, rules: &Rules) -> Vec<Misread> {
    let Rule { id, yes, no, .. } = &rules.events[rule];
    let positive = yes.iter().map(|example| (example, marked(example)));
    let negative = no.iter().map(|example| (example, None));
    let mut misread = Vec::new();
    for (example, victim) in positive.chain(negative) {
        let found = victims(rule, &example.replace(['[', ']'], ""), rules);
        let is_read = match &victim {
            Some(victim) => found.iter().any(|found| found.contains(victim.as_str())),
            None => found.is_empty(),
        };
        if !is_read {
            misread.push(Misread { rule: id.clone(), example: example.clone(), victim, found });
        }
    }
    misread
}

/// Returns the victim that an example marks with brackets.
fn marked(example: &str) -> Option<String> {
    let (_, rest) = example.split_once('[')?;
    let (victim, _) = rest.split_once(']')?;
    Some(victim.to_owned())
}

/// Returns what a rule says is the victim, for each claim that it makes of a sentence.
fn victims(rule: usize, sentence: &str, rules: &Rules) -> Vec<String> {
    // Any day will do: no rule looks at days.
    let document = Document { title: "", text: sentence, published: Day::from_epoch(15_000) };
    with_reading(&document, rules, |reading| {
        let mine = reading.claims.iter().filter(|claim| claim.rule == rule);
        mine.map(|claim| {
            let tokens = claims::piece(&reading.lines[claim.sentence], claim.victims[0]).tokens.clone();
            let all = &reading.found.text.tokens;
            all[tokens.start].span.join(all[tokens.end - 1].span).slice(sentence).to_owned()
        })
        .collect()
    })
}

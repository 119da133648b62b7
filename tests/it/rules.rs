//! Every rule reads its own examples, and nothing where it must not. New words and rules need no new test code.

use breachline::extract::{self, Document, claims};
use breachline::rules::Rules;

/// Returns what a rule says is the victim, for each claim that it makes of a sentence.
fn victims(rule: usize, sentence: &str, rules: &Rules) -> Vec<String> {
    let document = Document { title: "", text: sentence, published: "2011-06-20".parse().expect("a day") };
    extract::with_reading(&document, rules, |reading| {
        let mine = reading.claims.iter().filter(|claim| claim.rule == rule);
        mine.map(|claim| {
            let tokens = claims::piece(&reading.lines[claim.sentence], claim.victims[0]).tokens.clone();
            let all = &reading.found.text.tokens;
            all[tokens.start].span.join(all[tokens.end - 1].span).slice(sentence).to_owned()
        })
        .collect()
    })
}

#[test]
fn every_rule_reads_its_examples() {
    let rules = Rules::builtin();
    for (number, rule) in rules.events.iter().enumerate() {
        for example in &rule.yes {
            let (before, rest) = example.split_once('[').expect("a `yes` marks the victim");
            let (victim, after) = rest.split_once(']').expect("a `yes` marks the victim");
            let found = victims(number, &format!("{before}{victim}{after}"), rules);
            assert!(found.iter().any(|found| found.contains(victim)), "{} in {example:?} reads {found:?}", rule.id);
        }
    }
}

#[test]
fn no_rule_reads_what_it_must_not() {
    let rules = Rules::builtin();
    for (number, rule) in rules.events.iter().enumerate() {
        for example in &rule.no {
            let found = victims(number, example, rules);
            assert!(found.is_empty(), "{} in {example:?} reads {found:?}", rule.id);
        }
    }
}

#[test]
fn the_index_passes_over_no_match() {
    let rules = Rules::builtin();
    let patterns: Vec<_> = rules.events.iter().flat_map(|rule| &rule.when).map(|(pattern, _)| pattern).collect();
    let mut matches = 0;
    for example in rules.events.iter().flat_map(|rule| rule.yes.iter().chain(&rule.no)) {
        let text = example.replace(['[', ']'], "");
        let document = Document { title: "", text: &text, published: "2011-06-20".parse().expect("a day") };
        extract::with_reading(&document, rules, |reading| {
            for (line, at) in reading.lines.iter().flat_map(|line| (0..line.units.len()).map(move |at| (line, at))) {
                let begun = rules.patterns.begun_at(&line.units, at);
                for number in (0..patterns.len()).filter(|number| patterns[*number].match_at(&line.units, at).is_some()) {
                    matches += 1;
                    assert!(begun.contains(number), "pattern {number} matches unit {at} of {text:?}");
                }
            }
        });
    }
    assert!(matches > patterns.len(), "{matches} matches");
}

#[test]
fn rule_names_are_used_once() {
    let rules = Rules::builtin();
    let mut ids: Vec<String> = rules.events.iter().map(|rule| rule.id.to_string()).collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "two rules have one name");
}

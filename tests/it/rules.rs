//! Every rule reads its own examples, and nothing where it must not. New words and rules need no new test code.

use breachline::extract::{self, Document, examples};
use breachline::rules::Rules;

#[test]
fn every_rule_reads_its_examples() {
    let rules = Rules::builtin();
    let misread: Vec<String> =
        (0..rules.events.len()).flat_map(|rule| examples::misread(rule, rules)).map(|misread| misread.to_string()).collect();
    assert!(misread.is_empty(), "{}", misread.join("\n"));
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

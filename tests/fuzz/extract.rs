//! Any text as an article: never a panic, evidence is the exact slice, days are in order, and the same text gives the same reports.
#![no_main]

use breachline::base::day::Day;
use breachline::extract::{Document, extract};
use breachline::rules::Rules;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str, u16)| {
    let (title, text, day) = parts;
    let document = Document { title, text, published: Day::from_epoch(day.into()) };
    let first = extract(&document, Rules::builtin());
    for report in &first.reports {
        assert!(!report.victim.name.is_empty() && (0.0..=1.0).contains(&report.confidence));
        for days in [report.occurred, report.disclosed].into_iter().flatten() {
            assert!(days.earliest <= days.latest);
        }
        for evidence in &report.evidence {
            assert!(text.get(evidence.span.start..evidence.span.end) == Some(evidence.quote.as_str()));
        }
    }
    assert!(extract(&document, Rules::builtin()) == first);
});

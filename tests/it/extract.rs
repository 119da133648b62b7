//! Extraction: what is read in a sentence or two that we wrote, and nothing where nothing is said.

use std::fmt::Write;

use breachline::base::day::Day;
use breachline::extract::text::Text;
use breachline::extract::{Document, days, entities, extract, figures, names};
use breachline::model::report::{Field, Figure, Report};
use breachline::rules::Rules;
use proptest::prelude::*;

const DAYS: &str = include_str!("../data/extract/days.txt");
const FIGURES: &str = include_str!("../data/extract/figures.txt");
const SPEAKERS: &str = include_str!("../data/extract/speakers.txt");
const NAMES: &str = include_str!("../data/extract/names.txt");
const REPORTS: &str = include_str!("../data/extract/reports.txt");

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The cases of a file: what is said, and what is to be read.
fn cases(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_once('|').expect("a bar")).map(|(said, read)| (said.trim(), read.trim()))
}

#[test]
fn days_are_reckoned_from_publication() {
    for (said, read) in cases(DAYS) {
        let text = Text::read("", said, Rules::builtin());
        let found: Vec<String> = days::find(&text, day("2011-06-20")).iter().map(|days| days.range.to_string()).collect();
        assert_eq!(found.join(" "), read, "{said}");
    }
}

#[test]
fn names_of_one_body_are_one() {
    let mut wrong = String::new();
    for (said, read) in cases(NAMES) {
        let (title, text) = said.split_once(" :: ").expect("a title");
        let text = Text::read(title, text, Rules::builtin());
        let found = entities::group(&text, &names::find(&text, Rules::builtin()), Rules::builtin());
        let named: Vec<String> = found.all.iter().map(|entity| entity.names.join(" = ")).collect();
        if named.join(" ; ") != read {
            writeln!(wrong, "{said}\n  wanted {read}\n  found  {}", named.join(" ; ")).expect("a string");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn counts_say_what_they_count() {
    for (said, read) in cases(FIGURES) {
        let text = Text::read("", said, Rules::builtin());
        let found: Vec<String> = figures::find(&text, Rules::builtin())
            .iter()
            .map(|count| {
                let figure = count.figure;
                let max = figure.max.map(|max| format!("-{max}")).unwrap_or_default();
                format!("{}{max} {} {}", figure.value, figure.unit.word(), figure.qualifier.word())
            })
            .collect();
        assert_eq!(found.join("; "), read, "{said}");
    }
}

#[test]
fn figures_say_whose_word_they_are() {
    let mut wrong = Vec::new();
    for (said, read) in cases(SPEAKERS) {
        let document = Document { title: "Harrow Bank hit by data breach", text: said, published: day("2025-06-12") };
        let reports = extract(&document, Rules::builtin()).reports;
        let report = reports.iter().find(|report| report.victim.name == "Harrow Bank");
        let mut found: Vec<String> = report.into_iter().flat_map(|report| &report.records).map(spoken).collect();
        found.sort_unstable();
        let mut wanted: Vec<&str> = read.split("; ").collect();
        wanted.sort_unstable();
        if found != wanted {
            wrong.push(format!("{said} {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes a figure as the number and whose word it is.
fn spoken(figure: &Figure) -> String {
    format!("{} {}", figure.value, figure.by.word())
}

/// Writes a report as the file of cases does.
fn line(report: &Report) -> String {
    let mut line = format!("{} | {} |", report.victim.name, report.kind.word());
    for attacker in &report.attackers {
        let _ = write!(line, " {} {}", attacker.name, attacker.attribution.word());
    }
    line.push_str(" |");
    if let Some(figure) = report.records.first() {
        let _ = write!(line, " {} {} {}", figure.value, figure.unit.word(), figure.qualifier.word());
    }
    for days in [report.occurred, report.disclosed] {
        line.push_str(" |");
        if let Some(days) = days {
            let _ = write!(line, " {days}");
        }
    }
    line.push_str(" |");
    for kind in &report.data {
        let _ = write!(line, " {}", kind.word());
    }
    line
}

#[test]
fn articles_are_read_whole() {
    let cases = REPORTS.split("\n\n").filter(|case| !case.starts_with('#'));
    for case in cases {
        let (article, expected) = case.split_once("\n--").expect("a line of dashes");
        let mut lines = article.lines();
        let published = day(lines.next().expect("a day"));
        let title = lines.next().expect("a title");
        let text = lines.collect::<Vec<_>>().join("\n");
        let found = extract(&Document { title, text: &text, published }, Rules::builtin());
        let read: Vec<String> = found.reports.iter().map(line).collect();
        assert_eq!(read.join("\n"), expected.trim(), "{title}");
    }
}

#[test]
fn evidence_is_the_exact_slice() {
    for case in REPORTS.split("\n\n").filter(|case| !case.starts_with('#')) {
        let text = case.split_once("\n--").map_or("", |(article, _)| article);
        for report in extract(&Document { title: "", text, published: day("2025-03-12") }, Rules::builtin()).reports {
            let quoted = |field| report.evidence.iter().any(|evidence| evidence.field == field);
            assert_eq!(
                (report.occurred.is_some(), report.disclosed.is_some()),
                (quoted(Field::Occurred), quoted(Field::Disclosed))
            );
            assert!(!report.evidence.is_empty(), "{} has no evidence", report.victim.name);
            for evidence in report.evidence {
                assert_eq!(evidence.span.slice(text), evidence.quote);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_without_a_panic(title in ".{0,60}", text in "(\\PC|\\n|[A-Z][a-z]{1,8} |hacked |'s |, |\\. |[0-9,.]{1,9} ){0,120}") {
        let document = Document { title: &title, text: &text, published: day("2025-03-12") };
        let once = extract(&document, Rules::builtin());
        for report in &once.reports {
            for evidence in &report.evidence {
                prop_assert_eq!(evidence.span.slice(&text), evidence.quote.as_str());
            }
        }
        prop_assert_eq!(once, extract(&document, Rules::builtin()));
    }
}

/// The articles belong to others: of the annotations that weights are learned from, names and figures may be kept, and no sentences.
#[test]
fn annotations_hold_no_sentence() {
    const LONGEST: usize = 9;
    fn strings<'v>(value: &'v serde_json::Value, found: &mut Vec<&'v str>) {
        match value {
            serde_json::Value::String(text) => found.push(text),
            serde_json::Value::Array(all) => all.iter().for_each(|value| strings(value, found)),
            serde_json::Value::Object(all) => all.values().for_each(|value| strings(value, found)),
            _ => {}
        }
    }
    for line in include_str!("../data/learn/articles.jsonl").lines() {
        let label: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let mut found = Vec::new();
        strings(&label, &mut found);
        let long = found.iter().find(|text| text.split(' ').count() > LONGEST);
        assert_eq!(long, None, "{}", label["doc"]);
    }
}

//! Merging: which reports are one event, whatever order they come in, which values stand, and which ids incidents bear.
//!
//! `tests/data/merge/*.txt` hold reports, a line `--`, and the incidents that must come out, all of them, with the values to check.
//! `names.tsv` holds pairs of names that are, or are not, one victim.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use breachline::base::day::{Day, DayRange};
use breachline::base::span::Span;
use breachline::merge;
use breachline::merge::history::{What, history, known_on};
use breachline::merge::sources::{agreeing, alternatives, independent};
use breachline::model::article::ArticleId;
use breachline::model::edit::{Act, Anchor, Edit, EditId};
use breachline::model::incident::{Filed, Incident, IncidentId, ReportId};
use breachline::model::mention::RuleId;
use breachline::model::report::{
    Attacker, Attribution, DataKind, Evidence, Field, Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim,
};
use breachline::model::value::Value;
use proptest::prelude::*;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/merge")
}

// ---- reading the cases -------------------------------------------------------------------------------------------------------

/// A report and the label that the expected incidents know it by.
struct Case {
    reports: Vec<(String, Filed)>,
    expected: Vec<Expected>,
}

struct Expected {
    id: String,
    labels: BTreeSet<String>,
    values: Vec<(String, String)>,
}

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|_| panic!("no day: {text}"))
}

/// Reads `2013`, `2013-12`, `2013-12-19` or `2013-11-27..2013-12-15`.
fn days(text: &str) -> DayRange {
    if let Some((first, last)) = text.split_once("..") {
        return DayRange::new(day(first), day(last));
    }
    let parts: Vec<i16> = text.split('-').map(|part| part.parse().unwrap()).collect();
    match parts[..] {
        [year] => DayRange::year(year).unwrap(),
        [year, month] => DayRange::month(year, month as i8).unwrap(),
        _ => DayRange::day(day(text)),
    }
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Reads `1290755 people exact official`; the qualifier may be left out where it is `exact`, and whose word it is where that is untold.
fn figure(text: &str) -> Figure {
    let mut parts: Vec<&str> = text.split_whitespace().collect();
    let by = parts.last().filter(|part| matches!(**part, "official" | "attacker")).map(|part| word(part));
    parts.truncate(parts.len() - usize::from(by.is_some()));
    Figure {
        value: parts[0].parse().unwrap(),
        max: None,
        unit: word(parts[1]),
        qualifier: parts.get(2).map_or(Qualifier::Exact, |part| word(part)),
        by: by.unwrap_or_default(),
    }
}

fn attacker(text: &str) -> Attacker {
    let (names, attribution) = text.rsplit_once(' ').unwrap();
    let mut names = names.split('=').map(|name| name.trim().to_owned());
    Attacker { name: names.next().unwrap(), aliases: names.collect(), attribution: word(attribution) }
}

fn blank(article: i64, n: u32, published: Day, victim: &str) -> Filed {
    let mut names = victim.split('|').map(|name| name.trim().to_owned());
    let name = names.next().unwrap();
    Filed {
        id: ReportId { article: ArticleId(article), n },
        source: format!("paper {article}"),
        url: format!("https://paper{article}.example/story"),
        title: format!("Story {article}"),
        published,
        copy_of: None,
        also_at: Vec::new(),
        report: Report {
            victim: Victim { name, aliases: names.collect(), named: true },
            kind: Kind::Breach,
            also_kinds: Vec::new(),
            attackers: Vec::new(),
            records: Vec::new(),
            data: Vec::new(),
            occurred: None,
            disclosed: None,
            disputed: false,
            salience: Salience::Main,
            confidence: 0.9,
            evidence: Vec::new(),
        },
    }
}

fn put(report: &mut Report, key: &str, value: &str) {
    match key {
        "kind" => report.kind = word(value),
        "also" => report.also_kinds = value.split_whitespace().map(word).collect(),
        "by" => report.attackers = value.split(';').map(|text| attacker(text.trim())).collect(),
        "records" => report.records = value.split(';').map(figure).collect(),
        "data" => report.data = value.split_whitespace().map(word::<DataKind>).collect(),
        "occurred" => report.occurred = Some(days(value)),
        "disclosed" => report.disclosed = Some(days(value)),
        "group" => report.victim.named = false,
        "mention" => report.salience = Salience::Mention,
        "disputed" => report.disputed = true,
        _ => panic!("no such key: {key}"),
    }
}

/// Reads a case: `LABEL DAY VICTIM | ALIAS` begins a report, `key: value` lines follow; labels `a1`, `a2` are reports of the article `a`.
fn read(text: &str) -> Case {
    let (given, wanted) = text.split_once("\n--\n").expect("a line -- before the expected incidents");
    let mut reports: Vec<(String, Filed)> = Vec::new();
    for line in given.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((key, value)) = line.split_once(':').filter(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase())) {
            put(&mut reports.last_mut().expect("a report first").1.report, key, value.trim());
            continue;
        }
        let parts: Vec<&str> = line.splitn(3, ' ').collect();
        let article = i64::from(parts[0].as_bytes()[0]);
        let n = reports.iter().filter(|(_, filed)| filed.id.article.0 == article).count();
        reports.push((parts[0].to_owned(), blank(article, n as u32, day(parts[1]), parts[2])));
    }
    let mut expected: Vec<Expected> = Vec::new();
    for line in wanted.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.split_once(": ").expect("a colon") {
            (id, labels) if id.contains('-') => expected.push(Expected {
                id: id.to_owned(),
                labels: labels.split_whitespace().map(str::to_owned).collect(),
                values: Vec::new(),
            }),
            (key, value) => {
                expected.last_mut().expect("an incident first").values.push((key.to_owned(), value.trim().to_owned()))
            }
        }
    }
    Case { reports, expected }
}

fn show_figure(figure: &Figure) -> String {
    let by = if figure.by.is_untold() { String::new() } else { format!(" {}", figure.by.word()) };
    format!("{} {} {}{by}", figure.value, figure.unit.word(), figure.qualifier.word())
}

fn value(incident: &Incident, key: &str) -> String {
    let range = |days: Option<DayRange>| days.map_or("unknown".to_owned(), |days| days.to_string());
    let kinds = |kinds: &[Kind]| kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(" ");
    match key {
        "victim" => incident.victim.name.clone(),
        "aliases" => incident.victim.aliases.join(" | "),
        "kind" => incident.kind.word().to_owned(),
        "also" => kinds(&incident.also_kinds),
        "records" => incident.records.iter().map(show_figure).collect::<Vec<_>>().join("; "),
        "data" => incident.data.iter().map(|data| data.word()).collect::<Vec<_>>().join(" "),
        "by" => {
            let attackers =
                incident.attackers.iter().map(|attacker| format!("{} {}", attacker.name, attacker.attribution.word()));
            attackers.collect::<Vec<_>>().join("; ")
        }
        "occurred" => range(incident.occurred),
        "disclosed" => range(incident.disclosed),
        "disputed" => incident.disputed.to_string(),
        _ => panic!("no such key: {key}"),
    }
}

fn check(name: &str, case: &Case) {
    let label: BTreeMap<ReportId, &str> = case.reports.iter().map(|(label, filed)| (filed.id, label.as_str())).collect();
    let reports = case.reports.iter().map(|(_, filed)| filed.clone()).collect();
    let incidents = merge::merge(reports, &BTreeMap::new());
    let labels = |incident: &Incident| incident.reports.iter().map(|filed| label[&filed.id].to_owned()).collect::<BTreeSet<_>>();
    let found: BTreeMap<String, BTreeSet<String>> =
        incidents.iter().map(|incident| (incident.id.0.clone(), labels(incident))).collect();
    let wanted: BTreeMap<String, BTreeSet<String>> = case.expected.iter().map(|e| (e.id.clone(), e.labels.clone())).collect();
    assert_eq!(found, wanted, "{name}: which reports are one incident");
    for expected in &case.expected {
        let incident = incidents.iter().find(|incident| incident.id.0 == expected.id).unwrap();
        for (key, wanted) in &expected.values {
            assert_eq!(&value(incident, key), wanted, "{name}: {key} of {}", expected.id);
        }
    }
}

fn cases() -> Vec<(String, Case)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), read(&std::fs::read_to_string(path).unwrap()))).collect()
}

#[test]
fn each_case_gives_its_incidents() {
    let cases = cases();
    assert!(cases.len() >= 8, "the cases are missing");
    for (name, case) in &cases {
        check(name, case);
    }
}

// ---- names -------------------------------------------------------------------------------------------------------------------

/// Whether two news of the same week about the two victims become one incident, and whether they share a key.
fn are_one(one: &str, other: &str) -> (bool, bool) {
    let (a, b) = (blank(1, 0, day("2024-05-06"), one), blank(2, 0, day("2024-05-09"), other));
    let keys = merge::keys(&a.report.victim);
    let shared = merge::keys(&b.report.victim).iter().any(|key| keys.contains(key));
    (merge::merge(vec![a, b], &BTreeMap::new()).len() == 1, shared)
}

#[test]
fn names_of_one_victim_meet_and_others_do_not() {
    let text = std::fs::read_to_string(folder().join("names.tsv")).unwrap();
    let mut count = 0;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [said, one, other] = parts[..] else { panic!("three columns: {line}") };
        let (same, shared) = are_one(one, other);
        assert_eq!(same, said == "one", "{line}");
        assert!(shared || !same, "one incident without a common key: {line}");
        assert_eq!(are_one(other, one), (same, shared), "the order makes a difference: {line}");
        count += 1;
    }
    assert!(count > 40);
}

#[test]
fn a_single_common_word_is_no_key() {
    for name in ["the hospital", "users", "University", "Bank", "a company", "", "..."] {
        let victim = Victim { name: name.to_owned(), aliases: Vec::new(), named: false };
        assert_eq!(merge::keys(&victim), Vec::<String>::new(), "{name:?}");
    }
}

// ---- ids ---------------------------------------------------------------------------------------------------------------------

fn ids_of(incidents: &[Incident]) -> BTreeMap<ReportId, IncidentId> {
    incidents.iter().flat_map(|incident| incident.reports.iter().map(|filed| (filed.id, incident.id.clone()))).collect()
}

fn id(text: &str) -> IncidentId {
    IncidentId(text.to_owned())
}

#[test]
fn an_incident_keeps_its_id_when_a_report_changes_its_best_day() {
    let first = blank(1, 0, day("2024-05-06"), "Sega");
    let before = ids_of(&merge::merge(vec![first.clone()], &BTreeMap::new()));
    assert_eq!(before[&first.id], id("sega-2024-05"));
    let mut second = blank(2, 0, day("2024-05-08"), "Sega");
    second.report.occurred = Some(days("2024-04"));
    let after = merge::merge(vec![second, first], &before);
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].id, id("sega-2024-05"));
}

#[test]
fn two_incidents_that_turn_out_to_be_one_keep_the_id_of_most_reports() {
    let reports: Vec<Filed> = (1..=3).map(|at| blank(at, 0, day("2024-05-06"), "Sega")).collect();
    let before = BTreeMap::from([(reports[0].id, id("a")), (reports[1].id, id("z")), (reports[2].id, id("z"))]);
    let after = merge::merge(reports.clone(), &before);
    assert_eq!(after.iter().map(|incident| &incident.id).collect::<Vec<_>>(), [&id("z")]);
    let tied = BTreeMap::from([(reports[0].id, id("b")), (reports[1].id, id("a"))]);
    assert_eq!(merge::merge(reports[..2].to_vec(), &tied)[0].id, id("a"), "the smallest of several");
}

#[test]
fn an_incident_that_falls_apart_leaves_its_id_to_the_larger_part() {
    let mut reports: Vec<Filed> = (1..=2).map(|at| blank(at, 0, day("2024-05-06"), "Sega")).collect();
    reports.push(blank(3, 0, day("2011-06-18"), "Sega"));
    let before = reports.iter().map(|filed| (filed.id, id("sega-2024-05"))).collect();
    let after = ids_of(&merge::merge(reports.clone(), &before));
    assert_eq!(after[&reports[0].id], id("sega-2024-05"));
    assert_eq!(after[&reports[2].id], id("sega-2011-06"));
}

#[test]
fn a_new_id_is_none_that_is_taken_even_by_reports_not_handed_in() {
    let new = blank(9, 0, day("2024-05-06"), "Sega");
    let before = BTreeMap::from([
        (ReportId { article: ArticleId(1), n: 0 }, id("sega-2024-05")),
        (ReportId { article: ArticleId(2), n: 0 }, id("sega-2024-05-2")),
    ]);
    assert_eq!(merge::merge(vec![new], &before)[0].id, id("sega-2024-05-3"));
}

// ---- the batch helper --------------------------------------------------------------------------------------------------------

#[test]
fn links_say_why() {
    let mut one = blank(1, 0, day("2024-05-06"), "Marks & Spencer | M&S");
    one.report.records = vec![figure("1290755 people")];
    let mut other = blank(2, 0, day("2024-05-07"), "M&S");
    other.report.records = vec![figure("1290755 people")];
    let alone = blank(3, 0, day("2024-05-07"), "Tesco");
    let links = merge::link(vec![alone, other, one]);
    assert_eq!(links.iter().map(|(id, _, _)| id.article.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(links[0].1, links[1].1);
    assert_eq!(
        links[0].2,
        "with “Story 2” of 2024-05-07: same exact figure, victim by another of its names, published within weeks, same kind"
    );
    assert_eq!(links[2].2, "no other report of this event");
}

// ---- provenance and history ---------------------------------------------------------------------------------------------------

fn told(article: i64, published: &str, figures: &[&str]) -> Filed {
    let mut filed = blank(article, 0, day(published), "Target");
    filed.report.records = figures.iter().map(|text| figure(text)).collect();
    filed
}

fn evidence(quote: &str) -> Evidence {
    Evidence {
        field: Field::Records,
        quote: quote.to_owned(),
        span: Span::new(0, quote.len()),
        rule: RuleId("records.test".into()),
        confidence: 0.9,
    }
}

/// The story of a retailer as it grew, in the order in which a careless crawl might have come by it.
fn grown() -> Incident {
    let reports = vec![
        told(1, "2014-01-10", &["70000000 people"]),
        told(2, "2013-12-19", &["40000000 cards"]),
        told(3, "2013-12-19", &["40000000 cards"]),
    ];
    let incidents = merge::merge(reports, &BTreeMap::new());
    assert_eq!(incidents.len(), 1);
    incidents[0].clone()
}

fn set(id: i64, at: &str, value: Value) -> Edit {
    Edit { id: EditId(id), ..Edit::new(&grown(), at.parse().unwrap(), "ann", Act::Set(value)) }
}

fn records(text: &str) -> Value {
    Value::Records(Some(figure(text)))
}

#[test]
fn history_tells_each_change_by_the_day_of_publication() {
    let edits = [
        set(1, "2014-02-01T10:00:00Z", records("41000000 cards")),
        set(2, "2014-02-02T10:00:00Z", records("9 cards")),
        Edit { id: EditId(3), act: Act::Undo(EditId(2)), ..set(3, "2014-02-03T10:00:00Z", records("1 cards")) },
        set(4, "2014-02-04T10:00:00Z", records("42000000 cards")),
    ];
    let of_records: Vec<(String, Option<Value>, Value)> = history(&grown(), &edits)
        .into_iter()
        .filter_map(|entry| match entry.what {
            What::Value { from, to } if to.field() == Field::Records => Some((entry.day.to_string(), from, to)),
            _ => None,
        })
        .collect();
    let wanted = [
        ("2013-12-19", None, "40000000 cards"),
        ("2014-01-10", Some("40000000 cards"), "70000000 people"),
        ("2014-02-01", Some("70000000 people"), "41000000 cards"),
        ("2014-02-02", Some("41000000 cards"), "9 cards"),
        ("2014-02-04", Some("41000000 cards"), "42000000 cards"),
    ];
    let wanted: Vec<_> = wanted.into_iter().map(|(day, from, to)| (day.to_owned(), from.map(records), records(to))).collect();
    assert_eq!(of_records, wanted);
}

#[test]
fn what_was_known_on_a_day_is_by_the_reports_and_edits_until_then() {
    let edits = [
        set(1, "2014-02-01T10:00:00Z", records("41000000 cards")),
        Edit { id: EditId(2), act: Act::Undo(EditId(1)), ..set(2, "2014-02-03T10:00:00Z", records("1 cards")) },
    ];
    let cases = [
        ("2013-12-18", None),
        ("2013-12-19", Some((2, "40000000 cards"))),
        ("2014-01-01", Some((2, "40000000 cards"))),
        ("2014-01-10", Some((3, "70000000 people"))),
        ("2014-02-02", Some((3, "41000000 cards"))),
        ("2014-02-03", Some((3, "70000000 people"))),
    ];
    for (on, wanted) in cases {
        let known = known_on(&grown(), &edits, day(on));
        let found = known.map(|known| (known.reports.len(), known.records[0]));
        assert_eq!(found, wanted.map(|(count, text)| (count, figure(text))), "{on}");
    }
}

#[test]
fn sites_count_once_and_those_who_say_otherwise_are_told() {
    let mut incident = grown();
    incident.reports[0].url = "https://www.paper.example/a".to_owned();
    incident.reports[1].url = "https://paper.example/b".to_owned();
    let cards = incident.reports[..2].iter().collect::<Vec<_>>();
    assert_eq!(independent(&cards), 1);
    assert_eq!(independent(&incident.reports.iter().collect::<Vec<_>>()), 2);
    assert_eq!(agreeing(&incident, Field::Records).len(), 1);
    let near = told(4, "2014-01-11", &["70000001 people", "70000000 people about"]);
    incident.reports.push(near);
    assert_eq!(agreeing(&incident, Field::Records).len(), 2, "the same number, however it is qualified");
    incident.reports.last_mut().unwrap().report.records.truncate(1);
    assert_eq!(agreeing(&incident, Field::Records).len(), 1, "a close one says something else");
    incident.reports.pop();
    let others = alternatives(&incident, Field::Records);
    assert_eq!(others.iter().map(|(value, by)| (value.clone(), by.len())).collect::<Vec<_>>(), [(records("40000000 cards"), 2)]);
    assert_eq!(alternatives(&incident, Field::Victim), []);
    let long = "The retailer said on Thursday that forty million cards had been taken.";
    for (filed, quote) in incident.reports[1..].iter_mut().zip([long, &long.to_uppercase()]) {
        filed.report.evidence = vec![evidence(quote)];
    }
    assert_eq!(independent(&incident.reports.iter().collect::<Vec<_>>()), 1, "a copy is no second source");
    for filed in &mut incident.reports[1..] {
        filed.report.evidence = vec![evidence("forty million cards")];
    }
    assert_eq!(independent(&incident.reports.iter().collect::<Vec<_>>()), 2, "a few words are not copied");
}

#[test]
fn a_report_is_corrected_where_it_gave_what_was_overruled() {
    let edits = [
        set(1, "2014-02-01T10:00:00Z", records("70000001 people")),
        set(2, "2014-02-01T10:00:00Z", Value::Victim("Target Corporation".to_owned())),
    ];
    let incident = &merge::merge_edited(grown().reports, &BTreeMap::new(), &edits)[0];
    let corrected: Vec<_> = incident.reports.iter().map(|filed| merge::corrected(&filed.report, &incident.edited)).collect();
    assert!(corrected.iter().all(|report| report.victim.name == "Target Corporation" && report.victim.aliases == ["Target"]));
    let figures: Vec<Figure> = corrected.iter().map(|report| report.records[0]).collect();
    assert_eq!(figures, [figure("40000000 cards"), figure("40000000 cards"), figure("70000001 people")]);
}

#[test]
fn a_figure_is_the_same_whoever_gives_it() {
    let mut incident = grown();
    incident.reports[1].report.records = vec![figure("40000000 cards attacker")];
    let told_of =
        |incident: &Incident| alternatives(incident, Field::Records).into_iter().map(|(value, _)| value).collect::<Vec<_>>();
    assert_eq!(told_of(&incident), [records("40000000 cards attacker")]);
    incident.reports[0].report.records = vec![figure("40000000 cards official")];
    assert_eq!(told_of(&incident), [records("40000000 cards official")]);

    let reports = [told(1, "2014-01-10", &["40000000 cards attacker"]), told(2, "2014-01-11", &["40000000 cards official"])];
    let set = |value| merge::merge_edited(reports.to_vec(), &BTreeMap::new(), &[set(1, "2014-02-01T10:00:00Z", value)]).remove(0);
    let other = set(records("41000001 cards"));
    for filed in &other.reports {
        assert_eq!(merge::corrected(&filed.report, &other.edited).records, [figure("41000001 cards")]);
    }
    let same = set(records("40000000 cards"));
    assert!(!same.edited.fields[0].contradicts());
    assert_eq!(same.records, [figure("40000000 cards")]);
    let told: Vec<What> = history(&same, &[]).into_iter().map(|entry| entry.what).collect();
    let from = Some(records("40000000 cards attacker"));
    assert!(told.contains(&What::Value { from, to: records("40000000 cards official") }), "{told:?}");
}

#[test]
fn a_figure_without_a_speaker_is_written_as_it_always_was() {
    let old = r#"{"value":40000000,"max":null,"unit":"cards","qualifier":"exact"}"#;
    assert_eq!(serde_json::from_str::<Figure>(old).unwrap(), figure("40000000 cards"));
    assert_eq!(serde_json::to_string(&figure("40000000 cards")).unwrap(), old);
    let spoken = serde_json::to_value(figure("40000000 cards attacker")).unwrap();
    assert_eq!(spoken["by"], "attacker");
}

#[test]
fn where_an_analyst_says_that_there_is_none_no_report_is_right() {
    let none = [Value::Records(None), Value::Attackers(Vec::new()), Value::Occurred(None), Value::Disclosed(None)];
    let edits: Vec<Edit> = (1..).zip(none).map(|(id, value)| set(id, "2014-02-01T10:00:00Z", value)).collect();
    let mut reports = grown().reports;
    for (filed, year) in reports.iter_mut().zip(2011..) {
        filed.report.occurred = DayRange::year(year);
    }
    let incident = &merge::merge_edited(reports, &BTreeMap::new(), &edits)[0];
    assert!(incident.reports.iter().all(|filed| !filed.report.records.is_empty() && filed.report.occurred.is_some()));
    for filed in &incident.reports {
        let report = merge::corrected(&filed.report, &incident.edited);
        let left = (report.records.len(), report.attackers.len(), report.occurred, report.disclosed);
        assert_eq!(left, (0, 0, None, None));
    }
}

// ---- properties --------------------------------------------------------------------------------------------------------------

fn any_days() -> impl Strategy<Value = Option<DayRange>> {
    let base = day("2020-01-01");
    prop_oneof![
        2 => Just(None),
        3 => (0..900i64, 0..40i64).prop_map(move |(start, length)| Some(DayRange::new(base.plus(start), base.plus(start + length)))),
        1 => (2019..2023i16).prop_map(DayRange::year),
    ]
}

fn any_report() -> impl Strategy<Value = (i64, Day, Report)> {
    any_report_of(&[
        "Sega",
        "SEGA Pass",
        "Sega Sammy Holdings",
        "Ministry of Health",
        "French Ministry of Health",
        "HSE",
        "Health Service Executive",
        "users",
    ])
}

/// An article, its day, and what it says of somebody of these names.
pub fn any_report_of(names: &'static [&'static str]) -> impl Strategy<Value = (i64, Day, Report)> {
    const ATTACKERS: &[&str] = &["LulzSec", "the Lulzsec group", "Conti", "a former employee", "Russian hackers", "APT28"];
    let attacker = (proptest::sample::select(ATTACKERS), 0..4usize).prop_map(|(name, how)| Attacker {
        name: name.to_owned(),
        aliases: Vec::new(),
        attribution: [Attribution::Claimed, Attribution::Confirmed, Attribution::Suspected, Attribution::Denied][how],
    });
    let figure = (proptest::sample::select(&[1_290_755u64, 1_300_000, 40_000_000, 12][..]), 0..4usize, 0..3usize, 0..3usize)
        .prop_map(|(value, how, unit, by)| Figure {
            value,
            max: None,
            unit: [Unit::People, Unit::Records, Unit::Cards][unit],
            qualifier: [Qualifier::Exact, Qualifier::About, Qualifier::AtLeast, Qualifier::AtMost][how],
            by: [Speaker::Official, Speaker::Attacker, Speaker::Untold][by],
        });
    (
        0..30i64,
        0..900i64,
        proptest::collection::vec(proptest::sample::select(names), 1..3),
        any::<bool>(),
        (proptest::sample::select(&Kind::ALL[..]), proptest::collection::vec(proptest::sample::select(&Kind::ALL[..]), 0..2)),
        proptest::collection::vec(attacker, 0..2),
        proptest::collection::vec(figure, 0..3),
        (any_days(), any_days()),
        any::<bool>(),
    )
        .prop_map(
            |(article, published, names, named, (kind, also_kinds), attackers, records, (occurred, disclosed), main)| {
                let filed = blank(article, 0, day("2020-01-01").plus(published), &names.join("|"));
                let victim = Victim { named, ..filed.report.victim.clone() };
                let salience = if main { Salience::Main } else { Salience::Mention };
                let report =
                    Report { victim, kind, also_kinds, attackers, records, occurred, disclosed, salience, ..filed.report };
                (article, filed.published, report)
            },
        )
}

/// Reports of some thirty articles, each report under an id of its own, the articles each with one day.
pub fn any_reports() -> impl Strategy<Value = Vec<Filed>> {
    proptest::collection::vec(any_report(), 0..30).prop_map(|drawn| {
        let mut articles: BTreeMap<i64, (Day, u32)> = BTreeMap::new();
        let mut reports = Vec::new();
        for (article, published, report) in drawn {
            let (published, count) = articles.entry(article).or_insert((published, 0));
            let filed = blank(article, *count, *published, "x");
            *count += 1;
            reports.push(Filed { report, ..filed });
        }
        reports
    })
}

/// Reports of some days on two bodies and on one that has both names, of which many are alike but for the name: what shares no key weighs as
/// much as what is tied.
fn any_tangle(days: i64, reports: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Filed>> {
    const NAMES: &[&str] = &["Corran Bank", "Delmar Airlines", "Corran Bank | Delmar Airlines"];
    let told = (
        proptest::sample::select(NAMES),
        (0..days, any::<bool>()),
        proptest::sample::select(&[Kind::Breach, Kind::Ransomware, Kind::Ddos][..]),
        proptest::sample::select(&[None, Some("1290755 people"), Some("40000 people"), Some("7000000 people")][..]),
        proptest::sample::select(&[None, Some("LulzSec claimed"), Some("Conti claimed")][..]),
    );
    let report = told.prop_map(|(name, (on, main), kind, people, by)| {
        let mut filed = blank(0, 0, day("2020-01-01").plus(on), name);
        filed.report.kind = kind;
        filed.report.salience = if main { Salience::Main } else { Salience::Mention };
        filed.report.records = people.into_iter().map(figure).collect();
        filed.report.attackers = by.into_iter().map(attacker).collect();
        filed
    });
    proptest::collection::vec(report, reports).prop_map(|reports| {
        let numbered = |(at, filed): (i64, Filed)| Filed {
            id: ReportId { article: ArticleId(at), n: 0 },
            url: format!("https://paper{at}.example/story"),
            ..filed
        };
        (0..).zip(reports).map(numbered).collect()
    })
}

type Deed = (usize, usize, usize);

fn any_deeds() -> impl Strategy<Value = Vec<Deed>> {
    proptest::collection::vec((0..30usize, 0..6usize, 0..30usize), 1..6)
}

/// What an analyst does to the incidents of some reports, one after the other, seeing each time what came of it.
fn edits(reports: &[Filed], deeds: &[Deed]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (which, what, with) in deeds {
        let incidents = merge::merge_edited(reports.to_vec(), &BTreeMap::new(), &edits);
        let Some(incident) = incidents.get(which % incidents.len().max(1)) else { break };
        let other = &incidents[with % incidents.len()];
        let act = match what {
            0 => Act::Hide,
            1 => Act::Set(Value::Kind(Kind::Theft)),
            2 if other.id != incident.id => Act::merge(other),
            3 if incident.reports.len() > 1 => Act::split(incident, &[incident.reports[with % incident.reports.len()].id]),
            4 if !edits.is_empty() => Act::Undo(edits[with % edits.len()].id),
            _ => Act::Star,
        };
        let id = EditId(edits.len() as i64 + 1);
        edits.push(Edit { id, ..Edit::new(incident, "2026-01-01T00:00:00Z".parse().unwrap(), "ann", act) });
    }
    edits
}

fn with_a_shuffle() -> impl Strategy<Value = (Vec<Filed>, Vec<Filed>)> {
    any_reports().prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_incidents((reports, shuffled) in with_a_shuffle()) {
        prop_assert_eq!(merge::merge(reports, &BTreeMap::new()), merge::merge(shuffled, &BTreeMap::new()));
    }

    #[test]
    fn what_is_tied_shares_a_key_and_weighs_enough((reports, _) in with_a_shuffle()) {
        let mut faces = merge::Faces::default();
        let outlines: Vec<_> = reports.iter().map(|filed| merge::Outline::new(filed, &mut faces)).collect();
        let keys: Vec<_> = reports.iter().map(|filed| merge::keys(&filed.report.victim)).collect();
        for one in 0..reports.len() {
            for other in 0..one {
                let shared = keys[one].iter().any(|key| keys[other].contains(key));
                let enough = merge::compare(&reports[one], &reports[other]).is_same();
                prop_assert_eq!(outlines[one].is_tied(&outlines[other]), shared && enough);
            }
        }
    }

    #[test]
    fn a_gist_rules_out_nothing_that_is_tied(reports in any_reports()) {
        let mut faces = merge::Faces::default();
        for one in &reports {
            let outline = merge::Outline::new(one, &mut faces);
            for other in &reports {
                let gist = merge::Gist::read(&merge::gist(&other.report, other.published)).unwrap();
                let tied = outline.is_tied(&merge::Outline::new(other, &mut faces));
                prop_assert!(!tied || outline.may_be_tied(&gist), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_crowd_hands_on_all_that_is_tied(reports in any_tangle(3000, 10..40)) {
        let mut faces = merge::Faces::default();
        let outlines: Vec<_> = reports.iter().map(|filed| merge::Outline::new(filed, &mut faces)).collect();
        let gists = || reports.iter().enumerate().map(|(at, filed)| (at, merge::gist(&filed.report, filed.published)));
        let mut crowd = merge::Crowd::new(gists());
        for one in &outlines {
            let mut met = BTreeSet::new();
            crowd.visit(one, |at| Ok::<bool, ()>(!met.insert(*at))).unwrap();
            let tied: BTreeSet<usize> = (0..outlines.len()).filter(|at| one.is_tied(&outlines[*at])).collect();
            prop_assert!(met.is_superset(&tied), "{tied:?} are tied, {met:?} were handed on");
        }
        for one in &outlines {
            crowd.visit(one, |_| Ok::<bool, ()>(true)).unwrap();
            crowd.visit(one, |at| Err(*at)).expect("those that are done with have left");
        }
    }

    #[test]
    fn an_incident_hangs_together_by_its_ties(reports in any_tangle(40, 2..9)) {
        let mut faces = merge::Faces::default();
        for incident in merge::merge(reports, &BTreeMap::new()) {
            let mut left: Vec<_> = incident.reports.iter().map(|filed| merge::Outline::new(filed, &mut faces)).collect();
            let mut reached = vec![left.remove(0)];
            while let Some(one) = reached.pop() {
                let (tied, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|other| one.is_tied(other));
                reached.extend(tied);
                left = others;
            }
            let told = incident.reports.iter().map(|filed| (filed.id, &filed.report.victim)).collect::<Vec<_>>();
            prop_assert!(left.is_empty(), "{} of {told:?} are tied to none of the others", left.len());
        }
    }

    #[test]
    fn any_order_gives_the_same_incidents_with_edits_in_the_mix((reports, shuffled) in with_a_shuffle(), deeds in any_deeds()) {
        let edits = edits(&reports, &deeds);
        let one = merge::merge_edited(reports.clone(), &BTreeMap::new(), &edits);
        prop_assert_eq!(&one, &merge::merge_edited(shuffled, &BTreeMap::new(), &edits));
        prop_assert_eq!(&one, &merge::merge_edited(reports, &ids_of(&one), &edits), "merging again changes nothing");
        let home = ids_of(&one);
        // The last word holds: whatever was said before, the last merge joins and the last split parts.
        if let Some(Edit { reports: ours, act: Act::Merge { reports: others, .. }, .. }) = edits.last() {
            let homes: BTreeSet<_> = ours.iter().chain(others).map(|anchor| &home[&anchor.id]).collect();
            prop_assert_eq!(homes.len(), 1);
        }
        if let Some(Edit { reports: ours, act: Act::Split { reports: others }, .. }) = edits.last() {
            let is_other = |anchor: &&Anchor| others.contains(anchor);
            let (off, left): (Vec<_>, Vec<_>) = ours.iter().partition(is_other);
            prop_assert!(off.iter().all(|one| left.iter().all(|other| home[&one.id] != home[&other.id])));
        }
    }

    #[test]
    fn history_is_the_same_whatever_numbers_reports_have(reports in any_reports()) {
        let turned = |id: ReportId| ReportId { article: ArticleId(1000 - id.article.0), ..id };
        // Many on one day, so that it is not the day alone that puts them in order.
        let crowded = |filed: Filed| {
            let day = day("2020-01-01").plus(filed.published.since_epoch() % 3);
            Filed { published: day, report: Report { occurred: None, disclosed: None, ..filed.report }, ..filed }
        };
        let reports: Vec<Filed> = reports.into_iter().map(crowded).collect();
        let changes = |reports: Vec<Filed>| {
            let incidents = merge::merge(reports, &BTreeMap::new());
            let of = |incident: &Incident| -> Vec<(Day, What)> {
                history(incident, &[]).into_iter().map(|entry| (entry.day, entry.what)).collect()
            };
            let held = |incident: &Incident| -> BTreeSet<(String, u32)> {
                incident.reports.iter().map(|filed| (filed.url.clone(), filed.id.n)).collect()
            };
            let mut changes: Vec<_> = incidents.iter().map(|incident| (held(incident), of(incident))).collect();
            changes.sort_by(|(one, _), (other, _)| one.cmp(other));
            changes
        };
        let renumbered = reports.iter().cloned().map(|filed| Filed { id: turned(filed.id), ..filed }).collect();
        prop_assert_eq!(changes(reports), changes(renumbered));
    }

    #[test]
    fn the_numbers_of_articles_make_no_difference(reports in any_reports()) {
        let turned = |id: ReportId| ReportId { article: ArticleId(1000 - id.article.0), ..id };
        let groups = |reports: Vec<Filed>| -> BTreeSet<BTreeSet<(String, u32)>> {
            let incidents = merge::merge(reports, &BTreeMap::new());
            incidents.iter().map(|incident| incident.reports.iter().map(|filed| (filed.url.clone(), filed.id.n)).collect()).collect()
        };
        let renumbered = reports.iter().cloned().map(|filed| Filed { id: turned(filed.id), ..filed }).collect();
        prop_assert_eq!(groups(reports), groups(renumbered));
    }

    #[test]
    fn every_report_is_in_one_incident_and_no_article_twice_in_one(reports in any_reports()) {
        let incidents = merge::merge(reports.clone(), &BTreeMap::new());
        let mut held: Vec<ReportId> = incidents.iter().flat_map(|incident| incident.reports.iter().map(|filed| filed.id)).collect();
        held.sort();
        let mut given: Vec<ReportId> = reports.iter().map(|filed| filed.id).collect();
        given.sort();
        prop_assert_eq!(held, given);
        let ids: BTreeSet<&IncidentId> = incidents.iter().map(|incident| &incident.id).collect();
        prop_assert_eq!(ids.len(), incidents.len());
        for incident in &incidents {
            let articles: BTreeSet<ArticleId> = incident.reports.iter().map(|filed| filed.id.article).collect();
            prop_assert_eq!(articles.len(), incident.reports.len());
            prop_assert!(incident.reports.is_sorted_by_key(|filed| (filed.published, filed.id)));
        }
    }

    #[test]
    fn merging_again_changes_nothing(reports in any_reports()) {
        let first = merge::merge(reports.clone(), &BTreeMap::new());
        let again = merge::merge(reports, &ids_of(&first));
        prop_assert_eq!(first, again);
    }

    #[test]
    fn two_reports_compare_the_same_both_ways(reports in any_reports()) {
        for one in &reports {
            for other in &reports {
                prop_assert_eq!(merge::compare(one, other), merge::compare(other, one));
            }
        }
    }
}

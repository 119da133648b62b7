//! Nights of news, and pages that are read anew between them, give the incidents that all reports give at once.

use std::collections::BTreeSet;

use breachline::base::day::{Day, DayRange};
use breachline::derive::merge_scope;
use breachline::merge;
use breachline::model::article::{Article, ArticleId};
use breachline::model::incident::ReportId;
use breachline::model::report::{Kind, Report, Unit};
use breachline::store::kept::{Access, Kept, Outcome};
use proptest::prelude::*;

use super::made::{article, as_derived, attacker, day, figure, keep, report, save};

/// Names of which many share a key: spellings and their strangers with the same consonants, initials, shorter names.
const NAMES: &[&str] = &[
    "Impresa Group Lisbon",
    "Impressa Group Lisbon",
    "Imporsi Garap Elisabon",
    "UCSF",
    "University of California San Francisco",
    "Union Catholic Student Fund",
    "Corran",
    "Corran Bank",
    "Corran Airlines",
    "Corran Airlines | Corran",
    "users",
];

/// What becomes of an article: which one, and what it says from then on, maybe nothing, and on what day.
#[derive(Clone, Debug)]
struct Reading {
    article: usize,
    published: Day,
    reports: Vec<Report>,
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let reports = proptest::collection::vec(crate::merge::any_report_of(NAMES), 0..3);
    (0..20usize, 0..120i64, reports).prop_map(|(article, published, told)| Reading {
        article,
        published: day("2020-01-01").plus(published),
        reports: told.into_iter().map(|(_, _, report)| report).collect(),
    })
}

fn any_nights() -> impl Strategy<Value = Vec<Vec<Reading>>> {
    proptest::collection::vec(proptest::collection::vec(any_reading(), 1..12), 1..6)
}

/// Keeps what a page said; a page that is known by now says that instead of what it said before.
fn reads(kept: &mut Kept, numbers: &mut [Option<ArticleId>], reading: &Reading) {
    let told = Article {
        published: reading.published,
        ..article(0, "wire", "2020-01-01", &format!("Story {}", reading.article), "Text.")
    };
    let number = *numbers[reading.article].get_or_insert_with(|| keep(kept, told.clone(), Vec::new()));
    let keyed = reading.reports.iter().map(|report| as_derived(report.clone(), told.published));
    save(kept, "2", number, Outcome::Extracted(Article { id: number, ..told.clone() }, keyed.collect()));
}

fn settle(kept: &mut Kept, enough: usize) {
    while let Some(mut scope) = kept.unmerged::<merge::Outline>(enough).unwrap() {
        let incidents = merge_scope(&mut scope);
        kept.save_incidents(&scope, incidents).unwrap();
    }
}

type Groups = BTreeSet<Vec<ReportId>>;

fn kept_groups(kept: &Kept) -> Groups {
    let ids = kept.incident_ids("", 1000).unwrap();
    ids.iter().map(|id| kept.incident(id).unwrap().unwrap().reports.iter().map(|filed| filed.id).collect()).collect()
}

fn all_at_once(kept: &Kept, numbers: &[Option<ArticleId>]) -> Groups {
    let reports = numbers.iter().flatten().flat_map(|number| kept.filed(*number).unwrap()).collect();
    let incidents = merge::merge(reports, &Default::default());
    incidents.iter().map(|incident| incident.reports.iter().map(|filed| filed.id).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_nights_give_the_incidents_of_all_reports_at_once(nights in any_nights(), enough in 1..4usize) {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
        let mut numbers = [None; 20];
        for night in &nights {
            night.iter().for_each(|reading| reads(&mut kept, &mut numbers, reading));
            settle(&mut kept, enough);
            prop_assert_eq!(kept_groups(&kept), all_at_once(&kept, &numbers));
        }
        prop_assert_eq!(kept.unmerged::<merge::Outline>(1).unwrap(), None);
    }
}

/// The name that a new incident would bear is taken outside its scope, and the next one by an incident that stays as it is.
#[test]
fn a_new_incident_takes_no_name_of_one_that_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let told = |kind, by: &[&str], people: &[u64]| Report {
        attackers: by.iter().map(|name| attacker(name, &[])).collect(),
        records: people.iter().map(|people| figure(*people, Unit::People)).collect(),
        ..report("Corran Bank", kind)
    };
    let nights = [
        vec![told(Kind::Defacement, &["Jay Crew"], &[300])],
        vec![told(Kind::Ransomware, &["Kite Crew"], &[5_000]), told(Kind::Breach, &[], &[])],
        vec![Report { also_kinds: vec![Kind::Breach], ..told(Kind::Other, &["Wren Crew"], &[9_000_000]) }],
    ];
    let mut numbers = [None; 4];
    let mut article = 0;
    for night in nights {
        for report in night {
            let published = day("2020-01-02").plus(article as i64);
            reads(&mut kept, &mut numbers, &Reading { article, published, reports: vec![report] });
            article += 1;
        }
        settle(&mut kept, 1);
    }
    let names: Vec<String> = kept.incident_ids("", 10).unwrap().into_iter().map(|id| id.0).collect();
    assert_eq!(names, ["corran-bank-2020-01", "corran-bank-2020-01-2", "corran-bank-2020-01-3"]);
    assert_eq!(kept_groups(&kept), all_at_once(&kept, &numbers));
}

/// Of more than 256 reports that hang together not all pairs are compared. So one that stood alone among them may, when it goes, change
/// what all the others are.
#[test]
fn a_report_that_leaves_a_crowd_leaves_the_incidents_of_all_others_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let mut readings: Vec<Reading> = (0..253).map(|at| crowded(at, at, None)).collect();
    readings.extend([(292, None), (293, Some(1_234_567)), (294, Some(1_234_567))].map(|(on, people)| Reading {
        reports: vec![Report { occurred: Some(DayRange::day(day("2020-01-01"))), ..crowded(0, on, people).reports.remove(0) }],
        ..crowded(on - 39, on, people)
    }));
    readings.push(crowded(256, 302, Some(7_654_321)));
    let mut numbers = vec![None; readings.len()];
    readings.iter().for_each(|reading| reads(&mut kept, &mut numbers, reading));
    settle(&mut kept, 2000);
    let before = kept_groups(&kept);
    assert_eq!(before, all_at_once(&kept, &numbers));
    let alone = vec![ReportId { article: numbers[256].unwrap(), n: 0 }];
    assert!(before.contains(&alone));

    readings[256].reports.clear();
    reads(&mut kept, &mut numbers, &readings[256]);
    settle(&mut kept, 2000);
    let after = kept_groups(&kept);
    assert_eq!(after, all_at_once(&kept, &numbers));
    assert!(after.len() > before.len(), "the others are what they were, so this shows nothing");
}

/// News of one victim, some days after the first.
fn crowded(article: usize, after: usize, people: Option<u64>) -> Reading {
    let report = Report {
        attackers: people.iter().map(|people| attacker(&format!("Group {people}"), &[])).collect(),
        records: people.iter().map(|people| figure(*people, Unit::People)).collect(),
        ..report("Corran Bank", Kind::Breach)
    };
    Reading { article, published: day("2020-01-01").plus(after as i64), reports: vec![report] }
}

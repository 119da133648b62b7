//! What is kept beside the keys of a report tells most others of its victim apart, and is read by the version alone that wrote it.

use breachline::merge::{self, Gist};
use breachline::model::article::ArticleId;
use breachline::model::incident::{Filed, ReportId};
use breachline::model::report::{Kind, Report, Salience, Unit};

use super::made::{day, figure, report};

#[test]
fn a_gist_tells_most_reports_of_a_victim_apart() {
    let told = |id: i64, published: &str, kind: Kind, people: Option<u64>| Filed {
        published: day(published),
        report: Report {
            kind,
            records: people.map(|people| figure(people, Unit::People)).into_iter().collect(),
            salience: Salience::Main,
            ..report("Corran Bank", kind)
        },
        id: ReportId { article: ArticleId(id), n: 0 },
        source: String::new(),
        url: format!("https://news.example/{id}"),
        title: String::new(),
        copy_of: None,
        also_at: Vec::new(),
    };
    let mut faces = merge::Faces::default();
    let outline = merge::Outline::new(&told(1, "2020-01-10", Kind::Breach, Some(1_290_755)), &mut faces);
    let cases = [
        ("2020-01-12", Kind::Breach, Some(1_290_755), true),
        ("2020-01-12", Kind::Breach, None, true),
        ("2020-01-12", Kind::Ddos, None, false),
        ("2023-01-12", Kind::Breach, None, false),
        ("2023-01-12", Kind::Breach, Some(500), false),
        ("2023-01-12", Kind::Breach, Some(1_290_755), true),
    ];
    for (published, kind, people, expected) in cases {
        let other = told(2, published, kind, people);
        let gist = Gist::read(&merge::gist(&other.report, other.published)).unwrap();
        assert_eq!(outline.may_be_tied(&gist), expected, "{published} {kind:?} {people:?}");
    }
}

#[test]
fn what_is_no_gist_of_today_is_not_read() {
    let whole = merge::gist(&report("Corran Bank", Kind::Breach), day("2020-01-10"));
    assert!(Gist::read(&whole).is_some() && whole.len() < 20, "{}", whole.len());
    let other_version = [&[whole[0] + 1], &whole[1..]].concat();
    for bytes in [&[][..], &whole[..whole.len() - 3], &other_version] {
        assert_eq!(Gist::read(bytes), None);
    }
    let many = Report { records: (1..=9).map(|n| figure(n, Unit::People)).collect(), ..report("Corran Bank", Kind::Breach) };
    assert!(merge::gist(&many, day("2020-01-10")).is_empty());
}

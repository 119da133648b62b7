//! Searching: what is found, in which order, counted how. Cases are lines: a query, and the ids that it finds.

use breachline::model::incident::IncidentId;
use breachline::store::query::Query;
use breachline::store::search::Place;
use breachline::store::{Page, Reader};

use super::made::{day, indexed};

const ALL: Page = Page { offset: 0, limit: 100 };

fn query(text: &str) -> Query {
    Query::parse(text, day("2026-03-11")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn ids(reader: &Reader, text: &str) -> String {
    let found = reader.find(&query(text), ALL).unwrap();
    assert_eq!(found.total, found.rows.len(), "{text}");
    found.rows.iter().map(|row| row.id.0.as_str()).collect::<Vec<_>>().join(" ")
}

fn check(text: &str, find: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for line in text.lines().filter(|line| line.contains("=>") && !line.starts_with('#')) {
        let (query, expected) = line.split_once("=>").unwrap();
        let found = find(query.trim());
        if found != expected.trim() {
            wrong += &format!("{}\n  wanted {}\n  got    {found}\n", query.trim(), expected.trim());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn incidents_are_found() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    check(include_str!("../../data/query/incidents.txt"), |text| ids(&reader, text));
}

#[test]
fn articles_are_found() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    check(include_str!("../../data/query/articles.txt"), |text| {
        let found = reader.find_articles(&query(text), ALL).unwrap();
        assert_eq!(found.total, found.rows.len(), "{text}");
        found.rows.iter().map(|row| row.id.0.to_string()).collect::<Vec<_>>().join(" ")
    });
}

/// What a list shows of articles and reports is read from the database, which may have gone on since the index was loaded.
#[test]
fn articles_are_listed_as_they_are_now() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    let before = reader.find_articles(&Query::all(), ALL).unwrap().rows;
    let database = rusqlite::Connection::open(dir.path().join("kept.db")).unwrap();
    let (renamed, gone) = (before[0].id, before[1].id);
    database.execute("UPDATE articles SET title = 'Another title' WHERE article = ?1", [renamed.0]).unwrap();
    database.execute("DELETE FROM articles WHERE article = ?1", [gone.0]).unwrap();
    let mut expected = before.clone();
    expected[0].title = "Another title".to_owned();
    expected.retain(|row| row.id != gone);
    let found = reader.find_articles(&Query::all(), ALL).unwrap();
    assert_eq!((found.total, found.rows), (before.len(), expected));
    let reports = reader.find_reports(&Query::all(), ALL).unwrap();
    assert_eq!(reports.rows.iter().filter(|row| row.report.article == gone).count(), 0);
}

#[test]
fn pages_are_parts_of_the_whole() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    let whole = reader.find(&Query::all(), ALL).unwrap();
    assert_eq!(whole.total, 7);
    for offset in 0..9 {
        for limit in [0, 1, 3, 100, usize::MAX] {
            let part = reader.find(&Query::all(), Page { offset, limit }).unwrap();
            assert_eq!(part.total, 7);
            let expected: Vec<_> = whole.rows.iter().skip(offset).take(limit).cloned().collect();
            assert_eq!(part.rows, expected, "{limit} from {offset}");
        }
    }
}

#[test]
fn a_row_is_what_the_incident_gives() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    for row in reader.find(&Query::all(), ALL).unwrap().rows {
        let incident = reader.incident(&row.id).unwrap().unwrap();
        assert_eq!(row, incident.row());
    }
    let sega = reader.incident(&IncidentId("sega".to_owned())).unwrap().unwrap();
    assert_eq!(sega.reports.iter().map(|filed| filed.source.as_str()).collect::<Vec<_>>(), ["Krebs on Security", "The Wire"]);
    assert_eq!(reader.incident(&IncidentId("nobody".to_owned())).unwrap(), None);
}

#[test]
fn an_incident_is_placed_in_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    let rows = reader.find(&Query::all(), ALL).unwrap().rows;
    for (offset, row) in rows.iter().enumerate() {
        assert_eq!(reader.place(&Query::all(), &row.id, row.days.earliest).unwrap(), Place { offset, exact: true });
    }
    let place = |text, id: &str, on| reader.place(&query(text), &IncidentId(id.to_owned()), day(on)).unwrap();
    assert_eq!(place("kind:exposure OR victim:sega", "sega", "2011-06-01"), Place { offset: 2, exact: true });
    assert_eq!(place("kind:exposure OR victim:sega", "gone", "2023-04-02"), Place { offset: 2, exact: false });
    assert_eq!(place("kind:exposure", "gone", "1999-01-01"), Place { offset: 1, exact: false });
    assert_eq!(place("nothing", "gone", "1999-01-01"), Place { offset: 0, exact: false });
}

#[test]
fn incidents_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    let reader = Reader::open(dir.path()).unwrap();
    let days = reader.days(&query("after:2023-05")).unwrap();
    let shown: Vec<(String, u32)> = days.iter().map(|count| (count.day.to_string(), count.kinds.iter().sum())).collect();
    let expected = [("2023-06-05", 1), ("2024-01-05", 1), ("2025-02-01", 2)];
    assert_eq!(shown, expected.map(|(day, count)| (day.to_owned(), count)));
    assert_eq!(days[2].kinds[1], 2, "both are exposures");

    let facets = reader.facets(&Query::all(), 2).unwrap();
    let values = |field| facets.iter().find(|facet| facet.field == field).unwrap().values.clone();
    assert_eq!(values("kind"), [("breach".to_owned(), 2), ("exposure".to_owned(), 2)]);
    assert_eq!(values("attacker"), [("Lapsus$".to_owned(), 1), ("LulzSec".to_owned(), 1)]);
    assert_eq!(values("source"), [("The Wire".to_owned(), 5), ("Blog".to_owned(), 2)]);
    let all = reader.facets(&Query::all(), 99).unwrap();
    let distinct = |field| facets.iter().find(|facet| facet.field == field).unwrap().distinct;
    assert_eq!(distinct("kind"), all[0].values.len(), "those beyond the two that were asked for count as well");
    assert!(distinct("kind") > 2);
}

//! Edits: kept through every change around them, applied wherever their reports went, the same whatever order the reports came in.

use std::collections::BTreeMap;
use std::path::Path;

use breachline::derive::merge_scope;
use breachline::merge;
use breachline::model::article::{Article, ArticleId};
use breachline::model::edit::{Act, Edit, standing};
use breachline::model::incident::{Filed, Incident, IncidentId};
use breachline::model::report::{Field, Kind, Report, Unit};
use breachline::model::value::Value;
use breachline::store::kept::{Access, Kept, Outcome};
use breachline::store::query::Query;
use breachline::store::search::Of;
use breachline::store::{Page, Reader};
use jiff::Timestamp;
use proptest::prelude::*;

use super::made::{article, as_derived, day, figure, keep, report, save};

fn store(dir: &Path) -> Kept {
    Kept::open(dir, Access::Write).unwrap()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + 60 * minute).unwrap()
}

fn outcome(article: Article, reports: Vec<Report>) -> Outcome {
    let published = article.published;
    let keyed = reports.into_iter().map(|report| as_derived(report, published));
    Outcome::Extracted(article, keyed.collect())
}

/// Keeps an article as a crawl and a reading would have, merges it, and returns its number.
fn arrives(kept: &mut Kept, published: &str, title: &str, reports: Vec<Report>) -> ArticleId {
    let number = keep(kept, article(0, "wire", published, title, "Text."), Vec::new());
    reads(kept, number, reports);
    settle(kept);
    number
}

fn reads(kept: &mut Kept, number: ArticleId, reports: Vec<Report>) {
    let shown = kept.article(number).unwrap().unwrap().article;
    save(kept, "2", number, outcome(shown, reports));
}

fn settle(kept: &mut Kept) {
    while let Some(mut scope) = kept.unmerged::<merge::Outline>(1).unwrap() {
        let incidents = merge_scope(&mut scope);
        kept.save_incidents(&scope, incidents).unwrap();
    }
}

fn edit(kept: &mut Kept, id: &str, act: impl FnOnce(&Incident) -> Act) -> Edit {
    let incident = incident(kept, id);
    let mut made = [Edit::new(&incident, at(incident.edited.edits.len() as i64), "ann", act(&incident))];
    kept.save_edits(&mut made).unwrap();
    settle(kept);
    made[0].clone()
}

fn undo(kept: &mut Kept, edit: &Edit) {
    let mut made = [Edit { act: Act::Undo(edit.id), ..edit.clone() }];
    kept.save_edits(&mut made).unwrap();
    settle(kept);
}

fn incident(kept: &Kept, id: &str) -> Incident {
    kept.incident(&IncidentId(id.to_owned())).unwrap().unwrap_or_else(|| panic!("no {id} among {:?}", ids(kept)))
}

fn ids(kept: &Kept) -> Vec<String> {
    kept.incident_ids("", 100).unwrap().into_iter().map(|id| id.0).collect()
}

fn articles(kept: &Kept, id: &str) -> Vec<ArticleId> {
    incident(kept, id).reports.iter().map(|filed| filed.id.article).collect()
}

fn sega(records: u64) -> Report {
    Report { records: vec![figure(records, Unit::People)], ..report("Sega", Kind::Breach) }
}

fn people(value: u64) -> Value {
    Value::Records(Some(figure(value, Unit::People)))
}

fn rebuild(kept: &mut Kept) {
    kept.mark_all().unwrap();
    settle(kept);
}

#[test]
fn a_value_that_was_set_stands_above_all_later_reports_until_it_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    arrives(&mut kept, "2011-06-17", "Sega hit", vec![sega(1_290_755)]);
    let set = edit(&mut kept, "sega-2011-06", |_| Act::Set(people(7)));
    edit(&mut kept, "sega-2011-06", |_| Act::Set(Value::Kind(Kind::Exposure)));
    edit(&mut kept, "sega-2011-06", |_| Act::Set(Value::Victim("Sega Europe".to_owned())));
    arrives(&mut kept, "2011-06-18", "Sega again", vec![sega(1_290_777)]);
    rebuild(&mut kept);
    drop(kept);

    let mut kept = store(dir.path());
    let now = incident(&kept, "sega-2011-06");
    assert_eq!((now.reports.len(), now.records[0].value, now.records.len()), (2, 7, 3));
    assert_eq!(
        (now.kind, now.victim.name.as_str(), now.victim.aliases.as_slice()),
        (Kind::Exposure, "Sega Europe", &["Sega".to_owned()][..])
    );
    let records = now.edited.fields.iter().find(|set| set.value.field() == Field::Records).unwrap();
    assert_eq!((&records.reports, records.author.as_str(), records.contradicts()), (&people(1_290_777), "ann", true));

    undo(&mut kept, &set);
    let now = incident(&kept, "sega-2011-06");
    assert_eq!((now.records[0].value, now.kind), (1_290_777, Kind::Exposure));
    assert_eq!(now.edited.edits.len(), 4, "the edit and its undoing stay in the history");
    assert_eq!(standing(&kept.edits().unwrap()).len(), 2);
}

#[test]
fn what_was_merged_stays_one_and_draws_the_next_report_of_either() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    arrives(&mut kept, "2011-06-17", "a", vec![report("Sega", Kind::Breach)]);
    arrives(&mut kept, "2011-06-18", "b", vec![report("Playful Holdings", Kind::Breach)]);
    arrives(&mut kept, "2011-06-18", "c", vec![report("Playful Holdings", Kind::Breach)]);
    let other = incident(&kept, "playful-holdings-2011-06");
    let merged = edit(&mut kept, "sega-2011-06", |_| Act::merge(&other));
    assert_eq!(ids(&kept), ["sega-2011-06"], "it bears the name of the one that was edited, though the other has more reports");
    let gone = IncidentId("playful-holdings-2011-06".to_owned());
    assert_eq!(kept.merged_into(|name| name == gone.0).unwrap(), [IncidentId("sega-2011-06".to_owned())]);
    arrives(&mut kept, "2011-06-20", "d", vec![report("Playful Holdings", Kind::Breach)]);
    rebuild(&mut kept);
    assert_eq!(ids(&kept), ["sega-2011-06"]);
    assert_eq!(articles(&kept, "sega-2011-06").len(), 4);

    undo(&mut kept, &merged);
    assert_eq!(ids(&kept), ["playful-holdings-2011-06", "sega-2011-06"]);
    assert_eq!(articles(&kept, "sega-2011-06").len(), 1);
}

#[test]
fn what_was_split_is_never_merged_again_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    let numbers: Vec<ArticleId> =
        ["a", "b", "c"].iter().map(|title| arrives(&mut kept, "2011-06-17", title, vec![sega(12)])).collect();
    assert_eq!(ids(&kept), ["sega-2011-06"]);
    edit(&mut kept, "sega-2011-06", |_| Act::Star);
    let split = edit(&mut kept, "sega-2011-06", |incident| {
        let off: Vec<_> = incident.reports.iter().map(|filed| filed.id).filter(|id| id.article != numbers[0]).collect();
        Act::split(incident, &off)
    });
    let apart = |kept: &Kept| {
        assert_eq!(ids(kept), ["sega-2011-06", "sega-2011-06-2"]);
        assert_eq!(articles(kept, "sega-2011-06"), &numbers[..1], "what is left keeps the name");
    };
    apart(&kept);
    rebuild(&mut kept);
    for number in &numbers {
        reads(&mut kept, *number, vec![sega(13)]);
    }
    settle(&mut kept);
    apart(&kept);
    undo(&mut kept, &split);
    assert_eq!(ids(&kept), ["sega-2011-06"]);
    assert!(incident(&kept, "sega-2011-06").edited.starred);
}

#[test]
fn what_was_merged_can_be_split_again_and_the_last_word_holds() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    let a = arrives(&mut kept, "2011-06-17", "a", vec![report("Sega", Kind::Breach)]);
    let b = arrives(&mut kept, "2011-06-18", "b", vec![report("Playful Holdings", Kind::Breach)]);
    let other = incident(&kept, "playful-holdings-2011-06");
    edit(&mut kept, "sega-2011-06", |_| Act::merge(&other));
    let off = |incident: &Incident| {
        let ids: Vec<_> = incident.reports.iter().map(|filed| filed.id).filter(|id| id.article == b).collect();
        Act::split(incident, &ids)
    };
    edit(&mut kept, "sega-2011-06", off);
    rebuild(&mut kept);
    assert_eq!((articles(&kept, "sega-2011-06"), articles(&kept, "playful-holdings-2011-06")), (vec![a], vec![b]));
    let other = incident(&kept, "playful-holdings-2011-06");
    edit(&mut kept, "sega-2011-06", |_| Act::merge(&other));
    rebuild(&mut kept);
    assert_eq!(articles(&kept, "sega-2011-06"), [a, b]);
}

#[test]
fn what_is_hidden_does_not_come_back_with_the_next_article_and_is_not_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    arrives(&mut kept, "2011-06-17", "a", vec![sega(12)]);
    arrives(&mut kept, "2011-06-17", "b", vec![report("Tesco", Kind::Breach)]);
    edit(&mut kept, "sega-2011-06", |_| Act::Hide);
    assert_eq!(kept.counts().unwrap().incidents, 1);
    for title in ["c", "d", "e"] {
        arrives(&mut kept, "2011-06-18", title, vec![sega(12)]);
    }
    rebuild(&mut kept);
    let now = incident(&kept, "sega-2011-06");
    assert_eq!((now.reports.len(), now.edited.hidden), (4, true));
    assert_eq!(kept.counts().unwrap().incidents, 1);
    edit(&mut kept, "sega-2011-06", |_| Act::Unhide);
    assert_eq!(kept.counts().unwrap().incidents, 2);
}

#[test]
fn an_article_read_anew_in_another_order_keeps_each_edit_and_each_name_with_its_victim() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    let number = arrives(&mut kept, "2011-06-17", "a", vec![report("Blackhat Movie", Kind::Other), sega(12)]);
    edit(&mut kept, "blackhat-movie-2011-06", |_| Act::Hide);
    edit(&mut kept, "sega-2011-06", |_| Act::Star);
    // The false find is read no more, and the other now stands in its place.
    reads(&mut kept, number, vec![sega(12)]);
    settle(&mut kept);
    assert_eq!(ids(&kept), ["sega-2011-06"]);
    let now = incident(&kept, "sega-2011-06");
    assert_eq!((now.edited.hidden, now.edited.starred), (false, true));
    // When it is found again, it is still hidden.
    reads(&mut kept, number, vec![sega(12), report("Blackhat Movie", Kind::Other)]);
    settle(&mut kept);
    assert!(incident(&kept, "blackhat-movie-2011-06").edited.hidden);
    assert!(!incident(&kept, "sega-2011-06").edited.hidden);
}

#[test]
fn a_store_of_the_layout_before_edits_is_brought_up_to_date_with_all_that_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    arrives(&mut kept, "2011-06-17", "a", vec![sega(12)]);
    let before = incident(&kept, "sega-2011-06");
    drop(kept);
    // What the later steps have added is taken away again.
    let database = dir.path().join("kept.db");
    let undone = "DROP TABLE robots; DROP TABLE rechecks; DROP TABLE versions; DROP TABLE sketches; DROP TABLE alike; DROP INDEX addresses_by_article; \
                  ALTER TABLE victim_keys DROP COLUMN gist; DROP TABLE news; DROP TABLE watches; DROP TABLE told; DROP TABLE told_articles; DROP TABLE outbox; \
                  ALTER TABLE runs DROP COLUMN failure; DROP INDEX items_by_source; CREATE INDEX items_by_source ON items (source); \
                  DROP TABLE put_off; DROP TABLE edit_articles; DROP TABLE edits; ALTER TABLE incidents DROP COLUMN hidden; PRAGMA user_version = 1; \
                  DROP TABLE unmerged; CREATE TABLE unmerged (what TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (what, id)); \
                  INSERT INTO unmerged VALUES ('key', 'sega'), ('key', 'gone');";
    rusqlite::Connection::open(&database).unwrap().execute_batch(undone).unwrap();

    let mut kept = Kept::open_to_read(dir.path()).unwrap();
    assert!(dir.path().join("kept.layout-1.db").exists(), "a copy of the older one is laid beside it");
    assert_eq!(incident(&kept, "sega-2011-06"), before);
    assert_eq!((kept.edits().unwrap().len(), kept.counts().unwrap().incidents), (0, 1));
    drop(kept);
    kept = store(dir.path());
    let marked = kept.unmerged::<merge::Outline>(1).unwrap().unwrap();
    assert_eq!(marked.reports.len(), 1, "what was marked by its key still is");
    settle(&mut kept);
    edit(&mut kept, "sega-2011-06", |_| Act::Hide);
    assert_eq!(kept.counts().unwrap().incidents, 0);
}

#[test]
fn searches_leave_hidden_incidents_out_and_find_stars_tags_and_notes() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    for name in ["Sega", "Tesco", "Ikea"] {
        arrives(&mut kept, "2011-06-17", name, vec![report(name, Kind::Breach)]);
    }
    edit(&mut kept, "sega-2011-06", |_| Act::Hide);
    edit(&mut kept, "sega-2011-06", |_| Act::Star);
    edit(&mut kept, "tesco-2011-06", |_| Act::Tag("retail".to_owned()));
    edit(&mut kept, "ikea-2011-06", |_| Act::Note("ask the spokeswoman".to_owned()));
    edit(&mut kept, "ikea-2011-06", |_| Act::Star);
    drop(kept);
    let reader = Reader::open(dir.path()).unwrap();
    let query = |text: &str| Query::parse(text, day("2026-03-11")).unwrap();
    let ids = |text: &str| {
        let rows = reader.find(&query(text), Page { offset: 0, limit: 10 }).unwrap().rows;
        rows.into_iter().map(|row| row.victim).collect::<Vec<_>>().join(" ")
    };
    let cases = [
        ("", "Ikea Tesco"),
        ("victim:sega", ""),
        ("is:hidden", "Sega"),
        ("is:hidden,starred", "Ikea Sega"),
        ("is:starred", "Ikea"),
        ("is:starred is:hidden", "Sega"),
        ("-is:starred", "Tesco"),
        ("-is:hidden", "Ikea Tesco"),
        ("tag:retail", "Tesco"),
        ("has:note", "Ikea"),
        ("spokeswoman", "Ikea"),
        ("tesco OR sega", "Tesco"),
    ];
    for (text, wanted) in cases {
        assert_eq!(ids(text), wanted, "{text}");
    }
    let counted = |text: &str| reader.days(&query(text)).unwrap().iter().flat_map(|count| count.kinds).sum::<u32>();
    assert_eq!((counted(""), counted("is:hidden")), (2, 1));
    let near = |text: &str| {
        let unknown = reader.unknown(Of::Incidents, &query(text)).unwrap().into_iter();
        unknown.map(|unknown| format!("{} {}: {}", unknown.what, unknown.name, unknown.near.join(", "))).collect::<Vec<_>>()
    };
    assert_eq!(near("victim:tesko tag:retial"), ["victim tesko: Tesco", "tag retial: retail"]);
    assert_eq!(near("victim:sega"), ["victim sega: "], "nobody is told the name of what is hidden");
    assert!(near("is:hidden kind:ddos victim:sega").is_empty());
    assert!(near("country:france").is_empty(), "that is a country, whoever was hit there");
    let victims = reader.facets(&query(""), 9).unwrap().into_iter().find(|facet| facet.field == "victim").unwrap();
    assert_eq!(victims.values.len(), 2);
    let row = &reader.find(&query("is:hidden"), Page { offset: 0, limit: 1 }).unwrap().rows[0];
    assert!(row.hidden && row.starred);
}

// ---- any order ---------------------------------------------------------------------------------------------------------------

/// What an analyst does between two nights: to which of the incidents, what, and with which other one.
type Deed = (usize, usize, usize);

/// The articles of some reports, each with all its reports.
fn by_article(reports: &[Filed]) -> Vec<Vec<Filed>> {
    let mut articles: BTreeMap<String, Vec<Filed>> = BTreeMap::new();
    for filed in reports {
        articles.entry(filed.url.clone()).or_default().push(filed.clone());
    }
    articles.into_values().collect()
}

fn night(kept: &mut Kept, articles: &[Vec<Filed>]) {
    for reports in articles {
        let first = &reports[0];
        let told = Article {
            url: first.url.parse().unwrap(),
            published: first.published,
            ..article(0, "wire", "2020-01-01", &first.title, "Text.")
        };
        let number = keep(kept, told, Vec::new());
        reads(kept, number, reports.iter().map(|filed| filed.report.clone()).collect());
    }
    settle(kept);
}

fn does(kept: &mut Kept, (which, what, with): Deed) {
    let ids = ids(kept);
    if ids.is_empty() {
        return;
    }
    if what == 6
        && let Some(last) = standing(&kept.edits().unwrap()).last().map(|edit| (*edit).clone())
    {
        return undo(kept, &last);
    }
    let (id, other) = (&ids[which % ids.len()], &ids[with % ids.len()]);
    let other = incident(kept, other);
    let act = move |incident: &Incident| match what {
        0 => Act::Hide,
        1 => Act::Set(people(7)),
        2 => Act::Set(Value::Victim("Somebody Else".to_owned())),
        3 if other.id != incident.id => Act::merge(&other),
        4 if incident.reports.len() > 1 => {
            // The order of one day's reports is that of their numbers, so the one to split off is chosen by its address.
            let off = incident.reports.iter().min_by_key(|filed| (&filed.url, filed.id.n)).unwrap();
            Act::split(incident, &[off.id])
        }
        _ => Act::Star,
    };
    edit(kept, id, act);
}

/// All incidents, with nothing in them that depends on the numbers of articles.
fn all(kept: &Kept) -> Vec<Incident> {
    let plain = |id: &String| {
        let mut incident = incident(kept, id);
        for filed in &mut incident.reports {
            filed.id.article = ArticleId(0);
        }
        incident.reports.sort_by(|a, b| (&a.url, a.id.n).cmp(&(&b.url, b.id.n)));
        incident
    };
    ids(kept).iter().map(plain).collect()
}

/// Two nights' articles, each in two orders, and what is done between them.
#[derive(Clone, Debug)]
struct Nights {
    orders: [[Vec<Vec<Filed>>; 2]; 2],
    deeds: Vec<Deed>,
}

fn two_nights() -> impl Strategy<Value = Nights> {
    let deeds = proptest::collection::vec((0..20usize, 0..7usize, 0..20usize), 1..5);
    (crate::merge::any_reports(), deeds).prop_flat_map(|(reports, deeds)| {
        let mut first = by_article(&reports);
        let second = first.split_off(first.len() / 2);
        let shuffled = (Just(first.clone()).prop_shuffle(), Just(second.clone()).prop_shuffle());
        shuffled.prop_map(move |(other_first, other_second)| Nights {
            orders: [[first.clone(), second.clone()], [other_first, other_second]],
            deeds: deeds.clone(),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_a_night_gives_the_same_incidents_names_and_edits(nights in two_nights()) {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut stores = [store(one.path()), store(other.path())];
        for (kept, [first, second]) in stores.iter_mut().zip(&nights.orders) {
            night(kept, first);
            nights.deeds.iter().for_each(|deed| does(kept, *deed));
            night(kept, second);
            let after = all(kept);
            rebuild(kept);
            prop_assert_eq!(&all(kept), &after, "a rebuild changes nothing");
        }
        prop_assert_eq!(all(&stores[0]), all(&stores[1]));
    }
}

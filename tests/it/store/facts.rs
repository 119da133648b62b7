//! What the crawl keeps: states, items, pages, failures, runs.

use breachline::model::article::{ArticleId, FeedItem, Page};
use breachline::model::source::{Selectors, Source, SourceId, SourceKind};
use breachline::store::kept::{Access, Answers, Kept, Packed, PageFailure, SourceState};
use jiff::Timestamp;
use url::Url;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn item(url: &str) -> FeedItem {
    FeedItem {
        url: Url::parse(url).unwrap(),
        id: Some(format!("guid of {url}")),
        title: "Sega says 1.29 million customers' data stolen".to_owned(),
        published: Some(at("2011-06-19T10:00:00Z")),
        updated: None,
        summary: "A teaser".to_owned(),
        content: String::new(),
    }
}

fn page(url: &str, body: &[u8]) -> Page {
    Page {
        asked: Url::parse(url).unwrap(),
        answered: Url::parse(&format!("{url}/final")).unwrap(),
        arrived_at: at("2026-01-02T03:04:05.678901Z"),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        bytes: body.to_vec(),
    }
}

fn failed(article: ArticleId, reason: &str, permanent: bool, not_before: Option<Timestamp>) -> Answers {
    let failure = PageFailure { article, reason: reason.to_owned(), permanent, not_before };
    Answers { failures: vec![failure], ..Answers::default() }
}

fn krebs() -> SourceId {
    SourceId("krebs".to_owned())
}

#[test]
fn a_visit_is_kept_with_its_items_and_known_addresses_are_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    assert_eq!(kept.source_state(&krebs()).unwrap(), SourceState::default());
    let state = SourceState {
        etag: Some("\"abc\"".to_owned()),
        checked_at: Some(at("2026-01-01T00:00:00.123456789Z")),
        moved_to: Some(Url::parse("https://krebs.example/new").unwrap()),
        items_last: 3,
        ..SourceState::default()
    };
    let items = [item("https://a.example/1"), item("https://a.example/2"), item("https://a.example/1")];
    assert_eq!(kept.save_round(&krebs(), &state, &items).unwrap(), 2);
    assert_eq!(kept.save_round(&SourceId("other".to_owned()), &state, &items[..1]).unwrap(), 0);
    drop(kept);

    let kept = Kept::open(dir.path(), Access::Read).unwrap();
    assert_eq!(kept.source_state(&krebs()).unwrap(), state);
    assert!(kept.knows(&items[0].url).unwrap());
    assert!(!kept.knows(&Url::parse("https://a.example/3").unwrap()).unwrap());
    let waiting = kept.waiting(None).unwrap();
    assert_eq!(waiting.iter().map(|waiting| &waiting.item).collect::<Vec<_>>(), [&items[0], &items[1]]);
    assert_eq!(waiting[0].source, krebs());
    assert_eq!(kept.waiting(Some(&SourceId("other".to_owned()))).unwrap(), []);
}

#[test]
fn a_page_ends_the_waiting_and_makes_its_last_address_known() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    kept.save_round(&krebs(), &SourceState::default(), &[item("https://a.example/1")]).unwrap();
    let article = kept.waiting(None).unwrap()[0].article;
    let page = page("https://a.example/1", "caf\u{e9} \0 \u{1f512}".as_bytes());
    kept.save_answers(&Answers { pages: vec![(article, Packed::new(page.clone()))], ..Answers::default() }).unwrap();
    assert_eq!(kept.waiting(None).unwrap(), []);
    assert!(kept.knows(&page.answered).unwrap());
    let unread = kept.unread(ArticleId(0), 10).unwrap();
    assert_eq!(unread.len(), 1);
    let unread = unread[0].unpack(kept.path()).unwrap();
    assert_eq!(unread.page.as_ref(), Some(&page));
    assert_eq!(unread.item, item("https://a.example/1"));
    assert_eq!(unread.source, krebs());
}

#[test]
fn a_page_of_an_unknown_item_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let page = page("https://a.example/1", b"");
    kept.save_answers(&Answers { pages: vec![(ArticleId(7), Packed::new(page.clone()))], ..Answers::default() }).unwrap_err();
    assert!(!kept.knows(&page.answered).unwrap());
    assert_eq!(kept.unread_count().unwrap(), 0);
}

#[test]
fn failures_are_counted_and_only_those_for_good_end_the_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let items = [item("https://a.example/1"), item("https://a.example/2")];
    kept.save_round(&krebs(), &SourceState::default(), &items).unwrap();
    let ids: Vec<ArticleId> = kept.waiting(None).unwrap().iter().map(|waiting| waiting.article).collect();
    let later = at("2026-01-03T00:00:00Z");
    kept.save_answers(&failed(ids[0], "timed out", false, Some(later))).unwrap();
    kept.save_answers(&failed(ids[0], "timed out", false, Some(later))).unwrap();
    kept.save_answers(&failed(ids[1], "gone (410)", true, None)).unwrap();
    let waiting = kept.waiting(None).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].article, waiting[0].tries, waiting[0].not_before), (ids[0], 2, Some(later)));
    assert!(kept.knows(&items[1].url).unwrap(), "an article that is gone is not taken for a new one");
}

#[test]
fn what_came_together_is_kept_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    kept.save_round(&krebs(), &SourceState::default(), &[item("https://a.example/1")]).unwrap();
    let article = kept.waiting(None).unwrap()[0].article;
    let state = SourceState { failures: 2, ..SourceState::default() };
    let pages = |unknown: bool| {
        let ids = [article, ArticleId(7)].into_iter().take(1 + usize::from(unknown));
        ids.map(|id| (id, Packed::new(page("https://a.example/1", b"<p>")))).collect()
    };
    let answers = |unknown| Answers { states: vec![(krebs(), state.clone())], pages: pages(unknown), ..Answers::default() };
    kept.save_answers(&answers(true)).unwrap_err();
    assert_eq!((kept.waiting(None).unwrap().len(), kept.source_state(&krebs()).unwrap().failures), (1, 0));
    kept.save_answers(&answers(false)).unwrap();
    assert_eq!((kept.waiting(None).unwrap().len(), kept.source_state(&krebs()).unwrap().failures), (0, 2));
}

#[test]
fn a_robots_txt_is_kept_for_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let came = |site: &str, at: Timestamp| (site.to_owned(), b"Disallow: /".to_vec(), at);
    let save = |kept: &mut Kept, robots| kept.save_answers(&Answers { robots: vec![robots], ..Answers::default() }).unwrap();
    save(&mut kept, came("https://a.example", at("2026-01-01T03:00:00Z")));
    let of = |kept: &Kept, now: &str| kept.robots("https://a.example", at(now)).unwrap();
    assert_eq!(of(&kept, "2026-01-02T02:59:00Z").as_deref(), Some(&b"Disallow: /"[..]));
    assert_eq!(of(&kept, "2026-01-02T03:00:00Z"), None, "a day later");
    assert_eq!(of(&kept, "2025-12-31T03:00:00Z"), None, "the clock was set back");
    assert_eq!(kept.robots("http://a.example", at("2026-01-01T04:00:00Z")).unwrap(), None, "another site");
    save(&mut kept, came("https://b.example", at("2026-01-03T03:00:00Z")));
    assert_eq!(of(&kept, "2026-01-01T04:00:00Z"), None, "what is too old is forgotten");
}

#[test]
fn runs_are_listed_newest_first_and_a_run_that_was_cut_off_has_no_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let first = kept.begin_run(at("2026-01-01T00:00:00Z")).unwrap();
    kept.end_run(first, at("2026-01-01T00:05:00Z"), &serde_json::json!({"sources": []})).unwrap();
    let second = kept.begin_run(at("2026-01-02T00:00:00Z")).unwrap();
    let runs = kept.last_runs(5).unwrap();
    assert_eq!(runs.iter().map(|run| run.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!(runs[0].ended_at, None);
    assert_eq!(runs[1].summary, Some(serde_json::json!({"sources": []})));
}

#[test]
fn a_reader_sees_whole_commits_and_each_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let reader = Kept::open(dir.path(), Access::Read).unwrap();
    assert_eq!(reader.counts().unwrap().items, 0);
    kept.save_round(&krebs(), &SourceState::default(), &[item("https://a.example/1")]).unwrap();
    assert_eq!(reader.counts().unwrap().items, 1);
}

#[test]
fn sources_are_noted_with_their_tags() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let source = Source {
        id: krebs(),
        name: "Krebs".to_owned(),
        url: Url::parse("https://krebs.example/feed").unwrap(),
        kind: SourceKind::Feed,
        tags: vec!["us".to_owned()],
        selectors: Selectors::default(),
        every: None,
        enabled: true,
    };
    kept.save_sources(&[source]).unwrap();
    assert_eq!(kept.tags().unwrap()["Krebs"], ["us"]);
}

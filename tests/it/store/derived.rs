//! What is derived: reports that share a victim are merged together, what nothing touched stays, and old pages can be dropped.

use breachline::model::article::{ArticleId, NotAnArticle};
use breachline::model::incident::IncidentId;
use breachline::model::report::Kind;
use breachline::store::kept::{Access, Answers, Kept, Outcome, Packed, ReadArticle, Saved};

use super::made::{Keyed, article, found_by, keep, merge_all, merged, outcome, page, report, sample, save};

fn id(text: &str) -> IncidentId {
    IncidentId(text.to_owned())
}

fn store(dir: &std::path::Path) -> Kept {
    Kept::open(dir, Access::Write).unwrap()
}

#[test]
fn reports_are_merged_with_all_that_share_a_key_directly_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    let keyed = |kept: &mut Kept, title: &str, keys: &[&[&str]]| {
        let id = keep(kept, article(0, "blog", "2026-01-01", title, "Text."), vec![]);
        let shown = kept.article(id).unwrap().unwrap().article;
        let reports = keys
            .iter()
            .map(|keys| found_by(report(title, Kind::Breach), keys.iter().map(|key| (*key).to_owned()).collect()))
            .collect();
        save(kept, "1", id, Outcome::Extracted(shown, reports));
        id
    };
    let a = keyed(&mut kept, "a", &[&["x"]]);
    let b = keyed(&mut kept, "b", &[&["y", "z"]]);
    let c = keyed(&mut kept, "c", &[&["other"], &[]]);
    merge_all(&mut kept);
    assert_eq!(kept.unmerged::<Keyed>(1).unwrap(), None);

    let d = keyed(&mut kept, "d", &[&["x", "y"]]);
    let scope = kept.unmerged::<Keyed>(1).unwrap().unwrap();
    assert_eq!(scope.reports.iter().map(|filed| filed.id.article).collect::<Vec<_>>(), [a, b, d]);
    assert_eq!(scope.before.len(), 2);
    let incidents = merged(scope.reports.clone());
    kept.save_incidents(&scope, incidents).unwrap();
    assert_eq!(kept.unmerged::<Keyed>(1).unwrap(), None);
    assert_eq!(kept.incident(&id("c")).unwrap().unwrap().reports[0].id.article, c);
}

#[test]
fn a_report_that_is_gone_takes_its_incident_along() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    let hospital = kept.incident(&id("st-marys-hospital")).unwrap().unwrap().reports[0].id.article;
    save(&mut kept, "2", hospital, Outcome::None(NotAnArticle::NoText));
    let scope = kept.unmerged::<Keyed>(1).unwrap().unwrap();
    assert_eq!(scope.reports, []);
    let done = kept.save_incidents(&scope, Vec::new()).unwrap();
    assert_eq!((done.new, done.changed, done.removed), (0, 0, 1));
    assert_eq!(kept.incident(&id("st-marys-hospital")).unwrap(), None);
}

#[test]
fn reading_the_same_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    let before = kept.last_seq().unwrap();
    kept.renew("2", "1").unwrap();
    let pages = kept.unread(ArticleId(0), 100).unwrap();
    assert_eq!(pages.len(), 8);
    for page in pages {
        let shown = kept.article(page.article).unwrap().unwrap();
        let reports = kept.reports(page.article).unwrap();
        let saved = save(&mut kept, "2", page.article, outcome(shown.article, reports));
        assert_eq!((saved.new, saved.again), (0, 1));
    }
    merge_all(&mut kept);
    assert_eq!(kept.last_seq().unwrap(), before);
    kept.renew("2", "1").unwrap();
    assert_eq!(kept.unread_count().unwrap(), 0);
}

#[test]
fn other_rules_mark_what_was_read_and_another_merge_what_was_merged() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    kept.renew("1", "1").unwrap();
    merge_all(&mut kept);
    assert_eq!((kept.unread_count().unwrap(), kept.unmerged::<Keyed>(1).unwrap()), (0, None));
    kept.renew("1", "2").unwrap();
    assert_eq!(kept.unread_count().unwrap(), 0);
    assert_eq!(kept.unmerged::<Keyed>(1000).unwrap().unwrap().reports.len(), 8);
    merge_all(&mut kept);
    kept.renew("2", "2").unwrap();
    assert_eq!((kept.unread_count().unwrap(), kept.unmerged::<Keyed>(1).unwrap()), (8, None));
}

#[test]
fn reading_everything_again_goes_on_where_it_was_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    kept.mark_all().unwrap();
    for page in kept.unread(ArticleId(0), 3).unwrap() {
        let shown = kept.article(page.article).unwrap().unwrap();
        let reports = kept.reports(page.article).unwrap();
        save(&mut kept, "1", page.article, outcome(shown.article, reports));
    }
    drop(kept);
    let mut kept = store(dir.path());
    kept.mark_all().unwrap();
    assert_eq!(kept.unread_count().unwrap(), 5, "what was read is not read again");
    kept.end_marking().unwrap();
    kept.mark_all().unwrap();
    assert_eq!(kept.unread_count().unwrap(), 8, "a rebuild after the end of one reads everything");
}

#[test]
fn an_id_that_is_taken_by_another_victim_gets_a_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = store(dir.path());
    for (title, kind) in [("First", Kind::Breach), ("Second", Kind::Ddos)] {
        let article = article(0, "blog", "2026-01-01", title, "Text.");
        let number = keep(&mut kept, article.clone(), vec![]);
        let reports = vec![found_by(report("A bank", kind), vec![title.to_owned()])];
        save(&mut kept, "1", number, Outcome::Extracted(article, reports));
        merge_all(&mut kept);
    }
    assert_eq!(kept.incident(&id("a-bank")).unwrap().unwrap().kind, Kind::Breach);
    assert_eq!(kept.incident(&id("a-bank-2")).unwrap().unwrap().kind, Kind::Ddos);
}

#[test]
fn old_pages_are_dropped_when_read_and_their_text_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    let unread = {
        let state = Default::default();
        let item = super::made::item("https://blog.example/unread", "Unread");
        kept.save_round(&breachline::model::source::SourceId("blog".to_owned()), &state, &[item]).unwrap();
        let waiting = kept.waiting(None).unwrap()[0].article;
        kept.save_answers(&Answers {
            pages: vec![(waiting, Packed::new(page("https://blog.example/unread", "<p>not read yet</p>")))],
            ..Answers::default()
        })
        .unwrap();
        waiting
    };
    let before = "2026-03-11T03:59:59Z".parse().unwrap();
    assert_eq!(kept.prune_pages(before).unwrap().pages, 0);
    let after = "2026-03-11T04:00:01Z".parse().unwrap();
    let pruned = kept.prune_pages(after).unwrap();
    assert_eq!(pruned.pages, 8);
    assert!(pruned.bytes > 0);
    assert_eq!(kept.prune_pages(after).unwrap().pages, 0);

    kept.renew("2", "1").unwrap();
    let pages = kept.unread(ArticleId(0), 100).unwrap();
    assert_eq!(pages.len(), 9);
    for packed in pages {
        let kept_page = packed.unpack(kept.path()).unwrap();
        assert_eq!(kept_page.page.is_some(), kept_page.article == unread);
        let text = kept.article(kept_page.article).unwrap().map(|shown| shown.article);
        assert_eq!(kept_page.text, text);
    }
}

#[test]
fn an_error_in_the_midst_of_a_batch_leaves_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    let (before, seq) = (kept.counts().unwrap(), kept.last_seq().unwrap());
    let good = article(1, "krebs", "2026-01-01", "Another title", "Another text.");
    let batch = [
        ReadArticle::new(ArticleId(1), outcome(good, vec![])),
        ReadArticle::new(ArticleId(4711), Outcome::Fault("of an article that is not known".to_owned())),
    ];
    let mut saved = Saved::default();
    kept.save_articles("2", &batch, &mut saved).unwrap_err();
    assert_eq!(saved, Saved::default());
    assert_eq!((kept.counts().unwrap(), kept.last_seq().unwrap()), (before, seq));
    assert_ne!(kept.article(ArticleId(1)).unwrap().unwrap().article.title, "Another title");
}

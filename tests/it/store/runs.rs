//! Runs and their news: what changes in a run is told by its summary, or by the next one where it was cut off.

use breachline::model::report::{Kind, Unit};
use breachline::store::kept::{Access, Kept, News};
use serde_json::json;

use super::made::{article, figure, keep, merge_all, outcome, report, save};

fn told(kept: &Kept) -> Vec<(String, Option<Option<u64>>, Option<u64>)> {
    let value = |incident: &breachline::model::incident::Incident| incident.records.first().map(|figure| figure.value);
    let news = kept.news().unwrap().into_iter();
    news.map(|News { id, before, now }| (id.0, before.as_ref().map(value), now.as_ref().and_then(value))).collect()
}

#[test]
fn what_changes_in_a_run_is_news_until_a_summary_has_told_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let one = keep(&mut kept, article(0, "wire", "2026-01-01", "One", "Text."), vec![report("Acme", Kind::Breach)]);
    merge_all(&mut kept);
    assert_eq!(told(&kept), [], "what changes outside of a run is no news");

    kept.begin_run(now).unwrap();
    let mut grown = report("Acme", Kind::Breach);
    grown.records = vec![figure(7, Unit::People)];
    let shown = kept.article(one).unwrap().unwrap().article;
    save(&mut kept, "2", one, outcome(shown, vec![grown]));
    keep(&mut kept, article(0, "wire", "2026-01-01", "Two", "Text."), vec![report("Bank", Kind::Theft)]);
    merge_all(&mut kept);
    let news = [("acme".to_owned(), Some(None), Some(7)), ("bank".to_owned(), None, None)];
    assert_eq!(told(&kept), news);
    drop(kept);

    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    assert_eq!(told(&kept), news, "the run was cut off: its news is left to the next one");
    let failed = kept.begin_run(now).unwrap();
    kept.fail_run(failed, now, "the disk is full").unwrap();
    assert_eq!(told(&kept), news);
    assert_eq!(kept.run(failed).unwrap().unwrap().failure.as_deref(), Some("the disk is full"));
    let run = kept.begin_run(now).unwrap();
    kept.end_run(run, now, &json!({})).unwrap();
    assert_eq!(told(&kept), []);
}

//! One text told more than once: the same article under another address is one article, a copy elsewhere is no second source.

use breachline::merge::sources::independent;
use breachline::model::article::{Article, ArticleId};
use breachline::model::report::Kind;
use breachline::store::kept::{Access, Kept, Outcome};
use url::Url;

use super::made::{article, found_by, keep, merge_all, report, save};

/// A story of sixty sentences that nobody else writes.
fn story(told_by: &str) -> String {
    (0..60).map(|n| format!("{told_by} file {n} of {} {told_by} day {}. ", n * 3, n * 7)).collect()
}

fn told(kept: &mut Kept, source: &str, title: &str, text: &str) -> ArticleId {
    let reports = vec![report("Corran Point", Kind::Breach)];
    keep(kept, article(0, source, "2026-01-01", title, text), reports)
}

#[test]
fn an_article_under_another_address_is_one_article_and_a_copy_no_second_source() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let (whole, own) = (story("The agency"), story("Our reporter"));
    let first = told(&mut kept, "wire", "Bank breached", &whole);
    let mobile = told(&mut kept, "m.wire", "Bank breached", &format!("{whole}\nShare this"));
    let copy = told(&mut kept, "paper", "A bank was breached", &whole[..whole.len() * 2 / 3]);
    let copy_of_copy = told(&mut kept, "gazette", "Breach", &whole[..whole.len() / 2]);
    let other = told(&mut kept, "desk", "Bank breached", &own);
    let later = told(&mut kept, "wire", "Another bank breached", &whole.replace("agency day 7.", "agency day 8."));
    merge_all(&mut kept);

    assert_eq!(kept.article(mobile).unwrap(), None, "it is the first one, found elsewhere");
    assert_eq!(kept.article_at(&Url::parse("https://m.wire.example/bank-breached").unwrap()).unwrap(), Some(first));
    assert_eq!(kept.counts().unwrap().articles, 5);
    let incident = kept.incident(&kept.incident_ids("corran", 2).unwrap()[0]).unwrap().unwrap();
    let filed: Vec<_> = incident.reports.iter().map(|filed| (filed.id.article, filed.copy_of, filed.also_at.join(" "))).collect();
    let expected = [
        (first, None, "https://m.wire.example/bank-breached".to_owned()),
        (copy, Some(first), String::new()),
        (copy_of_copy, Some(first), String::new()),
        (other, None, String::new()),
        (later, Some(first), String::new()),
    ];
    assert_eq!(filed, expected, "another title on the same site may be another story from the same template");
    assert_eq!(independent(&incident.reports.iter().collect::<Vec<_>>()), 2);
}

#[test]
fn what_a_text_is_like_is_looked_at_again_when_it_changes() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let first = told(&mut kept, "wire", "Bank breached", &story("The agency"));
    let copy = told(&mut kept, "paper", "A bank was breached", &story("The agency"));
    let now: Article = Article { text: story("The bank itself"), ..kept.article(first).unwrap().unwrap().article };
    save(&mut kept, "1", first, Outcome::Extracted(now, Vec::new()));
    let unread = kept.unread(first, 10).unwrap();
    assert!(unread.iter().any(|page| page.article == copy));
    let again = kept.article(copy).unwrap().unwrap().article;
    let reports = vec![found_by(report("Corran Point", Kind::Breach), vec!["corran".to_owned()])];
    save(&mut kept, "1", copy, Outcome::Extracted(again, reports));
    merge_all(&mut kept);
    let incident = kept.incident(&kept.incident_ids("corran", 2).unwrap()[0]).unwrap().unwrap();
    assert_eq!(incident.reports[0].copy_of, None);
}

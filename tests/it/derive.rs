//! From kept pages to incidents that are found: what is new is read, what is read stays, what is cut off goes on. Pages are data in
//! `tests/data/derive`.

use std::path::Path;

use breachline::base::day::Day;
use breachline::derive::{self, Derived, Progress};
use breachline::model::article::{ArticleId, FeedItem, Page};
use breachline::model::incident::Row;
use breachline::model::source::SourceId;
use breachline::rules::Rules;
use breachline::store::kept::{Access, Answers, Kept, Packed, SourceState};
use breachline::store::query::Query;
use breachline::store::search::{DIRECTORY, Index};
use breachline::store::{Page as Rows, Reader};
use url::Url;

const ALL: Rows = Rows { offset: 0, limit: 100 };

struct Story {
    source: String,
    published: String,
    title: String,
    text: String,
}

fn stories() -> Vec<Story> {
    let text = include_str!("../data/derive/pages.txt");
    text.split("\n== ")
        .skip(1)
        .map(|block| {
            let (head, text) = block.split_once('\n').unwrap();
            let [source, published, title] = head.splitn(3, " | ").collect::<Vec<_>>().try_into().unwrap();
            Story {
                source: source.to_owned(),
                published: published.to_owned(),
                title: title.to_owned(),
                text: text.trim().to_owned(),
            }
        })
        .collect()
}

/// Keeps stories as a crawl would have, and returns the number of the last.
fn keep(kept: &mut Kept, stories: &[Story]) -> ArticleId {
    let mut last = ArticleId(0);
    for story in stories {
        let url = format!("https://{}.example/{}", story.source, story.title.to_lowercase().replace(' ', "-"));
        let url = Url::parse(&url).unwrap();
        let item = FeedItem {
            url: url.clone(),
            id: None,
            title: story.title.clone(),
            published: Some(format!("{}T09:00:00Z", story.published).parse().unwrap()),
            updated: None,
            summary: String::new(),
            content: String::new(),
        };
        kept.save_round(&SourceId(story.source.clone()), &SourceState::default(), &[item]).unwrap();
        last = kept.waiting(None).unwrap().last().unwrap().article;
        kept.save_answers(&Answers { pages: vec![(last, Packed::new(page(url, &html(story))))], ..Answers::default() }).unwrap();
    }
    last
}

fn html(story: &Story) -> String {
    let paragraphs: String = story.text.lines().map(|line| format!("<p>{line}</p>\n")).collect();
    format!(
        "<!doctype html><html><head><meta charset=utf-8><title>{0}</title></head><body><nav><a href=/>Home</a></nav>\
         <article><h1>{0}</h1>\n{paragraphs}</article><footer>All rights reserved</footer></body></html>",
        story.title
    )
}

fn page(url: Url, body: &str) -> Page {
    Page {
        asked: url.clone(),
        answered: url,
        arrived_at: "2024-03-09T04:00:00Z".parse().unwrap(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        bytes: body.as_bytes().to_vec(),
    }
}

fn catch_up(dir: &Path) -> Derived {
    let mut kept = Kept::open(dir, Access::Write).unwrap();
    let mut index = Index::open(dir, &kept).unwrap();
    derive::catch_up(&mut kept, &mut index, Rules::builtin(), &mut |_| ()).unwrap()
}

fn rows(dir: &Path, text: &str) -> Vec<Row> {
    let query = Query::parse(text, Day::new(2024, 3, 9).unwrap()).unwrap();
    Reader::open(dir).unwrap().find(&query, ALL).unwrap().rows
}

#[test]
fn pages_become_incidents_that_are_found() {
    let dir = tempfile::tempdir().unwrap();
    keep(&mut Kept::open(dir.path(), Access::Write).unwrap(), &stories());
    let done = catch_up(dir.path());
    assert_eq!((done.read.new, done.read.not_articles, done.read.faults.len()), (4, 0, 0), "{done:?}");
    assert_eq!((done.incidents.new, done.incidents.changed), (1, 0));

    let found = rows(dir.path(), "hospital");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].reports, found[0].sources), (2, 2));
    assert_eq!(found[0].records.map(|figure| figure.value), Some(120_412));
    assert_eq!(rows(dir.path(), "victim:northfield records:>100k data:health after:2024-02"), found);

    let reader = Reader::open(dir.path()).unwrap();
    let articles = |text: &str| {
        let query = Query::parse(text, Day::new(2024, 3, 9).unwrap()).unwrap();
        reader.find_articles(&query, ALL).unwrap().rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(articles("krankenhaus"), [ArticleId(4)]);
    let german = reader.article(ArticleId(4)).unwrap().unwrap();
    assert_eq!((german.article.language.as_str(), german.extracted), ("de", false));
    assert_eq!(articles("\"password manager\""), [ArticleId(3)]);
    let incident = reader.incident(&found[0].id).unwrap().unwrap();
    for filed in &incident.reports {
        let text = reader.article(filed.id.article).unwrap().unwrap().article.text;
        for evidence in &filed.report.evidence {
            assert_eq!(evidence.span.slice(&text), evidence.quote, "evidence points into the article's text");
        }
    }
}

#[test]
fn a_second_time_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    keep(&mut Kept::open(dir.path(), Access::Write).unwrap(), &stories());
    catch_up(dir.path());
    assert_eq!(catch_up(dir.path()), Derived::default());
}

#[test]
fn a_new_report_changes_its_incident_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let all = stories();
    keep(&mut Kept::open(dir.path(), Access::Write).unwrap(), &all[..1]);
    catch_up(dir.path());
    let before = rows(dir.path(), "");
    keep(&mut Kept::open(dir.path(), Access::Write).unwrap(), &all[1..]);
    let done = catch_up(dir.path());
    assert_eq!((done.read.new, done.incidents.new, done.incidents.changed, done.incidents.removed), (3, 0, 1, 0), "{done:?}");
    let after = rows(dir.path(), "");
    assert_eq!((&after[0].id, after[0].reports), (&before[0].id, 2));
}

#[test]
fn the_order_in_which_pages_came_makes_no_difference() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    keep(&mut Kept::open(one.path(), Access::Write).unwrap(), &stories());
    catch_up(one.path());
    let mut turned = stories();
    turned.reverse();
    for story in turned {
        keep(&mut Kept::open(other.path(), Access::Write).unwrap(), &[story]);
        catch_up(other.path());
    }
    assert_eq!(rows(one.path(), ""), rows(other.path(), ""));
}

#[test]
fn more_pages_than_one_batch_holds_are_all_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let habits = stories().swap_remove(2);
    let many: Vec<Story> = (0..300)
        .map(|n| Story {
            source: "herald".to_owned(),
            published: "2024-03-07".to_owned(),
            title: format!("{} part {n}", habits.title),
            text: habits.text.clone(),
        })
        .collect();
    keep(&mut kept, &many);
    let mut index = Index::open(dir.path(), &kept).unwrap();
    let mut steps = Vec::new();
    let done = derive::catch_up(&mut kept, &mut index, Rules::builtin(), &mut |step| steps.push(step)).unwrap();
    assert_eq!(done.read.new, 300);
    let read: Vec<u64> =
        steps.iter().filter_map(|step| if let Progress::Reading { done, .. } = step { Some(*done) } else { None }).collect();
    assert!(read.len() > 1 && read.is_sorted() && read.last() == Some(&300), "{steps:?}");
    let changes: Vec<_> = kept.changes_after(0, 1000).unwrap();
    let order: Vec<ArticleId> = changes.iter().filter_map(|change| as_article(&change.of)).collect();
    assert!(order.is_sorted(), "saved in the order of their numbers");
}

fn as_article(changed: &breachline::store::kept::Changed) -> Option<ArticleId> {
    match changed {
        breachline::store::kept::Changed::Article(id) => Some(*id),
        breachline::store::kept::Changed::Incident(_) => None,
    }
}

#[test]
fn a_page_that_is_no_article_is_kept_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    let item = FeedItem {
        url: Url::parse("https://wire.example/report.pdf").unwrap(),
        id: None,
        title: "A report".to_owned(),
        published: None,
        updated: None,
        summary: String::new(),
        content: String::new(),
    };
    kept.save_round(&SourceId("wire".to_owned()), &SourceState::default(), std::slice::from_ref(&item)).unwrap();
    let pdf =
        Page { headers: vec![("content-type".to_owned(), "application/pdf".to_owned())], ..page(item.url, "%PDF-1.7 \u{0}") };
    kept.save_answers(&Answers { pages: vec![(ArticleId(1), Packed::new(pdf.clone()))], ..Answers::default() }).unwrap();
    drop(kept);
    let done = catch_up(dir.path());
    assert_eq!((done.read.new, done.read.not_articles), (0, 1));
    let counts = Reader::open(dir.path()).unwrap().counts().unwrap();
    assert_eq!((counts.items, counts.articles, counts.not_articles), (1, 0, 1));
    assert_eq!(catch_up(dir.path()).read.not_articles, 0, "it is not read again and again");
}

#[test]
fn everything_can_be_made_again_also_when_old_pages_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    keep(&mut kept, &stories());
    drop(kept);
    catch_up(dir.path());
    let before = rows(dir.path(), "");
    let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
    assert_eq!(kept.prune_pages("2024-06-01T00:00:00Z".parse().unwrap()).unwrap().pages, 4);
    let mut index = Index::open(dir.path(), &kept).unwrap();
    let mut looked = 0;
    let mut look = |_| {
        assert_eq!(rows(dir.path(), ""), before, "meanwhile the old state is shown");
        looked += 1;
    };
    let done = derive::rebuild(&mut kept, &mut index, Rules::builtin(), &mut look).unwrap();
    assert!(looked > 2);
    assert_eq!((done.read.new, done.read.again, done.search.changes), (0, 4, 0), "what says the same is not written again");
    assert_eq!((done.incidents.new, done.incidents.changed, done.incidents.removed), (0, 0, 0));
    drop((kept, index));
    assert_eq!(rows(dir.path(), ""), before);
    std::fs::remove_dir_all(dir.path().join(DIRECTORY)).unwrap();
    assert_eq!(rows(dir.path(), ""), before);
}

//! The search index follows the store: by the number of the last change, from nothing, from damage, and while others read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use breachline::model::article::{Article, NotAnArticle};
use breachline::model::incident::IncidentId;
use breachline::model::report::Kind;
use breachline::model::source::SourceId;
use breachline::store::kept::{Access, DATABASE, Kept, Outcome, ReadArticle, Saved, SourceState};
use breachline::store::query::Query;
use breachline::store::search::{DIRECTORY, Index};
use breachline::store::{Page, Reader, StoreError};

use super::made::{article, day, indexed, item, keep, merge_all, outcome, report, sample, save, source};

fn found(reader: &Reader, text: &str) -> usize {
    reader.find(&Query::parse(text, day("2026-03-11")).unwrap(), Page { offset: 0, limit: 0 }).unwrap().total
}

fn add(kept: &mut Kept, victim: &str) {
    let title = format!("{victim} breached");
    keep(kept, article(0, "blog", "2026-03-10", &title, "It was."), vec![report(victim, Kind::Breach)]);
    merge_all(kept);
}

fn catch_up(dir: &Path, kept: &Kept) -> (usize, bool) {
    let done = Index::open(dir, kept).unwrap().catch_up(kept).unwrap();
    (done.changes, done.rebuilt)
}

#[test]
fn only_what_changed_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    assert_eq!(catch_up(dir.path(), &kept), (7 + 8, true));
    assert_eq!(catch_up(dir.path(), &kept), (0, false));
    add(&mut kept, "Acme");
    assert_eq!(catch_up(dir.path(), &kept), (2, false));
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!((found(&reader, "acme"), found(&reader, "")), (1, 8));
}

#[test]
fn much_that_is_new_comes_in_several_commits_and_all_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let new = (0..1600).map(|n| article(0, "blog", "2026-03-10", &format!("Story {n}"), "Nothing happened."));
    let mut new: BTreeMap<String, Article> = new.map(|article| (article.url.to_string(), article)).collect();
    let items: Vec<_> = new.values().map(|article| item(article.url.as_str(), &article.title)).collect();
    kept.save_round(&SourceId("blog".to_owned()), &SourceState::default(), &items).unwrap();
    let waiting = kept.waiting(None).unwrap().into_iter();
    let read = waiting.filter_map(|waiting| Some((waiting.article, new.remove(waiting.item.url.as_str())?)));
    let read: Vec<_> = read.map(|(id, article)| ReadArticle::new(id, outcome(Article { id, ..article }, vec![]))).collect();
    kept.save_articles("1", &read, &mut Saved::default()).unwrap();
    let mut index = Index::open(dir.path(), &kept).unwrap();
    for rebuilt in [false, true] {
        let done = index.catch_up(&kept).unwrap();
        // Articles and their reports; incidents are not touched. What is made anew is there at once or not at all.
        assert_eq!((done.rebuilt, done.commits.len()), (rebuilt, if rebuilt { 3 } else { 2 + 2 + 1 }));
        assert_eq!(index.seq(), kept.last_seq().unwrap());
        let reader = Reader::open(dir.path()).unwrap();
        assert_eq!(reader.find_articles(&Query::all(), Page { offset: 0, limit: 0 }).unwrap().total, 8 + 1600);
        assert_eq!(found(&reader, ""), 7);
        index.make_anew().unwrap();
    }
}

#[test]
fn an_index_that_is_made_beside_takes_the_place_of_the_old_one_when_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let folders = || {
        let all =
            fs::read_dir(dir.path().join(DIRECTORY)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        all.filter(|name| name.contains('.')).count()
    };
    drop(Index::open(dir.path(), &kept).unwrap().beside().unwrap());
    assert_eq!(folders(), 3, "it was cut off");
    let mut index = Index::open(dir.path(), &kept).unwrap();
    assert_eq!(folders(), 0, "what is left of it goes");
    let before = index.seq();
    let mut beside = index.beside().unwrap();
    assert_eq!(beside.catch_up_articles(&kept).unwrap().changes, 0, "a copy has what there was");
    add(&mut kept, "Acme");
    let on_disk = Index::open_to_read(dir.path(), &kept).unwrap().unwrap();
    assert_eq!(on_disk.seq(), before, "who begins to search meanwhile finds what there was");
    let articles = beside.catch_up_articles(&kept).unwrap();
    assert_eq!((articles.changes, articles.rebuilt), (1, false));
    let all = beside.catch_up(&kept).unwrap();
    assert_eq!((all.changes, all.rebuilt), (1, false), "the new incident");
    beside.replace(&mut index).unwrap();
    assert_eq!((index.seq(), folders()), (kept.last_seq().unwrap(), 0));
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!((found(&reader, "acme"), found(&reader, "")), (1, 8));
    assert_eq!(reader.find_articles(&Query::all(), Page { offset: 0, limit: 0 }).unwrap().total, 9);
}

#[test]
fn an_index_beside_begins_empty_where_the_old_one_is_damaged_or_most_of_it_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let files = fs::read_dir(dir.path().join(DIRECTORY).join("articles")).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|path| path.extension().is_some_and(|its| its == "pos")) {
        let mut bytes = fs::read(&file).unwrap();
        bytes[0] ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    let index = Index::open(dir.path(), &kept).unwrap();
    let mut beside = index.beside().unwrap();
    let articles = beside.catch_up_articles(&kept).unwrap();
    assert_eq!((articles.changes, articles.rebuilt), (8, true), "its damage is not taken over");
    for name in ["Acme", "Initech", "Hooli", "Globex", "Umbrella"] {
        add(&mut kept, name);
    }
    let incidents = beside.catch_up(&kept).unwrap();
    assert_eq!((incidents.changes, incidents.rebuilt), (5 + 5 + 7, true), "five new ones beside seven: all are written at once");
}

#[test]
fn a_store_without_anything_is_searched_too() {
    let dir = tempfile::tempdir().unwrap();
    drop(Kept::open(dir.path(), Access::Write).unwrap());
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(found(&reader, ""), 0);
    assert_eq!(reader.last_run().unwrap(), None);
    assert!(!reader.refresh().unwrap());
    assert!(matches!(Reader::open(&dir.path().join("elsewhere")), Err(StoreError::Missing { .. })));
}

#[test]
fn an_index_that_was_left_behind_catches_up_when_anything_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    add(&mut kept, "Acme");
    drop(kept); // cut off before the search index was written
    assert_eq!(found(&Reader::open(dir.path()).unwrap(), "acme"), 1);
}

#[test]
fn a_deleted_index_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    drop(indexed(dir.path()));
    fs::remove_dir_all(dir.path().join(DIRECTORY)).unwrap();
    assert_eq!(found(&Reader::open(dir.path()).unwrap(), ""), 7);
    assert!(dir.path().join(DIRECTORY).join("incidents/meta.json").exists());
}

#[test]
fn a_damaged_index_is_made_anew() {
    for damage in [cut, empty, delete] {
        for extension in ["json", "term", "idx", "pos", "fast", "store", "fieldnorm"] {
            let dir = tempfile::tempdir().unwrap();
            drop(indexed(dir.path()));
            let shelf = dir.path().join(DIRECTORY).join("incidents");
            let files: Vec<_> = fs::read_dir(&shelf).unwrap().map(|entry| entry.unwrap().path()).collect();
            let files: Vec<_> = files.iter().filter(|path| path.extension().is_some_and(|its| its == extension)).collect();
            assert!(!files.is_empty(), "{extension}");
            files.iter().for_each(|path| damage(path));
            let reader = Reader::open(dir.path()).unwrap();
            assert_eq!(found(&reader, "victim:sega"), 1, "{extension}");
            assert_eq!(reader.find(&Query::all(), Page { offset: 0, limit: 9 }).unwrap().rows.len(), 7, "{extension}");
        }
    }
}

fn cut(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn empty(path: &Path) {
    fs::write(path, b"").unwrap();
}

fn delete(path: &Path) {
    fs::remove_file(path).unwrap();
}

#[test]
fn flipped_bytes_are_noticed_by_the_check() {
    let dir = tempfile::tempdir().unwrap();
    let kept = indexed(dir.path());
    assert!(Index::open(dir.path(), &kept).unwrap().is_sound());
    let shelf = dir.path().join(DIRECTORY).join("incidents");
    let path = fs::read_dir(shelf)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|its| its == "store"));
    let path = path.unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[10] ^= 0xff;
    fs::write(&path, bytes).unwrap();
    let mut index = Index::open(dir.path(), &kept).unwrap();
    assert!(!index.is_sound());
    index.make_anew().unwrap();
    index.catch_up(&kept).unwrap();
    assert!(index.is_sound());
    assert_eq!(index.find(&Query::all(), 0, 9).unwrap().rows.len(), 7);
}

#[test]
fn an_index_of_another_store_or_of_its_future_is_not_trusted() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut kept = indexed(one.path());
    add(&mut kept, "Acme");
    catch_up(one.path(), &kept);
    drop(kept);
    // The store is put back to an older state, or is another one altogether: the index stays.
    let mut small = Kept::open(other.path(), Access::Write).unwrap();
    small.save_sources(&[source("blog", "Blog", &[])]).unwrap();
    add(&mut small, "Emca");
    drop(small);
    for file in [DATABASE, "kept.db-wal", "kept.db-shm"] {
        let _ = fs::remove_file(one.path().join(file));
    }
    fs::copy(other.path().join(DATABASE), one.path().join(DATABASE)).unwrap();
    let reader = Reader::open(one.path()).unwrap();
    assert_eq!((found(&reader, "acme"), found(&reader, "emca"), found(&reader, "")), (0, 1, 1));
}

#[test]
fn a_reader_shows_the_last_commit_while_another_writes_and_the_next_when_asked() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    add(&mut kept, "Acme"); // in the store, not in the index yet
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!((found(&reader, ""), found(&reader, "acme")), (7, 0));
    assert!(!reader.refresh().unwrap());
    let stamp = reader.stamp();
    catch_up(dir.path(), &kept);
    assert_eq!(found(&reader, ""), 7, "nothing changes by itself");
    assert!(reader.refresh().unwrap());
    assert_ne!(reader.stamp(), stamp);
    assert_eq!((found(&reader, ""), found(&reader, "acme")), (8, 1));
    assert!(!reader.refresh().unwrap());
    assert!(reader.incident(&IncidentId("acme".to_owned())).unwrap().is_some());
}

#[test]
fn searches_while_another_writes_see_whole_commits_and_never_fail() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let written = std::sync::atomic::AtomicUsize::new(7);
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let (mut last, mut seen) = (0, std::collections::BTreeSet::new());
            while last < 7 + 12 {
                // A new reader each time, and one that is refreshed: opening takes nothing away from the writer.
                let reader = Reader::open(dir.path()).unwrap();
                for _ in 0..3 {
                    let found = reader.find(&Query::all(), Page { offset: 0, limit: 100 }).unwrap();
                    assert_eq!(found.total, found.rows.len(), "one commit, whatever is written beside it");
                    assert!(found.total >= last && found.total <= written.load(std::sync::atomic::Ordering::SeqCst));
                    last = found.total;
                    seen.insert(last);
                    reader.refresh().unwrap();
                }
            }
            seen
        });
        for n in 1..=12 {
            add(&mut kept, &format!("Body {n}"));
            written.store(7 + n, std::sync::atomic::Ordering::SeqCst);
            catch_up(dir.path(), &kept);
        }
        let seen = searching.join().unwrap();
        assert_eq!(seen.last(), Some(&19));
    });
}

#[test]
fn a_reader_lives_on_when_the_index_is_made_anew_under_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let mut index = Index::open(dir.path(), &kept).unwrap();
    index.make_anew().unwrap();
    assert_eq!(reader.find(&Query::all(), Page { offset: 0, limit: 9 }).unwrap().rows.len(), 7);
    assert!(!reader.refresh().unwrap());
    add(&mut kept, "Acme");
    index.catch_up(&kept).unwrap();
    assert!(reader.refresh().unwrap());
    assert_eq!(found(&reader, ""), 8);
}

#[test]
fn without_an_index_and_without_the_lock_one_is_made_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = sample(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(found(&reader, ""), 7);
    assert!(!dir.path().join(DIRECTORY).exists());
    add(&mut kept, "Acme");
    assert!(reader.refresh().unwrap());
    assert_eq!(found(&reader, "acme"), 1);
}

#[test]
fn what_is_no_more_is_no_longer_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    let sega: Vec<_> =
        kept.incident(&IncidentId("sega".to_owned())).unwrap().unwrap().reports.iter().map(|filed| filed.id.article).collect();
    // One article is no longer read as one, in the other nothing is found any more.
    let other = kept.article(sega[1]).unwrap().unwrap().article;
    save(&mut kept, "2", sega[0], Outcome::None(NotAnArticle::Paywall));
    save(&mut kept, "2", sega[1], outcome(other, vec![report("International Monetary Fund", Kind::Intrusion)]));
    merge_all(&mut kept);
    assert_eq!(kept.incident(&IncidentId("sega".to_owned())).unwrap(), None);
    catch_up(dir.path(), &kept);
    drop(kept);
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!((found(&reader, "victim:sega"), found(&reader, "")), (0, 6));
    assert_eq!(reader.find_articles(&Query::all(), Page { offset: 0, limit: 0 }).unwrap().total, 7);
}

#[test]
fn a_source_that_changes_its_name_or_tags_is_found_by_the_new_ones() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept = indexed(dir.path());
    kept.save_sources(&[source("krebs", "Krebs", &["blog", "us"])]).unwrap();
    assert_eq!(catch_up(dir.path(), &kept), (3, false), "two articles and one incident");
    kept.save_sources(&[source("krebs", "Krebs", &["blog", "us"])]).unwrap();
    assert_eq!(catch_up(dir.path(), &kept), (0, false));
    drop(kept);
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!((found(&reader, "tag:blog"), found(&reader, "source:\"krebs on\"")), (1, 0));
}

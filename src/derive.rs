//! Kept pages become articles, reports, incidents and what is searched: all that is new, or was made with other rules. No network.
//!
//! Reading and extracting run on all cores; what comes of them is saved in the order of the pages, whatever order it came in, so
//! the same pages give the same rows. Every step can be cut off at any moment: what is left to do is marked in the store, in the
//! same transaction as what was done.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::base::day::Day;
use crate::extract::{Document, extract};
use crate::merge;
use crate::model::article::{Article, ArticleId, NotAnArticle, Page};
use crate::model::incident::{Filed, Incident, ReportId};
use crate::model::report::Report;
use crate::page::{self, Hint};
use crate::register::{self, Layout};
use crate::rules::Rules;
use crate::store::StoreError;
use crate::store::kept::{Kept, KeptPage, Keyed, Merged, Outcome, PackedPage, ReadArticle, Saved, Scope, Tie};
use crate::store::search::{CaughtUp, Index};

/// Raised whenever `page` or `extract` reads differently with the same rules: every page that is still kept is then read again.
const READING: u32 = 7;
/// Raised whenever `merge` groups or settles differently: everything is then merged again.
const MERGING: u32 = 6;

/// Pages that are loaded, read and saved together; fewer at first, so that also a run that is cut off early again and again gets on.
const BATCH: usize = 128;
const FIRST_BATCH: usize = 8;
/// Reports that are merged together, unless more hang together.
const SCOPE: usize = 2000;
/// The stack of a thread that reads pages. Nested elements are walked by recursion in more than one library.
pub const STACK: usize = 16 << 20;

/// What deriving did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// Articles, pages that are none, and faults.
    pub read: Saved,
    /// Incidents that are new, changed, or no more.
    pub incidents: Merged,
    /// What was searched anew.
    pub search: CaughtUp,
}

/// How far deriving has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many pages are read and saved.
    Reading {
        /// Pages read.
        done: u64,
        /// Pages to read.
        total: u64,
    },
    /// So many reports are merged.
    Merging {
        /// Reports merged.
        done: u64,
    },
    /// What changed is being written into the search index.
    Indexing,
}

/// Reads what is new, merges what that touches, and brings the search index up to date.
///
/// What was read with other rules is read again; where only the article's text is still kept, that is extracted again. A
/// damaged search index is made anew, where the store itself was looked over as well.
pub fn catch_up(
    kept: &mut Kept,
    index: &mut Index,
    rules: &Rules,
    progress: &mut dyn FnMut(Progress),
) -> Result<Derived, StoreError> {
    let (read, incidents) = read_and_merge(kept, rules, progress)?;
    progress(Progress::Indexing);
    if kept.was_checked() && !index.is_sound() {
        index.make_anew()?;
    }
    let search = index.catch_up(kept)?;
    Ok(Derived { read, incidents, search })
}

/// Returns what tells these rules, and this way of reading pages, from any other.
pub fn digest(rules: &Rules) -> String {
    format!("{READING}/{}", rules.digest())
}

fn read_and_merge(kept: &mut Kept, rules: &Rules, progress: &mut dyn FnMut(Progress)) -> Result<(Saved, Merged), StoreError> {
    let read = read_all(kept, rules, progress)?;
    Ok((read, merge_all(kept, progress)?))
}

fn read_all(kept: &mut Kept, rules: &Rules, progress: &mut dyn FnMut(Progress)) -> Result<Saved, StoreError> {
    let digest = digest(rules);
    kept.renew(&digest, &MERGING.to_string())?;
    read_pages(kept, &digest, rules, progress)
}

fn merge_all(kept: &mut Kept, progress: &mut dyn FnMut(Progress)) -> Result<Merged, StoreError> {
    let incidents = merge_reports(kept, progress)?;
    kept.end_marking()?;
    Ok(incidents)
}

/// Reads and merges everything again, whatever it was made with, and writes what says something else now into a copy of the search index, of
/// articles while reports are merged.
///
/// Where it was cut off, the next one goes on. Until an article or an incident has its turn, readers see it as it was, and searches find
/// what they found before, until the copy is whole and takes the place of the old index.
pub fn rebuild(
    kept: &mut Kept,
    index: &mut Index,
    rules: &Rules,
    progress: &mut dyn FnMut(Progress),
) -> Result<Derived, StoreError> {
    kept.mark_all()?;
    let read = read_all(kept, rules, progress)?;
    let mut beside = index.beside()?;
    // Merging is for one core, and no article changes by it.
    let reader = Kept::open_to_read(kept.path().parent().unwrap_or(Path::new(".")))?;
    let (incidents, articles) = thread::scope(|scope| {
        let beside = &mut beside;
        let articles = scope.spawn(move || beside.catch_up_articles(&reader));
        let incidents = merge_all(kept, progress);
        (incidents, articles.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let (incidents, mut search) = (incidents?, articles?);
    progress(Progress::Indexing);
    search += beside.catch_up(kept)?;
    beside.replace(index)?;
    Ok(Derived { read, incidents, search })
}

/// As [`rebuild`], without the search index.
pub fn reread(kept: &mut Kept, rules: &Rules, progress: &mut dyn FnMut(Progress)) -> Result<(Saved, Merged), StoreError> {
    kept.mark_all()?;
    read_and_merge(kept, rules, progress)
}

/// Merges what was marked, such as what an analyst edited, and brings the search index up to date. No page is read.
pub fn settle(kept: &mut Kept, index: &mut Index) -> Result<Derived, StoreError> {
    let incidents = merge_reports(kept, &mut |_| ())?;
    let search = index.catch_up(kept)?;
    Ok(Derived { incidents, search, ..Derived::default() })
}

fn read_pages(kept: &mut Kept, digest: &str, rules: &Rules, progress: &mut dyn FnMut(Progress)) -> Result<Saved, StoreError> {
    let total = kept.unread_count()?;
    let mut saved = Saved::default();
    if total == 0 {
        return Ok(saved);
    }
    let (give, work) = channel::<PackedPage>();
    let (hand_in, results) = channel::<Result<ReadArticle, StoreError>>();
    let work = Mutex::new(work);
    let path = kept.path().to_owned();
    thread::scope(|scope| {
        let give = give; // dropped at the end of this closure, which ends the threads
        for _ in 0..thread::available_parallelism().map_or(1, |cores| cores.get()) {
            let hand_in = hand_in.clone();
            let (work, path) = (&work, &path);
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || read_on(work, &hand_in, (rules, digest), path))
                .map_err(|error| StoreError::Failed {
                    path: kept.path().to_owned(),
                    doing: "starting a thread",
                    cause: error.to_string(),
                })?;
        }
        drop(hand_in);
        let mut bench =
            Bench { give, results, given: VecDeque::new(), done: BTreeMap::new(), last: ArticleId(0), size: FIRST_BATCH };
        // One batch is read ahead, so that the threads have something to do while another is being saved.
        bench.give_next(kept)?;
        let mut done = 0;
        while !bench.given.is_empty() {
            bench.give_next(kept)?;
            let batch = bench.take_first()?;
            kept.save_articles(digest, &batch, &mut saved)?;
            done += batch.len() as u64;
            progress(Progress::Reading { done, total });
        }
        Ok(saved)
    })
}

/// The batches that the threads are at, and what has come back of them.
struct Bench {
    give: Sender<PackedPage>,
    results: Receiver<Result<ReadArticle, StoreError>>,
    given: VecDeque<Vec<ArticleId>>,
    done: BTreeMap<ArticleId, ReadArticle>,
    last: ArticleId,
    /// How many pages the next batch has.
    size: usize,
}

impl Bench {
    /// Gives the next batch to the threads, if there is one.
    fn give_next(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let pages = kept.unread(self.last, self.size)?;
        self.size = (self.size * 2).min(BATCH);
        let Some(last) = pages.last() else { return Ok(()) };
        self.last = last.article;
        self.given.push_back(pages.iter().map(|page| page.article).collect());
        for page in pages {
            let _ = self.give.send(page); // fails only when every thread is gone, which `take_first` notices
        }
        Ok(())
    }

    /// Waits until the first batch is done and returns it, in the order in which it was given.
    fn take_first(&mut self) -> Result<Vec<ReadArticle>, StoreError> {
        let ids = self.given.pop_front().unwrap_or_default();
        while !ids.iter().all(|id| self.done.contains_key(id)) {
            match self.results.recv() {
                Ok(read) => {
                    let read = read?;
                    self.done.insert(read.id, read);
                }
                Err(_) => break,
            }
        }
        Ok(ids.iter().filter_map(|id| self.done.remove(id)).collect())
    }
}

fn read_on(
    work: &Mutex<Receiver<PackedPage>>,
    hand_in: &Sender<Result<ReadArticle, StoreError>>,
    (rules, digest): (&Rules, &str),
    path: &Path,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(packed) = next else { return };
        let read = packed.unpack(path).map(|page| ReadArticle::new(page.article, read(&page, rules, digest)));
        if hand_in.send(read).is_err() {
            return;
        }
    }
}

/// A page that makes us panic is a fault of that page alone; the round goes on.
fn unless_it_panics(read: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|panic| Outcome::Fault(format!("reading it failed: {}", words_of(&*panic))))
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

/// Reads one page and extracts its reports by the rules of a digest. Nested pages want a deep stack: 16 MB.
pub fn read(kept: &KeptPage, rules: &Rules, digest: &str) -> Outcome {
    unless_it_panics(|| read_page(kept, rules, digest))
}

fn read_page(kept: &KeptPage, rules: &Rules, digest: &str) -> Outcome {
    match kept.page.as_ref().and_then(|page| Some((Layout::of(page)?, page))) {
        Some((Layout::Extracted, page)) => read_extracted(page, kept, rules, digest),
        Some((layout, page)) => read_record(layout, page, kept),
        None => match read_article(kept) {
            Ok(article) => extracted(article, rules),
            Err(why) => Outcome::None(why),
        },
    }
}

/// Extracts the reports of an article.
fn extracted(article: Article, rules: &Rules) -> Outcome {
    // "und" is too little text to tell; the rules may well find something in it.
    if !matches!(article.language.as_str(), "en" | "und") {
        return Outcome::Kept(article);
    }
    let document = Document { title: &article.title, text: &article.text, published: article.published };
    let reports = extract(&document, rules).reports;
    let reports = keyed(reports, article.published);
    Outcome::Extracted(article, reports)
}

/// Returns each report of an article of that day with what others find it by.
fn keyed(reports: Vec<Report>, published: Day) -> Vec<Keyed> {
    let keyed = |report: Report| Keyed { keys: merge::keys(&report.victim), gist: merge::gist(&report, published), report };
    reports.into_iter().map(keyed).collect()
}

/// Takes what another machine read and extracted; where it did so by other rules, its article is extracted again.
fn read_extracted(page: &Page, kept: &KeptPage, rules: &Rules, digest: &str) -> Outcome {
    match register::extracted(page, &kept.source, kept.article) {
        Ok((article, record)) if record.rules == digest => {
            let reports = keyed(record.incidents, article.published);
            Outcome::Extracted(article, reports)
        }
        Ok((article, _)) => extracted(article, rules),
        Err(why) => Outcome::None(why),
    }
}

/// Reads a record of a register, which says itself what happened.
fn read_record(layout: Layout, page: &Page, kept: &KeptPage) -> Outcome {
    match register::read(layout, page, &kept.source, kept.article) {
        Ok((article, report)) => {
            let reports = keyed(vec![report], article.published);
            Outcome::Extracted(article, reports)
        }
        Err(why) => Outcome::None(why),
    }
}

fn read_article(kept: &KeptPage) -> Result<Article, NotAnArticle> {
    let Some(page) = &kept.page else {
        // The bytes were dropped, but not what was read of them.
        return kept.text.clone().ok_or(NotAnArticle::NoText);
    };
    page::read(page, &Hint::of(&kept.item, kept.body.as_deref()), &kept.source, kept.article)
}

/// Merges the reports of a scope, which it takes out of it. Incidents that stay as they are are left out.
pub fn merge_scope(scope: &mut Scope) -> Vec<Incident> {
    let reports = std::mem::take(&mut scope.reports);
    merge::merge_all_but(&|reports| scope.stays(reports), reports, &scope.before, &scope.edits)
}

impl Tie for merge::Outline {
    type Common = merge::Faces;
    type Crowd = merge::Crowd<ReportId>;

    fn crowd(holders: Vec<(ReportId, Vec<u8>)>) -> merge::Crowd<ReportId> {
        merge::Crowd::new(holders)
    }

    fn visit<E>(&self, crowd: &mut merge::Crowd<ReportId>, is_done: impl FnMut(&ReportId) -> Result<bool, E>) -> Result<(), E> {
        crowd.visit(self, is_done)
    }

    fn of(filed: &Filed, faces: &mut merge::Faces) -> merge::Outline {
        merge::Outline::new(filed, faces)
    }

    fn is_tied(&self, other: &merge::Outline) -> bool {
        merge::Outline::is_tied(self, other)
    }
}

fn merge_reports(kept: &mut Kept, progress: &mut dyn FnMut(Progress)) -> Result<Merged, StoreError> {
    let mut merged = Merged::default();
    let mut done = 0;
    while let Some(mut scope) = kept.unmerged::<merge::Outline>(SCOPE)? {
        done += scope.reports.len() as u64;
        let incidents = merge_scope(&mut scope);
        merged += kept.save_incidents(&scope, incidents)?;
        progress(Progress::Merging { done });
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_with_its_words() {
        let fault = |text: &str| Outcome::Fault(format!("reading it failed: {text}"));
        assert_eq!(unless_it_panics(|| panic!("no such thing")), fault("no such thing"));
        assert_eq!(unless_it_panics(|| panic!("at {}", 7)), fault("at 7"));
        assert_eq!(unless_it_panics(|| Outcome::None(NotAnArticle::NoText)), Outcome::None(NotAnArticle::NoText));
    }
}

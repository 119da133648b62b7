//! The store as the screen and the search command see it: asked, never waited for.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde::Serialize;

use super::StoreError;
use super::kept::{Access, Changed, Counts, Headline, Kept, Run, Shown, Version};
use super::query::Query;
use super::search::{ArticleHit, Blame, By, Counted, DayCount, Facet, Found, Index, Of, Place, Unknown};
use crate::base::day::{Day, DayRange};
use crate::model::article::ArticleId;
use crate::model::edit::{Edit, EditId};
use crate::model::incident::{DatedBy, Filed, Incident, IncidentId, ReportId, Row, dated};
use crate::model::report::{Attacker, Figure, Kind, Report};

/// Which rows of an answer are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The first row, from 0.
    pub offset: usize,
    /// The most rows.
    pub limit: usize,
}

/// One article on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleRow {
    /// The article.
    pub id: ArticleId,
    /// Its day of publication.
    pub published: Day,
    /// Its title.
    pub title: String,
    /// The name of its source.
    pub source: String,
    /// Its address.
    pub url: String,
    /// ISO 639-1 code of its language.
    pub language: String,
    /// How many events it reports.
    pub reports: u32,
}

/// What one article says of one event, on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Which report it is.
    pub report: ReportId,
    /// The day on which the article was published.
    pub published: Day,
    /// The name of its source.
    pub source: String,
    /// The article's title.
    pub title: String,
    /// The article's address.
    pub url: String,
    /// The days that place the event.
    pub days: DayRange,
    /// Which days these are.
    pub dated_by: DatedBy,
    /// Who was hit.
    pub victim: String,
    /// What happened.
    pub kind: Kind,
    /// The best figure.
    pub records: Option<Figure>,
    /// Who is held responsible.
    pub attackers: Vec<Attacker>,
    /// Whether it is disputed.
    pub disputed: bool,
}

impl From<Filed> for ReportRow {
    fn from(filed: Filed) -> ReportRow {
        let Filed { id, source, url, title, published, report, .. } = filed;
        let (days, dated_by) = dated(report.occurred, report.disclosed, published);
        let (victim, records) = (report.victim.name, report.records.first().copied());
        let Report { kind, attackers, disputed, .. } = report;
        ReportRow { report: id, published, source, title, url, days, dated_by, victim, kind, records, attackers, disputed }
    }
}

/// An open store that is only read. It may be shared between threads.
///
/// Searches show the commit that was the last one when it was opened or refreshed, also while another process writes.
pub struct Reader {
    kept: Mutex<Kept>,
    index: RwLock<Arc<Opened>>,
    /// The number of the last change that searches show.
    loaded: AtomicI64,
    dir: PathBuf,
}

/// The index that is searched.
struct Opened {
    index: Index,
    /// Whether it is in memory, because the one on disk could be neither used nor made anew.
    in_memory: bool,
}

impl Reader {
    /// Opens the store in an index directory. Where the search index is missing, damaged or behind, it is brought up to date first.
    ///
    /// That needs the writer's lock. While another process holds it, its last commit is searched; where there is none, or where the
    /// directory may not be written, a search index is made in memory.
    pub fn open(dir: &Path) -> Result<Reader, StoreError> {
        let kept = Kept::open_to_read(dir)?;
        let last = kept.last_seq()?;
        let opened = match on_disk(dir, &kept).filter(|index| index.seq() == last) {
            Some(index) => Opened { index, in_memory: false },
            None => {
                bring_up_to_date(dir, false)?;
                open_somehow(dir, &kept)?
            }
        };
        let loaded = AtomicI64::new(opened.index.seq());
        Ok(Reader { kept: Mutex::new(kept), index: RwLock::new(Arc::new(opened)), loaded, dir: dir.to_owned() })
    }

    /// Returns the index directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the incidents on a page of what a query finds, with their number.
    pub fn find(&self, query: &Query, page: Page) -> Result<Found<Row>, StoreError> {
        self.ask(|index| index.find(query, page.offset, page.limit))
    }

    /// Returns the articles on a page of what a query finds, with their number. A query for figures or for the days of an event
    /// finds no article; `after:`, `before:` and `on:` mean the day of publication.
    pub fn find_articles(&self, query: &Query, page: Page) -> Result<Found<ArticleRow>, StoreError> {
        let found = self.ask(|index| index.find_articles(query, page.offset, page.limit))?;
        let kept = self.kept();
        let mut rows = Vec::with_capacity(found.rows.len());
        for ArticleHit { id, published, source, language, reports } in found.rows {
            // One that was taken away since the index was written is left out.
            let Some(Headline { title, url }) = kept.headline(id)? else { continue };
            rows.push(ArticleRow { id, published, title, source, url, language, reports });
        }
        Ok(Found { total: found.total, rows })
    }

    /// Returns what each article says by itself of what a query finds, on a page.
    pub fn find_reports(&self, query: &Query, page: Page) -> Result<Found<ReportRow>, StoreError> {
        let found = self.ask(|index| index.find_reports(query, page.offset, page.limit))?;
        let mut rows = Vec::with_capacity(found.rows.len());
        for id in found.rows {
            // One that was taken away since the index was written is left out.
            rows.extend(self.kept().filed(id.article)?.into_iter().find(|filed| filed.id == id).map(ReportRow::from));
        }
        Ok(Found { total: found.total, rows })
    }

    /// Returns those of some incidents that a query finds, in the order of the query.
    pub fn find_among(&self, query: &Query, ids: &[IncidentId]) -> Result<Vec<Row>, StoreError> {
        self.ask(|index| index.find_among(query, ids))
    }

    /// Returns how many a query finds.
    pub fn count(&self, of: Of, query: &Query) -> Result<usize, StoreError> {
        self.ask(|index| index.count(of, query))
    }

    /// Returns what a query finds counted by something: the most frequent first, months and years in their order.
    pub fn count_by(&self, of: Of, query: &Query, by: By) -> Result<Vec<Counted>, StoreError> {
        self.ask(|index| index.count_by(of, query, by))
    }

    /// Says of each part of a query that finds nothing how it is to blame; nothing where the query has but one part.
    pub fn blame(&self, of: Of, query: &Query) -> Result<Vec<Blame>, StoreError> {
        self.ask(|index| index.blame(of, query))
    }

    /// Returns the names that a query asks for though nothing bears them, with those that were perhaps meant.
    pub fn unknown(&self, of: Of, query: &Query) -> Result<Vec<Unknown>, StoreError> {
        self.ask(|index| index.unknown(of, query))
    }

    /// Returns where an incident that begins on some day stands in what a query finds, newest first.
    pub fn place(&self, query: &Query, id: &IncidentId, day: Day) -> Result<Place, StoreError> {
        self.ask(|index| index.place(query, id, day))
    }

    /// Returns how many incidents that a query finds begin on each day that has any, oldest first.
    pub fn days(&self, query: &Query) -> Result<Vec<DayCount>, StoreError> {
        self.ask(|index| index.days(query))
    }

    /// Returns the most frequent kinds, attackers, victims and sources of the incidents that a query finds.
    pub fn facets(&self, query: &Query, most: usize) -> Result<Vec<Facet>, StoreError> {
        self.ask(|index| index.facets(query, most))
    }

    /// Returns an incident with all its reports; None if it is not there (any more).
    pub fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        self.kept().incident(id)
    }

    /// Returns the incidents that changed after the change of that number, as [`Reader::stamp`] gives it, without those that are gone
    /// or hidden: the last ones, `most` at most.
    pub fn changed_since(&self, stamp: u64, most: usize) -> Result<Vec<Incident>, StoreError> {
        let kept = self.kept();
        let mut incidents = Vec::new();
        for change in kept.last_changes(i64::try_from(stamp).unwrap_or(i64::MAX), most)? {
            if let Changed::Incident(id) = change.of
                && let Some(incident) = kept.incident(&id)?.filter(|incident| !incident.edited.hidden)
            {
                incidents.push(incident);
            }
        }
        Ok(incidents)
    }

    /// Returns edits by their numbers, in their order.
    pub fn edits(&self, numbers: &[EditId]) -> Result<Vec<Edit>, StoreError> {
        self.kept().edits_numbered(numbers)
    }

    /// Returns an article; None if it is not there.
    pub fn article(&self, id: ArticleId) -> Result<Option<Shown>, StoreError> {
        self.kept().article(id)
    }

    /// Returns what an article was and is, the oldest first; the last is what it is now.
    pub fn versions(&self, id: ArticleId) -> Result<Vec<Version>, StoreError> {
        self.kept().versions(id)
    }

    /// Returns what an article says of events, in the order in which it comes to them.
    pub fn reports(&self, id: ArticleId) -> Result<Vec<Report>, StoreError> {
        self.kept().reports(id)
    }

    /// Returns the last run of the nightly job; None before the first.
    pub fn last_run(&self) -> Result<Option<Run>, StoreError> {
        Ok(self.kept().last_runs(1)?.pop())
    }

    /// Returns how many of everything there are.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.kept().counts()
    }

    /// Makes searches show the newest commit; tells whether there was a newer one. Cheap where there is none.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        let opened = self.opened();
        if opened.in_memory {
            opened.index.follow(&self.kept())?;
        }
        let newer = opened.index.refresh(self.loaded.load(Ordering::Acquire))?;
        if let Some(seq) = newer {
            self.loaded.store(seq, Ordering::Release);
        }
        Ok(newer.is_some())
    }

    /// Returns a number that is another whenever searches show another commit.
    pub fn stamp(&self) -> u64 {
        self.loaded.load(Ordering::Acquire) as u64
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A reader changes nothing, so a panic in the midst of it leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> Arc<Opened> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the index. Damage that shows only now makes it be made anew, and the question be asked once more.
    fn ask<T>(&self, question: impl Fn(&Index) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let opened = self.opened();
        match question(&opened.index) {
            Err(StoreError::SearchDamaged { .. }) => question(&self.heal(&opened)?.index),
            answer => answer,
        }
    }

    fn heal(&self, damaged: &Arc<Opened>) -> Result<Arc<Opened>, StoreError> {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&index, damaged) {
            let made = bring_up_to_date(&self.dir, true)?;
            let opened = if made { open_somehow(&self.dir, &self.kept())? } else { in_memory(&self.kept())? };
            self.loaded.store(opened.index.seq(), Ordering::Release);
            *index = Arc::new(opened);
        }
        Ok(index.clone())
    }
}

fn on_disk(dir: &Path, kept: &Kept) -> Option<Index> {
    Index::open_to_read(dir, kept).ok().flatten()
}

fn open_somehow(dir: &Path, kept: &Kept) -> Result<Opened, StoreError> {
    on_disk(dir, kept).map_or_else(|| in_memory(kept), |index| Ok(Opened { index, in_memory: false }))
}

fn in_memory(kept: &Kept) -> Result<Opened, StoreError> {
    let mut index = Index::in_memory()?;
    index.catch_up(kept)?;
    Ok(Opened { index, in_memory: true })
}

/// Writes the search index further, or `anew`, if we may and nobody else does; tells whether that was so.
fn bring_up_to_date(dir: &Path, anew: bool) -> Result<bool, StoreError> {
    let write = || {
        let kept = Kept::open(dir, Access::Write)?;
        let mut index = Index::open(dir, &kept)?;
        if anew {
            index.make_anew()?;
        }
        index.catch_up(&kept)
    };
    match write() {
        Ok(_) => Ok(true),
        Err(StoreError::LockHeld { .. } | StoreError::ReadOnly { .. } | StoreError::DiskFull { .. }) => Ok(false),
        Err(StoreError::SearchDamaged { .. }) if !anew => bring_up_to_date(dir, true),
        Err(error) => Err(error),
    }
}

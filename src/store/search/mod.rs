//! What is searched: incidents, articles and reports in three tantivy indexes. The only folder that names tantivy.
//!
//! All of it is derived from [`Kept`] and may be deleted at any time. Each commit carries the number of the last change that is in,
//! and the word of the store it was made from: whoever opens the indexes for writing brings them up to date from there, or makes
//! them anew where they are missing, damaged, of another version or of another store.

mod count;
mod document;
mod find;
mod first_day;
mod forward;
mod narrowed;
mod ranked;
mod schema;
mod shelf;
mod snippet;
mod translate;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::TantivyDocument;

pub use count::{By, Counted, DayCount, Facet};
pub use document::ArticleRow;
pub use find::{Blame, Found, Of, Place};
pub use snippet::{Snippet, Snippets};

use crate::model::incident::IncidentId;
use crate::store::StoreError;
use crate::store::kept::{Access, Changed, Kept};
use document::Tags;
use shelf::{Edit, Shelf, Stamp, Unusable};

/// The name of the directory of the indexes within the index directory.
pub const DIRECTORY: &str = "search";

/// Changes that are loaded at once.
const BATCH: usize = 500;
/// Changes of one commit, so that none takes long. An index that is made anew has one commit, since half of it is none.
const PORTION: usize = 1000;

/// The three indexes.
pub struct Index {
    incidents: Shelf,
    articles: Shelf,
    reports: Shelf,
}

/// What bringing the indexes up to date did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// Changes that were written.
    pub changes: usize,
    /// Whether anything was made anew from the first change on.
    pub rebuilt: bool,
    /// How long each commit took, from the last document to when readers may load it.
    pub commits: Vec<Duration>,
}

impl Index {
    /// Opens the indexes in an index directory for writing, beside the store whose lock is held. What cannot be trusted is made anew,
    /// and empty; [`Index::catch_up`] fills it.
    pub fn open(dir: &Path, kept: &Kept) -> Result<Index, StoreError> {
        debug_assert_eq!(kept.access(), Access::Write, "only who holds the store's lock may write what is searched");
        let open = |path: PathBuf| match Shelf::open(&path) {
            Ok(shelf) if fits(&shelf, kept)? => Ok(shelf),
            Ok(_) | Err(Unusable::Broken) => Shelf::create(&path),
            Err(Unusable::Error(error)) => Err(error),
        };
        let [incidents, articles, reports] = paths(dir).map(open);
        Ok(Index { incidents: incidents?, articles: articles?, reports: reports? })
    }

    /// Opens the indexes to read; None if they are missing or cannot be trusted.
    pub fn open_to_read(dir: &Path, kept: &Kept) -> Result<Option<Index>, StoreError> {
        let open = |path: PathBuf| match Shelf::open(&path) {
            Ok(shelf) => Ok(Some(shelf).filter(|shelf| shelf.committed().is_some_and(|stamp| stamp.store == kept.store()))),
            Err(Unusable::Broken) => Ok(None),
            Err(Unusable::Error(error)) => Err(error),
        };
        let [incidents, articles, reports] = paths(dir).map(open);
        let all = incidents?.zip(articles?).zip(reports?);
        Ok(all.map(|((incidents, articles), reports)| Index { incidents, articles, reports }))
    }

    /// Makes empty indexes in memory.
    pub fn in_memory() -> Result<Index, StoreError> {
        Ok(Index { incidents: Shelf::in_memory()?, articles: Shelf::in_memory()?, reports: Shelf::in_memory()? })
    }

    /// Returns the number of the last change that all indexes have; 0 if they have none.
    pub fn seq(&self) -> i64 {
        self.shelves().map(|shelf| shelf.committed().map_or(0, |stamp| stamp.seq)).into_iter().min().unwrap_or(0)
    }

    fn shelves(&self) -> [&Shelf; 3] {
        [&self.incidents, &self.articles, &self.reports]
    }

    /// Tells whether the bytes on disk are those that were written. Reads all of them; the nightly job does it.
    pub fn is_sound(&self) -> bool {
        self.shelves().into_iter().all(Shelf::is_sound)
    }

    /// Empties the indexes, whatever they hold; [`Index::catch_up`] fills them.
    pub fn make_anew(&mut self) -> Result<(), StoreError> {
        for shelf in [&mut self.incidents, &mut self.articles, &mut self.reports] {
            *shelf = shelf.anew()?;
        }
        Ok(())
    }

    /// Writes what changed in the store since the last commit, and commits it.
    pub fn catch_up(&mut self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        self.follow(kept)
    }

    /// As [`Index::catch_up`], for an index in memory, which has but one owner.
    pub(super) fn follow(&self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        let mut done = CaughtUp::default();
        for of in [Of::Articles, Of::Reports, Of::Incidents] {
            follow(self.shelf(of), kept, of, &mut done)?;
        }
        Ok(done)
    }

    /// Loads the last commit if there is a newer one than the one that is searched; tells whether there was.
    ///
    /// What a newer program has written in its own way is not loaded.
    pub fn refresh(&self, loaded: i64) -> Result<Option<i64>, StoreError> {
        let newest = |shelf: &Shelf| shelf.committed().filter(|stamp| stamp.version == schema::version()).map(|stamp| stamp.seq);
        let seqs: Option<Vec<i64>> = self.shelves().into_iter().map(newest).collect();
        let Some(seq) = seqs.and_then(|seqs| seqs.into_iter().min()) else { return Ok(None) };
        if seq == loaded {
            return Ok(None);
        }
        self.shelves().into_iter().try_for_each(Shelf::reload)?;
        Ok(Some(seq))
    }
}

fn paths(dir: &Path) -> [PathBuf; 3] {
    ["incidents", "articles", "reports"].map(|name| dir.join(DIRECTORY).join(name))
}

/// Tells whether an index was made from this store, and is not ahead of it: then the store was put back to an older state.
fn fits(shelf: &Shelf, kept: &Kept) -> Result<bool, StoreError> {
    let last = kept.last_seq()?;
    Ok(shelf.committed().is_some_and(|stamp| stamp.store == kept.store() && stamp.seq <= last))
}

fn follow(shelf: &Shelf, kept: &Kept, of: Of, done: &mut CaughtUp) -> Result<(), StoreError> {
    let before = shelf.committed().map(|stamp| stamp.seq);
    let last = kept.last_seq()?;
    if before == Some(last) {
        return Ok(());
    }
    let from = before.unwrap_or(0);
    let tags = kept.tags()?;
    let stamp = |seq| Stamp { version: schema::version(), store: kept.store().to_owned(), seq };
    let mut writing = shelf.writing(last - from)?;
    let (mut seq, mut taken) = (from, 0);
    loop {
        let changes = kept.changes_after(seq, BATCH)?;
        // What changes while we write, as it may for an index in memory, has a later number, and its turn next time.
        let changes: Vec<_> = changes.into_iter().take_while(|change| change.seq <= last).collect();
        let Some(end) = changes.last() else { break };
        seq = end.seq;
        for change in changes {
            if let Some(edit) = edit(shelf, kept, of, change.of, &tags, from > 0)? {
                writing.apply(edit)?;
                taken += 1;
                // An article and its reports are one change.
                done.changes += usize::from(of != Of::Reports);
            }
        }
        if from > 0 && taken >= PORTION && seq < last {
            done.commits.push(writing.commit(&stamp(seq))?);
            taken = 0;
        }
    }
    done.commits.push(writing.commit(&stamp(last))?);
    writing.end()?;
    done.rebuilt |= from == 0;
    Ok(())
}

/// Makes the edit of a change; None if the change is of another index.
fn edit(shelf: &Shelf, kept: &Kept, of: Of, changed: Changed, tags: &Tags, replaces: bool) -> Result<Option<Edit>, StoreError> {
    let unwritable = |error: serde_json::Error| StoreError::Failed {
        path: kept.path().to_owned(),
        doing: "writing a row of the search index",
        cause: error.to_string(),
    };
    let (id, documents) = match (of, changed) {
        (Of::Incidents, Changed::Incident(IncidentId(id))) => {
            let incident = kept.incident(&IncidentId(id.clone()))?;
            (id, incident.iter().map(|incident| document::of_incident(&shelf.fields, incident, tags)).collect())
        }
        (Of::Articles, Changed::Article(article)) => {
            let shown = kept.article(article)?;
            let document = shown.map(|shown| Ok(document::of_article(&shelf.fields, &shown, &kept.reports(article)?, tags)));
            (article.0.to_string(), document.transpose()?.into_iter().collect())
        }
        (Of::Reports, Changed::Article(article)) => {
            let filed = kept.filed(article)?;
            (article.0.to_string(), filed.iter().map(|filed| document::of_report(&shelf.fields, filed, tags)).collect())
        }
        _ => return Ok(None),
    };
    let documents: serde_json::Result<Vec<TantivyDocument>> = documents;
    Ok(Some(Edit { id, replaces, documents: documents.map_err(unwritable)? }))
}

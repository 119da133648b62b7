//! What is searched: incidents and articles in two tantivy indexes. The only folder that names tantivy.
//!
//! All of it is derived from [`Kept`] and may be deleted at any time. Each commit carries the number of the last change that is in,
//! and the word of the store it was made from: whoever opens the indexes for writing brings them up to date from there, or makes
//! them anew where they are missing, damaged, of another version or of another store.

mod count;
mod document;
mod find;
mod schema;
mod shelf;
mod words;

use std::path::{Path, PathBuf};

pub use count::{DayCount, Facet};
pub use document::ArticleRow;
pub use find::{Found, Place};

use crate::model::incident::IncidentId;
use crate::store::StoreError;
use crate::store::kept::{Access, Changed, Kept};
use document::Tags;
use shelf::{Edit, Shelf, Stamp, Unusable};

/// The name of the directory of the indexes within the index directory.
pub const DIRECTORY: &str = "search";

/// Changes that are loaded at once.
const BATCH: usize = 500;
/// From this many changes on a commit uses all cores and more memory.
const MANY: i64 = 5000;

/// The two indexes.
pub struct Index {
    incidents: Shelf,
    articles: Shelf,
}

/// What bringing the indexes up to date did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// Changes that were written.
    pub changes: usize,
    /// Whether anything was made anew from the first change on.
    pub rebuilt: bool,
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
        let [incidents, articles] = paths(dir).map(open);
        Ok(Index { incidents: incidents?, articles: articles? })
    }

    /// Opens the indexes to read; None if they are missing or cannot be trusted.
    pub fn open_to_read(dir: &Path, kept: &Kept) -> Result<Option<Index>, StoreError> {
        let open = |path: PathBuf| match Shelf::open(&path) {
            Ok(shelf) => Ok(Some(shelf).filter(|shelf| shelf.committed().is_some_and(|stamp| stamp.store == kept.store()))),
            Err(Unusable::Broken) => Ok(None),
            Err(Unusable::Error(error)) => Err(error),
        };
        let [incidents, articles] = paths(dir).map(open);
        Ok(incidents?.zip(articles?).map(|(incidents, articles)| Index { incidents, articles }))
    }

    /// Makes empty indexes in memory.
    pub fn in_memory() -> Result<Index, StoreError> {
        Ok(Index { incidents: Shelf::in_memory()?, articles: Shelf::in_memory()? })
    }

    /// Returns the number of the last change that both indexes have; 0 if they have none.
    pub fn seq(&self) -> i64 {
        let seq = |shelf: &Shelf| shelf.committed().map_or(0, |stamp| stamp.seq);
        seq(&self.incidents).min(seq(&self.articles))
    }

    /// Tells whether the bytes on disk are those that were written. Reads all of them; the nightly job does it.
    pub fn is_sound(&self) -> bool {
        self.incidents.is_sound() && self.articles.is_sound()
    }

    /// Empties the indexes, whatever they hold; [`Index::catch_up`] fills them.
    pub fn make_anew(&mut self) -> Result<(), StoreError> {
        for shelf in [&mut self.incidents, &mut self.articles] {
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
        follow(&self.articles, kept, Of::Articles, &mut done)?;
        follow(&self.incidents, kept, Of::Incidents, &mut done)?;
        Ok(done)
    }

    /// Loads the last commit if there is a newer one than the one that is searched; tells whether there was.
    ///
    /// What a newer program has written in its own way is not loaded.
    pub fn refresh(&self, loaded: i64) -> Result<Option<i64>, StoreError> {
        let newest = |shelf: &Shelf| shelf.committed().filter(|stamp| stamp.version == schema::VERSION).map(|stamp| stamp.seq);
        let (Some(incidents), Some(articles)) = (newest(&self.incidents), newest(&self.articles)) else { return Ok(None) };
        let seq = incidents.min(articles);
        if seq == loaded {
            return Ok(None);
        }
        self.incidents.reload()?;
        self.articles.reload()?;
        Ok(Some(seq))
    }
}

fn paths(dir: &Path) -> [PathBuf; 2] {
    ["incidents", "articles"].map(|name| dir.join(DIRECTORY).join(name))
}

/// Tells whether an index was made from this store, and is not ahead of it: then the store was put back to an older state.
fn fits(shelf: &Shelf, kept: &Kept) -> Result<bool, StoreError> {
    let last = kept.last_seq()?;
    Ok(shelf.committed().is_some_and(|stamp| stamp.store == kept.store() && stamp.seq <= last))
}

#[derive(Clone, Copy, PartialEq)]
enum Of {
    Incidents,
    Articles,
}

fn follow(shelf: &Shelf, kept: &Kept, of: Of, done: &mut CaughtUp) -> Result<(), StoreError> {
    let before = shelf.committed().map(|stamp| stamp.seq);
    let last = kept.last_seq()?;
    if before == Some(last) {
        return Ok(());
    }
    let from = before.unwrap_or(0);
    let tags = kept.tags()?;
    let stamp = Stamp { version: schema::VERSION, store: kept.store().to_owned(), seq: last };
    shelf.write(&stamp, last - from > MANY, |write| {
        let mut seq = from;
        loop {
            let changes = kept.changes_after(seq, BATCH)?;
            let Some(end) = changes.last() else { return Ok(()) };
            seq = end.seq;
            // What changes while we write, as it may for an index in memory, has a later number, and its turn next time.
            for change in changes.into_iter().filter(|change| change.seq <= last) {
                if let Some(edit) = edit(shelf, kept, of, change.of, &tags, from > 0)? {
                    write(edit)?;
                    done.changes += 1;
                }
            }
        }
    })?;
    done.rebuilt |= from == 0;
    Ok(())
}

/// Makes the edit of a change; None if the change is of the other index.
fn edit(shelf: &Shelf, kept: &Kept, of: Of, changed: Changed, tags: &Tags, replaces: bool) -> Result<Option<Edit>, StoreError> {
    let unwritable = |error: serde_json::Error| StoreError::Failed {
        path: kept.path().to_owned(),
        doing: "writing a row of the search index",
        cause: error.to_string(),
    };
    let (id, document) = match changed {
        Changed::Incident(IncidentId(id)) if of == Of::Incidents => {
            let incident = kept.incident(&IncidentId(id.clone()))?;
            (id, incident.map(|incident| document::of_incident(&shelf.fields, &incident, tags)))
        }
        Changed::Article(article) if of == Of::Articles => {
            let shown = kept.article(article)?;
            let document = shown.map(|shown| Ok(document::of_article(&shelf.fields, &shown, &kept.reports(article)?, tags)));
            (article.0.to_string(), document.transpose()?)
        }
        _ => return Ok(None),
    };
    Ok(Some(Edit { id, replaces, document: document.transpose().map_err(unwritable)? }))
}

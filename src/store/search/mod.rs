//! What is searched: incidents, articles and reports in three tantivy indexes. The only folder that names tantivy.
//!
//! All of it is derived from [`Kept`] and may be deleted at any time. Each commit carries the number of the last change that is in,
//! and the word of the store it was made from: whoever opens the indexes for writing brings them up to date from there, or makes
//! them anew where they are missing, damaged, of another version or of another store.

mod beginning;
mod blocks;
mod bounds;
mod by_day;
mod by_value;
mod count;
mod document;
mod find;
mod first_day;
mod forms;
mod laid;
mod marks;
mod matching;
mod memory;
mod opened;
mod ranked;
mod row;
mod schema;
mod scored;
mod shelf;
mod snippet;
mod translate;
mod unknown;
mod values;
mod words;

use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::TantivyDocument;

pub use count::{By, Counted, DayCount, Facet};
pub use document::ArticleHit;
pub use find::{Blame, Found, Of, Place};
pub use snippet::{Snippet, Snippets};
pub use unknown::Unknown;

use crate::model::report::Report;
use crate::store::StoreError;
use crate::store::kept::{Access, Change, Changed, Current, Kept};
use document::Tags;
use schema::Fields;
use shelf::{Edit, Shelf, Stamp, Unusable};

/// The name of the directory of the indexes within the index directory.
pub const DIRECTORY: &str = "search";

/// Changes that are loaded at once.
const BATCH: usize = 500;
/// Changes of one commit, so that none takes long. An index that is made anew has one commit, since half of it is none, and so has one that
/// nobody searches yet.
const PORTION: usize = 1000;

/// The three indexes.
pub struct Index {
    incidents: Shelf,
    articles: Shelf,
    reports: Shelf,
    /// Changes of one commit.
    portion: usize,
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

impl AddAssign for CaughtUp {
    fn add_assign(&mut self, other: CaughtUp) {
        self.changes += other.changes;
        self.rebuilt |= other.rebuilt;
        self.commits.extend(other.commits);
    }
}

impl Index {
    /// Opens the indexes in an index directory for writing, beside the store whose lock is held. What cannot be trusted is made anew,
    /// and empty; [`Index::catch_up`] fills it.
    pub fn open(dir: &Path, kept: &Kept) -> Result<Index, StoreError> {
        debug_assert_eq!(kept.access(), Access::Write, "only who holds the store's lock may write what is searched");
        let open = |(of, path): (Of, PathBuf)| match Shelf::open(of, &path) {
            Ok(shelf) if fits(&shelf, kept)? => Ok(shelf),
            Ok(_) | Err(Unusable::Broken) => Shelf::create(of, &path),
            Err(Unusable::Error(error)) => Err(error),
        };
        paths(dir).iter().for_each(|(_, path)| shelf::drop_beside(path));
        let [incidents, articles, reports] = paths(dir).map(open);
        Ok(Index { incidents: incidents?, articles: articles?, reports: reports?, portion: PORTION })
    }

    /// Opens the indexes to read; None if they are missing or cannot be trusted.
    pub fn open_to_read(dir: &Path, kept: &Kept) -> Result<Option<Index>, StoreError> {
        let open = |(of, path): (Of, PathBuf)| match Shelf::open(of, &path) {
            Ok(shelf) => Ok(Some(shelf).filter(|shelf| shelf.committed().is_some_and(|stamp| stamp.store == kept.store()))),
            Err(Unusable::Broken) => Ok(None),
            Err(Unusable::Error(error)) => Err(error),
        };
        let [incidents, articles, reports] = paths(dir).map(open);
        let all = incidents?.zip(articles?).zip(reports?);
        Ok(all.map(|((incidents, articles), reports)| Index { incidents, articles, reports, portion: PORTION }))
    }

    /// Makes empty indexes in memory.
    pub fn in_memory() -> Result<Index, StoreError> {
        let [incidents, articles, reports] = ALL.map(Shelf::in_memory);
        Ok(Index { incidents: incidents?, articles: articles?, reports: reports?, portion: PORTION })
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

    /// Makes indexes beside these, to take their place when they are up to date ([`Beside::replace`]): copies, or empty ones where the bytes
    /// on disk are not those that were written. Who searches finds what there was.
    pub fn beside(&self) -> Result<Beside, StoreError> {
        let of = |shelf: &Shelf| {
            let beside = shelf.beside()?;
            if beside.is_sound() { Ok(beside) } else { beside.anew() }
        };
        let [incidents, articles, reports] = [&self.incidents, &self.articles, &self.reports].map(of);
        Ok(Beside(Index { incidents: incidents?, articles: articles?, reports: reports?, portion: usize::MAX }))
    }

    /// Writes what changed in the store since the last commit, and commits it.
    pub fn catch_up(&mut self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        self.follow(kept)
    }

    /// As [`Index::catch_up`], for an index in memory, which has but one owner.
    pub(super) fn follow(&self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        let mut done = CaughtUp::default();
        self.follow_articles(kept, &mut done)?;
        self.write(kept, &[Of::Incidents], &mut done)?;
        Ok(done)
    }

    /// Where both are as far, each article is loaded once for its own index and that of its reports.
    fn follow_articles(&self, kept: &Kept, done: &mut CaughtUp) -> Result<(), StoreError> {
        let seq = |of| self.shelf(of).committed().map(|stamp| stamp.seq);
        if seq(Of::Articles) == seq(Of::Reports) {
            return self.write(kept, &[Of::Articles, Of::Reports], done);
        }
        [Of::Articles, Of::Reports].into_iter().try_for_each(|of| self.write(kept, &[of], done))
    }

    /// Writes what changed into indexes that are equally far.
    fn write(&self, kept: &Kept, ofs: &[Of], done: &mut CaughtUp) -> Result<(), StoreError> {
        let before = self.shelf(ofs[0]).committed().map(|stamp| stamp.seq);
        let last = kept.last_seq()?;
        if before == Some(last) {
            return Ok(());
        }
        let from = before.unwrap_or(0);
        let stamp = |seq| Stamp { version: schema::version(), store: kept.store().to_owned(), seq };
        let tags = kept.tags()?;
        let edits = Edits { kept, tags: &tags, replaces: from > 0 };
        let mut writing =
            ofs.iter().map(|of| Ok((*of, self.shelf(*of).writing(last - from)?))).collect::<Result<Vec<_>, StoreError>>()?;
        let (mut seq, mut taken) = (from, 0);
        loop {
            let changes = kept.changes_after(seq, BATCH)?;
            // What changes while we write, as it may for an index in memory, has a later number, and its turn next time.
            let changes: Vec<Change> = changes.into_iter().take_while(|change| change.seq <= last).collect();
            let Some(end) = changes.last() else { break };
            seq = end.seq;
            let of_these = |changed: &&Changed| matches!(changed, Changed::Incident(_)) == (ofs[0] == Of::Incidents);
            kept.visit(changes.iter().map(|change| &change.of).filter(of_these), &mut |current| {
                taken += 1;
                done.changes += usize::from(ofs != [Of::Reports]); // an article and its reports are one change
                writing.iter().try_for_each(|(of, writing)| writing.apply(edits.of(*of, &self.shelf(*of).fields, &current)?))
            })?;
            if from > 0 && taken >= self.portion && seq < last {
                for (_, writing) in &mut writing {
                    done.commits.push(writing.commit(&stamp(seq))?);
                }
                taken = 0;
            }
        }
        for (_, mut writing) in writing {
            done.commits.push(writing.commit(&stamp(last))?);
            writing.end()?;
        }
        done.rebuilt |= from == 0;
        Ok(())
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

/// Indexes that are brought up to date beside those that are searched.
pub struct Beside(Index);

impl Beside {
    /// Writes what changed of articles and their reports; what incidents there are makes no difference to these.
    pub fn catch_up_articles(&mut self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        if mostly_changed(&self.0.articles, false, kept)? {
            (self.0.articles, self.0.reports) = (self.0.articles.anew()?, self.0.reports.anew()?);
        }
        let mut done = CaughtUp::default();
        self.0.follow_articles(kept, &mut done)?;
        Ok(done)
    }

    /// Writes what else changed.
    pub fn catch_up(&mut self, kept: &Kept) -> Result<CaughtUp, StoreError> {
        if mostly_changed(&self.0.incidents, true, kept)? {
            self.0.incidents = self.0.incidents.anew()?;
        }
        self.0.catch_up(kept)
    }

    /// Puts these indexes in the place of those beside which they were made.
    pub fn replace(self, old: &mut Index) -> Result<(), StoreError> {
        let Index { incidents, articles, reports, .. } = self.0;
        let pairs = [(incidents, &mut old.incidents), (articles, &mut old.articles), (reports, &mut old.reports)];
        pairs.into_iter().try_for_each(|(new, old)| new.replace(old))
    }
}

/// Tells whether most of an index says something else now: taking it out one by one takes longer than writing all of it.
fn mostly_changed(shelf: &Shelf, of_incidents: bool, kept: &Kept) -> Result<bool, StoreError> {
    let seq = shelf.committed().map_or(0, |stamp| stamp.seq);
    Ok(kept.changed_after(seq, of_incidents)? > shelf.len() / 2)
}

/// What is searched, in the order of the indexes.
const ALL: [Of; 3] = [Of::Incidents, Of::Articles, Of::Reports];

fn paths(dir: &Path) -> [(Of, PathBuf); 3] {
    let name = |of| match of {
        Of::Incidents => "incidents",
        Of::Articles => "articles",
        Of::Reports => "reports",
    };
    ALL.map(|of| (of, dir.join(DIRECTORY).join(name(of))))
}

/// Tells whether an index was made from this store, and is not ahead of it: then the store was put back to an older state.
fn fits(shelf: &Shelf, kept: &Kept) -> Result<bool, StoreError> {
    let last = kept.last_seq()?;
    Ok(shelf.committed().is_some_and(|stamp| stamp.store == kept.store() && stamp.seq <= last))
}

/// What makes an edit of a change.
struct Edits<'k> {
    kept: &'k Kept,
    tags: &'k Tags,
    replaces: bool,
}

impl Edits<'_> {
    fn of(&self, of: Of, fields: &Fields, current: &Current) -> Result<Edit, StoreError> {
        let tags = self.tags;
        let (id, documents): (String, postcard::Result<Vec<TantivyDocument>>) = match current {
            Current::Incident(id, incident) => {
                (id.0.clone(), incident.iter().map(|incident| document::of_incident(fields, incident, tags)).collect())
            }
            Current::Article(id, _, filed) if of == Of::Reports => {
                (id.0.to_string(), filed.iter().map(|filed| document::of_report(fields, filed, tags)).collect())
            }
            Current::Article(id, shown, filed) => {
                let reports: Vec<&Report> = filed.iter().map(|filed| &filed.report).collect();
                (id.0.to_string(), shown.iter().map(|shown| document::of_article(fields, shown, &reports, tags)).collect())
            }
        };
        let documents = documents.map_err(|error| StoreError::Failed {
            path: self.kept.path().to_owned(),
            doing: "writing a row of the search index",
            cause: error.to_string(),
        })?;
        Ok(Edit { id, replaces: self.replaces, documents })
    }
}

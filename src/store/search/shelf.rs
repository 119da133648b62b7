//! One search index on disk or in memory: opened if it can be trusted, made anew if not, followed by numbered commits.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::collector::Collector;
use tantivy::directory::MmapDirectory;
use tantivy::query::EnableScoring;
use tantivy::schema::Schema;
use tantivy::{
    Executor, Index, IndexBuilder, IndexReader, IndexSettings, IndexSortByField, IndexWriter, Order, ReloadPolicy, Searcher,
    TantivyDocument, TantivyError, Term,
};

use super::find::Of;
use super::memory::Memory;
use super::schema::{self, Fields};
use super::translate::Wanted;
use super::words;
use crate::store::StoreError;

/// What each commit carries: which store it was made from, and up to which change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// [`schema::version`].
    pub version: String,
    /// The store's own word.
    pub store: String,
    /// The number of the last change that is in.
    pub seq: i64,
}

/// From more changes than this on all cores write; with fewer, starting them takes longer than they save.
const A_FEW: i64 = 500;
/// From more changes than this on they take more memory, so that there are fewer segments to merge.
const MANY: i64 = 20_000;
/// Memory of a writer that adds a night's articles, and of one that makes everything anew, in bytes for each thread.
const SMALL: usize = 20 << 20;
const LARGE: usize = 100 << 20;

/// One index.
pub(super) struct Shelf {
    of: Of,
    index: Index,
    reader: IndexReader,
    pub fields: Fields,
    pub memory: Arc<Memory>,
    /// Where it is; None in memory.
    path: Option<PathBuf>,
}

/// How the directory of an index ends that is to take the place of another.
const BESIDE: &str = "anew";

/// Removes what was being made beside an index when that was cut off. If it cannot be removed, it only takes space.
pub(super) fn drop_beside(path: &Path) {
    let _ = std::fs::remove_dir_all(path.with_extension(BESIDE));
}

/// Copies the files of an index. Segments never change once they are written: where the disk can, both have the same file.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
        let ending = path.extension().unwrap_or_default();
        if ending == "lock" {
            continue;
        }
        if ending == "json" || std::fs::hard_link(&path, to.join(&name)).is_err() {
            std::fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}

/// Why an index cannot be opened.
pub(super) enum Unusable {
    /// It is not there, damaged, or of another version: it can be made anew.
    Broken,
    /// The disk does not let us: making it anew would not help.
    Error(StoreError),
}

impl Shelf {
    /// Opens the index in a directory; changes nothing there.
    pub(super) fn open(of: Of, path: &Path) -> Result<Shelf, Unusable> {
        if !path.join("meta.json").exists() {
            return Err(Unusable::Broken);
        }
        let (schema, fields) = schema::make(of);
        let open = || {
            let directory = MmapDirectory::open(path)?;
            let index = Index::open(directory)?;
            if index.schema() != schema {
                return Err(TantivyError::SchemaError("of another version".to_owned()));
            }
            Shelf::over(of, index, fields, Some(path.to_owned()))
        };
        let shelf = guarded(open).map_err(|error| unusable(error, path, "opening the search index"))?;
        match shelf.committed() {
            Some(stamp) if stamp.version == schema::version() => Ok(shelf),
            _ => Err(Unusable::Broken),
        }
    }

    /// Makes an empty index in a directory in place of whatever is there.
    pub(super) fn create(of: Of, path: &Path) -> Result<Shelf, StoreError> {
        const DOING: &str = "making the search index anew";
        let io = |error: std::io::Error| StoreError::of_io(path, DOING, &error);
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        std::fs::create_dir_all(path).map_err(io)?;
        let (schema, fields) = schema::make(of);
        let create = || Shelf::over(of, builder(schema.clone()).create_in_dir(path)?, fields, Some(path.to_owned()));
        create().map_err(|error| named(error, path, DOING))
    }

    /// Makes an empty index in memory.
    pub(super) fn in_memory(of: Of) -> Result<Shelf, StoreError> {
        let (schema, fields) = schema::make(of);
        builder(schema)
            .create_in_ram()
            .and_then(|index| Shelf::over(of, index, fields, None))
            .map_err(|error| named(error, Path::new("memory"), "making the search index"))
    }

    fn over(of: Of, index: Index, fields: Fields, path: Option<PathBuf>) -> tantivy::Result<Shelf> {
        index.tokenizers().register(words::EXACT, words::exact());
        index.tokenizers().register(words::STEMMED, words::other_stems());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Shelf { of, index, reader, fields, memory: Arc::default(), path })
    }

    /// Makes an empty index in place of this one.
    pub(super) fn anew(&self) -> Result<Shelf, StoreError> {
        self.path.as_deref().map_or_else(|| Shelf::in_memory(self.of), |path| Shelf::create(self.of, path))
    }

    /// Makes a copy of this index beside it, to take its place when it says something else; what an earlier one has left there goes.
    pub(super) fn beside(&self) -> Result<Shelf, StoreError> {
        let Some(from) = self.path.as_deref() else { return Shelf::in_memory(self.of) };
        const DOING: &str = "copying the search index";
        let to = from.with_extension(BESIDE);
        drop_beside(from);
        copy(from, &to).map_err(|error| StoreError::of_io(&to, DOING, &error))?;
        Shelf::open(self.of, &to).or_else(|unusable| match unusable {
            Unusable::Broken => Shelf::create(self.of, &to),
            Unusable::Error(error) => Err(error),
        })
    }

    /// Returns how many documents it has.
    pub(super) fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Puts this index in the place of the one beside which it was made.
    pub(super) fn replace(self, old: &mut Shelf) -> Result<(), StoreError> {
        let Some((from, to)) = self.path.clone().zip(old.path.clone()) else {
            *old = self;
            return Ok(());
        };
        const DOING: &str = "putting the new search index in place";
        let io = |error: std::io::Error| StoreError::of_io(&to, DOING, &error);
        let of = self.of;
        drop(self);
        std::fs::remove_dir_all(&to).map_err(io)?;
        std::fs::rename(&from, &to).map_err(io)?;
        *old = Shelf::open(of, &to).map_err(|unusable| match unusable {
            Unusable::Error(error) => error,
            Unusable::Broken => {
                StoreError::SearchDamaged { path: to.clone(), cause: "what was just written cannot be read".to_owned() }
            }
        })?;
        Ok(())
    }

    /// Returns the stamp of the last commit; None if there never was one that can be read.
    pub(super) fn committed(&self) -> Option<Stamp> {
        let payload = self.index.load_metas().ok()?.payload?;
        serde_json::from_str(&payload).ok()
    }

    /// Returns a view of the commit that was last loaded.
    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Runs a query; a slow one on several threads where there is much to search.
    pub(super) fn search<C: Collector>(&self, searcher: &Searcher, wanted: &Wanted, collector: &C) -> tantivy::Result<C::Fruit> {
        match wanted.is_slow {
            true => self.search_by_all(searcher, &*wanted.query, collector),
            false => searcher.search(&*wanted.query, collector),
        }
    }

    /// Runs a query on several threads where there is much to search.
    pub(super) fn search_by_all<C: Collector>(
        &self,
        searcher: &Searcher,
        query: &dyn tantivy::query::Query,
        collector: &C,
    ) -> tantivy::Result<C::Fruit> {
        if searcher.num_docs() < MUCH {
            return searcher.search(query, collector);
        }
        let scoring = match collector.requires_scoring() {
            true => EnableScoring::enabled_from_searcher(searcher),
            false => EnableScoring::disabled_from_searcher(searcher),
        };
        searcher.search_with_executor(query, collector, threads(), scoring)
    }

    /// Loads the last commit.
    pub(super) fn reload(&self) -> Result<(), StoreError> {
        guarded(|| self.reader.reload()).map_err(|error| self.error(error, "loading the search index"))?;
        self.memory.forget_all_but(self.searcher().segment_readers());
        Ok(())
    }

    /// Tells whether the bytes on disk are those that were written. Reads all of them.
    pub(super) fn is_sound(&self) -> bool {
        guarded(|| self.index.validate_checksum()).is_ok_and(|damaged| damaged.is_empty())
    }

    /// Begins to write so many changes.
    pub(super) fn writing(&self, changes: i64) -> Result<Writing<'_>, StoreError> {
        let threads =
            if changes > A_FEW { std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4)) } else { 1 };
        let memory = threads * if changes > MANY { LARGE } else { SMALL };
        let writer = self.index.writer_with_num_threads(threads, memory).map_err(|error| self.error(error, WRITING))?;
        Ok(Writing { shelf: self, writer })
    }

    /// Makes the error of a failed step on this index.
    pub(super) fn error(&self, error: TantivyError, doing: &'static str) -> StoreError {
        named(error, self.path.as_deref().unwrap_or(Path::new("search index in memory")), doing)
    }
}

/// From so many documents on it pays to wake other threads.
const MUCH: u64 = 50_000;

/// The threads that search together, for all indexes of the process; the segments of an index are shared among them.
fn threads() -> &'static Executor {
    static THREADS: OnceLock<Executor> = OnceLock::new();
    THREADS.get_or_init(|| {
        let count = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_THREADS));
        Executor::multi_thread(count, "search-").unwrap_or_else(|_| Executor::single_thread())
    })
}

/// An index has about a dozen segments of which six are large.
const MOST_THREADS: usize = 6;

const WRITING: &str = "writing the search index";

/// An index that is being written.
pub(super) struct Writing<'s> {
    shelf: &'s Shelf,
    writer: IndexWriter,
}

impl Writing<'_> {
    /// Takes in one change.
    pub(super) fn apply(&self, edit: Edit) -> Result<(), StoreError> {
        if edit.replaces {
            self.writer.delete_term(Term::from_field_text(self.shelf.fields.id, &edit.id));
        }
        let added = edit.documents.into_iter().try_for_each(|document| self.writer.add_document(document).map(drop));
        added.map_err(|error| self.shelf.error(error, WRITING))
    }

    /// Commits what was taken in, and returns how long that took.
    pub(super) fn commit(&mut self, stamp: &Stamp) -> Result<Duration, StoreError> {
        let began = Instant::now();
        let payload = serde_json::to_string(stamp).unwrap_or_default();
        let mut commit = || {
            let mut commit = self.writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()
        };
        commit().map_err(|error| self.shelf.error(error, WRITING))?;
        Ok(began.elapsed())
    }

    /// Waits until segments are merged, and loads the last commit.
    pub(super) fn end(self) -> Result<(), StoreError> {
        self.writer.wait_merging_threads().map_err(|error| self.shelf.error(error, WRITING))?;
        self.shelf.reload()
    }
}

/// The rows of a page lie all over an index, and each is unpacked with the block that it is in: small blocks make that quick.
const BLOCK: usize = 1024;

fn builder(schema: Schema) -> IndexBuilder {
    // The newest first: a search for the newest need not look at the rest, and a range of days is a run of documents.
    let sort_by_field = Some(IndexSortByField { field: schema::DAY.to_owned(), order: Order::Desc });
    Index::builder().schema(schema).settings(IndexSettings {
        docstore_blocksize: BLOCK,
        sort_by_field,
        ..IndexSettings::default()
    })
}

/// One change of an index.
pub(super) struct Edit {
    /// The id of what changed.
    pub id: String,
    /// Whether there may be documents of that id already.
    pub replaces: bool,
    /// What it is now; none if it is no more. An article may have several reports.
    pub documents: Vec<TantivyDocument>,
}

/// Runs a step in which tantivy may panic over damaged files, and makes an error of that.
pub(super) fn guarded<T>(step: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(step))
        .unwrap_or_else(|_| Err(TantivyError::InternalError("its files contradict each other".to_owned())))
}

fn unusable(error: TantivyError, path: &Path, doing: &'static str) -> Unusable {
    match named(error, path, doing) {
        StoreError::SearchDamaged { .. } => Unusable::Broken,
        error => Unusable::Error(error),
    }
}

/// Says what a failure of tantivy means: only what is neither the disk's nor a lock's fault is damage.
fn named(error: TantivyError, path: &Path, doing: &'static str) -> StoreError {
    use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
    let path = path.to_owned();
    let io = match &error {
        TantivyError::IoError(io)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: io, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. })
        | TantivyError::LockFailure(LockError::IoError(io), _) => Some(io),
        TantivyError::LockFailure(LockError::LockBusy, _) => return StoreError::LockHeld { path, pid: None },
        _ => None,
    };
    match io {
        Some(io) if io.kind() != std::io::ErrorKind::UnexpectedEof && io.kind() != std::io::ErrorKind::InvalidData => {
            StoreError::of_io(path, doing, io)
        }
        _ => StoreError::SearchDamaged { path, cause: error.to_string() },
    }
}

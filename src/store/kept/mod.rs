//! `kept.db`: all that was fetched, and the rows derived from it. The only folder that names the database.
//!
//! Which tables hold facts and which hold derived rows stands in the `.sql` files. Facts are written by the crawl (`crawl`) and by
//! analysts (`edits`), derived rows by `derive` (`derived` and `merging`, what has to be merged together is found by `reach`); `reading` gives them back. Every public method is one transaction: it is done whole or not at all, and when it has
//! returned, it outlives a power cut (WAL, synchronous FULL). Writers hold `kept.lock`; readers take no lock and see one commit.

mod alike;
mod by_hand;
mod care;
mod check;
mod crawl;
mod derived;
mod edits;
mod handed;
mod ids;
mod lock;
mod marks;
mod merging;
mod migrate;
mod outbox;
mod pack;
mod pages;
mod prepared;
mod reach;
mod reading;
mod runs;
mod trouble;
mod unread;
mod versions;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use by_hand::Gave;
pub use care::{Restored, Size, restore};
pub use check::LARGE;
pub use crawl::{Answers, PageFailure, SourceState, Waiting};
pub use derived::{Keyed, Outcome, Saved};
pub use handed::{Document, Handed};
pub use merging::{Merged, Scope};
pub use outbox::{Delivery, Told, Waits};
pub use pages::{Capture, Packed, Pruned};
pub use prepared::ReadArticle;
pub use reach::Tie;
pub use reading::{Change, Changed, Counts, Current, Headline, Shown};
pub use runs::{News, Run, RunId};
pub use unread::{KeptPage, PackedPage};
pub use versions::{Recheck, Version};

use crate::store::StoreError;
use lock::WriterLock;
use trouble::Tried;

/// The name of the database within the index directory.
pub const DATABASE: &str = "kept.db";
/// The name of the lock file within the index directory.
pub const LOCK: &str = "kept.lock";

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To look only. Takes no lock, waits for nobody, creates nothing.
    Read,
    /// To change. Creates the store where there is none, brings an older one up to date, and holds the lock until dropped.
    Write,
}

/// The open database.
#[derive(Debug)]
pub struct Kept {
    connection: Connection,
    path: PathBuf,
    access: Access,
    store: String,
    /// Whether a run is under way, so that what changes is news.
    in_run: bool,
    /// Whether all of it has been read for damage since it was opened.
    checked: bool,
    _lock: Option<WriterLock>,
}

impl Kept {
    /// Opens the store in an index directory.
    ///
    /// [`Access::Write`] fails with [`StoreError::LockHeld`] while another process writes; [`Access::Read`] fails with
    /// [`StoreError::Missing`] where there is nothing yet and with [`StoreError::Older`] where a writer has to bring it up to date.
    pub fn open(dir: &Path, access: Access) -> Result<Kept, StoreError> {
        let path = dir.join(DATABASE);
        let lock = match access {
            Access::Read => None,
            Access::Write => {
                std::fs::create_dir_all(dir)
                    .map_err(|error| StoreError::of_io(dir, "making the directory of the index", &error))?;
                Some(WriterLock::take(&dir.join(LOCK))?)
            }
        };
        let mut connection = match access {
            Access::Read => connect_to_read(&path)?,
            Access::Write => connect_to_write(&path)?,
        };
        match access {
            Access::Read => migrate::check(&connection, &path)?,
            Access::Write => {
                migrate::refuse(&connection, &path, migrate::STEPS)?;
                make_durable(&connection).map_err(|error| trouble::name(error, &path, "opening it"))?;
                migrate::run(&mut connection, &path, migrate::STEPS)?;
            }
        }
        let store = connection
            .query_row("SELECT value FROM meta WHERE key = 'store'", [], |row| row.get(0))
            .map_err(|error| trouble::name(error, &path, "opening it"))?;
        Ok(Kept { connection, path, access, store, in_run: false, checked: false, _lock: lock })
    }

    /// Opens the store in an index directory to read, after bringing an older one up to date.
    pub fn open_to_read(dir: &Path) -> Result<Kept, StoreError> {
        match Kept::open(dir, Access::Read) {
            Err(StoreError::Older { .. }) => {
                drop(Kept::open(dir, Access::Write)?);
                Kept::open(dir, Access::Read)
            }
            kept => kept,
        }
    }

    /// Tells what it was opened for.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Returns the path of the database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a word that tells this store from every other one; it is made once, with the store.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// Writes a copy of the database into another directory, as it is now.
    pub fn copy_to(&self, dir: &Path) -> Result<(), StoreError> {
        const DOING: &str = "copying the database";
        std::fs::create_dir_all(dir).map_err(|error| StoreError::of_io(dir, DOING, &error))?;
        let copy = dir.join(DATABASE);
        let written = self.connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]);
        written.map(drop).map_err(|error| trouble::name(error, &copy, DOING))
    }

    /// Returns the version of SQLite that is compiled in, such as `3.51.3`.
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }

    /// Runs a reading step on one snapshot.
    fn read<T>(&self, doing: &'static str, step: impl FnOnce(&Connection) -> Tried<T>) -> Result<T, StoreError> {
        let whole = || {
            let snapshot = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
            step(&snapshot)
        };
        whole().map_err(|trouble| trouble.named(&self.path, doing))
    }

    /// Runs a writing step as one transaction; an error undoes all of it.
    fn write<T>(&mut self, doing: &'static str, step: impl FnOnce(&Transaction<'_>) -> Tried<T>) -> Result<T, StoreError> {
        let Kept { connection, path, .. } = self;
        let whole = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = step(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        whole().map_err(|trouble: trouble::Trouble| trouble.named(path, doing))
    }
}

/// How long a statement waits for another connection. Only a database shell or a backup can make us wait: writers hold the lock.
const PATIENCE: Duration = Duration::from_secs(10);

fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError::Missing { path: path.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        prepare(&connection)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
        Ok(connection)
    };
    open().or_else(|error| match connect_unchanging(path, flags) {
        Some(connection) if trouble::may_not_write(&error) => Ok(connection),
        _ => Err(trouble::name(error, path, "opening it")),
    })
}

/// Opens a database in a directory where nothing may be written, and so nothing changes: SQLite cannot lay its shared memory there.
fn connect_unchanging(path: &Path, flags: OpenFlags) -> Option<Connection> {
    let mut address = url::Url::from_file_path(std::path::absolute(path).ok()?).ok()?;
    address.set_query(Some("immutable=1"));
    let connection = Connection::open_with_flags(address.as_str(), flags | OpenFlags::SQLITE_OPEN_URI).ok()?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).ok()?;
    Some(connection)
}

fn connect_to_write(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        prepare(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| trouble::name(error, path, "opening it"))
}

/// Sees to it that a commit that has returned outlives a power cut, and that readers and the writer never wait for each other.
fn make_durable(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE)
}

/// KiB of pages that a writer holds. What one transaction changes should fit in: the 2 MB that SQLite takes by itself do not hold the
/// paths to two thousand reports of a large store.
const CACHE: i64 = 32 << 10;

/// Statements that are kept ready: more than there are.
const STATEMENTS: usize = 256;

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

//! Care of the database: checks, copies, putting a copy back, and giving space back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::lock::WriterLock;
use super::{DATABASE, Kept, LOCK, connect_to_write, migrate, trouble};
use crate::store::StoreError;
use crate::store::search::DIRECTORY;

/// How the file of the database stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The file, without what is not moved into it yet, in bytes.
    pub file: u64,
    /// What is free within it, in bytes: used again before it grows, given back by [`Kept::vacuum`].
    pub free: u64,
}

/// What putting a copy back did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the database lies that was there before; None where there was none.
    pub before: Option<PathBuf>,
    /// The size of the database that is there now, in bytes.
    pub size: u64,
}

/// The most findings of one check that are told.
const FINDINGS: u32 = 20;

impl Kept {
    /// Reads the whole database, its indexes and references included, and returns what contradicts itself; nothing if all is well.
    ///
    /// Takes several seconds a gigabyte; [`Kept::check`] is quicker and sees less.
    pub fn faults(&self) -> Result<Vec<String>, StoreError> {
        self.read("checking it", |connection| {
            let mut statement = connection.prepare(&format!("PRAGMA integrity_check({FINDINGS})"))?;
            let mut faults: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            faults.retain(|fault| fault != "ok");
            let mut statement =
                connection.prepare("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2")?;
            let orphans = statement.query_map([], |row| {
                let (table, parent, count): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(format!("{count} rows of {table} belong to no row of {parent}"))
            })?;
            for orphan in orphans {
                faults.push(orphan?);
            }
            Ok(faults)
        })
    }

    /// Makes the indexes of the database anew from its tables.
    pub fn reindex(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("REINDEX").map_err(|error| trouble::name(error, &self.path, "making its indexes anew"))
    }

    /// Returns how the file stands.
    pub fn size(&self) -> Result<Size, StoreError> {
        self.read("reading its size", |connection| {
            let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let page = pragma("page_size")? as u64;
            Ok(Size { file: page * pragma("page_count")? as u64, free: page * pragma("freelist_count")? as u64 })
        })
    }

    /// Gives the space that is free within the file back to the disk; returns the size of the file before and after, in bytes.
    ///
    /// Meanwhile it needs as much space again as the database takes.
    pub fn vacuum(&mut self) -> Result<(u64, u64), StoreError> {
        const DOING: &str = "giving space back";
        let length =
            |path: &Path| fs::metadata(path).map(|data| data.len()).map_err(|error| StoreError::of_io(path, DOING, &error));
        let settle = "PRAGMA wal_checkpoint(TRUNCATE)";
        let run = |sql: &str| self.connection.execute_batch(sql).map_err(|error| trouble::name(error, &self.path, DOING));
        run(settle)?;
        let before = length(&self.path)?;
        run("VACUUM")?;
        run(settle)?;
        Ok((before, length(&self.path)?))
    }

    /// Writes a copy of the database, as it is now, into a file that is not there yet; returns its size in bytes.
    ///
    /// The copy is one commit, also while another process writes. It is checked before it gets its name, so a file of that name is whole.
    pub fn backup(&self, file: &Path) -> Result<u64, StoreError> {
        const DOING: &str = "writing the backup";
        let failed = |error: &std::io::Error| StoreError::of_io(file, DOING, error);
        let partial = beside(file, "partial");
        remove(&partial).map_err(|error| failed(&error))?;
        let written = self.connection.execute("VACUUM INTO ?1", [partial.to_string_lossy()]);
        let copied = written.map_err(|error| trouble::name(error, &partial, DOING)).and_then(|_| sound(&partial));
        let named = copied.and_then(|()| settle(&partial, file).map_err(|error| failed(&error)));
        if named.is_err() {
            let _ = fs::remove_file(&partial);
        }
        named?;
        fs::metadata(file).map(|data| data.len()).map_err(|error| failed(&error))
    }

    /// Forgets runs that began before a moment; returns how many. The last one is always kept.
    pub fn prune_runs(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.write("dropping old runs", |transaction| {
            let drop = "DELETE FROM runs WHERE began_at < ?1 AND run < (SELECT max(run) FROM runs)";
            Ok(transaction.execute(drop, [before.as_microsecond()])? as u64)
        })
    }
}

/// Puts a copy in place of the database of an index directory, whatever state that is in; it is laid aside, not deleted.
///
/// The copy is checked first, and is only read. What is searched is made anew by whoever opens the store next.
pub fn restore(dir: &Path, from: &Path, now: Timestamp) -> Result<Restored, StoreError> {
    const DOING: &str = "putting the backup back";
    sound(from)?;
    fs::create_dir_all(dir).map_err(|error| StoreError::of_io(dir, DOING, &error))?;
    let _lock = WriterLock::take(&dir.join(LOCK))?;
    let database = dir.join(DATABASE);
    let failed = |error: &std::io::Error| StoreError::of_io(&database, DOING, error);
    let partial = database.with_extension("restoring");
    remove(&partial).map_err(|error| failed(&error))?;
    copy(from, &partial)?;
    let before = lay_aside(&database, now).map_err(|error| failed(&error))?;
    settle(&partial, &database).map_err(|error| failed(&error))?;
    match fs::remove_dir_all(dir.join(DIRECTORY)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&error)),
        _ => {}
    }
    let size = fs::metadata(&database).map_err(|error| failed(&error))?.len();
    Ok(Restored { before, size })
}

/// Fails unless a file is a database of ours, of a layout that this program knows, and whole.
fn sound(file: &Path) -> Result<(), StoreError> {
    let connection = open(file)?;
    migrate::refuse(&connection, file, migrate::STEPS)?;
    let found: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| trouble::name(error, file, "checking it"))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt { path: file.to_owned(), cause: found }) }
}

fn open(file: &Path) -> Result<Connection, StoreError> {
    if !file.is_file() {
        return Err(StoreError::Missing { path: file.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).map_err(|error| trouble::name(error, file, "opening it"))
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let written = open(from)?.execute("VACUUM INTO ?1", [to.to_string_lossy()]);
    written.map(drop).map_err(|error| trouble::name(error, to, "copying the backup"))
}

/// Moves a database and what belongs to it to another name.
fn lay_aside(database: &Path, now: Timestamp) -> std::io::Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    // What was committed is moved into the file first. Where it is damaged, its parts are laid aside as they are.
    if let Ok(connection) = connect_to_write(database) {
        let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    let aside = database.with_extension(format!("before-{}.db", now.strftime("%Y%m%d-%H%M%S")));
    for part in ["-wal", "-shm"] {
        match fs::rename(beside_as(database, part), beside_as(&aside, part)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(database, &aside)?;
    Ok(Some(aside))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    beside_as(file, &format!(".{ending}"))
}

fn beside_as(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives a file its name so that both outlive a power cut.
fn settle(partial: &Path, file: &Path) -> std::io::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

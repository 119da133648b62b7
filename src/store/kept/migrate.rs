//! The layouts of the database, oldest first: each step is one transaction, and `user_version` counts the steps taken.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::trouble;
use crate::store::StoreError;

/// The steps from an empty file to today's layout. A released step is never changed; a new layout is a new step.
pub(super) const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("edits.sql"),
    include_str!("manners.sql"),
    include_str!("night.sql"),
    include_str!("texts.sql"),
    include_str!("robots.sql"),
    include_str!("marks.sql"),
    include_str!("gists.sql"),
    include_str!("arrivals.sql"),
];

/// Our mark in the file's header: "brch".
const APPLICATION: i64 = 0x6272_6368;

/// Fails unless the database is ours and of today's layout.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let found = layout(connection, path)?;
    let known = STEPS.len() as i64;
    match found {
        found if found > known => Err(StoreError::Newer { path: path.to_owned(), found, known }),
        found if found < known => Err(StoreError::Older { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Fails if the database is of others or newer than these steps. Changes nothing.
pub(super) fn refuse(connection: &Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let (found, known) = (layout(connection, path)?, steps.len() as i64);
    if found > known { Err(StoreError::Newer { path: path.to_owned(), found, known }) } else { Ok(()) }
}

/// Takes the steps that are missing. Before the first of them a copy of the database is laid beside it, unless it is new.
pub(super) fn run(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    refuse(connection, path, steps)?;
    let found = layout(connection, path)?;
    if found > 0 && found < steps.len() as i64 {
        copy(connection, path, found)?;
    }
    for (at, step) in steps.iter().enumerate().skip(found as usize) {
        take(connection, step, at as i64 + 1).map_err(|error| trouble::name(error, path, "bringing its layout up to date"))?;
    }
    Ok(())
}

/// Returns how many steps the database has taken.
fn layout(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let read = || -> rusqlite::Result<_> {
        let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let layout: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((application, layout, tables))
    };
    let (application, layout, tables) = read().map_err(|error| trouble::name(error, path, "opening it"))?;
    let ours = application == APPLICATION || (application == 0 && layout == 0 && tables == 0);
    if ours { Ok(layout) } else { Err(StoreError::Foreign { path: path.to_owned() }) }
}

fn take(connection: &mut Connection, step: &str, layout: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", layout)?;
    transaction.commit()
}

fn copy(connection: &Connection, path: &Path, layout: i64) -> Result<(), StoreError> {
    let copy = path.with_extension(format!("layout-{layout}.db"));
    if copy.exists() {
        return Ok(()); // an earlier attempt was interrupted after it had made the copy
    }
    // Written under another name first, so that a copy that stands there is whole.
    let partial = path.with_extension("partial");
    let failed = |error: &std::io::Error| StoreError::of_io(&partial, "copying the database before its layout changes", error);
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&error)),
        _ => {}
    }
    connection
        .execute("VACUUM INTO ?1", [partial.to_string_lossy()])
        .map_err(|error| trouble::name(error, &partial, "copying the database before its layout changes"))?;
    std::fs::rename(&partial, &copy).map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_once_whole_and_after_a_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept.db");
        let one = "PRAGMA application_id = 0x62726368; CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
        let two = "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b SELECT x + 1 FROM a;";
        let broken = "CREATE TABLE c (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);";
        let mut connection = Connection::open(&path).unwrap();

        run(&mut connection, &path, &[one]).unwrap();
        assert!(!dir.path().join("kept.layout-1.db").exists(), "a new database needs no copy");
        assert!(run(&mut connection, &path, &[one, two, broken]).is_err());
        assert_eq!(layout(&connection, &path).unwrap(), 2, "the broken step is undone, the one before it stands");
        let count = |table: &str| connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        assert_eq!(count("b"), Ok(1));
        assert!(count("c").is_err());

        let copy = Connection::open(dir.path().join("kept.layout-1.db")).unwrap();
        assert_eq!(copy.query_row("SELECT x FROM a", [], |row| row.get::<_, i64>(0)), Ok(1));
        assert!(copy.prepare("SELECT * FROM b").is_err(), "the copy is from before the step");

        let newer = run(&mut connection, &path, &[one]).unwrap_err();
        assert_eq!(newer, StoreError::Newer { path: path.clone(), found: 2, known: 1 });
    }

    #[test]
    fn a_database_of_others_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept.db");
        let mut connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert_eq!(run(&mut connection, &path, STEPS).unwrap_err(), StoreError::Foreign { path });
    }
}

//! What goes wrong inside a step, and the word that the outside hears of it.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// The result of a step inside this folder, before it knows which file it was about.
pub(super) type Tried<T> = Result<T, Trouble>;

/// A failure of the database, or a row that does not hold what it should.
#[derive(Debug)]
pub(super) enum Trouble {
    Sql(rusqlite::Error),
    Row(String),
}

impl Trouble {
    /// Makes the error that says where and during what.
    pub(super) fn named(self, path: &Path, doing: &'static str) -> StoreError {
        match self {
            Trouble::Sql(error) => name(error, path, doing),
            Trouble::Row(cause) => StoreError::Corrupt { path: path.to_owned(), cause: format!("{cause} while {doing}") },
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::Sql(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Trouble {
        Trouble::Row(format!("a row cannot be read: {error}"))
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Trouble {
        Trouble::Row(format!("a row cannot be unpacked: {error}"))
    }
}

/// Makes the error of a failed database call.
pub(super) fn name(error: rusqlite::Error, path: &Path, doing: &'static str) -> StoreError {
    let path = path.to_owned();
    let cause = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { path, doing },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt { path, cause },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path, doing, cause },
        _ => StoreError::Failed { path, doing, cause },
    }
}

/// Tells whether an attempt to read failed because SQLite may not write beside the file.
pub(super) fn may_not_write(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen))
}

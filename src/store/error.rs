//! What can go wrong with the store, in plain words: where, what, the cause; the next step apart from it.

use std::path::PathBuf;

/// Why the store could not do its work. `Display` says where, what and why; [`StoreError::hint`] what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no store in this place yet.
    #[error("{}: there is no index here yet", path.display())]
    Missing {
        /// The database that was looked for.
        path: PathBuf,
    },
    /// Another process writes.
    #[error("{}: another breachline{} is writing to this index", path.display(), held_by(*pid))]
    LockHeld {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, where it could be read.
        pid: Option<u32>,
    },
    /// The database was made by a newer program.
    #[error("{}: made by a newer breachline (layout {found}; this one knows {known})", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout that this program knows.
        known: i64,
    },
    /// The database was made by an older program, and was opened to read only.
    #[error("{}: made by an older breachline and not brought up to date yet", path.display())]
    Older {
        /// The database.
        path: PathBuf,
    },
    /// The file is a database, but not one of ours.
    #[error("{}: this database was not made by breachline", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{}: the index is damaged ({cause})", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The search index is damaged; nothing in it is lost, since it is made from the database.
    #[error("{}: the search index is damaged ({cause})", path.display())]
    SearchDamaged {
        /// Its directory.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// No space is left.
    #[error("{}: no space left on the disk while {doing}", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// The file or its directory may not be written.
    #[error("{}: may not be written while {doing} ({cause})", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        cause: String,
    },
    /// The disk or the database failed in another way.
    #[error("{}: failed while {doing} ({cause})", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        cause: String,
    },
}

impl StoreError {
    /// Returns what to do next, as a sentence; None where nothing helps but to read the cause.
    pub fn hint(&self) -> Option<String> {
        match self {
            StoreError::Missing { .. } => Some("run `breachline ingest` first, or name another place with --index".to_owned()),
            StoreError::LockHeld { .. } => Some("wait until it ends; searching and browsing work meanwhile".to_owned()),
            StoreError::Newer { .. } => Some("use the newer breachline, or name another place with --index".to_owned()),
            StoreError::Older { .. } => Some("run `breachline ingest` once to bring it up to date".to_owned()),
            StoreError::Foreign { .. } => Some("name another place with --index".to_owned()),
            StoreError::Corrupt { path, .. } => Some(format!(
                "nothing was written; `breachline doctor` tells more, `breachline restore FILE` puts a backup back and lays {} aside",
                path.display()
            )),
            StoreError::SearchDamaged { path, .. } => {
                Some(format!("delete {}; the next run makes it anew from {}", path.display(), crate::store::kept::DATABASE))
            }
            StoreError::DiskFull { .. } => Some(
                "nothing that was committed is lost; make space (keep_pages in [settings] makes the index smaller) and run again"
                    .to_owned(),
            ),
            StoreError::ReadOnly { .. } => Some("check who owns the directory, or name another place with --index".to_owned()),
            StoreError::Failed { .. } => None,
        }
    }

    /// Makes the error of a failed file operation.
    pub(crate) fn of_io(path: impl Into<PathBuf>, doing: &'static str, error: &std::io::Error) -> StoreError {
        use std::io::ErrorKind;
        let path = path.into();
        match kind(error) {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StoreError::DiskFull { path, doing },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path, doing, cause: error.to_string() }
            }
            _ => StoreError::Failed { path, doing, cause: error.to_string() },
        }
    }
}

/// Returns what an error is. A library that passes it on may lose its kind, but leaves the system's number in its words.
fn kind(error: &std::io::Error) -> std::io::ErrorKind {
    let words = error.to_string();
    let number = words.rsplit_once("(os error ").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    number.map_or(error.kind(), |number| std::io::Error::from_raw_os_error(number).kind())
}

fn held_by(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};

    #[test]
    fn a_full_disk_is_known_also_where_a_library_passed_its_error_on() {
        let told = |error: &Error| StoreError::of_io("a", "writing", error);
        let full = StoreError::DiskFull { path: "a".into(), doing: "writing" };
        for error in [Error::from(ErrorKind::StorageFull), Error::other(Error::from_raw_os_error(28).to_string())] {
            assert_eq!(told(&error), full, "{error}");
        }
        let other = Error::other("it broke (os error or not)");
        assert!(matches!(told(&other), StoreError::Failed { .. }));
    }
}

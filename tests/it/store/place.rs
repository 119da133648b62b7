//! Opening: who may write, what is refused and in which words, and that a commit is whole or not there.

use breachline::store::StoreError;
use breachline::store::kept::{Access, DATABASE, Kept, LOCK};

#[test]
fn a_missing_store_is_said_to_be_missing_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let error = Kept::open(dir.path(), Access::Read).unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    assert!(error.to_string().ends_with("there is no index here yet"), "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_second_writer_hears_who_holds_the_lock_and_readers_do_not_mind() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Kept::open(dir.path(), Access::Write).unwrap();
    let error = Kept::open(dir.path(), Access::Write).unwrap_err();
    assert_eq!(error, StoreError::LockHeld { path: dir.path().join(LOCK), pid: Some(std::process::id()) });
    assert!(error.to_string().contains(&format!("(process {})", std::process::id())), "{error}");
    Kept::open(dir.path(), Access::Read).unwrap();
    drop(writer);
    Kept::open(dir.path(), Access::Write).unwrap();
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(Kept::open(dir.path(), Access::Write).unwrap());
    let path = dir.path().join(DATABASE);
    // The header's bytes 60 to 63 are `user_version`, big-endian.
    let mut bytes = std::fs::read(&path).unwrap();
    let known = i64::from(u32::from_be_bytes([bytes[60], bytes[61], bytes[62], bytes[63]]));
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    for access in [Access::Read, Access::Write] {
        let error = Kept::open(dir.path(), access).unwrap_err();
        assert_eq!(error, StoreError::Newer { path: path.clone(), found: 99, known });
        assert!(error.hint().unwrap().contains("newer breachline"));
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn what_is_no_database_is_said_to_be_damaged() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(DATABASE), "not a database at all, but long enough to have a header".repeat(40)).unwrap();
    for access in [Access::Read, Access::Write] {
        let error = Kept::open(dir.path(), access).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    }
}

#[test]
fn flipped_bytes_are_found_by_the_check() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Kept::open(dir.path(), Access::Write).unwrap();
    kept.check().unwrap();
    drop(kept);
    let path = dir.path().join(DATABASE);
    let mut bytes = std::fs::read(&path).unwrap();
    let page = 4096;
    bytes[page..page + 100].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let error = Kept::open(dir.path(), Access::Write).and_then(|kept| kept.check()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

#[test]
fn a_large_database_is_read_whole_once_a_week() {
    let dir = tempfile::tempdir().unwrap();
    let checks = |large: u64, now: &str| {
        let mut kept = Kept::open(dir.path(), Access::Write).unwrap();
        kept.check_if_due(large, now.parse().unwrap()).unwrap();
        kept.was_checked()
    };
    assert!(checks(0, "2026-01-01T03:00:00Z"));
    assert!(!checks(0, "2026-01-07T03:00:00Z"));
    assert!(checks(u64::MAX, "2026-01-07T03:00:00Z"), "a small one every time");
    assert!(!checks(0, "2026-01-08T03:00:00Z"));
    assert!(checks(0, "2026-01-14T03:00:00Z"));
    assert!(checks(0, "2025-01-14T03:00:00Z"), "the clock was set back");
}

#[test]
fn the_compiled_in_sqlite_is_free_of_the_wal_reset_bug() {
    let version: Vec<u32> = Kept::sqlite_version().split('.').map(|part| part.parse().unwrap()).collect();
    assert!(version >= vec![3, 51, 3], "SQLite {} may lose a WAL (fixed in 3.51.3)", Kept::sqlite_version());
}

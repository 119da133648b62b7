//! Whether the database is whole.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::Kept;
use super::pack::moment;
use crate::store::StoreError;

/// A larger database is read whole by one run in a week only, so that a night takes as long as what is new in it and no longer.
pub const LARGE: u64 = 512 << 20;
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The key in `meta` under which stands when it was last found whole.
const CHECKED: &str = "checked";

impl Kept {
    /// Reads the whole database and fails with [`StoreError::Corrupt`] if anything in it contradicts itself.
    ///
    /// Takes five seconds or so per gigabyte.
    pub fn check(&self) -> Result<(), StoreError> {
        let found = self.read("checking it", |connection| {
            Ok(connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?)
        })?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt { path: self.path.clone(), cause: found }) }
    }

    /// Checks it unless it is as [large](LARGE) as that and was found whole within the last week.
    pub fn check_if_due(&mut self, large: u64, now: Timestamp) -> Result<(), StoreError> {
        let (size, last) = self.read("looking when it was checked", |connection| {
            let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
            let size: i64 = connection.query_row(size, [], |row| row.get(0))?;
            let last: Option<String> =
                connection.query_row("SELECT value FROM meta WHERE key = ?1", [CHECKED], |row| row.get(0)).optional()?;
            let last = last.and_then(|last| last.parse().ok()).map(moment).transpose()?;
            Ok((size.unsigned_abs(), last))
        })?;
        let lately = |last: Timestamp| Duration::try_from(now.duration_since(last)).is_ok_and(|ago| ago < WEEK);
        if size >= large && last.is_some_and(lately) {
            return Ok(());
        }
        self.check()?;
        self.checked = true;
        self.write("noting that it is whole", |transaction| {
            let at = now.as_microsecond().to_string();
            transaction.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [CHECKED, &at])?;
            Ok(())
        })
    }

    /// Tells whether [`Kept::check_if_due`] has read all of it; what is derived of it is then to be looked over as well.
    pub fn was_checked(&self) -> bool {
        self.checked
    }
}

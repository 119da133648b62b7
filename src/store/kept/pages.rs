//! The pages of articles: kept packed, known under every address that they came from, dropped when their time has passed.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use url::Url;

use super::crawl::save_item;
use super::pack::{deflate_page, json};
use super::trouble::{Tried, Trouble};
use super::{Kept, unread};
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::source::SourceId;
use crate::store::StoreError;

/// A page packed as it will lie in the database, so that this work is done where the page comes and not where all are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    page: Page,
    bytes_z: Vec<u8>,
}

impl Packed {
    /// Packs a page for the store.
    pub fn new(mut page: Page) -> Packed {
        let bytes_z = deflate_page(&std::mem::take(&mut page.bytes));
        Packed { page, bytes_z }
    }

    /// Returns when it had arrived.
    pub fn arrived_at(&self) -> Timestamp {
        self.page.arrived_at
    }
}

/// A page that another crawl has saved, with the item that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    source: SourceId,
    item: FeedItem,
    page: Packed,
}

impl Capture {
    /// Packs a page for the store.
    pub fn pack(source: SourceId, item: FeedItem, page: Page) -> Capture {
        Capture { source, item, page: Packed::new(page) }
    }

    /// Returns the address of the page.
    pub fn url(&self) -> &Url {
        &self.item.url
    }

    /// Returns the source that the page is given to.
    pub fn source(&self) -> &SourceId {
        &self.source
    }
}

/// What pruning dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Pages whose bytes were dropped.
    pub pages: u64,
    /// The space that they took in the database, in bytes. The file does not shrink; the space is used again.
    pub bytes: u64,
}

impl Kept {
    /// Keeps pages that another crawl has saved, each with the item that stands for it, together with how far that archive is kept now,
    /// and returns how many of them are new. Pages whose address is known already are ignored.
    pub fn save_captures(&mut self, archive: &str, progress: &str, captures: &[Capture]) -> Result<usize, StoreError> {
        self.write("keeping saved pages", |transaction| {
            let mut new = 0;
            for Capture { source, item, page } in captures {
                if let Some(article) = save_item(transaction, source, Some(page.page.arrived_at), item)? {
                    save_page(transaction, article, page)?;
                    new += 1;
                }
            }
            transaction
                .prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?
                .execute([&archive_key(archive), progress])?;
            Ok(new)
        })
    }

    /// Returns how far an archive is kept, as [`Kept::save_captures`] was told last; None where nothing of it is.
    pub fn archive_progress(&self, archive: &str) -> Result<Option<String>, StoreError> {
        self.read("reading how far an archive is kept", |connection| {
            let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
            Ok(statement.query_row([archive_key(archive)], |row| row.get(0)).optional()?)
        })
    }

    /// Returns how much [`Kept::prune_pages`] would drop.
    pub fn prunable_pages(&self, before: Timestamp) -> Result<Pruned, StoreError> {
        self.read("counting old pages", |connection| prunable(connection, before))
    }

    /// Drops the bytes of pages that arrived before a moment and have been read, and returns how much that was.
    ///
    /// What was read of them is kept in their stead, so that later rules can still extract from it; only the reading of the page
    /// itself cannot be done again. Pages that gave no article keep the reason alone, and pages on which the reading failed keep their bytes.
    pub fn prune_pages(&mut self, before: Timestamp) -> Result<Pruned, StoreError> {
        self.write("dropping old pages", |transaction| {
            let pruned = prunable(transaction, before)?;
            let before = [before.as_microsecond()];
            transaction.execute("UPDATE versions SET bytes_z = NULL WHERE bytes_z IS NOT NULL AND arrived_at < ?1", before)?;
            if pruned.pages == 0 {
                return Ok(pruned);
            }
            transaction.execute(
                &format!(
                    "INSERT OR REPLACE INTO texts SELECT article, read_z FROM articles
                     WHERE read_z IS NOT NULL AND article IN (SELECT article FROM {PAGES} WHERE {PRUNABLE})"
                ),
                before,
            )?;
            transaction.execute(&format!("UPDATE {PAGES} SET bytes_z = NULL WHERE {PRUNABLE}"), before)?;
            Ok(pruned)
        })
    }
}

/// The key in `meta` under which an archive's progress stands.
fn archive_key(archive: &str) -> String {
    format!("archive {archive}")
}

/// Keeps the page of a known item.
pub(super) fn save_page(transaction: &Transaction<'_>, article: ArticleId, packed: &Packed) -> Tried<()> {
    let Packed { page, bytes_z } = packed;
    let headers = json(&page.headers)?;
    let arrived_at = page.arrived_at.as_microsecond();
    let values = params![article.0, page.asked.as_str(), page.answered.as_str(), arrived_at, page.status, headers, bytes_z];
    transaction.prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(values)?;
    transaction
        .prepare_cached("INSERT OR IGNORE INTO addresses VALUES (?1, ?2)")?
        .execute(params![page.answered.as_str(), article.0])?;
    let changed = transaction
        .prepare_cached("UPDATE items SET page = 'kept', failure = NULL, not_before = NULL WHERE article = ?1")?
        .execute([article.0])?;
    if changed == 0 {
        return Err(Trouble::Row(format!("article {} is not known", article.0)));
    }
    unread::mark_unread(transaction, article)
}

/// Pages whose bytes are there, found by when they arrived: most of those that are known have none any more, or are young.
const PAGES: &str = "pages INDEXED BY pages_by_arrival";

/// Pages that arrived before `?1` and have been read. Records of registers never: their text does not give them back.
const PRUNABLE: &str = "bytes_z IS NOT NULL AND arrived_at < ?1 AND headers NOT LIKE '%application/vnd.breachline.%'
    AND EXISTS (SELECT 1 FROM articles WHERE articles.article = pages.article AND outcome <> 'fault')
    AND NOT EXISTS (SELECT 1 FROM unread WHERE unread.article = pages.article)";

fn prunable(connection: &Connection, before: Timestamp) -> Tried<Pruned> {
    let count = format!("SELECT count(*), coalesce(sum(length(bytes_z)), 0) FROM {PAGES} WHERE {PRUNABLE}");
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (pages, bytes) = connection.query_row(&count, [before.as_microsecond()], read)?;
    Ok(Pruned { pages: pages as u64, bytes: bytes as u64 })
}

//! The facts that a crawl keeps: sources and how their visits went, items, pages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use url::Url;

use super::pack::{address, deflate, from_json, from_json_z, json, json_z, moment};
use super::trouble::{Tried, Trouble};
use super::{Kept, derived};
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::source::{Source, SourceId, SourceKind};
use crate::store::StoreError;

/// How a source's visits went until now. The default is that of a source never visited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The address in `sources.toml` that all this is about; a source that was given another one begins anew.
    pub url: Option<Url>,
    /// The ETag of the last answer, to be sent back.
    pub etag: Option<String>,
    /// The Last-Modified of the last answer, to be sent back.
    pub last_modified: Option<String>,
    /// When it was last visited, whatever came of it.
    pub checked_at: Option<Timestamp>,
    /// When its list last was another than before.
    pub changed_at: Option<Timestamp>,
    /// When a visit last went well.
    pub ok_at: Option<Timestamp>,
    /// Visits in a row that failed.
    pub failures: u32,
    /// The outcome of the last visit, in the words of the summary.
    pub last_outcome: Option<String>,
    /// Why, where it did not go well.
    pub last_reason: Option<String>,
    /// Where it said it has moved for good.
    pub moved_to: Option<Url>,
    /// Whether it said it is gone for good (410).
    pub gone: bool,
    /// How many items its list held at the last good visit.
    pub items_last: u32,
    /// Before this moment it is not visited again.
    pub not_before: Option<Timestamp>,
    /// Until when its last answer holds, by its caching headers.
    pub fresh_until: Option<Timestamp>,
    /// For how many seconds after a visit nothing new is to be expected, by the dates of its items.
    pub rhythm: Option<u64>,
    /// Good visits in a row that brought nothing new.
    pub idle: u32,
}

/// An item whose page is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The number of the article to be.
    pub article: ArticleId,
    /// The source that led to it.
    pub source: SourceId,
    /// The item as the source named it first.
    pub item: FeedItem,
    /// Tries that failed.
    pub tries: u32,
    /// Before this moment it is not tried again.
    pub not_before: Option<Timestamp>,
}

/// A page that another crawl has saved, packed as it will lie in the database, so that many threads can share that work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    source: SourceId,
    item: FeedItem,
    page: Page,
    bytes_z: Vec<u8>,
}

impl Capture {
    /// Packs a page for the store.
    pub fn pack(source: SourceId, item: FeedItem, mut page: Page) -> Capture {
        let bytes_z = deflate(&std::mem::take(&mut page.bytes));
        Capture { source, item, page, bytes_z }
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
    /// Notes the sources as `sources.toml` has them, so that derived rows can name them. Sources that are not there any more stay known.
    ///
    /// Where a name or the tags changed, what is searched of that source is brought up to date.
    pub fn save_sources(&mut self, sources: &[Source]) -> Result<(), StoreError> {
        self.write("keeping the sources", |transaction| {
            for source in sources {
                save_source(transaction, source)?;
            }
            Ok(())
        })
    }

    /// Returns how a source's visits went until now.
    pub fn source_state(&self, source: &SourceId) -> Result<SourceState, StoreError> {
        self.read("reading how a source went", |connection| {
            let state: Option<String> = connection
                .prepare_cached("SELECT state FROM source_states WHERE source = ?1")?
                .query_row([&source.0], |row| row.get(0))
                .optional()?;
            state.as_deref().map_or_else(|| Ok(SourceState::default()), from_json)
        })
    }

    /// Keeps how a visit went that brought no items.
    pub fn save_source_state(&mut self, source: &SourceId, state: &SourceState) -> Result<(), StoreError> {
        self.write("keeping how a source went", |transaction| save_state(transaction, source, state))
    }

    /// Keeps how a visit went together with the items it brought, and returns how many of them are new.
    ///
    /// Items whose address is known already, from this or any other source, are ignored.
    pub fn save_round(&mut self, source: &SourceId, state: &SourceState, items: &[FeedItem]) -> Result<usize, StoreError> {
        self.write("keeping new items", |transaction| {
            save_state(transaction, source, state)?;
            let mut new = 0;
            for item in items {
                new += usize::from(save_item(transaction, source, state.checked_at, item)?.is_some());
            }
            Ok(new)
        })
    }

    /// Returns the hosts that are to be left alone at that moment, and until when. Those whose time has passed are forgotten with the next.
    pub fn put_off(&self, now: Timestamp) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        self.read("listing the hosts to be left alone", |connection| {
            let mut statement = connection.prepare_cached("SELECT host, until FROM put_off WHERE until > ?1")?;
            let mut rows = statement.query([now.as_microsecond()])?;
            let mut hosts = BTreeMap::new();
            while let Some(row) = rows.next()? {
                hosts.insert(row.get(0)?, moment(row.get(1)?)?);
            }
            Ok(hosts)
        })
    }

    /// Keeps that a host answered with that status, 429 or 503, and is to be left alone until then.
    pub fn put_off_host(&mut self, host: &str, until: Timestamp, status: u16) -> Result<(), StoreError> {
        self.write("keeping that a host is to be left alone", |transaction| {
            let values = params![host, until.as_microsecond(), status];
            transaction.prepare_cached("INSERT OR REPLACE INTO put_off VALUES (?1, ?2, ?3)")?.execute(values)?;
            Ok(())
        })
    }

    /// Tells whether an article is known under this address.
    pub fn knows(&self, url: &Url) -> Result<bool, StoreError> {
        self.read("looking an address up", |connection| Ok(article_at(connection, url)?.is_some()))
    }

    /// Returns the items whose page is still to be fetched, of one source or of all, oldest first.
    pub fn waiting(&self, source: Option<&SourceId>) -> Result<Vec<Waiting>, StoreError> {
        self.read("listing the pages to fetch", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT article, source, item_z, tries, not_before FROM items
                 WHERE page = 'waiting' AND (?1 IS NULL OR source = ?1) ORDER BY article",
            )?;
            let mut rows = statement.query([source.map(|source| &source.0)])?;
            let mut waiting = Vec::new();
            while let Some(row) = rows.next()? {
                waiting.push(read_waiting(row)?);
            }
            Ok(waiting)
        })
    }

    /// Keeps the page of an item; it waits no longer. The address that answered is known from now on, too.
    pub fn save_page(&mut self, article: ArticleId, page: &Page) -> Result<(), StoreError> {
        let bytes_z = deflate(&page.bytes);
        self.write("keeping a page", |transaction| save_page(transaction, article, page, &bytes_z))
    }

    /// Keeps pages that another crawl has saved, each with the item that stands for it, together with how far that archive is kept now,
    /// and returns how many of them are new. Pages whose address is known already are ignored.
    pub fn save_captures(&mut self, archive: &str, progress: &str, captures: &[Capture]) -> Result<usize, StoreError> {
        self.write("keeping saved pages", |transaction| {
            let mut new = 0;
            for Capture { source, item, page, bytes_z } in captures {
                if let Some(article) = save_item(transaction, source, Some(page.arrived_at), item)? {
                    save_page(transaction, article, page, bytes_z)?;
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

    /// Keeps that the page of an item could not be fetched. It goes on waiting unless the failure is for good.
    pub fn save_page_failure(
        &mut self,
        article: ArticleId,
        reason: &str,
        permanent: bool,
        not_before: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write("keeping why a page failed", |transaction| {
            let page = if permanent { "failed" } else { "waiting" };
            transaction
                .prepare_cached(
                    "UPDATE items SET tries = tries + 1, failure = ?2, page = ?3, not_before = ?4
                     WHERE article = ?1 AND page <> 'kept'",
                )?
                .execute(params![article.0, reason, page, not_before.map(Timestamp::as_microsecond)])?;
            Ok(())
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
            transaction.execute(
                &format!(
                    "INSERT OR REPLACE INTO texts SELECT article, read_z FROM articles
                     WHERE read_z IS NOT NULL AND article IN (SELECT article FROM pages WHERE {PRUNABLE})"
                ),
                before,
            )?;
            transaction.execute("UPDATE versions SET bytes_z = NULL WHERE arrived_at < ?1", before)?;
            transaction.execute(&format!("UPDATE pages SET bytes_z = NULL WHERE {PRUNABLE}"), before)?;
            Ok(pruned)
        })
    }
}

/// The key in `meta` under which an archive's progress stands.
fn archive_key(archive: &str) -> String {
    format!("archive {archive}")
}

/// Keeps the page of a known item.
fn save_page(transaction: &Transaction<'_>, article: ArticleId, page: &Page, bytes_z: &[u8]) -> Tried<()> {
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
    derived::mark_unread(transaction, article)
}

/// Pages that arrived before `?1` and have been read. Records of registers never: their text does not give them back.
const PRUNABLE: &str = "bytes_z IS NOT NULL AND arrived_at < ?1 AND headers NOT LIKE '%application/vnd.breachline.%'
    AND article IN (SELECT article FROM articles WHERE outcome <> 'fault') AND article NOT IN (SELECT article FROM unread)";

fn prunable(connection: &Connection, before: Timestamp) -> Tried<Pruned> {
    let count = format!("SELECT count(*), coalesce(sum(length(bytes_z)), 0) FROM pages WHERE {PRUNABLE}");
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (pages, bytes) = connection.query_row(&count, [before.as_microsecond()], read)?;
    Ok(Pruned { pages: pages as u64, bytes: bytes as u64 })
}

pub(super) fn save_source(transaction: &Transaction<'_>, source: &Source) -> Tried<()> {
    let known: Option<(String, String)> = transaction
        .prepare_cached("SELECT name, tags FROM sources WHERE source = ?1")?
        .query_row([&source.id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let tags = json(&source.tags)?;
    let kind = match source.kind {
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
        SourceKind::Sitemap => "sitemap",
    };
    transaction.prepare_cached("INSERT OR REPLACE INTO sources VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        source.id.0,
        source.name,
        source.url.as_str(),
        kind,
        tags,
        source.selectors.body
    ])?;
    match known {
        Some((name, its_tags)) if name != source.name || its_tags != tags => {
            derived::mark_source_changed(transaction, &source.id)
        }
        _ => Ok(()),
    }
}

fn save_state(transaction: &Transaction<'_>, source: &SourceId, state: &SourceState) -> Tried<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO source_states VALUES (?1, ?2)")?
        .execute(params![source.0, json(state)?])?;
    Ok(())
}

/// Keeps an item unless its address is known, and returns its number if it is new.
pub(super) fn save_item(
    transaction: &Transaction<'_>,
    source: &SourceId,
    seen_at: Option<Timestamp>,
    item: &FeedItem,
) -> Tried<Option<ArticleId>> {
    if article_at(transaction, &item.url)?.is_some() {
        return Ok(None);
    }
    transaction.prepare_cached("INSERT INTO items (source, item_z, seen_at) VALUES (?1, ?2, ?3)")?.execute(params![
        source.0,
        json_z(item)?,
        seen_at.map(Timestamp::as_microsecond)
    ])?;
    let article = ArticleId(transaction.last_insert_rowid());
    transaction.prepare_cached("INSERT INTO addresses VALUES (?1, ?2)")?.execute(params![item.url.as_str(), article.0])?;
    Ok(Some(article))
}

pub(super) fn article_at(connection: &Connection, url: &Url) -> Tried<Option<ArticleId>> {
    let mut statement = connection.prepare_cached("SELECT article FROM addresses WHERE url = ?1")?;
    Ok(statement.query_row([url.as_str()], |row| row.get(0).map(ArticleId)).optional()?)
}

fn read_waiting(row: &Row<'_>) -> Tried<Waiting> {
    Ok(Waiting {
        article: ArticleId(row.get(0)?),
        source: SourceId(row.get(1)?),
        item: from_json_z(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?,
        tries: row.get(3)?,
        not_before: row.get::<_, Option<i64>>(4)?.map(moment).transpose()?,
    })
}

/// Reads a page from the columns asked, answered, arrived_at, status, headers, bytes_z, the first of which is number `first`.
pub(super) fn read_page(row: &Row<'_>, first: usize) -> Tried<Option<Page>> {
    let Some(bytes_z) = row.get_ref(first + 5)?.as_blob_or_null().map_err(rusqlite::Error::from)? else { return Ok(None) };
    Ok(Some(Page {
        asked: address(&row.get::<_, String>(first)?)?,
        answered: address(&row.get::<_, String>(first + 1)?)?,
        arrived_at: moment(row.get(first + 2)?)?,
        status: row.get(first + 3)?,
        headers: from_json(&row.get::<_, String>(first + 4)?)?,
        bytes: super::pack::inflate(bytes_z)?,
    }))
}

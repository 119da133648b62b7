//! Articles that are asked for again in their first days, and what they were before they changed.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::pack::{deflate_page, from_json, from_json_z, json, json_z, moment};
use super::trouble::{Tried, Trouble};
use super::unread::{self, KeptPage, PackedPage};
use super::{Kept, alike, crawl};
use crate::model::article::{Article, ArticleId, Page};
use crate::model::source::SourceId;
use crate::store::StoreError;

/// An article whose page is to be asked for again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recheck {
    /// Its number.
    pub article: ArticleId,
    /// The source that led to it.
    pub source: SourceId,
    /// The address that answered last time.
    pub url: Url,
    /// The ETag of that answer.
    pub etag: Option<String>,
    /// The Last-Modified of that answer.
    pub last_modified: Option<String>,
    /// The points of the schedule that will have passed with it.
    pub done: u32,
}

/// What an article was, or is.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// When its page arrived.
    pub arrived_at: Timestamp,
    /// The article as it was read.
    pub article: Article,
}

impl Kept {
    /// Returns the articles that are due to be asked for again at a moment, the newest first, at most so many of each source.
    ///
    /// `schedule` holds their ages, rising. An article that is older than the last of them by more than two days is left alone.
    pub fn to_recheck(&self, schedule: &[Duration], now: Timestamp, most: usize) -> Result<Vec<Recheck>, StoreError> {
        const GRACE: Duration = Duration::from_secs(2 * 24 * 60 * 60);
        let Some(last) = schedule.last() else { return Ok(Vec::new()) };
        let oldest = now.checked_sub(*last + GRACE).unwrap_or(Timestamp::MIN);
        self.read("listing the articles to ask for again", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT pages.article, items.source, answered, headers, coalesce(seen_at, arrived_at), coalesce(done, 0)
                 FROM pages INDEXED BY pages_by_arrival CROSS JOIN items USING (article) CROSS JOIN articles USING (article)
                   LEFT JOIN rechecks USING (article)
                 WHERE bytes_z IS NOT NULL AND arrived_at >= ?1 AND outcome IN ('extracted', 'kept') ORDER BY pages.article DESC",
            )?;
            let mut rows = statement.query([oldest.as_microsecond()])?;
            let mut of_source: std::collections::BTreeMap<SourceId, usize> = std::collections::BTreeMap::new();
            let mut due = Vec::new();
            while let Some(row) = rows.next()? {
                let age = Duration::try_from(now.duration_since(moment(row.get(4)?)?)).unwrap_or(Duration::ZERO);
                let passed = schedule.iter().filter(|point| **point <= age).count() as u32;
                let source = SourceId(row.get(1)?);
                let count = of_source.entry(source.clone()).or_default();
                if passed <= row.get(5)? || *count >= most {
                    continue;
                }
                *count += 1;
                let headers: Vec<(String, String)> = from_json(&row.get::<_, String>(3)?)?;
                let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
                let url = super::pack::address(&row.get::<_, String>(2)?)?;
                let (etag, last_modified) = (header("etag"), header("last-modified"));
                due.push(Recheck { article: ArticleId(row.get(0)?), source, url, etag, last_modified, done: passed });
            }
            Ok(due)
        })
    }

    /// Returns a kept page with what its source knows of it; None where there is none.
    pub fn kept_page(&self, article: ArticleId) -> Result<Option<KeptPage>, StoreError> {
        self.read("loading a page", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT pages.article, items.source, sources.body, item_z, text_z, asked, answered, arrived_at, status, headers, bytes_z
                 FROM pages JOIN items USING (article) LEFT JOIN sources USING (source) LEFT JOIN texts USING (article)
                 WHERE pages.article = ?1",
            )?;
            let mut rows = statement.query([article.0])?;
            rows.next()?.map(|row| PackedPage::of(row)?.unpacked()).transpose()
        })
    }

    /// Keeps the page of an article that has changed, and beside it what it was before. It is then read anew.
    pub fn save_version(&mut self, before: &Article, page: &Page, done: u32) -> Result<(), StoreError> {
        let (text_z, bytes_z) = (json_z(before), deflate_page(&page.bytes));
        let article = before.id;
        self.write("keeping what an article has become", |transaction| {
            let moved = transaction
                .prepare_cached(
                    "INSERT INTO versions SELECT article, 1 + (SELECT count(*) FROM versions WHERE article = ?1), arrived_at, headers,
                     ?2, bytes_z FROM pages WHERE article = ?1",
                )?
                .execute(params![article.0, text_z?])?;
            if moved == 0 {
                return Err(Trouble::Row(format!("article {} has no page", article.0)));
            }
            transaction
                .prepare_cached(
                    "UPDATE pages SET answered = ?2, arrived_at = ?3, status = ?4, headers = ?5, bytes_z = ?6 WHERE article = ?1",
                )?
                .execute(params![
                    article.0,
                    page.answered.as_str(),
                    page.arrived_at.as_microsecond(),
                    page.status,
                    json(&page.headers)?,
                    bytes_z
                ])?;
            transaction.prepare_cached("DELETE FROM texts WHERE article = ?1")?.execute([article.0])?;
            rechecked(transaction, article, done, page.arrived_at)?;
            unread::mark_unread(transaction, article)
        })
    }

    /// Returns what an article was and is, the oldest first; the last is what it is now. Empty where no article was read.
    pub fn versions(&self, article: ArticleId) -> Result<Vec<Version>, StoreError> {
        self.read("loading the versions of an article", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT arrived_at, text_z FROM versions WHERE article = ?1
                 UNION ALL SELECT arrived_at, read_z FROM articles JOIN pages USING (article)
                 WHERE article = ?1 AND read_z IS NOT NULL ORDER BY arrived_at",
            )?;
            let mut rows = statement.query([article.0])?;
            let mut versions = Vec::new();
            while let Some(row) = rows.next()? {
                let text = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                versions.push(Version { arrived_at: moment(row.get(0)?)?, article: from_json_z(text)? });
            }
            Ok(versions)
        })
    }

    /// Returns the article that is known under an address.
    pub fn article_at(&self, url: &Url) -> Result<Option<ArticleId>, StoreError> {
        self.read("looking an address up", |connection| {
            let found =
                crawl::article_at(connection, url)?.map_or_else(|| by_own_address(connection, url), |found| Ok(Some(found)));
            found?.map(|found| alike::primary(connection, found)).transpose()
        })
    }
}

/// Finds an article by the address that its page gives as its own.
fn by_own_address(connection: &Connection, url: &Url) -> Tried<Option<ArticleId>> {
    let mut statement = connection.prepare_cached("SELECT article FROM articles WHERE url = ?1 ORDER BY article LIMIT 1")?;
    Ok(statement.query_row([url.as_str()], |row| row.get(0).map(ArticleId)).optional()?)
}

/// Keeps that an article was asked for again at a moment.
pub(super) fn rechecked(transaction: &rusqlite::Transaction<'_>, article: ArticleId, done: u32, now: Timestamp) -> Tried<()> {
    transaction.prepare_cached("INSERT OR REPLACE INTO rechecks VALUES (?1, ?2, ?3)")?.execute(params![
        article.0,
        done,
        now.as_microsecond()
    ])?;
    Ok(())
}

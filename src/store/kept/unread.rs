//! The kept pages that are still to be read, as they lie in the store and unpacked.

use std::path::Path;

use rusqlite::{Row, Transaction, params};

use super::Kept;
use super::pack::{address, from_json, from_json_z, inflate, moment};
use super::trouble::Tried;
use crate::model::article::{Article, ArticleId, FeedItem, Page};
use crate::model::source::SourceId;
use crate::store::StoreError;

/// A kept page that is to be read, with what its source knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptPage {
    /// The number of the article.
    pub article: ArticleId,
    /// The source that led to it.
    pub source: SourceId,
    /// The CSS selector of the main text, where the source has one.
    pub body: Option<String>,
    /// The item as the source named it.
    pub item: FeedItem,
    /// The page; None where its bytes were dropped.
    pub page: Option<Page>,
    /// The article as it was read before the bytes were dropped.
    pub text: Option<Article>,
}

/// A kept page that is to be read, as it lies in the store. Unpacking it needs no database, so the threads that read do it.
#[derive(Clone, Debug)]
pub struct PackedPage {
    /// The number of the article.
    pub article: ArticleId,
    source: SourceId,
    body: Option<String>,
    item_z: Vec<u8>,
    text_z: Option<Vec<u8>>,
    reply: Option<PackedReply>,
}

impl PackedPage {
    /// Takes a page from a row: article, source, selector, item, text, and the columns of the page.
    pub(super) fn of(row: &Row<'_>) -> Tried<PackedPage> {
        Ok(PackedPage {
            article: ArticleId(row.get(0)?),
            source: SourceId(row.get(1)?),
            body: row.get(2)?,
            item_z: row.get(3)?,
            text_z: row.get(4)?,
            reply: PackedReply::of(row, 5)?,
        })
    }

    /// Unpacks it; `path` is that of the database, for the error.
    pub fn unpack(&self, path: &Path) -> Result<KeptPage, StoreError> {
        self.unpacked().map_err(|trouble| trouble.named(path, "unpacking a page"))
    }

    pub(super) fn unpacked(&self) -> Tried<KeptPage> {
        Ok(KeptPage {
            article: self.article,
            source: self.source.clone(),
            body: self.body.clone(),
            item: from_json_z(&self.item_z)?,
            text: self.text_z.as_deref().map(from_json_z).transpose()?,
            page: self.reply.as_ref().map(PackedReply::unpack).transpose()?,
        })
    }
}

/// A page as it lies in its columns.
#[derive(Clone, Debug)]
pub(super) struct PackedReply {
    asked: String,
    answered: String,
    arrived_at: i64,
    status: u16,
    headers: String,
    pub bytes_z: Vec<u8>,
}

impl PackedReply {
    /// Takes a page from its columns, the first of which is `asked`; None where its bytes were dropped.
    pub(super) fn of(row: &Row<'_>, first: usize) -> Tried<Option<PackedReply>> {
        let Some(bytes_z) = row.get::<_, Option<Vec<u8>>>(first + 5)? else { return Ok(None) };
        Ok(Some(PackedReply {
            asked: row.get(first)?,
            answered: row.get(first + 1)?,
            arrived_at: row.get(first + 2)?,
            status: row.get(first + 3)?,
            headers: row.get(first + 4)?,
            bytes_z,
        }))
    }

    pub(super) fn unpack(&self) -> Tried<Page> {
        Ok(Page {
            asked: address(&self.asked)?,
            answered: address(&self.answered)?,
            arrived_at: moment(self.arrived_at)?,
            status: self.status,
            headers: from_json(&self.headers)?,
            bytes: inflate(&self.bytes_z)?,
        })
    }
}

/// The most bytes of packed pages that one call of [`Kept::unread`] gives, unless a single page is larger.
const BATCH_BYTES: usize = 16 << 20;

impl Kept {
    /// Returns how many pages are to be read.
    pub fn unread_count(&self) -> Result<u64, StoreError> {
        self.read("counting the pages to read", |connection| {
            Ok(connection.query_row("SELECT count(*) FROM unread", [], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// Returns the next pages to read after an article, in the order of their numbers; empty when all were given.
    pub fn unread(&self, after: ArticleId, most: usize) -> Result<Vec<PackedPage>, StoreError> {
        self.read("loading pages to read", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT unread.article, items.source, sources.body, item_z, text_z, asked, answered, arrived_at, status, headers, bytes_z
                 FROM unread JOIN items USING (article) LEFT JOIN sources USING (source)
                 LEFT JOIN texts USING (article) LEFT JOIN pages USING (article)
                 WHERE unread.article > ?1 ORDER BY unread.article LIMIT ?2",
            )?;
            let mut rows = statement.query(params![after.0, most as i64])?;
            let (mut pages, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let page = PackedPage::of(row)?;
                bytes += page.reply.as_ref().map_or(0, |reply| reply.bytes_z.len());
                pages.push(page);
                if bytes > BATCH_BYTES {
                    break;
                }
            }
            Ok(pages)
        })
    }
}

/// Marks a page as not read with the rules of today.
pub(super) fn mark_unread(transaction: &Transaction<'_>, article: ArticleId) -> Tried<()> {
    transaction.prepare_cached("INSERT OR IGNORE INTO unread VALUES (?1)")?.execute([article.0])?;
    Ok(())
}

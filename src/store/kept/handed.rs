//! Documents that were handed in and not fetched: records of registers and tables.

use std::ops::AddAssign;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::crawl::{article_at, save_item, save_source};
use super::pack::{deflate, json};
use super::trouble::Tried;
use super::{Kept, unread};
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::source::{Source, SourceId};
use crate::store::StoreError;

/// What became of documents that were handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// Those that were not known.
    pub new: usize,
    /// Those that said something else before.
    pub changed: usize,
    /// Those that are there already, word for word.
    pub known: usize,
}

impl AddAssign for Handed {
    fn add_assign(&mut self, other: Handed) {
        self.new += other.new;
        self.changed += other.changed;
        self.known += other.known;
    }
}

/// A document that is handed in: what a list would say of it, and its page.
pub type Document = (FeedItem, Page);

impl Kept {
    /// Keeps documents under a source, each with its page, and marks what is new or changed to be read: all of them or none.
    pub fn save_documents(&mut self, source: &Source, documents: &[Document]) -> Result<Handed, StoreError> {
        self.write("keeping what was handed in", |transaction| {
            save_source(transaction, source)?;
            let mut handed = Handed::default();
            for document in documents {
                handed += save(transaction, &source.id, document, |_| true)?;
            }
            Ok(handed)
        })
    }

    /// Keeps articles that another machine has read, each under its source, and marks the new ones to be taken in: all of them or none.
    ///
    /// An article whose page is known stays as it is, whether it was fetched or handed in; only the same page, read anew by other
    /// rules, takes the place of what was handed in before. So handing in the same again, in any order and as often as one likes, changes nothing.
    pub fn save_extracted(&mut self, documents: &[(Source, Document)]) -> Result<Handed, StoreError> {
        self.write("keeping what another machine has read", |transaction| {
            let mut handed = Handed::default();
            for (source, document) in documents {
                save_source(transaction, source)?;
                let page = &document.1;
                handed += save(transaction, &source.id, document, |known| known.is_same_page(page))?;
            }
            Ok(handed)
        })
    }
}

/// The page that is kept of a document that is handed in again.
struct Known {
    arrived_at: i64,
    headers: String,
    bytes_z: Option<Vec<u8>>,
}

impl Known {
    fn of(connection: &Connection, article: ArticleId) -> Tried<Option<Known>> {
        let mut statement = connection.prepare_cached("SELECT arrived_at, headers, bytes_z FROM pages WHERE article = ?1")?;
        let read = |row: &Row<'_>| Ok(Known { arrived_at: row.get(0)?, headers: row.get(1)?, bytes_z: row.get(2)? });
        Ok(statement.query_row([article.0], read).optional()?)
    }

    /// Tells whether it was handed in likewise, and fetched at the same moment.
    fn is_same_page(&self, page: &Page) -> bool {
        let likewise = page.header("content-type").is_some_and(|media_type| self.headers.contains(media_type));
        likewise && self.arrived_at == page.arrived_at.as_microsecond()
    }
}

/// Keeps one document. Where another page of it is known, that stays unless `replaces` says otherwise.
fn save(
    transaction: &Transaction<'_>,
    source: &SourceId,
    (item, page): &Document,
    replaces: impl FnOnce(&Known) -> bool,
) -> Tried<Handed> {
    let new = save_item(transaction, source, Some(page.arrived_at), item)?;
    let known = if new.is_some() { None } else { article_at(transaction, &item.url)? };
    let Some(article) = new.or(known) else { return Ok(Handed::default()) };
    let bytes_z = deflate(&page.bytes);
    let before = Known::of(transaction, article)?;
    if before.is_some_and(|known| known.bytes_z.as_ref() == Some(&bytes_z) || !replaces(&known)) {
        return Ok(Handed { known: 1, ..Handed::default() });
    }
    let values = params![
        article.0,
        page.asked.as_str(),
        page.answered.as_str(),
        page.arrived_at.as_microsecond(),
        page.status,
        json(&page.headers)?,
        bytes_z
    ];
    transaction.prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(values)?;
    transaction.prepare_cached("UPDATE items SET page = 'kept' WHERE article = ?1")?.execute([article.0])?;
    unread::mark_unread(transaction, article)?;
    let (new, changed) = if new.is_some() { (1, 0) } else { (0, 1) };
    Ok(Handed { new, changed, known: 0 })
}

//! Documents that were handed in and not fetched: records of registers and tables.

use rusqlite::OptionalExtension;

use super::crawl::{article_at, save_item, save_source};
use super::pack::{deflate, json};
use super::trouble::Tried;
use super::{Kept, unread};
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::source::Source;
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

impl Kept {
    /// Keeps documents under a source, each with its page, and marks what is new or changed to be read: all of them or none.
    pub fn save_documents(&mut self, source: &Source, documents: &[(FeedItem, Page)]) -> Result<Handed, StoreError> {
        self.write("keeping what was handed in", |transaction| {
            save_source(transaction, source)?;
            let mut handed = Handed::default();
            for (item, page) in documents {
                let new = save_item(transaction, &source.id, Some(page.arrived_at), item)?;
                let known = if new.is_some() { None } else { article_at(transaction, &item.url)? };
                let Some(article) = new.or(known) else { continue };
                let bytes_z = deflate(&page.bytes);
                if new.is_some() {
                    handed.new += 1;
                } else if bytes(transaction, article)?.is_some_and(|known| known == bytes_z) {
                    handed.known += 1;
                    continue;
                } else {
                    handed.changed += 1;
                }
                let values = rusqlite::params![
                    article.0,
                    page.asked.as_str(),
                    page.answered.as_str(),
                    page.arrived_at.as_microsecond(),
                    page.status,
                    json(&page.headers)?,
                    bytes_z
                ];
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                    .execute(values)?;
                transaction.prepare_cached("UPDATE items SET page = 'kept' WHERE article = ?1")?.execute([article.0])?;
                unread::mark_unread(transaction, article)?;
            }
            Ok(handed)
        })
    }
}

fn bytes(connection: &rusqlite::Connection, article: ArticleId) -> Tried<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT bytes_z FROM pages WHERE article = ?1")?;
    Ok(statement.query_row([article.0], |row| row.get::<_, Option<Vec<u8>>>(0)).optional()?.flatten())
}

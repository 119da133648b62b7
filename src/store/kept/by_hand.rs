//! Articles that somebody gave by hand: kept under a source that says so. What an address has given already stays as it is.

use rusqlite::{Connection, OptionalExtension, Row};
use url::Url;

use super::crawl::{article_at, save_item, save_source};
use super::pack::from_json;
use super::pages::{Packed, save_page};
use super::trouble::{Tried, Trouble};
use super::{Handed, Kept};
use crate::model::article::{ArticleId, FeedItem, NotAnArticle};
use crate::model::source::Source;
use crate::store::StoreError;

/// What an address that is known has given until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gave {
    /// Nothing yet: its page was not had, or is not read.
    Nothing,
    /// An article.
    Article(ArticleId),
    /// A page that is none, and why.
    NoArticle(String),
}

impl Kept {
    /// Returns what an address has given; None where it is not known.
    pub fn gave(&self, url: &Url) -> Result<Option<Gave>, StoreError> {
        self.read("looking an address up", |connection| {
            article_at(connection, url)?.map(|article| gave(connection, article)).transpose()
        })
    }

    /// Keeps the page of an item that was given by hand, under a source that says so, and marks it to be read. An address that gave an
    /// article already stays as it is; one that gave none, such as a teaser before a paywall, takes the page and belongs to that source.
    pub fn save_given(&mut self, source: &Source, item: &FeedItem, page: &Packed) -> Result<Handed, StoreError> {
        self.write("keeping an article given by hand", |transaction| {
            let known = article_at(transaction, &item.url)?;
            if let Some(article) = known {
                if let Gave::Article(_) = gave(transaction, article)? {
                    return Ok(Handed { known: 1, ..Handed::default() });
                }
                transaction
                    .prepare_cached("UPDATE items SET source = ?1 WHERE article = ?2")?
                    .execute((&source.id.0, article.0))?;
            }
            save_source(transaction, source)?;
            let article = match known {
                Some(article) => article,
                None => save_item(transaction, &source.id, Some(page.arrived_at()), item)?
                    .ok_or_else(|| Trouble::Row(format!("{} was not known and is", item.url)))?,
            };
            save_page(transaction, article, page)?;
            let (new, changed) = if known.is_some() { (0, 1) } else { (1, 0) };
            Ok(Handed { new, changed, known: 0 })
        })
    }
}

fn gave(connection: &Connection, article: ArticleId) -> Tried<Gave> {
    let mut statement = connection.prepare_cached("SELECT outcome, why FROM articles WHERE article = ?1")?;
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?));
    let Some((outcome, why)) = statement.query_row([article.0], read).optional()? else { return Ok(Gave::Nothing) };
    Ok(match (outcome.as_str(), why) {
        ("extracted" | "kept", _) => Gave::Article(article),
        ("none", Some(why)) => Gave::NoArticle(from_json::<NotAnArticle>(&why)?.to_string()),
        (_, why) => Gave::NoArticle(why.unwrap_or_default()),
    })
}

//! What was read from the kept pages: which are still to be read, and the articles and reports that came of them.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::alike::{self, Alike};
use super::pack::{from_json_z, json, json_z};
use super::pages::read_page;
use super::trouble::Tried;
use super::{Kept, merging};
use crate::model::article::{Article, ArticleId, FeedItem, NotAnArticle, Page};
use crate::model::incident::IncidentId;
use crate::model::report::Report;
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

/// What came of reading a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An article, and each report in it with the keys of its victim.
    Extracted(Article, Vec<(Report, Vec<String>)>),
    /// An article in a language that is not extracted: it can be read and searched.
    Kept(Article),
    /// It is no article.
    None(NotAnArticle),
    /// Reading it failed by a fault of ours.
    Fault(String),
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Outcome::Extracted(..) => "extracted",
            Outcome::Kept(_) => "kept",
            Outcome::None(_) => "none",
            Outcome::Fault(_) => "fault",
        }
    }

    fn article(&self) -> Option<&Article> {
        match self {
            Outcome::Extracted(article, _) | Outcome::Kept(article) => Some(article),
            Outcome::None(_) | Outcome::Fault(_) => None,
        }
    }

    fn reports(&self) -> &[(Report, Vec<String>)] {
        match self {
            Outcome::Extracted(_, reports) => reports,
            _ => &[],
        }
    }
}

/// One page that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadArticle {
    /// The number of the article.
    pub id: ArticleId,
    /// What came of it.
    pub outcome: Outcome,
}

/// How the pages of one deriving were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Articles from pages that were not read before.
    pub new: usize,
    /// Articles from pages that were read again.
    pub again: usize,
    /// Pages that gave no article.
    pub not_articles: usize,
    /// Pages on which the reading failed, and how.
    pub faults: Vec<(ArticleId, String)>,
}

impl Saved {
    fn count(&mut self, read: &ReadArticle, known: bool) {
        match &read.outcome {
            Outcome::Extracted(..) | Outcome::Kept(_) if known => self.again += 1,
            Outcome::Extracted(..) | Outcome::Kept(_) => self.new += 1,
            Outcome::None(_) => self.not_articles += 1,
            Outcome::Fault(what) => self.faults.push((read.id, what.clone())),
        }
    }
}

/// Marks every page as unread whose bytes, or whose text at least, are still there.
const ALL_READABLE: &str =
    "INSERT OR IGNORE INTO unread SELECT article FROM pages WHERE bytes_z IS NOT NULL UNION SELECT article FROM texts";

/// The key in `meta` that is there while everything is being read again.
const REBUILDING: &str = "rebuilding";

/// The most bytes of packed pages that one call of [`Kept::unread`] gives, unless a single page is larger.
const BATCH_BYTES: usize = 16 << 20;

impl Kept {
    /// Notes with which rules everything is read and merged from now on. What was read or merged with others is marked to be done again.
    pub fn renew(&mut self, reading: &str, merging: &str) -> Result<(), StoreError> {
        self.write("marking what is to be read again", |transaction| {
            if exchange(transaction, "reading", reading)? {
                transaction.execute(ALL_READABLE, [])?;
                transaction
                    .execute("DELETE FROM unread WHERE article IN (SELECT article FROM articles WHERE digest = ?1)", [reading])?;
            }
            if exchange(transaction, "merging", merging)? {
                merging::mark_all_unmerged(transaction)?;
            }
            Ok(())
        })
    }

    /// Returns how many pages are to be read.
    pub fn unread_count(&self) -> Result<u64, StoreError> {
        self.read("counting the pages to read", |connection| {
            Ok(connection.query_row("SELECT count(*) FROM unread", [], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// Returns the next pages to read after an article, in the order of their numbers; empty when all were given.
    pub fn unread(&self, after: ArticleId, most: usize) -> Result<Vec<KeptPage>, StoreError> {
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
                pages.push(read_kept_page(row)?);
                bytes += blob(row, 10)?.map_or(0, <[u8]>::len);
                if bytes > BATCH_BYTES {
                    break;
                }
            }
            Ok(pages)
        })
    }

    /// Saves what came of reading some pages with the rules of `digest`: each article with all its reports, or nothing at all.
    ///
    /// Reports that are new, gone or changed are marked to be merged.
    pub fn save_articles(&mut self, digest: &str, read: &[ReadArticle], saved: &mut Saved) -> Result<(), StoreError> {
        let counted = self.write("saving articles", |transaction| {
            let mut counted = saved.clone();
            for one in read {
                let known = save_article(transaction, digest, one)?;
                counted.count(one, known);
            }
            Ok(counted)
        })?;
        *saved = counted;
        Ok(())
    }

    /// Marks everything to be read and merged again. Where that was begun before and cut off, only what was left stays marked.
    pub fn mark_all(&mut self) -> Result<(), StoreError> {
        self.write("marking what is to be read again", |transaction| {
            let left = "EXISTS (SELECT 1 FROM unread) OR EXISTS (SELECT 1 FROM unmerged)";
            let goes_on = format!("SELECT 1 FROM meta WHERE key = '{REBUILDING}' AND ({left})");
            if transaction.prepare(&goes_on)?.exists([])? {
                return Ok(());
            }
            transaction.execute("INSERT OR REPLACE INTO meta VALUES (?1, '')", [REBUILDING])?;
            transaction.execute(ALL_READABLE, [])?;
            merging::mark_all_unmerged(transaction)
        })
    }

    /// Notes that all that was marked is done.
    pub fn end_marking(&mut self) -> Result<(), StoreError> {
        self.write("noting that all is read again", |transaction| {
            transaction.execute("DELETE FROM meta WHERE key = ?1", [REBUILDING])?;
            Ok(())
        })
    }
}

/// Marks a page as not read with the rules of today.
pub(super) fn mark_unread(transaction: &Transaction<'_>, article: ArticleId) -> Tried<()> {
    transaction.prepare_cached("INSERT OR IGNORE INTO unread VALUES (?1)")?.execute([article.0])?;
    Ok(())
}

/// Marks all articles of a source, and all incidents they report, as changed for those who follow the changes.
pub(super) fn mark_source_changed(transaction: &Transaction<'_>, source: &SourceId) -> Tried<()> {
    let of_source = "SELECT article FROM items JOIN articles USING (article) WHERE source = ?1";
    transaction.execute(
        &format!("INSERT OR REPLACE INTO changes (what, id) SELECT 'article', article FROM ({of_source})"),
        [&source.0],
    )?;
    transaction.execute(
        &format!("INSERT OR REPLACE INTO changes (what, id) SELECT DISTINCT 'incident', incident FROM belongs WHERE article IN ({of_source})"),
        [&source.0],
    )?;
    Ok(())
}

/// Marks an incident to be merged again.
pub(super) fn mark_unmerged(transaction: &Transaction<'_>, id: &IncidentId) -> Tried<()> {
    transaction.prepare_cached("INSERT OR IGNORE INTO unmerged VALUES ('incident', ?1)")?.execute([&id.0])?;
    Ok(())
}

/// Marks one thing as changed for those who follow the changes.
pub(super) fn mark_changed(transaction: &Transaction<'_>, what: &str, id: &str) -> Tried<()> {
    transaction.prepare_cached("INSERT OR REPLACE INTO changes (what, id) VALUES (?1, ?2)")?.execute([what, id])?;
    Ok(())
}

/// Sets a value of `meta`; tells whether it was another before.
fn exchange(transaction: &Transaction<'_>, key: &str, value: &str) -> Tried<bool> {
    let before: Option<String> =
        transaction.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()?;
    transaction.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [key, value])?;
    Ok(before.as_deref() != Some(value))
}

fn blob<'r>(row: &'r Row<'_>, column: usize) -> Tried<Option<&'r [u8]>> {
    Ok(row.get_ref(column)?.as_blob_or_null().map_err(rusqlite::Error::from)?)
}

pub(super) fn read_kept_page(row: &Row<'_>) -> Tried<KeptPage> {
    Ok(KeptPage {
        article: ArticleId(row.get(0)?),
        source: SourceId(row.get(1)?),
        body: row.get(2)?,
        item: from_json_z(blob(row, 3)?.unwrap_or_default())?,
        text: blob(row, 4)?.map(from_json_z).transpose()?,
        page: read_page(row, 5)?,
    })
}

/// Saves one article with its reports; tells whether its page had been read before.
fn save_article(transaction: &Transaction<'_>, digest: &str, read: &ReadArticle) -> Tried<bool> {
    let (id, outcome) = (read.id, &read.outcome);
    let row = ArticleRow::of(outcome)?;
    let before = ArticleRow::load(transaction, id)?;
    let same_head = before.as_ref().is_some_and(|before| before.head() == row.head());
    if before.as_ref() != Some(&row) {
        mark_changed(transaction, "article", &id.0.to_string())?;
    }
    row.save(transaction, id, digest)?;
    let changed = before.as_ref().is_none_or(|before| before.read_z != row.read_z);
    let (alike, alike_changed) = alike::settle(transaction, id, outcome.article(), changed)?;
    // What an article says is told once, under whatever addresses it is found.
    let reports = if matches!(alike, Some(Alike::Address(_))) { &[] } else { outcome.reports() };
    if alike_changed {
        mark_changed(transaction, "article", &id.0.to_string())?;
        if let Some(Alike::Address(first)) = alike {
            merging::mark_reports(transaction, first)?;
        }
    }
    if !same_head || alike_changed || !merging::has_reports(transaction, id, reports)? {
        merging::replace_reports(transaction, id, reports)?;
    }
    transaction.prepare_cached("DELETE FROM unread WHERE article = ?1")?.execute([id.0])?;
    Ok(before.is_some())
}

/// The columns of `articles` but for the number and the digest.
#[derive(PartialEq)]
struct ArticleRow {
    outcome: String,
    why: Option<String>,
    url: Option<String>,
    title: Option<String>,
    published: Option<String>,
    read_z: Option<Vec<u8>>,
}

impl ArticleRow {
    fn of(outcome: &Outcome) -> Tried<ArticleRow> {
        let article = outcome.article();
        Ok(ArticleRow {
            outcome: outcome.word().to_owned(),
            why: match outcome {
                Outcome::None(why) => Some(json(why)?),
                Outcome::Fault(what) => Some(what.clone()),
                _ => None,
            },
            url: article.map(|article| article.url.to_string()),
            title: article.map(|article| article.title.clone()),
            published: article.map(|article| article.published.to_string()),
            read_z: article.map(json_z).transpose()?,
        })
    }

    fn load(transaction: &Transaction<'_>, id: ArticleId) -> Tried<Option<ArticleRow>> {
        let mut statement =
            transaction.prepare_cached("SELECT outcome, why, url, title, published, read_z FROM articles WHERE article = ?1")?;
        let row = statement.query_row([id.0], |row| {
            Ok(ArticleRow {
                outcome: row.get(0)?,
                why: row.get(1)?,
                url: row.get(2)?,
                title: row.get(3)?,
                published: row.get(4)?,
                read_z: row.get(5)?,
            })
        });
        Ok(row.optional()?)
    }

    fn save(&self, transaction: &Transaction<'_>, id: ArticleId, digest: &str) -> Tried<()> {
        // Not "insert or replace": that would delete the row, and its reports with it.
        transaction
            .prepare_cached(
                "INSERT INTO articles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (article) DO UPDATE SET digest = ?2,
                 outcome = ?3, why = ?4, url = ?5, title = ?6, published = ?7, read_z = ?8",
            )?
            .execute(params![id.0, digest, self.outcome, self.why, self.url, self.title, self.published, self.read_z])?;
        Ok(())
    }

    /// Returns what a report shows of its article.
    fn head(&self) -> (&Option<String>, &Option<String>, &Option<String>) {
        (&self.url, &self.title, &self.published)
    }
}

//! What came of reading the kept pages: the articles and reports, and what is marked to be done again.

use rusqlite::{OptionalExtension, Transaction};

use super::alike::{self, Alike};
use super::prepared::{ArticleRow, ReadArticle, ReportRow};
use super::trouble::Tried;
use super::{Kept, marks, merging};
use crate::model::article::{Article, ArticleId, NotAnArticle};
use crate::model::report::Report;
use crate::model::source::SourceId;
use crate::store::StoreError;

/// What came of reading a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An article, and each report in it.
    Extracted(Article, Vec<Keyed>),
    /// An article in a language that is not extracted: it can be read and searched.
    Kept(Article),
    /// It is no article.
    None(NotAnArticle),
    /// Reading it failed by a fault of ours.
    Fault(String),
}

/// A report, and how others find it that may be of the same event.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed {
    /// The report.
    pub report: Report,
    /// The keys of its victim.
    pub keys: Vec<String>,
    /// What is kept beside each key, by which [`Tie::visit`](super::Tie::visit) passes over it unread; may be empty.
    pub gist: Vec<u8>,
}

impl Outcome {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Outcome::Extracted(..) => "extracted",
            Outcome::Kept(_) => "kept",
            Outcome::None(_) => "none",
            Outcome::Fault(_) => "fault",
        }
    }

    pub(super) fn article(&self) -> Option<&Article> {
        match self {
            Outcome::Extracted(article, _) | Outcome::Kept(article) => Some(article),
            Outcome::None(_) | Outcome::Fault(_) => None,
        }
    }

    pub(super) fn reports(&self) -> &[Keyed] {
        match self {
            Outcome::Extracted(_, reports) => reports,
            _ => &[],
        }
    }
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
        match read.outcome() {
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
                marks::mark_all(transaction)?;
            }
            Ok(())
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
            marks::mark_all(transaction)
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

/// Saves one article with its reports; tells whether its page had been read before.
fn save_article(transaction: &Transaction<'_>, digest: &str, read: &ReadArticle) -> Tried<bool> {
    let (id, laid) = (read.id, read.laid()?);
    let before = ArticleRow::load(transaction, id)?;
    let published_before = before.as_ref().and_then(ArticleRow::published).transpose()?;
    let same_head = before.as_ref().is_some_and(|before| before.head() == laid.row.head());
    if before.as_ref() != Some(&laid.row) {
        mark_changed(transaction, "article", &id.0.to_string())?;
    }
    laid.row.save(transaction, id, digest)?;
    let changed = before.as_ref().is_none_or(|before| before.read_z != laid.row.read_z);
    let read_now = read.outcome().article().zip(laid.runs.as_ref());
    let (alike, alike_changed) = alike::settle(transaction, id, read_now, changed)?;
    // What an article says is told once, under whatever addresses it is found.
    let reports: &[ReportRow] = if matches!(alike, Some(Alike::Address(_))) { &[] } else { &laid.reports };
    if alike_changed {
        mark_changed(transaction, "article", &id.0.to_string())?;
        if let Some(Alike::Address(first)) = alike {
            marks::mark_incidents_of(transaction, first)?;
        }
    }
    if !same_head || alike_changed || !merging::has_reports(transaction, id, reports)? {
        // An article is found by what its reports say, too.
        mark_changed(transaction, "article", &id.0.to_string())?;
        merging::replace_reports(transaction, id, published_before, reports)?;
    }
    transaction.prepare_cached("DELETE FROM unread WHERE article = ?1")?.execute([id.0])?;
    Ok(before.is_some())
}

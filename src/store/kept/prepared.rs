//! What was read of a page, laid out as the rows in which it is saved.
//!
//! This takes longer than saving it and needs no database, so it is done by the threads that read, and the one that writes only writes.

use rusqlite::{OptionalExtension, Transaction, params};

use super::derived::{Keyed, Outcome};
use super::pack::{json, json_z};
use super::trouble::{Tried, Trouble};
use crate::base::day::Day;
use crate::base::likeness::Runs;
use crate::model::article::ArticleId;

/// One page that was read.
#[derive(Clone, Debug)]
pub struct ReadArticle {
    /// The number of the article.
    pub id: ArticleId,
    outcome: Outcome,
    /// What is saved of it; or why that cannot be written.
    laid: Result<Laid, String>,
}

impl ReadArticle {
    /// Lays out what came of reading a page.
    pub fn new(id: ArticleId, outcome: Outcome) -> ReadArticle {
        let laid = Laid::of(&outcome).map_err(|trouble| match trouble {
            Trouble::Row(cause) => cause,
            Trouble::Sql(error) => error.to_string(),
        });
        ReadArticle { id, outcome, laid }
    }

    /// Returns what came of reading it.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    pub(super) fn laid(&self) -> Tried<&Laid> {
        self.laid.as_ref().map_err(|cause| Trouble::Row(cause.clone()))
    }
}

/// The rows of an article.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    pub row: ArticleRow,
    pub reports: Vec<ReportRow>,
    /// By which other texts are compared with this one; none where there is no text.
    pub runs: Option<Runs>,
}

impl Laid {
    fn of(outcome: &Outcome) -> Tried<Laid> {
        let rows = outcome.reports().iter().map(ReportRow::of);
        Ok(Laid {
            row: ArticleRow::of(outcome)?,
            reports: rows.collect::<Tried<_>>()?,
            runs: outcome.article().map(|article| Runs::of(&article.text)),
        })
    }
}

/// A report as it is saved, the keys of its victim, and what is kept beside each.
#[derive(Clone, Debug)]
pub(super) struct ReportRow {
    pub json: String,
    pub keys: Vec<String>,
    pub gist: Vec<u8>,
}

impl ReportRow {
    fn of(keyed: &Keyed) -> Tried<ReportRow> {
        Ok(ReportRow { json: json(&keyed.report)?, keys: keyed.keys.clone(), gist: keyed.gist.clone() })
    }
}

/// The columns of `articles` but for the number and the digest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ArticleRow {
    outcome: String,
    why: Option<String>,
    url: Option<String>,
    title: Option<String>,
    published: Option<String>,
    pub read_z: Option<Vec<u8>>,
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

    pub fn load(transaction: &Transaction<'_>, id: ArticleId) -> Tried<Option<ArticleRow>> {
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

    pub fn save(&self, transaction: &Transaction<'_>, id: ArticleId, digest: &str) -> Tried<()> {
        // Not "insert or replace": that would delete the row, and its reports with it.
        transaction
            .prepare_cached(
                "INSERT INTO articles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (article) DO UPDATE SET digest = ?2,
                 outcome = ?3, why = ?4, url = ?5, title = ?6, published = ?7, read_z = ?8",
            )?
            .execute(params![id.0, digest, self.outcome, self.why, self.url, self.title, self.published, self.read_z])?;
        Ok(())
    }

    /// Returns the day of an article; None where it is none.
    pub fn published(&self) -> Option<Tried<Day>> {
        let published = self.published.as_ref()?;
        Some(published.parse().map_err(|_| Trouble::Row(format!("{published} is no day"))))
    }

    /// Returns what a report shows of its article.
    pub fn head(&self) -> (&Option<String>, &Option<String>, &Option<String>) {
        (&self.url, &self.title, &self.published)
    }
}

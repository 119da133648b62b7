//! What is marked to be merged again: reports that are new, reports that are gone, incidents of which something was said or shown.

use rusqlite::{Connection, Transaction, params};
use serde::{Deserialize, Serialize};

use super::pack::{from_json, json};
use super::trouble::{Tried, Trouble};
use crate::base::day::Day;
use crate::model::article::ArticleId;
use crate::model::incident::{Filed, IncidentId, ReportId};

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A report that is new.
    Report(ReportId),
    /// A report that is gone, or says something else now: what it was.
    Gone(Box<Gone>),
    /// An incident that lost a report, or of which an analyst said something.
    Incident(IncidentId),
}

/// A report that is gone. What it was tied to may part without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Gone {
    // In this order marks are read, so that numbers come last.
    published: Day,
    /// The JSON of the report.
    report: String,
    /// The keys of its victim.
    pub keys: Vec<String>,
    id: ReportId,
}

impl Gone {
    /// Returns the report as it was; None where reports were written otherwise then, for all is merged again after that.
    pub fn filed(&self) -> Option<Filed> {
        Some(Filed {
            id: self.id,
            source: String::new(),
            url: String::new(),
            title: String::new(),
            published: self.published,
            copy_of: None,
            also_at: Vec::new(),
            report: from_json(&self.report).ok()?,
        })
    }
}

/// The id of a report's mark: by day and address, so that it makes no difference in which order articles were fetched.
const REPORT: &str = "published || ' ' || url || ' ' || article || '/' || n";

/// Reads a mark from its columns.
pub(super) fn read(what: &str, id: &str) -> Tried<Mark> {
    Ok(match what {
        "report" => Mark::Report(numbers(id).ok_or_else(|| Trouble::Row(format!("{id} is no report")))?),
        "gone" => Mark::Gone(Box::new(from_json(id)?)),
        _ => Mark::Incident(IncidentId(id.to_owned())),
    })
}

fn numbers(id: &str) -> Option<ReportId> {
    let (article, n) = id.rsplit(' ').next()?.split_once('/')?;
    Some(ReportId { article: ArticleId(article.parse().ok()?), n: n.parse().ok()? })
}

/// Returns the columns of the mark that a report has if it is new.
pub(super) fn of_report(filed: &Filed) -> (String, String) {
    let Filed { id, published, url, .. } = filed;
    ("report".to_owned(), format!("{published} {url} {}/{}", id.article.0, id.n))
}

/// Tells whether an incident is marked.
pub(super) fn has_incident(connection: &Connection, id: &IncidentId) -> Tried<bool> {
    let mut marked = connection.prepare_cached("SELECT 1 FROM unmerged WHERE what = 'incident' AND id = ?1")?;
    Ok(marked.exists([&id.0])?)
}

/// Marks everything to be merged again.
pub(super) fn mark_all(transaction: &Transaction<'_>) -> Tried<()> {
    let reports = format!("INSERT OR IGNORE INTO unmerged SELECT 'report', {REPORT} FROM reports JOIN articles USING (article)");
    transaction.execute(&reports, [])?;
    transaction.execute("INSERT OR IGNORE INTO unmerged SELECT 'incident', incident FROM incidents", [])?;
    Ok(())
}

/// Marks an incident to be merged again.
pub(super) fn mark_incident(transaction: &Transaction<'_>, id: &IncidentId) -> Tried<()> {
    transaction.prepare_cached("INSERT OR IGNORE INTO unmerged VALUES ('incident', ?1)")?.execute([&id.0])?;
    Ok(())
}

/// Marks the incidents of an article's reports to be merged again, for what is shown around the reports has changed.
pub(super) fn mark_incidents_of(transaction: &Transaction<'_>, article: ArticleId) -> Tried<()> {
    let marks = "INSERT OR IGNORE INTO unmerged SELECT 'incident', incident FROM belongs JOIN reports USING (article, n) WHERE article = ?1";
    transaction.prepare_cached(marks)?.execute([article.0])?;
    Ok(())
}

/// Marks the reports that an article has as new.
pub(super) fn mark_new(transaction: &Transaction<'_>, article: ArticleId) -> Tried<()> {
    let marks = format!(
        "INSERT OR IGNORE INTO unmerged SELECT 'report', {REPORT} FROM reports JOIN articles USING (article) WHERE article = ?1"
    );
    transaction.prepare_cached(&marks)?.execute([article.0])?;
    Ok(())
}

/// Marks the reports that an article of that day has as gone, and their incidents.
pub(super) fn mark_gone(transaction: &Transaction<'_>, article: ArticleId, published: Day) -> Tried<()> {
    mark_incidents_of(transaction, article)?;
    let mut reports = transaction.prepare_cached("SELECT n, report FROM reports WHERE article = ?1")?;
    let reports: Vec<(u32, String)> =
        reports.query_map([article.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (n, report) in reports {
        let id = ReportId { article, n };
        let gone = Gone { published, report, keys: keys_of(transaction, id)?, id };
        transaction.prepare_cached("INSERT OR IGNORE INTO unmerged VALUES ('gone', ?1)")?.execute([json(&gone)?])?;
    }
    Ok(())
}

/// Returns the keys of a report's victim.
pub(super) fn keys_of(connection: &Connection, id: ReportId) -> Tried<Vec<String>> {
    let mut keys = connection.prepare_cached("SELECT key FROM victim_keys WHERE article = ?1 AND n = ?2 ORDER BY key")?;
    Ok(keys.query_map(params![id.article.0, id.n], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

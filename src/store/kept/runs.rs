//! The runs of the nightly job: when each began and ended, what it said, and which incidents no summary has told yet.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::Kept;
use super::pack::{from_json, json, moment};
use super::trouble::Tried;
use crate::model::incident::{Incident, IncidentId};
use crate::model::source::SourceId;
use crate::store::StoreError;

/// The number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub i64);

/// One run of the nightly job.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; None if it goes on or was cut off.
    pub ended_at: Option<Timestamp>,
    /// Its summary, as the run wrote it.
    pub summary: Option<serde_json::Value>,
    /// Why it ended early, where it could say so.
    pub failure: Option<String>,
}

impl Run {
    /// Returns how many sources it tried, as its summary says.
    pub fn tried(&self) -> u32 {
        let tried = self.summary.as_ref().and_then(|summary| summary["tried"].as_u64());
        tried.and_then(|tried| u32::try_from(tried).ok()).unwrap_or(0)
    }

    /// Returns the names of the sources that failed or refused, as its summary says.
    pub fn failed(&self) -> Vec<String> {
        let lines = self.summary.as_ref().and_then(|summary| summary["sources"].as_array());
        let failed = |line: &&serde_json::Value| matches!(line["outcome"].as_str(), Some("source-failed" | "blocked"));
        let name = |line: &serde_json::Value| line["name"].as_str().map(str::to_owned);
        lines.into_iter().flatten().filter(failed).filter_map(name).collect()
    }
}

/// An incident that changed in a run and that no summary has told yet. Both sides are without their reports.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Which incident.
    pub id: IncidentId,
    /// As it was; None where it was not there.
    pub before: Option<Incident>,
    /// As it is; None where it is no more.
    pub now: Option<Incident>,
}

impl Kept {
    /// Notes that a run begins. From here on, changed incidents are news until [`Kept::end_run`].
    pub fn begin_run(&mut self, at: Timestamp) -> Result<RunId, StoreError> {
        let run = self.write("noting that a run begins", |transaction| {
            transaction.execute("INSERT INTO runs (began_at) VALUES (?1)", [at.as_microsecond()])?;
            Ok(RunId(transaction.last_insert_rowid()))
        })?;
        self.in_run = true;
        Ok(run)
    }

    /// Notes that a run has ended, with its summary, which has told all news.
    pub fn end_run(&mut self, run: RunId, at: Timestamp, summary: &serde_json::Value) -> Result<(), StoreError> {
        self.in_run = false;
        self.write("noting that a run ended", |transaction| {
            let values = params![run.0, at.as_microsecond(), json(summary)?];
            transaction.execute("UPDATE runs SET ended_at = ?2, summary = ?3 WHERE run = ?1", values)?;
            transaction.execute("DELETE FROM news", [])?;
            Ok(())
        })
    }

    /// Notes why a run ended early. Its news is left to the next one.
    pub fn fail_run(&mut self, run: RunId, at: Timestamp, why: &str) -> Result<(), StoreError> {
        self.in_run = false;
        self.write("noting why a run failed", |transaction| {
            let values = params![run.0, at.as_microsecond(), why];
            transaction.execute("UPDATE runs SET ended_at = ?2, failure = ?3 WHERE run = ?1", values)?;
            Ok(())
        })
    }

    /// Returns the last runs, newest first.
    pub fn last_runs(&self, most: usize) -> Result<Vec<Run>, StoreError> {
        self.read("listing the last runs", |connection| {
            let mut statement = connection
                .prepare_cached("SELECT run, began_at, ended_at, summary, failure FROM runs ORDER BY run DESC LIMIT ?1")?;
            let mut rows = statement.query([most as i64])?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next()? {
                runs.push(read_run(row)?);
            }
            Ok(runs)
        })
    }

    /// Returns a run; None if there is none of that number.
    pub fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.read("loading a run", |connection| {
            let mut statement =
                connection.prepare_cached("SELECT run, began_at, ended_at, summary, failure FROM runs WHERE run = ?1")?;
            let mut rows = statement.query([id.0])?;
            rows.next()?.map(read_run).transpose()
        })
    }

    /// Returns the incidents that no summary has told yet, by id.
    pub fn news(&self) -> Result<Vec<News>, StoreError> {
        self.read("loading what is new", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT news.incident, before, settled FROM news LEFT JOIN incidents USING (incident) ORDER BY news.incident",
            )?;
            let mut rows = statement.query([])?;
            let mut news = Vec::new();
            while let Some(row) = rows.next()? {
                let side = |column: usize| -> Tried<Option<Incident>> {
                    row.get::<_, Option<String>>(column)?.as_deref().map(from_json).transpose()
                };
                news.push(News { id: IncidentId(row.get(0)?), before: side(1)?, now: side(2)? });
            }
            Ok(news)
        })
    }

    /// Returns the moments at which a source last named something new, the newest first.
    pub fn gave_at(&self, source: &SourceId, most: usize) -> Result<Vec<Timestamp>, StoreError> {
        self.read("reading when a source gave something", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT seen_at FROM items WHERE source = ?1 AND seen_at IS NOT NULL ORDER BY seen_at DESC LIMIT ?2",
            )?;
            let mut rows = statement.query(params![source.0, most as i64])?;
            let mut moments = Vec::new();
            while let Some(row) = rows.next()? {
                moments.push(moment(row.get(0)?)?);
            }
            Ok(moments)
        })
    }
}

/// Notes an incident that changed in a run, with what it was before the first of its changes.
pub(super) fn mark_news(transaction: &Transaction<'_>, id: &IncidentId, before: Option<&str>) -> Tried<()> {
    transaction.prepare_cached("INSERT OR IGNORE INTO news VALUES (?1, ?2)")?.execute(params![id.0, before])?;
    Ok(())
}

/// Returns the settled values of an incident as they are kept.
pub(super) fn settled(transaction: &Transaction<'_>, id: &IncidentId) -> Tried<Option<String>> {
    let mut statement = transaction.prepare_cached("SELECT settled FROM incidents WHERE incident = ?1")?;
    Ok(statement.query_row([&id.0], |row| row.get(0)).optional()?)
}

fn read_run(row: &Row<'_>) -> Tried<Run> {
    Ok(Run {
        id: RunId(row.get(0)?),
        began_at: moment(row.get(1)?)?,
        ended_at: row.get::<_, Option<i64>>(2)?.map(moment).transpose()?,
        summary: row.get::<_, Option<String>>(3)?.as_deref().map(from_json).transpose()?,
        failure: row.get(4)?,
    })
}

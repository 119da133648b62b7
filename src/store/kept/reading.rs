//! Derived rows given back: incidents with their reports, articles, what changed since, how many there are.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::pack::{from_json, from_json_z};
use super::trouble::{Tried, Trouble};
use super::{Kept, alike};
use crate::model::article::{Article, ArticleId};
use crate::model::incident::{Filed, Incident, IncidentId, ReportId};
use crate::model::report::Report;
use crate::store::StoreError;

/// An article with what is known around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The article as read.
    pub article: Article,
    /// The name of its source.
    pub source_name: String,
    /// Whether it was extracted; false for an article in a language that is not.
    pub extracted: bool,
    /// Its reports, and the incident that each belongs to.
    pub reports: Vec<(ReportId, Option<IncidentId>)>,
}

/// What a list shows of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// An article.
    Article(ArticleId),
    /// An incident; it may be no more.
    Incident(IncidentId),
}

/// What something that changed is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Current {
    /// An article, None where there is none to be shown, and what it says of events.
    Article(ArticleId, Option<Shown>, Vec<Filed>),
    /// An incident; None where it is no more.
    Incident(IncidentId, Option<Incident>),
}

/// One change, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place in the order.
    pub seq: i64,
    /// What changed.
    pub of: Changed,
}

/// How many of everything there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Sources that were ever read.
    pub sources: u64,
    /// Articles that any source named.
    pub items: u64,
    /// Articles whose page is still to be fetched.
    pub waiting: u64,
    /// Articles that were read.
    pub articles: u64,
    /// Pages that gave no article.
    pub not_articles: u64,
    /// Pages on which the reading failed.
    pub faults: u64,
    /// What articles say of events.
    pub reports: u64,
    /// Events, without those that an analyst hid.
    pub incidents: u64,
}

impl Kept {
    /// Returns an incident with all its reports; None if there is none of that id.
    pub fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        self.read("loading an incident", |connection| incident(connection, id))
    }

    /// Returns an article; None if it is not known, no article was read from its page, or it is another one under a further address.
    pub fn article(&self, id: ArticleId) -> Result<Option<Shown>, StoreError> {
        self.read("loading an article", |connection| article(connection, id))
    }

    /// Returns what an article says of events, in the order in which it comes to them.
    pub fn reports(&self, id: ArticleId) -> Result<Vec<Report>, StoreError> {
        self.read("loading the reports of an article", |connection| {
            let mut statement = connection.prepare_cached("SELECT report FROM reports WHERE article = ?1 ORDER BY n")?;
            let reports: Vec<String> = statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
            reports.iter().map(|report| from_json(report)).collect()
        })
    }

    /// Returns what an article says of events, each with the head of the article.
    pub fn filed(&self, id: ArticleId) -> Result<Vec<Filed>, StoreError> {
        self.read("loading the reports of an article", |connection| filed_of(connection, id))
    }

    /// Loads what a list shows of an article; None if there is none of that number.
    pub fn headline(&self, id: ArticleId) -> Result<Option<Headline>, StoreError> {
        self.read("loading the title of an article", |connection| {
            let mut headline = connection
                .prepare_cached("SELECT title, url FROM articles WHERE article = ?1 AND title IS NOT NULL AND url IS NOT NULL")?;
            Ok(headline.query_row([id.0], |row| Ok(Headline { title: row.get(0)?, url: row.get(1)? })).optional()?)
        })
    }

    /// Loads what some changes are of, one after the other in one snapshot, and hands it to `take`; stops at its first error.
    pub fn visit<'c>(
        &self,
        changed: impl IntoIterator<Item = &'c Changed>,
        take: &mut dyn FnMut(Current) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read("loading what changed", |connection| {
            for changed in changed {
                let current = match changed {
                    Changed::Article(id) => Current::Article(*id, article(connection, *id)?, filed_of(connection, *id)?),
                    Changed::Incident(id) => Current::Incident(id.clone(), incident(connection, id)?),
                };
                if let Err(error) = take(current) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        })?
    }

    /// Returns the number of the last change; 0 if there never was one.
    pub fn last_seq(&self) -> Result<i64, StoreError> {
        self.read("reading the last change", |connection| {
            Ok(connection.query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |row| row.get(0))?)
        })
    }

    /// Returns the changes after the one of that number, in order. Each thing is named once, at the place of its last change.
    pub fn changes_after(&self, seq: i64, most: usize) -> Result<Vec<Change>, StoreError> {
        self.changes("SELECT seq, what, id FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2", seq, most)
    }

    /// Returns how many articles, or incidents, changed after the change of that number.
    pub fn changed_after(&self, seq: i64, incidents: bool) -> Result<u64, StoreError> {
        let what = if incidents { "incident" } else { "article" };
        self.read("counting changes", |connection| {
            let mut count = connection.prepare_cached("SELECT count(*) FROM changes WHERE seq > ?1 AND what = ?2")?;
            Ok(count.query_row(params![seq, what], |row| row.get::<_, i64>(0))?.cast_unsigned())
        })
    }

    /// Returns the last changes of incidents after the one of that number, the newest first.
    pub fn last_changes(&self, seq: i64, most: usize) -> Result<Vec<Change>, StoreError> {
        let of_incidents = "SELECT seq, what, id FROM changes WHERE seq > ?1 AND what = 'incident' ORDER BY seq DESC LIMIT ?2";
        self.changes(of_incidents, seq, most)
    }

    fn changes(&self, wanted: &str, seq: i64, most: usize) -> Result<Vec<Change>, StoreError> {
        self.read("listing changes", |connection| {
            let mut statement = connection.prepare_cached(wanted)?;
            let mut rows = statement.query(params![seq, most as i64])?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(2)?;
                let of = match row.get::<_, String>(1)?.as_str() {
                    "article" => {
                        Changed::Article(ArticleId(id.parse().map_err(|_| Trouble::Row(format!("{id} is no article")))?))
                    }
                    _ => Changed::Incident(IncidentId(id)),
                };
                changes.push(Change { seq: row.get(0)?, of });
            }
            Ok(changes)
        })
    }

    /// Returns the tags of every source, by its name.
    pub fn tags(&self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        self.read("reading the sources' tags", |connection| {
            let mut statement = connection.prepare("SELECT name, tags FROM sources")?;
            let mut rows = statement.query([])?;
            let mut tags = BTreeMap::new();
            while let Some(row) = rows.next()? {
                tags.insert(row.get(0)?, from_json(&row.get::<_, String>(1)?)?);
            }
            Ok(tags)
        })
    }

    /// Returns how many of everything there are.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.read("counting", |connection| {
            let count = |what: &str| -> Tried<u64> {
                Ok(connection.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get::<_, i64>(0))? as u64)
            };
            Ok(Counts {
                sources: count("source_states")?,
                items: count("items")?,
                waiting: count("items WHERE page = 'waiting'")?,
                articles: count("articles WHERE outcome IN ('extracted', 'kept') AND article NOT IN (SELECT article FROM alike WHERE how = 'address')")?,
                not_articles: count("articles WHERE outcome = 'none'")?,
                faults: count("articles WHERE outcome = 'fault'")?,
                reports: count("reports")?,
                incidents: count("incidents WHERE hidden = 0")?,
            })
        })
    }
}

fn incident(connection: &Connection, id: &IncidentId) -> Tried<Option<Incident>> {
    let mut settled = connection.prepare_cached("SELECT settled FROM incidents WHERE incident = ?1")?;
    let Some(settled) = settled.query_row([&id.0], |row| row.get::<_, String>(0)).optional()? else { return Ok(None) };
    let mut incident: Incident = from_json(&settled)?;
    let mut members = connection.prepare_cached(
        "SELECT article, n FROM belongs JOIN reports USING (article, n) JOIN articles USING (article)
         WHERE incident = ?1 ORDER BY published, article, n",
    )?;
    let mut rows = members.query([&id.0])?;
    while let Some(row) = rows.next()? {
        incident.reports.push(filed(connection, ReportId { article: ArticleId(row.get(0)?), n: row.get(1)? })?);
    }
    Ok(Some(incident))
}

fn filed_of(connection: &Connection, article: ArticleId) -> Tried<Vec<Filed>> {
    let mut statement = connection.prepare_cached("SELECT n FROM reports WHERE article = ?1 ORDER BY n")?;
    let numbers: Vec<u32> = statement.query_map([article.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    numbers.into_iter().map(|n| filed(connection, ReportId { article, n })).collect()
}

/// Loads one report with the head of its article.
pub(super) fn filed(connection: &Connection, id: ReportId) -> Tried<Filed> {
    let mut filed = told(connection, id)?;
    fill_in(connection, &mut filed)?;
    Ok(filed)
}

/// Loads one report with no more of its article than merging wants.
pub(super) fn told(connection: &Connection, id: ReportId) -> Tried<Filed> {
    let mut statement = connection.prepare_cached(
        "SELECT url, title, published, report FROM reports JOIN articles USING (article) WHERE article = ?1 AND n = ?2",
    )?;
    let mut rows = statement.query(params![id.article.0, id.n])?;
    let Some(row) = rows.next()? else { return Err(Trouble::Row(format!("report {}/{} is missing", id.article.0, id.n))) };
    let published: String = row.get(2)?;
    Ok(Filed {
        id,
        source: String::new(),
        url: row.get(0)?,
        title: row.get(1)?,
        published: published.parse().map_err(|_| Trouble::Row(format!("{published} is no day")))?,
        copy_of: None,
        also_at: Vec::new(),
        report: from_json(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?,
    })
}

/// Fills in what is shown of the article of a report, but has no part in merging it.
pub(super) fn fill_in(connection: &Connection, filed: &mut Filed) -> Tried<()> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(name, source), first FROM items LEFT JOIN sources USING (source) LEFT JOIN alike USING (article)
         WHERE article = ?1",
    )?;
    let article = filed.id.article;
    (filed.source, filed.copy_of) =
        statement.query_row([article.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(ArticleId))))?;
    filed.also_at = alike::other_addresses(connection, article)?;
    Ok(())
}

fn article(connection: &Connection, id: ArticleId) -> Tried<Option<Shown>> {
    let mut statement = connection.prepare_cached(
        "SELECT read_z, outcome, coalesce(name, source) FROM articles JOIN items USING (article) LEFT JOIN sources USING (source)
         WHERE article = ?1 AND read_z IS NOT NULL AND article NOT IN (SELECT article FROM alike WHERE how = 'address')",
    )?;
    let mut rows = statement.query([id.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let article = from_json_z(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
    let extracted = row.get::<_, String>(1)? == "extracted";
    let source_name = row.get(2)?;
    let mut reports = connection
        .prepare_cached("SELECT n, incident FROM reports LEFT JOIN belongs USING (article, n) WHERE article = ?1 ORDER BY n")?;
    let reports = reports
        .query_map([id.0], |row| {
            Ok((ReportId { article: id, n: row.get(0)? }, row.get::<_, Option<String>>(1)?.map(IncidentId)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(Shown { article, source_name, extracted, reports }))
}

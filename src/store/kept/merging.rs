//! Reports by victim, and the incidents they were merged into: what is to be merged again, and what came of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::derived::mark_changed;
use super::pack::json;
use super::prepared::ReportRow;
use super::trouble::Tried;
use super::{Kept, edits, reading, runs};
use crate::model::article::ArticleId;
use crate::model::edit::{Edit, EditId};
use crate::model::incident::{Filed, Incident, IncidentId, ReportId};
use crate::store::StoreError;

/// Reports that have to be merged together, and nothing else with them: all that share a victim's keys or are named in one edit, directly
/// or through others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The reports, by id.
    pub reports: Vec<Filed>,
    /// Which incident each of them belonged to until now.
    pub before: BTreeMap<ReportId, IncidentId>,
    /// What analysts said of any of them, the oldest first.
    pub edits: Vec<Edit>,
    /// The incidents that what comes of it replaces, and those among them of which a report or an edit changed.
    replaces: BTreeSet<IncidentId>,
    touched: BTreeSet<IncidentId>,
    /// The marks that are done with when it is saved.
    keys: BTreeSet<String>,
}

/// How many incidents a merge changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Incidents that were not there before.
    pub new: usize,
    /// Incidents that say something else than before.
    pub changed: usize,
    /// Incidents that are no more.
    pub removed: usize,
}

impl std::ops::AddAssign for Merged {
    fn add_assign(&mut self, other: Merged) {
        self.new += other.new;
        self.changed += other.changed;
        self.removed += other.removed;
    }
}

impl Kept {
    /// Returns the next reports to merge, at least `enough` of them unless there are fewer; None when nothing is left to merge.
    pub fn unmerged(&self, enough: usize) -> Result<Option<Scope>, StoreError> {
        self.read("loading reports to merge", |connection| {
            let edited = connection.prepare_cached("SELECT 1 FROM edits LIMIT 1")?.exists([])?;
            let mut reach = Reach { edited, ..Reach::default() };
            let mut marks = connection.prepare_cached("SELECT what, id FROM unmerged ORDER BY what, id")?;
            let mut rows = marks.query([])?;
            let mut any = false;
            while let Some(row) = rows.next()? {
                any = true;
                match row.get::<_, String>(0)?.as_str() {
                    "key" => reach.key(row.get(1)?),
                    _ => reach.incident(IncidentId(row.get(1)?)),
                }
                reach.close(connection)?;
                if reach.reports.len() >= enough {
                    break;
                }
            }
            if any { reach.load(connection).map(Some) } else { Ok(None) }
        })
    }

    /// Saves the incidents that came of a scope in place of those that it replaces.
    ///
    /// An id that an incident outside the scope has already gets a number at its end.
    pub fn save_incidents(&mut self, scope: &Scope, mut incidents: Vec<Incident>) -> Result<Merged, StoreError> {
        let in_run = self.in_run;
        self.write("saving incidents", |transaction| {
            let mut merged = Merged::default();
            let mut taken = BTreeSet::new();
            for incident in &mut incidents {
                incident.id = free_id(transaction, scope, &taken, &incident.id)?;
                taken.insert(incident.id.clone());
            }
            for id in &scope.replaces {
                transaction.prepare_cached(FORGET)?.execute([&id.0])?;
                if taken.contains(id) {
                    continue;
                }
                let before = runs::settled(transaction, id)?;
                if transaction.prepare_cached("DELETE FROM incidents WHERE incident = ?1")?.execute([&id.0])? > 0 {
                    mark_changed(transaction, "incident", &id.0)?;
                    merged.removed += 1;
                    if in_run {
                        runs::mark_news(transaction, id, before.as_deref())?;
                    }
                }
            }
            let held = scope.held();
            for incident in &incidents {
                let as_it_was = scope.is_as_it_was(incident, held.get(&incident.id).copied().unwrap_or_default());
                save_belongs(transaction, scope, incident)?;
                save_incident(transaction, incident, as_it_was, in_run, &mut merged)?;
            }
            for key in &scope.keys {
                transaction.prepare_cached("DELETE FROM unmerged WHERE what = 'key' AND id = ?1")?.execute([key])?;
            }
            for id in &scope.replaces {
                transaction.prepare_cached("DELETE FROM unmerged WHERE what = 'incident' AND id = ?1")?.execute([&id.0])?;
            }
            Ok(merged)
        })
    }
}

/// Forgets to which incident reports belonged that are no more. Of those that there are, each is noted anew where that changes.
const FORGET: &str = "DELETE FROM belongs WHERE incident = ?1
     AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.article = belongs.article AND reports.n = belongs.n)";

impl Scope {
    /// Returns how many reports each incident held.
    fn held(&self) -> HashMap<&IncidentId, usize> {
        let mut held = HashMap::new();
        self.before.values().for_each(|id| *held.entry(id).or_default() += 1);
        held
    }

    /// Tells whether an incident that comes of this is what it was: nothing was said of it, and it holds the reports that it held.
    fn is_as_it_was(&self, incident: &Incident, held: usize) -> bool {
        self.edits.is_empty()
            && !self.touched.contains(&incident.id)
            && incident.reports.len() == held
            && incident.reports.iter().all(|filed| self.before.get(&filed.id) == Some(&incident.id))
    }
}

/// What can be reached from the marks by shared keys, shared incidents and shared edits.
#[derive(Default)]
struct Reach {
    keys: BTreeSet<String>,
    incidents: BTreeSet<IncidentId>,
    /// Each with the incident that it belongs to.
    reports: BTreeMap<ReportId, Option<IncidentId>>,
    edits: BTreeSet<EditId>,
    /// Whether there are edits at all.
    edited: bool,
    /// Reached, but what it leads to is not looked up yet.
    open: Vec<Open>,
}

enum Open {
    Key(String),
    Incident(IncidentId),
    Report(ReportId),
    Edit(EditId),
}

impl Reach {
    fn key(&mut self, key: String) {
        if self.keys.insert(key.clone()) {
            self.open.push(Open::Key(key));
        }
    }

    fn incident(&mut self, id: IncidentId) {
        if self.incidents.insert(id.clone()) {
            self.open.push(Open::Incident(id));
        }
    }

    fn report(&mut self, id: ReportId, incident: Option<IncidentId>) {
        if self.reports.contains_key(&id) {
            return;
        }
        self.open.push(Open::Report(id));
        if let Some(incident) = incident.clone() {
            self.incident(incident);
        }
        self.reports.insert(id, incident);
    }

    fn edit(&mut self, id: EditId) {
        if self.edits.insert(id) {
            self.open.push(Open::Edit(id));
        }
    }

    fn close(&mut self, connection: &Connection) -> Tried<()> {
        let mut of_key = connection
            .prepare_cached("SELECT article, n, incident FROM victim_keys LEFT JOIN belongs USING (article, n) WHERE key = ?1")?;
        let mut of_incident = connection
            .prepare_cached("SELECT article, n, incident FROM belongs JOIN reports USING (article, n) WHERE incident = ?1")?;
        let mut of_edit = connection.prepare_cached(
            "SELECT article, n, incident FROM edit_articles JOIN reports USING (article) LEFT JOIN belongs USING (article, n)
             WHERE edit = ?1",
        )?;
        let mut keys_of = connection.prepare_cached("SELECT key FROM victim_keys WHERE article = ?1 AND n = ?2")?;
        while let Some(open) = self.open.pop() {
            let found = match &open {
                Open::Key(key) => of_key.query_map([key], belonging)?.collect::<Result<Vec<_>, _>>()?,
                Open::Incident(id) => {
                    if self.edited {
                        edits::of_incident(connection, id)?.into_iter().for_each(|edit| self.edit(edit));
                    }
                    of_incident.query_map([&id.0], belonging)?.collect::<Result<Vec<_>, _>>()?
                }
                Open::Edit(id) => of_edit.query_map([id.0], belonging)?.collect::<Result<Vec<_>, _>>()?,
                Open::Report(id) => {
                    if self.edited {
                        edits::of_article(connection, id.article)?.into_iter().for_each(|edit| self.edit(edit));
                    }
                    for key in keys_of.query_map(params![id.article.0, id.n], |row| row.get(0))? {
                        self.key(key?);
                    }
                    Vec::new()
                }
            };
            found.into_iter().for_each(|(id, incident)| self.report(id, incident));
        }
        Ok(())
    }

    fn load(self, connection: &Connection) -> Tried<Scope> {
        let mut scope = Scope { keys: self.keys, ..Scope::default() };
        let mut marked = connection.prepare_cached("SELECT 1 FROM unmerged WHERE what = 'incident' AND id = ?1")?;
        for id in &self.incidents {
            if marked.exists([&id.0])? {
                scope.touched.insert(id.clone());
            }
        }
        scope.replaces = self.incidents;
        for (id, incident) in self.reports {
            scope.before.extend(incident.map(|incident| (id, incident)));
            scope.reports.push(reading::filed(connection, id)?);
        }
        for id in self.edits {
            scope.edits.extend(edits::load(connection, id)?);
        }
        Ok(scope)
    }
}

fn belonging(row: &rusqlite::Row<'_>) -> rusqlite::Result<(ReportId, Option<IncidentId>)> {
    let id = ReportId { article: ArticleId(row.get(0)?), n: row.get(1)? };
    Ok((id, row.get::<_, Option<String>>(2)?.map(IncidentId)))
}

fn free_id(transaction: &Transaction<'_>, scope: &Scope, taken: &BTreeSet<IncidentId>, wanted: &IncidentId) -> Tried<IncidentId> {
    let mut there = transaction.prepare_cached("SELECT 1 FROM incidents WHERE incident = ?1")?;
    let mut id = wanted.clone();
    let mut number = 2;
    while taken.contains(&id) || (!scope.replaces.contains(&id) && there.exists([&id.0])?) {
        id = IncidentId(format!("{wanted}-{number}"));
        number += 1;
    }
    Ok(id)
}

fn save_belongs(transaction: &Transaction<'_>, scope: &Scope, incident: &Incident) -> Tried<()> {
    for filed in incident.reports.iter().filter(|filed| scope.before.get(&filed.id) != Some(&incident.id)) {
        transaction.prepare_cached("INSERT OR REPLACE INTO belongs VALUES (?1, ?2, ?3)")?.execute(params![
            filed.id.article.0,
            filed.id.n,
            incident.id.0
        ])?;
    }
    Ok(())
}

fn save_incident(
    transaction: &Transaction<'_>,
    incident: &Incident,
    as_it_was: bool,
    in_run: bool,
    merged: &mut Merged,
) -> Tried<()> {
    let before: Option<i64> = transaction
        .prepare_cached("SELECT whole FROM incidents WHERE incident = ?1")?
        .query_row([&incident.id.0], |row| row.get(0))
        .optional()?;
    if before.is_some() && as_it_was {
        return Ok(());
    }
    let whole = hash(&json(incident)?);
    match before {
        Some(before) if before == whole => return Ok(()),
        Some(_) => merged.changed += 1,
        None => merged.new += 1,
    }
    if in_run {
        runs::mark_news(transaction, &incident.id, runs::settled(transaction, &incident.id)?.as_deref())?;
    }
    let settled = json(&Incident { reports: Vec::new(), ..incident.clone() })?;
    transaction.prepare_cached("INSERT OR REPLACE INTO incidents VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        incident.id.0,
        settled,
        whole,
        incident.edited.hidden
    ])?;
    mark_changed(transaction, "incident", &incident.id.0)
}

/// Returns a number that is another for another text. If a later compiler hashes otherwise, incidents merely count as changed once.
fn hash(text: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() as i64
}

/// Marks everything to be merged again.
pub(super) fn mark_all_unmerged(transaction: &Transaction<'_>) -> Tried<()> {
    transaction.execute("INSERT OR IGNORE INTO unmerged SELECT DISTINCT 'key', key FROM victim_keys", [])?;
    transaction.execute("INSERT OR IGNORE INTO unmerged SELECT 'incident', incident FROM incidents", [])?;
    Ok(())
}

/// Marks the incidents of an article's reports to be merged again: what is shown around the reports has changed.
pub(super) fn mark_reports(transaction: &Transaction<'_>, article: ArticleId) -> Tried<()> {
    let marks = "INSERT OR IGNORE INTO unmerged SELECT 'incident', incident FROM belongs JOIN reports USING (article, n) WHERE article = ?1";
    transaction.prepare_cached(marks)?.execute([article.0])?;
    Ok(())
}

/// Tells whether exactly these reports are saved for an article.
pub(super) fn has_reports(transaction: &Transaction<'_>, article: ArticleId, reports: &[ReportRow]) -> Tried<bool> {
    let mut saved = transaction.prepare_cached("SELECT n, report FROM reports WHERE article = ?1 ORDER BY n")?;
    let saved: Vec<(u32, String)> =
        saved.query_map([article.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    if saved.len() != reports.len() {
        return Ok(false);
    }
    let mut keys_of = transaction.prepare_cached("SELECT key FROM victim_keys WHERE article = ?1 AND n = ?2")?;
    for ((n, saved), report) in saved.iter().zip(reports) {
        let saved_keys: HashSet<String> =
            keys_of.query_map(params![article.0, n], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if *saved != report.json || saved_keys != own_keys(article, *n, &report.keys) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Saves the reports of an article in place of those it had, and marks the keys of both to be merged.
pub(super) fn replace_reports(transaction: &Transaction<'_>, article: ArticleId, reports: &[ReportRow]) -> Tried<()> {
    let mark_before = "INSERT OR IGNORE INTO unmerged
         SELECT 'key', key FROM victim_keys WHERE article = ?1
         UNION SELECT 'incident', incident FROM belongs JOIN reports USING (article, n) WHERE article = ?1";
    transaction.prepare_cached(mark_before)?.execute([article.0])?;
    let before = Bearer::load(transaction, article)?;
    transaction.prepare_cached("DELETE FROM reports WHERE article = ?1")?.execute([article.0])?;
    for (n, report) in (0u32..).zip(reports) {
        transaction.prepare_cached("INSERT INTO reports VALUES (?1, ?2, ?3)")?.execute(params![article.0, n, report.json])?;
        for key in own_keys(article, n, &report.keys) {
            transaction.prepare_cached("INSERT INTO victim_keys VALUES (?1, ?2, ?3)")?.execute(params![key, article.0, n])?;
            transaction.prepare_cached("INSERT OR IGNORE INTO unmerged VALUES ('key', ?1)")?.execute([key])?;
        }
    }
    carry_names(transaction, article, before, reports)
}

/// A report that is about to be replaced, with the incident that it belongs to.
struct Bearer {
    n: u32,
    keys: HashSet<String>,
    incident: String,
}

impl Bearer {
    fn load(transaction: &Transaction<'_>, article: ArticleId) -> Tried<Vec<Bearer>> {
        let mut held = transaction
            .prepare_cached("SELECT n, incident FROM belongs JOIN reports USING (article, n) WHERE article = ?1 ORDER BY n")?;
        let held: Vec<(u32, String)> =
            held.query_map([article.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut keys_of = transaction.prepare_cached("SELECT key FROM victim_keys WHERE article = ?1 AND n = ?2")?;
        let mut bearers = Vec::new();
        for (n, incident) in held {
            let keys = keys_of.query_map(params![article.0, n], |row| row.get(0))?.collect::<Result<_, _>>()?;
            bearers.push(Bearer { n, keys, incident });
        }
        Ok(bearers)
    }
}

/// Gives each new report of an article the incident of the report that it replaces: the one of the same victim wherever it stood, else the
/// one in the same place. So a report that is read no more does not leave its incident's name to another event.
fn carry_names(transaction: &Transaction<'_>, article: ArticleId, mut before: Vec<Bearer>, reports: &[ReportRow]) -> Tried<()> {
    let mut heirs: BTreeMap<u32, Bearer> = BTreeMap::new();
    for (n, report) in (0u32..).zip(reports) {
        let keys = own_keys(article, n, &report.keys);
        let same = |bearer: &&Bearer| !bearer.keys.is_disjoint(&keys);
        if let Some(n_before) = before.iter().filter(same).min_by_key(|bearer| (bearer.n != n, bearer.n)).map(|bearer| bearer.n) {
            let at = before.iter().position(|bearer| bearer.n == n_before).unwrap_or_default();
            heirs.insert(n, before.swap_remove(at));
        }
    }
    for (n, _) in (0u32..).zip(reports).filter(|(n, _)| !heirs.contains_key(n)).collect::<Vec<_>>() {
        if let Some(at) = before.iter().position(|bearer| bearer.n == n) {
            heirs.insert(n, before.swap_remove(at));
        }
    }
    for (n, bearer) in heirs.iter().filter(|(n, bearer)| **n != bearer.n) {
        transaction.prepare_cached("DELETE FROM belongs WHERE article = ?1 AND n = ?2")?.execute(params![article.0, bearer.n])?;
        transaction.prepare_cached("DELETE FROM belongs WHERE article = ?1 AND n = ?2")?.execute(params![article.0, n])?;
    }
    for (n, bearer) in heirs {
        let values = params![article.0, n, bearer.incident];
        transaction.prepare_cached("INSERT OR REPLACE INTO belongs VALUES (?1, ?2, ?3)")?.execute(values)?;
    }
    Ok(())
}

/// Returns the keys of a report; one that no other has where it has none.
fn own_keys(article: ArticleId, n: u32, keys: &[String]) -> HashSet<String> {
    if keys.is_empty() { HashSet::from([format!("#{}/{n}", article.0)]) } else { keys.iter().cloned().collect() }
}

//! Reports by victim, and the incidents they were merged into: what is to be merged again, and what came of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{OptionalExtension, Transaction, params};

use super::derived::mark_changed;
use super::pack::json;
use super::prepared::ReportRow;
use super::reach::{Reach, Tie};
use super::trouble::Tried;
use super::{Kept, marks, reading, runs};
use crate::base::day::Day;
use crate::model::article::ArticleId;
use crate::model::edit::Edit;
use crate::model::incident::{Filed, Incident, IncidentId, ReportId};
use crate::store::StoreError;

/// Reports that have to be merged together, and nothing else with them: all that are tied, of one incident or named in one edit, directly or
/// through others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The reports, by id. What only whoever is shown them wants to know is filled in when they are saved: the name of the source, the text
    /// that is told again, other addresses.
    pub reports: Vec<Filed>,
    /// Which incident each of them belonged to until now.
    pub before: BTreeMap<ReportId, IncidentId>,
    /// What analysts said of any of them, the oldest first.
    pub edits: Vec<Edit>,
    /// The incidents that what comes of it replaces, and those among them of which a report or an edit changed.
    pub(super) replaces: BTreeSet<IncidentId>,
    pub(super) touched: BTreeSet<IncidentId>,
    /// How many reports each incident holds.
    pub(super) held: HashMap<IncidentId, usize>,
    /// The marks of reports and incidents that are done with when it is saved.
    pub(super) marks: Vec<(String, String)>,
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
    pub fn unmerged<T: Tie>(&self, enough: usize) -> Result<Option<Scope>, StoreError> {
        self.read("loading reports to merge", |connection| Reach::<T>::scope(connection, enough))
    }

    /// Saves the incidents that came of a scope in place of those that it replaces. Those that stay as they are ([`Scope::stays`]) need
    /// not be among them.
    ///
    /// An id that an incident outside the scope has already gets a number at its end.
    pub fn save_incidents(&mut self, scope: &Scope, mut incidents: Vec<Incident>) -> Result<Merged, StoreError> {
        let in_run = self.in_run;
        self.write("saving incidents", |transaction| {
            let mut merged = Merged::default();
            let staying = scope.staying(&incidents);
            let taken = name_freely(transaction, scope, &staying, &mut incidents)?;
            for id in &scope.touched {
                transaction.prepare_cached(FORGET)?.execute([&id.0])?;
                transaction.prepare_cached(DONE)?.execute(["incident", id.0.as_str()])?;
            }
            for (what, id) in &scope.marks {
                transaction.prepare_cached(DONE)?.execute([what, id])?;
            }
            for id in &scope.replaces {
                if taken.contains(id) || staying.contains(id) {
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
            for incident in &mut incidents {
                save_belongs(transaction, scope, incident)?;
                save_incident(transaction, incident, in_run, &mut merged)?;
            }
            Ok(merged)
        })
    }
}

/// Takes a mark away.
const DONE: &str = "DELETE FROM unmerged WHERE what = ?1 AND id = ?2";
/// Forgets to which incident reports belonged that are no more. Of those that there are, each is noted anew where that changes.
const FORGET: &str = "DELETE FROM belongs WHERE incident = ?1
     AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.article = belongs.article AND reports.n = belongs.n)";

impl Scope {
    /// Tells whether there is an incident of just these reports that stays as it is: nothing new was said or shown of it.
    pub fn stays(&self, reports: &[ReportId]) -> bool {
        let Some(incident) = reports.first().and_then(|report| self.before.get(report)) else { return false };
        self.edits.is_empty()
            && !self.touched.contains(incident)
            && self.held.get(incident) == Some(&reports.len())
            && reports.iter().all(|report| self.before.get(report) == Some(incident))
    }

    /// Returns the incidents that are to stay, since none of their reports is in what came of the scope.
    fn staying(&self, incidents: &[Incident]) -> HashSet<&IncidentId> {
        let merged: HashSet<ReportId> = incidents.iter().flat_map(|incident| &incident.reports).map(|filed| filed.id).collect();
        self.before.iter().filter(|(report, _)| !merged.contains(report)).map(|(_, incident)| incident).collect()
    }
}

/// Numbers the ids that incidents outside the scope have already, and returns all that the incidents bear now. No number leads to the id
/// of one that stays or of another that was merged: those keep theirs.
fn name_freely(
    transaction: &Transaction<'_>,
    scope: &Scope,
    staying: &HashSet<&IncidentId>,
    incidents: &mut [Incident],
) -> Tried<BTreeSet<IncidentId>> {
    let mut there = transaction.prepare_cached("SELECT 1 FROM incidents WHERE incident = ?1")?;
    let mut is_outside = |id: &IncidentId| -> Tried<bool> { Ok(!scope.replaces.contains(id) && there.exists([&id.0])?) };
    let mut taken: BTreeSet<IncidentId> = incidents.iter().map(|incident| incident.id.clone()).collect();
    for incident in incidents {
        let wanted = incident.id.clone();
        let mut number = 2;
        while is_outside(&incident.id)?
            || (incident.id != wanted && (taken.contains(&incident.id) || staying.contains(&incident.id)))
        {
            incident.id = IncidentId(format!("{wanted}-{number}"));
            number += 1;
        }
        if incident.id != wanted {
            taken.remove(&wanted);
            taken.insert(incident.id.clone());
        }
    }
    Ok(taken)
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

fn save_incident(transaction: &Transaction<'_>, incident: &mut Incident, in_run: bool, merged: &mut Merged) -> Tried<()> {
    let before: Option<i64> = transaction
        .prepare_cached("SELECT whole FROM incidents WHERE incident = ?1")?
        .query_row([&incident.id.0], |row| row.get(0))
        .optional()?;
    incident.reports.iter_mut().try_for_each(|filed| reading::fill_in(transaction, filed))?;
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

/// Tells whether exactly these reports are saved for an article.
pub(super) fn has_reports(transaction: &Transaction<'_>, article: ArticleId, reports: &[ReportRow]) -> Tried<bool> {
    let mut saved = transaction.prepare_cached("SELECT n, report FROM reports WHERE article = ?1 ORDER BY n")?;
    let saved: Vec<(u32, String)> =
        saved.query_map([article.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    if saved.len() != reports.len() {
        return Ok(false);
    }
    let mut keys_of = transaction.prepare_cached("SELECT key, gist FROM victim_keys WHERE article = ?1 AND n = ?2")?;
    for ((n, saved), report) in saved.iter().zip(reports) {
        let saved_keys: HashMap<String, Option<Vec<u8>>> =
            keys_of.query_map(params![article.0, n], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let keys = own_keys(article, *n, &report.keys);
        let same = |key: &String| saved_keys.get(key).is_some_and(|gist| gist.as_ref() == Some(&report.gist));
        if *saved != report.json || saved_keys.len() != keys.len() || !keys.iter().all(same) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Saves the reports of an article in place of those it had, and marks both to be merged; it had them as an article of the day `before`.
pub(super) fn replace_reports(
    transaction: &Transaction<'_>,
    article: ArticleId,
    before: Option<Day>,
    reports: &[ReportRow],
) -> Tried<()> {
    if let Some(before) = before {
        marks::mark_gone(transaction, article, before)?;
    }
    let before = Bearer::load(transaction, article)?;
    transaction.prepare_cached("DELETE FROM reports WHERE article = ?1")?.execute([article.0])?;
    for (n, report) in (0u32..).zip(reports) {
        transaction.prepare_cached("INSERT INTO reports VALUES (?1, ?2, ?3)")?.execute(params![article.0, n, report.json])?;
        for key in own_keys(article, n, &report.keys) {
            let values = params![key, article.0, n, report.gist];
            transaction.prepare_cached("INSERT INTO victim_keys VALUES (?1, ?2, ?3, ?4)")?.execute(values)?;
        }
    }
    marks::mark_new(transaction, article)?;
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

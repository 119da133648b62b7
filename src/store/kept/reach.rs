//! What has to be merged again with what is marked: whatever is found from there along ties, incidents and edits.
//!
//! A key leads to reports of the victim and of strangers with a like name. Those alone are reached that are
//! tied to a report, so that a new one takes few along however many share its keys; and those alone are loaded of which the gist beside
//! the key leaves that open.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, params};

use super::marks::{self, Gone, Mark};
use super::merging::Scope;
use super::trouble::{Tried, Trouble};
use super::{edits, reading};
use crate::model::article::ArticleId;
use crate::model::edit::EditId;
use crate::model::incident::{Filed, IncidentId, ReportId};

/// What tells whether two reports have to be merged together, made once of each. What that is, only `merge` knows.
pub trait Tie: Sized {
    /// What many reports have in common and is made once for all of them.
    type Common: Default;

    /// Reports that share a key, known by what is kept of each beside it.
    type Crowd;

    /// Makes a crowd of reports and what is kept beside the key, empty where there is nothing.
    fn crowd(holders: Vec<(ReportId, Vec<u8>)>) -> Self::Crowd;

    /// Hands on every report of a crowd that may be tied to this one; those of which `is_done` says so leave the crowd. Of the others
    /// [`Tie::is_tied`] must say no.
    fn visit<E>(&self, crowd: &mut Self::Crowd, is_done: impl FnMut(&ReportId) -> Result<bool, E>) -> Result<(), E>;

    /// Makes it of a report; the name of its source and its other addresses are not filled in.
    fn of(filed: &Filed, common: &mut Self::Common) -> Self;

    /// Tells whether two reports of which the victims share a key are to be merged together. It makes no difference which is asked.
    fn is_tied(&self, other: &Self) -> bool;
}

/// What can be reached from the marks.
pub(super) struct Reach<T: Tie> {
    reports: BTreeSet<ReportId>,
    incidents: BTreeSet<IncidentId>,
    edits: BTreeSet<EditId>,
    /// The incident to which each of the reports belongs.
    before: BTreeMap<ReportId, IncidentId>,
    /// Whether there are edits at all.
    edited: bool,
    /// Reached, but what it leads to is not looked up yet.
    open: Vec<Open>,
    /// Reports that were looked at.
    known: HashMap<ReportId, (Filed, Rc<T>)>,
    /// The reports that keys led to and that are not known to be reached; None while they are visited.
    crowds: Vec<Option<T::Crowd>>,
    /// Which of the crowds each key leads to, and each set of reports: a name and its consonants mostly lead to the same.
    of_key: HashMap<String, usize>,
    of_reports: HashMap<Vec<ReportId>, usize>,
    common: T::Common,
    /// The marks that were read.
    marks: Vec<(String, String)>,
}

enum Open {
    Report(ReportId),
    Gone(Box<Gone>),
    Incident(IncidentId),
    Edit(EditId),
}

impl<T: Tie> Reach<T> {
    /// Follows the marks in their order until that many reports are reached; None where nothing is marked.
    pub fn scope(connection: &Connection, enough: usize) -> Tried<Option<Scope>> {
        let mut reach = Reach::<T>::new(connection.prepare_cached("SELECT 1 FROM edits LIMIT 1")?.exists([])?);
        let mut marked = connection.prepare_cached("SELECT what, id FROM unmerged ORDER BY what, id")?;
        let mut rows = marked.query([])?;
        let mut is_all = true;
        while let Some(row) = rows.next()? {
            if reach.reports.len() >= enough {
                is_all = false;
                break;
            }
            let (what, id): (String, String) = (row.get(0)?, row.get(1)?);
            reach.mark(connection, marks::read(&what, &id)?)?;
            reach.marks.push((what, id));
            reach.close(connection)?;
        }
        if reach.marks.is_empty() { Ok(None) } else { reach.load(connection, is_all).map(Some) }
    }

    fn new(edited: bool) -> Reach<T> {
        Reach {
            reports: BTreeSet::new(),
            incidents: BTreeSet::new(),
            edits: BTreeSet::new(),
            before: BTreeMap::new(),
            edited,
            open: Vec::new(),
            known: HashMap::new(),
            crowds: Vec::new(),
            of_key: HashMap::new(),
            of_reports: HashMap::new(),
            common: T::Common::default(),
            marks: Vec::new(),
        }
    }

    fn mark(&mut self, connection: &Connection, mark: Mark) -> Tried<()> {
        match mark {
            Mark::Report(id) if is_there(connection, id)? => self.report(id),
            Mark::Report(_) => {} // its article was read again since
            Mark::Gone(gone) => self.open.push(Open::Gone(gone)),
            Mark::Incident(id) => self.incident(id),
        }
        Ok(())
    }

    fn report(&mut self, id: ReportId) {
        if self.reports.insert(id) {
            self.open.push(Open::Report(id));
        }
    }

    fn incident(&mut self, id: IncidentId) {
        if self.incidents.insert(id.clone()) {
            self.open.push(Open::Incident(id));
        }
    }

    fn edit(&mut self, id: EditId) {
        if self.edits.insert(id) {
            self.open.push(Open::Edit(id));
        }
    }

    fn close(&mut self, connection: &Connection) -> Tried<()> {
        while let Some(open) = self.open.pop() {
            match open {
                Open::Report(id) => self.open_report(connection, id)?,
                Open::Gone(gone) => {
                    if let Some(filed) = gone.filed() {
                        let tie = T::of(&filed, &mut self.common);
                        self.follow(connection, &tie, &gone.keys)?;
                    }
                }
                Open::Incident(id) => {
                    if self.edited {
                        edits::of_incident(connection, &id)?.into_iter().for_each(|edit| self.edit(edit));
                    }
                    let held = "SELECT article, n FROM belongs JOIN reports USING (article, n) WHERE incident = ?1";
                    found(connection, held, &id.0)?.into_iter().for_each(|id| self.report(id));
                }
                Open::Edit(id) => {
                    let named = "SELECT article, n FROM edit_articles JOIN reports USING (article) WHERE edit = ?1";
                    found(connection, named, id.0)?.into_iter().for_each(|id| self.report(id));
                }
            }
        }
        Ok(())
    }

    fn open_report(&mut self, connection: &Connection, id: ReportId) -> Tried<()> {
        if self.edited {
            edits::of_article(connection, id.article)?.into_iter().for_each(|edit| self.edit(edit));
        }
        let mut belongs = connection.prepare_cached("SELECT incident FROM belongs WHERE article = ?1 AND n = ?2")?;
        let incident = belongs.query_row(params![id.article.0, id.n], |row| row.get(0).map(IncidentId)).optional()?;
        if let Some(incident) = incident {
            self.before.insert(id, incident.clone());
            self.incident(incident);
        }
        let tie = self.look_at(connection, id)?;
        self.follow(connection, &tie, &marks::keys_of(connection, id)?)
    }

    /// Reaches all that is tied to a report with these keys.
    ///
    /// What is reached leaves the crowd of the key. So of a victim that is told of by thousands, nearly all of which hang together, each
    /// is met a few times and not by every other.
    fn follow(&mut self, connection: &Connection, tie: &T, keys: &[String]) -> Tried<()> {
        let crowds = keys.iter().map(|key| self.crowd(connection, key)).collect::<Tried<BTreeSet<usize>>>()?;
        for at in crowds {
            let Some(mut crowd) = self.crowds[at].take() else { continue };
            tie.visit(&mut crowd, |id| self.reaches(connection, tie, *id))?;
            self.crowds[at] = Some(crowd);
        }
        Ok(())
    }

    /// Returns the place of the crowd that a key leads to; it is loaded once.
    fn crowd(&mut self, connection: &Connection, key: &str) -> Tried<usize> {
        if let Some(at) = self.of_key.get(key) {
            return Ok(*at);
        }
        let holders = holders(connection, key)?;
        let at = *self.of_reports.entry(holders.iter().map(|(id, _)| *id).collect()).or_insert(self.crowds.len());
        if at == self.crowds.len() {
            self.crowds.push(Some(T::crowd(holders)));
        }
        self.of_key.insert(key.to_owned(), at);
        Ok(at)
    }

    /// Reaches a report if it is tied; tells whether it is reached now.
    fn reaches(&mut self, connection: &Connection, tie: &T, id: ReportId) -> Tried<bool> {
        if self.reports.contains(&id) {
            return Ok(true);
        }
        let is_tied = tie.is_tied(&*self.look_at(connection, id)?);
        if is_tied {
            self.report(id);
        }
        Ok(is_tied)
    }

    fn look_at(&mut self, connection: &Connection, id: ReportId) -> Tried<Rc<T>> {
        if let Some((_, tie)) = self.known.get(&id) {
            return Ok(Rc::clone(tie));
        }
        let filed = reading::told(connection, id)?;
        let tie = Rc::new(T::of(&filed, &mut self.common));
        self.known.insert(id, (filed, Rc::clone(&tie)));
        Ok(tie)
    }

    /// Makes the scope; `is_all` says whether all marks were read. If not, what was reached may bear others.
    fn load(mut self, connection: &Connection, is_all: bool) -> Tried<Scope> {
        let mut scope = Scope { marks: self.marks, before: self.before, ..Scope::default() };
        for id in &self.incidents {
            if marks::has_incident(connection, id)? {
                scope.touched.insert(id.clone());
            }
        }
        scope.replaces = self.incidents;
        scope.before.values().for_each(|id| *scope.held.entry(id.clone()).or_default() += 1);
        for id in self.reports {
            let (filed, _) = self.known.remove(&id).ok_or_else(|| missing(id))?;
            if !is_all {
                scope.marks.push(marks::of_report(&filed));
            }
            scope.reports.push(filed);
        }
        for id in self.edits {
            scope.edits.extend(edits::load(connection, id)?);
        }
        Ok(scope)
    }
}

/// Returns the reports that a key leads to, with what is kept beside it.
fn holders(connection: &Connection, key: &str) -> Tried<Vec<(ReportId, Vec<u8>)>> {
    let mut statement = connection.prepare_cached("SELECT article, n, gist FROM victim_keys WHERE key = ?1")?;
    let rows = statement.query_map([key], |row| {
        let gist = row.get_ref(2)?.as_blob_or_null()?.unwrap_or_default().to_vec();
        Ok((ReportId { article: ArticleId(row.get(0)?), n: row.get(1)? }, gist))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn is_there(connection: &Connection, id: ReportId) -> Tried<bool> {
    let mut there = connection.prepare_cached("SELECT 1 FROM reports WHERE article = ?1 AND n = ?2")?;
    Ok(there.exists(params![id.article.0, id.n])?)
}

fn found(connection: &Connection, wanted: &str, by: impl rusqlite::ToSql) -> Tried<Vec<ReportId>> {
    let mut statement = connection.prepare_cached(wanted)?;
    let ids = statement.query_map([by], |row| Ok(ReportId { article: ArticleId(row.get(0)?), n: row.get(1)? }))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn missing(id: ReportId) -> Trouble {
    Trouble::Row(format!("report {}/{} is missing", id.article.0, id.n))
}

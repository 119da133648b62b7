//! The edits of analysts: kept for good, found again by incident and by article, and what each means for the names of incidents.

use rusqlite::{Connection, Row, Transaction, params};

use super::Kept;
use super::marks::mark_incident;
use super::pack::{from_json, json, moment};
use super::trouble::{Tried, Trouble};
use crate::model::article::ArticleId;
use crate::model::edit::{Act, Anchor, Edit, EditId};
use crate::model::incident::IncidentId;
use crate::store::StoreError;

impl Kept {
    /// Keeps edits and gives each its number. What they touch is marked to be merged again, which the caller does next; if it is cut off
    /// before, the next ingest does it.
    pub fn save_edits(&mut self, edits: &mut [Edit]) -> Result<(), StoreError> {
        let numbers = self.write("keeping what was edited", |transaction| {
            edits.iter().map(|edit| save(transaction, edit)).collect::<Tried<Vec<EditId>>>()
        })?;
        edits.iter_mut().zip(numbers).for_each(|(edit, number)| edit.id = number);
        Ok(())
    }

    /// Returns all edits, the oldest first.
    pub fn edits(&self) -> Result<Vec<Edit>, StoreError> {
        self.read("listing the edits", |connection| {
            let mut statement = connection.prepare("SELECT edit, at, author, incident, reports, act FROM edits ORDER BY edit")?;
            let mut rows = statement.query([])?;
            let mut edits = Vec::new();
            while let Some(row) = rows.next()? {
                edits.push(read(row)?);
            }
            Ok(edits)
        })
    }

    /// Returns the edits of these numbers, in that order; those that there are not are left out.
    pub fn edits_numbered(&self, numbers: &[EditId]) -> Result<Vec<Edit>, StoreError> {
        self.read("loading edits", |connection| {
            numbers.iter().filter_map(|number| load(connection, *number).transpose()).collect()
        })
    }

    /// Returns the incidents that hold what was once an incident of such a name, before an analyst merged it with another: each once, that of
    /// the latest merging first.
    pub fn merged_into(&self, is_meant: impl Fn(&str) -> bool) -> Result<Vec<IncidentId>, StoreError> {
        let mut homes = Vec::new();
        for edit in self.edits()?.into_iter().rev() {
            let Act::Merge { with, reports } = &edit.act else { continue };
            if !is_meant(&with.0) {
                continue;
            }
            let home = self.read("looking for a merged incident", |connection| {
                let mut homes = reports.iter().filter_map(|anchor| incident_of(connection, anchor).transpose());
                homes.next().transpose()
            })?;
            homes.extend(home.filter(|home| !homes.contains(home)));
        }
        Ok(homes)
    }
}

fn incident_of(connection: &Connection, anchor: &Anchor) -> Tried<Option<IncidentId>> {
    let mut statement = connection
        .prepare_cached("SELECT incident FROM belongs JOIN incidents USING (incident) WHERE article = ?1 AND n = ?2")?;
    let mut rows = statement.query(params![anchor.id.article.0, anchor.id.n])?;
    Ok(rows.next()?.map(|row| row.get(0).map(IncidentId)).transpose()?)
}

fn read(row: &Row<'_>) -> Tried<Edit> {
    Ok(Edit {
        id: EditId(row.get(0)?),
        at: moment(row.get(1)?)?,
        author: row.get(2)?,
        incident: IncidentId(row.get(3)?),
        reports: from_json(&row.get::<_, String>(4)?)?,
        act: from_json(&row.get::<_, String>(5)?)?,
    })
}

/// Loads one edit; None if there is none of that number.
pub(super) fn load(connection: &Connection, number: EditId) -> Tried<Option<Edit>> {
    let mut statement =
        connection.prepare_cached("SELECT edit, at, author, incident, reports, act FROM edits WHERE edit = ?1")?;
    let mut rows = statement.query([number.0])?;
    rows.next()?.map(read).transpose()
}

/// Returns the numbers of the edits that name reports of an article.
pub(super) fn of_article(connection: &Connection, article: ArticleId) -> Tried<Vec<EditId>> {
    let mut statement = connection.prepare_cached("SELECT edit FROM edit_articles WHERE article = ?1")?;
    Ok(statement.query_map([article.0], |row| row.get(0).map(EditId))?.collect::<Result<_, _>>()?)
}

/// Returns the numbers of the edits that were said of an incident of this name.
pub(super) fn of_incident(connection: &Connection, id: &IncidentId) -> Tried<Vec<EditId>> {
    let mut statement = connection.prepare_cached("SELECT edit FROM edits WHERE incident = ?1")?;
    Ok(statement.query_map([&id.0], |row| row.get(0).map(EditId))?.collect::<Result<_, _>>()?)
}

fn save(transaction: &Transaction<'_>, edit: &Edit) -> Tried<EditId> {
    transaction
        .prepare_cached("INSERT INTO edits (at, author, incident, reports, act) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![edit.at.as_microsecond(), edit.author, edit.incident.0, json(&edit.reports)?, json(&edit.act)?])?;
    let number = EditId(transaction.last_insert_rowid());
    for article in edit.articles() {
        transaction.prepare_cached("INSERT OR IGNORE INTO edit_articles VALUES (?1, ?2)")?.execute([article.0, number.0])?;
    }
    mark_incident(transaction, &edit.incident)?;
    match &edit.act {
        // Those that were of the other incident bear this one's name from now on.
        Act::Merge { with, reports } => {
            mark_incident(transaction, with)?;
            name(transaction, reports, Some(&edit.incident))?;
        }
        // Those that are of another event are to get a name of their own.
        Act::Split { reports } => name(transaction, reports, None)?,
        Act::Undo(undone) => give_names_back(transaction, *undone)?,
        _ => {}
    }
    Ok(number)
}

/// Gives the reports that an edit named anew the names back that they had before it.
fn give_names_back(transaction: &Transaction<'_>, undone: EditId) -> Tried<()> {
    let Some(undone) = load(transaction, undone)? else {
        return Err(Trouble::Row(format!("there is no edit {}", undone.0)));
    };
    mark_incident(transaction, &undone.incident)?;
    match &undone.act {
        Act::Merge { with, reports } => name(transaction, reports, Some(with)),
        Act::Split { reports } => name(transaction, reports, Some(&undone.incident)),
        _ => Ok(()),
    }
}

/// Notes to which incident reports belong from now on, so that it is that name that they bring to the next merge.
fn name(transaction: &Transaction<'_>, reports: &[Anchor], incident: Option<&IncidentId>) -> Tried<()> {
    for anchor in reports {
        if let Some(before) = incident_of(transaction, anchor)? {
            mark_incident(transaction, &before)?;
        }
        let report = params![anchor.id.article.0, anchor.id.n];
        match incident {
            None => transaction.prepare_cached("DELETE FROM belongs WHERE article = ?1 AND n = ?2")?.execute(report)?,
            Some(incident) => transaction
                .prepare_cached("INSERT OR REPLACE INTO belongs VALUES (?1, ?2, ?3)")?
                .execute(params![anchor.id.article.0, anchor.id.n, incident.0])?,
        };
    }
    Ok(())
}

//! What a run found: new incidents, and those of which something else is known now, the largest first.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::merge::history::FIELDS;
use crate::model::incident::{Incident, IncidentId, Row};
use crate::model::report::{Field, Figure, Unit};
use crate::model::value::Value;
use crate::store::StoreError;
use crate::store::kept::{self, Kept};

/// The most incidents of each sort that are named; the others are counted.
const NAMED: usize = 100;

/// What is new and what changed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct News {
    /// How many incidents are new.
    pub new_count: usize,
    /// The largest of them.
    pub new: Vec<Row>,
    /// How many incidents say something else than before.
    pub changed_count: usize,
    /// The largest of them.
    pub changed: Vec<Changed>,
    /// How many more are only told by more articles.
    pub confirmed_count: usize,
}

/// An incident of which something else is known now.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Changed {
    /// As it is now.
    pub incident: Row,
    /// Each field that changed.
    pub fields: Vec<Change>,
}

/// A field that changed.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Change {
    pub field: Field,
    pub from: Value,
    pub to: Value,
}

impl News {
    /// Puts together what no summary has told yet. Hidden incidents are left out.
    pub fn of(kept: &Kept) -> Result<News, StoreError> {
        let mut news = News::default();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for kept::News { id, before, now } in kept.news()? {
            let Some(now) = now.filter(|now| !now.edited.hidden) else { continue };
            match before.map(|before| changes(&before, &now)) {
                None => new.push((Reverse(size(&now)), id)),
                Some(fields) if fields.is_empty() => news.confirmed_count += 1,
                Some(fields) => changed.push((Reverse(size(&now)), id, fields)),
            }
        }
        (news.new_count, news.changed_count) = (new.len(), changed.len());
        new.sort();
        changed.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        for (_, id) in new.into_iter().take(NAMED) {
            news.new.extend(row(kept, &id)?);
        }
        for (_, id, fields) in changed.into_iter().take(NAMED) {
            news.changed.extend(row(kept, &id)?.map(|incident| Changed { incident, fields }));
        }
        Ok(news)
    }
}

fn row(kept: &Kept, id: &IncidentId) -> Result<Option<Row>, StoreError> {
    Ok(kept.incident(id)?.map(|incident| incident.row()))
}

fn changes(before: &Incident, now: &Incident) -> Vec<Change> {
    let both =
        |field: &Field| Change { field: *field, from: Value::of_incident(before, *field), to: Value::of_incident(now, *field) };
    FIELDS.iter().map(both).filter(|change| change.from != change.to).collect()
}

/// How large an incident is, for putting the largest first: people, records and cards by their number, files and systems by what
/// they may hold, a volume by a megabyte a person. Rough; it only orders.
fn size(incident: &Incident) -> u64 {
    incident.records.first().map_or(0, |Figure { value, unit, .. }| match unit {
        Unit::People | Unit::Records | Unit::Cards => *value,
        Unit::Files => value / 10,
        Unit::Systems => value.saturating_mul(10),
        Unit::Bytes => value / 1_000_000,
    })
}

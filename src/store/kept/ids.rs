//! The names of incidents: those that begin in a certain way, and those nearest to a misspelt one.

use rusqlite::params;

use super::Kept;
use crate::model::incident::IncidentId;
use crate::store::StoreError;

impl Kept {
    /// Returns the names of incidents that begin so, in order.
    pub fn incident_ids(&self, prefix: &str, most: usize) -> Result<Vec<IncidentId>, StoreError> {
        self.read("listing incidents", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT incident FROM incidents WHERE incident >= ?1 AND substr(incident, 1, length(?1)) = ?1 ORDER BY incident LIMIT ?2",
            )?;
            let ids = statement.query_map(params![prefix, most as i64], |row| row.get(0).map(IncidentId))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the names of incidents most like this one, the nearest first; none that is not like it at all.
    pub fn incident_ids_like(&self, name: &str, most: usize) -> Result<Vec<IncidentId>, StoreError> {
        const LIKE_ENOUGH: f64 = 0.75;
        self.read("listing incidents", |connection| {
            let mut statement = connection.prepare_cached("SELECT incident FROM incidents")?;
            let mut rows = statement.query([])?;
            let mut near: Vec<(f64, String)> = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let like = strsim::jaro_winkler(name, &id);
                if like >= LIKE_ENOUGH {
                    near.push((like, id));
                    near.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
                    near.truncate(most);
                }
            }
            Ok(near.into_iter().map(|(_, id)| IncidentId(id)).collect())
        })
    }
}

//! Watches: what came in that somebody wants to be told of goes into the outbox, and from there to where it is wanted.
//!
//! Two steps that can each be cut off at any moment. Looking ([`look`]) goes through the changes since it last looked and puts into the
//! outbox what is worth telling, in one transaction with how far it has come: so nothing is missed, and nothing is told twice.
//! Delivering ([`deliver`]) takes what is due from the outbox and marks what arrived. Where it is cut off between the two, a notice may
//! arrive twice; both times it bears the same number.

mod channels;
mod deliver;
mod material;
mod message;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub use channels::Means;
pub use deliver::{Sent, deliver, try_out};
pub use message::{line, posted, subject};

use crate::model::incident::{Incident, IncidentId};
use crate::model::watch::{Known, Notice, Watch};
use crate::store::StoreError;
use crate::store::kept::{Changed, Kept};
use crate::store::query::Query;
use crate::store::search::Index;

/// Changes that are looked at together.
const BATCH: usize = 200;

/// Puts into the outbox what a watch has to tell of the changes since it last looked; returns how many incidents that is.
///
/// The index must have all changes of the store. A watch that was never begun looks at nothing.
pub fn look(kept: &mut Kept, index: &Index, watch: &Watch, query: &Query, now: Timestamp) -> Result<usize, StoreError> {
    let Some(mut seq) = kept.watched_until(&watch.name)? else { return Ok(0) };
    let mut told = 0;
    loop {
        let changes = kept.changes_after(seq, BATCH)?;
        let Some(last) = changes.last() else { return Ok(told) };
        seq = last.seq;
        let changed: BTreeSet<IncidentId> = changes
            .into_iter()
            .filter_map(|change| match change.of {
                Changed::Incident(id) => Some(id),
                Changed::Article(_) => None,
            })
            .collect();
        let mut notices = Vec::new();
        for incident in found(kept, index, query, &changed)? {
            notices.extend(notice(kept, watch, &incident)?.map(|notice| (notice, incident)));
        }
        told += notices.len();
        kept.queue(&watch.name, seq, &notices, &watch.channels(), now)?;
    }
}

/// Returns those of some incidents that a query finds.
fn found(kept: &Kept, index: &Index, query: &Query, among: &BTreeSet<IncidentId>) -> Result<Vec<Incident>, StoreError> {
    if among.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<IncidentId> = among.iter().cloned().collect();
    let mut incidents = Vec::new();
    for row in index.find_among(query, &ids)? {
        incidents.extend(kept.incident(&row.id)?);
    }
    Ok(incidents)
}

/// Returns what a watch has to say of an incident; None where that was said before, or is no news to it.
fn notice(kept: &Kept, watch: &Watch, incident: &Incident) -> Result<Option<Notice>, StoreError> {
    if !kept.is_news_to(&watch.name, incident)? {
        return Ok(None);
    }
    let told = kept.told(&watch.name, incident)?;
    let why = material::why(told.as_ref().map(|told| &told.known), &Known::of(incident), watch.grows);
    Ok((!why.is_empty()).then(|| Notice::of(&watch.name, why, incident)))
}

//! Which lasting name an incident bears: the one that most of its reports had, or a new one.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::fold::slug;
use crate::merge::keys;
use crate::model::incident::{Incident, IncidentId, ReportId};

/// The longest victim part of a new name, in characters.
const LONGEST: usize = 60;

/// Gives every incident its id. The incidents must be in an order that depends only on what their reports say.
///
/// An incident keeps the id that most of its reports had before (the smallest of several); where two incidents would keep one id, the
/// one with more such reports does. All others get `victim-YYYY-MM` by their best day, with `-2`, `-3` where that is taken. A victim
/// without keys meets no other of its name, so a digest of its article's address and its place there keep its id from being given twice,
/// whichever number the article has.
pub(super) fn give(incidents: &mut [Incident], before: &BTreeMap<ReportId, IncidentId>) {
    let mut wishes: Vec<(usize, &IncidentId, usize)> = Vec::new();
    for (at, incident) in incidents.iter().enumerate() {
        let mut had: BTreeMap<&IncidentId, usize> = BTreeMap::new();
        for filed in &incident.reports {
            if let Some(id) = before.get(&filed.id) {
                *had.entry(id).or_default() += 1;
            }
        }
        wishes.extend(had.into_iter().map(|(id, count)| (count, id, at)));
    }
    wishes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
    let mut taken: BTreeSet<&IncidentId> = BTreeSet::new();
    let mut given: Vec<Option<IncidentId>> = vec![None; incidents.len()];
    for (_, id, at) in wishes {
        if given[at].is_none() && taken.insert(id) {
            given[at] = Some(id.clone());
        }
    }
    let mut taken: BTreeSet<IncidentId> = before.values().cloned().collect();
    for (incident, given) in incidents.iter_mut().zip(given) {
        incident.id = given.unwrap_or_else(|| new_id(incident, &taken));
        taken.insert(incident.id.clone());
    }
}

fn new_id(incident: &Incident, taken: &BTreeSet<IncidentId>) -> IncidentId {
    let day = incident.dated().0.earliest;
    let name: String = slug(&incident.victim.name).chars().take(LONGEST).collect();
    let name = if name.is_empty() { "unnamed" } else { name.trim_end_matches('-') };
    let mut plain = format!("{name}-{:04}-{:02}", day.year(), day.month());
    if let Some(filed) = incident.reports.first().filter(|_| keys(&incident.victim).is_empty()) {
        plain = format!("{plain}-{:08x}", digest(&format!("{} {}", filed.url, filed.id.n)));
    }
    let numbered = (2..).map(|number| format!("{plain}-{number}"));
    std::iter::once(plain.clone()).chain(numbered).map(IncidentId).find(|id| !taken.contains(id)).unwrap_or(IncidentId(plain))
}

/// FNV-1a, 32 bits: the same for the same text with every compiler. <http://www.isthe.com/chongo/tech/comp/fnv/>
fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

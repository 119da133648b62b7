//! Reports of the same event become one incident, the same whatever order they came in.
//!
//! `names` says under which keys reports of one victim find each other, `same` weighs two reports with named reasons, `gist` says of most
//! without loading them that they cannot be one, `crowd` of many at once, `cluster` joins what belongs together, `settle` says which
//! value stands, `ids` which lasting name the incident bears, `edits` what analysts say instead, `history` what was known when, `sources`
//! who says so and who says otherwise. Nothing is overwritten: every incident holds its reports as they were.

mod attackers;
mod cluster;
mod crowd;
mod edits;
mod figures;
mod gist;
pub mod history;
mod ids;
mod names;
mod parts;
mod same;
mod settle;
pub mod sources;
mod time;
mod words;

use std::collections::BTreeMap;

use crate::model::edit::Edit;
use crate::model::incident::{Filed, Incident, IncidentId, ReportId};
use crate::model::report::Victim;

pub use crowd::Crowd;
pub use edits::corrected;
pub use gist::{Gist, gist};
pub use same::{Faces, Outline, Verdict, Why, compare};

/// Returns the keys under which reports of the same victim find each other, sorted. Two victims without a common key are never one.
///
/// A name that is a single word of many bodies ("hospital") gives no key, so the list may be empty.
pub fn keys(victim: &Victim) -> Vec<String> {
    names::Face::new(victim).keys
}

/// Groups reports into incidents and settles their values. The result does not depend on the order of the reports.
///
/// `before` says which incident each report belonged to until now, so that incidents keep their ids. Ids in it that belong to
/// reports not handed in count as taken. Two reports of one article are never one incident.
pub fn merge(reports: Vec<Filed>, before: &BTreeMap<ReportId, IncidentId>) -> Vec<Incident> {
    merge_edited(reports, before, &[])
}

/// As [`merge`], and then what analysts say: what they split stays apart, what they merged together, and the values that they set
/// stand. The edits are in the order of their numbers, those that were undone and the undoing among them.
pub fn merge_edited(reports: Vec<Filed>, before: &BTreeMap<ReportId, IncidentId>, edits: &[Edit]) -> Vec<Incident> {
    merge_all_but(&|_| false, reports, before, edits)
}

/// As [`merge_edited`], but leaves out incidents of which `stays` says by their reports that they are there already, just so. Only one
/// that held these reports before, and of which no edit speaks, may stay.
pub fn merge_all_but(
    stays: &dyn Fn(&[ReportId]) -> bool,
    reports: Vec<Filed>,
    before: &BTreeMap<ReportId, IncidentId>,
    edits: &[Edit],
) -> Vec<Incident> {
    let reports = in_order(reports);
    let word = edits::Word::new(edits, &reports);
    let mut groups = group(&reports, &word);
    let numbers: Vec<ReportId> = reports.iter().map(|filed| filed.id).collect();
    groups.retain(|group| !stays(&group.iter().map(|at| numbers[*at]).collect::<Vec<_>>()));
    let mut reports: Vec<Option<Filed>> = reports.into_iter().map(Some).collect();
    let held = groups.into_iter().map(|group| group.into_iter().filter_map(|at| reports[at].take()).collect());
    let mut incidents: Vec<Incident> = held.filter_map(settle::settle).collect();
    incidents.sort_by_key(|incident| incident.dated().0);
    ids::give(&mut incidents, before);
    word.apply(&numbers, &mut incidents);
    incidents
}

/// Says of each report which incident it belongs to and why, in the order of the reports' ids.
pub fn link(reports: Vec<Filed>) -> Vec<(ReportId, IncidentId, String)> {
    let incidents = merge(reports, &BTreeMap::new());
    let mut links = Vec::new();
    for incident in &incidents {
        for filed in &incident.reports {
            links.push((filed.id, incident.id.clone(), why(filed, incident)));
        }
    }
    links.sort_by_key(|(id, _, _)| *id);
    links
}

/// Says in a phrase why a report belongs to an incident: the reasons of its closest neighbour there.
pub fn why(filed: &Filed, incident: &Incident) -> String {
    const ENOUGH_NEIGHBOURS: usize = 50;
    let others = incident.reports.iter().filter(|other| other.id != filed.id).take(ENOUGH_NEIGHBOURS);
    let closest = others
        .map(|other| (compare(filed, other), other))
        .max_by_key(|(verdict, other)| (verdict.points, std::cmp::Reverse((other.published, &other.url, other.id))));
    let Some((verdict, other)) = closest else { return "no other report of this event".to_owned() };
    let mut whys = verdict.whys;
    whys.sort_by_key(|why| (std::cmp::Reverse(why.points()), *why));
    let whys: Vec<&str> = whys.into_iter().map(Why::word).collect();
    let title = if other.title.is_empty() { other.url.as_str() } else { other.title.as_str() };
    format!("with “{title}” of {}: {}", other.published, whys.join(", "))
}

/// Puts reports into the order in which everything is done: by day, then by what stays the same however they were numbered.
fn in_order(mut reports: Vec<Filed>) -> Vec<Filed> {
    fn order(filed: &Filed) -> impl Ord {
        let told = &filed.report;
        let article = (filed.published, &filed.url, &filed.title, filed.id.n);
        (article, &told.victim.name, told.kind, told.occurred, told.disclosed, filed.id)
    }
    reports.sort_by(|a, b| order(a).cmp(&order(b)));
    reports
}

fn group(reports: &[Filed], word: &edits::Word) -> Vec<Vec<usize>> {
    word.join(cluster::groups(&Outline::of_all(reports), word.apart()))
}

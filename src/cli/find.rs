//! Which incident, or which of its reports, a person means by the name that was typed.

use super::failure::Failure;
use crate::base::fold::slug;
use crate::model::incident::{Filed, Incident, IncidentId, ReportId};
use crate::store::kept::Kept;

/// Finds the incident of that name, the only one whose name begins so, or the one that an incident of such a name was merged into.
pub(super) fn incident(kept: &Kept, asked: &str) -> Result<Incident, Failure> {
    let id = id(kept, asked)?;
    kept.incident(&id)?.map_or_else(|| Err(unknown(kept, asked)?), Ok)
}

/// So many incidents are named of those that may be meant.
const SHOWN: usize = 10;

fn id(kept: &Kept, asked: &str) -> Result<IncidentId, Failure> {
    let asked = asked.trim();
    if kept.incident(&IncidentId(asked.to_owned()))?.is_none()
        && let Some(id) = kept.merged_into(|name| name == asked)?.into_iter().next()
    {
        return Ok(id);
    }
    for name in [asked.to_owned(), slug(asked)] {
        let ids = if name.is_empty() { Vec::new() } else { kept.incident_ids(&name, SHOWN + 1)? };
        match ids.first() {
            Some(first) if first.0 == name => return Ok(first.clone()),
            Some(_) => return the_only(ids, &name),
            None => {}
        }
    }
    let name = slug(asked);
    let merged = if name.is_empty() { Vec::new() } else { kept.merged_into(|known| known.starts_with(&name))? };
    if merged.is_empty() { Err(unknown(kept, asked)?) } else { the_only(merged, &name) }
}

/// Returns the one that is meant, where there is but one.
fn the_only(mut ids: Vec<IncidentId>, name: &str) -> Result<IncidentId, Failure> {
    if ids.len() == 1 {
        return Ok(ids.remove(0));
    }
    let more = if ids.len() > SHOWN { ", ..." } else { "" };
    let names: Vec<&str> = ids.iter().take(SHOWN).map(|id| id.0.as_str()).collect();
    let failure = Failure::usage(format!("more than one incident begins with \"{name}\""));
    Err(failure.hint(format!("say which: {}{more}", names.join(", "))))
}

fn unknown(kept: &Kept, asked: &str) -> Result<Failure, Failure> {
    let near = kept.incident_ids_like(&slug(asked), 3)?;
    let failure = Failure::nothing(format!("there is no incident \"{asked}\""));
    if near.is_empty() {
        return Ok(failure.hint("`breachline search WORDS` lists incidents with their IDs"));
    }
    let near: Vec<&str> = near.iter().map(|id| id.0.as_str()).collect();
    Ok(failure.hint(format!("did you mean {}?", near.join(" or "))))
}

/// Finds the reports of an incident that are called so: by the name of [`Incident::report_name`], or by the address of the article.
pub(super) fn reports(incident: &Incident, asked: &str) -> Result<Vec<ReportId>, Failure> {
    let asked = asked.trim();
    let is_meant = |filed: &&Filed| {
        let article = filed.id.article.0.to_string();
        asked == article || asked == format!("{article}/{}", filed.id.n) || asked == filed.url
    };
    let found: Vec<ReportId> = incident.reports.iter().filter(is_meant).map(|filed| filed.id).collect();
    if found.is_empty() {
        let names: Vec<String> = incident.reports.iter().map(|filed| incident.report_name(filed)).collect();
        return Err(Failure::usage(format!("{} has no report \"{asked}\"", incident.id)).hint(format!(
            "its reports are {}, as `breachline show {}` lists them",
            names.join(", "),
            incident.id
        )));
    }
    Ok(found)
}

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

fn id(kept: &Kept, asked: &str) -> Result<IncidentId, Failure> {
    const SHOWN: usize = 10;
    let asked = asked.trim();
    let named = IncidentId(asked.to_owned());
    if kept.incident(&named)?.is_none()
        && let Some(id) = kept.merged_into(|name| name == named.0)?
    {
        return Ok(id);
    }
    for name in [asked.to_owned(), slug(asked)] {
        let ids = if name.is_empty() { Vec::new() } else { kept.incident_ids(&name, SHOWN + 1)? };
        match ids.as_slice() {
            [] => {}
            [only] => return Ok(only.clone()),
            [first, ..] if first.0 == name => return Ok(first.clone()),
            several => {
                let more = if several.len() > SHOWN { ", ..." } else { "" };
                let names: Vec<&str> = several.iter().take(SHOWN).map(|id| id.0.as_str()).collect();
                return Err(Failure::usage(format!("more than one incident begins with \"{name}\""))
                    .hint(format!("say which: {}{more}", names.join(", "))));
            }
        }
    }
    let merged = if asked.is_empty() { None } else { kept.merged_into(|name| name.starts_with(&slug(asked)))? };
    merged.map_or_else(|| Err(unknown(kept, asked)?), Ok)
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

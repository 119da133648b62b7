//! What a person wants done to an incident, as typed, becomes what is kept: acts. Wrong words and what changes nothing are refused.

use super::failure::Failure;
use super::{find, set};
use crate::base::day::Day;
use crate::base::fold::slug;
use crate::base::safe;
use crate::library::EditRequest;
use crate::model::edit::{Act, Edit, standing};
use crate::model::incident::Incident;
use crate::store::kept::Kept;

/// The longest note and the longest tag, in characters.
const LONGEST_NOTE: usize = 10_000;
const LONGEST_TAG: usize = 60;

/// Returns the acts that do what is asked for. What is so already is a failure with [`super::Exit::Nothing`].
pub(super) fn of(request: &EditRequest, kept: &Kept, incident: &Incident, today: Day) -> Result<Vec<Act>, Failure> {
    let edited = &incident.edited;
    let so_already = |what: String| Err(Failure::nothing(format!("{} {what}", incident.id)));
    Ok(vec![match request {
        EditRequest::Set(text) => {
            let value = set::parse(text, today)?;
            if edited.fields.iter().any(|set| set.value == value) {
                return so_already(format!("has this {} already", value.field().word()));
            }
            Act::Set(value)
        }
        EditRequest::Merge(others) => return merge(kept, incident, others),
        EditRequest::Split(names) => split(incident, names)?,
        EditRequest::Hide if edited.hidden => return so_already("is hidden already".to_owned()),
        EditRequest::Unhide if !edited.hidden => return so_already("is not hidden".to_owned()),
        EditRequest::Star if edited.starred => return so_already("is starred already".to_owned()),
        EditRequest::Unstar if !edited.starred => return so_already("is not starred".to_owned()),
        EditRequest::Hide => Act::Hide,
        EditRequest::Unhide => Act::Unhide,
        EditRequest::Star => Act::Star,
        EditRequest::Unstar => Act::Unstar,
        EditRequest::Note(text) => Act::Note(note(text)?),
        EditRequest::Tag(text) => match tag(text)? {
            tag if edited.tags.contains(&tag) => return so_already(format!("is tagged {tag} already")),
            tag => Act::Tag(tag),
        },
        EditRequest::Untag(text) => match tag(text)? {
            tag if !edited.tags.contains(&tag) => return so_already(format!("has no tag \"{tag}\" that could be taken off")),
            tag => Act::Untag(tag),
        },
        EditRequest::Undo => last(&kept.edits_numbered(&edited.edits)?, incident)?,
    }])
}

/// Returns the act that undoes the last edit that holds.
fn last(edits: &[Edit], incident: &Incident) -> Result<Act, Failure> {
    let last = standing(edits).last().map(|edit| Act::Undo(edit.id));
    last.ok_or_else(|| Failure::nothing(format!("nothing that was said of {} can be undone", incident.id)))
}

fn merge(kept: &Kept, incident: &Incident, others: &[String]) -> Result<Vec<Act>, Failure> {
    let mut acts = Vec::new();
    for other in others {
        let other = find::incident(kept, other)?;
        if other.id == incident.id {
            return Err(Failure::usage(format!("{} cannot be merged with itself", incident.id)));
        }
        acts.push(Act::merge(&other));
    }
    Ok(acts)
}

fn split(incident: &Incident, names: &[String]) -> Result<Act, Failure> {
    let mut reports = Vec::new();
    for name in names {
        reports.extend(find::reports(incident, name)?);
    }
    if incident.reports.iter().all(|filed| reports.contains(&filed.id)) {
        return Err(Failure::usage(format!("{} would be left without a report", incident.id))
            .hint("split off some of its reports, or hide it"));
    }
    Ok(Act::split(incident, &reports))
}

fn note(text: &str) -> Result<String, Failure> {
    let text = safe::clean(text.trim()).into_owned();
    match text.chars().count() {
        0 => Err(Failure::usage("the note says nothing")),
        1..=LONGEST_NOTE => Ok(text),
        _ => Err(Failure::usage(format!("the note is longer than {LONGEST_NOTE} characters"))),
    }
}

fn tag(text: &str) -> Result<String, Failure> {
    let tag = slug(text);
    match tag.chars().count() {
        0 => Err(Failure::usage(format!("\"{text}\" is no tag")).hint("letters and digits, with dashes between them")),
        1..=LONGEST_TAG => Ok(tag),
        _ => Err(Failure::usage(format!("the tag is longer than {LONGEST_TAG} characters"))),
    }
}

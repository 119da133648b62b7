//! The analyst's word: what a person set, merged, split, hid, starred, noted or tagged, and took back. Each is kept for good.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::article::ArticleId;
use crate::model::incident::{Incident, IncidentId, ReportId};
use crate::model::report::Victim;
use crate::model::value::Value;

/// The number of an edit. Later ones are larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EditId(pub i64);

/// A report that an edit is about. Its place among the article's reports may be another when the article is read anew, so the victim
/// is noted as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Which report it was.
    #[serde(flatten)]
    pub id: ReportId,
    /// Who was hit, as the report said then.
    pub victim: Victim,
}

/// One word of an analyst about one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Its number; 0 until it is kept.
    pub id: EditId,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub author: String,
    /// The name that the incident bore then.
    pub incident: IncidentId,
    /// The reports that the incident held then. They are what the edit holds on to: names and groups may change.
    pub reports: Vec<Anchor>,
    /// What was done.
    pub act: Act,
}

/// What an analyst does to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// This is the value of a field, whatever reports say.
    Set(Value),
    /// Another incident is the same event.
    Merge {
        /// The name of the other.
        with: IncidentId,
        /// The reports that the other held.
        reports: Vec<Anchor>,
    },
    /// Some of the reports are of another event.
    Split {
        /// Those reports.
        reports: Vec<Anchor>,
    },
    /// It is no incident, or none that matters: it is left out of lists and counts.
    Hide,
    /// It is shown again.
    Unhide,
    /// It matters.
    Star,
    /// It matters no more than others.
    Unstar,
    /// Something to remember.
    Note(String),
    /// It bears a tag.
    Tag(String),
    /// It bears the tag no more.
    Untag(String),
    /// An earlier edit does not hold any more.
    Undo(EditId),
}

impl Edit {
    /// Makes the edit of an incident as it is now.
    pub fn new(incident: &Incident, at: Timestamp, author: &str, act: Act) -> Edit {
        let reports = anchors(incident, |_| true);
        Edit { id: EditId(0), at, author: author.to_owned(), incident: incident.id.clone(), reports, act }
    }

    /// Returns the articles of all reports that it names.
    pub fn articles(&self) -> impl Iterator<Item = ArticleId> {
        let others: &[Anchor] = match &self.act {
            Act::Merge { reports, .. } | Act::Split { reports } => reports,
            _ => &[],
        };
        self.reports.iter().chain(others).map(|anchor| anchor.id.article)
    }
}

impl Act {
    /// Makes the act that joins another incident to one.
    pub fn merge(other: &Incident) -> Act {
        Act::Merge { with: other.id.clone(), reports: anchors(other, |_| true) }
    }

    /// Makes the act that takes some reports out of an incident.
    pub fn split(incident: &Incident, reports: &[ReportId]) -> Act {
        Act::Split { reports: anchors(incident, |id| reports.contains(id)) }
    }
}

fn anchors(incident: &Incident, wanted: impl Fn(&ReportId) -> bool) -> Vec<Anchor> {
    let reports = incident.reports.iter().filter(|filed| wanted(&filed.id));
    reports.map(|filed| Anchor { id: filed.id, victim: filed.report.victim.clone() }).collect()
}

/// What analysts made of an incident: all edits that hold, taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edited {
    /// Whether it is left out of lists and counts.
    pub hidden: bool,
    /// Whether it matters.
    pub starred: bool,
    /// The tags, sorted.
    pub tags: Vec<String>,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
    /// The fields that were set, in the order of the fields.
    pub fields: Vec<SetField>,
    /// Every edit of it, oldest first, also those that were undone.
    pub edits: Vec<EditId>,
}

impl Edited {
    /// Tells whether nobody ever edited it.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
}

/// A field that an analyst set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetField {
    /// When it was set.
    pub at: Timestamp,
    /// Who set it.
    pub author: String,
    /// The value that stands.
    pub value: Value,
    /// The value that the reports give now.
    pub reports: Value,
}

impl SetField {
    /// Tells whether the reports say otherwise.
    pub fn contradicts(&self) -> bool {
        !self.value.is_same(&self.reports)
    }
}

/// Returns the edits that hold: those that were not undone, without the undoing itself. In the order in which they were given.
pub fn standing(edits: &[Edit]) -> Vec<&Edit> {
    let undone: Vec<EditId> =
        edits.iter().filter_map(|edit| if let Act::Undo(id) = edit.act { Some(id) } else { None }).collect();
    edits.iter().filter(|edit| !matches!(edit.act, Act::Undo(_)) && !undone.contains(&edit.id)).collect()
}

/// Returns the edit that was made last and still holds, with those that were made together with it: by the same person at the same moment
/// of other incidents, or joining the same one with several. Empty where none holds.
pub fn last_together(edits: &[Edit]) -> Vec<&Edit> {
    let standing = standing(edits);
    let Some(last) = standing.last().copied() else { return Vec::new() };
    let is_merge = |edit: &Edit| matches!(edit.act, Act::Merge { .. });
    let together = |edit: &&Edit| {
        (edit.at, &edit.author) == (last.at, &last.author) && (edit.incident != last.incident || is_merge(edit) && is_merge(last))
    };
    standing.into_iter().filter(|edit| edit.id == last.id || together(edit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_at_once_is_taken_back_at_once() {
        let edit = |id: i64, second: i64, incident: &str, act: Act| Edit {
            id: EditId(id),
            at: Timestamp::from_second(second).expect("a moment"),
            author: "ann".to_owned(),
            incident: IncidentId(incident.to_owned()),
            reports: Vec::new(),
            act,
        };
        let merge = |with: &str| Act::Merge { with: IncidentId(with.to_owned()), reports: Vec::new() };
        let last = |edits: &[Edit]| last_together(edits).iter().map(|edit| edit.id.0).collect::<Vec<_>>();
        let mut edits = vec![edit(1, 5, "a", Act::Star), edit(2, 5, "b", Act::Star)];
        assert_eq!(last(&edits), [1, 2], "of two incidents");
        edits.extend([edit(3, 9, "a", Act::Tag("x".to_owned())), edit(4, 9, "a", Act::Star)]);
        assert_eq!(last(&edits), [4], "two things of one incident are two");
        edits.extend([edit(5, 20, "a", merge("b")), edit(6, 20, "a", merge("c"))]);
        assert_eq!(last(&edits), [5, 6], "one incident joined with two");
        edits.extend([edit(7, 21, "a", Act::Undo(EditId(6))), edit(8, 21, "a", Act::Undo(EditId(5)))]);
        assert_eq!(last(&edits), [4]);
        assert_eq!(last(&[]), [] as [i64; 0]);
    }
}

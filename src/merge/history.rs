//! How what is known of an incident grew: which report or analyst changed which field, and what was known on a day.
//!
//! Nothing of it is kept: reports count from their day of publication on, so it is the same whatever order they came in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::base::day::Day;
use crate::merge::{edits, in_order, settle};
use crate::model::edit::{Act, Edit, EditId, standing};
use crate::model::incident::{Filed, Incident, ReportId};
use crate::model::report::{Field, Report};
use crate::model::value::Value;
use crate::model::words;

/// One change of an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The day: that of the report's publication, or of the edit.
    pub day: Day,
    /// Who changed it.
    pub by: By,
    /// What changed.
    #[serde(flatten)]
    pub what: What,
}

/// Who changed an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A report.
    Report {
        /// Which.
        #[serde(flatten)]
        id: ReportId,
        /// The name of its source.
        source: String,
    },
    /// An analyst.
    Analyst {
        /// The number of the edit.
        edit: EditId,
        /// When.
        at: Timestamp,
        /// Who.
        author: String,
        /// Whether it was undone since.
        undone: bool,
    },
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The value of a field.
    Value {
        /// What stood before; None where nothing did.
        from: Option<Value>,
        /// What stands from then on. Of a report: what the reports say together, also where an analyst has set something else.
        to: Value,
    },
    /// Something that is no value.
    Act(Act),
}

/// The fields, in the order in which they are told.
pub const FIELDS: [Field; 8] = [
    Field::Victim,
    Field::Kind,
    Field::Attackers,
    Field::Records,
    Field::Data,
    Field::Occurred,
    Field::Disclosed,
    Field::Disputed,
];

/// Returns every change of an incident, the oldest first. `edits` are all edits of it, in the order of their numbers.
pub fn history(incident: &Incident, edits: &[Edit]) -> Vec<Entry> {
    let mut entries = of_reports(&incident.reports);
    let holds: Vec<EditId> = standing(edits).iter().map(|edit| edit.id).collect();
    let mut set: BTreeMap<Field, Value> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| !matches!(edit.act, Act::Undo(_))) {
        let (day, undone) = (Day::of(edit.at), !holds.contains(&edit.id));
        let what = match &edit.act {
            Act::Set(to) => {
                let from = set.get(&to.field()).cloned().or_else(|| said_by(&entries, to.field(), day));
                if !undone {
                    set.insert(to.field(), to.clone());
                }
                What::Value { from, to: to.clone() }
            }
            act => What::Act(act.clone()),
        };
        entries.push(Entry { day, by: By::Analyst { edit: edit.id, at: edit.at, author: edit.author.clone(), undone }, what });
    }
    entries.sort_by_key(|entry| entry.day); // stable: reports before edits, each in its order
    entries
}

fn of_reports(reports: &[Filed]) -> Vec<Entry> {
    // Each report is looked at once for every later one, and nothing here reads the quotes, which are most of it.
    let bare = |filed: &Filed| {
        let report = Report { evidence: Vec::new(), ..filed.report.clone() };
        Filed { report, ..filed.clone() }
    };
    let reports = in_order(reports.iter().map(bare).collect());
    let mut entries = Vec::new();
    let mut before: BTreeMap<Field, Value> = BTreeMap::new();
    for count in 1..=reports.len() {
        let Some(known) = settle::settle(reports[..count].to_vec()) else { continue };
        let filed = &reports[count - 1];
        for field in FIELDS {
            let to = Value::of_incident(&known, field);
            let from = before.get(&field);
            if from.map_or_else(|| !to.is_empty(), |from| *from != to) {
                let by = By::Report { id: filed.id, source: filed.source.clone() };
                entries.push(Entry { day: filed.published, by, what: What::Value { from: from.cloned(), to: to.clone() } });
                before.insert(field, to);
            }
        }
    }
    entries
}

/// What reports say together of a field on a day.
fn said_by(entries: &[Entry], field: Field, day: Day) -> Option<Value> {
    entries.iter().rev().filter(|entry| entry.day <= day && matches!(entry.by, By::Report { .. })).find_map(|entry| match &entry
        .what
    {
        What::Value { to, .. } if to.field() == field => Some(to.clone()),
        _ => None,
    })
}

/// Returns the edits that had been made by the end of a day, among them none that undid another later.
pub fn made_by(edits: &[Edit], day: Day) -> Vec<Edit> {
    edits.iter().filter(|edit| Day::of(edit.at) <= day).cloned().collect()
}

/// Returns an incident as it was known at the end of a day: by the reports published and the edits made until then. None if nothing had
/// been published yet.
pub fn known_on(incident: &Incident, edits: &[Edit], day: Day) -> Option<Incident> {
    let published = incident.reports.iter().filter(|filed| filed.published <= day).cloned().collect();
    let mut known = settle::settle(published)?;
    known.id = incident.id.clone();
    edits::apply(&mut known, &made_by(edits, day));
    Some(known)
}

/// Returns the history: on which day who changed what, what one report or edit changed in one sentence.
pub fn in_words(incident: &Incident, edits: &[Edit]) -> Vec<(Day, String)> {
    let entries = history(incident, edits);
    let together = entries.chunk_by(|one, other| one.day == other.day && one.by == other.by);
    let sentence = |together: &[Entry]| {
        let Entry { day, by, .. } = together.first()?;
        let (who, after) = match by {
            By::Report { source, .. } => (source, String::new()),
            By::Analyst { edit, author, undone, .. } => {
                (author, format!("  (edit {}{})", edit.0, if *undone { ", undone" } else { "" }))
            }
        };
        let told: Vec<String> = together.iter().map(|entry| change(&entry.what)).collect();
        Some((*day, format!("{who}: {}{after}", told.join("; "))))
    };
    together.filter_map(sentence).collect()
}

fn change(what: &What) -> String {
    match what {
        What::Value { from: Some(from), to } => {
            format!("{} {} -> {}", to.field().word(), words::value(from), words::value(to))
        }
        What::Value { from: None, to } => format!("{} {}", to.field().word(), words::value(to)),
        What::Act(act) => words::act(act),
    }
}

//! What the timeline shows around an incident: who agrees on each field, the sentences behind it, the history.

use super::failure::Failure;
use super::{show, tell};
use crate::base::safe;
use crate::merge::history::FIELDS;
use crate::merge::sources::{agreeing, alternatives, independent};
use crate::model::edit::Edit;
use crate::model::incident::Incident;
use crate::model::report::Field;
use crate::store::Reader;
use crate::tui::library::{Agreement, Background};

/// The most reports whose articles are looked into for sentences: more than are quoted on a screen.
const REPORTS: usize = 12;
/// The longest sentence, in characters.
const LONGEST: usize = 400;

/// Gathers what is known around an incident.
pub(super) fn of(reader: &Reader, incident: &Incident) -> Result<Background, Failure> {
    let edits: Vec<Edit> = reader.edits(&incident.edited.edits)?;
    let agreement = |field: &Field| Agreement {
        field: *field,
        sources: independent(&agreeing(incident, *field)),
        others: alternatives(incident, *field).iter().map(|(value, by)| (tell::value(value), independent(by))).collect(),
    };
    let mut sentences = Vec::new();
    for filed in incident.reports.iter().take(REPORTS) {
        let Some(shown) = reader.article(filed.id.article)? else { continue };
        for evidence in &filed.report.evidence {
            // An article that reads otherwise by now no longer has the words there.
            if evidence.span.slice(&shown.article.text) == evidence.quote {
                let sentence = safe::line(tell::sentence_around(&shown.article.text, evidence.span), LONGEST);
                sentences.push((filed.id, evidence.span, sentence));
            }
        }
    }
    let fields = FIELDS.iter().map(agreement).collect();
    Ok(Background { fields, sentences, history: show::history_in_words(incident, &edits) })
}

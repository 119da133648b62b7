//! What the timeline shows around an incident: who agrees on each field, the sentences behind it, the history.

use super::{Agreement, Background};
use crate::base::safe;
use crate::base::span::sentence_around;
use crate::merge::history::{self, FIELDS};
use crate::merge::sources::{agreeing, alternatives, independent};
use crate::model::edit::Edit;
use crate::model::incident::Incident;
use crate::model::report::Field;
use crate::model::words;
use crate::store::{Reader, StoreError};

/// The most reports whose articles are looked into for sentences: more than are quoted on a screen.
const REPORTS: usize = 12;
/// The longest sentence, in characters.
const LONGEST: usize = 400;

/// Gathers what is known around an incident.
pub fn of(reader: &Reader, incident: &Incident) -> Result<Background, StoreError> {
    let edits: Vec<Edit> = reader.edits(&incident.edited.edits)?;
    let agreement = |field: &Field| Agreement {
        field: *field,
        sources: independent(&agreeing(incident, *field)),
        others: alternatives(incident, *field).iter().map(|(value, by)| (words::value(value), independent(by))).collect(),
    };
    let mut sentences = Vec::new();
    for filed in incident.reports.iter().take(REPORTS) {
        let Some(shown) = reader.article(filed.id.article)? else { continue };
        for evidence in &filed.report.evidence {
            // An article that reads otherwise by now no longer has the words there.
            if evidence.span.slice(&shown.article.text) == evidence.quote {
                let sentence = safe::line(sentence_around(&shown.article.text, evidence.span), LONGEST);
                sentences.push((filed.id, evidence.span, sentence));
            }
        }
    }
    let fields = FIELDS.iter().map(agreement).collect();
    Ok(Background { fields, sentences, history: history::in_words(incident, &edits) })
}

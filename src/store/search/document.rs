//! What is searched of an incident and of an article.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::schema::{Days, Fields, Text};
use crate::base::day::{Day, DayRange};
use crate::base::fold::slug;
use crate::model::article::ArticleId;
use crate::model::edit::Edited;
use crate::model::incident::Incident;
use crate::model::report::{Attacker, Report, Unit, Victim};
use crate::store::kept::Shown;
use crate::store::query::Mark;

/// One article on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// The article.
    pub id: ArticleId,
    /// Its day of publication.
    pub published: Day,
    /// Its title.
    pub title: String,
    /// The name of its source.
    pub source: String,
    /// Its address.
    pub url: String,
    /// ISO 639-1 code of its language.
    pub language: String,
    /// How many events it reports.
    pub reports: u32,
}

/// The tags of every source, by its name.
pub(super) type Tags = BTreeMap<String, Vec<String>>;

/// Makes the document of an incident.
pub(super) fn of_incident(fields: &Fields, incident: &Incident, tags: &Tags) -> serde_json::Result<TantivyDocument> {
    let mut document = Writer { fields, document: TantivyDocument::default() };
    document.document.add_text(fields.id, &incident.id.0);
    document.document.add_text(fields.row, serde_json::to_string(&incident.row())?);
    document.victim(&incident.victim);
    document.attackers(&incident.attackers);
    document.document.add_text(fields.kind, incident.kind.word());
    for data in &incident.data {
        document.document.add_text(fields.data, data.word());
    }
    // The unit of bytes would put every archive of a few gigabytes before the largest breach.
    if let Some(figure) = incident.records.iter().find(|figure| figure.unit != Unit::Bytes) {
        document.document.add_u64(fields.records, figure.value);
    }
    document.days(fields.day, Some(incident.dated().0));
    document.days(fields.occurred, incident.occurred);
    document.days(fields.disclosed, incident.disclosed);
    document.days(fields.published, Some(DayRange::new(incident.first_reported, incident.last_reported)));
    // Sets, since many reports share a title or a quote.
    for title in incident.reports.iter().map(|filed| filed.title.as_str()).collect::<BTreeSet<_>>() {
        document.text(fields.title, title);
    }
    for quote in incident.reports.iter().flat_map(|filed| quotes(&filed.report)).collect::<BTreeSet<_>>() {
        document.text(fields.text, quote);
    }
    document.sources(incident.reports.iter().map(|filed| filed.source.as_str()).collect(), tags);
    document.edited(&incident.edited);
    Ok(document.document)
}

/// Makes the document of an article, and of what its reports say.
pub(super) fn of_article(fields: &Fields, shown: &Shown, reports: &[Report], tags: &Tags) -> serde_json::Result<TantivyDocument> {
    let article = &shown.article;
    let mut document = Writer { fields, document: TantivyDocument::default() };
    let row = ArticleRow {
        id: article.id,
        published: article.published,
        title: article.title.clone(),
        source: shown.source_name.clone(),
        url: article.url.to_string(),
        language: article.language.clone(),
        reports: shown.reports.len() as u32,
    };
    document.document.add_text(fields.id, article.id.0.to_string());
    document.document.add_text(fields.row, serde_json::to_string(&row)?);
    document.text(fields.title, &article.title);
    document.text(fields.text, &article.text);
    for report in reports {
        document.victim(&report.victim);
        document.attackers(&report.attackers);
    }
    for kind in reports.iter().map(|report| report.kind).collect::<BTreeSet<_>>() {
        document.document.add_text(fields.kind, kind.word());
    }
    for data in reports.iter().flat_map(|report| &report.data).collect::<BTreeSet<_>>() {
        document.document.add_text(fields.data, data.word());
    }
    document.days(fields.day, Some(DayRange::day(article.published)));
    document.days(fields.published, Some(DayRange::day(article.published)));
    document.sources(BTreeSet::from([shown.source_name.as_str()]), tags);
    Ok(document.document)
}

fn quotes(report: &Report) -> impl Iterator<Item = &str> {
    report.evidence.iter().map(|evidence| evidence.quote.as_str())
}

struct Writer<'f> {
    fields: &'f Fields,
    document: TantivyDocument,
}

impl Writer<'_> {
    fn text(&mut self, field: Text, text: &str) {
        self.document.add_text(field.stemmed, text);
        self.document.add_text(field.exact, text);
    }

    fn victim(&mut self, victim: &Victim) {
        self.document.add_text(self.fields.victim_shown, &victim.name);
        for name in std::iter::once(&victim.name).chain(&victim.aliases) {
            self.name(self.fields.victim, self.fields.victim_name, name);
        }
    }

    fn attackers(&mut self, attackers: &[Attacker]) {
        for attacker in attackers {
            self.document.add_text(self.fields.attacker_shown, &attacker.name);
            for name in std::iter::once(&attacker.name).chain(&attacker.aliases) {
                self.name(self.fields.attacker, self.fields.attacker_name, name);
            }
        }
    }

    fn name(&mut self, words: Field, whole: Field, name: &str) {
        self.document.add_text(words, name);
        self.document.add_text(whole, name);
        self.text(self.fields.names, name);
    }

    fn days(&mut self, field: Days, days: Option<DayRange>) {
        if let Some(days) = days {
            self.document.add_i64(field.first, days.earliest.since_epoch());
            self.document.add_i64(field.last, days.latest.since_epoch());
        }
    }

    fn edited(&mut self, edited: &Edited) {
        let marks = [(edited.starred, Mark::Starred), (edited.hidden, Mark::Hidden), (!edited.notes.is_empty(), Mark::Note)];
        for (_, mark) in marks.iter().filter(|(is_so, _)| *is_so) {
            self.document.add_text(self.fields.mark, mark.word());
        }
        for note in &edited.notes {
            self.text(self.fields.text, &note.text);
        }
        for tag in &edited.tags {
            self.document.add_text(self.fields.tag, slug(tag));
        }
    }

    fn sources(&mut self, names: BTreeSet<&str>, tags: &Tags) {
        let mut all = BTreeSet::new();
        for name in names {
            self.document.add_text(self.fields.source, name);
            self.document.add_text(self.fields.source_name, name);
            all.extend(tags.get(name).into_iter().flatten());
        }
        for tag in all {
            self.document.add_text(self.fields.tag, slug(tag));
        }
    }
}

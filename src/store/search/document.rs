//! What is searched of an incident, of an article and of a report.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::row::Packed;
use super::schema::{Days, Fields, Text};
use super::words;
use crate::base::day::{Day, DayRange};
use crate::base::fold::slug;
use crate::model::article::ArticleId;
use crate::model::edit::Edited;
use crate::model::incident::{Filed, Incident, dated};
use crate::model::report::{Attacker, DataKind, Figure, Kind, Report, Unit, Victim};
use crate::rules::{Aliases, Countries};
use crate::store::kept::Shown;
use crate::store::query::{Mark, Status};

/// An article that was found. Its title and address are left to the store: here they would be a tenth of what is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleHit {
    /// The article.
    pub id: ArticleId,
    /// Its day of publication.
    pub published: Day,
    /// The name of its source.
    pub source: String,
    /// ISO 639-1 code of its language.
    pub language: String,
    /// How many events it reports.
    pub reports: u32,
}

/// The tags of every source, by its name.
pub(super) type Tags = BTreeMap<String, Vec<String>>;

/// Makes the document of an incident.
pub(super) fn of_incident(fields: &Fields, incident: &Incident, tags: &Tags) -> postcard::Result<TantivyDocument> {
    let mut document = Writer::of(fields);
    document.document.add_text(fields.id, &incident.id.0);
    document.document.add_bytes(fields.row, &incident.row().pack()?);
    document.told(&Told::from(incident));
    document.days(fields.day, Some(incident.dated().0));
    document.days(fields.published, Some(DayRange::new(incident.first_reported, incident.last_reported)));
    document.document.add_i64(fields.updated, updated(incident).since_epoch());
    // Sets, since many reports share a title or a quote.
    for title in incident.reports.iter().map(|filed| filed.title.as_str()).collect::<BTreeSet<_>>() {
        document.text(fields.title, title);
    }
    for quote in incident.reports.iter().flat_map(|filed| quotes(&filed.report)).collect::<BTreeSet<_>>() {
        document.text(fields.text, quote);
    }
    document.sources(incident.reports.iter().map(|filed| filed.source.as_str()).collect(), tags);
    document.edited(&incident.edited);
    document.add_pairs();
    Ok(document.document)
}

/// The day of the last report, or of an analyst's last word that stands where that is later.
fn updated(incident: &Incident) -> Day {
    let edited = &incident.edited;
    let said = edited.notes.iter().map(|note| note.at).chain(edited.fields.iter().map(|set| set.at)).max();
    said.map_or(incident.last_reported, |at| incident.last_reported.max(Day::of(at)))
}

/// Makes the document of what an article says of one event.
pub(super) fn of_report(fields: &Fields, filed: &Filed, tags: &Tags) -> postcard::Result<TantivyDocument> {
    let report = &filed.report;
    let (days, _) = dated(report.occurred, report.disclosed, filed.published);
    let mut document = Writer::of(fields);
    document.document.add_text(fields.id, filed.id.article.0.to_string());
    document.document.add_bytes(fields.row, &filed.id.pack()?);
    document.told(&Told::from(report));
    document.days(fields.day, Some(days));
    document.days(fields.published, Some(DayRange::day(filed.published)));
    document.document.add_i64(fields.updated, filed.published.since_epoch());
    document.text(fields.title, &filed.title);
    for quote in quotes(report).collect::<BTreeSet<_>>() {
        document.text(fields.text, quote);
    }
    document.sources(BTreeSet::from([filed.source.as_str()]), tags);
    Ok(document.document)
}

/// Makes the document of an article, and of what its reports say.
pub(super) fn of_article(fields: &Fields, shown: &Shown, reports: &[&Report], tags: &Tags) -> postcard::Result<TantivyDocument> {
    let article = &shown.article;
    let mut document = Writer::of(fields);
    let row = ArticleHit {
        id: article.id,
        published: article.published,
        source: shown.source_name.clone(),
        language: article.language.clone(),
        reports: shown.reports.len() as u32,
    };
    document.document.add_text(fields.id, article.id.0.to_string());
    document.document.add_bytes(fields.row, &row.pack()?);
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
    document.document.add_i64(fields.updated, article.published.since_epoch());
    document.sources(BTreeSet::from([shown.source_name.as_str()]), tags);
    Ok(document.document)
}

/// What incidents and reports both tell of an event.
struct Told<'t> {
    victim: &'t Victim,
    kind: Kind,
    attackers: &'t [Attacker],
    records: &'t [Figure],
    data: &'t [DataKind],
    occurred: Option<DayRange>,
    disclosed: Option<DayRange>,
    disputed: bool,
}

impl<'t> From<&'t Incident> for Told<'t> {
    fn from(incident: &'t Incident) -> Told<'t> {
        let Incident { victim, attackers, records, data, kind, occurred, disclosed, disputed, .. } = incident;
        Told { victim, attackers, records, data, kind: *kind, occurred: *occurred, disclosed: *disclosed, disputed: *disputed }
    }
}

impl<'t> From<&'t Report> for Told<'t> {
    fn from(report: &'t Report) -> Told<'t> {
        let Report { victim, attackers, records, data, kind, occurred, disclosed, disputed, .. } = report;
        Told { victim, attackers, records, data, kind: *kind, occurred: *occurred, disclosed: *disclosed, disputed: *disputed }
    }
}

fn quotes(report: &Report) -> impl Iterator<Item = &str> {
    report.evidence.iter().map(|evidence| evidence.quote.as_str())
}

struct Writer<'f> {
    fields: &'f Fields,
    document: TantivyDocument,
    /// The pairs of words that were written.
    pairs: BTreeSet<u64>,
}

impl<'f> Writer<'f> {
    fn of(fields: &'f Fields) -> Writer<'f> {
        Writer { fields, document: TantivyDocument::default(), pairs: BTreeSet::new() }
    }

    fn text(&mut self, field: Text, text: &str) {
        if let Some(stemmed) = field.stemmed {
            self.document.add_text(stemmed, text);
        }
        self.document.add_text(field.exact, text);
        if self.fields.pairs.is_some() {
            self.pairs.append(&mut words::pairs(text));
        }
    }

    fn add_pairs(&mut self) {
        let Some(field) = self.fields.pairs else { return };
        std::mem::take(&mut self.pairs).into_iter().for_each(|pair| self.document.add_u64(field, pair));
    }

    fn told(&mut self, told: &Told<'_>) {
        self.victim(told.victim);
        self.attackers(told.attackers);
        self.document.add_text(self.fields.kind, told.kind.word());
        for data in told.data {
            self.document.add_text(self.fields.data, data.word());
        }
        // The unit of bytes would put every archive of a few gigabytes before the largest breach.
        let figure = told.records.iter().find(|figure| figure.unit != Unit::Bytes);
        if let Some(figure) = figure {
            self.document.add_u64(self.fields.records, figure.value);
        }
        self.days(self.fields.occurred, told.occurred);
        self.days(self.fields.disclosed, told.disclosed);
        let stands = told.attackers.iter().map(|attacker| Status::Attributed(attacker.attribution).word());
        let mut status: BTreeSet<&str> = stands.collect();
        if told.attackers.is_empty() {
            status.insert(Status::Unattributed.word());
        }
        if told.disputed {
            status.insert(Status::Disputed.word());
        }
        for word in status {
            self.document.add_text(self.fields.status, word);
        }
        self.marks([
            (figure.is_some(), Mark::Records),
            (!told.attackers.is_empty(), Mark::Attacker),
            (!told.data.is_empty(), Mark::Data),
            (told.occurred.is_some(), Mark::Occurred),
            (told.disclosed.is_some(), Mark::Disclosed),
        ]);
    }

    fn marks<const N: usize>(&mut self, marks: [(bool, Mark); N]) {
        for (_, mark) in marks.iter().filter(|(is_so, _)| *is_so) {
            self.document.add_text(self.fields.mark, mark.word());
        }
    }

    fn victim(&mut self, victim: &Victim) {
        self.document.add_text(self.fields.victim_shown, &victim.name);
        for name in std::iter::once(&victim.name).chain(&victim.aliases) {
            self.name(self.fields.victim, self.fields.victim_name, name);
        }
        if let Some(country) = Countries::builtin().of(victim) {
            self.document.add_text(self.fields.country_shown, &country.name);
            for name in [&country.name, &country.code].into_iter().chain(&country.aliases) {
                self.document.add_text(self.fields.country, name);
                self.document.add_text(self.fields.country_name, name);
            }
            self.marks([(true, Mark::Country)]);
        }
    }

    /// `attacker:` finds an attacker by every name that it is known by, bare words by those that reports give: "dark" is no word for APT29,
    /// although somebody calls it Dark Halo.
    fn attackers(&mut self, attackers: &[Attacker]) {
        for attacker in attackers {
            self.document.add_text(self.fields.attacker_shown, &attacker.name);
            let told: BTreeSet<&str> = std::iter::once(&attacker.name).chain(&attacker.aliases).map(String::as_str).collect();
            let known: BTreeSet<&str> = told.iter().flat_map(|name| Aliases::builtin().of(name)).collect();
            for name in known.difference(&told) {
                self.document.add_text(self.fields.attacker, name);
                self.document.add_text(self.fields.attacker_name, name);
            }
            for name in told {
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
        self.marks([(edited.starred, Mark::Starred), (edited.hidden, Mark::Hidden), (!edited.notes.is_empty(), Mark::Note)]);
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

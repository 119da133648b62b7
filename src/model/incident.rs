//! What all reports of one event say together, and one line of it for a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::day::{Day, DayRange};
use crate::model::article::ArticleId;
use crate::model::edit::Edited;
use crate::model::report::{Attacker, DataKind, Figure, Kind, Report, Victim};

/// The lasting name of an incident, such as `sega-2011-06`: folded victim, month of its best day, a number where taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub String);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one report: the article that it is from and its place among that article's reports, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReportId {
    /// The article.
    pub article: ArticleId,
    /// Its place among the article's reports.
    pub n: u32,
}

/// A report with what a reader needs to know of its article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    /// Which report it is.
    pub id: ReportId,
    /// The name of the source.
    pub source: String,
    /// The article's address.
    pub url: String,
    /// The article's title.
    pub title: String,
    /// The day on which the article was published.
    pub published: Day,
    /// The earlier article whose text it tells again, as papers do with an agency's story; None if the text is its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<ArticleId>,
    /// Other addresses under which the article was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_at: Vec<String>,
    /// What it says.
    pub report: Report,
}

/// One event over all articles. The settled values are what stands; what each report says is kept beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its lasting name.
    pub id: IncidentId,
    /// Who was hit: the settled name, and every other name any report gives.
    pub victim: Victim,
    /// What happened.
    pub kind: Kind,
    /// Other kinds that reports choose.
    pub also_kinds: Vec<Kind>,
    /// Who is held responsible, the firmest first.
    pub attackers: Vec<Attacker>,
    /// The figures, the one that stands first, each different one once.
    pub records: Vec<Figure>,
    /// Which kinds of data any report names, sorted.
    pub data: Vec<DataKind>,
    /// When it happened.
    pub occurred: Option<DayRange>,
    /// When it became known.
    pub disclosed: Option<DayRange>,
    /// Whether any report says that it is disputed.
    pub disputed: bool,
    /// The publication day of the first report.
    pub first_reported: Day,
    /// The publication day of the last report.
    pub last_reported: Day,
    /// How sure the reading is that this happened, 0 to 1: that of its surest report.
    pub confidence: f32,
    /// What analysts made of it; the values above are those after their edits.
    #[serde(default, skip_serializing_if = "Edited::is_empty")]
    pub edited: Edited,
    /// What each article says, by publication day, then by id.
    pub reports: Vec<Filed>,
}

/// Which of an incident's days places it on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatedBy {
    /// The day on which it happened.
    Occurred,
    /// The day on which it became known.
    Disclosed,
    /// The publication day of the first report.
    Published,
}

impl DatedBy {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            DatedBy::Occurred => "occurred",
            DatedBy::Disclosed => "disclosed",
            DatedBy::Published => "published",
        }
    }
}

impl Incident {
    /// Returns the days that place the incident on the timeline, and which ones they are.
    pub fn dated(&self) -> (DayRange, DatedBy) {
        dated(self.occurred, self.disclosed, self.first_reported)
    }

    /// Returns the name by which a person calls one of its reports: the number of its article, and its place there where the incident
    /// has more than one report of that article.
    pub fn report_name(&self, filed: &Filed) -> String {
        let several = self.reports.iter().filter(|other| other.id.article == filed.id.article).count() > 1;
        if several { format!("{}/{}", filed.id.article.0, filed.id.n) } else { filed.id.article.0.to_string() }
    }

    /// Returns the line that lists show.
    pub fn row(&self) -> Row {
        let (days, dated_by) = self.dated();
        let mut sources: Vec<&str> = self.reports.iter().map(|filed| filed.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        Row {
            id: self.id.clone(),
            days,
            dated_by,
            victim: self.victim.name.clone(),
            kind: self.kind,
            records: self.records.first().copied(),
            attackers: self.attackers.clone(),
            reports: self.reports.len() as u32,
            sources: sources.len() as u32,
            disputed: self.disputed,
            starred: self.edited.starred,
            hidden: self.edited.hidden,
        }
    }
}

/// Returns the days that place something on the timeline, and which ones they are.
///
/// When it happened if that is known to the month, else when it became known, else when it was first reported.
pub fn dated(occurred: Option<DayRange>, disclosed: Option<DayRange>, reported: Day) -> (DayRange, DatedBy) {
    const MONTH: i64 = 31;
    if let Some(days) = occurred.filter(|days| days.days() <= MONTH) {
        return (days, DatedBy::Occurred);
    }
    if let Some(days) = disclosed.filter(|days| days.days() <= MONTH) {
        return (days, DatedBy::Disclosed);
    }
    (DayRange::day(reported), DatedBy::Published)
}

/// One line of a list or of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The incident.
    pub id: IncidentId,
    /// The days that place it.
    pub days: DayRange,
    /// Which days these are.
    pub dated_by: DatedBy,
    /// The victim's settled name.
    pub victim: String,
    /// What happened.
    pub kind: Kind,
    /// The figure that stands.
    pub records: Option<Figure>,
    /// Who is held responsible.
    pub attackers: Vec<Attacker>,
    /// How many reports there are.
    pub reports: u32,
    /// How many sources they come from.
    pub sources: u32,
    /// Whether it is disputed.
    pub disputed: bool,
    /// Whether an analyst starred it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    /// Whether an analyst hid it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

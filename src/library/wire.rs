//! What a library says over HTTP: the answers of `breachline serve`, made there and read by [`super::remote`].
//!
//! What comes in is somebody else's: numbers are kept within what can be reckoned with, names of kinds that are not known here are
//! left out, and lists are put in the order that is promised.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Agreement, Background, DayCount, Facet, Lane, LastRun, Opened, Place};
use crate::base::day::Day;
use crate::base::safe;
use crate::base::span::Span;
use crate::model::article::{Article, paragraphs};
use crate::model::incident::{Incident, ReportId, Row};
use crate::model::report::{Field, Kind};
use crate::store::kept::Version;

/// The most incidents that an answer may claim to have.
const MOST: usize = 1_000_000_000;
/// The most reasons why nothing was found, and the most bytes of one.
const REASONS: usize = 20;
/// See [`REASONS`].
const REASON: usize = 300;
/// The most incidents of one kind on one day, and the most people that they may have affected.
const ON_A_DAY: (u32, u64) = (1_000_000, 1_000_000_000_000);

/// A part of the incidents that are found.
#[derive(Debug, Serialize, Deserialize)]
pub struct Incidents {
    /// How many there are in all.
    pub total: usize,
    /// How many come before these.
    pub offset: usize,
    /// The address of the next part; None at the end.
    pub next: Option<String>,
    /// Whether they come newest first.
    #[serde(default = "yes")]
    pub by_day: bool,
    /// The incidents.
    pub incidents: Vec<Row>,
    /// Where there is none, why: a sentence for each reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

fn yes() -> bool {
    true
}

impl From<Incidents> for super::Found {
    fn from(told: Incidents) -> super::Found {
        let why = told.why.iter().take(REASONS).map(|reason| safe::line(reason, REASON)).collect();
        super::Found { total: told.total.min(MOST), rows: told.incidents, by_day: told.by_day, why }
    }
}

/// An incident with what is known around it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Behind {
    /// The incident.
    pub incident: Incident,
    /// What is known around it.
    pub background: Around,
}

/// What is known around an incident.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Around {
    /// Who agrees and who does not, field by field.
    pub fields: Vec<Agreed>,
    /// The sentences that hold words of evidence.
    pub sentences: Vec<Sentence>,
    /// Which report or analyst changed what, the oldest first.
    pub history: Vec<Entry>,
}

/// How many sources say what stands in a field, and what others say.
#[derive(Debug, Serialize, Deserialize)]
pub struct Agreed {
    /// The field.
    pub field: Field,
    /// How many independent sources say what stands.
    pub sources: usize,
    /// What others say.
    pub others: Vec<Counted>,
}

/// A value and how many have it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// The sentence around words of evidence.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sentence {
    /// The report whose evidence it is.
    pub report: ReportId,
    /// Where the words stand in its article.
    pub span: Span,
    /// The sentence.
    pub sentence: String,
}

/// A change of an incident.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The day.
    pub day: Day,
    /// Who changed what, as a sentence.
    pub what: String,
}

impl From<Background> for Around {
    fn from(background: Background) -> Around {
        let agreed = |agreement: Agreement| {
            let others = agreement.others.into_iter().map(|(value, count)| Counted { value, count: count as u64 });
            Agreed { field: agreement.field, sources: agreement.sources, others: others.collect() }
        };
        let sentence = |(report, span, sentence)| Sentence { report, span, sentence };
        Around {
            fields: background.fields.into_iter().map(agreed).collect(),
            sentences: background.sentences.into_iter().map(sentence).collect(),
            history: background.history.into_iter().map(|(day, what)| Entry { day, what }).collect(),
        }
    }
}

impl From<Around> for Background {
    fn from(around: Around) -> Background {
        let agreement = |agreed: Agreed| {
            let others = agreed.others.into_iter().map(|other| (other.value, other.count as usize));
            Agreement { field: agreed.field, sources: agreed.sources, others: others.collect() }
        };
        Background {
            fields: around.fields.into_iter().map(agreement).collect(),
            sentences: around.sentences.into_iter().map(|found| (found.report, found.span, found.sentence)).collect(),
            history: around.history.into_iter().map(|entry| (entry.day, entry.what)).collect(),
        }
    }
}

/// An article with its text, and what it was before.
#[derive(Debug, Serialize, Deserialize)]
pub struct Read {
    /// The article.
    pub article: Article,
    /// The name of its source.
    pub source: String,
    /// What it was and is, the oldest first.
    pub versions: Vec<Was>,
}

/// An article as it was read at some moment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Was {
    /// When its page arrived.
    pub arrived_at: Timestamp,
    /// The article.
    pub article: Article,
}

impl From<Opened> for Read {
    fn from(opened: Opened) -> Read {
        let was = |version: Version| Was { arrived_at: version.arrived_at, article: version.article };
        Read { article: opened.article, source: opened.source, versions: opened.versions.into_iter().map(was).collect() }
    }
}

impl From<Read> for Opened {
    fn from(read: Read) -> Opened {
        // Where the paragraphs are is the text's own word.
        let whole = |article: Article| Article { paragraphs: paragraphs(&article.text), ..article };
        let version = |was: Was| Version { arrived_at: was.arrived_at, article: whole(was.article) };
        let versions = read.versions.into_iter().map(version).collect();
        Opened { article: whole(read.article), source: read.source, versions }
    }
}

/// The incidents of each day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Days {
    /// The days that have any, oldest first.
    pub days: Vec<OnDay>,
}

/// The incidents of one day.
#[derive(Debug, Serialize, Deserialize)]
pub struct OnDay {
    /// The day.
    pub day: Day,
    /// For the word of each kind how many there are, and how many they affected.
    pub kinds: BTreeMap<Cow<'static, str>, (u32, u64)>,
}

impl From<&DayCount> for OnDay {
    fn from(count: &DayCount) -> OnDay {
        let all = Kind::ALL.iter().zip(count.kinds.iter().zip(&count.affected));
        let some = all.filter(|(_, (incidents, _))| **incidents > 0);
        OnDay {
            day: count.day,
            kinds: some.map(|(kind, (incidents, affected))| (kind.word().into(), (*incidents, *affected))).collect(),
        }
    }
}

impl From<&OnDay> for DayCount {
    fn from(told: &OnDay) -> DayCount {
        let mut count = DayCount { day: told.day, kinds: [0; 10], affected: [0; 10] };
        for (at, kind) in Kind::ALL.iter().enumerate() {
            if let Some((incidents, affected)) = told.kinds.get(kind.word()) {
                (count.kinds[at], count.affected[at]) = ((*incidents).min(ON_A_DAY.0), (*affected).min(ON_A_DAY.1));
            }
        }
        count
    }
}

fn in_order(days: &[OnDay]) -> Vec<DayCount> {
    let mut days: Vec<DayCount> = days.iter().map(DayCount::from).collect();
    days.sort_by_key(|count| count.day);
    days.dedup_by_key(|count| count.day);
    days
}

impl From<&[DayCount]> for Days {
    fn from(days: &[DayCount]) -> Days {
        Days { days: days.iter().map(OnDay::from).collect() }
    }
}

impl From<Days> for Vec<DayCount> {
    fn from(told: Days) -> Vec<DayCount> {
        in_order(&told.days)
    }
}

/// The days of each of the most frequent values of a field.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lanes {
    /// The field.
    pub by: String,
    /// The lanes, the most frequent value first.
    pub lanes: Vec<OfName>,
}

/// The days of one value.
#[derive(Debug, Serialize, Deserialize)]
pub struct OfName {
    /// The value.
    pub name: String,
    /// The days that have any, oldest first.
    pub days: Vec<OnDay>,
}

impl Lanes {
    /// Makes the answer.
    pub fn of(by: &str, lanes: &[Lane]) -> Lanes {
        let of_name = |lane: &Lane| OfName { name: lane.name.clone(), days: lane.days.iter().map(OnDay::from).collect() };
        Lanes { by: by.to_owned(), lanes: lanes.iter().map(of_name).collect() }
    }
}

impl From<Lanes> for Vec<Lane> {
    fn from(told: Lanes) -> Vec<Lane> {
        told.lanes.into_iter().map(|lane| Lane { days: in_order(&lane.days), name: lane.name }).collect()
    }
}

/// The values by which a search can be narrowed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Facets {
    /// The fields.
    pub facets: Vec<OfField>,
}

/// The values of one field.
#[derive(Debug, Serialize, Deserialize)]
pub struct OfField {
    /// The field, as searches name it.
    pub field: String,
    /// How many values there are in all.
    pub distinct: usize,
    /// The most frequent ones.
    pub values: Vec<Counted>,
}

impl From<Vec<Facet>> for Facets {
    fn from(facets: Vec<Facet>) -> Facets {
        let counted = |(value, count)| Counted { value, count };
        let of_field = |facet: Facet| OfField {
            field: facet.field,
            distinct: facet.distinct,
            values: facet.values.into_iter().map(counted).collect(),
        };
        Facets { facets: facets.into_iter().map(of_field).collect() }
    }
}

impl From<Facets> for Vec<Facet> {
    fn from(told: Facets) -> Vec<Facet> {
        let facet = |of: OfField| {
            let values: Vec<(String, u64)> = of.values.into_iter().map(|counted| (counted.value, counted.count)).collect();
            Facet { field: of.field, distinct: of.distinct.clamp(values.len(), MOST), values }
        };
        told.facets.into_iter().map(facet).collect()
    }
}

/// Returns a place that somebody else names.
pub fn placed(place: Place) -> Place {
    Place { offset: place.offset.min(MOST), ..place }
}

/// What is new or says something else since some change.
#[derive(Debug, Serialize, Deserialize)]
pub struct News {
    /// The number to ask with the next time.
    pub stamp: u64,
    /// The incidents.
    pub incidents: Vec<Row>,
}

/// What there is, and how the last run went. What an older server does not say is left empty.
#[derive(Debug, Clone, Deserialize)]
pub struct Status {
    /// Another number whenever there is something new.
    pub stamp: u64,
    /// The last run; None before the first.
    pub last_run: Option<Run>,
    /// The version of the program that serves it.
    pub version: String,
}

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; None while it goes on, or where it was cut off.
    pub ended_at: Option<Timestamp>,
    /// How many sources it tried.
    #[serde(default)]
    pub sources: u32,
    /// The names of those that failed.
    #[serde(default)]
    pub failed: Vec<String>,
    /// Why it ended early.
    #[serde(default)]
    pub failure: Option<String>,
}

impl From<Run> for LastRun {
    fn from(run: Run) -> LastRun {
        let (ended, at) = (run.ended_at.is_some(), run.ended_at.unwrap_or(run.began_at));
        LastRun { at, ended, sources: run.sources, failed: run.failed, failure: run.failure }
    }
}

/// The queries that have a name.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedQueries {
    /// The queries.
    pub queries: Vec<Named>,
}

/// A query that has a name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Named {
    /// The name, without its `@`.
    pub name: String,
    /// The query.
    pub query: String,
}

/// What is wrong (RFC 9457).
#[derive(Debug, Default, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub title: String,
    /// What to do instead.
    #[serde(default)]
    pub hint: Option<String>,
    /// Where in the search.
    #[serde(default)]
    pub at: Option<Span>,
}

//! What the timeline asks, as a small trait with two who answer: an index on this machine ([`local`]), and one that a colleague
//! serves ([`remote`]). Tests hand in libraries of their own.
//!
//! Every method may take its time: they are called from worker threads, never from the loop that draws.

pub mod background;
pub mod local;
pub mod nothing;
pub mod remote;
pub mod wire;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::day::{Day, DayRange};
use crate::base::span::Span;
use crate::export::Format;
use crate::model::article::{Article, ArticleId};
use crate::model::incident::{Incident, IncidentId, ReportId, Row};
use crate::model::report::Field;
use crate::model::watch::Channel;
use crate::store::kept::Version;

/// What the list shows: a search, and the days to which the picture is zoomed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The search as typed; empty finds everything.
    pub text: String,
    /// Whether it is still being typed, so that its last word may be unfinished.
    pub typing: bool,
    /// The days that the timeline is zoomed to; None for all.
    pub window: Option<DayRange>,
}

/// A part of an answer: `limit` rows from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The first row, from 0.
    pub offset: usize,
    /// The most rows.
    pub limit: usize,
}

/// The rows of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many rows the whole answer has.
    pub total: usize,
    /// The rows of the page.
    pub rows: Vec<Row>,
    /// Whether they come newest first, so that they can be grouped by day; false where the search sorts otherwise.
    pub by_day: bool,
    /// Where nothing was found, why: a sentence for each reason.
    pub why: Vec<String>,
}

/// An incident and its days: where a cursor stands, so that it stays when rows come and go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The incident.
    pub id: IncidentId,
    /// The days that place it.
    pub days: DayRange,
}

/// Where an incident stands in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its offset; where it is not in the answer, that of the first row that is not newer.
    pub offset: usize,
    /// Whether the incident itself stands there.
    pub exact: bool,
}

/// How many incidents one day has. An incident whose day is not certain counts on the first day of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Day,
    /// How many, by the order of `Kind::ALL`.
    pub kinds: [u32; 10],
    /// How many people, records, cards and the like they affected as far as figures are given, in the same order.
    pub affected: [u64; 10],
}

/// The values of one field with the number of incidents that have each, the most frequent first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field as the language of searches names it: `kind`, `attacker`, `source`.
    pub field: String,
    /// Its values and their counts, at most so many as a library lists.
    pub values: Vec<(String, u64)>,
    /// How many values there are in all.
    pub distinct: usize,
}

/// How many incidents an attacker or a victim has on each day that has any, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The name.
    pub name: String,
    /// The counts.
    pub days: Vec<DayCount>,
}

/// What is known around an incident besides what it says itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Background {
    /// Who agrees and who does not, field by field.
    pub fields: Vec<Agreement>,
    /// The sentences that hold words of evidence: the report, where the words stand in its article, and the sentence.
    pub sentences: Vec<(ReportId, Span, String)>,
    /// Which report or analyst changed what, the oldest first: the day and a sentence.
    pub history: Vec<(Day, String)>,
}

/// How many sources say what stands in a field, and what others say instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The field.
    pub field: Field,
    /// How many independent sources say what stands.
    pub sources: usize,
    /// What others say, and how many of them.
    pub others: Vec<(String, usize)>,
}

impl Background {
    /// Returns who agrees on a field.
    pub fn agreement(&self, field: Field) -> Option<&Agreement> {
        self.fields.iter().find(|agreement| agreement.field == field)
    }

    /// Returns the sentence around words of a report.
    pub fn sentence(&self, report: ReportId, span: Span) -> Option<&str> {
        let found = self.sentences.iter().find(|(of, at, _)| (*of, *at) == (report, span));
        found.map(|(_, _, sentence)| sentence.as_str())
    }
}

/// An article with what a reader wants to know about where it is from.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The article.
    pub article: Article,
    /// The name of its source.
    pub source: String,
    /// What it was and is, the oldest first; fewer than two where it has not changed.
    pub versions: Vec<Version>,
}

/// The last round of ingesting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// When it ended; when it began where it has not ended.
    pub at: Timestamp,
    /// Whether it has ended; false while it goes on, or where it was cut off.
    pub ended: bool,
    /// How many sources it tried.
    pub sources: u32,
    /// The names of those that failed.
    pub failed: Vec<String>,
    /// Why it ended before its end, where it could say so.
    pub failure: Option<String>,
}

/// Why an answer cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The search is not one.
    Query {
        /// The part of the text that is wrong, where one can be named.
        span: Option<Span>,
        /// What is wrong.
        what: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// The store cannot answer; a sentence for a person.
    Store(String),
    /// What was asked for cannot be done.
    Refused {
        /// What is wrong.
        what: String,
        /// What to do instead.
        hint: Option<String>,
    },
    /// Another process writes; once it has ended, it can be done. A sentence that names it.
    Busy(String),
}

/// What a person wants done to incidents, in the words that were typed: the options of `breachline edit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditRequest {
    /// Set a field: `records=1.3M people`.
    Set(String),
    /// These incidents are the same event.
    Merge(Vec<String>),
    /// These reports are of another event.
    Split(Vec<String>),
    /// Leave it out of lists and counts.
    Hide,
    /// Show it again.
    Unhide,
    /// Mark it.
    Star,
    /// Take the mark off.
    Unstar,
    /// Add a note.
    Note(String),
    /// Add a tag.
    Tag(String),
    /// Take a tag off.
    Untag(String),
    /// Take the last edit back.
    Undo,
}

/// What is to be written into a file for other tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// The search and the zoom.
    pub question: Question,
    /// The incidents that were picked; where there are none, all that the question finds.
    pub picked: Vec<IncidentId>,
    /// How it is written.
    pub format: Format,
    /// The file as it was typed; None for a name that says the day and the format.
    pub file: Option<String>,
}

/// What a person wants to be told of from now on; the search comes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchRequest {
    /// The name of the watch.
    pub name: String,
    /// By which way notices go out, and where to; None for a feed of that name beside `sources.toml`.
    pub channel: Option<(Channel, String)>,
}

/// The store as the screen sees it.
pub trait Library: Send + Sync {
    /// Returns a page of what a search finds, newest first unless the search says otherwise.
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble>;

    /// Returns an incident; None if it is no longer there.
    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, Trouble>;

    /// Returns what is known around an incident; nothing if this library knows no more than the incident says.
    fn background(&self, _incident: &Incident) -> Result<Background, Trouble> {
        Ok(Background::default())
    }

    /// Returns an article; None if it is no longer there.
    fn article(&self, id: ArticleId) -> Result<Option<Opened>, Trouble>;

    /// Returns what is known of the last round of ingesting; None before the first.
    fn last_run(&self) -> Result<Option<LastRun>, Trouble>;

    /// Returns the incidents that are new or say something else after the change of that number, as [`Library::stamp`] gave it.
    fn news(&self, _since: u64) -> Result<Vec<Cursor>, Trouble> {
        Ok(Vec::new())
    }

    /// Returns a number that differs whenever what is kept has changed. It is asked for every few seconds and must be cheap.
    fn stamp(&self) -> Result<u64, Trouble> {
        Ok(0)
    }

    /// Returns the number that [`Library::stamp`] gave last, without asking anybody who may take his time; None where there is none.
    fn last_stamp(&self) -> Option<u64> {
        self.stamp().ok()
    }

    /// Returns the number of incidents on each day that has any, oldest first; None if this library cannot count them.
    ///
    /// The question's window is not applied: the picture zooms within what it was given.
    fn days(&self, _question: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        Ok(None)
    }

    /// Returns the values of the fields by which a search can be narrowed; None if this library cannot count them.
    fn facets(&self, _question: &Question) -> Result<Option<Vec<Facet>>, Trouble> {
        Ok(None)
    }

    /// Returns a lane for each of the most frequent values of a field in the answer to a question, `attacker` or `victim`; None if this
    /// library cannot count them. They are counted over all days, whatever the question's window.
    fn lanes(&self, _question: &Question, _field: &str) -> Result<Option<Vec<Lane>>, Trouble> {
        Ok(None)
    }

    /// Does what a person wants to these incidents, keeps it, and lets searches show it; returns what was done as a sentence. To undo
    /// without naming an incident takes back what was done last, to all incidents that it was done to.
    ///
    /// All of it is done or none. [`Trouble::Busy`] means that it may be asked for again later.
    fn edit(&self, _incidents: &[IncidentId], _request: &EditRequest) -> Result<String, Trouble> {
        Err(Trouble::Refused { what: "what is shown here cannot be edited".to_owned(), hint: None })
    }

    /// Writes incidents into a new file; returns how many and where as a sentence. A file that is there already stays as it is.
    fn export(&self, _request: &ExportRequest) -> Result<String, Trouble> {
        Err(Trouble::Refused { what: "what is shown here cannot be exported".to_owned(), hint: None })
    }

    /// Sees to it that a person is told of what comes in for a search; returns where as a sentence.
    fn watch(&self, _query: &str, _request: &WatchRequest) -> Result<String, Trouble> {
        Err(Trouble::Refused { what: "what is shown here cannot be watched".to_owned(), hint: None })
    }

    /// Returns where an incident of these days stands in the answer to a question.
    ///
    /// As it stands here it halves its way through the answer with `find`; a library that can count does better.
    fn place(&self, question: &Question, id: &IncidentId, days: DayRange) -> Result<Place, Trouble> {
        halved(self, question, id, days)
    }
}

/// Finds where an incident stands by halving its way through the answer.
fn halved<L: Library + ?Sized>(library: &L, question: &Question, id: &IncidentId, days: DayRange) -> Result<Place, Trouble> {
    let first = library.find(question, Page { offset: 0, limit: 1 })?;
    if !first.by_day {
        return Ok(Place { offset: 0, exact: first.rows.first().is_some_and(|row| row.id == *id) });
    }
    let start = first_not_newer(library, question, days.earliest, first.total)?;
    let mut offset = start;
    loop {
        let page = library.find(question, Page { offset, limit: 64 })?;
        for (i, row) in page.rows.iter().enumerate() {
            if row.id == *id {
                return Ok(Place { offset: offset + i, exact: true });
            }
            if row.days.earliest < days.earliest {
                return Ok(Place { offset: start, exact: false });
            }
        }
        if page.rows.is_empty() {
            return Ok(Place { offset: start.min(page.total.saturating_sub(1)), exact: false });
        }
        offset += page.rows.len();
    }
}

fn first_not_newer<L: Library + ?Sized>(library: &L, question: &Question, day: Day, total: usize) -> Result<usize, Trouble> {
    let (mut low, mut high) = (0, total);
    while low < high {
        let middle = low + (high - low) / 2;
        let page = library.find(question, Page { offset: middle, limit: 1 })?;
        if page.rows.first().is_some_and(|row| row.days.earliest > day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

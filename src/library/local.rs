//! An index on this machine as the timeline asks for it. What writes is handed in: searching and reading needs no more than a reader.

use jiff::Timestamp;

use super::{
    Background, Cursor, DayCount, EditRequest, ExportRequest, Facet, Found, Lane, LastRun, Library, Opened, Page, Place,
    Question, Trouble, WatchRequest, background, nothing,
};
use crate::base::day::{Day, DayRange};
use crate::model::article::ArticleId;
use crate::model::config::SavedQuery;
use crate::model::incident::{Incident, IncidentId};
use crate::store::query::{Node, Query, QueryError, Sort};
use crate::store::search::{By, Counted, Of};
use crate::store::{self, Reader, StoreError};

/// The most values of a facet that are listed.
const FACETS: usize = 50;
/// The most incidents that are told to be new.
pub const NEWS: usize = 1000;
/// The most swim lanes.
const LANES: usize = 40;

/// What can be done to an index besides reading it.
pub trait Hands: Send + Sync {
    /// As [`Library::edit`].
    fn edit(&self, local: &Local, incidents: &[IncidentId], request: &EditRequest) -> Result<String, Trouble>;

    /// As [`Library::export`].
    fn export(&self, local: &Local, request: &ExportRequest) -> Result<String, Trouble>;

    /// As [`Library::watch`].
    fn watch(&self, query: &str, request: &WatchRequest) -> Result<String, Trouble>;
}

/// An open index, the clock that "yesterday" is reckoned from, and the queries that have a name.
pub struct Local {
    reader: Reader,
    now: fn() -> Timestamp,
    saved: Vec<SavedQuery>,
    hands: Option<Box<dyn Hands>>,
}

impl Local {
    /// Makes a library that is only read.
    pub fn new(reader: Reader, now: fn() -> Timestamp, saved: Vec<SavedQuery>) -> Local {
        Local { reader, now, saved, hands: None }
    }

    /// Makes it one that can be written.
    pub fn with(self, hands: impl Hands + 'static) -> Local {
        Local { hands: Some(Box::new(hands)), ..self }
    }

    /// Returns the index.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Returns the day that "today" means.
    pub fn today(&self) -> Day {
        Day::of(self.now())
    }

    /// Returns the queries that have a name.
    pub fn saved(&self) -> &[SavedQuery] {
        &self.saved
    }

    /// Reads the search of a question, narrowed to its window.
    pub fn query(&self, question: &Question) -> Result<Query, QueryError> {
        let parse = if question.typing { Query::parse_unfinished } else { Query::parse_with };
        let query = parse(&question.text, self.today(), &self.saved)?;
        Ok(query.beginning(question.window.map(|days| days.earliest), question.window.map(|days| days.latest)))
    }

    fn whole_query(&self, question: &Question) -> Result<Query, QueryError> {
        self.query(&Question { window: None, ..question.clone() })
    }
}

impl Library for Local {
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble> {
        let query = self.query(question)?;
        let by_day = matches!(query.sort, None | Some(Sort::Date));
        let found = self.reader.find(&query, store::Page { offset: page.offset, limit: page.limit })?;
        // A window is no part of the text: the days are empty then, and no word is to blame.
        let is_searched = found.total == 0 && question.window.is_none() && !question.text.trim().is_empty();
        let why = if is_searched { nothing::why(&self.reader, Of::Incidents, &query, &question.text)? } else { Vec::new() };
        let why = why.into_iter().map(|reason| reason.said).collect();
        Ok(Found { total: found.total, rows: found.rows, by_day, why })
    }

    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, Trouble> {
        Ok(self.reader.incident(id)?)
    }

    fn background(&self, incident: &Incident) -> Result<Background, Trouble> {
        Ok(background::of(&self.reader, incident)?)
    }

    fn article(&self, id: ArticleId) -> Result<Option<Opened>, Trouble> {
        let Some(shown) = self.reader.article(id)? else { return Ok(None) };
        let versions = self.reader.versions(id)?;
        Ok(Some(Opened { article: shown.article, source: shown.source_name, versions }))
    }

    fn last_run(&self) -> Result<Option<LastRun>, Trouble> {
        let Some(run) = self.reader.last_run()? else { return Ok(None) };
        let (sources, failed) = (run.tried(), run.failed());
        let (ended, at) = (run.ended_at.is_some(), run.ended_at.unwrap_or(run.began_at));
        Ok(Some(LastRun { at, ended, sources, failed, failure: run.failure }))
    }

    fn stamp(&self) -> Result<u64, Trouble> {
        self.reader.refresh()?;
        Ok(self.reader.stamp())
    }

    fn days(&self, question: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        let days = self.reader.days(&self.whole_query(question)?)?;
        Ok(Some(days.into_iter().map(day_count).collect()))
    }

    fn facets(&self, question: &Question) -> Result<Option<Vec<Facet>>, Trouble> {
        let facets = self.reader.facets(&self.query(question)?, FACETS)?;
        let facets = facets.into_iter().map(|facet| Facet {
            field: facet.field.to_owned(),
            values: facet.values,
            distinct: facet.distinct,
        });
        Ok(Some(facets.collect()))
    }

    fn news(&self, since: u64) -> Result<Vec<Cursor>, Trouble> {
        let changed = self.reader.changed_since(since, NEWS)?;
        Ok(changed.into_iter().map(|incident| Cursor { days: incident.dated().0, id: incident.id }).collect())
    }

    fn lanes(&self, question: &Question, field: &str) -> Result<Option<Vec<Lane>>, Trouble> {
        let (query, all) = (self.query(question)?, self.whole_query(question)?);
        let by = if field == By::Victim.word() { By::Victim } else { By::Attacker };
        let values = self.reader.count_by(Of::Incidents, &query, by)?.into_iter().take(LANES);
        let lane = |Counted { value: name, .. }| {
            let term = Query::parse(&format!("{field}:\"{}\"", name.replace('"', " ")), self.today())?;
            let both = Query { root: Node::And(vec![all.root.clone(), term.root]), sort: None };
            Ok(Lane { name, days: self.reader.days(&both)?.into_iter().map(day_count).collect() })
        };
        values.map(lane).collect::<Result<Vec<Lane>, Trouble>>().map(Some)
    }

    fn edit(&self, incidents: &[IncidentId], request: &EditRequest) -> Result<String, Trouble> {
        let hands = self.hands.as_ref().ok_or_else(only_read)?;
        hands.edit(self, incidents, request)
    }

    fn export(&self, request: &ExportRequest) -> Result<String, Trouble> {
        let hands = self.hands.as_ref().ok_or_else(only_read)?;
        hands.export(self, request)
    }

    fn watch(&self, query: &str, request: &WatchRequest) -> Result<String, Trouble> {
        let hands = self.hands.as_ref().ok_or_else(only_read)?;
        hands.watch(query, request)
    }

    fn place(&self, question: &Question, id: &IncidentId, days: DayRange) -> Result<Place, Trouble> {
        let query = self.query(question)?;
        if !matches!(query.sort, None | Some(Sort::Date)) {
            return Ok(Place { offset: 0, exact: false });
        }
        let place = self.reader.place(&query, id, days.earliest)?;
        Ok(Place { offset: place.offset, exact: place.exact })
    }
}

fn only_read() -> Trouble {
    Trouble::Refused { what: "this index is only read here".to_owned(), hint: None }
}

fn day_count(count: store::search::DayCount) -> DayCount {
    DayCount { day: count.day, kinds: count.kinds, affected: count.affected }
}

impl From<QueryError> for Trouble {
    fn from(error: QueryError) -> Trouble {
        let hint = Some(error.expected).filter(|expected| !expected.is_empty());
        Trouble::Query { span: Some(error.at), what: error.message, hint }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        Trouble::Store(format!("{error}{hint}"))
    }
}

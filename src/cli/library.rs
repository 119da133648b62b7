//! The store as the timeline asks for it.

use std::path::PathBuf;

use jiff::Timestamp;

use super::edit::{self, Author};
use super::failure::{Exit, Failure};
use super::ingest::{Line, Summary};
use super::places::Places;
use super::{acts, background, export, find, tell, watch};
use crate::base::day::{Day, DayRange};
use crate::export::{About, Tlp};
use crate::model::article::ArticleId;
use crate::model::config::SavedQuery;
use crate::model::edit::Edit;
use crate::model::incident::{Incident, IncidentId};
use crate::store::kept::{Access, Kept};
use crate::store::query::{Node, Query, QueryError, Sort};
use crate::store::search::{By, Counted, Of};
use crate::store::{self, Reader, StoreError};
use crate::tui::library::{
    Background, DayCount, EditRequest, ExportRequest, Facet, Found, Lane, LastRun, Library, Opened, Page, Place, Question,
    Trouble, WatchRequest,
};
use crate::tui::state::Cursor;

/// The most values of a facet that are listed.
const FACETS: usize = 50;
/// The most incidents that are told to be new.
const NEWS: usize = 1000;
/// The most swim lanes.
const LANES: usize = 40;

/// An open store, the clock that "yesterday" is reckoned from, who edits, the queries that have a name, and where `sources.toml` is, if
/// it may be written.
pub(super) struct Shelf {
    reader: Reader,
    now: fn() -> Timestamp,
    author: Author,
    saved: Vec<SavedQuery>,
    places: Option<Places>,
}

impl Shelf {
    pub(super) fn new(
        reader: Reader,
        now: fn() -> Timestamp,
        author: Author,
        saved: Vec<SavedQuery>,
        places: Option<Places>,
    ) -> Shelf {
        Shelf { reader, now, author, saved, places }
    }

    fn today(&self) -> Day {
        Day::of((self.now)())
    }

    fn query(&self, question: &Question) -> Result<Query, Trouble> {
        let parse = if question.typing { Query::parse_unfinished } else { Query::parse_with };
        let query = parse(&question.text, self.today(), &self.saved).map_err(Trouble::from)?;
        Ok(query.beginning(question.window.map(|days| days.earliest), question.window.map(|days| days.latest)))
    }

    fn whole_query(&self, question: &Question) -> Result<Query, Trouble> {
        self.query(&Question { window: None, ..question.clone() })
    }
}

impl Library for Shelf {
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble> {
        let query = self.query(question)?;
        let by_day = matches!(query.sort, None | Some(Sort::Date));
        let found = self.reader.find(&query, store::Page { offset: page.offset, limit: page.limit })?;
        Ok(Found { total: found.total, rows: found.rows, by_day })
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
        let summary: Summary = run.summary.and_then(|summary| serde_json::from_value(summary).ok()).unwrap_or_default();
        let fails = |line: &&Line| matches!(line.outcome.as_str(), "source-failed" | "blocked");
        let failed = summary.sources.iter().filter(fails).map(|line| line.name.clone()).collect();
        let (ended, at) = (run.ended_at.is_some(), run.ended_at.unwrap_or(run.began_at));
        Ok(Some(LastRun { at, ended, sources: summary.tried as u32, failed, failure: run.failure }))
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
        let mut kept = match Kept::open(self.reader.dir(), Access::Write) {
            Err(StoreError::LockHeld { pid, .. }) => {
                let who = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
                return Err(Trouble::Busy(format!("another breachline{who} writes; done when it ends")));
            }
            kept => kept?,
        };
        let done = self.keep_edits(&mut kept, incidents, request)?;
        drop(kept);
        self.reader.refresh()?;
        Ok(done)
    }

    fn export(&self, request: &ExportRequest) -> Result<String, Trouble> {
        let mut ids = request.picked.clone();
        if ids.is_empty() {
            ids = export::found(&self.reader, &self.query(&request.question)?, None)?;
        }
        if ids.is_empty() {
            return Err(Trouble::Refused { what: "there is nothing to export".to_owned(), hint: None });
        }
        let path = match &request.file {
            Some(file) => in_home(file),
            None => PathBuf::from(format!("breachline-{}.{}", self.today(), request.format.ending())),
        };
        let query = if request.picked.is_empty() { request.question.text.trim() } else { "" };
        let about = About { query: query.to_owned(), at: (self.now)(), tlp: Tlp::default(), live: None };
        let count = export::into_new_file(&self.reader, ids, request.format, about, &path)?;
        Ok(format!("{} in {}", tell::counted(count, "incident", "incidents"), path.display()))
    }

    fn watch(&self, query: &str, request: &WatchRequest) -> Result<String, Trouble> {
        let Some(places) = &self.places else {
            let hint = Some("in `breachline browse` it is added to sources.toml".to_owned());
            return Err(Trouble::Refused { what: "the demo has no sources.toml".to_owned(), hint });
        };
        Ok(watch::add::add(places, query, request)?)
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

fn day_count(count: store::search::DayCount) -> DayCount {
    DayCount { day: count.day, kinds: count.kinds, affected: count.affected }
}

/// Returns the path that is typed, with the home folder for a `~/` before it.
fn in_home(typed: &str) -> PathBuf {
    let home = typed.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    home.unwrap_or_else(|| PathBuf::from(typed))
}

impl Shelf {
    /// Makes the edits, keeps them and says in words what was done.
    fn keep_edits(&self, kept: &mut Kept, incidents: &[IncidentId], request: &EditRequest) -> Result<String, Failure> {
        let (author, now) = (self.author.name()?, (self.now)());
        let mut known = Vec::new();
        let made = match (request, incidents) {
            (EditRequest::Undo, []) => {
                known = kept.edits()?;
                edit::undo_last(&known, now, &author)
            }
            _ => {
                let mut made = Vec::new();
                let mut nothing = None;
                for id in incidents {
                    let incident = find::incident(kept, &id.0)?;
                    known.extend(kept.edits_numbered(&incident.edited.edits)?);
                    match acts::of(request, kept, &incident, self.today()) {
                        Ok(acts) => made.extend(acts.into_iter().map(|act| Edit::new(&incident, now, &author, act))),
                        Err(failure) if failure.exit == Exit::Nothing => nothing = Some(failure),
                        Err(failure) => return Err(failure),
                    }
                }
                match nothing {
                    Some(failure) if made.is_empty() => return Err(failure),
                    _ => made,
                }
            }
        };
        let Some(first) = made.first() else { return Err(Failure::nothing("there is no edit to undo")) };
        let what = edit::act_in_words(&first.act, &known);
        let of = match made.as_slice() {
            [one] => one.incident.to_string(),
            several => tell::counted(several.len() as u64, "incident", "incidents"),
        };
        edit::keep(self.reader.dir(), kept, made)?;
        Ok(format!("{of}: {what}"))
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let causes: String = failure.causes.iter().map(|cause| format!(": {cause}")).collect();
        Trouble::Refused { what: format!("{}{causes}", failure.what), hint: failure.hint }
    }
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

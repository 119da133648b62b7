//! The index of a colleague, over the interface of `breachline serve`: searched and read as if it were here, never written.
//!
//! What a service does not tell, because it is an older one, is left out; [`Remote::lacks`] says so. It may go away and come back
//! at any time: every question is asked anew.

mod asking;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{
    Background, Cursor, DayCount, EditRequest, ExportRequest, Facet, Found, Lane, LastRun, Library, Opened, Page, Place,
    Question, Trouble, WatchRequest, halved, wire,
};
use crate::base::day::DayRange;
use crate::export::{self, About, Format, Tlp};
use crate::fetch::Token;
use crate::model::article::ArticleId;
use crate::model::config::SavedQuery;
use crate::model::incident::{Incident, IncidentId, Row};
use crate::model::source::Settings;
use crate::model::words;
use asking::{Asker, Came};

/// The most rows that are asked for at a time.
const ROWS: usize = 500;
/// The most incidents of an export.
const EXPORTED: usize = 10_000;
/// The most incidents that were picked by hand to be exported: they are loaded one by one.
const PICKED: usize = 200;
/// The largest export, in bytes, and the longest that it may take.
const EXPORT: (u64, Duration) = (512 << 20, Duration::from_secs(300));

/// Who writes files, and knows what time it is.
pub trait Keeper: Send + Sync {
    /// Returns the time.
    fn now(&self) -> Timestamp;

    /// Writes a new file with an export; returns its name.
    ///
    /// # Errors
    /// When it cannot be written, or is there already.
    fn keep(&self, request: &ExportRequest, bytes: &[u8]) -> Result<String, Trouble>;
}

/// A colleague's index.
pub struct Remote {
    asker: Asker,
    known: Known,
    keeper: Box<dyn Keeper>,
    /// The last status, with the ETag that it came with.
    status: Mutex<Option<(Option<String>, wire::Status)>>,
    /// What is known around the incident that was loaded last.
    behind: Mutex<Option<(IncidentId, Background)>>,
}

/// What can be asked, by the description that a service gives of itself.
#[derive(Debug, Default)]
struct Known {
    /// Its paths.
    paths: BTreeSet<String>,
    /// Whether a search can be narrowed to days and be unfinished.
    narrows: bool,
}

impl Known {
    fn of(description: &Value) -> Option<Known> {
        let is_ours = description["info"]["title"] == "breachline";
        let paths: BTreeSet<String> = description["paths"].as_object().filter(|_| is_ours)?.keys().cloned().collect();
        let said = description["paths"]["/api/v1/incidents"]["get"]["parameters"].as_array();
        let from = |one: &Value| one["name"] == "from" || one["$ref"] == "#/components/parameters/from";
        Some(Known { paths, narrows: said.is_some_and(|said| said.iter().any(from)) })
    }

    fn tells(&self, path: &str) -> bool {
        self.paths.contains(&format!("/api/v1/{path}"))
    }
}

impl Remote {
    /// Asks a service what it can be asked. `url` is the address that `breachline serve` prints, or that of the proxy before it; of the
    /// settings, who we are and by which proxies we ask hold. `keeper` writes exports.
    ///
    /// # Errors
    /// When nobody answers there, somebody else does, or a token is wanted.
    pub fn connect(
        url: &Url,
        token: Option<Token>,
        settings: &Settings,
        keeper: impl Keeper + 'static,
    ) -> Result<Remote, Trouble> {
        let asker = Asker::new(url, token, settings)?;
        let described: Option<Value> = asker.read(&["openapi.json"], &[])?;
        let Some(known) = described.as_ref().and_then(Known::of) else {
            let what = format!("no breachline answers at {}", asker.name());
            return Err(Trouble::Refused { what, hint: Some("name the address that `breachline serve` prints".to_owned()) });
        };
        Ok(Remote { asker, known, keeper: Box::new(keeper), status: Mutex::default(), behind: Mutex::default() })
    }

    /// Returns the host and the port of the service.
    pub fn name(&self) -> String {
        self.asker.name()
    }

    /// Says what the service cannot be asked; None where it can be asked everything.
    pub fn lacks(&self) -> Option<String> {
        const ALL: [(&str, &str); 7] = [
            ("days", "days"),
            ("lanes", "lanes"),
            ("facets", "counts"),
            ("incidents/{id}/background", "sources that agree"),
            ("articles/{id}", "articles"),
            ("news", "what is new"),
            ("queries", "saved queries"),
        ];
        let lacking: Vec<&str> = ALL.iter().filter(|(path, _)| !self.known.tells(path)).map(|(_, what)| *what).collect();
        if lacking.is_empty() {
            return None;
        }
        Some(format!("{} has an older breachline, which does not tell: {}", self.name(), lacking.join(", ")))
    }

    /// Returns the queries that `@name` stands for there.
    ///
    /// # Errors
    /// When the service does not answer.
    pub fn saved(&self) -> Result<Vec<SavedQuery>, Trouble> {
        let told: Option<wire::SavedQueries> = self.told("queries", &["queries"], &[])?;
        let saved = |named: wire::Named| SavedQuery { name: named.name, query: named.query, line: 0 };
        Ok(told.map(|told| told.queries.into_iter().map(saved).collect()).unwrap_or_default())
    }

    /// Asks what not every service tells; None where this one does not.
    fn told<T: DeserializeOwned>(&self, known_as: &str, path: &[&str], said: &[(&str, String)]) -> Result<Option<T>, Trouble> {
        if self.known.tells(known_as) { self.asker.read(path, said) } else { Ok(None) }
    }

    /// Returns a question as parameters. A service that knows no days has them within the search.
    fn said(&self, question: &Question) -> Vec<(&'static str, String)> {
        let text = &question.text;
        if !self.known.narrows {
            return vec![("q", question.window.map_or_else(|| text.clone(), |days| within(text, days)))];
        }
        let mut said = vec![("q", text.clone())];
        said.extend(question.typing.then(|| ("unfinished", "true".to_owned())));
        if let Some(days) = question.window {
            said.extend([("from", days.earliest.to_string()), ("to", days.latest.to_string())]);
        }
        said
    }

    /// The same without the window.
    fn said_of_all(&self, question: &Question) -> Vec<(&'static str, String)> {
        self.said(&Question { window: None, ..question.clone() })
    }

    fn status(&self) -> Result<wire::Status, Trouble> {
        let mut held = self.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let etag = held.as_mut().and_then(|(etag, _)| etag.take());
        let reply = match (self.asker.ask(&["status"], &[], etag)?, held) {
            (Came::Unchanged, Some((_, status))) => return Ok(status),
            (Came::Answer(reply), _) => *reply,
            _ => return Err(Trouble::Store(format!("{} does not say how it is", self.name()))),
        };
        let status: wire::Status = self.asker.understood(&reply.body)?;
        let etag = reply.header("etag").map(str::to_owned);
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some((etag, status.clone()));
        Ok(status)
    }

    fn only_read<T>(&self, hint: &str) -> Result<T, Trouble> {
        let what = format!("this is the index of {}, which is only read here", self.name());
        Err(Trouble::Refused { what, hint: Some(hint.to_owned()) })
    }

    /// Writes the incidents that were picked, loaded one by one.
    fn picked(&self, ids: &[IncidentId], format: Format) -> Result<(Vec<u8>, usize), Trouble> {
        if ids.len() > PICKED {
            return self.only_read("export what a search finds instead of so many that were picked");
        }
        let unwritten = |error: std::io::Error| Trouble::Store(format!("the incidents could not be written: {error}"));
        let about = About { query: String::new(), at: self.keeper.now(), tlp: Tlp::default(), live: None };
        let mut exporter = export::exporter(format, about);
        let (mut bytes, mut count) = (Vec::new(), 0);
        exporter.begin(&mut bytes).map_err(unwritten)?;
        for id in ids {
            if let Some(incident) = self.incident(id)? {
                exporter.incident(&incident, &mut bytes).map_err(unwritten)?;
                count += 1;
            }
        }
        exporter.end(&mut bytes).map_err(unwritten)?;
        Ok((bytes, count))
    }

    /// Lets the service write what a question finds; returns how many incidents there are in all.
    fn exported(&self, question: &Question, format: Format) -> Result<(Vec<u8>, usize), Trouble> {
        let total = self.find(question, Page { offset: 0, limit: 1 })?.total;
        let mut said = self.said(&Question { typing: false, ..question.clone() });
        said.push(("limit", EXPORTED.to_string()));
        let came = self.asker.ask_for_much(&["export", format.word()], &said, EXPORT.0, EXPORT.1)?;
        let Some(reply) = came.answer() else {
            return self.only_read("and it does not export in that format");
        };
        Ok((reply.body, total))
    }
}

/// Returns a search narrowed to incidents that begin within some days.
fn within(text: &str, days: DayRange) -> String {
    let text = if text.trim().is_empty() { String::new() } else { format!("({text}) ") };
    format!("{text}after:{} before:{}", days.earliest, days.latest.plus(1))
}

impl Library for Remote {
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble> {
        let limit = page.limit.clamp(1, ROWS);
        let mut said = self.said(question);
        said.extend([("offset", page.offset.to_string()), ("limit", limit.to_string())]);
        let told: Option<wire::Incidents> = self.asker.read(&["incidents"], &said)?;
        let Some(told) = told else { return Err(Trouble::Store(format!("{} has no incidents to search", self.name()))) };
        let mut found = Found::from(told);
        found.rows.truncate(limit);
        Ok(found)
    }

    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, Trouble> {
        if !self.known.tells("incidents/{id}/background") {
            return self.asker.read(&["incidents", &id.0], &[]);
        }
        let told: Option<wire::Behind> = self.asker.read(&["incidents", &id.0, "background"], &[])?;
        let Some(wire::Behind { incident, background }) = told else { return Ok(None) };
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = Some((incident.id.clone(), background.into()));
        Ok(Some(incident))
    }

    fn background(&self, incident: &Incident) -> Result<Background, Trouble> {
        let held = self.behind.lock().unwrap_or_else(PoisonError::into_inner).take_if(|(id, _)| *id == incident.id);
        if let Some((_, background)) = held {
            return Ok(background);
        }
        let told: Option<wire::Behind> =
            self.told("incidents/{id}/background", &["incidents", &incident.id.0, "background"], &[])?;
        Ok(told.map(|told| told.background.into()).unwrap_or_default())
    }

    fn article(&self, id: ArticleId) -> Result<Option<Opened>, Trouble> {
        if !self.known.tells("articles/{id}") {
            let hint = Some("follow the link of the report".to_owned());
            return Err(Trouble::Refused { what: format!("{} does not tell what articles say", self.name()), hint });
        }
        let told: Option<wire::Read> = self.asker.read(&["articles", &id.0.to_string()], &[])?;
        Ok(told.map(Opened::from))
    }

    fn last_run(&self) -> Result<Option<LastRun>, Trouble> {
        Ok(self.status()?.last_run.map(LastRun::from))
    }

    fn stamp(&self) -> Result<u64, Trouble> {
        Ok(self.status()?.stamp)
    }

    fn last_stamp(&self) -> Option<u64> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, status)| status.stamp)
    }

    fn news(&self, since: u64) -> Result<Vec<Cursor>, Trouble> {
        let told: Option<wire::News> = self.told("news", &["news"], &[("since", since.to_string())])?;
        let cursor = |row: Row| Cursor { id: row.id, days: row.days };
        Ok(told.map(|told| told.incidents.into_iter().map(cursor).collect()).unwrap_or_default())
    }

    fn days(&self, question: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        let told: Option<wire::Days> = self.told("days", &["days"], &self.said_of_all(question))?;
        Ok(told.map(Vec::from))
    }

    fn facets(&self, question: &Question) -> Result<Option<Vec<Facet>>, Trouble> {
        let told: Option<wire::Facets> = self.told("facets", &["facets"], &self.said(question))?;
        Ok(told.map(Vec::from))
    }

    fn lanes(&self, question: &Question, field: &str) -> Result<Option<Vec<Lane>>, Trouble> {
        let mut said = self.said(question);
        said.push(("by", field.to_owned()));
        let told: Option<wire::Lanes> = self.told("lanes", &["lanes"], &said)?;
        Ok(told.map(Vec::from))
    }

    fn edit(&self, _incidents: &[IncidentId], _request: &EditRequest) -> Result<String, Trouble> {
        self.only_read("edit it there, or edit an index of your own")
    }

    fn export(&self, request: &ExportRequest) -> Result<String, Trouble> {
        let (bytes, total) = match request.picked.as_slice() {
            [] => self.exported(&request.question, request.format)?,
            picked => self.picked(picked, request.format)?,
        };
        if total == 0 {
            return Err(Trouble::Refused { what: "there is nothing to export".to_owned(), hint: None });
        }
        let file = self.keeper.keep(request, &bytes)?;
        let all = words::counted(total as u64, "incident", "incidents");
        let count = if total > EXPORTED { format!("the first {} of {all}", words::grouped(EXPORTED as u64)) } else { all };
        Ok(format!("{count} in {file}"))
    }

    fn watch(&self, _query: &str, _request: &WatchRequest) -> Result<String, Trouble> {
        self.only_read("subscribe to its feed, /feed.atom?q=SEARCH, or watch an index of your own")
    }

    fn place(&self, question: &Question, id: &IncidentId, days: DayRange) -> Result<Place, Trouble> {
        let mut said = self.said(question);
        said.extend([("id", id.0.clone()), ("day", days.earliest.to_string())]);
        let told: Option<Place> = self.told("place", &["place"], &said)?;
        told.map_or_else(|| halved(self, question, id, days), |told| Ok(wire::placed(told)))
    }
}

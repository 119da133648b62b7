//! What the timeline can do to an index on this machine besides reading it: edit it, export from it, watch a search.

use std::path::PathBuf;

use super::edit::{self, Author};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{acts, export, find, tell, watch};
use crate::base::day::Day;
use crate::export::{About, Tlp};
use crate::library::local::{Hands, Local};
use crate::library::{EditRequest, ExportRequest, Trouble, WatchRequest};
use crate::model::edit::Edit;
use crate::model::incident::IncidentId;
use crate::store::StoreError;
use crate::store::kept::{Access, Kept};

/// Who edits, and where `sources.toml` is, if it may be written.
pub(super) struct Writer {
    pub(super) author: Author,
    pub(super) places: Option<Places>,
}

impl Hands for Writer {
    fn edit(&self, local: &Local, incidents: &[IncidentId], request: &EditRequest) -> Result<String, Trouble> {
        let mut kept = match Kept::open(local.reader().dir(), Access::Write) {
            Err(StoreError::LockHeld { pid, .. }) => {
                let who = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
                return Err(Trouble::Busy(format!("another breachline{who} writes; done when it ends")));
            }
            kept => kept?,
        };
        let done = self.keep_edits(local, &mut kept, incidents, request)?;
        drop(kept);
        local.reader().refresh()?;
        Ok(done)
    }

    fn export(&self, local: &Local, request: &ExportRequest) -> Result<String, Trouble> {
        let mut ids = request.picked.clone();
        if ids.is_empty() {
            ids = export::found(local.reader(), &local.query(&request.question)?, None)?;
        }
        if ids.is_empty() {
            return Err(Trouble::Refused { what: "there is nothing to export".to_owned(), hint: None });
        }
        let path = exported_to(request, local.today());
        let query = if request.picked.is_empty() { request.question.text.trim() } else { "" };
        let about = About { query: query.to_owned(), at: local.now(), tlp: Tlp::default(), live: None };
        let count = export::into_new_file(local.reader(), ids, request.format, about, &path)?;
        Ok(format!("{} in {}", tell::counted(count, "incident", "incidents"), path.display()))
    }

    fn watch(&self, query: &str, request: &WatchRequest) -> Result<String, Trouble> {
        let Some(places) = &self.places else {
            let hint = Some("in `breachline browse` it is added to sources.toml".to_owned());
            return Err(Trouble::Refused { what: "the demo has no sources.toml".to_owned(), hint });
        };
        Ok(watch::add::add(places, query, request)?)
    }
}

/// Returns the file that an export is written to.
pub(super) fn exported_to(request: &ExportRequest, today: Day) -> PathBuf {
    match &request.file {
        Some(file) => in_home(file),
        None => PathBuf::from(format!("breachline-{today}.{}", request.format.ending())),
    }
}

/// Returns the path that is typed, with the home folder for a `~/` before it.
fn in_home(typed: &str) -> PathBuf {
    let home = typed.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    home.unwrap_or_else(|| PathBuf::from(typed))
}

impl Writer {
    /// Makes the edits, keeps them and says in words what was done.
    fn keep_edits(
        &self,
        local: &Local,
        kept: &mut Kept,
        incidents: &[IncidentId],
        request: &EditRequest,
    ) -> Result<String, Failure> {
        let (author, now) = (self.author.name()?, local.now());
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
                    match acts::of(request, kept, &incident, local.today()) {
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
        edit::keep(local.reader().dir(), kept, made)?;
        Ok(format!("{of}: {what}"))
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let causes: String = failure.causes.iter().map(|cause| format!(": {cause}")).collect();
        Trouble::Refused { what: format!("{}{causes}", failure.what), hint: failure.hint }
    }
}

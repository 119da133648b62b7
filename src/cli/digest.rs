//! `breachline digest`: what some days brought, ready for a mail.

use super::console::Console;
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;
use super::search::wrong_query;
use crate::base::day::{Day, DayRange};
use crate::export::digest::{self, Change, Digest, Entry};
use crate::merge::history::{self, What};
use crate::model::incident::{Incident, Row};
use crate::store::kept::Kept;
use crate::store::query::{self, Query};
use crate::store::{Page, Reader};

/// Rows that are loaded together.
const BATCH: usize = 500;

/// Print the incidents of some days, grouped, with figures and links
///
/// An incident belongs to it if it was reported in these days for the first time, or if something else became known of it. Mail it with
/// `breachline digest --since 7d | mail -s "the week" desk@example.org`. Exits with 1 where there is none.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only what this search finds
    #[arg(add = super::complete::query())]
    query: Vec<String>,
    /// From this day on, such as 7d, 2026-03-01 or last-week
    #[arg(long, default_value = "7d", value_name = "DAY")]
    since: String,
    /// Print Markdown
    #[arg(long, group = "form")]
    markdown: bool,
    /// Print an HTML page
    #[arg(long, group = "form")]
    html: bool,
    /// Print one JSON object
    #[arg(long, group = "form")]
    json: bool,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let today = console.today();
    let days = query::days(&args.since, today).ok_or_else(|| {
        Failure::usage(format!("--since: \"{}\" is no day", args.since)).hint("write 7d, 2026-03-01, last-week or the like")
    })?;
    let days = digest::days(days.earliest, today.max(days.earliest));
    let text = args.query.join(" ");
    let saved = places.config_if_any()?.queries;
    let query = Query::parse_with(&text, today, &saved).map_err(|error| wrong_query(&text, &error))?;
    let dir = places.index()?;
    let reader = Reader::open(&dir)?;
    let kept = Kept::open_to_read(&dir)?;
    let mut entries = Vec::new();
    for row in rows(&reader, &query.published_since(days.earliest))? {
        let Some(incident) = kept.incident(&row.id)? else { continue };
        entries.extend(entry(&kept, &incident, days)?);
    }
    let digest = Digest::of(days, text.trim(), entries);
    let bytes = match (args.markdown, args.html, args.json) {
        (true, ..) => digest::document(&digest).into_bytes(),
        (_, true, _) => digest::page(&digest).into_bytes(),
        (.., true) => json::line(&digest),
        _ => digest::plain(&digest).into_bytes(),
    };
    console.out.write_all(&bytes)?;
    Ok(if digest.groups.is_empty() { Exit::Nothing } else { Exit::Well })
}

fn rows(reader: &Reader, query: &Query) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    loop {
        let found = reader.find(query, Page { offset: rows.len(), limit: BATCH })?;
        let end = found.rows.is_empty();
        rows.extend(found.rows);
        if end || rows.len() >= found.total {
            return Ok(rows);
        }
    }
}

/// Makes the entry of an incident; None where these days brought nothing new of it.
fn entry(kept: &Kept, incident: &Incident, days: DayRange) -> Result<Option<Entry>, Failure> {
    let edits = kept.edits_numbered(&incident.edited.edits)?;
    let changes = changes(&history::history(incident, &edits), days.earliest);
    let is_new = incident.first_reported >= days.earliest;
    Ok((is_new || !changes.is_empty()).then(|| Entry::of(incident, days, changes)))
}

/// What changed from a day on: for each field what stood before and what stands now.
fn changes(history: &[history::Entry], since: Day) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for entry in history.iter().filter(|entry| entry.day >= since) {
        let What::Value { from, to } = &entry.what else { continue };
        match changes.iter_mut().find(|change| change.field == to.field()) {
            Some(change) => change.to = to.clone(),
            None => changes.push(Change { field: to.field(), from: from.clone(), to: to.clone() }),
        }
    }
    changes.retain(|change| change.from.as_ref() != Some(&change.to));
    changes
}

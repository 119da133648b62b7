//! Lines of somebody's table: which column is which field, and what its words mean.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;
use url::Url;

use super::super::console::Console;
use super::super::failure::Failure;
use super::super::set;
use super::{Documents, bytes_of};
use crate::base::day::{Day, DayRange};
use crate::base::fold::slug;
use crate::base::safe;
use crate::model::report::{DataKind, Figure, Kind, Speaker, Victim};
use crate::model::value::Value;
use crate::register::{Entry, Layout};

/// The fields that a column can be.
const FIELDS: [&str; 13] = [
    "id",
    "victim",
    "aliases",
    "kind",
    "attackers",
    "records",
    "records_by",
    "data",
    "occurred",
    "disclosed",
    "published",
    "url",
    "text",
];

/// A table of incidents.
#[derive(Debug, clap::Args)]
#[group(id = "table")]
pub(super) struct Args {
    /// How the table is written: CSV with a heading, or a JSON object a line
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "jsonl"])]
    format: String,
    /// Which column (in JSON Lines: which key, a.b for a key within another) is a field: id, victim, aliases, kind, attackers, records,
    /// records_by, data, occurred, disclosed, published, url or text. A column that is called as its field needs none
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    maps: Vec<String>,
    /// The name of the source; that of the file where it is not said
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The table
    file: PathBuf,
}

pub(super) fn read(args: &Args, console: &Console) -> Result<Documents, Failure> {
    let stem = args.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = safe::line(args.source.as_deref().unwrap_or(&stem), 100);
    let home = Url::parse(&format!("breachline:{}", slug(&name)));
    let (Ok(home), false) = (home, slug(&name).is_empty()) else {
        return Err(Failure::usage(format!("\"{name}\" is no name for a source")).hint("say --source NAME"));
    };
    let maps = args.maps.iter().map(|map| mapped(map)).collect::<Result<BTreeMap<_, _>, _>>()?;
    let bytes = bytes_of(&args.file)?;
    let rows = if args.format == "csv" { csv(&bytes, &maps) } else { jsonl(&bytes, &maps) }?;
    let mut documents = Documents::new(&name, home, "imported");
    let today = console.today();
    for (place, row) in rows {
        match row.and_then(|row| entry(&row, today).map(|entry| (url(&row, &entry, &documents.source.url), entry))) {
            Ok((url, entry)) => match serde_json::to_vec(&entry) {
                Ok(bytes) => documents.add(place, url, Layout::Entry, bytes, console),
                Err(error) => documents.faults.push((place, error.to_string())),
            },
            Err(what) => documents.faults.push((place, what)),
        }
    }
    Ok(documents)
}

fn mapped(map: &str) -> Result<(String, String), Failure> {
    let (field, column) = map.split_once('=').unwrap_or((map, ""));
    let field = field.trim().to_lowercase();
    if !FIELDS.contains(&field.as_str()) || column.trim().is_empty() {
        return Err(
            Failure::usage(format!("--map \"{map}\" is no FIELD=COLUMN")).hint(format!("FIELD is one of {}", FIELDS.join(", ")))
        );
    }
    Ok((field, column.trim().to_owned()))
}

/// The fields of a line that say something.
type Row = BTreeMap<&'static str, String>;
/// The lines, each with its place, or why it is none.
type Rows = Vec<(String, Result<Row, String>)>;

fn column<'m>(maps: &'m BTreeMap<String, String>, field: &'m str) -> &'m str {
    maps.get(field).map_or(field, String::as_str)
}

fn csv(bytes: &[u8], maps: &BTreeMap<String, String>) -> Result<Rows, Failure> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let unread = |error: ::csv::Error| Failure::usage("the table could not be read as CSV").because(&error);
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let heads: Vec<String> = reader.headers().map_err(unread)?.iter().map(|head| head.trim().to_owned()).collect();
    if let Some((field, missing)) = maps.iter().find(|(_, column)| !heads.contains(column)) {
        return Err(Failure::usage(format!("there is no column \"{missing}\" for {field}"))
            .hint(format!("the columns are {}", safe::line(&heads.join(", "), 500))));
    }
    let places: Vec<(&'static str, usize)> = FIELDS
        .into_iter()
        .filter_map(|field| Some((field, heads.iter().position(|head| head == column(maps, field))?)))
        .collect();
    let (mut rows, mut lines) = (Rows::new(), Lines { bytes, at: 0, line: 1 });
    for record in reader.records() {
        let place = format!("line {}", lines.of(record.as_ref().ok().and_then(|record| record.position())));
        let row = record.map_err(|error| error.to_string()).map(|record| {
            let cell = |at: usize| {
                record.get(at).map(|cell| cell.trim().trim_start_matches('\'').to_owned()).filter(|cell| !cell.is_empty())
            };
            places.iter().filter_map(|(field, at)| Some((*field, cell(*at)?))).collect()
        });
        rows.push((place, row));
    }
    Ok(rows)
}

/// Counts lines, since the library takes the line feed of CRLF for the beginning of the next record.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// Returns the line of a record that stands behind the last one; that of the last where its place is not known.
    fn of(&mut self, position: Option<&::csv::Position>) -> usize {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at).max(self.at);
        let ends = self.bytes.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.bytes.get(self.at..start + ends).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = start + ends;
        self.line
    }
}

fn jsonl(bytes: &[u8], maps: &BTreeMap<String, String>) -> Result<Rows, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| Failure::usage("the table is not UTF-8").because(&error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let row = |line: &str| -> Result<Row, String> {
        let line: Json = serde_json::from_str(line).map_err(|error| format!("is no JSON: {error}"))?;
        let field = |field: &'static str| {
            let mut path = column(maps, field).split('.');
            let value = path.try_fold(&line, |value, key| value.get(key))?;
            Some((field, words(value)?))
        };
        Ok(FIELDS.into_iter().filter_map(field).collect())
    };
    Ok(lines.map(|(n, line)| (format!("line {}", n + 1), row(line))).collect())
}

/// Returns a value as the words of a cell; lists with `;` between their items.
fn words(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Array(items) => Some(items.iter().filter_map(words).collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty()),
        Json::Null | Json::Bool(_) | Json::Object(_) => None,
    }
}

fn entry(row: &Row, today: Day) -> Result<Entry, String> {
    let victim = row.get("victim").ok_or("names no victim")?;
    let kind = match value(row, "kind", today)? {
        Some(Value::Kind(kind)) => kind,
        _ => Kind::Breach,
    };
    let days = |field| match value(row, field, today)? {
        Some(Value::Occurred(days) | Value::Disclosed(days)) => Ok::<_, String>(days),
        _ => Ok(None),
    };
    let (occurred, disclosed) = (days("occurred")?, days("disclosed")?);
    let published = published(row, disclosed.or(occurred), today)?;
    let records = match value(row, "records", today)? {
        Some(Value::Records(Some(figure))) => vec![Figure { by: speaker(row)?, ..figure }],
        _ => Vec::new(),
    };
    let attackers = match value(row, "attackers", today)? {
        Some(Value::Attackers(attackers)) => attackers,
        _ => Vec::new(),
    };
    let name = safe::line(victim, 200);
    Ok(Entry {
        title: format!("{name}: {}", kind.word()),
        published,
        text: row.get("text").cloned().unwrap_or_default(),
        victim: Victim { name, aliases: parts(row.get("aliases")), named: true },
        kind,
        attackers,
        records,
        data: data(row)?,
        occurred,
        disclosed,
        disputed: false,
        rule: "import.table".to_owned(),
    })
}

/// Reads whose word the number is.
fn speaker(row: &Row) -> Result<Speaker, String> {
    let Some(word) = row.get("records_by") else { return Ok(Speaker::Untold) };
    let unknown = || format!("has no records_by: \"{}\" is none of official, attacker, untold", safe::line(word, 40));
    Speaker::from_word(&word.to_lowercase()).ok_or_else(unknown)
}

/// Reads a field as `breachline edit --set` does.
fn value(row: &Row, field: &str, today: Day) -> Result<Option<Value>, String> {
    row.get(field)
        .map(|text| set::parse(&format!("{field}={text}"), today).map_err(|failure| format!("has no {field}: {}", failure.what)))
        .transpose()
}

fn parts(cell: Option<&String>) -> Vec<String> {
    cell.map(|cell| cell.split(';').map(|part| safe::line(part, 200)).filter(|part| !part.is_empty()).collect())
        .unwrap_or_default()
}

fn data(row: &Row) -> Result<Vec<DataKind>, String> {
    let word = |part: String| {
        let word = part.to_lowercase().replace([' ', '-'], "_");
        DataKind::from_word(&word).ok_or_else(|| format!("has no data: \"{part}\" is no kind of data"))
    };
    let mut kinds = parts(row.get("data")).into_iter().map(word).collect::<Result<Vec<_>, _>>()?;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// The day from which on it could be read there: as it says, else the last day on which the event may have become known or happened.
fn published(row: &Row, days: Option<DayRange>, today: Day) -> Result<Day, String> {
    match row.get("published") {
        Some(text) => text.parse().map_err(|_| format!("has no published: \"{}\" is no day", safe::line(text, 40))),
        None => Ok(days.map_or(today, |days| days.latest.min(today))),
    }
}

/// The address of a line: its own, or one made of its `id`, else of its victim and days, so that it is known again.
fn url(row: &Row, entry: &Entry, home: &Url) -> Result<Url, String> {
    if let Some(url) = row.get("url") {
        return crate::base::address::canonical(url).map_err(|why| format!("has no url: {why}"));
    }
    let days = entry.occurred.or(entry.disclosed).map_or_else(|| entry.published.to_string(), |days| days.to_string());
    let id = row.get("id").map_or_else(|| slug(&format!("{} {days}", entry.victim.name)), |id| slug(id));
    Url::parse(&format!("{home}/{id}")).map_err(|error| error.to_string())
}

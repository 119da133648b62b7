//! `breachline merge`: which reports tell of one event.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::{extract, input, json, jsonl};
use crate::base::address;
use crate::base::day::DayRange;
use crate::merge;
use crate::model::article::ArticleId;
use crate::model::incident::{Filed, IncidentId, ReportId};
use crate::model::report::{Attacker, DataKind, Evidence, Figure, Kind, Report, Salience, Victim};

/// Tell which reports are of one event
///
/// Reads JSON Lines as `extract --batch` writes them, {"doc", "url", "title", "published", "incidents"}, and writes one line for each
/// report: {"doc", "n", "incident", "why"}, where n is its place in "incidents". Reports with the same incident are of one event. A
/// line {"doc", "error"} is passed on as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Read JSON Lines from the file or the standard input
    #[arg(long, required = true)]
    batch: bool,
    /// The file; the standard input where none is named
    #[arg(value_name = "FILE|-")]
    file: Option<String>,
}

/// One line of the input. What only our own extraction gives may be missing.
#[derive(Deserialize)]
struct Told {
    doc: String,
    url: Option<String>,
    title: Option<String>,
    published: Option<String>,
    incidents: Vec<Reported>,
}

/// A line that extracting gave no reports for; it is passed on, since it says what was wrong first.
#[derive(Deserialize, Serialize)]
struct NotExtracted {
    doc: Value,
    error: String,
}

#[derive(Deserialize)]
struct Reported {
    victim: Body,
    kind: Kind,
    #[serde(default)]
    also_kinds: Vec<Kind>,
    #[serde(default)]
    attackers: Vec<Attacker>,
    #[serde(default)]
    records: Vec<Figure>,
    #[serde(default)]
    data: Vec<DataKind>,
    occurred: Option<DayRange>,
    disclosed: Option<DayRange>,
    #[serde(default)]
    disputed: bool,
    salience: Option<Salience>,
    confidence: Option<f32>,
    #[serde(default)]
    evidence: Value,
}

#[derive(Deserialize)]
struct Body {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    named: Option<bool>,
}

/// One line of the output.
#[derive(Serialize)]
struct Link<'a> {
    doc: &'a str,
    n: u32,
    incident: &'a IncidentId,
    why: &'a str,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    debug_assert!(args.batch, "the arguments require it");
    let mut input = BufReader::new(input::lines(args.file.as_deref())?);
    let (mut docs, mut filed): (Vec<Result<String, Vec<u8>>>, Vec<Filed>) = (Vec::new(), Vec::new());
    let mut line = Vec::new();
    let mut number = 0;
    while input.read_until(b'\n', &mut line).map_err(|error| Failure::new("the input could not be read").because(&error))? > 0 {
        number += 1;
        if !line.iter().all(u8::is_ascii_whitespace) {
            match jsonl::parse(&line).and_then(|told| file(told, docs.len(), &mut filed)) {
                Ok(doc) => docs.push(Ok(doc)),
                Err(why) => docs.push(Err(match jsonl::parse::<NotExtracted>(&line) {
                    Ok(told) => json::line(&told),
                    Err(_) => jsonl::refuse(&line, number, &why),
                })),
            }
        }
        line.clear();
    }
    write(&docs, filed, console)
}

/// Files the reports of a line under its number and returns its "doc".
fn file(told: Told, number: usize, filed: &mut Vec<Filed>) -> Result<String, String> {
    let published = extract::day(told.published.as_deref())?.ok_or("it has no \"published\"")?;
    let url = told.url.unwrap_or_default();
    let host = address::canonical(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let (source, title) = (host.unwrap_or_else(|| told.doc.clone()), told.title.unwrap_or_default());
    for (n, reported) in (0..).zip(told.incidents) {
        filed.push(Filed {
            id: ReportId { article: ArticleId(number as i64), n },
            source: source.clone(),
            url: url.clone(),
            title: title.clone(),
            published,
            copy_of: None,
            also_at: Vec::new(),
            report: reported.into(),
        });
    }
    Ok(told.doc)
}

fn write(docs: &[Result<String, Vec<u8>>], filed: Vec<Filed>, console: &mut Console) -> Result<Exit, Failure> {
    let mut links: BTreeMap<usize, Vec<(u32, IncidentId, String)>> = BTreeMap::new();
    for (id, incident, why) in merge::link(filed) {
        links.entry(usize::try_from(id.article.0).unwrap_or(usize::MAX)).or_default().push((id.n, incident, why));
    }
    for (at, doc) in docs.iter().enumerate() {
        match doc {
            Err(refusal) => console.out.write_all(refusal)?,
            Ok(doc) => {
                for (n, incident, why) in links.get(&at).into_iter().flatten() {
                    console.out.write_all(&json::line(&Link { doc, n: *n, incident, why }))?;
                }
            }
        }
    }
    Ok(Exit::Well)
}

impl From<Reported> for Report {
    fn from(reported: Reported) -> Report {
        let Body { name, aliases, named } = reported.victim;
        Report {
            victim: Victim { name, aliases, named: named.unwrap_or(true) },
            kind: reported.kind,
            also_kinds: reported.also_kinds,
            attackers: reported.attackers,
            records: reported.records,
            data: reported.data,
            occurred: reported.occurred,
            disclosed: reported.disclosed,
            disputed: reported.disputed,
            salience: reported.salience.unwrap_or(Salience::Main),
            confidence: reported.confidence.unwrap_or(1.0),
            evidence: serde_json::from_value::<Vec<Evidence>>(reported.evidence).unwrap_or_default(),
        }
    }
}

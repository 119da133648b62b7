//! `breachline edits`: what analysts said, as a list; and as annotated articles, from which test cases are made.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;
use super::table::{self, Cell, Column};
use super::tell;
use crate::base::day::{Day, DayRange};
use crate::merge;
use crate::model::article::ArticleId;
use crate::model::edit::{Act, Edit, EditId, standing};
use crate::model::incident::{Incident, IncidentId};
use crate::model::report::{Attacker, DataKind, Evidence, Field, Figure, Kind, Report, Salience, Victim};
use crate::store::kept::{Kept, Shown};

/// List what was edited, or write it as annotated articles
///
/// Every edit, the oldest first, with those that were undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline edits                                  who said what of which incident, and when
  breachline edits export > cases.jsonl             the corrected articles as test cases")]
pub(super) struct Args {
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write each article whose incidents were corrected, merged, split or hidden as a line of annotated articles
    ///
    /// {"doc", "url", "title", "published", "text", "incidents"}, as `extract --batch` reads it, with what should be found in it:
    /// hidden incidents are left out, set values are put in, and reports of one incident have the same "event". A figure, a day or an
    /// attacker is put in only where the article gave the value that was overruled. Look each line over before it becomes a test case.
    Export,
}

const COLUMNS: &[Column] = &[
    Column { head: "EDIT", right: true, gives: 0 },
    Column { head: "WHEN", right: false, gives: 0 },
    Column { head: "WHO", right: false, gives: 1 },
    Column { head: "INCIDENT", right: false, gives: 2 },
    Column { head: "WHAT", right: false, gives: 3 },
    Column { head: "", right: false, gives: 0 },
];

/// An edit as it is printed for programs.
#[derive(Serialize)]
struct Listed<'e> {
    edit: EditId,
    at: Timestamp,
    author: &'e str,
    incident: &'e IncidentId,
    act: &'e Act,
    undone: bool,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let kept = Kept::open_to_read(&places.index()?)?;
    let edits = kept.edits()?;
    if edits.is_empty() {
        console.note("nothing was edited yet");
        return Ok(Exit::Nothing);
    }
    match args.command {
        Some(Command::Export) => export(&kept, &edits, console),
        None => list(&edits, args.json, console),
    }
}

fn list(edits: &[Edit], json: bool, console: &mut Console) -> Result<Exit, Failure> {
    let holds: BTreeSet<EditId> = standing(edits).iter().map(|edit| edit.id).collect();
    let undone = |edit: &Edit| !holds.contains(&edit.id) && !matches!(edit.act, Act::Undo(_));
    if json {
        for edit in edits {
            let Edit { id, at, author, incident, act, .. } = edit;
            let listed = Listed { edit: *id, at: *at, author, incident, act, undone: undone(edit) };
            console.out.write_all(&json::line(&listed))?;
        }
        return Ok(Exit::Well);
    }
    let cells = |edit: &Edit| {
        vec![
            Cell::new(edit.id.0.to_string()).styled(Style::Dim),
            Cell::new(edit.at.strftime("%Y-%m-%d %H:%M").to_string()).styled(Style::Dim),
            Cell::new(&edit.author),
            Cell::new(&edit.incident.0).styled(Style::Cyan),
            Cell::new(tell::act(&edit.act)),
            Cell::new(if undone(edit) { "undone" } else { "" }).styled(Style::Dim),
        ]
    };
    table::print(COLUMNS, &edits.iter().map(cells).collect::<Vec<_>>(), console)?;
    Ok(Exit::Well)
}

/// One annotated article.
#[derive(Serialize)]
struct Annotated<'a> {
    doc: String,
    url: &'a str,
    title: &'a str,
    published: Day,
    text: &'a str,
    incidents: Vec<Annotation>,
}

/// What should be read from it of one event.
#[derive(Serialize)]
struct Annotation {
    victim: Victim,
    kind: Kind,
    also_kinds: Vec<Kind>,
    attackers: Vec<Attacker>,
    records: Vec<Figure>,
    data: Vec<DataKind>,
    occurred: Option<DayRange>,
    disclosed: Option<DayRange>,
    disputed: bool,
    salience: Salience,
    evidence: Vec<String>,
    event: String,
}

fn export(kept: &Kept, edits: &[Edit], console: &mut Console) -> Result<Exit, Failure> {
    let mut homes: BTreeMap<IncidentId, Option<Incident>> = BTreeMap::new();
    for article in corrected_articles(edits) {
        let Some(shown) = kept.article(article)? else { continue };
        let mut incidents = Vec::new();
        for ((_, home), report) in shown.reports.iter().zip(kept.reports(article)?) {
            let Some(home) = home else { continue };
            if !homes.contains_key(home) {
                homes.insert(home.clone(), kept.incident(home)?);
            }
            if let Some(Some(incident)) = homes.get(home).filter(|incident| incident.as_ref().is_some_and(|it| !it.edited.hidden))
            {
                incidents.push(annotation(&report, incident));
            }
        }
        console.out.write_all(&json::line(&annotated(&shown, incidents)))?;
    }
    Ok(Exit::Well)
}

/// The articles of whatever was set, merged, split or hidden, and still is.
fn corrected_articles(edits: &[Edit]) -> BTreeSet<ArticleId> {
    let corrects = |edit: &&&Edit| matches!(edit.act, Act::Set(_) | Act::Merge { .. } | Act::Split { .. } | Act::Hide);
    standing(edits).iter().filter(corrects).flat_map(|edit| edit.articles()).collect()
}

fn annotated(shown: &Shown, incidents: Vec<Annotation>) -> Annotated<'_> {
    let article = &shown.article;
    Annotated {
        doc: format!("article-{}", article.id.0),
        url: article.url.as_str(),
        title: &article.title,
        published: article.published,
        text: &article.text,
        incidents,
    }
}

fn annotation(report: &Report, incident: &Incident) -> Annotation {
    let evidence = quotes(&report.evidence);
    let Report { victim, kind, also_kinds, attackers, records, data, occurred, disclosed, disputed, salience, .. } =
        merge::corrected(report, &incident.edited);
    let event = incident.id.0.clone();
    Annotation { victim, kind, also_kinds, attackers, records, data, occurred, disclosed, disputed, salience, evidence, event }
}

/// The words that carry the victim and the event, else those of any other value: at most three, each once.
fn quotes(evidence: &[Evidence]) -> Vec<String> {
    const MOST: usize = 3;
    let carries = |found: &Evidence| matches!(found.field, Field::Victim | Field::Kind);
    let any = evidence.iter().any(carries);
    let mut quotes: Vec<String> = Vec::new();
    for found in evidence.iter().filter(|found| carries(found) || !any) {
        if quotes.len() < MOST && !quotes.contains(&found.quote) {
            quotes.push(found.quote.clone());
        }
    }
    quotes
}

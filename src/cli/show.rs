//! `breachline show`: all that is known of one incident, who said so, who says otherwise, and how it became known.

use std::collections::BTreeMap;

use serde::Serialize;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{find, json, tell};
use crate::base::day::Day;
use crate::base::safe;
use crate::base::span::Span;
use crate::merge::history::{self, Entry, history};
use crate::merge::sources::{agreeing, alternatives, independent};
use crate::model::edit::Edit;
use crate::model::incident::{Filed, Incident};
use crate::model::report::{Evidence, Field, Figure};
use crate::model::value::Value;
use crate::store::kept::Kept;
use crate::store::query;
use crate::tui::words;

/// Show everything about one incident
///
/// Each field stands with the number of independent sources that say so (reports of one site count once, and so do
/// copies in the same words) and the sentences it was read
/// from; then what others say instead; what analysts noted; every report, under the number that `breachline edit --split` takes; and the
/// history: which report or analyst changed what, by the days on which the reports were published. The beginning of an ID is enough
/// where no other begins so.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline show sega-2011-06                      one incident; the beginning of its ID is enough
  breachline show target-2013 --at 2013-12-31       what could be known at the end of a day
  breachline show sega-2011-06 --json | jq .history")]
pub(super) struct Args {
    /// The ID of the incident, as `breachline search` lists it
    id: String,
    /// Show what was known at the end of a day: by the reports published and the edits made until then
    ///
    /// 2014-01-10, 2014-01 or 2014 for their last days, today, yesterday, 30d.
    #[arg(long, value_name = "DAY")]
    at: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Sentences shown for one field.
const SENTENCES: usize = 3;
/// Column at which values stand.
const INDENT: usize = 13;

/// An incident as it is printed for programs.
#[derive(Serialize)]
struct Told<'i> {
    #[serde(flatten)]
    incident: &'i Incident,
    /// How many independent sources say what stands in each field.
    sources: BTreeMap<&'static str, usize>,
    history: Vec<Entry>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let kept = Kept::open_to_read(&places.index()?)?;
    let mut incident = find::incident(&kept, &args.id)?;
    let mut edits = kept.edits_numbered(&incident.edited.edits)?;
    let at = args.at.as_deref().map(|text| day(text, console.today())).transpose()?;
    if let Some(day) = at {
        incident = history::known_on(&incident, &edits, day).ok_or_else(|| unknown_then(&incident, day))?;
        edits = history::made_by(&edits, day);
    }
    if args.json {
        let sources =
            told_fields(&incident).into_iter().map(|(field, _)| (field.word(), independent(&agreeing(&incident, field))));
        let told = Told { incident: &incident, sources: sources.collect(), history: history(&incident, &edits) };
        console.out.write_all(&json::line(&told))?;
        return Ok(Exit::Well);
    }
    head(&incident, at, console)?;
    for (field, value) in told_fields(&incident) {
        one_field(&kept, &incident, field, &value, console)?;
    }
    reports(&incident, console)?;
    changes(&incident, &edits, console)
}

/// Reads a day as searches do; of a longer time the last day, since what became known within it is known at its end.
fn day(text: &str, today: Day) -> Result<Day, Failure> {
    let days = query::days(text.trim(), today).ok_or_else(|| {
        Failure::usage(format!("\"{text}\" is no day")).hint("write 2014-01-10, 2014-01, 2014, today, yesterday or 30d")
    })?;
    Ok(days.latest)
}

fn unknown_then(incident: &Incident, day: Day) -> Failure {
    Failure::nothing(format!("nothing was known of {} on {day}", incident.id))
        .hint(format!("the first report was published on {}", incident.first_reported))
}

/// The fields to show: those that hold something, and those of which an analyst says that there is nothing.
fn told_fields(incident: &Incident) -> Vec<(Field, String)> {
    let mut fields = tell::incident_fields(incident);
    for set in &incident.edited.fields {
        if fields.iter().all(|(field, _)| *field != set.value.field()) {
            fields.push((set.value.field(), tell::value(&set.value)));
        }
    }
    fields.sort_by_key(|(field, _)| history::FIELDS.iter().position(|other| other == field));
    fields
}

fn head(incident: &Incident, at: Option<Day>, console: &mut Console) -> Result<(), Failure> {
    let (days, by) = incident.dated();
    let told = tell::counted(incident.reports.len() as u64, "report", "reports");
    let then = at.map(|day| format!(", as it was known on {day}")).unwrap_or_default();
    console.say(format!(
        "{}  {}",
        console.paint(Style::Bold, &incident.victim.name),
        console.paint(Style::Dim, &incident.id.0)
    ))?;
    console.say(format!("{days} ({}), {told}, {:.0} % sure{then}", by.word(), incident.confidence * 100.0))?;
    let edited = &incident.edited;
    let marks = words::marks(edited);
    if !marks.is_empty() {
        console.say(console.paint(Style::Yellow, &marks))?;
    }
    console.say("")?;
    for note in &edited.notes {
        let said = format!("{} - {}, {}", note.text, note.author, Day::of(note.at));
        tell::beside("note", INDENT, &said, None, console)?;
    }
    if edited.notes.is_empty() { Ok(()) } else { console.say("") }
}

fn one_field(kept: &Kept, incident: &Incident, field: Field, value: &str, console: &mut Console) -> Result<(), Failure> {
    let stands = Value::of_incident(incident, field);
    let value = if field == Field::Records { tell::value(&stands) } else { value.to_owned() };
    let by = agreeing(incident, field);
    let set = incident.edited.fields.iter().find(|set| set.value.field() == field);
    let told = match set {
        Some(set) => format!("{value}  ({})", words::set_by(set)),
        None => format!("{value}  ({})", tell::sources(independent(&by))),
    };
    tell::beside(field.word(), INDENT, &told, None, console)?;
    quotes(kept, &by, &stands, console)?;
    for (other, by) in alternatives(incident, field) {
        let told = format!("{}  ({})", tell::value(&other), tell::sources(independent(&by)));
        tell::beside("  or", INDENT, &told, None, console)?;
        quotes(kept, &by, &other, console)?;
    }
    Ok(())
}

/// The sentences behind a value, the surest, one from each report, at most a few; with source and day.
fn quotes(kept: &Kept, by: &[&Filed], value: &Value, console: &mut Console) -> Result<(), Failure> {
    let mut chosen: Vec<(&Filed, &Evidence)> = by.iter().filter_map(|filed| Some((*filed, evidence(filed, value)?))).collect();
    chosen.sort_by(|(_, one), (_, other)| other.confidence.total_cmp(&one.confidence));
    chosen.truncate(SENTENCES);
    chosen.sort_by_key(|(filed, _)| (filed.published, filed.id));
    for (filed, evidence) in chosen {
        let quote = format!("\"{}\" - {}, {}", sentence(kept, filed, evidence, value)?, filed.source, filed.published);
        tell::beside("", INDENT, &quote, Some(Style::Dim), console)?;
    }
    Ok(())
}

/// The words of a report for a value: those that hold the number or the name, else the surest for the field.
fn evidence<'f>(filed: &'f Filed, value: &Value) -> Option<&'f Evidence> {
    let of_field = || filed.report.evidence.iter().filter(|evidence| evidence.field == value.field());
    of_field()
        .find(|evidence| finds(&evidence.quote, value).is_some())
        .or_else(|| of_field().reduce(|best, other| if other.confidence > best.confidence { other } else { best }))
}

/// The ways in which a number is mostly written: `1,290,755`, `1290755`, `1.3 million`.
fn ways(figure: &Figure) -> Vec<String> {
    let value = figure.value;
    let mut ways = vec![tell::grouped(value), value.to_string()];
    for (scale, word) in [(1_000_000_000, "billion"), (1_000_000, "million")] {
        if value >= scale && value.is_multiple_of(scale / 10) {
            let (whole, part) = (value / scale, value % scale / (scale / 10));
            let number = if part == 0 { whole.to_string() } else { format!("{whole}.{part}") };
            ways.extend([format!("{number} {word}"), format!("{number}-{word}")]);
        }
    }
    ways
}

/// Returns where a text says a number or a name; None for what is said in many ways.
fn finds(text: &str, value: &Value) -> Option<Span> {
    let words = match value {
        Value::Records(Some(figure)) => ways(figure),
        Value::Attackers(attackers) => attackers.iter().map(|attacker| attacker.name.clone()).collect(),
        Value::Victim(name) => vec![name.clone()],
        _ => Vec::new(),
    };
    words.iter().find_map(|word| text.find(word.as_str()).map(|at| Span::new(at, at + word.len())))
}

/// The sentence around a quote, from the article; the quote itself where the article is not at hand. A report may give more figures than
/// it has quotes: then the sentence is the first one that has the figure.
fn sentence(kept: &Kept, filed: &Filed, evidence: &Evidence, value: &Value) -> Result<String, Failure> {
    const LONGEST: usize = 400;
    let article = kept.article(filed.id.article)?;
    let text = article.as_ref().map_or("", |shown| shown.article.text.as_str());
    let quoted = tell::sentence_around(text, evidence.span);
    let found = match value {
        Value::Records(Some(_)) if finds(quoted, value).is_none() => {
            finds(text, value).map_or(quoted, |span| tell::sentence_around(text, span))
        }
        _ => quoted,
    };
    Ok(safe::line(if found.is_empty() { &evidence.quote } else { found }, LONGEST))
}

fn reports(incident: &Incident, console: &mut Console) -> Result<(), Failure> {
    console.say("")?;
    console.say(console.paint(Style::Cyan, if incident.reports.len() == 1 { "report" } else { "reports" }))?;
    for filed in &incident.reports {
        let figure = filed.report.records.first().map(|figure| format!(" [{}]", tell::told_figure(figure))).unwrap_or_default();
        console.say(format!(
            "  {}  {}  {}: {}{}",
            console.paint(Style::Dim, &format!("{:>6}", incident.report_name(filed))),
            filed.published,
            console.plain(&filed.source),
            console.plain(&safe::line(&filed.title, 200)),
            console.paint(Style::Dim, &figure)
        ))?;
        for url in std::iter::once(&filed.url).chain(&filed.also_at) {
            console.say(format!("          {}", console.paint(Style::Dim, &console.plain(url))))?;
        }
        if let Some(first) = filed.copy_of {
            let told = incident.reports.iter().find(|other| other.id.article == first).map(|other| other.source.as_str());
            let of = told.map_or_else(|| format!("article {}", first.0), |source| format!("{} ({source})", first.0));
            console.say(format!(
                "          {}",
                console.paint(Style::Yellow, &format!("the same text as {}", console.plain(&of)))
            ))?;
        }
    }
    Ok(())
}

/// Prints the history, what one report or edit changed on one line.
fn changes(incident: &Incident, edits: &[Edit], console: &mut Console) -> Result<Exit, Failure> {
    console.say("")?;
    console.say(console.paint(Style::Cyan, "history"))?;
    for (day, line) in history::in_words(incident, edits) {
        tell::beside(&format!("  {day}"), INDENT + 1, &line, None, console)?;
    }
    Ok(Exit::Well)
}

//! `breachline show`: all that is known of one incident, and who said so.

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{json, tell};
use crate::base::fold::slug;
use crate::base::safe;
use crate::model::incident::{Filed, Incident, IncidentId};
use crate::model::report::{Evidence, Field, Figure};
use crate::store::kept::{Access, Kept};

/// Show everything about one incident
///
/// Each field stands with the sentence it was read from, its source and day; then every figure that any report gives, and the
/// reports. The beginning of an ID is enough where no other begins so.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ID of the incident, as `breachline search` lists it
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Sentences shown for one field.
const SENTENCES: usize = 3;
/// Column at which values stand.
const INDENT: usize = 13;

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let kept = Kept::open(&places.index()?, Access::Read)?;
    let id = find(&kept, &args.id)?;
    let Some(incident) = kept.incident(&id)? else { return Err(unknown(&kept, &args.id)?) };
    if args.json {
        console.out.write_all(&json::line(&incident))?;
        return Ok(Exit::Well);
    }
    head(&incident, console)?;
    for (field, value) in tell::incident_fields(&incident) {
        one_field(&kept, &incident, field, &value, console)?;
    }
    reports(&incident, console)?;
    Ok(Exit::Well)
}

/// Finds the incident of that name, or the only one whose name begins so.
fn find(kept: &Kept, asked: &str) -> Result<IncidentId, Failure> {
    const SHOWN: usize = 10;
    let asked = asked.trim();
    for name in [asked.to_owned(), slug(asked)] {
        let ids = if name.is_empty() { Vec::new() } else { kept.incident_ids(&name, SHOWN + 1)? };
        match ids.as_slice() {
            [] => {}
            [only] => return Ok(only.clone()),
            [first, ..] if first.0 == name => return Ok(first.clone()),
            several => {
                let more = if several.len() > SHOWN { ", ..." } else { "" };
                let names: Vec<&str> = several.iter().take(SHOWN).map(|id| id.0.as_str()).collect();
                return Err(Failure::usage(format!("more than one incident begins with \"{name}\""))
                    .hint(format!("say which: {}{more}", names.join(", "))));
            }
        }
    }
    Err(unknown(kept, asked)?)
}

fn unknown(kept: &Kept, asked: &str) -> Result<Failure, Failure> {
    let near = kept.incident_ids_like(&slug(asked), 3)?;
    let failure = Failure::nothing(format!("there is no incident \"{asked}\""));
    if near.is_empty() {
        return Ok(failure.hint("`breachline search WORDS` lists incidents with their IDs"));
    }
    let near: Vec<&str> = near.iter().map(|id| id.0.as_str()).collect();
    Ok(failure.hint(format!("did you mean {}?", near.join(" or "))))
}

fn head(incident: &Incident, console: &mut Console) -> Result<(), Failure> {
    let (days, by) = incident.dated();
    let count = incident.reports.len();
    let told = format!("{days} ({}), {count} {}", by.word(), if count == 1 { "report" } else { "reports" });
    console.say(format!(
        "{}  {}",
        console.paint(Style::Bold, &incident.victim.name),
        console.paint(Style::Dim, &incident.id.0)
    ))?;
    console.say(format!("{told}, {:.0} % sure", incident.confidence * 100.0))?;
    console.say("")
}

fn one_field(kept: &Kept, incident: &Incident, field: Field, value: &str, console: &mut Console) -> Result<(), Failure> {
    if field == Field::Records {
        all_figures(incident, console)?;
    } else {
        tell::beside(field.word(), INDENT, value, None, console)?;
    }
    for (filed, evidence) in chosen(incident, field) {
        let sentence = sentence(kept, filed, evidence)?;
        let quote = format!("\"{sentence}\" - {}, {}", filed.source, filed.published);
        tell::beside("", INDENT, &quote, Some(Style::Dim), console)?;
    }
    Ok(())
}

/// Each figure with those who give it; the first one stands.
fn all_figures(incident: &Incident, console: &mut Console) -> Result<(), Failure> {
    for (n, figure) in incident.records.iter().enumerate() {
        let head = if n == 0 { Field::Records.word() } else { "" };
        tell::beside(head, INDENT, &format!("{}  ({})", tell::figure(figure), said_by(incident, figure)), None, console)?;
    }
    Ok(())
}

/// Who gives a figure, and when.
fn said_by(incident: &Incident, figure: &Figure) -> String {
    let by = incident.reports.iter().filter(|filed| filed.report.records.contains(figure));
    by.map(|filed| format!("{}, {}", filed.source, filed.published)).collect::<Vec<_>>().join("; ")
}

/// The surest words for a field, one from each report, at most a few.
fn chosen(incident: &Incident, field: Field) -> Vec<(&Filed, &Evidence)> {
    let surest = |filed: &'_ Filed| -> Option<usize> {
        let of_field = filed.report.evidence.iter().enumerate().filter(|(_, evidence)| evidence.field == field);
        of_field.max_by(|(m, one), (n, other)| one.confidence.total_cmp(&other.confidence).then(n.cmp(m))).map(|(n, _)| n)
    };
    let mut all: Vec<(&Filed, &Evidence)> =
        incident.reports.iter().filter_map(|filed| Some((filed, filed.report.evidence.get(surest(filed)?)?))).collect();
    all.sort_by(|(_, one), (_, other)| other.confidence.total_cmp(&one.confidence));
    all.truncate(SENTENCES);
    all.sort_by_key(|(filed, _)| (filed.published, filed.id));
    all
}

/// The sentence around a quote, from the article; the quote itself where the article is not at hand.
fn sentence(kept: &Kept, filed: &Filed, evidence: &Evidence) -> Result<String, Failure> {
    const LONGEST: usize = 400;
    let article = kept.article(filed.id.article)?;
    let found =
        article.as_ref().map(|shown| tell::sentence_around(&shown.article.text, evidence.span)).filter(|text| !text.is_empty());
    Ok(safe::line(found.unwrap_or(&evidence.quote), LONGEST))
}

fn reports(incident: &Incident, console: &mut Console) -> Result<(), Failure> {
    console.say("")?;
    console.say(console.paint(Style::Cyan, if incident.reports.len() == 1 { "report" } else { "reports" }))?;
    for filed in &incident.reports {
        let figure = filed.report.records.first().map(|figure| format!(" [{}]", tell::figure(figure))).unwrap_or_default();
        console.say(format!(
            "  {}  {}: {}{}",
            filed.published,
            console.plain(&filed.source),
            console.plain(&safe::line(&filed.title, 200)),
            console.paint(Style::Dim, &figure)
        ))?;
        console.say(format!("              {}", console.paint(Style::Dim, &filed.url)))?;
    }
    Ok(())
}

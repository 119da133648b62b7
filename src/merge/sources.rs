//! Who says what stands in a field, who says otherwise, and how many of them are independent of each other.

use std::collections::BTreeSet;

use url::Url;

use crate::base::address;
use crate::base::fold::fold;
use crate::merge::attackers;
use crate::merge::names::is_same_name;
use crate::model::article::ArticleId;
use crate::model::incident::{Filed, Incident};
use crate::model::report::{Attacker, Field, Figure, Report};
use crate::model::value::Value;

/// Returns the reports that say what stands in a field.
pub fn agreeing(incident: &Incident, field: Field) -> Vec<&Filed> {
    let value = Value::of_incident(incident, field);
    incident.reports.iter().filter(|filed| agrees(&value, &filed.report)).collect()
}

/// Returns what else reports say of a field, each different value once, with the reports that say it; the first told first.
pub fn alternatives(incident: &Incident, field: Field) -> Vec<(Value, Vec<&Filed>)> {
    let stands = Value::of_incident(incident, field);
    let mut others: Vec<(Value, Vec<&Filed>)> = Vec::new();
    for filed in &incident.reports {
        for value in told(&filed.report, field) {
            if value.is_empty() || is_alike(&stands, &value) {
                continue;
            }
            match others.iter_mut().find(|(other, _)| is_alike(other, &value)) {
                Some((other, reports)) => {
                    speak_up(other, &value);
                    reports.push(filed);
                }
                None => others.push((value, vec![filed])),
            }
        }
    }
    others
}

/// The fewest characters that two reports' quotes have in common, each quote counted once, where it is no chance: a figure and its unit may
/// well be told in the same words twice, five such turns are one text.
const COPIED: usize = 60;

/// Returns how many independent sources some reports are from. A site counts once, however many of its reports, names or feeds there are,
/// and so do sites that tell one text, or whose reports are quoted in the same words: copies of one agency's story, or of one press release.
pub fn independent(reports: &[&Filed]) -> usize {
    let mut sources: Vec<Vec<Told>> = Vec::new();
    for filed in reports {
        let report = Told::of(filed);
        let (same, others): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|source| source.iter().any(|other| other.is_of_one_source(&report)));
        sources = others;
        sources.push(same.into_iter().flatten().chain([report]).collect());
    }
    sources.len()
}

/// What tells whether a report is independent of another.
struct Told {
    site: String,
    text: ArticleId,
    quotes: BTreeSet<String>,
}

impl Told {
    fn of(filed: &Filed) -> Told {
        let url = Url::parse(&filed.url).ok();
        let site = url.as_ref().map(address::site).filter(|site| !site.is_empty()).unwrap_or(&filed.source).to_owned();
        let quotes = filed.report.evidence.iter().map(|evidence| fold(&evidence.quote)).collect();
        Told { site, text: filed.copy_of.unwrap_or(filed.id.article), quotes }
    }

    fn is_of_one_source(&self, other: &Told) -> bool {
        let copied = || self.quotes.intersection(&other.quotes).map(|quote| quote.chars().count()).sum::<usize>();
        self.site == other.site || self.text == other.text || copied() >= COPIED
    }
}

fn agrees(value: &Value, report: &Report) -> bool {
    match value {
        Value::Victim(name) => {
            std::iter::once(&report.victim.name).chain(&report.victim.aliases).any(|other| is_same_name(other, name))
        }
        Value::Kind(kind) => report.kind == *kind,
        Value::Records(Some(figure)) => report.records.iter().any(|other| is_same_count(other, figure)),
        Value::Data(data) => report.data.iter().any(|kind| data.contains(kind)),
        value => {
            let said = Value::of_report(report, value.field());
            !said.is_empty() && is_alike(value, &said)
        }
    }
}

/// Every value that a report gives of a field. What an incident joins from all reports (kinds of data, whether it is disputed) has no others.
fn told(report: &Report, field: Field) -> Vec<Value> {
    match field {
        Field::Records => report.records.iter().map(|figure| Value::Records(Some(*figure))).collect(),
        Field::Attackers => report.attackers.iter().map(|attacker| Value::Attackers(vec![attacker.clone()])).collect(),
        Field::Data | Field::Disputed => Vec::new(),
        field => vec![Value::of_report(report, field)],
    }
}

/// Whether two values say the same for a reader.
fn is_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Victim(one), Value::Victim(other)) => is_same_name(one, other),
        (Value::Records(Some(one)), Value::Records(Some(other))) => is_same_count(one, other),
        (Value::Attackers(one), Value::Attackers(other)) => one.iter().any(|a| other.iter().any(|b| is_same(a, b))),
        (Value::Occurred(Some(one)), Value::Occurred(Some(other)))
        | (Value::Disclosed(Some(one)), Value::Disclosed(Some(other))) => one.shared(*other) > 0,
        (one, other) => one == other,
    }
}

/// Lets a figure be the word of whoever else gives it as well.
fn speak_up(known: &mut Value, other: &Value) {
    if let (Value::Records(Some(known)), Value::Records(Some(other))) = (known, other) {
        known.by = known.by.or(other.by);
    }
}

/// Whether two figures are one number, however it is qualified. A figure that is merely close is another one, as a reader must see.
fn is_same_count(one: &Figure, other: &Figure) -> bool {
    (one.value, one.max, one.unit) == (other.value, other.max, other.unit)
}

/// Whether two name the same, by whatever name.
fn is_same(one: &Attacker, other: &Attacker) -> bool {
    let names = |attacker: &Attacker| -> BTreeSet<String> {
        let all = std::iter::once(&attacker.name).chain(&attacker.aliases);
        all.map(|name| attackers::identity(name).unwrap_or_else(|| fold(name))).collect()
    };
    !names(one).is_disjoint(&names(other))
}

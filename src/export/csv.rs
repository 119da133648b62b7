//! Comma-separated values (RFC 4180): a heading, then a line for each incident. Lists within a cell are joined by `; `.

use std::io::{self, Write};

use super::Exporter;
use super::describe::{articles, line};
use crate::base::day::DayRange;
use crate::base::separated;
use crate::model::incident::Incident;

const HEADINGS: [&str; 26] = [
    "id",
    "earliest",
    "latest",
    "dated_by",
    "victim",
    "victim_aliases",
    "kind",
    "also_kinds",
    "attackers",
    "attributions",
    "records",
    "records_max",
    "records_unit",
    "records_qualifier",
    "records_by",
    "data",
    "occurred_earliest",
    "occurred_latest",
    "disclosed_earliest",
    "disclosed_latest",
    "disputed",
    "confidence",
    "first_reported",
    "last_reported",
    "tags",
    "urls",
];

pub(super) struct Table;

impl Exporter for Table {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&separated::line(&HEADINGS))
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&separated::line(&cells(incident)))
    }
}

fn cells(incident: &Incident) -> [String; HEADINGS.len()] {
    let (days, dated_by) = incident.dated();
    let figure = incident.records.first();
    let ends = |days: Option<DayRange>| {
        [days.map(|days| days.earliest.to_string()), days.map(|days| days.latest.to_string())].map(Option::unwrap_or_default)
    };
    let ([occurred, occurred_to], [disclosed, disclosed_to]) = (ends(incident.occurred), ends(incident.disclosed));
    [
        incident.id.0.clone(),
        days.earliest.to_string(),
        days.latest.to_string(),
        dated_by.word().to_owned(),
        line(&incident.victim.name),
        list(incident.victim.aliases.iter().map(|alias| line(alias))),
        incident.kind.word().to_owned(),
        list(incident.also_kinds.iter().map(|kind| kind.word().to_owned())),
        list(incident.attackers.iter().map(|attacker| line(&attacker.name))),
        list(incident.attackers.iter().map(|attacker| attacker.attribution.word().to_owned())),
        figure.map(|figure| figure.value.to_string()).unwrap_or_default(),
        figure.and_then(|figure| figure.max).map(|max| max.to_string()).unwrap_or_default(),
        figure.map(|figure| figure.unit.word().to_owned()).unwrap_or_default(),
        figure.map(|figure| figure.qualifier.word().to_owned()).unwrap_or_default(),
        figure.map(|figure| figure.by.word().to_owned()).unwrap_or_default(),
        list(incident.data.iter().map(|kind| kind.word().to_owned())),
        occurred,
        occurred_to,
        disclosed,
        disclosed_to,
        incident.disputed.to_string(),
        format!("{:.2}", incident.confidence),
        incident.first_reported.to_string(),
        incident.last_reported.to_string(),
        list(incident.edited.tags.iter().map(|tag| line(tag))),
        list(articles(incident).into_iter().map(|filed| line(&filed.url))),
    ]
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

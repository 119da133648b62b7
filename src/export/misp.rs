//! MISP events (<https://www.misp-standard.org>): one for each incident, with the objects `incident`, `victim` and `news-media`, tags of
//! the galaxies for attackers that they know, and a report to read. Nothing is marked for detection, nothing is shared by itself.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::describe::{articles, headline, held_responsible, line, link, updated, uuid};
use super::markdown;
use super::stix::incident_type;
use super::{Exporter, List, Tlp};
use crate::base::fold::fold;
use crate::model::incident::Incident;
use crate::model::report::Attacker;

/// Galaxy, cluster, and the folded names of it, as `.ci/galaxies.py` finds them in the MISP galaxies.
const GALAXIES: &str = include_str!("galaxies.tsv");

/// The longest text of a field; MISP keeps up to 65,535 bytes.
const LONGEST: usize = 2000;

pub(super) struct Events {
    events: List,
    tlp: Tlp,
}

impl Events {
    pub(super) fn new(tlp: Tlp) -> Events {
        Events { events: List::default(), tlp }
    }
}

impl Exporter for Events {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"{\"response\":[")
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        self.events.item(&json!({ "Event": event(incident, self.tlp) }), out)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]}\n")
    }
}

fn event(incident: &Incident, tlp: Tlp) -> Value {
    let id = |what: &str| uuid(what, &incident.id.0).to_string();
    let timestamp = updated(incident).as_second().to_string();
    let mut objects = vec![incident_object(incident), victim_object(incident)];
    objects.extend(articles(incident).into_iter().map(|filed| {
        let relations = [("source", "text", &filed.source), ("title", "text", &filed.title), ("link", "link", &filed.url)];
        let values = relations.into_iter().filter(|(_, kind, value)| *kind != "link" || link(value).is_some());
        let values = values.map(|(relation, kind, value)| (relation, kind, value.clone())).collect();
        object(NEWS, &format!("{}\n{}", incident.id, filed.url), values)
    }));
    json!({
        "uuid": id("misp-event"),
        "info": headline(incident),
        "date": incident.dated().0.earliest.to_string(),
        "timestamp": timestamp,
        "published": false,
        "analysis": "2",
        "threat_level_id": "4",
        "distribution": "0",
        "Tag": tags(incident, tlp).into_iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "Object": objects,
        "EventReport": [{
            "uuid": id("misp-report"), "name": headline(incident), "content": markdown::section(incident, 1),
            "distribution": "0", "timestamp": timestamp,
        }],
    })
}

/// A template of the MISP objects: name, meta-category, identifier, version.
type Template = (&'static str, &'static str, &'static str, &'static str);

const INCIDENT: Template = ("incident", "misc", "38597424-f9bb-4865-9b4b-819172df0334", "1");
const VICTIM: Template = ("victim", "misc", "a8806e40-39ad-435f-be02-ac2a13d6fc7d", "10");
const NEWS: Template = ("news-media", "misc", "691463c5-5302-4847-9bec-4c56ccfec677", "3");

/// Makes an object of a template; `values` are relation, type and value.
fn object((name, category, template, version): Template, key: &str, values: Vec<(&str, &str, String)>) -> Value {
    let attributes = values.into_iter().filter(|(.., value)| !value.trim().is_empty()).enumerate().map(|(n, (relation, kind, value))| {
        json!({
            "uuid": uuid("misp-attribute", &format!("{name}\n{key}\n{n}")).to_string(),
            "object_relation": relation, "type": kind, "category": category_of(kind), "to_ids": false, "disable_correlation": kind == "text",
            "value": crate::base::safe::line(&value, LONGEST),
        })
    });
    json!({
        "uuid": uuid("misp-object", &format!("{name}\n{key}")).to_string(),
        "name": name, "meta-category": category, "template_uuid": template, "template_version": version,
        "Attribute": attributes.collect::<Vec<_>>(),
    })
}

/// Returns the category that MISP gives an attribute of a type.
fn category_of(kind: &str) -> &'static str {
    match kind {
        "target-org" => "Targeting data",
        "link" => "External analysis",
        _ => "Other",
    }
}

fn incident_object(incident: &Incident) -> Value {
    let determination = if incident.disputed { "suspected" } else { "successful-attempt" };
    let values = vec![
        ("name", "text", incident.id.0.clone()),
        ("description", "text", headline(incident)),
        ("incident_type", "text", incident_type(incident.kind).to_owned()),
        ("determination", "text", determination.to_owned()),
    ];
    object(INCIDENT, &incident.id.0, values)
}

fn victim_object(incident: &Incident) -> Value {
    let victim = &incident.victim;
    let mut values = vec![("name", "target-org", victim.name.clone())];
    let aliases = super::describe::other_names(&victim.name, &victim.aliases);
    values.extend((!aliases.is_empty()).then(|| ("description", "text", format!("also {}", aliases.join(", ")))));
    values.push(("classification", "text", if victim.named { "organization" } else { "unknown" }.to_owned()));
    object(VICTIM, &incident.id.0, values)
}

fn tags(incident: &Incident, tlp: Tlp) -> Vec<String> {
    let mut tags = vec![format!("tlp:{}", tlp.word()), "type:OSINT".to_owned()];
    let known: BTreeSet<&str> = held_responsible(incident).flat_map(clusters).collect();
    tags.extend(known.into_iter().map(str::to_owned));
    tags.extend(incident.edited.tags.iter().map(|tag| line(tag)));
    tags
}

/// Returns the tags of the clusters that an attacker is known as.
fn clusters(attacker: &Attacker) -> Vec<&'static str> {
    static KNOWN: LazyLock<Vec<(BTreeSet<&'static str>, String)>> = LazyLock::new(|| {
        let columns = GALAXIES.lines().filter_map(|line| <[&str; 3]>::try_from(line.split('\t').collect::<Vec<_>>()).ok());
        columns
            .map(|[galaxy, cluster, names]| (names.split('|').collect(), format!("misp-galaxy:{galaxy}=\"{cluster}\"")))
            .collect()
    });
    let names: Vec<String> = std::iter::once(&attacker.name).chain(&attacker.aliases).map(|name| fold(name)).collect();
    let is_known = |known: &&(BTreeSet<&str>, String)| names.iter().any(|name| known.0.contains(name.as_str()));
    KNOWN.iter().filter(is_known).map(|(_, tag)| tag.as_str()).collect()
}

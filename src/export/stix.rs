//! A STIX 2.1 bundle (OASIS, 10 June 2021): incidents with the incident extension, victims, threat actors, reports and what links them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::describe::{articles, headline, held_responsible, is_named, line, link, moment, other_names, updated, uuid};
use super::{Exporter, List, Tlp};
use crate::base::day::Day;
use crate::base::fold::fold;
use crate::model::incident::Incident;
use crate::model::report::{Attacker, Attribution, Kind, Unit, Victim};
use crate::model::words;

/// The incident extension of the STIX common objects repository of OASIS.
const INCIDENT_EXTENSION: &str = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";

/// When everything began that is no more than a name, such as a victim: it has no day of its own, and must not differ between bundles.
const NAMED_AT: &str = "2011-01-01T00:00:00.000Z";

pub(super) struct Bundle {
    objects: List,
    /// The objects that several incidents refer to and that were written.
    written: BTreeSet<String>,
    /// The identifier of what was written so far.
    id: Uuid,
    tlp: Tlp,
}

impl Bundle {
    pub(super) fn new(tlp: Tlp) -> Bundle {
        Bundle { objects: List::default(), written: BTreeSet::new(), id: uuid("bundle", ""), tlp }
    }

    /// Writes an object, unless it was written before; returns its identifier.
    fn write(&mut self, object: Value, out: &mut dyn Write) -> io::Result<String> {
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        if self.written.insert(id.clone()) {
            self.id = Uuid::new_v5(&self.id, object.to_string().as_bytes());
            self.objects.item(&object, out)?;
        }
        Ok(id)
    }

    /// Makes an object of ours, with what all of them have.
    fn object(&self, kind: &str, name: &str, [created, modified]: [&str; 2], rest: Value) -> Value {
        let mut object = Map::from_iter([
            ("type".to_owned(), json!(kind)),
            ("spec_version".to_owned(), json!("2.1")),
            ("id".to_owned(), json!(format!("{kind}--{}", uuid(kind, name)))),
            ("created".to_owned(), json!(created)),
            ("modified".to_owned(), json!(modified)),
            ("created_by_ref".to_owned(), json!(producer())),
            ("object_marking_refs".to_owned(), json!([marking(self.tlp)])),
        ]);
        if let Value::Object(rest) = rest {
            object.extend(rest.into_iter().filter(|(_, value)| !is_empty(value)));
        }
        Value::Object(object)
    }

    fn victim(&self, incident: &Incident) -> Value {
        let Victim { name, aliases, named } = &incident.victim;
        // What bears no name is nobody else's victim.
        let key = if *named { fold(name) } else { format!("{}\n{}", incident.id, fold(name)) };
        let others = other_names(name, aliases);
        let description = if others.is_empty() { Value::Null } else { json!(format!("Also known as {}", others.join(", "))) };
        let class = if *named { "organization" } else { "unknown" };
        let rest = json!({ "name": line(name), "identity_class": class, "description": description });
        self.object("identity", &key, [NAMED_AT, NAMED_AT], rest)
    }

    fn actor(&self, incident: &Incident, attacker: &Attacker) -> Value {
        let Attacker { name, aliases, .. } = attacker;
        let key = if is_named(attacker) { fold(name) } else { format!("{}\n{}", incident.id, fold(name)) };
        let rest = json!({
            "name": line(name),
            "aliases": other_names(name, aliases),
            "threat_actor_types": ["unknown"],
        });
        self.object("threat-actor", &key, [NAMED_AT, NAMED_AT], rest)
    }

    fn incident_object(&self, incident: &Incident, times: [&str; 2]) -> Value {
        let fields = words::incident_fields(incident);
        let told: Vec<String> = fields.iter().map(|(field, value)| format!("{}: {}", field.word(), line(value))).collect();
        let ours = json!({ "source_name": "breachline", "external_id": incident.id.0 });
        let rest = json!({
            "name": headline(incident),
            "description": told.join("\n"),
            "labels": [incident.kind.word()],
            "confidence": percent(incident.confidence),
            "external_references": std::iter::once(ours).chain(references(incident)).collect::<Vec<_>>(),
            "extensions": { INCIDENT_EXTENSION: extension(incident) },
        });
        self.object("incident", &incident.id.0, times, rest)
    }

    /// Makes the report that names all of an incident's objects, and the articles.
    fn report(&self, incident: &Incident, times: [&str; 2], objects: &[String]) -> Value {
        let rest = json!({
            "name": headline(incident),
            "report_types": ["threat-report"],
            "published": start(incident.first_reported),
            "confidence": percent(incident.confidence),
            "external_references": references(incident).collect::<Vec<_>>(),
            "object_refs": objects,
        });
        self.object("report", &incident.id.0, times, rest)
    }

    fn link(&self, [from, how, to]: [&str; 3], times: [&str; 2], confidence: Value) -> Value {
        let rest = json!({ "relationship_type": how, "source_ref": from, "target_ref": to, "confidence": confidence });
        self.object("relationship", &[from, how, to].join("\n"), times, rest)
    }
}

impl Exporter for Bundle {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"{\"type\":\"bundle\",\"objects\":[")?;
        self.write(definition(self.tlp), out)?;
        let ours = json!({
            "type": "identity", "spec_version": "2.1", "id": producer(), "created": NAMED_AT, "modified": NAMED_AT,
            "name": "breachline", "identity_class": "system",
        });
        self.write(ours, out).map(drop)
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        let (created, modified) = (start(incident.first_reported), stix_moment(&moment(updated(incident))));
        let times = [created.as_str(), modified.as_str()];
        let event = self.write(self.incident_object(incident, times), out)?;
        let victim = self.write(self.victim(incident), out)?;
        let targets = self.write(self.link([&event, "targets", &victim], times, Value::Null), out)?;
        let mut objects = vec![event.clone(), victim, targets];
        for attacker in held_responsible(incident) {
            let actor = self.write(self.actor(incident, attacker), out)?;
            let confidence = json!(firmness(attacker.attribution));
            objects.push(self.write(self.link([&event, "attributed-to", &actor], times, confidence), out)?);
            objects.push(actor);
        }
        self.write(self.report(incident, times, &objects), out).map(drop)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n],\"id\":\"bundle--{}\"}}", self.id)
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn producer() -> String {
    format!("identity--{}", uuid("identity", "\nbreachline"))
}

fn start(day: Day) -> String {
    format!("{day}T00:00:00.000Z")
}

fn stix_moment(moment: &str) -> String {
    moment.replace('Z', ".000Z")
}

fn percent(chance: f32) -> u8 {
    (chance * 100.0).round().clamp(0.0, 100.0) as u8
}

/// Returns the articles, as they are referred to.
fn references(incident: &Incident) -> impl Iterator<Item = Value> {
    let reference = |(source, url, title): (&str, &str, &str)| match link(url) {
        Some(url) => json!({ "source_name": line(source), "url": url, "description": line(title) }),
        None => json!({ "source_name": line(source), "description": format!("{} ({})", line(title), line(url)) }),
    };
    articles(incident).into_iter().map(move |filed| reference((&filed.source, &filed.url, &filed.title)))
}

/// Returns how sure a link to an attacker is, in the middle of a step of the low, medium, high scale (STIX 2.1, appendix A).
fn firmness(attribution: Attribution) -> u8 {
    match attribution {
        Attribution::Confirmed => 85,
        Attribution::Claimed => 50,
        Attribution::Suspected | Attribution::Denied => 15,
    }
}

fn extension(incident: &Incident) -> Value {
    let mut extension = json!({
        "extension_type": "property-extension",
        "determination": if incident.disputed { "suspected" } else { "successful-attempt" },
        "incident_types": [incident_type(incident.kind)],
    });
    let count = |unit| incident.records.iter().find(|figure| figure.unit == unit).map(|figure| figure.value);
    let counts = [("individual", count(Unit::People)), ("system", count(Unit::Systems))];
    let counts: Map<String, Value> =
        counts.into_iter().filter_map(|(name, count)| Some((name.to_owned(), json!(count?)))).collect();
    if !counts.is_empty() {
        extension["impacted_entity_counts"] = Value::Object(counts);
    }
    extension
}

/// Returns the word of the extension's vocabulary for a kind of incident. Stolen money has none there.
pub(super) fn incident_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Breach => "unauthorized-access-information",
        Kind::Exposure => "unauthorized-release",
        Kind::Ransomware => "ransomware",
        Kind::Ddos => "denial-of-service",
        Kind::Defacement => "vandalism",
        Kind::Phishing => "aggregation-information-phishing-schemes",
        Kind::Intrusion => "unauthorized-access-system",
        Kind::Sabotage => "destruction",
        Kind::Theft | Kind::Other => "unspecified",
    }
}

/// Returns the identifier of a marking. The specification defines these four; CLEAR was called WHITE then, and means the same.
fn marking(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        Tlp::Green => "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
        Tlp::Amber => "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
        Tlp::Red => "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    }
}

fn definition(tlp: Tlp) -> Value {
    let word = if tlp == Tlp::Clear { "white" } else { tlp.word() };
    json!({
        "type": "marking-definition", "spec_version": "2.1", "id": marking(tlp), "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp", "name": format!("TLP:{}", word.to_uppercase()), "definition": { "tlp": word },
    })
}

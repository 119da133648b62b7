//! VERIS 1.4 (<https://verisframework.org>): what reports say in its vocabulary. What they do not say is `Unknown`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::describe::{Quotes, articles, headline, held_responsible, is_named, line, moment, updated, uuid};
use super::{Exporter, List};
use crate::base::day::DayRange;
use crate::base::fold::fold;
use crate::model::incident::Incident;
use crate::model::report::{Attacker, DataKind, Field, Kind, Unit};
use crate::model::words;

#[derive(Default)]
pub(super) struct Incidents {
    incidents: List,
}

impl Exporter for Incidents {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        self.incidents.item(&veris(incident), out)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

fn veris(incident: &Incident) -> Value {
    let references: Vec<String> = articles(incident).iter().map(|filed| line(&filed.url)).collect();
    let id = uuid("veris", &incident.id.0).to_string().to_uppercase();
    let mut veris = json!({
        "schema_version": "1.4.0",
        "incident_id": id,
        "source_id": "breachline",
        "security_incident": if incident.disputed { "Suspected" } else { "Confirmed" },
        "confidence": confidence(incident.confidence),
        "summary": summary(incident),
        "reference": references.join("; "),
        "victim": {
            "victim_id": line(&incident.victim.name),
            "country": ["Unknown"], "region": ["000000"], "employee_count": "Unknown", "industry": "000",
        },
        "actor": actor(incident),
        "action": action(incident),
        "asset": { "assets": [{ "variety": asset(incident.kind) }] },
        "attribute": attribute(incident),
        "timeline": timeline(incident),
        "discovery_method": { "unknown": true },
        "impact": { "overall_rating": "Unknown" },
        "plus": {
            "master_id": id, "analysis_status": "First pass", "analyst": "breachline",
            "created": moment(incident.first_reported.start()), "modified": moment(updated(incident)),
        },
    });
    let aliases = super::describe::other_names(&incident.victim.name, &incident.victim.aliases);
    if !aliases.is_empty() {
        veris["victim"]["notes"] = json!(format!("also {}", aliases.join(", ")));
    }
    veris
}

fn summary(incident: &Incident) -> String {
    let quotes = Quotes::default().of(incident, Field::Kind, 1);
    let quote = quotes.first().map(|(evidence, filed)| format!(" {}: \"{}\"", line(&filed.source), line(&evidence.quote)));
    format!("{}.{}", headline(incident), quote.unwrap_or_default())
}

fn confidence(chance: f32) -> &'static str {
    match chance {
        0.9.. => "High",
        0.6.. => "Medium",
        _ => "Low",
    }
}

/// Who did it, where that says whether he came from inside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    Inside,
    Outside,
}

fn origin(attacker: &Attacker) -> From {
    const INSIDERS: &[&str] =
        &["employee", "employees", "insider", "insiders", "staff", "worker", "workers", "member", "clerk", "nurse"];
    let folded = fold(&attacker.name);
    let words: Vec<&str> = folded.split(' ').collect();
    let left = words.iter().any(|word| matches!(*word, "former" | "ex" | "fired" | "disgruntled"));
    if !left && !is_named(attacker) && words.iter().any(|word| INSIDERS.contains(word)) { From::Inside } else { From::Outside }
}

fn actor(incident: &Incident) -> Value {
    let held: Vec<&Attacker> = held_responsible(incident).collect();
    if held.is_empty() {
        return json!({ "unknown": {} });
    }
    let mut actor = Map::new();
    if held.iter().any(|attacker| origin(attacker) == From::Inside) {
        actor.insert("internal".to_owned(), json!({ "variety": ["Unknown"], "motive": ["Unknown"] }));
    }
    let outside: Vec<String> =
        held.iter().filter(|attacker| origin(attacker) == From::Outside).map(|attacker| line(&attacker.name)).collect();
    if !outside.is_empty() {
        let variety = if outside.iter().any(|name| fold(name).contains("former")) { "Former employee" } else { "Unknown" };
        let external =
            json!({ "variety": [variety], "motive": ["Unknown"], "country": ["Unknown"], "region": ["000000"], "name": outside });
        actor.insert("external".to_owned(), external);
    }
    let said: Vec<String> =
        held.iter().map(|attacker| format!("{} ({})", line(&attacker.name), attacker.attribution.word())).collect();
    actor.insert("notes".to_owned(), json!(said.join("; ")));
    Value::Object(actor)
}

/// Returns what was done. That data is gone says nothing of how, unless somebody outside is held responsible.
fn action(incident: &Incident) -> Value {
    let unknown = json!({ "variety": ["Unknown"], "vector": ["Unknown"] });
    let from_outside = held_responsible(incident).any(|attacker| origin(attacker) == From::Outside);
    match incident.kind {
        Kind::Breach if from_outside => json!({ "hacking": unknown }),
        Kind::Breach | Kind::Other => json!({ "unknown": {} }),
        Kind::Exposure => json!({ "error": unknown }),
        Kind::Ransomware => json!({ "malware": { "variety": ["Ransomware"], "vector": ["Unknown"] } }),
        Kind::Ddos => json!({ "hacking": { "variety": ["DoS"], "vector": ["Unknown"] } }),
        Kind::Phishing => json!({ "social": { "variety": ["Phishing"], "vector": ["Unknown"], "target": ["Unknown"] } }),
        Kind::Defacement | Kind::Theft | Kind::Intrusion | Kind::Sabotage => json!({ "hacking": unknown }),
    }
}

fn asset(kind: Kind) -> &'static str {
    match kind {
        Kind::Defacement => "S - Web application",
        Kind::Ddos => "S - Unknown",
        _ => "Unknown",
    }
}

fn attribute(incident: &Incident) -> Value {
    let mut attribute = Map::new();
    let took_data = matches!(incident.kind, Kind::Breach | Kind::Exposure) || !incident.data.is_empty();
    if took_data {
        attribute.insert("confidentiality".to_owned(), confidentiality(incident));
    }
    match incident.kind {
        Kind::Ransomware => attribute.insert("availability".to_owned(), json!({ "variety": ["Obscuration"] })),
        Kind::Ddos => attribute.insert("availability".to_owned(), json!({ "variety": ["Interruption"] })),
        Kind::Sabotage => attribute.insert("availability".to_owned(), json!({ "variety": ["Destruction"] })),
        Kind::Defacement => attribute.insert("integrity".to_owned(), json!({ "variety": ["Defacement"] })),
        Kind::Theft => attribute.insert("integrity".to_owned(), json!({ "variety": ["Fraudulent transaction"] })),
        Kind::Phishing => attribute.insert("integrity".to_owned(), json!({ "variety": ["Alter behavior"] })),
        _ => None,
    };
    if attribute.is_empty() {
        attribute.insert("unknown".to_owned(), json!({}));
    }
    Value::Object(attribute)
}

fn confidentiality(incident: &Incident) -> Value {
    let varieties: BTreeSet<&str> = incident.data.iter().map(|kind| data_variety(*kind)).collect();
    let varieties: Vec<&str> = if varieties.is_empty() { vec!["Unknown"] } else { varieties.into_iter().collect() };
    let disclosure = match incident.kind {
        Kind::Breach => "Yes",
        Kind::Exposure => "Potentially",
        _ => "Unknown",
    };
    let mut said = json!({
        "data_disclosure": disclosure,
        "data": varieties.into_iter().map(|variety| json!({ "variety": variety })).collect::<Vec<_>>(),
        "data_victim": ["Unknown"],
        "state": ["Unknown"],
    });
    let counts = |unit| matches!(unit, Unit::People | Unit::Records | Unit::Cards | Unit::Files);
    if let Some(figure) = incident.records.iter().find(|figure| counts(figure.unit)) {
        said["data_total"] = json!(figure.value);
        said["notes"] = json!(words::told_figure(figure));
    }
    said
}

fn data_variety(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Usernames | DataKind::Passwords | DataKind::Credentials => "Credentials",
        DataKind::PaymentCards => "Payment",
        DataKind::BankAccounts | DataKind::Financial => "Bank",
        DataKind::Health => "Medical",
        DataKind::NationalIds | DataKind::Biometrics => "Sensitive Personal",
        DataKind::SourceCode => "Source code",
        DataKind::Documents => "Internal",
        DataKind::IpAddresses => "System",
        DataKind::Messages | DataKind::Other => "Other",
        DataKind::Names
        | DataKind::Emails
        | DataKind::Phones
        | DataKind::Addresses
        | DataKind::BirthDates
        | DataKind::Photos
        | DataKind::Location
        | DataKind::Employment
        | DataKind::Education => "Personal",
    }
}

fn timeline(incident: &Incident) -> Value {
    let (days, by) = incident.dated();
    let mut first = Map::from_iter([("year".to_owned(), json!(days.earliest.year()))]);
    let one_month = (days.earliest.year(), days.earliest.month()) == (days.latest.year(), days.latest.month());
    if one_month {
        first.insert("month".to_owned(), json!(days.earliest.month()));
    }
    if days == DayRange::day(days.earliest) {
        first.insert("day".to_owned(), json!(days.earliest.day_of_month()));
    }
    let unknown = json!({ "unit": "Unknown" });
    json!({
        "incident": first, "notes": format!("{}: {}", words::days(days), words::dated_by(by)),
        "compromise": unknown, "exfiltration": unknown, "discovery": unknown, "containment": unknown,
    })
}

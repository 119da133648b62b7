//! Incidents of the VERIS Community Database: VERIS in JSON, versions 1.3 and 1.4.

use serde_json::Value;

use super::Entry;
use crate::base::day::{Day, DayRange};
use crate::model::report::{Attacker, Attribution, DataKind, Figure, Kind, Qualifier, Speaker, Unit, Victim};

/// Reads an incident. One that names no victim, or that turned out to be none, cannot be put on the timeline.
pub(super) fn entry(bytes: &[u8]) -> Result<Entry, String> {
    let record: Value = serde_json::from_slice(bytes).map_err(|error| format!("is no JSON: {error}"))?;
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let name = text("/victim/victim_id").filter(|name| !name.eq_ignore_ascii_case("unknown")).ok_or("names no victim")?;
    let status = text("/security_incident").unwrap_or("Confirmed");
    if !matches!(status, "Confirmed" | "Suspected") {
        return Err(format!("is no incident: {status}"));
    }
    let occurred = days(record.pointer("/timeline/incident")).ok_or("has no year")?;
    let notified = days(record.pointer("/plus/timeline/notification"));
    let added = text("/plus/created").and_then(|moment| moment.get(..10)?.parse::<Day>().ok());
    let published = notified.map(|days| days.latest).or(added).unwrap_or(occurred.latest);
    Ok(Entry {
        title: format!("{name}: {}", kind(&record).word()),
        published,
        text: text("/summary").unwrap_or("").to_owned(),
        victim: Victim { name: name.to_owned(), aliases: Vec::new(), named: true },
        kind: kind(&record),
        attackers: attackers(&record),
        records: records(&record),
        data: data(&record),
        occurred: Some(occurred),
        disclosed: notified,
        disputed: status == "Suspected",
        rule: "register.vcdb".to_owned(),
    })
}

/// Reads a year, with its month and day where they are known.
fn days(said: Option<&Value>) -> Option<DayRange> {
    let number = |key: &str| said?.get(key)?.as_i64();
    let year = i16::try_from(number("year")?).ok()?;
    let month = number("month").and_then(|month| i8::try_from(month).ok());
    let day = number("day").and_then(|day| i8::try_from(day).ok());
    let exact = month.zip(day).and_then(|(month, day)| Day::new(year, month, day)).map(DayRange::day);
    exact.or_else(|| DayRange::month(year, month?)).or_else(|| DayRange::year(year))
}

/// Returns the words of a list, or of lists in a list of objects.
fn words<'r>(record: &'r Value, pointer: &str) -> Vec<&'r str> {
    let all = record.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).collect()
}

fn kind(record: &Value) -> Kind {
    let has = |pointer: &str| record.pointer(pointer).is_some();
    let says = |pointer: &str, word: &str| words(record, pointer).contains(&word);
    let disclosed = record.pointer("/attribute/confidentiality/data_disclosure").and_then(Value::as_str);
    let taken = matches!(disclosed, Some("Yes" | "Potentially"));
    if says("/action/malware/variety", "Ransomware") {
        Kind::Ransomware
    } else if says("/action/hacking/variety", "DoS") {
        Kind::Ddos
    } else if says("/attribute/integrity/variety", "Defacement") {
        Kind::Defacement
    } else if has("/action/error") || says("/action/physical/variety", "Theft") || says("/action/physical/variety", "Loss") {
        Kind::Exposure
    } else if taken {
        Kind::Breach
    } else if says("/attribute/integrity/variety", "Fraudulent transaction") {
        Kind::Theft
    } else if says("/action/social/variety", "Phishing") {
        Kind::Phishing
    } else if has("/action/hacking") || has("/action/malware") {
        Kind::Intrusion
    } else {
        Kind::Other
    }
}

/// Names of those outside; some are the numbers of other records, which say nothing here.
fn attackers(record: &Value) -> Vec<Attacker> {
    let is_number = |name: &str| name.len() == 36 && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let names = words(record, "/actor/external/name").into_iter().map(str::trim);
    let names = names.filter(|name| !name.is_empty() && !is_number(name) && !name.eq_ignore_ascii_case("unknown"));
    let attacker = |name: &str| Attacker { name: name.to_owned(), aliases: Vec::new(), attribution: Attribution::Confirmed };
    names.map(attacker).collect()
}

/// How many records; of each kind of data where no total is given, then the most.
fn records(record: &Value) -> Vec<Figure> {
    let total = record.pointer("/attribute/confidentiality/data_total").and_then(Value::as_u64);
    let parts =
        record.pointer("/attribute/confidentiality/data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let most = parts.iter().filter_map(|part| part.get("amount")?.as_u64()).max();
    let value = total.or(most).filter(|value| *value > 0);
    value
        .map(|value| Figure { value, max: None, unit: Unit::Records, qualifier: Qualifier::Exact, by: Speaker::Untold })
        .into_iter()
        .collect()
}

fn data(record: &Value) -> Vec<DataKind> {
    let parts =
        record.pointer("/attribute/confidentiality/data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut kinds: Vec<DataKind> = parts.iter().filter_map(|part| data_kind(part.get("variety")?.as_str()?)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Returns our word for one of VERIS; None for what names no kind ("Personal" may be anything).
fn data_kind(variety: &str) -> Option<DataKind> {
    Some(match variety {
        "Credentials" | "Multi-factor credential" => DataKind::Credentials,
        "Payment" => DataKind::PaymentCards,
        "Bank" => DataKind::BankAccounts,
        "Medical" => DataKind::Health,
        "Source code" => DataKind::SourceCode,
        "Internal" | "Classified" | "Secrets" | "Copyrighted" => DataKind::Documents,
        "Sensitive Personal" => DataKind::NationalIds,
        "System" | "Digital certificate" | "Virtual currency" | "Other" => DataKind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record() -> Value {
        json!({
            "incident_id": "0AB1", "schema_version": "1.3.7", "security_incident": "Confirmed", "summary": "A laptop was left in a car.",
            "victim": { "victim_id": "Larkhaven Clinic" }, "action": { "physical": { "variety": ["Theft"] } },
            "actor": { "external": { "name": ["Ada X", "6A323CB8-6DC7-433C-A0F7-3D4850194425"] } },
            "attribute": { "confidentiality": { "data_disclosure": "Potentially", "data": [{ "variety": "Medical", "amount": 70 }, { "variety": "Personal" }] } },
            "timeline": { "incident": { "year": 2014, "month": 6 } }, "plus": { "created": "2015-03-03T00:28:41Z" },
        })
    }

    fn read(change: impl Fn(&mut Value)) -> Result<Entry, String> {
        let mut record = record();
        change(&mut record);
        entry(record.to_string().as_bytes())
    }

    #[test]
    fn an_incident_is_read_whole() {
        let entry = read(|_| ()).unwrap();
        assert_eq!((entry.victim.name.as_str(), entry.kind), ("Larkhaven Clinic", Kind::Exposure));
        assert_eq!((entry.occurred.unwrap().to_string(), entry.published.to_string()), ("2014-06".into(), "2015-03-03".into()));
        assert_eq!((entry.records[0].value, entry.records[0].unit), (70, Unit::Records));
        assert_eq!(entry.data, [DataKind::Health]);
        assert_eq!(entry.attackers.iter().map(|attacker| attacker.name.as_str()).collect::<Vec<_>>(), ["Ada X"]);
    }

    #[test]
    fn kinds_follow_from_actions_and_attributes() {
        let cases = [
            (json!({ "malware": { "variety": ["Ransomware"] } }), Kind::Ransomware),
            (json!({ "hacking": { "variety": ["DoS"] } }), Kind::Ddos),
            (json!({ "hacking": { "variety": ["SQLi"] } }), Kind::Breach),
            (json!({ "error": { "variety": ["Misdelivery"] } }), Kind::Exposure),
        ];
        for (action, expected) in cases {
            assert_eq!(read(|record| record["action"] = action.clone()).unwrap().kind, expected, "{action}");
        }
        let without_data = read(|record| {
            record["action"] = json!({ "hacking": {} });
            record["attribute"] = json!({});
        });
        assert_eq!(without_data.unwrap().kind, Kind::Intrusion);
    }

    #[test]
    fn what_cannot_be_placed_is_refused() {
        assert!(read(|record| record["victim"] = json!({})).is_err());
        assert!(read(|record| record["timeline"] = json!({ "incident": {} })).is_err());
        assert!(read(|record| record["security_incident"] = json!("Near miss")).is_err());
        assert!(entry(b"no").is_err());
    }
}

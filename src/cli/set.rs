//! Values as an analyst types them: `records=at least 1.3M people`, `attacker=LulzSec (claimed)`, `occurred=2011-06`.

use super::failure::Failure;
use crate::base::day::{Day, DayRange};
use crate::base::safe;
use crate::model::report::{Attacker, Attribution, Figure, Kind, Qualifier, Speaker, Unit};
use crate::model::value::Value;
use crate::store::query;

/// The longest name, in characters.
const LONGEST: usize = 200;

const FIELDS: &str = "victim, kind, attacker, records, occurred or disclosed";

/// The words that say how a figure is meant; the longer ones stand before those that they begin with.
const QUALIFIERS: &[(&str, Qualifier)] = &[
    ("about ", Qualifier::About),
    ("around ", Qualifier::About),
    ("nearly ", Qualifier::About),
    ("~", Qualifier::About),
    ("at least ", Qualifier::AtLeast),
    ("more than ", Qualifier::AtLeast),
    ("over ", Qualifier::AtLeast),
    (">=", Qualifier::AtLeast),
    (">", Qualifier::AtLeast),
    ("at most ", Qualifier::AtMost),
    ("up to ", Qualifier::AtMost),
    ("<=", Qualifier::AtMost),
    ("<", Qualifier::AtMost),
];

/// Reads `FIELD=VALUE`. An empty value says that there is none: nobody held responsible, no figure, no day.
pub(super) fn parse(text: &str, today: Day) -> Result<Value, Failure> {
    let Some((field, value)) = text.split_once('=') else {
        return Err(Failure::usage(format!("--set \"{text}\" has no =")).hint(format!("write FIELD=VALUE, FIELD being {FIELDS}")));
    };
    let value = safe::line(value, LONGEST);
    match field.trim() {
        "victim" if value.is_empty() => Err(Failure::usage("a victim must have a name or a description")),
        "victim" => Ok(Value::Victim(value)),
        "kind" => kind(&value),
        "attacker" | "attackers" => attackers(&value).map(Value::Attackers),
        "records" => figure(&value).map(Value::Records),
        "occurred" => days(&value, today).map(Value::Occurred),
        "disclosed" => days(&value, today).map(Value::Disclosed),
        other => Err(Failure::usage(format!("there is no field \"{other}\" to set")).hint(format!("one of {FIELDS}"))),
    }
}

fn kind(value: &str) -> Result<Value, Failure> {
    let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    Kind::from_word(&value.to_lowercase())
        .map(Value::Kind)
        .ok_or_else(|| Failure::usage(format!("there is no kind \"{value}\"")).hint(format!("one of {}", words.join(", "))))
}

/// Reads names with `;` between them, each with an attribution in parentheses; without one it counts as confirmed.
fn attackers(value: &str) -> Result<Vec<Attacker>, Failure> {
    value.split(';').map(str::trim).filter(|name| !name.is_empty()).map(attacker).collect()
}

fn attacker(text: &str) -> Result<Attacker, Failure> {
    let word = |attribution: &&Attribution| text.strip_suffix(&format!("({})", attribution.word())).is_some();
    let attribution = Attribution::ALL.iter().find(word).copied();
    let name = attribution.map_or(text, |attribution| &text[..text.len() - attribution.word().len() - 2]);
    let name = name.strip_prefix("not ").filter(|_| attribution == Some(Attribution::Denied)).unwrap_or(name).trim();
    if attribution.is_none() && name.ends_with(')') {
        let words: Vec<&str> = Attribution::ALL.iter().map(|attribution| attribution.word()).collect();
        return Err(Failure::usage(format!("\"{text}\" does not say how firmly"))
            .hint(format!("in parentheses, one of {}", words.join(", "))));
    }
    if name.is_empty() {
        return Err(Failure::usage(format!("\"{text}\" names nobody")).hint("write NAME or NAME (claimed)"));
    }
    Ok(Attacker { name: name.to_owned(), aliases: Vec::new(), attribution: attribution.unwrap_or(Attribution::Confirmed) })
}

/// Reads `1,290,755`, `~1.3M people`, `at least 40M cards`, `200k..300k records`, `9 GB`. People where no unit is said.
fn figure(text: &str) -> Result<Option<Figure>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        Failure::usage(format!("\"{text}\" is no figure"))
            .hint("write 1,290,755, \"~1.3M people\", \"at least 40M cards\", \"200k..300k records\" or \"9 GB\"")
    };
    let lower = text.to_lowercase();
    let named = QUALIFIERS.iter().find_map(|(word, qualifier)| Some((lower.strip_prefix(word)?, *qualifier)));
    let (rest, qualifier) = named.unwrap_or((&lower, Qualifier::Exact));
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    let mut unit = Unit::People;
    if let Some(said) = words.last().and_then(|word| self::unit(word)) {
        unit = said;
        words.pop();
    }
    let number = words.concat().replace("to", "..");
    let (number, scale) = bytes(rest).unwrap_or((number, None));
    let unit = if scale.is_some() { Unit::Bytes } else { unit };
    let one = |text: &str| query::number(text).and_then(|number| number.checked_mul(scale.unwrap_or(1))).ok_or_else(wrong);
    let (value, max) = match number.split_once("..") {
        Some((low, high)) => (one(low)?, Some(one(high)?)),
        None => (one(&number)?, None),
    };
    if max.is_some_and(|max| max <= value) {
        return Err(wrong());
    }
    Ok(Some(Figure { value, max, unit, qualifier, by: Speaker::Untold }))
}

fn unit(word: &str) -> Option<Unit> {
    match word {
        "people" | "person" | "persons" => Some(Unit::People),
        "records" | "record" => Some(Unit::Records),
        "cards" | "card" => Some(Unit::Cards),
        "files" | "file" => Some(Unit::Files),
        "bytes" | "byte" => Some(Unit::Bytes),
        "systems" | "system" => Some(Unit::Systems),
        _ => None,
    }
}

/// Reads a size such as `9 GB` into its number and the bytes of its unit; a GB is a thousand MB, as in the news.
fn bytes(text: &str) -> Option<(String, Option<u64>)> {
    const SIZES: [(&str, u64); 4] = [("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000)];
    let (number, scale) = SIZES.iter().find_map(|(word, scale)| Some((text.strip_suffix(word)?, *scale)))?;
    let number = number.trim();
    match number.split_once('.') {
        // The fraction is taken into the scale, so that 1.5 GB is not one.
        Some((whole, part)) if part.len() <= 3 => Some((format!("{whole}{part}"), Some(scale / 10u64.pow(part.len() as u32)))),
        _ => Some((number.to_owned(), Some(scale))),
    }
}

fn days(text: &str, today: Day) -> Result<Option<DayRange>, Failure> {
    let wrong = || {
        Failure::usage(format!("\"{text}\" is no day"))
            .hint("write 2011, 2011-06, 2011-06-17, 2011-06-17..2011-06-19 or yesterday")
    };
    let one = |text: &str| query::days(text.trim(), today).ok_or_else(wrong);
    match text.split_once("..") {
        _ if text.is_empty() || text == "unknown" => Ok(None),
        Some((first, last)) => {
            let (first, last) = (one(first)?, one(last)?);
            if first.earliest > last.latest { Err(wrong()) } else { Ok(Some(DayRange::new(first.earliest, last.latest))) }
        }
        None => one(text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tell;
    use super::*;

    #[test]
    fn values_are_read_as_they_are_shown() {
        let today = Day::new(2026, 3, 11).unwrap();
        let cases = [
            ("victim=Sega  Europe", "Sega Europe"),
            ("kind=Ransomware", "ransomware"),
            ("attacker=LulzSec (claimed); Anonymous", "LulzSec (claimed); Anonymous (confirmed)"),
            ("attacker=not LulzSec (denied)", "not LulzSec (denied)"),
            ("attacker=", "nobody"),
            ("records=1,290,755", "1,290,755 people"),
            ("records=1 card", "1 card"),
            ("records=~1.3M people", "about 1,300,000 people"),
            ("records=at least 40M cards", "at least 40,000,000 cards"),
            ("records=at most 70,000,000 people", "at most 70,000,000 people"),
            ("records=200k..300k records", "200,000 to 300,000 records"),
            ("records=200,000 to 300,000 records", "200,000 to 300,000 records"),
            ("records=1.5 GB", "1.5 GB"),
            ("records=", "none"),
            ("occurred=2013-11-27..2013-12-15", "2013-11-27..12-15"),
            ("disclosed=2011-06", "2011-06"),
            ("disclosed=yesterday", "2026-03-10"),
            ("occurred=unknown", "unknown"),
        ];
        for (text, expected) in cases {
            let value = parse(text, today).unwrap_or_else(|failure| panic!("{text}: {}", failure.what));
            assert_eq!(tell::value(&value), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_a_hint() {
        let today = Day::new(2026, 3, 11).unwrap();
        let cases = [
            "victim",
            "kind=hack",
            "victim=",
            "attacker=(claimed)",
            "attacker=LulzSec (maybe)",
            "records=many",
            "records=5..3",
            "records=99999999999999 TB",
            "occurred=someday",
            "occurred=2014..2013",
            "colour=red",
        ];
        for text in cases {
            assert!(parse(text, today).is_err(), "{text}");
        }
    }
}

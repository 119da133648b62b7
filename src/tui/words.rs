//! Values as words and figures for a person: numbers, days, how long ago.

use jiff::Timestamp;

use crate::base::day::{Day, DayRange, Weekday};
use crate::model::edit::{Edited, SetField};
use crate::model::incident::DatedBy;
use crate::model::report::{Attacker, Attribution, DataKind, Figure, Kind, Qualifier, Unit};
use crate::model::value::Value;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Returns a number with commas: `1,290,755`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number in at most five characters: `999`, `12.3k`, `1.29M`, `77M`, `4.1B`.
pub fn short(value: u64) -> String {
    scaled(value, &[(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T")])
}

/// Returns a number of bytes: `9 GB`.
pub fn bytes(value: u64) -> String {
    let text = scaled(value, &[(1_000, " kB"), (1_000_000, " MB"), (1_000_000_000, " GB"), (1_000_000_000_000, " TB")]);
    if value < 1_000 { format!("{text} B") } else { text }
}

fn scaled(value: u64, steps: &[(u64, &str)]) -> String {
    let Some((size, name)) = steps.iter().rev().find(|(size, _)| value >= *size) else { return value.to_string() };
    let hundredths = value / (size / 100);
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match whole {
        0..10 if rest > 0 => format!("{whole}.{}{name}", format!("{rest:02}").trim_end_matches('0')),
        10..100 if rest >= 10 => format!("{whole}.{}{name}", rest / 10),
        _ => format!("{whole}{name}"),
    }
}

/// Returns the sign of what was starred.
pub fn star(ascii: bool) -> &'static str {
    if ascii { "*" } else { "★" }
}

/// Returns the sign that says how a number is meant, before the number; nothing for a bare one.
pub fn sign(qualifier: Qualifier, ascii: bool) -> &'static str {
    match (qualifier, ascii) {
        (Qualifier::Exact, _) => "",
        (Qualifier::About, _) => "~",
        (Qualifier::AtLeast, false) => "≥",
        (Qualifier::AtLeast, true) => ">",
        (Qualifier::AtMost, false) => "≤",
        (Qualifier::AtMost, true) => "<",
    }
}

/// Returns a figure for a narrow column: whole while it has room, else short. People are not named, other units are.
pub fn figure(figure: &Figure, width: usize, ascii: bool) -> String {
    let sign = sign(figure.qualifier, ascii);
    let dash = if ascii { "-" } else { "–" };
    let (unit, brief) = match figure.unit {
        _ if figure.value == 1 && figure.max.is_none() => match figure.unit {
            Unit::People | Unit::Bytes => ("", ""),
            Unit::Records => (" record", " rec"),
            Unit::Cards => (" card", " card"),
            Unit::Files => (" file", " file"),
            Unit::Systems => (" system", " sys"),
        },
        Unit::People | Unit::Bytes => ("", ""),
        Unit::Records => (" records", " rec"),
        Unit::Cards => (" cards", " cards"),
        Unit::Files => (" files", " files"),
        Unit::Systems => (" systems", " sys"),
    };
    let write = |form: fn(u64) -> String, unit: &str| match figure.max {
        Some(max) => format!("{sign}{}{dash}{}{unit}", form(figure.value), form(max)),
        None => format!("{sign}{}{unit}", form(figure.value)),
    };
    if figure.unit == Unit::Bytes {
        return write(bytes, "");
    }
    let forms = [write(grouped, unit), write(short, unit)];
    forms.into_iter().find(|text| text.chars().count() <= width).unwrap_or_else(|| write(short, brief))
}

/// Returns a figure in words: `more than 1,290,755 people`.
pub fn figure_in_words(figure: &Figure) -> String {
    let before = match figure.qualifier {
        Qualifier::Exact => "",
        Qualifier::About => "about ",
        Qualifier::AtLeast => "at least ",
        Qualifier::AtMost => "at most ",
    };
    if figure.unit == Unit::Bytes {
        let upper = figure.max.map(|max| format!(" to {}", bytes(max))).unwrap_or_default();
        return format!("{before}{}{upper}", bytes(figure.value));
    }
    let upper = figure.max.map(|max| format!(" to {}", grouped(max))).unwrap_or_default();
    let unit = match (figure.value, figure.unit) {
        (1, Unit::People) => "person",
        (1, Unit::Records) => "record",
        (1, Unit::Cards) => "card",
        (1, Unit::Files) => "file",
        (1, Unit::Systems) => "system",
        (_, unit) => unit.word(),
    };
    format!("{before}{}{upper} {unit}", grouped(figure.value))
}

/// Returns who is held responsible: `LulzSec (claimed); not Anonymous (denied)`.
pub fn attackers(attackers: &[Attacker]) -> String {
    let told = |attacker: &Attacker| match attacker.attribution {
        Attribution::Denied => format!("not {} (denied)", attacker.name),
        attribution => format!("{} ({})", attacker.name, attribution.word()),
    };
    attackers.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// Returns kinds of data: `names, birth dates`.
pub fn data(kinds: &[DataKind]) -> String {
    kinds.iter().map(|kind| kind.word().replace('_', " ")).collect::<Vec<_>>().join(", ")
}

/// Returns the value of a field; a word for nothing where nothing is known.
pub fn value(value: &Value) -> String {
    let words = match value {
        Value::Victim(name) => name.clone(),
        Value::Kind(kind) => kind.word().to_owned(),
        Value::Attackers(attackers) => self::attackers(attackers),
        Value::Records(figure) => figure.as_ref().map(figure_in_words).unwrap_or_default(),
        Value::Data(kinds) => data(kinds),
        Value::Occurred(range) | Value::Disclosed(range) => range.map(days).unwrap_or_default(),
        Value::Disputed(disputed) => if *disputed { "yes" } else { "no" }.to_owned(),
    };
    let nothing = match value {
        Value::Attackers(_) => "nobody",
        Value::Records(_) | Value::Data(_) => "none",
        _ => "unknown",
    };
    if words.is_empty() { nothing.to_owned() } else { words }
}

/// Returns who set a field to the value that stands, and what the reports say where that is something else.
pub fn set_by(set: &SetField) -> String {
    let otherwise = if set.contradicts() { format!("; the reports say {}", value(&set.reports)) } else { String::new() };
    format!("set by {}, {}{otherwise}", set.author, Day::of(set.at))
}

/// Returns what analysts marked an incident with: `starred; tagged retail, uk`; empty where nothing.
pub fn marks(edited: &Edited) -> String {
    let mut marks: Vec<String> = Vec::new();
    marks.extend(edited.starred.then(|| "starred".to_owned()));
    marks.extend(edited.hidden.then(|| "hidden: left out of lists and counts".to_owned()));
    marks.extend((!edited.tags.is_empty()).then(|| format!("tagged {}", edited.tags.join(", "))));
    marks.join("; ")
}

/// Returns the sign that stands before an attacker's name and says how firmly he is held responsible.
pub fn attribution_sign(attribution: Attribution, ascii: bool) -> &'static str {
    match (attribution, ascii) {
        (Attribution::Confirmed, false) => "✓",
        (Attribution::Confirmed, true) => "+",
        (Attribution::Claimed, _) => "!",
        (Attribution::Suspected, _) => "?",
        (Attribution::Denied, false) => "✗",
        (Attribution::Denied, true) => "x",
    }
}

/// Returns what an attribution means.
pub fn attribution_meaning(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::Confirmed => "stated as fact by the victim, police, a court or researchers",
        Attribution::Claimed => "the attacker says so",
        Attribution::Suspected => "somebody suspects it",
        Attribution::Denied => "they deny it, and nobody asserts otherwise",
    }
}

/// Returns what a kind of incident means.
pub fn kind_meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Breach => "data accessed or stolen",
        Kind::Exposure => "data left open, lost or sent by mistake",
        Kind::Ransomware => "encryption or extortion for ransom",
        Kind::Ddos => "a service knocked over",
        Kind::Defacement => "a site or account altered or hijacked",
        Kind::Phishing => "people tricked into giving something away",
        Kind::Theft => "money or cryptocurrency stolen",
        Kind::Intrusion => "systems entered, loss of data not stated",
        Kind::Sabotage => "destruction",
        Kind::Other => "another kind of incident",
    }
}

/// Returns days as short as they can be without loss: `2011-06-17`, `2011-06`, `2011-06-18..19`, `2011-06-28..07-02`.
pub fn days(range: DayRange) -> String {
    let (a, b) = (range.earliest, range.latest);
    let whole = range.to_string();
    if !whole.contains("..") || a.year() != b.year() {
        return whole;
    }
    if a.month() == b.month() {
        return format!("{a}..{:02}", b.day_of_month());
    }
    format!("{a}..{:02}-{:02}", b.month(), b.day_of_month())
}

/// Returns days in at most ten columns: the whole month, or the month in which they begin, where they are no single day.
pub fn days_in_brief(range: DayRange) -> String {
    let whole = days(range);
    if whole.len() <= 10 {
        return whole;
    }
    let month = format!("{:04}-{:02}", range.earliest.year(), range.earliest.month());
    let within = (range.earliest.year(), range.earliest.month()) == (range.latest.year(), range.latest.month());
    if within { month } else { format!("{month}..") }
}

/// Returns what follows the days in a heading: the weekday, or that the day is not known.
pub fn days_note(range: DayRange, today: Day) -> String {
    if range.days() > 1 {
        return match (range.days(), DayRange::month(range.earliest.year(), range.earliest.month()) == Some(range)) {
            (_, true) => format!("some day in {}", MONTHS[usize::from(range.earliest.month().unsigned_abs()) - 1]),
            (2, _) => format!("{} or {}", weekday(range.earliest), weekday(range.latest)),
            (days, _) => format!("one of {days} days"),
        };
    }
    let name = weekday(range.earliest);
    match today.days_since(range.earliest) {
        0 => format!("{name}, today"),
        1 => format!("{name}, yesterday"),
        _ => name.to_owned(),
    }
}

fn weekday(day: Day) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Returns what places an incident on its day, as the end of a sentence.
pub fn dated_by(by: DatedBy) -> &'static str {
    match by {
        DatedBy::Occurred => "when it happened",
        DatedBy::Disclosed => "when it became known",
        DatedBy::Published => "when it was first reported",
    }
}

/// Returns how long ago a moment was: `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the day.
pub fn ago(moment: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - moment.as_second();
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        172_800..2_592_000 => format!("{} days ago", seconds / 86_400),
        _ => format!("on {}", Day::of(moment)),
    }
}

/// Returns `1 incident` or `2 incidents`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

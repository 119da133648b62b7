//! Values as words and figures for the narrow columns of a terminal, and how long ago something was.

use jiff::Timestamp;

use crate::base::day::{Day, DayRange, Weekday};
use crate::model::edit::{Edited, SetField};
use crate::model::report::{Attribution, Figure, Qualifier, Unit};
pub use crate::model::words::{
    attackers, attribution_meaning, bytes, counted, data, dated_by, days, figure_in_words, figures, grouped, kind_meaning, short,
    speaker_meaning, told_figure, value,
};

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Returns the sign of what is new.
pub fn new(ascii: bool) -> &'static str {
    if ascii { "!" } else { "•" }
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

//! Values as words and figures for a person, wherever they are shown: numbers, days, who, what.

use crate::base::day::DayRange;
use crate::model::edit::Act;
use crate::model::incident::{DatedBy, Incident};
use crate::model::report::{Attacker, Attribution, DataKind, Field, Figure, Kind, Qualifier, Report, Speaker, Unit, Victim};
use crate::model::value::Value;

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

/// Returns a figure in words and whose word it is, where that is told: `3,000,000 records (claimed)`.
pub fn told_figure(figure: &Figure) -> String {
    let words = figure_in_words(figure);
    match figure.by {
        Speaker::Official => format!("{words} (official)"),
        Speaker::Attacker => format!("{words} (claimed)"),
        Speaker::Untold => words,
    }
}

/// Returns whose word a figure is; empty where nobody's is told.
pub fn speaker_meaning(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Official => "said by the victim or authorities",
        Speaker::Attacker => "claimed by the attackers",
        Speaker::Untold => "",
    }
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
        Value::Records(figure) => figure.as_ref().map(told_figure).unwrap_or_default(),
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

/// Returns what an analyst did, in words.
pub fn act(act: &Act) -> String {
    match act {
        Act::Set(to) => format!("{} set to {}", to.field().word(), value(to)),
        Act::Merge { with, .. } => format!("merged with {with}"),
        Act::Split { reports } => {
            let articles: Vec<String> = reports.iter().map(|anchor| anchor.id.article.0.to_string()).collect();
            let what = if articles.len() == 1 { "report" } else { "reports" };
            format!("{what} {} split off", articles.join(", "))
        }
        Act::Hide => "hidden".to_owned(),
        Act::Unhide => "shown again".to_owned(),
        Act::Star => "starred".to_owned(),
        Act::Unstar => "star taken off".to_owned(),
        Act::Note(text) => format!("note: {text}"),
        Act::Tag(tag) => format!("tagged {tag}"),
        Act::Untag(tag) => format!("tag {tag} taken off"),
        Act::Undo(edit) => format!("edit {} undone", edit.0),
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

/// Returns what places an incident on its day, as the end of a sentence.
pub fn dated_by(by: DatedBy) -> &'static str {
    match by {
        DatedBy::Occurred => "when it happened",
        DatedBy::Disclosed => "when it became known",
        DatedBy::Published => "when it was first reported",
    }
}

/// Returns `1 incident` or `2 incidents`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// Returns the fields of a report that hold something, in words, in the order of the layout.
pub fn fields(report: &Report) -> Vec<(Field, String)> {
    let Report { victim, kind, also_kinds, attackers, records, data, occurred, disclosed, .. } = report;
    all([
        (Field::Victim, self::victim(victim)),
        (Field::Kind, kinds(*kind, also_kinds)),
        (Field::Attackers, self::attackers(attackers)),
        (Field::Records, figures(records)),
        (Field::Data, self::data(data)),
        (Field::Occurred, occurred.map(days).unwrap_or_default()),
        (Field::Disclosed, disclosed.map(days).unwrap_or_default()),
        (Field::Disputed, if report.disputed { "yes".to_owned() } else { String::new() }),
    ])
}

/// Returns the fields of an incident that hold something, likewise.
pub fn incident_fields(incident: &Incident) -> Vec<(Field, String)> {
    let Incident { victim, kind, also_kinds, attackers, records, data, occurred, disclosed, .. } = incident;
    all([
        (Field::Victim, self::victim(victim)),
        (Field::Kind, kinds(*kind, also_kinds)),
        (Field::Attackers, self::attackers(attackers)),
        (Field::Records, figures(records)),
        (Field::Data, self::data(data)),
        (Field::Occurred, occurred.map(days).unwrap_or_default()),
        (Field::Disclosed, disclosed.map(days).unwrap_or_default()),
        (Field::Disputed, if incident.disputed { "yes".to_owned() } else { String::new() }),
    ])
}

fn all(fields: [(Field, String); 8]) -> Vec<(Field, String)> {
    fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// Returns who was hit: `Sega (also Sega Europe)`.
pub fn victim(victim: &Victim) -> String {
    let aliases = victim.aliases.join(", ");
    if aliases.is_empty() { victim.name.clone() } else { format!("{} (also {aliases})", victim.name) }
}

/// Returns what happened: `breach (or intrusion)`.
pub fn kinds(kind: Kind, also: &[Kind]) -> String {
    let also: Vec<&str> = also.iter().map(|kind| kind.word()).collect();
    if also.is_empty() { kind.word().to_owned() } else { format!("{} (or {})", kind.word(), also.join(", ")) }
}

/// Returns figures in words, the best first, and whose word each is.
pub fn figures(figures: &[Figure]) -> String {
    figures.iter().map(told_figure).collect::<Vec<_>>().join("; ")
}

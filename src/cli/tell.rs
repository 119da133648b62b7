//! Reports and incidents in words for a person.

use crate::base::day::DayRange;
use crate::model::report::{Attacker, Attribution, DataKind, Field, Figure, Kind, Qualifier, Report, Victim};

/// Returns the fields of a report that hold something, in words, in the order of the layout.
pub(super) fn fields(report: &Report) -> Vec<(Field, String)> {
    let Report { victim, kind, also_kinds, attackers, records, data, occurred, disclosed, .. } = report;
    all([
        (Field::Victim, self::victim(victim)),
        (Field::Kind, kinds(*kind, also_kinds)),
        (Field::Attackers, self::attackers(attackers)),
        (Field::Records, figures(records)),
        (Field::Data, self::data(data)),
        (Field::Occurred, days(*occurred)),
        (Field::Disclosed, days(*disclosed)),
        (Field::Disputed, if report.disputed { "yes".to_owned() } else { String::new() }),
    ])
}

fn all(fields: [(Field, String); 8]) -> Vec<(Field, String)> {
    fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

pub(super) fn victim(victim: &Victim) -> String {
    let aliases = victim.aliases.join(", ");
    if aliases.is_empty() { victim.name.clone() } else { format!("{} (also {aliases})", victim.name) }
}

pub(super) fn kinds(kind: Kind, also: &[Kind]) -> String {
    let also: Vec<&str> = also.iter().map(|kind| kind.word()).collect();
    if also.is_empty() { kind.word().to_owned() } else { format!("{} (or {})", kind.word(), also.join(", ")) }
}

pub(super) fn attackers(attackers: &[Attacker]) -> String {
    let told = |attacker: &Attacker| match attacker.attribution {
        Attribution::Denied => format!("not {} (denied)", attacker.name),
        attribution => format!("{} ({})", attacker.name, attribution.word()),
    };
    attackers.iter().map(told).collect::<Vec<_>>().join("; ")
}

pub(super) fn figures(figures: &[Figure]) -> String {
    figures.iter().map(figure).collect::<Vec<_>>().join("; ")
}

pub(super) fn data(kinds: &[DataKind]) -> String {
    kinds.iter().map(|kind| kind.word().replace('_', " ")).collect::<Vec<_>>().join(", ")
}

pub(super) fn days(days: Option<DayRange>) -> String {
    days.map(|days| days.to_string()).unwrap_or_default()
}

/// Returns a figure in words: `at least 1,290,755 people`.
pub(super) fn figure(figure: &Figure) -> String {
    let before = match figure.qualifier {
        Qualifier::Exact => "",
        Qualifier::About => "about ",
        Qualifier::AtLeast => "at least ",
        Qualifier::AtMost => "at most ",
    };
    let upper = figure.max.map(|max| format!(" to {}", grouped(max))).unwrap_or_default();
    format!("{before}{}{upper} {}", grouped(figure.value), figure.unit.word())
}

/// Returns a number with commas: `1,290,755`.
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

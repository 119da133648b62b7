//! A digest: what a span of days brought, grouped by kind, the largest first, with figures and links; ready for a mail.

mod html;
mod markdown;
mod text;

use serde::Serialize;

pub use html::page;
pub use markdown::document;
pub use text::plain;

use crate::base::day::{Day, DayRange};
use crate::model::incident::{Incident, Row};
use crate::model::report::{Field, Kind, Unit};
use crate::model::value::Value;
use crate::model::watch::Link;
use crate::model::words;

/// What the days of a digest brought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Digest {
    /// The days, both included.
    pub days: DayRange,
    /// The search that it is kept to; empty for all.
    pub query: String,
    /// How many incidents were reported for the first time in these days.
    pub new: usize,
    /// Of how many earlier ones something else became known.
    pub changed: usize,
    /// How many people, records or cards the new ones affected, as far as figures are known; the largest of each is counted.
    pub affected: u64,
    /// The incidents by kind, the kind with the most first.
    pub groups: Vec<Group>,
}

/// The incidents of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Their kind.
    pub kind: Kind,
    /// The largest first.
    pub incidents: Vec<Entry>,
}

/// One incident of a digest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// As lists show it.
    #[serde(flatten)]
    pub incident: Row,
    /// Whether its first report is of these days.
    pub new: bool,
    /// What became known of it in these days.
    pub changes: Vec<Change>,
    /// Its latest articles.
    pub links: Vec<Link>,
}

/// A field of an incident that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// What stood before; None where nothing did.
    pub from: Option<Value>,
    /// What stands since.
    pub to: Value,
}

impl Entry {
    /// Makes the entry of an incident that was reported in some days.
    pub fn of(incident: &Incident, days: DayRange, changes: Vec<Change>) -> Entry {
        let new = incident.first_reported >= days.earliest;
        Entry { incident: incident.row(), new, changes: if new { Vec::new() } else { changes }, links: Link::of(incident) }
    }

    /// The figure that counts for the order and for the sum: of people, records or cards.
    fn affected(&self) -> u64 {
        self.incident
            .records
            .filter(|figure| matches!(figure.unit, Unit::People | Unit::Records | Unit::Cards))
            .map_or(0, |figure| figure.value)
    }
}

impl Digest {
    /// Puts entries in order.
    pub fn of(days: DayRange, query: &str, entries: Vec<Entry>) -> Digest {
        let (new, changed) =
            (entries.iter().filter(|entry| entry.new).count(), entries.iter().filter(|entry| !entry.new).count());
        let affected = entries.iter().filter(|entry| entry.new).map(Entry::affected).fold(0, u64::saturating_add);
        let mut groups: Vec<Group> = Vec::new();
        for entry in entries {
            match groups.iter_mut().find(|group| group.kind == entry.incident.kind) {
                Some(group) => group.incidents.push(entry),
                None => groups.push(Group { kind: entry.incident.kind, incidents: vec![entry] }),
            }
        }
        for group in &mut groups {
            group.incidents.sort_by(|one, other| {
                let key =
                    |entry: &Entry| (!entry.new, std::cmp::Reverse(entry.affected()), std::cmp::Reverse(entry.incident.sources));
                key(one).cmp(&key(other)).then_with(|| one.incident.id.cmp(&other.incident.id))
            });
        }
        groups.sort_by_key(|group| (std::cmp::Reverse(group.incidents.len()), group.kind));
        Digest { days, query: query.to_owned(), new, changed, affected, groups }
    }

    /// Returns the heading: `Incidents of 2026-03-01..07`.
    fn title(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!(": {}", self.query) };
        format!("Incidents of {}{query}", words::days(self.days))
    }

    /// Returns the figures in one sentence.
    fn figures(&self) -> String {
        let new = words::counted(self.new as u64, "new incident", "new incidents");
        let affected = if self.affected > 0 {
            format!(", at least {} people, records or cards affected as far as figures are known", words::grouped(self.affected))
        } else {
            String::new()
        };
        let changed = match self.changed {
            0 => String::new(),
            count => format!("; more became known of {}", words::counted(count as u64, "earlier one", "earlier ones")),
        };
        format!("{new}{affected}{changed}.")
    }
}

/// What is said of an incident behind its victim: `560,000,000 people, ShinyHunters (claimed), 2 sources`.
fn told(entry: &Entry) -> String {
    let row = &entry.incident;
    let parts = [
        row.records.as_ref().map(words::figure_in_words).unwrap_or_default(),
        words::attackers(&row.attackers),
        if row.disputed { "disputed".to_owned() } else { String::new() },
        if row.sources > 1 { words::counted(u64::from(row.sources), "source", "sources") } else { String::new() },
        words::days(row.days),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What became known of an earlier incident: `records 51,000,000 people -> 73,000,000 people`.
fn changes(entry: &Entry) -> Vec<String> {
    let told = |change: &Change| {
        let from = change.from.as_ref().map(|from| format!("{} -> ", words::value(from))).unwrap_or_default();
        format!("{} {from}{}", change.field.word(), words::value(&change.to))
    };
    entry.changes.iter().map(told).collect()
}

/// The days of a digest that ends today.
pub fn days(since: Day, today: Day) -> DayRange {
    DayRange::new(since, today)
}

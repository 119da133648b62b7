//! What every format needs to say of an incident: its headline, its identifiers, when it last changed, who reported it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::base::fold::fold;
use crate::base::safe;
use crate::model::incident::{Filed, Incident};
use crate::model::report::{Attacker, Attribution, Evidence, Field, Unit};
use crate::model::words;

/// The name under which identifiers are made (RFC 9562, version 5): ours alone, so that they meet no other producer's.
const NAMESPACE: Uuid = Uuid::from_u128(0x1d0f_6e2b_7c58_5d0a_9a3e_62b5_b7a4_c011);

/// The longest line that is written of foreign text, in characters.
const LONGEST: usize = 2000;

/// Returns the identifier of something: the same for the same words, whenever and wherever it is made.
pub(super) fn uuid(what: &str, name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{what}\n{name}").as_bytes())
}

/// Returns foreign text as one harmless line.
pub(super) fn line(text: &str) -> String {
    safe::line(text, LONGEST)
}

/// Returns an incident in one line: `Sega: breach, 1,290,755 people, Lulz Security (claimed)`.
pub(super) fn headline(incident: &Incident) -> String {
    let mut parts = vec![incident.kind.word().to_owned()];
    parts.extend(incident.records.first().map(words::told_figure));
    let held: Vec<Attacker> = held_responsible(incident).cloned().collect();
    parts.extend((!held.is_empty()).then(|| words::attackers(&held)));
    line(&format!("{}: {}", incident.victim.name, parts.join(", ")))
}

/// Returns those who are held responsible, without those who deny it and are believed.
pub(super) fn held_responsible(incident: &Incident) -> impl Iterator<Item = &Attacker> {
    incident.attackers.iter().filter(|attacker| attacker.attribution != Attribution::Denied)
}

/// Tells whether an attacker bears a name, not a mere description such as "a former employee", which many may fit.
pub(super) fn is_named(attacker: &Attacker) -> bool {
    const FEW: &[&str] = &["a", "an", "the", "some", "two", "three", "several", "unknown"];
    let folded = fold(&attacker.name);
    let first = folded.split(' ').next().unwrap_or("");
    let proper = attacker.name.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
    proper && !(FEW.contains(&first) && attacker.name.starts_with(char::is_lowercase))
}

/// Returns when an incident last changed: at the last word of an analyst, or on the day of its last report. Each report counts a second
/// of that day, so that another one of the same day is a change as well.
pub(super) fn updated(incident: &Incident) -> Timestamp {
    let reports = i64::try_from(incident.reports.len()).unwrap_or(i64::MAX).clamp(1, 86_399);
    let day = incident.last_reported.start();
    let reported = day.checked_add(SignedDuration::from_secs(reports)).unwrap_or(day);
    let edited = &incident.edited;
    let edits = edited.notes.iter().map(|note| note.at).chain(edited.fields.iter().map(|field| field.at));
    edits.fold(reported, Timestamp::max)
}

/// Returns a moment to the second, as all formats write it: `2011-06-17T00:00:00Z`.
pub(super) fn moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Returns the figure by which incidents are compared: how many were affected; 0 where only a number of bytes is known, or nothing.
pub(super) fn size(incident: &Incident) -> u64 {
    incident.records.iter().find(|figure| figure.unit != Unit::Bytes).map_or(0, |figure| figure.value)
}

/// Returns the reports, each article once.
pub(super) fn articles(incident: &Incident) -> Vec<&Filed> {
    let mut seen = BTreeSet::new();
    incident.reports.iter().filter(|filed| seen.insert(filed.url.as_str())).collect()
}

/// Returns an address that may be followed; None for any other than http and https, such as `javascript:`.
pub(super) fn link(url: &str) -> Option<&str> {
    ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)).then_some(url)
}

/// The words that stand behind the values of one incident: each quote is given once, with the first field that it tells.
#[derive(Default)]
pub(super) struct Quotes(BTreeSet<String>);

impl Quotes {
    /// Returns the surest words of each report for a field, but those that were given before; the surest first.
    pub(super) fn of<'i>(&mut self, incident: &'i Incident, field: Field, most: usize) -> Vec<(&'i Evidence, &'i Filed)> {
        let surest = |filed: &'i Filed| {
            let of_field = filed.report.evidence.iter().filter(|evidence| evidence.field == field);
            Some((of_field.max_by(|one, other| one.confidence.total_cmp(&other.confidence))?, filed))
        };
        let mut found: Vec<(&Evidence, &Filed)> = incident.reports.iter().filter_map(surest).collect();
        found.sort_by(|(one, _), (other, _)| other.confidence.total_cmp(&one.confidence));
        found.retain(|(evidence, _)| !self.0.contains(&fold(&evidence.quote)));
        let mut new = BTreeSet::new();
        found.retain(|(evidence, _)| new.insert(fold(&evidence.quote)));
        found.truncate(most);
        self.0.extend(found.iter().map(|(evidence, _)| fold(&evidence.quote)));
        found
    }
}

/// Returns all names of somebody but the first.
pub(super) fn other_names(name: &str, aliases: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::from([fold(name)]);
    aliases.iter().filter(|alias| seen.insert(fold(alias))).map(|alias| line(alias)).collect()
}

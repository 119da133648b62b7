//! Rules: a pattern, what it gives, and the sentences that it must and must not read.

use serde::Deserialize;

use crate::model::mention::RuleId;
use crate::model::report::Kind;

use super::lexicon::Lexicon;
use super::pattern::Pattern;

/// The kinds of mention that a pattern may ask for, and their bits.
pub mod mention {
    /// A proper name of any sort.
    pub const NAME: u32 = 1;
    /// Somebody who can be hit, or something of theirs: "Sega", "the CIA's public website", "the company".
    pub const TARGET: u32 = 1 << 1;
    /// A person.
    pub const PERSON: u32 = 1 << 2;
    /// A place.
    pub const PLACE: u32 = 1 << 3;
    /// An attacker that can be told from others: "Lulz Security", "Chinese hackers", "a former employee".
    pub const ATTACKER: u32 = 1 << 4;
    /// Attackers that cannot: "hackers", "the attackers", "the group".
    pub const CROOK: u32 = 1 << 5;
    /// A number.
    pub const FIGURE: u32 = 1 << 6;
    /// A number of people, records, cards, files, bytes or systems.
    pub const COUNT: u32 = 1 << 7;
    /// A day or a range of days.
    pub const DAYS: u32 = 1 << 8;
    /// A kind of data.
    pub const DATA: u32 = 1 << 9;
    /// An amount of money.
    pub const MONEY: u32 = 1 << 10;
    /// Who reports, finds, polices or regulates: seldom hit.
    pub const OBSERVER: u32 = 1 << 11;
    /// Malware.
    pub const MALWARE: u32 = 1 << 12;

    /// Returns the bit of a kind by the name that patterns use.
    pub fn by_name(name: &str) -> Option<u32> {
        Some(match name {
            "name" => NAME,
            "target" => TARGET,
            "person" => PERSON,
            "place" => PLACE,
            "attacker" => ATTACKER,
            "crook" => CROOK,
            "figure" => FIGURE,
            "count" => COUNT,
            "days" => DAYS,
            "data" => DATA,
            "money" => MONEY,
            "observer" => OBSERVER,
            "malware" => MALWARE,
            _ => return None,
        })
    }
}

/// A rule as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    when: OneOrMore,
    gives: GivesEntry,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivesEntry {
    victim: String,
    kind: Option<Kind>,
}

/// What a match gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gives {
    /// The number of the capture that is the victim.
    pub victim: usize,
    /// The kind, where the rule's own words decide it.
    pub kind: Option<Kind>,
}

/// A rule, compiled.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// The patterns, any of which will do.
    pub when: Vec<(Pattern, Gives)>,
    /// The patterns as they are written.
    pub sources: Vec<String>,
    /// Sentences that it must read, the victim in square brackets.
    pub yes: Vec<String>,
    /// Sentences in which it must find nothing.
    pub no: Vec<String>,
}

/// Reads a file of rules, in its order.
pub fn read(text: &str, lexicon: &mut Lexicon) -> Result<Vec<Rule>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        rule: Vec<Entry>,
    }
    let file: File = toml::from_str(text).map_err(|fault| fault.to_string())?;
    file.rule.into_iter().map(|entry| compile(entry, lexicon)).collect()
}

fn compile(entry: Entry, lexicon: &mut Lexicon) -> Result<Rule, String> {
    if entry.yes.is_empty() || entry.no.is_empty() {
        return Err(format!("rule {}: needs at least one `yes` and one `no`", entry.id));
    }
    let sources = match entry.when {
        OneOrMore::One(source) => vec![source],
        OneOrMore::More(sources) => sources,
    };
    let mut when = Vec::with_capacity(sources.len());
    for source in &sources {
        let pattern = Pattern::parse(source, lexicon, &mention::by_name)
            .map_err(|fault| format!("rule {}: {fault} in `{source}`", entry.id))?;
        let victim = pattern
            .capture(&entry.gives.victim)
            .ok_or_else(|| format!("rule {}: nothing is captured as `{}` in `{source}`", entry.id, entry.gives.victim))?;
        let gives = Gives { victim, kind: entry.gives.kind };
        when.push((pattern, gives));
    }
    if let Some(example) = entry.yes.iter().find(|example| !has_mark(example)) {
        return Err(format!("rule {}: no victim is marked with [ ] in \"{example}\"", entry.id));
    }
    Ok(Rule { id: RuleId(entry.id.into()), when, sources, yes: entry.yes, no: entry.no })
}

fn has_mark(example: &str) -> bool {
    example.split_once('[').is_some_and(|(_, rest)| rest.contains(']'))
}

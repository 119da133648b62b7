//! Known names and phrases: attackers, bodies, observers, places, kinds of data.

use serde::Deserialize;

use crate::base::token;
use crate::model::report::DataKind;

use super::gazetteer::{Entry, Gazetteer, Sort};
use super::lexicon::{Classes, Lexicon, WordId, form, plural};

pub(super) const ATTACKERS: &str = include_str!("attackers.toml");
const BODIES: &str = include_str!("bodies.toml");
const ROLES: &str = include_str!("roles.toml");
pub(super) const PLACES: &str = include_str!("places.toml");
const DATA: &str = include_str!("data.toml");

/// The texts that the known names are read from.
pub const TEXTS: [&str; 5] = [ATTACKERS, BODIES, ROLES, PLACES, DATA];

/// What the known names stand for.
#[derive(Debug, Default)]
pub struct Known {
    /// Attackers, by number.
    pub attackers: Vec<KnownAttacker>,
    /// Bodies, by number.
    pub bodies: Vec<KnownBody>,
    /// The class of first names.
    pub given_name: Classes,
}

/// A group or person that attacks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAttacker {
    /// The name by which it is best known.
    pub name: String,
    /// Its other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is: `state`, `ransomware`, `extortion`, `hacktivist`, `crime` or `person`.
    pub kind: String,
    /// The state it is linked to.
    pub country: Option<String>,
    /// Names of malware; those that are no alias are not the people.
    #[serde(default)]
    pub strain: Vec<String>,
    /// Whether its name is a common word, so that it needs support; its aliases do not.
    #[serde(default)]
    pub weak: bool,
    /// Other names that are common words, where the rest are not.
    #[serde(default)]
    pub weak_aliases: Vec<String>,
    /// Phrases in which it is the group.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Phrases in which it is not.
    #[serde(default)]
    pub no: Vec<String>,
}

/// A body that the news writes in more than one way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownBody {
    /// Its shortest full name.
    pub name: String,
    /// Its other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Services and brands of its own.
    #[serde(default)]
    pub owns: Vec<String>,
    /// Whether its name is a common word, so that it needs a capital amid a sentence.
    #[serde(default)]
    pub weak: bool,
    /// Other names that are common words or stand for other bodies too.
    #[serde(default)]
    pub weak_aliases: Vec<String>,
}

/// Reads the tables of names into the gazetteer.
pub fn read(lexicon: &mut Lexicon, gazetteer: &mut Gazetteer) -> Result<Known, String> {
    let given_name = lexicon.make_class("given").ok_or("too many classes")?;
    let mut known = Known { given_name, ..Known::default() };
    attackers(&mut known, lexicon, gazetteer)?;
    bodies(&mut known, lexicon, gazetteer)?;
    roles(given_name, lexicon, gazetteer)?;
    places(lexicon, gazetteer)?;
    Ok(known)
}

/// Reads `attackers.toml`.
pub(super) fn known_attackers() -> Result<Vec<KnownAttacker>, String> {
    #[derive(Deserialize)]
    struct File {
        attacker: Vec<KnownAttacker>,
    }
    let file: File = toml::from_str(ATTACKERS).map_err(|fault| format!("attackers.toml: {fault}"))?;
    Ok(file.attacker)
}

fn attackers(known: &mut Known, lexicon: &mut Lexicon, gazetteer: &mut Gazetteer) -> Result<(), String> {
    let attackers = known_attackers()?;
    for (number, attacker) in attackers.iter().enumerate() {
        let entry = |sort| Entry { sort, number: number as u32, weak: attacker.weak, role: None };
        gazetteer.add(&attacker.name, entry(Sort::Attacker), lexicon);
        for name in &attacker.aliases {
            gazetteer.add(name, Entry { weak: false, ..entry(Sort::Attacker) }, lexicon);
        }
        for name in &attacker.weak_aliases {
            gazetteer.add(name, Entry { weak: true, ..entry(Sort::Attacker) }, lexicon);
        }
        for strain in &attacker.strain {
            gazetteer.add(strain, entry(Sort::Strain), lexicon);
        }
    }
    known.attackers = attackers;
    Ok(())
}

fn bodies(known: &mut Known, lexicon: &mut Lexicon, gazetteer: &mut Gazetteer) -> Result<(), String> {
    #[derive(Deserialize)]
    struct File {
        body: Vec<KnownBody>,
    }
    let file: File = toml::from_str(BODIES).map_err(|fault| format!("bodies.toml: {fault}"))?;
    for (number, body) in file.body.iter().enumerate() {
        for name in std::iter::once(&body.name).chain(&body.aliases).chain(&body.owns) {
            let entry = Entry { sort: Sort::Body, number: number as u32, weak: body.weak && !name.contains(' '), role: None };
            gazetteer.add(name, entry, lexicon);
        }
        for name in &body.weak_aliases {
            gazetteer.add(name, Entry { sort: Sort::Body, number: number as u32, weak: true, role: None }, lexicon);
        }
    }
    known.bodies = file.body;
    Ok(())
}

fn roles(given_name: Classes, lexicon: &mut Lexicon, gazetteer: &mut Gazetteer) -> Result<(), String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        outlets: Vec<String>,
        researchers_and_vendors: Vec<String>,
        police_and_agencies: Vec<String>,
        regulators: Vec<String>,
        platforms: Vec<String>,
        products_and_protocols: Vec<String>,
        person_titles: Vec<String>,
        given_names: Vec<String>,
    }
    let file: File = toml::from_str(ROLES).map_err(|fault| format!("roles.toml: {fault}"))?;
    let tables = [
        (file.outlets, Sort::Outlet),
        (file.researchers_and_vendors, Sort::Researcher),
        (file.police_and_agencies, Sort::Police),
        (file.regulators, Sort::Regulator),
        (file.platforms, Sort::Platform),
        (file.products_and_protocols, Sort::Product),
    ];
    for (names, sort) in tables {
        for name in names {
            gazetteer.add(&name, Entry { sort, number: 0, weak: false, role: None }, lexicon);
        }
    }
    let title = lexicon.make_class("person_title").ok_or("too many classes")?;
    for word in file.person_titles.iter().filter(|title| !title.contains(' ')) {
        lexicon.add(&word.to_lowercase(), title, form::ANY);
    }
    for name in file.given_names {
        lexicon.add(&name.to_lowercase(), given_name, form::ANY);
    }
    Ok(())
}

/// What `places.toml` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    pub cities: Vec<String>,
    pub country: Vec<Place>,
    pub region: Vec<Place>,
    pub state: Vec<Place>,
}

/// A country, region or state.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The two letters of the post; too short to be told from other words in a text.
    pub postal: Option<String>,
    #[serde(default)]
    pub adjectives: Vec<String>,
}

fn places(lexicon: &mut Lexicon, gazetteer: &mut Gazetteer) -> Result<(), String> {
    let file: Places = toml::from_str(PLACES).map_err(|fault| format!("places.toml: {fault}"))?;
    let entry = |sort| Entry { sort, number: 0, weak: false, role: None };
    for place in file.country.iter().chain(&file.state).chain(&file.region) {
        for name in std::iter::once(&place.name).chain(&place.aliases).chain(&place.abbreviations) {
            gazetteer.add(name, entry(Sort::Place), lexicon);
        }
        for name in &place.adjectives {
            gazetteer.add(name, entry(Sort::Nationality), lexicon);
        }
    }
    for city in &file.cities {
        gazetteer.add(city, entry(Sort::Place), lexicon);
    }
    Ok(())
}

/// Phrases that name a kind of data, found like names but written large or small.
#[derive(Debug, Default)]
pub struct DataPhrases {
    phrases: Gazetteer,
    entries: Vec<(Option<DataKind>, bool)>,
}

/// Reads `data.toml`.
pub fn data(lexicon: &mut Lexicon) -> Result<DataPhrases, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Data {
        kind: DataKind,
        phrases: Vec<String>,
        #[serde(default = "yes")]
        alone: bool,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Not {
        phrases: Vec<String>,
    }
    #[derive(Deserialize)]
    struct File {
        data: Vec<Data>,
        #[serde(default)]
        not: Vec<Not>,
    }
    let yes_and_no: File = toml::from_str(DATA).map_err(|fault| format!("data.toml: {fault}"))?;
    let mut data = DataPhrases::default();
    for entry in yes_and_no.data {
        data.add(&entry.phrases, Some(entry.kind), entry.alone, lexicon);
    }
    for entry in yes_and_no.not {
        data.add(&entry.phrases, None, true, lexicon);
    }
    Ok(data)
}

fn yes() -> bool {
    true
}

impl DataPhrases {
    fn add(&mut self, phrases: &[String], kind: Option<DataKind>, alone: bool, lexicon: &mut Lexicon) {
        let number = self.entries.len() as u32;
        self.entries.push((kind, alone));
        for phrase in phrases {
            for form in written(phrase) {
                self.phrases.add(&form, Entry { sort: Sort::Product, number, weak: false, role: None }, lexicon);
            }
        }
    }

    /// Returns the longest phrase at the beginning of these words: its length, its kind (None: it only looks like data), and
    /// whether it names data also outside a list of data.
    pub fn longest(&self, words: impl Iterator<Item = WordId> + Clone) -> Option<(usize, Option<DataKind>, bool)> {
        let (length, entry) = self.phrases.longest(words)?;
        let (kind, alone) = self.entries[entry.number as usize];
        Some((length, kind, alone))
    }
}

/// Returns the ways in which a phrase is written: singular and plural, with spaces for hyphens.
fn written(phrase: &str) -> Vec<String> {
    let mut forms = vec![phrase.to_owned(), plural_phrase(phrase)];
    if phrase.contains('-') {
        let spaced = phrase.replace('-', " ");
        forms.push(plural_phrase(&spaced));
        forms.push(spaced);
        let joined = phrase.replace('-', "");
        forms.push(plural_phrase(&joined));
        forms.push(joined);
    }
    forms.retain(|form| token_count(form) > 0);
    forms
}

fn plural_phrase(phrase: &str) -> String {
    match phrase.rsplit_once(' ') {
        Some((front, last)) => format!("{front} {}", plural(last)),
        None => plural(phrase),
    }
}

fn token_count(text: &str) -> usize {
    let mut count = 0;
    token::tokens(text, |_, _, _| count += 1);
    count
}

//! Where a victim is at home, as far as its name tells: a known body, a domain of a country, a country, state or city in the name.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::known::{PLACES, Places};
use crate::base::fold::fold;
use crate::model::report::Victim;

/// The text that the countries are read from.
pub(super) const COUNTRIES: &str = include_str!("countries.toml");

/// A country.
#[derive(Debug, PartialEq, Eq)]
pub struct Country {
    /// Its name.
    pub name: String,
    /// Its two letters (ISO 3166-1).
    pub code: String,
    /// Other names, and other letters.
    pub aliases: Vec<String>,
}

/// What names tell of countries; numbers are places in the list of countries.
#[derive(Debug)]
pub struct Countries {
    all: Vec<Country>,
    /// Known bodies, by their folded names.
    bodies: HashMap<String, usize>,
    /// Folded names of places and nations; None for those that tell nothing, such as "new england", so that "england" is not read in it.
    phrases: HashMap<String, Option<usize>>,
    /// Names that are common words when written small, as they are written: "US".
    letters: HashMap<String, usize>,
    /// The letters of US states as the post writes them.
    postal: HashMap<String, usize>,
    /// The endings of domains that tell a country.
    domains: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    vague: Vec<String>,
    country: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    code: String,
    /// Whether anybody may register a domain there.
    #[serde(default)]
    open: bool,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    bodies: Vec<String>,
}

/// The most words of one phrase.
const LONGEST: usize = 5;

impl Countries {
    /// Returns what is compiled in.
    ///
    /// # Panics
    /// If the tables cannot be read, which the tests of the rules rule out.
    pub fn builtin() -> &'static Countries {
        static COUNTRIES_READ: LazyLock<Countries> = LazyLock::new(|| match Countries::read() {
            Ok(countries) => countries,
            Err(fault) => panic!("the countries that are compiled in cannot be read: {fault}"),
        });
        &COUNTRIES_READ
    }

    /// Returns every country, in the order of the table.
    pub fn all(&self) -> impl Iterator<Item = &Country> {
        self.all.iter()
    }

    /// Returns the folded names of the bodies whose country is known.
    pub fn bodies(&self) -> impl Iterator<Item = &str> {
        self.bodies.keys().map(String::as_str)
    }

    fn read() -> Result<Countries, String> {
        let file: File = toml::from_str(COUNTRIES).map_err(|fault| format!("countries.toml: {fault}"))?;
        let places: Places = toml::from_str(PLACES).map_err(|fault| format!("places.toml: {fault}"))?;
        let mut read = Countries {
            all: Vec::new(),
            bodies: HashMap::new(),
            phrases: HashMap::new(),
            letters: HashMap::new(),
            postal: HashMap::new(),
            domains: HashMap::new(),
        };
        for place in places.region.iter().chain(&places.state) {
            read.phrases.insert(fold(&place.name), None);
        }
        for entry in &file.country {
            read.add(entry, &places);
        }
        let at_home = |code: &str| read.all.iter().position(|country| country.code == code);
        let states = at_home("US").ok_or("countries.toml lacks the United States")?;
        let britain = at_home("GB").ok_or("countries.toml lacks the United Kingdom")?;
        read.postal = places.state.iter().filter_map(|state| Some((state.postal.clone()?, states))).collect();
        read.domains.extend([("uk".to_owned(), britain), ("gov".to_owned(), states), ("mil".to_owned(), states)]);
        for word in &file.vague {
            read.phrases.insert(fold(word), None);
        }
        Ok(read)
    }

    fn add(&mut self, entry: &Entry, places: &Places) {
        let number = self.all.len();
        let of_places = places.country.iter().find(|place| place.name == entry.name);
        let mut aliases = of_places.map(|place| place.aliases.clone()).unwrap_or_default();
        if entry.code == "GB" {
            // Both are used; only the one is a code.
            aliases.push("uk".to_owned());
        }
        let adjectives = of_places.map(|place| place.adjectives.as_slice()).unwrap_or_default();
        for name in std::iter::once(&entry.name).chain(&aliases).chain(adjectives).chain(&entry.places) {
            if name.chars().filter(|c| c.is_alphabetic()).count() <= 3 {
                self.letters.insert(name.replace('.', "").to_uppercase(), number);
            } else {
                self.phrases.insert(fold(name), Some(number));
            }
        }
        self.bodies.extend(entry.bodies.iter().map(|body| (fold(body), number)));
        if !entry.open {
            self.domains.insert(entry.code.to_lowercase(), number);
        }
        self.all.push(Country { name: entry.name.clone(), code: entry.code.clone(), aliases });
    }

    /// Returns where a victim is at home; None where its names do not tell, or tell more than one country.
    ///
    /// A known body counts before what its name says: the Bank of America's country is known, that of "Bank of X (UK)" is read.
    pub fn of(&self, victim: &Victim) -> Option<&Country> {
        if let Some(number) = self.bodies.get(&fold(&victim.name)) {
            return self.all.get(*number);
        }
        let mut told = self.told_by(&victim.name);
        if told.is_empty() {
            told = victim.aliases.iter().flat_map(|alias| self.told_by(alias)).collect();
        }
        told.sort_unstable();
        told.dedup();
        if let [number] = told.as_slice() { self.all.get(*number) } else { None }
    }

    /// Returns the countries that a name tells.
    fn told_by(&self, name: &str) -> Vec<usize> {
        let raw: Vec<&str> = name.split_whitespace().collect();
        let mut told: Vec<usize> = raw.iter().filter_map(|word| self.by_letters(word)).collect();
        if let Some((_, end)) = name.rsplit_once(", ") {
            told.extend(self.postal.get(end.trim()));
        }
        let folded = fold(&name.replace("'s", "").replace("’s", ""));
        let words: Vec<&str> = folded.split(' ').collect();
        let mut at = 0;
        while at < words.len() {
            let longest = (1..=LONGEST.min(words.len() - at)).rev();
            let found = longest.filter_map(|length| Some((length, *self.phrases.get(&words[at..at + length].join(" "))?)));
            let (length, number) = found.into_iter().next().unwrap_or((1, None));
            told.extend(number);
            at += length;
        }
        told
    }

    /// Reads a word as letters that stand for a country (`US`, `U.K.`), or as a domain.
    fn by_letters(&self, word: &str) -> Option<usize> {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
        let letters = word.replace('.', "");
        if letters.len() <= 3 && letters.chars().all(|c| c.is_ascii_uppercase()) {
            return self.letters.get(&letters).copied();
        }
        let (_, ending) = word.trim_end_matches('.').rsplit_once('.')?;
        let host = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        self.domains.get(&ending.to_lowercase()).copied().filter(|_| host && word.len() > ending.len() + 2)
    }
}

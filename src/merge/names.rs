//! Names of victims taken apart, so that two ways of writing one name are known as one: the keys under which reports are looked
//! up, and how closely the names of two victims agree.

use crate::base::fold::fold;
use crate::merge::parts::{
    LEAST_INITIALS, LEAST_LETTERS, cut_place_after_comma, group, initials, is_like_initials, is_misspelt, placed, read_words,
    run_together, shorts, skeleton, split_places, strip_head_and_tail, without_brackets,
};
use crate::merge::words::{COMMON, HOST_ENDS, PUBLIC, has};
use crate::model::report::Victim;

/// How closely the names of two victims agree, the closest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// They share only a name that many bodies have ("Ministry of Justice", "a bank").
    Common,
    /// Two different names that share a further name, such as that of a parent.
    Parent,
    /// Written almost alike.
    Spelling,
    /// One is the initials of the other.
    Acronym,
    /// One is the other without its trade or place ("Caesars", "Caesars Entertainment").
    Short,
    /// The same group ("MongoDB servers", "MongoDB databases").
    Group,
    /// One is the host name of the other.
    Domain,
    /// The name of one is a further name of the other.
    Alias,
    /// The same name.
    Same,
}

/// One name of a victim, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The folded words without small words, legal form and "city of", run together: "aholddelhaize".
    core: String,
    /// For a public body of a place: the place and those words in order, "brazil health ministry".
    placed: Option<String>,
    /// The core without trade or place.
    shorts: Vec<String>,
    /// The initials of four words and more, with and without the small ones.
    initials: Vec<String>,
    /// The core's consonants, by which misspellings are found.
    skeleton: Option<String>,
    /// What is left of a group when its members are left out ("mongodb").
    group: Option<String>,
    /// Whether it is made of words that many bodies share.
    common: bool,
    /// Whether it is written like initials: "HSE", "DoH".
    capitals: bool,
    /// Whether it is a host name.
    host: bool,
}

/// The names of one victim.
#[derive(Clone, Debug)]
pub(super) struct Face {
    /// The name first, then the aliases.
    names: Vec<Name>,
    /// The places that its names tell, sorted.
    places: Vec<&'static str>,
    /// The keys under which reports of this victim are looked up, sorted. A single word that many bodies share is none.
    pub(super) keys: Vec<String>,
    /// Whether it is a body with a name of its own.
    pub(super) named: bool,
}

impl Face {
    pub(super) fn new(victim: &Victim) -> Face {
        let mut places = Vec::new();
        let mut names: Vec<Name> = Vec::with_capacity(1 + victim.aliases.len());
        for text in std::iter::once(&victim.name).chain(&victim.aliases) {
            let name = Name::new(text, victim.named, &mut places);
            if !name.core.is_empty() && names.iter().all(|other| other.core != name.core) {
                names.push(name);
            }
        }
        places.sort_unstable();
        places.dedup();
        let mut keys: Vec<String> = names.iter().flat_map(Name::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        Face { names, places, keys, named: victim.named }
    }

    /// Tells whether the two share a key.
    pub(super) fn meets(&self, other: &Face) -> bool {
        self.keys.iter().any(|key| other.keys.binary_search(key).is_ok())
    }

    /// Returns how closely the two agree; None if no name of one has to do with any of the other.
    pub(super) fn link(&self, other: &Face) -> Option<Link> {
        let same =
            |mine: &Name, theirs: &Name| mine.core == theirs.core && !mine.common && !theirs.common && mine.host == theirs.host;
        if self.names.first().zip(other.names.first()).is_some_and(|(mine, theirs)| same(mine, theirs)) {
            return Some(Link::Same);
        }
        let mut best = None;
        for (at, mine) in self.names.iter().enumerate() {
            for (there, theirs) in other.names.iter().enumerate() {
                let link = mine.link(theirs, (at == 0, there == 0));
                let spelt_out = || self.spells_out(mine) || other.spells_out(theirs);
                best = best.max(link.filter(|link| *link != Link::Acronym || !spelt_out()));
            }
        }
        if best == Some(Link::Parent) && !self.is_proper_beside(other) {
            best = Some(Link::Alias);
        }
        best
    }

    /// Tells whether another of its names says what initials of it stand for: then they stand for nobody else.
    fn spells_out(&self, initials: &Name) -> bool {
        initials.capitals && self.names.iter().any(|name| name.initials.contains(&initials.core))
    }

    /// Tells whether both are first called by proper names of their own, so that a shared further name may be a parent's.
    fn is_proper_beside(&self, other: &Face) -> bool {
        let proper = |face: &Face| {
            face.named && face.names.first().is_some_and(|name| !name.common && !name.capitals && name.placed.is_none())
        };
        proper(self) && proper(other)
    }

    /// Tells whether both name a place, and not the same one.
    pub(super) fn is_elsewhere(&self, other: &Face) -> bool {
        !self.places.is_empty() && !other.places.is_empty() && self.places.iter().all(|place| !other.places.contains(place))
    }
}

/// Tells whether two names are one but for case, accents and legal form: "Acme" and "ACME, Inc.".
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    let face = |name: &str| Face::new(&Victim { name: name.to_owned(), aliases: Vec::new(), named: true });
    fold(one) == fold(other) || face(one).link(&face(other)) == Some(Link::Same)
}

impl Name {
    fn new(text: &str, named: bool, places: &mut Vec<&'static str>) -> Name {
        if let Some(name) = Name::host(text) {
            return name;
        }
        let text = without_brackets(text);
        let (text, after) = cut_place_after_comma(&text);
        places.extend(after);
        let mut words = read_words(text);
        strip_head_and_tail(&mut words);
        let (found, rest) = split_places(&words);
        let mut name = Name {
            core: run_together(words.iter().map(|word| word.text.as_str())),
            placed: None,
            shorts: Vec::new(),
            initials: initials(&words),
            skeleton: None,
            group: None,
            common: !rest.is_empty() && rest.iter().all(|word| has(COMMON, word)),
            capitals: words.len() == 1 && is_like_initials(text),
            host: false,
        };
        if name.common && !found.is_empty() {
            places.extend(&found);
            name.placed = rest.iter().any(|word| has(PUBLIC, word)).then(|| placed(found[0], rest));
            name.common = !named;
        }
        name.shorts = shorts(&words, places);
        name.group = (!named).then(|| group(&words)).flatten();
        name.skeleton = (!name.common).then(|| skeleton(&name.core)).flatten();
        name
    }

    /// Reads a host name, such as "BTC-E.com": its core is the owner's label.
    fn host(text: &str) -> Option<Name> {
        let text = text.trim().trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        let lower = text.to_ascii_lowercase();
        let mut labels: Vec<&str> = lower.split('.').filter(|label| *label != "www").collect();
        if !plain || labels.len() < 2 || !has(HOST_ENDS, labels[labels.len() - 1]) || labels.iter().any(|label| label.is_empty())
        {
            return None;
        }
        labels.pop();
        while labels.len() > 1 && has(HOST_ENDS, labels[labels.len() - 1]) {
            labels.pop();
        }
        let owner = run_together(labels[labels.len() - 1].split('-'));
        let whole = run_together(fold(text).split(' '));
        let telling = owner.len() >= LEAST_LETTERS && !has(COMMON, &owner);
        Some(Name {
            core: if telling { owner } else { whole },
            placed: None,
            shorts: Vec::new(),
            initials: Vec::new(),
            skeleton: None,
            group: None,
            common: false,
            capitals: false,
            host: telling,
        })
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.shorts.clone();
        if !has(COMMON, &self.core) {
            keys.push(self.core.clone());
        }
        keys.extend(self.placed.iter().map(|placed| format!("@{placed}")));
        keys.extend(self.group.iter().map(|group| format!("*{group}")));
        keys.extend(self.skeleton.iter().map(|bones| format!("~{bones}")));
        keys.extend(self.initials.iter().map(|initials| format!("^{initials}")));
        if self.capitals && self.core.len() >= LEAST_INITIALS {
            keys.push(format!("^{}", self.core));
        }
        keys
    }

    fn link(&self, other: &Name, first: (bool, bool)) -> Option<Link> {
        let same_place = self.placed.is_some() && self.placed == other.placed;
        if self.core == other.core || same_place {
            return Some(match first {
                _ if self.common || other.common => Link::Common,
                _ if self.host != other.host => Link::Domain,
                (true, true) => Link::Same,
                (false, false) => Link::Parent,
                _ => Link::Alias,
            });
        }
        if self.capitals && other.initials.contains(&self.core) || other.capitals && self.initials.contains(&other.core) {
            return Some(Link::Acronym);
        }
        if self.common || other.common {
            return None;
        }
        if self.group.is_some() && self.group == other.group {
            return Some(Link::Group);
        }
        if self.shorts.contains(&other.core) || other.shorts.contains(&self.core) {
            return Some(Link::Short);
        }
        (self.skeleton.is_some() && self.skeleton == other.skeleton && is_misspelt(&self.core, &other.core))
            .then_some(Link::Spelling)
    }
}

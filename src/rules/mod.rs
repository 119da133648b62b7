//! Knowledge as data, compiled in: who attacks, who is hit, what happens, how figures and days are said.
//!
//! Words, names and rules live in the `.toml` files beside this one; the code here only reads them. A rule says what a
//! sequence of tokens and mentions means, in the language of [`pattern`]; what it may give is the closed set of [`Gives`].

mod aliases;
mod countries;
mod gate;
pub mod gazetteer;
pub mod index;
mod kinds;
mod known;
pub mod lexicon;
pub mod pattern;
mod rule;
pub mod trees;
pub mod weights;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use aliases::Aliases;
pub use countries::{Countries, Country};
pub use gate::GateWords;
pub use kinds::KindWords;
pub use known::{DataPhrases, Known};
pub use rule::{Gives, Rule, mention};

use crate::base::hash::fnv;
use gazetteer::Gazetteer;
use index::PatternIndex;
use lexicon::{Classes, Lexicon};
use weights::Weights;

const WORDS: &str = include_str!("words.toml");
const ENGLISH: &str = include_str!("english.txt");
const EVENTS: &str = include_str!("events.toml");
const KINDS: &str = include_str!("kinds.toml");
const WEIGHTS: &str = include_str!("weights.json");

/// Everything that the extractor knows beyond its passes.
#[derive(Debug)]
pub struct Rules {
    /// The words that any rule names, and their classes.
    pub lexicon: Lexicon,
    /// The classes that the passes themselves ask for.
    pub class: ClassBits,
    /// Known names.
    pub gazetteer: Gazetteer,
    /// What the known names stand for.
    pub known: Known,
    /// Kinds of data, and how they are called.
    pub data: DataPhrases,
    /// What happened to whom, in the order of the file.
    pub events: Vec<Rule>,
    /// Where their patterns may match; numbered through over all rules.
    pub patterns: PatternIndex,
    /// Words that tell the kind of an incident.
    pub kinds: KindWords,
    /// How much each feature of a candidate counts.
    pub weights: Weights,
}

macro_rules! class_bits {
    ($($name:ident),* $(,)?) => {
        /// The bits of the classes that the passes ask for by name.
        #[derive(Clone, Copy, Debug, Default)]
        #[allow(missing_docs, reason = "each is the class of that name in words.toml")]
        pub struct ClassBits { $(pub $name: Classes),* }

        impl ClassBits {
            fn find(lexicon: &Lexicon) -> Result<ClassBits, String> {
                Ok(ClassBits { $($name: lexicon.class(stringify!($name)).ok_or(concat!("words.toml lacks the class ", stringify!($name)))?),* })
            }
        }
    };
}

class_bits!(
    abbreviation,
    and_head,
    asset,
    attack,
    be,
    card,
    company,
    conj,
    crook,
    det,
    discover,
    disclose,
    english,
    event_modifier,
    file_thing,
    for_head,
    hack,
    have,
    insider,
    legal,
    modal,
    money,
    month,
    name_join,
    not,
    of_head,
    org_head,
    people,
    person_title,
    prep,
    pronoun,
    record_thing,
    say,
    share_word,
    steal,
    theft,
    strong_crook,
    suspect,
    system_thing,
    technical,
    the,
    weekday,
    would,
    claim,
    deny,
    attempt,
    prevent,
    advb,
    affect,
    encrypt,
    disrupt,
    suffer,
    given,
    crook_weak,
    crook_modifier,
    telling_modifier,
    state_modifier,
    own_word,
    own_say,
    suspicion,
    accused,
    strike,
    break_in,
    bad_thing,
    body_noun,
    group_noun,
);

impl Rules {
    /// Returns the rules that are compiled in.
    ///
    /// # Panics
    /// If they contradict themselves, which the tests of the rules rule out.
    pub fn builtin() -> &'static Rules {
        static RULES: LazyLock<Rules> = LazyLock::new(|| match Rules::read(EVENTS) {
            Ok(rules) => rules,
            Err(fault) => panic!("the rules that are compiled in cannot be read: {fault}"),
        });
        &RULES
    }

    /// Returns the rules that are compiled in, with other weights.
    pub fn with_weights(weights: Weights) -> Result<Rules, String> {
        Ok(Rules { weights, ..Rules::read(EVENTS)? })
    }

    /// Returns the rules that are compiled in, with those of what happened from a text in the layout of `events.toml`, to be
    /// tried: [`Rules::digest`] does not tell them apart.
    ///
    /// # Errors
    /// Which rule cannot be read, and why.
    pub fn with_events(events: &str) -> Result<Rules, String> {
        Rules::read(events)
    }

    fn read(events: &str) -> Result<Rules, String> {
        let mut lexicon = Lexicon::default();
        words(WORDS, &mut lexicon)?;
        let english = lexicon.make_class("english").ok_or("too many classes")?;
        for word in ENGLISH.lines() {
            lexicon.add(word, english, lexicon::form::ANY);
        }
        let mut gazetteer = Gazetteer::default();
        let known = known::read(&mut lexicon, &mut gazetteer)?;
        let data = known::data(&mut lexicon)?;
        let events = rule::read(events, &mut lexicon)?;
        let patterns = events.iter().flat_map(|rule| &rule.when).map(|(pattern, _)| pattern);
        let patterns = PatternIndex::of(patterns).ok_or("events.toml: too many patterns")?;
        let kinds = kinds::read(KINDS, &mut lexicon)?;
        let weights = Weights::parse(WEIGHTS).map_err(|fault| format!("weights.json: {fault}"))?;
        let class = ClassBits::find(&lexicon)?;
        Ok(Rules { lexicon, class, gazetteer, known, data, events, patterns, kinds, weights })
    }

    /// Returns a word that changes whenever the rules do; it stamps what was derived. The version of the program stands for the passes.
    pub fn digest(&self) -> String {
        let texts = [env!("CARGO_PKG_VERSION"), WORDS, ENGLISH, EVENTS, KINDS, WEIGHTS].into_iter().chain(known::TEXTS);
        digest_of(texts)
    }

    /// Returns a word that changes whenever another country or another name of an attacker may be found; it stamps what is searched.
    pub fn names_digest() -> String {
        digest_of([countries::COUNTRIES, known::PLACES, known::ATTACKERS].into_iter())
    }
}

/// The hash of some texts.
fn digest_of<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    format!("{:016x}", fnv(texts.flat_map(str::bytes)))
}

/// Reads `words.toml`.
fn words(text: &str, lexicon: &mut Lexicon) -> Result<(), String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        verbs: BTreeMap<String, Vec<String>>,
        nouns: BTreeMap<String, Vec<String>>,
        words: BTreeMap<String, Vec<String>>,
        openers: Openers,
    }
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Openers {
        number: Vec<String>,
        days: Vec<String>,
    }
    let file: File = toml::from_str(text).map_err(|fault| format!("words.toml: {fault}"))?;
    for (class, verbs) in &file.verbs {
        let bit = lexicon.make_class(class).ok_or("words.toml: too many classes")?;
        verbs.iter().for_each(|verb| lexicon.add_verb(verb, bit));
    }
    for (class, nouns) in &file.nouns {
        let bit = lexicon.make_class(class).ok_or("words.toml: too many classes")?;
        nouns.iter().for_each(|noun| lexicon.add_noun(noun, bit));
    }
    for (class, words) in &file.words {
        let bit = lexicon.make_class(class).ok_or("words.toml: too many classes")?;
        words.iter().for_each(|word| lexicon.add(word, bit, lexicon::form::ANY));
    }
    file.openers.number.iter().for_each(|word| lexicon.add_opener(word, lexicon::opener::NUMBER));
    file.openers.days.iter().for_each(|word| lexicon.add_opener(word, lexicon::opener::DAYS));
    Ok(())
}

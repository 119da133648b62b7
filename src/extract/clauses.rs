//! The clause that a thing stands in: the verb that governs it.
//!
//! This is no parse: the nearest verb before the thing in its clause, else the first one behind it, as in "On Friday the clinic said".

use crate::base::token::Shape;
use crate::rules::lexicon::form;
use crate::rules::mention;

use super::reports::Reading;

/// What a thing's clause says of it, by units of its sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    /// The verb that governs it.
    pub verb: Option<usize>,
    /// Whether the verb stands behind it.
    pub verb_follows: bool,
    /// Whether a word for an attack stands between the verb and it: "disclosed the attack of Friday".
    pub has_attack: bool,
}

/// How many units away the verb may stand.
const REACH: usize = 24;

/// Finds the clause of a unit of a sentence.
pub fn of(sentence: usize, unit: usize, reading: &Reading<'_, '_>) -> Clause {
    let finder = Finder { sentence, reading };
    let mut clause = Clause::default();
    let lowest = unit.saturating_sub(REACH);
    let opens = (lowest..unit).rev().find(|&at| {
        clause.has_attack |= finder.is_attack(at);
        clause.verb = finder.is_verb(at).then_some(at);
        clause.verb.is_some() || finder.opens_clause(at)
    });
    if clause.verb.is_none() {
        clause.verb = finder.ahead(unit);
        clause.verb_follows = clause.verb.is_some();
    }
    if clause.verb.is_none() {
        let from = opens.unwrap_or(unit);
        clause.verb = (from.saturating_sub(REACH)..from).rev().find(|&at| finder.is_verb(at));
    }
    clause
}

/// Finds who does what a verb says, as a unit of its sentence: the nearest name before it, or word that stands for one.
pub fn subject(sentence: usize, verb: usize, reading: &Reading<'_, '_>) -> Option<usize> {
    let finder = Finder { sentence, reading };
    let units = &reading.lines[sentence].units;
    let is_somebody = |at: usize| {
        let kinds = mention::TARGET | mention::PERSON | mention::ATTACKER | mention::CROOK;
        units[at].kinds & kinds != 0 || finder.is(at, reading.rules.class.pronoun)
    };
    (verb.saturating_sub(REACH)..verb).rev().take_while(|&at| !units[at].ends_clause).find(|&at| is_somebody(at))
}

/// Verbs in the past that no ending shows to be such; sorted.
const IRREGULAR: [&str; 86] = [
    "ate",
    "beat",
    "became",
    "began",
    "bent",
    "bit",
    "blew",
    "bought",
    "broke",
    "brought",
    "built",
    "burnt",
    "came",
    "caught",
    "chose",
    "clung",
    "cost",
    "crept",
    "dealt",
    "drew",
    "drove",
    "dug",
    "fed",
    "fell",
    "felt",
    "fled",
    "flew",
    "forgot",
    "fought",
    "found",
    "froze",
    "gave",
    "got",
    "grew",
    "heard",
    "held",
    "hid",
    "hung",
    "kept",
    "knew",
    "laid",
    "led",
    "left",
    "lent",
    "lost",
    "made",
    "meant",
    "met",
    "paid",
    "ran",
    "rode",
    "rose",
    "said",
    "sank",
    "sat",
    "saw",
    "sent",
    "shook",
    "shot",
    "slept",
    "slid",
    "sold",
    "sought",
    "spent",
    "spoke",
    "spread",
    "stole",
    "stood",
    "struck",
    "stuck",
    "swept",
    "taught",
    "thought",
    "threw",
    "told",
    "took",
    "understood",
    "undertook",
    "underwent",
    "went",
    "withdrew",
    "withheld",
    "woke",
    "won",
    "wore",
    "wrote",
];

struct Finder<'r, 't> {
    sentence: usize,
    reading: &'r Reading<'r, 't>,
}

impl Finder<'_, '_> {
    fn raw(&self, at: usize) -> &str {
        let piece = self.reading.lines[self.sentence].pieces.get(at);
        piece.map_or("", |piece| self.reading.found.text.tokens[piece.tokens.start].raw)
    }

    fn is(&self, at: usize, classes: u128) -> bool {
        let unit = self.reading.lines[self.sentence].units.get(at);
        unit.is_some_and(|unit| unit.kinds == 0 && unit.classes & classes != 0)
    }

    /// Tells whether a unit is a verb of a clause: in the past, in a report, or behind "to" and the like.
    fn is_verb(&self, at: usize) -> bool {
        let class = &self.reading.rules.class;
        let line = &self.reading.lines[self.sentence];
        let unit = &line.units[at];
        if unit.kinds != 0 {
            return false;
        }
        let described = at > 0 && self.is(at - 1, class.det) || self.raw(at.wrapping_sub(1)) == "'s";
        let token = &self.reading.found.text.tokens[line.pieces[at].tokens.start];
        let title = self.reading.found.text.sentences[self.sentence].title_case;
        if described || token.shape != Shape::Lower && !(title && token.shape == Shape::Capital) {
            return false;
        }
        let led = at > 0 && (self.is(at - 1, class.modal) || self.raw(at - 1) == "to");
        let told = at > 0 && line.units[at - 1].kinds & mention::NAME != 0;
        unit.forms & (form::PAST | form::PARTICIPLE) != 0
            || IRREGULAR.binary_search(&token.raw).is_ok()
            || unit.forms & form::S != 0 && (unit.classes & class.say != 0 || told)
            || unit.forms & form::BASE != 0 && led
            || unit.forms & form::ING != 0 && unit.classes & class.attack == 0
            || token.raw.len() > 4 && token.raw.ends_with("ed") && !matches!(token.raw, "hundred" | "indeed" | "biased")
    }

    /// Tells whether a unit is a noun for an attack.
    fn is_attack(&self, at: usize) -> bool {
        let class = &self.reading.rules.class;
        self.is(at, class.attack) && self.reading.lines[self.sentence].units[at].forms & !(form::BASE | form::S) == 0
    }

    /// Tells whether a unit opens a clause, so that a verb before it governs nothing behind it.
    fn opens_clause(&self, at: usize) -> bool {
        let unit = &self.reading.lines[self.sentence].units[at];
        let words = [
            "that", "which", "who", "whom", "where", "when", "while", "because", "although", "though", "but", "as", "if",
            "since", "whether", "how", "what", ",", ";", ":", "(", "–", "—",
        ];
        unit.kinds == 0 && words.iter().any(|word| self.raw(at).eq_ignore_ascii_case(word))
    }

    /// Finds the first verb behind a unit, past asides.
    fn ahead(&self, unit: usize) -> Option<usize> {
        let line = &self.reading.lines[self.sentence];
        let mut at = unit + 1 + usize::from(self.raw(unit + 1) == ",");
        while at < line.units.len().min(unit + REACH) {
            if self.is_verb(at) {
                return Some(at);
            }
            let aside = usize::from(line.units[at].aside);
            if self.opens_clause(at) && (aside == 0 || self.raw(at) != ",") {
                return None;
            }
            at += aside.max(1);
        }
        None
    }
}

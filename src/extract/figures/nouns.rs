//! The noun that says what a number counts: the head of the phrase behind it, not a word that only describes the head.

use crate::base::token::Shape;
use crate::model::report::Unit;

use super::numbers::{NumberRange, byte_scale};
use super::{Reader, Token};
use crate::rules::lexicon::{Classes, form};

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    pub unit: Unit,
    /// What one of it is worth; other than 1 only for bytes.
    pub scale: f64,
    /// The token after it.
    pub end: usize,
}

/// The furthest that the noun stands behind its number, in tokens.
const REACH: usize = 9;
/// The most words between them that are no nouns of a unit.
const GAP: usize = 6;

impl Reader<'_, '_> {
    /// Reads the noun that says what is counted.
    pub(super) fn noun(&self, range: &NumberRange) -> Option<Noun> {
        let from = range.tokens.end;
        if let Some(scale) = range.bytes {
            return self.bytes(scale, from);
        }
        let dash = usize::from(self.raw(from) == "-");
        if let Some(scale) = byte_scale(self.lower(from + dash)) {
            return self.bytes(scale, from + dash + 1);
        }
        let in_number = self.noun_in_number(range);
        let described = self.raw(range.tokens.start).trim_start_matches(|c: char| !c.is_ascii_alphabetic()).len() >= 4
            && self.raw(range.tokens.start).starts_with(|c: char| c.is_ascii_digit());
        let scale_word =
            ["million", "billion", "thousand", "plus"].iter().any(|word| self.lower(range.tokens.start).ends_with(word));
        // Of "a 900-page document" no more than pages are counted.
        if in_number.is_some() || described && !scale_word { in_number } else { self.head(from, range.value >= 100.0) }
    }

    /// A volume of data, unless it is what a device or a line can hold: "a 32 GB USB stick", "600 GB per second".
    fn bytes(&self, scale: f64, end: usize) -> Option<Noun> {
        let capacity = (end..end + 3).any(|at| {
            matches!(
                self.lower(at),
                "ram"
                    | "memory"
                    | "hard"
                    | "drive"
                    | "drives"
                    | "usb"
                    | "flash"
                    | "ssd"
                    | "thumb"
                    | "disk"
                    | "disks"
                    | "stick"
                    | "second"
                    | "storage"
            )
        });
        let rate = matches!(self.raw(end), "/" | "per");
        (!capacity && !rate).then_some(Noun { unit: Unit::Bytes, scale, end })
    }

    /// Reads the noun in "a 1,000-patient breach", "536,727accounts".
    fn noun_in_number(&self, range: &NumberRange) -> Option<Noun> {
        let raw = self.raw(range.tokens.start);
        let noun = raw.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'));
        let single = range.tokens.len() == 1 && noun.len() < raw.len() && noun.len() >= 4;
        let word = self.rules.lexicon.look_up(&noun.to_lowercase());
        let unit = self.unit_of(word.classes).filter(|_| single)?;
        Some(Noun { unit, scale: 1.0, end: range.tokens.end })
    }

    fn head(&self, from: usize, many: bool) -> Option<Noun> {
        let mut found: Option<Noun> = None;
        let mut gap = 0;
        for at in from..(from + REACH).min(self.sentence.tokens.end) {
            let token = &self.text.tokens[at];
            if let Some(unit) = self.unit(token).or_else(|| self.people_of(at, from, many)) {
                // "20 people file claims": a noun of many is the head, and a verb follows.
                if found.is_some() && self.is_plural(at - 1) && !self.is_plural(at) {
                    break;
                }
                found = Some(Noun { unit: better(found.map(|noun| noun.unit), unit), scale: 1.0, end: at + 1 });
                gap = 0;
                continue;
            }
            let most = if found.is_some() { 2 } else { GAP };
            let headed = found.is_some_and(|noun| self.is_plural(noun.end - 1));
            if headed || gap == most || !self.passes(at, from) {
                break;
            }
            gap += 1;
        }
        // Of "800 customer reports" the head is "reports", which is none that we count.
        found.filter(|noun| self.is_plural(noun.end - 1) || self.may_end(noun.end))
    }

    /// Tells whether a noun of one may still be the head before this token: "1.2 million user details".
    fn may_end(&self, at: usize) -> bool {
        let class = &self.rules.class;
        let Some(token) = self.token(at) else { return true };
        let closed = class.prep | class.conj | class.be | class.have | class.modal | class.pronoun;
        let of_data = matches!(
            self.lower(at),
            "details"
                | "names"
                | "data"
                | "information"
                | "info"
                | "combinations"
                | "combos"
                | "pairs"
                | "sets"
                | "identities"
                | "lists"
                | "list"
                | "ids"
                | "base"
                | "registrations"
        );
        let verb = token.word.forms & (form::PAST | form::PARTICIPLE) != 0 && token.shape == Shape::Lower;
        of_data || verb || token.shape == Shape::Mark && token.raw != "-" || token.word.classes & closed != 0
    }

    /// Tells whether a token may stand between the number and its noun.
    fn passes(&self, at: usize, from: usize) -> bool {
        let class = &self.rules.class;
        let token = &self.text.tokens[at];
        let after_of = at > from && matches!(self.raw(at - 1), "of" | "all");
        if token.shape == Shape::Mark {
            return matches!(token.raw, "-" | "'s" | "’s" | "'" | "’" | "/" | "\"" | "“" | "”") || token.raw == "," && at > from;
        }
        match self.lower(at) {
            "of" | "more" | "other" => return true,
            "or" if self.lower(at + 1) == "more" => return true,
            "the" | "its" | "their" | "his" | "our" | "these" | "those" => return after_of,
            "and" | "or" => return at > from && !self.is(at + 1, class.det | class.pronoun | class.prep | class.modal),
            _ => {}
        }
        let closed = class.prep | class.conj | class.be | class.have | class.modal | class.pronoun | class.det;
        // "US" and "IT" are no pronouns.
        let short_name = token.shape == Shape::Upper && !self.sentence.title_case;
        let closed = if short_name { 0 } else { closed };
        let small = token.shape == Shape::Lower;
        let says = small && token.word.classes & class.say != 0 && (at > from || token.word.forms & !form::BASE != 0);
        token.word.classes & closed == 0 && !says && self.number(at).is_none() && !self.heads(at)
    }

    /// Tells whether a word is itself what is counted, though none of our units: "15 counts", "24 hours".
    fn heads(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return false };
        let small = token.shape == Shape::Lower || self.sentence.title_case && token.shape == Shape::Capital;
        let describes =
            self.token(at + 1).is_some_and(|next| matches!(next.raw, "'s" | "’s" | "'" | "’" | "-") || self.unit(next).is_some());
        let lower = self.lower(at);
        let plural = lower.len() > 3 && lower.ends_with('s') && !lower.ends_with("ss") && !lower.ends_with("ous");
        small && plural && !describes && !matches!(lower, "overseas" | "plus")
    }

    /// Tells whether a noun names many.
    pub(super) fn is_plural(&self, at: usize) -> bool {
        let lower = self.lower(at);
        let irregular = matches!(
            lower,
            "people" | "men" | "women" | "children" | "alumni" | "staff" | "personnel" | "faculty" | "servicemen" | "policemen"
        );
        irregular || lower.ends_with('s') && !lower.ends_with("ss")
    }

    /// Reads a people by its name, "9 million Israelis", and names where they are all that is counted.
    fn people_of(&self, at: usize, from: usize, many: bool) -> Option<Unit> {
        let token = self.token(at).filter(|_| at == from)?;
        let nation = token.shape == Shape::Capital
            && ["ans", "nis", "lis", "qis", "shis"].iter().any(|ending| token.raw.ends_with(ending))
            && token.raw.len() > 5
            && token.raw != "Trojans";
        let followed = self.token(at + 1).is_some_and(|next| next.is_capital() && !self.sentence.title_case);
        (nation && !followed || token.raw == "names" && many).then_some(Unit::People)
    }

    pub(super) fn unit(&self, token: &Token<'_>) -> Option<Unit> {
        self.unit_of(token.word.classes)
    }

    fn unit_of(&self, classes: Classes) -> Option<Unit> {
        let class = &self.rules.class;
        let units = [
            (class.card, Unit::Cards),
            (class.people, Unit::People),
            (class.file_thing, Unit::Files),
            (class.record_thing, Unit::Records),
            (class.system_thing, Unit::Systems),
        ];
        units.into_iter().find(|(class, _)| classes & class != 0).map(|(_, unit)| unit)
    }
}

/// Of two nouns in one phrase, the one that says what is counted: cards win, a later noun replaces an earlier one.
fn better(found: Option<Unit>, unit: Unit) -> Unit {
    match (found, unit) {
        (Some(Unit::Cards), _) | (_, Unit::Cards) => Unit::Cards,
        (_, unit) => unit,
    }
}

//! What a date is the date of, by the words around it: of the event, of its disclosure, of its discovery, or of something else.

use crate::extract::clauses::{self, Clause};
use crate::extract::days::{Days, Style};
use crate::extract::reports::Reading;
use crate::rules::lexicon::form;
use crate::rules::mention;

/// What words make a date the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Of {
    Event,
    /// Both at once: what was leaked or posted happened in public.
    Public,
    Disclosure,
    Discovery,
    Nothing,
}

impl Of {
    pub(super) fn word(self) -> &'static str {
        match self {
            Of::Event => "event",
            Of::Public => "public",
            Of::Disclosure => "disclosure",
            Of::Discovery => "discovery",
            Of::Nothing => "nothing",
        }
    }
}

/// What is known of a date before it is offered to anybody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    /// The unit of its sentence that it is.
    pub unit: usize,
    /// What the nearest telling word makes of it.
    pub nearest: Of,
    /// How sure that is, 0 to 1.
    pub strength: f32,
    /// The clause that it stands in.
    pub clause: Clause,
    /// What the verb of that clause makes of it; nothing where there is no verb.
    pub governed: Of,
    /// Who does what the verb says, as a unit of the sentence.
    pub subject: Option<usize>,
    /// Whether it stands right before a word for an attack: "the 2014 breach".
    pub modifies_attack: bool,
    /// Whether it only bounds something, as after "until" and "by".
    pub bounds_only: bool,
}

impl Meaning {
    /// Says what it most likely is the date of: what its verb says, else the nearest word.
    pub(super) fn kind(&self) -> Of {
        if self.modifies_attack || self.governed == Of::Nothing { self.nearest } else { self.governed }
    }

    /// Reads the words around a date; None if the date is no unit of its sentence.
    pub(super) fn of(days: &Days, reading: &Reading<'_, '_>) -> Option<Meaning> {
        let line = &reading.lines[days.sentence];
        let unit = line.pieces.iter().position(|piece| piece.tokens.contains(&days.tokens.start))?;
        let modifies_attack = modifies_attack(unit, days.sentence, reading);
        let signs = signs_message(days, reading);
        let (nearest, strength) = match (modifies_attack, signs) {
            (true, _) => (Of::Event, 1.0),
            (_, true) => (Of::Disclosure, 1.0),
            _ => nearest(days, unit, reading),
        };
        let clause = clauses::of(days.sentence, unit, reading);
        let governed = match clause.verb {
            _ if signs => Of::Disclosure,
            Some(verb) => said_by(verb, days.sentence, reading).map_or(Of::Nothing, |(of, _)| of),
            None => Of::Nothing,
        };
        let subject = clause.verb.and_then(|verb| clauses::subject(days.sentence, verb, reading));
        let bounds_only = bounds_only(days, reading);
        Some(Meaning { unit, nearest, strength, clause, governed, subject, modifies_attack, bounds_only })
    }
}

/// Tells whether a date signs a message: "— Name (@name) October 31, 2023".
fn signs_message(days: &Days, reading: &Reading<'_, '_>) -> bool {
    const REACH: usize = 5;
    let start = days.tokens.start;
    let before = &reading.found.text.tokens[start.saturating_sub(REACH)..start];
    days.style == Style::Date
        && before.last().is_some_and(|token| token.raw == ")")
        && before.iter().any(|token| token.raw.starts_with('@'))
}

/// Tells whether a date only bounds something, as after "until" and "by".
fn bounds_only(days: &Days, reading: &Reading<'_, '_>) -> bool {
    let start = days.tokens.start;
    let first = reading.found.text.sentences[days.sentence].tokens.start;
    let before = &reading.found.text.tokens[first..start];
    before.last().is_some_and(|token| matches!(token.raw, "until" | "by" | "before" | "till" | "Until" | "By"))
}

/// Tells whether a date stands right before a word for an attack: "a November ransomware attack", "the 2014 breach".
fn modifies_attack(unit: usize, sentence: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let units = &reading.lines[sentence].units;
    for unit in units.iter().skip(unit + 1).take(4) {
        if unit.kinds == 0 && unit.classes & class.attack != 0 && unit.forms & !1 == 0 {
            return true;
        }
        if unit.kinds != 0 || unit.classes & class.event_modifier == 0 {
            return false;
        }
    }
    false
}

/// Says what the telling word nearest to a date makes of it, and how sure that is.
fn nearest(days: &Days, unit: usize, reading: &Reading<'_, '_>) -> (Of, f32) {
    let line = &reading.lines[days.sentence];
    let mut best = (Of::Nothing, f32::MAX);
    for at in 0..line.units.len() {
        let Some((of, is_noun)) = said_by(at, days.sentence, reading) else { continue };
        // A verb before the date governs it more often than one behind.
        let distance = if at < unit { (unit - at) as f32 } else { (at - unit) as f32 * 1.25 };
        let crossed = (at.min(unit)..at.max(unit)).filter(|&at| line.joints.get(at) == Some(&2)).count() as f32;
        // A noun for an attack is told of by a verb that stands further off: "disclosed the attack on Friday".
        let total = distance + 4.0 * crossed + if is_noun { 4.0 } else { 0.0 };
        if total < best.1 {
            best = (of, total);
        }
    }
    let style = match days.style {
        Style::Date | Style::Span => 1.0,
        Style::Month => 0.9,
        Style::Weekday | Style::Relative => 0.8,
        Style::Year => 0.6,
    };
    (best.0, style / (1.0 + best.1 / 10.0))
}

/// Says what a word makes the dates beside it dates of, and whether it is a noun for an attack.
fn said_by(at: usize, sentence: usize, reading: &Reading<'_, '_>) -> Option<(Of, bool)> {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let unit = &line.units[at];
    if unit.kinds & !mention::DATA != 0 {
        return None;
    }
    let word = reading.word(line, at);
    let is_noun = unit.forms & !form::BASE == 0 && unit.classes & class.attack != 0;
    let of = if OTHER_WORDS.contains(&word) {
        Of::Nothing
    } else if PUBLIC_WORDS.contains(&word) {
        let by_attacker = line.units[..at].iter().any(|unit| unit.kinds & (mention::ATTACKER | mention::CROOK) != 0);
        if by_attacker { Of::Public } else { Of::Disclosure }
    } else if DISCOVERY_WORDS.contains(&word)
        || unit.classes & class.discover != 0 && unit.classes & class.disclose == 0 && unit.forms != 0
    {
        Of::Discovery
    } else if unit.classes & (class.disclose | class.say) != 0 && unit.forms != 0 || DISCLOSURE_WORDS.contains(&word) {
        Of::Disclosure
    } else if unit.classes & (class.hack | class.steal | class.disrupt | class.encrypt | class.suffer | class.attack) != 0
        || EVENT_WORDS.contains(&word)
    {
        Of::Event
    } else {
        return None;
    };
    Some((of, is_noun))
}

/// Words whose dates are of something else.
const OTHER_WORDS: [&str; 12] = [
    "arrested",
    "charged",
    "sentenced",
    "founded",
    "acquired",
    "patched",
    "fixed",
    "settled",
    "agreed",
    "restored",
    "resumed",
    "updated",
];
/// Words for making something public: a disclosure, and the event itself where attackers do it.
const PUBLIC_WORDS: [&str; 7] = ["posted", "published", "leaked", "dumped", "released", "listed", "uploaded"];
/// Words for coming to know of it, beside the verbs of discovery.
const DISCOVERY_WORDS: [&str; 4] = ["aware", "alerted", "discovery", "suspicious"];
const DISCLOSURE_WORDS: [&str; 8] =
    ["statement", "announcement", "filing", "disclosure", "notice", "notification", "letter", "letters"];
const EVENT_WORDS: [&str; 15] = [
    "occurred", "happened", "began", "started", "place", "hit", "came", "went", "between", "since", "took", "broke", "gained",
    "used", "stayed",
];

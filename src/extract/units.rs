//! A sentence as the rules see it: mentions where there are any, single tokens elsewhere.

use std::ops::Range;

use crate::base::token::Shape;
use crate::rules::Rules;
use crate::rules::lexicon::{Classes, WordId, form};
use crate::rules::mention;
use crate::rules::pattern::Unit;

use super::entities::{Entities, EntityId};
use super::lists;
use super::names::{Name, NameSort};
use super::text::{Sentence, Text, Token};
use super::{days::Days, figures::Count};

/// Everything that was found in an article before the rules are asked.
#[derive(Debug)]
pub struct Found<'t> {
    /// Its tokens and sentences.
    pub text: Text<'t>,
    /// Its names, in order.
    pub names: Vec<Name>,
    /// What the names stand for.
    pub entities: Entities,
    /// Its counts, in order.
    pub counts: Vec<Count>,
    /// Its days, in order.
    pub days: Vec<Days>,
}

/// What one unit of a line stands for.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its tokens, by number in the text.
    pub tokens: Range<usize>,
    /// What it is about.
    pub what: What,
}

/// What a piece of a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A token that is no part of a mention.
    Token,
    /// An entity, or something of its own: "Sega", "Sega's network".
    Entity(EntityId),
    /// "the company", "its network": somebody named before.
    Definite,
    /// Attackers that no name identifies.
    Crooks,
    /// A count, by number.
    Count(usize),
    /// Days, by number.
    Days(usize),
}

/// A joint of two units: "and".
pub const JOINT_AND: u8 = 1;
/// A joint of two units: a comma.
pub const JOINT_COMMA: u8 = 2;

/// A sentence as units, with what each stands for.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What patterns look at.
    pub units: Vec<Unit>,
    /// What each unit stands for.
    pub pieces: Vec<Piece>,
    /// For each unit, how it joins its neighbours: [`JOINT_AND`], [`JOINT_COMMA`], or 0: not at all.
    pub joints: Vec<u8>,
    /// The names that stand side by side, list by list.
    pub lists: Vec<Vec<usize>>,
    classes: Classes,
    kinds: u32,
    words: [u64; 4],
}

impl Line {
    /// Reads a sentence as units.
    pub fn read(number: usize, found: &Found<'_>, rules: &Rules) -> Line {
        let sentence = &found.text.sentences[number];
        let most = sentence.tokens.len();
        let line = Line { units: Vec::with_capacity(most), pieces: Vec::with_capacity(most), ..Line::default() };
        let mut builder = Builder { found, rules, sentence, line };
        builder.pieces(number);
        builder.owners();
        builder.modifiers();
        builder.finish();
        builder.line
    }

    /// Returns the union of the word classes in it.
    pub fn classes(&self) -> Classes {
        self.classes
    }

    /// Returns the union of the mention kinds in it.
    pub fn kinds(&self) -> u32 {
        self.kinds
    }

    /// Tells whether a word may be in it; never wrongly no.
    pub fn may_hold(&self, word: WordId) -> bool {
        self.words[(word as usize >> 6) & 3] & (1 << (word & 63)) != 0
    }

    /// Returns the units that stand side by side with one, itself among them, in order; none where it stands alone.
    pub fn list_of(&self, unit: usize) -> &[usize] {
        self.lists.iter().find(|list| list.contains(&unit)).map_or(&[], Vec::as_slice)
    }

    fn push(&mut self, unit: Unit, tokens: Range<usize>, what: What) {
        self.units.push(unit);
        self.pieces.push(Piece { tokens, what });
    }

    /// Makes one unit of the units `range`; it takes its look from the unit `keep`.
    fn merge(&mut self, range: Range<usize>, keep: usize) {
        let tokens = self.pieces[range.start].tokens.start..self.pieces[range.end - 1].tokens.end;
        let (unit, what) = (self.units[keep], self.pieces[keep].what);
        self.units.splice(range.clone(), [unit]);
        self.pieces.splice(range, [Piece { tokens, what }]);
    }
}

/// What a body may be to another: of "the Apple supplier Quanta", Quanta is meant.
const RELATIVES: [&str; 9] =
    ["client", "contractor", "customer", "division", "partner", "provider", "subsidiary", "supplier", "vendor"];

struct Builder<'b, 't> {
    found: &'b Found<'t>,
    rules: &'b Rules,
    sentence: &'b Sentence,
    line: Line,
}

impl Builder<'_, '_> {
    fn token(&self, at: usize) -> &Token<'_> {
        &self.found.text.tokens[at]
    }

    /// Lays out the mentions and, between them, the tokens.
    fn pieces(&mut self, number: usize) {
        let found = self.found;
        let mut names = of_sentence(&found.names, number, |name| name.sentence);
        let mut counts = of_sentence(&found.counts, number, |count| count.sentence);
        let mut days = of_sentence(&found.days, number, |days| days.sentence);
        let mut at = self.sentence.tokens.start;
        while at < self.sentence.tokens.end {
            skip_to(&mut names, at, |n| found.names[n].tokens.start);
            skip_to(&mut counts, at, |n| found.counts[n].tokens.start);
            skip_to(&mut days, at, |n| found.days[n].tokens.start);
            let end = if !days.is_empty() && found.days[days.start].tokens.start == at {
                let tokens = found.days[days.start].tokens.clone();
                self.line.push(mention_unit(mention::DAYS), tokens.clone(), What::Days(days.start));
                tokens.end
            } else if !counts.is_empty() && found.counts[counts.start].tokens.start == at {
                let tokens = found.counts[counts.start].tokens.clone();
                self.line.push(mention_unit(mention::COUNT), tokens.clone(), What::Count(counts.start));
                tokens.end
            } else if !names.is_empty() && found.names[names.start].tokens.start == at {
                self.name(names.start)
            } else {
                self.other(at)
            };
            at = end.max(at + 1);
        }
    }

    fn name(&mut self, number: usize) -> usize {
        let name = &self.found.names[number];
        let entity = self.found.entities.of_name[number];
        let sort = match (name.sort, self.found.entities.all[entity].sort) {
            (NameSort::Body, sort) => sort,
            (sort, _) => sort,
        };
        let kinds = mention::NAME
            | match sort {
                NameSort::Body | NameSort::Product | NameSort::Place | NameSort::Described => mention::TARGET,
                NameSort::Observer(_) => mention::TARGET | mention::OBSERVER,
                NameSort::Person => mention::PERSON,
                NameSort::Attacker => mention::ATTACKER,
                NameSort::Malware => mention::MALWARE,
                NameSort::Nationality => 0,
            };
        let kinds = if sort == NameSort::Place { kinds | mention::PLACE } else { kinds };
        let mut unit = mention_unit(kinds);
        unit.describes = matches!(sort, NameSort::Nationality | NameSort::Place);
        self.line.push(unit, name.tokens.clone(), What::Entity(entity));
        name.tokens.end
    }

    /// Lays out a token that begins no name: a data phrase, or itself.
    fn other(&mut self, at: usize) -> usize {
        let tokens = &self.found.text.tokens[at..self.sentence.tokens.end];
        if let Some((length, Some(_), _)) = self.rules.data.longest(tokens.iter().map(|token| token.word.id)) {
            let mut unit = mention_unit(mention::DATA);
            unit.classes = tokens[length - 1].word.classes;
            self.line.push(unit, at..at + length, What::Token);
            return at + length;
        }
        let token = &tokens[0];
        let class = &self.rules.class;
        let classes = token.word.classes;
        let word_like = token.shape != Shape::Mark || token.raw == "-";
        let closed = class.prep
            | class.conj
            | class.pronoun
            | class.be
            | class.have
            | class.modal
            | class.not
            | class.attack
            | class.crook;
        let verb = self.is_verb(at);
        self.line.push(
            Unit {
                word: token.word.id,
                classes,
                forms: token.word.forms,
                kinds: 0,
                describes: word_like && classes & closed == 0 && !verb,
                ends_clause: matches!(token.raw, "." | ";" | ":" | "!" | "?" | "…"),
                is_name: false,
                aside: 0,
            },
            at..at + 1,
            What::Token,
        );
        at + 1
    }

    /// Tells whether a token is better taken as a verb than as a word that describes what follows.
    fn is_verb(&self, at: usize) -> bool {
        let class = &self.rules.class;
        let token = self.token(at);
        let noun =
            token.word.classes & (class.asset | class.event_modifier | class.company | class.people | class.crook_modifier) != 0;
        if token.word.forms != 0 {
            return !noun || token.word.forms & (form::PAST | form::PARTICIPLE | form::ING) != 0;
        }
        let before_name = self.found.text.tokens.get(at + 1).is_some_and(Token::is_capital);
        token.shape == Shape::Lower
            && !token.raw.contains('-')
            && (token.raw.ends_with("ed") || before_name && token.raw.ends_with("ing"))
    }

    /// Joins attackers with the words around them, and what is somebody's with its owner.
    fn owners(&mut self) {
        let mut at = 0;
        while at < self.line.units.len() {
            if !self.crook(at) && !self.insider(at) && !self.definite(at) {
                self.owned(at);
            }
            at += 1;
        }
        let mut at = self.line.units.len();
        while at > 0 {
            at -= 1;
            self.asset_of(at);
        }
    }

    fn is(&self, at: usize, class: Classes) -> bool {
        self.line.units.get(at).is_some_and(|unit| (unit.kinds == 0 || unit.kinds == mention::DATA) && unit.classes & class != 0)
    }

    fn kind(&self, at: usize, kind: u32) -> bool {
        self.line.units.get(at).is_some_and(|unit| unit.kinds & kind != 0)
    }

    fn raw(&self, at: usize) -> &str {
        self.line.pieces.get(at).map_or("", |piece| self.token(piece.tokens.start).raw)
    }

    /// Makes one attacker of "the Chinese hackers", "the LockBit ransomware gang", "threat actors"; returns whether it did.
    fn crook(&mut self, at: usize) -> bool {
        let class = &self.rules.class;
        let strong = self.is(at, class.crook);
        if !strong && !self.is(at, class.crook_weak)
            || self.is(at + 1, class.crook | class.crook_weak) && self.line.units[at + 1].forms == 0
        {
            return false;
        }
        let mut start = at;
        let (mut named, mut telling, mut modified, mut state) = (None, false, false, false);
        while start > 0 {
            let before = start - 1;
            if self.kind(before, mention::ATTACKER | mention::MALWARE)
                || self.line.units[before].kinds == mention::NAME | mention::TARGET && self.names_group(before, at)
            {
                named = named.or(Some(before));
            } else if self.is(before, class.state_modifier) {
                (state, telling) = (true, true);
            } else if self.is(before, class.crook_modifier | class.crook) {
                modified = true;
                telling |= self.is(before, class.telling_modifier);
            } else if self.kind(before, mention::NAME) && self.line.units[before].describes || self.is_telling(before) {
                telling = true;
            } else if !(self.line.units[before].kinds == 0 && self.line.units[before].describes && self.raw(before) != "'s") {
                break;
            }
            start = before;
            if self.is(before, class.det) {
                break;
            }
        }
        let end = self.crooks_of_place(at + 1);
        telling |= end > at + 1;
        let the = self.is(start, class.the);
        let bare = the && at == start + 1;
        let known = strong || named.is_some() || modified || state || telling && the || bare;
        if !known {
            return false;
        }
        let what = match named {
            Some(unit) => self.line.pieces[unit].what,
            None => What::Crooks,
        };
        let called = named.is_none() && self.kind(end, mention::ATTACKER);
        let what = if called { self.line.pieces[end].what } else { what };
        let kinds = if named.is_some() || called || telling { mention::ATTACKER | mention::CROOK } else { mention::CROOK };
        self.line.merge(start..end + usize::from(called), at);
        self.line.units[start] = mention_unit(kinds);
        self.line.pieces[start].what = what;
        true
    }

    /// Tells whether a word narrows down who the attackers are: "former", "state-backed", "Ukrainian-based", "17-year-old".
    fn is_telling(&self, at: usize) -> bool {
        const ENDINGS: [&str; 9] =
            ["-aligned", "-backed", "-based", "-born", "-led", "-linked", "-nexus", "-sponsored", "-year-old"];
        let word = self.raw(at);
        self.is(at, self.rules.class.telling_modifier)
            || self.line.units[at].kinds == 0 && ENDINGS.iter().any(|ending| word.ends_with(ending))
    }

    /// Returns the unit behind the words that say where attackers are from, which begin at `at`: "hackers in China", "hackers linked to
    /// Iran", "a group based in Vietnam"; `at` itself where there are none.
    fn crooks_of_place(&self, at: usize) -> usize {
        let place = match (self.raw(at), self.raw(at + 1)) {
            ("in" | "from", _) => at + 1,
            ("based" | "located" | "operating" | "working", "in" | "out" | "for" | "from")
            | ("linked" | "tied" | "connected" | "loyal", "to")
            | ("backed" | "sponsored" | "supported" | "hired", "by")
            | ("affiliated" | "aligned", "with") => at + 2,
            _ => return at,
        };
        let place = place + usize::from(self.raw(place) == "of");
        let is_place = self.kind(place, mention::PLACE) && !self.is_possessive(place + 1);
        if is_place { place + 1 } else { at }
    }

    /// Tells whether a name right before a word for attackers is the attackers' own: "the Everest ransomware gang".
    fn names_group(&self, at: usize, noun: usize) -> bool {
        let class = &self.rules.class;
        let said = (at + 1..=noun).any(|at| self.is(at, class.crook_modifier)) || self.raw(noun).eq_ignore_ascii_case("gang");
        let owner = self.raw(at + 1) == "'s" || self.raw(at + 1) == "’s";
        said && !owner
    }

    /// Makes an attacker of "a former employee", "a disgruntled contractor".
    fn insider(&mut self, at: usize) -> bool {
        let class = &self.rules.class;
        if !self.is(at, class.insider) {
            return false;
        }
        let mut start = at;
        let mut telling = false;
        while start > 0 && (self.line.units[start - 1].describes || self.kind(start - 1, mention::TARGET)) && at - start < 6 {
            start -= 1;
            telling |= self.is_telling(start);
            if self.is(start, class.det) {
                break;
            }
        }
        if !telling {
            return false;
        }
        self.line.merge(start..at + 1, at);
        self.line.units[start] = mention_unit(mention::ATTACKER);
        self.line.pieces[start].what = What::Crooks;
        true
    }

    /// Makes a mention of "the company", "the Ohio-based retailer", and of "its network".
    fn definite(&mut self, at: usize) -> bool {
        let class = &self.rules.class;
        if !self.is(at, class.the) {
            return false;
        }
        let its = matches!(self.raw(at), "its" | "Its" | "their" | "Their" | "our" | "Our");
        let mut head = at + 1;
        while head < self.line.units.len().min(at + 5) {
            let wanted = if its { class.asset } else { class.company };
            if self.is(head, wanted) && !self.is(head + 1, wanted | class.asset | class.company) {
                break;
            }
            if !self.line.units[head].describes || self.line.units[head].kinds & mention::TARGET != 0 {
                return false;
            }
            head += 1;
        }
        if !self.is(head, if its { class.asset } else { class.company })
            || self.is(head + 1, class.company)
            || self.kind(head + 1, mention::TARGET)
        {
            return false;
        }
        self.line.merge(at..head + 1, head);
        self.line.units[at] = mention_unit(mention::TARGET);
        self.line.pieces[at].what = What::Definite;
        self.owned(at);
        true
    }

    /// Joins "Sega's public network", "Yahoo accounts".
    fn owned(&mut self, at: usize) {
        if !self.kind(at, mention::TARGET | mention::PERSON) {
            return;
        }
        let class = &self.rules.class;
        let possessive = self.is_possessive(at + 1);
        let mut last = None;
        let mut next = at + 1 + usize::from(possessive);
        let most = next + if possessive { 5 } else { 3 };
        while next < self.line.units.len().min(most) {
            if self.is(next, class.asset) {
                last = Some(next);
            } else if last.is_some()
                || !self.line.units[next].describes
                || self.is(next, class.det)
                || !possessive && !self.is(next, class.event_modifier)
            {
                break;
            }
            next += 1;
        }
        let Some(last) = last else { return };
        if RELATIVES.contains(&self.raw(last)) && self.kind(last + 1, mention::TARGET) {
            self.line.merge(at..last + 2, last + 1);
            return;
        }
        let unit = self.line.units[at];
        self.line.merge(at..last + 1, at);
        self.line.units[at] = Unit { kinds: unit.kinds & !mention::PERSON | mention::TARGET, describes: false, ..unit };
    }

    fn is_possessive(&self, at: usize) -> bool {
        matches!(self.raw(at), "'s" | "’s" | "'" | "’")
    }

    /// Joins "the public website of the CIA", "customers of Citibank", "servers at Acme".
    fn asset_of(&mut self, at: usize) {
        let class = &self.rules.class;
        if !self.is(at, class.asset) && self.line.pieces[at].what != What::Definite {
            return;
        }
        let mut next = at + 1;
        match (self.raw(next), self.raw(next + 1)) {
            ("belonging", "to") | ("owned" | "operated" | "run" | "used" | "held" | "maintained", "by") => next += 2,
            ("of" | "at", _) => next += 1,
            _ => return,
        }
        let mut skipped = 0;
        while skipped < 4 && self.line.units.get(next).is_some_and(|unit| unit.kinds == 0 && unit.describes) {
            next += 1;
            skipped += 1;
        }
        if !self.kind(next, mention::TARGET) {
            return;
        }
        self.line.merge(at..next + 1, next);
    }

    /// Takes the words that describe a target into it: "banking giant Citibank", "the U.S. Senate".
    fn modifiers(&mut self) {
        let mut at = self.line.units.len();
        while at > 0 {
            at -= 1;
            if !self.kind(at, mention::TARGET) {
                continue;
            }
            let mut start = at;
            while start > 0 && at - start < 6 && self.line.units[start - 1].describes && self.raw(start - 1) != "-" {
                start -= 1;
                if self.is(start, self.rules.class.det) {
                    break;
                }
            }
            if start < at {
                self.line.merge(start..at + 1, at);
                at = start;
            }
        }
    }

    /// Marks the asides and sums up what is in the line.
    fn finish(&mut self) {
        for at in 0..self.line.units.len() {
            self.line.units[at].aside = self.aside(at);
        }
        self.line.joints = (0..self.line.units.len())
            .map(|at| match self.raw(at) {
                "and" | "And" | "&" | "or" | "plus" => JOINT_AND,
                "," => JOINT_COMMA,
                _ => 0,
            })
            .collect();
        for unit in &self.line.units {
            self.line.kinds |= unit.kinds;
            if unit.kinds == 0 {
                self.line.classes |= unit.classes;
                self.line.words[(unit.word as usize >> 6) & 3] |= 1 << (unit.word & 63);
            }
        }
        self.line.lists = lists::find(&self.line, self.rules);
    }

    /// Returns the length of the aside that begins here: "(NYSE: X)", ", which owns Y,".
    fn aside(&self, at: usize) -> u16 {
        const LONGEST: usize = 24;
        let closing = match self.raw(at) {
            "(" => ")",
            "," => ",",
            "-" | "–" | "—" => self.raw(at),
            _ => return 0,
        };
        let units = &self.line.units;
        let end = (at + 2..units.len().min(at + LONGEST)).find(|&end| self.raw(end) == closing);
        end.map_or(0, |end| (end + 1 - at) as u16)
    }
}

fn mention_unit(kinds: u32) -> Unit {
    Unit { kinds, is_name: kinds & (mention::TARGET | mention::PERSON) != 0, ..Unit::default() }
}

/// Returns the numbers of the items of one sentence, in a list ordered by sentence.
fn of_sentence<T>(items: &[T], number: usize, sentence: impl Fn(&T) -> usize) -> Range<usize> {
    let start = items.partition_point(|item| sentence(item) < number);
    let end = items.partition_point(|item| sentence(item) <= number);
    start..end
}

fn skip_to(range: &mut Range<usize>, at: usize, start: impl Fn(usize) -> usize) {
    while range.start < range.end && start(range.start) < at {
        range.start += 1;
    }
}

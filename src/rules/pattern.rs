//! The pattern language of the rules: sequences over the tokens and mentions of one sentence.
//!
//! | written | matches |
//! | --- | --- |
//! | `stolen` | that word, however it is written large or small |
//! | `@said` | a word of the class `said` of `words.toml` |
//! | `@hack.en` | a word of the class in that verb form (`base s ed en ing finite`) |
//! | `<org>` | a mention of that kind; `v:<org>` captures it under the name `v` |
//! | `(was\|were\|had been)` | any of these sequences |
//! | `x?` | the element or nothing |
//! | `~4` | up to four words that describe what follows: no verb, preposition, mention or punctuation |
//! | `..4` | up to four tokens or mentions, but no name and not the end of a clause |
//! | `...4` | the same, names too |
//! | `,` `:` `(` `)` `'s` `-` | that mark (the parenthesis written as `lparen`, `rparen`) |
//! | `^` `$` | the beginning or the end of the sentence |
//!
//! A comma-bounded or bracketed aside after a mention may always be passed over.

use super::index::Wanted;
use super::lexicon::{Classes, Lexicon, WordId, form};

/// What can stand where a token stands: a token, or a mention that covers several.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unit {
    /// The word, of a token.
    pub word: WordId,
    /// Its classes, of a token.
    pub classes: Classes,
    /// Its verb forms, of a token.
    pub forms: u8,
    /// The kinds of the mention, one bit each; 0 for a token.
    pub kinds: u32,
    /// Whether `~` may pass over it.
    pub describes: bool,
    /// Whether gaps stop before it.
    pub ends_clause: bool,
    /// Whether it names a body or person, so that `..` stops before it.
    pub is_name: bool,
    /// If an aside begins here, the number of units it takes; else 0.
    pub aside: u16,
}

/// One step of a compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Word(WordId),
    Class {
        bit: Classes,
        forms: u8,
    },
    Mention {
        kinds: u32,
        capture: Option<u8>,
    },
    /// Goes on at the next step or at the other.
    Fork(usize),
    Jump(usize),
    Describing(u8),
    Nameless(u8),
    Anything(u8),
    Begin,
    End,
    Done,
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    steps: Vec<Step>,
    /// The names of the captures, by number.
    pub captures: Vec<String>,
    needs_classes: Vec<Classes>,
    needs_kinds: Vec<u32>,
    needs_words: Vec<WordId>,
}

/// Where a pattern matched: units `start..end`, and the unit that each capture stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The first unit.
    pub start: usize,
    /// Just after the last unit.
    pub end: usize,
    /// The captured unit, by number of the capture.
    pub captures: [Option<u16>; MOST_CAPTURES],
}

/// The most captures that one pattern may have.
pub const MOST_CAPTURES: usize = 4;

/// The most steps that one attempt may take; a pattern that needs more on real text is written wrongly.
const MOST_STEPS: usize = 4000;

impl Pattern {
    /// Reads a pattern. `kinds` gives the bit of a mention kind; the error says what is wrong with which word.
    pub fn parse(source: &str, lexicon: &mut Lexicon, kinds: &dyn Fn(&str) -> Option<u32>) -> Result<Pattern, String> {
        let mut reader = Reader {
            words: split(source),
            at: 0,
            lexicon,
            kinds,
            pattern: Pattern {
                steps: Vec::new(),
                captures: Vec::new(),
                needs_classes: Vec::new(),
                needs_kinds: Vec::new(),
                needs_words: Vec::new(),
            },
        };
        reader.sequence(false)?;
        if reader.at < reader.words.len() {
            return Err(format!("`{}` closes nothing", reader.words[reader.at]));
        }
        let mut pattern = reader.pattern;
        pattern.steps.push(Step::Done);
        pattern.find_needs();
        Ok(pattern)
    }

    /// Tells whether a sentence holding all this could match at all: `words` answers whether a word is in it.
    pub fn may_match(&self, classes: Classes, kinds: u32, words: &dyn Fn(WordId) -> bool) -> bool {
        self.needs_classes.iter().all(|bit| classes & bit != 0)
            && self.needs_kinds.iter().all(|bits| kinds & bits != 0)
            && self.needs_words.iter().all(|word| words(*word))
    }

    /// Returns the match that starts at this unit, longest gaps last.
    pub fn match_at(&self, units: &[Unit], start: usize) -> Option<Match> {
        let mut run = Run { pattern: self, units, captures: [None; MOST_CAPTURES], budget: MOST_STEPS };
        let end = run.go(0, start)?;
        Some(Match { start, end, captures: run.captures })
    }

    /// Returns the number of the capture of that name.
    pub fn capture(&self, name: &str) -> Option<usize> {
        self.captures.iter().position(|known| known == name)
    }

    /// Notes what every match must hold: the steps that no fork passes over.
    fn find_needs(&mut self) {
        let mut sure_from = 0;
        for (at, step) in self.steps.iter().enumerate() {
            if let Step::Fork(to) | Step::Jump(to) = step {
                sure_from = sure_from.max(*to);
            }
            if at < sure_from {
                continue;
            }
            match step {
                Step::Word(word) => self.needs_words.push(*word),
                Step::Class { bit, .. } => self.needs_classes.push(*bit),
                Step::Mention { kinds, .. } => self.needs_kinds.push(*kinds),
                _ => {}
            }
        }
    }
}

impl Pattern {
    /// Lists what the first unit of a match may be, and what the second.
    pub fn opening(&self) -> (Vec<Wanted>, Vec<Wanted>) {
        let (firsts, behind) = self.nexts(vec![0]);
        (firsts, self.nexts(behind).0)
    }

    /// Lists what the next unit of a match may be that has come to one of these steps, and the steps that it comes to behind that unit.
    fn nexts(&self, mut open: Vec<usize>) -> (Vec<Wanted>, Vec<usize>) {
        let (mut nexts, mut behind) = (Vec::new(), Vec::new());
        let mut seen = vec![false; self.steps.len()];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let next = match &self.steps[at] {
                Step::Word(word) => Wanted::Word(*word),
                Step::Class { bit, forms } => Wanted::Class(*bit, *forms),
                Step::Mention { kinds, .. } => Wanted::Mention(*kinds),
                Step::Fork(other) => {
                    open.extend([at + 1, *other]);
                    continue;
                }
                Step::Jump(to) => {
                    open.push(*to);
                    continue;
                }
                Step::Begin => {
                    open.push(at + 1);
                    continue;
                }
                Step::Done | Step::Describing(_) | Step::Nameless(_) | Step::Anything(_) | Step::End => {
                    return (vec![Wanted::Anything], vec![at]);
                }
            };
            nexts.push(next);
            behind.push(at + 1);
        }
        (nexts, behind)
    }
}

struct Run<'r> {
    pattern: &'r Pattern,
    units: &'r [Unit],
    captures: [Option<u16>; MOST_CAPTURES],
    budget: usize,
}

impl Run<'_> {
    /// Returns the end of a match of the steps from `step` on against the units from `at` on.
    fn go(&mut self, mut step: usize, mut at: usize) -> Option<usize> {
        let units = self.units;
        loop {
            self.budget = self.budget.checked_sub(1)?;
            match &self.pattern.steps[step] {
                Step::Done => return Some(at),
                Step::Word(word) => {
                    units.get(at).filter(|unit| unit.kinds == 0 && unit.word == *word)?;
                    at += 1;
                }
                Step::Class { bit, forms } => {
                    let takes = |unit: &&Unit| unit.classes & bit != 0 && (*forms == form::ANY || unit.forms & forms != 0);
                    units.get(at).filter(|unit| unit.kinds == 0).filter(takes)?;
                    at += 1;
                }
                Step::Mention { kinds, capture } => {
                    units.get(at).filter(|unit| unit.kinds & kinds != 0)?;
                    return self.mention(step, at, *capture);
                }
                Step::Fork(other) => match self.go(step + 1, at) {
                    Some(end) => return Some(end),
                    None => {
                        step = *other;
                        continue;
                    }
                },
                Step::Jump(to) => {
                    step = *to;
                    continue;
                }
                Step::Describing(most) => return self.gap(step, at, *most, |unit| unit.describes),
                Step::Nameless(most) => return self.gap(step, at, *most, |unit| !unit.ends_clause && !unit.is_name),
                Step::Anything(most) => return self.gap(step, at, *most, |unit| !unit.ends_clause),
                Step::Begin if at == 0 => {}
                Step::End if units[at.min(units.len())..].iter().all(|unit| unit.ends_clause) => {}
                Step::Begin | Step::End => return None,
            }
            step += 1;
        }
    }

    /// Goes on behind a mention, or behind the aside that follows it.
    fn mention(&mut self, step: usize, at: usize, capture: Option<u8>) -> Option<usize> {
        let before = self.captures;
        if let Some(number) = capture {
            self.captures[usize::from(number)] = Some(at as u16);
        }
        let end = self.go(step + 1, at + 1).or_else(|| self.pass_aside(step + 1, at + 1));
        if end.is_none() {
            self.captures = before;
        }
        end
    }

    fn gap(&mut self, step: usize, at: usize, most: u8, may: fn(&Unit) -> bool) -> Option<usize> {
        for length in 0..=usize::from(most) {
            if let Some(end) = self.go(step + 1, at + length) {
                return Some(end);
            }
            if !self.units.get(at + length).is_some_and(may) {
                return None;
            }
        }
        None
    }

    fn pass_aside(&mut self, step: usize, at: usize) -> Option<usize> {
        let length = self.units.get(at).map_or(0, |unit| usize::from(unit.aside));
        if length == 0 { None } else { self.go(step, at + length) }
    }
}

/// Splits a pattern at spaces, keeping brackets, bars and question marks as words of their own.
fn split(source: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in source.split_whitespace() {
        let mut word = String::new();
        for c in part.chars() {
            if matches!(c, '(' | ')' | '|' | '?') {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                words.push(c.to_string());
            } else {
                word.push(c);
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

struct Reader<'r> {
    words: Vec<String>,
    at: usize,
    lexicon: &'r mut Lexicon,
    kinds: &'r dyn Fn(&str) -> Option<u32>,
    pattern: Pattern,
}

impl Reader<'_> {
    /// Reads elements up to the end, or inside brackets up to `|` or `)`.
    fn sequence(&mut self, inside: bool) -> Result<(), String> {
        while let Some(word) = self.words.get(self.at).cloned() {
            if matches!(word.as_str(), ")" | "|") {
                return if inside { Ok(()) } else { Err(format!("`{word}` stands outside brackets")) };
            }
            let start = self.pattern.steps.len();
            self.at += 1;
            if word == "(" {
                self.choices()?
            } else {
                self.element(&word)?
            }
            if self.words.get(self.at).is_some_and(|next| next == "?") {
                self.at += 1;
                self.insert(start, |end| Step::Fork(end + 1));
            }
        }
        if inside { Err("a bracket is not closed".to_owned()) } else { Ok(()) }
    }

    /// Reads `a|b)` after its bracket: a fork before each choice but the last, a jump to the end after it.
    fn choices(&mut self) -> Result<(), String> {
        let mut jumps = Vec::new();
        loop {
            let start = self.pattern.steps.len();
            self.sequence(true)?;
            let closing = self.words[self.at] == ")";
            self.at += 1;
            if closing {
                break;
            }
            self.pattern.steps.push(Step::Jump(0));
            self.insert(start, |end| Step::Fork(end + 1));
            jumps.push(self.pattern.steps.len() - 1);
        }
        let end = self.pattern.steps.len();
        for jump in jumps {
            self.pattern.steps[jump] = Step::Jump(end);
        }
        Ok(())
    }

    /// Puts a step before those from `start` on, whose own targets move along.
    fn insert(&mut self, start: usize, step: impl Fn(usize) -> Step) {
        for moved in &mut self.pattern.steps[start..] {
            if let Step::Fork(to) | Step::Jump(to) = moved {
                *to += 1;
            }
        }
        let end = self.pattern.steps.len();
        self.pattern.steps.insert(start, step(end));
    }

    fn element(&mut self, word: &str) -> Result<(), String> {
        let step = if let Some(count) = word.strip_prefix('~') {
            Step::Describing(count.parse().map_err(|_| format!("`{word}`: a number must follow"))?)
        } else if let Some(count) = word.strip_prefix("...") {
            Step::Anything(count.parse().map_err(|_| format!("`{word}`: a number must follow"))?)
        } else if let Some(count) = word.strip_prefix("..") {
            Step::Nameless(count.parse().map_err(|_| format!("`{word}`: a number must follow"))?)
        } else if let Some(class) = word.strip_prefix('@') {
            self.class(class)?
        } else if let Some((name, kind)) = word.strip_suffix('>').and_then(|word| word.split_once('<')) {
            self.mention(name.strip_suffix(':').unwrap_or(name), kind)?
        } else {
            match word {
                "^" => Step::Begin,
                "$" => Step::End,
                "lparen" => Step::Word(self.lexicon.intern("(")),
                "rparen" => Step::Word(self.lexicon.intern(")")),
                word => Step::Word(self.lexicon.intern(&word.to_lowercase())),
            }
        };
        self.pattern.steps.push(step);
        Ok(())
    }

    fn class(&mut self, word: &str) -> Result<Step, String> {
        let (name, form) = word.split_once('.').map_or((word, None), |(name, form)| (name, Some(form)));
        let bit = self.lexicon.class(name).ok_or_else(|| format!("there is no class `{name}` in words.toml"))?;
        let forms = match form {
            Some(form) => form::by_name(form).ok_or_else(|| format!("`{form}` is no verb form"))?,
            None => form::ANY,
        };
        Ok(Step::Class { bit, forms })
    }

    fn mention(&mut self, name: &str, kind: &str) -> Result<Step, String> {
        let mut bits = 0;
        for kind in kind.split('/') {
            bits |= (self.kinds)(kind).ok_or_else(|| format!("there is no kind of mention `{kind}`"))?;
        }
        let capture = match name {
            "" => None,
            name => Some(self.capture_number(name)?),
        };
        Ok(Step::Mention { kinds: bits, capture })
    }

    fn capture_number(&mut self, name: &str) -> Result<u8, String> {
        let known = self.pattern.captures.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.pattern.captures.push(name.to_owned());
            self.pattern.captures.len() - 1
        });
        if number < MOST_CAPTURES { Ok(number as u8) } else { Err(format!("more than {MOST_CAPTURES} captures")) }
    }
}

//! Proper names: runs of words written large, known names, domains; and what sort of thing each names.

use std::collections::HashSet;
use std::ops::Range;

use crate::base::token::Shape;
use crate::rules::Rules;
use crate::rules::gazetteer::{Entry, Sort};
use crate::rules::lexicon::Classes;

use super::domains::is_domain;
use super::text::{Sentence, Text, Token};

/// A proper name in a sentence.
#[derive(Clone, Debug)]
pub struct Name {
    /// Its sentence, by number.
    pub sentence: usize,
    /// Its tokens, by number in the text.
    pub tokens: Range<usize>,
    /// What sort of thing it names, as far as the name and its neighbours tell.
    pub sort: NameSort,
    /// The table entry of a known name.
    pub known: Option<Entry>,
}

/// What sort of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameSort {
    /// An organisation, or anything that is none of the others.
    Body,
    /// A person.
    Person,
    /// A place, and nothing more.
    Place,
    /// "Chinese", "Russian".
    Nationality,
    /// An attacker.
    Attacker,
    /// Malware.
    Malware,
    /// Who reports, finds, polices or regulates.
    Observer(Sort),
    /// A product or protocol.
    Product,
    /// A body or group that no name identifies.
    Described,
}

/// The longest name, in tokens.
const LONGEST_NAME: usize = 12;

/// Finds the names of a text, in order.
pub fn find(text: &Text<'_>, rules: &Rules) -> Vec<Name> {
    let finder = Finder { text, rules, seen: seen_large(text, rules) };
    let mut names = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate() {
        finder.sentence(number, sentence, &mut names);
    }
    names
}

/// Returns the words that are written large where nothing but being a name makes them so.
fn seen_large<'t>(text: &Text<'t>, rules: &Rules) -> HashSet<&'t str, foldhash::fast::FixedState> {
    let mut seen = HashSet::default();
    for sentence in text.sentences.iter().filter(|sentence| !sentence.title_case) {
        let tokens = text.of(sentence);
        for at in 1..tokens.len() {
            let before = &tokens[at - 1];
            let starts = before.shape == Shape::Mark && !matches!(before.raw, "," | "(" | "-" | "'s" | "’s" | "&" | "/");
            if !starts && matches!(tokens[at].shape, Shape::Capital) && tokens[at].word.classes & rules.class.technical == 0 {
                seen.insert(tokens[at].raw);
            }
        }
    }
    seen
}

struct Finder<'f, 't> {
    text: &'f Text<'t>,
    rules: &'f Rules,
    seen: HashSet<&'t str, foldhash::fast::FixedState>,
}

impl Finder<'_, '_> {
    fn sentence(&self, number: usize, sentence: &Sentence, names: &mut Vec<Name>) {
        let end = sentence.tokens.end;
        let mut at = sentence.tokens.start;
        while at < end {
            let starts = at == sentence.tokens.start || opens(&self.text.tokens[at - 1]);
            let run =
                if self.may_begin(at, starts, sentence.title_case) { self.run_end(at, end, sentence.title_case) } else { at };
            let known = self.known(at, end, starts);
            match known {
                Some((length, entry)) if at + length >= run || splits(entry.sort) => {
                    self.push_known(number, at..at + length, entry, names);
                    at += length;
                }
                _ if run > at => {
                    self.push_run(number, at..run, end, names);
                    at = run;
                }
                _ => at += 1,
            }
        }
    }

    fn token(&self, at: usize) -> &Token<'_> {
        &self.text.tokens[at]
    }

    fn is(&self, at: usize, class: Classes) -> bool {
        self.token(at).word.classes & class != 0
    }

    /// Tells whether a name may begin with this token.
    fn may_begin(&self, at: usize, starts: bool, title_case: bool) -> bool {
        let token = self.token(at);
        let class = &self.rules.class;
        if is_domain(token.raw) {
            return true;
        }
        if !token.is_capital() || self.is(at, class.weekday | class.det | class.pronoun | class.prep | class.conj) {
            return false;
        }
        if is_relation(token.raw) || is_measure(token.raw) {
            return false;
        }
        if self.is(at, class.month) && token.raw != "May" || self.is(at, class.month) && self.near_number(at) {
            return false;
        }
        if self.is(at, class.technical) && token.shape != Shape::Capital && token.raw.len() <= 5 {
            return false;
        }
        if token.shape == Shape::Upper || token.shape == Shape::Mixed {
            return !(self.is(at, class.english) && token.shape == Shape::Upper && (starts || title_case));
        }
        if starts || title_case {
            let common = self.is_common(at) || title_case && self.is_form_of_common(at);
            return !common || self.seen.contains(token.raw) || self.heads_name(at, title_case);
        }
        true
    }

    /// Tells whether a token is a common word, or several joined by hyphens: "Third-party".
    fn is_common(&self, at: usize) -> bool {
        let english = self.rules.class.english;
        let small = self.text.small(at);
        let is_word = |part: &str| self.rules.lexicon.look_up(part).classes & english != 0;
        self.is(at, english) || small.contains('-') && small.split('-').all(is_word)
    }

    /// Tells whether a token is a verb that the rules know, or a form of a common word: "Recovers", "Nabbed".
    fn is_form_of_common(&self, at: usize) -> bool {
        const ENDINGS: [(&str, &str); 7] = [("ies", "y"), ("s", ""), ("es", ""), ("d", ""), ("ed", ""), ("ing", ""), ("ly", "")];
        if self.token(at).word.forms != 0 {
            return true;
        }
        let small = self.text.small(at);
        let is_word = |stem: &str| stem.len() > 2 && self.rules.lexicon.look_up(stem).classes & self.rules.class.english != 0;
        ENDINGS.iter().any(|(ending, base)| small.strip_suffix(ending).is_some_and(|stem| is_word(&format!("{stem}{base}"))))
    }

    /// Tells whether a common word at the beginning of a sentence is the first of a name: "University of ...", "Bank of ...".
    fn heads_name(&self, at: usize, title_case: bool) -> bool {
        let next = at + 1;
        if next >= self.text.tokens.len() {
            return false;
        }
        let class = &self.rules.class;
        let after = self.token(next);
        if self.is(at, class.of_head) && after.raw.eq_ignore_ascii_case("of") {
            return self.text.tokens.get(next + 1).is_some_and(Token::is_capital);
        }
        !title_case && after.shape == Shape::Capital && self.is(next, class.org_head | class.legal)
    }

    fn near_number(&self, at: usize) -> bool {
        let number = |at: usize| self.text.tokens.get(at).is_some_and(|token| token.shape == Shape::Number);
        number(at + 1) || at > 0 && number(at - 1)
    }

    /// Returns the end of the run of name words that begins at `at`.
    fn run_end(&self, at: usize, end: usize, title_case: bool) -> usize {
        let most = end.min(at + LONGEST_NAME);
        let mut last = at + 1;
        if is_domain(self.token(at).raw) {
            return last;
        }
        while last < most {
            let step = self.continues(at, last, most, title_case);
            if step == 0 {
                break;
            }
            last += step;
        }
        last
    }

    /// Returns how many more tokens the run `start..at` takes; 0 if it ends here.
    fn continues(&self, start: usize, at: usize, most: usize, title_case: bool) -> usize {
        let class = &self.rules.class;
        let token = self.token(at);
        let large = |at: usize| at < most && self.continues_large(at, title_case);
        if large(at) {
            return 1;
        }
        match token.raw {
            "," if at + 1 < most && self.token(at + 1).is_capital() && self.is(at + 1, class.legal) => return 2,
            "." if self.is(at - 1, class.legal | class.abbreviation) && large(at + 1) && self.token(at - 1).is_capital() => {
                return 2;
            }
            "&" | "+" if large(at + 1) => return 2,
            "'s" | "’s" if large(at + 1) && self.is(at - 1, class.english) && at - 1 > start => return 2,
            _ => {}
        }
        if token.shape != Shape::Lower && !title_case {
            return 0;
        }
        match self.text.small(at) {
            "of" if self.is(at - 1, class.of_head) || self.is(start, class.of_head) && at - start <= 3 => {
                self.after_the(at, most, title_case)
            }
            "for" if self.is(at - 1, class.for_head) => self.after_the(at, most, title_case),
            "and" if large(at + 1) && (self.joins(start, at) || self.joins_office(start, at, most)) => 2,
            _ if self.is(at, class.name_join) && large(at + 1) => 2,
            _ => 0,
        }
    }

    fn continues_large(&self, at: usize, title_case: bool) -> bool {
        let class = &self.rules.class;
        let token = self.token(at);
        if !token.is_capital() || self.is(at, class.weekday | class.month | class.det | class.pronoun) || token.raw == "I" {
            return false;
        }
        if self.is(at, class.technical) && matches!(token.shape, Shape::Upper) && token.raw.len() <= 5 {
            return false;
        }
        if title_case && token.shape == Shape::Capital {
            let common = self.is(at, class.english) || self.is_form_of_common(at);
            return !common || self.seen.contains(token.raw) || self.is(at, class.org_head | class.legal);
        }
        !self.is(at, class.prep | class.conj) && !is_relation(token.raw) && !is_measure(token.raw)
    }

    /// Returns the length of "of the Xyz" or "of Xyz".
    fn after_the(&self, at: usize, most: usize, title_case: bool) -> usize {
        let the = at + 1 < most && self.token(at + 1).raw.eq_ignore_ascii_case("the");
        let next = at + 1 + usize::from(the);
        if next < most && self.continues_large(next, title_case) { next + 1 - at } else { 0 }
    }

    /// Tells whether "and" joins two words of one name rather than two names.
    fn joins(&self, start: usize, at: usize) -> bool {
        let class = &self.rules.class;
        let headed = (start..at).any(|at| self.is(at, class.of_head)) && (start..at).any(|at| self.token(at).raw == "of");
        headed && self.is(at + 1, class.and_head) || self.is(at - 1, class.and_head) && self.is(at + 1, class.and_head)
    }

    /// Tells whether "and" joins two common words to the name of an office: "Securities and Investments Commission".
    fn joins_office(&self, start: usize, at: usize, most: usize) -> bool {
        const OFFICES: [&str; 12] = [
            "administration",
            "agency",
            "authority",
            "board",
            "bureau",
            "commission",
            "council",
            "department",
            "directorate",
            "institute",
            "ministry",
            "office",
        ];
        let common = |at: usize| self.is(at, self.rules.class.english) || self.is_form_of_common(at);
        let heads = |at: usize| OFFICES.contains(&self.text.small(at));
        start + 1 == at
            && common(start)
            && common(at + 1)
            && !heads(start)
            && (at + 2..most.min(at + 5)).take_while(|&at| self.token(at).is_capital()).any(heads)
    }

    /// Returns the known name that begins here, if it is written as that name is.
    fn known(&self, at: usize, end: usize, starts: bool) -> Option<(usize, Entry)> {
        if !self.token(at).is_capital() && self.token(at).shape != Shape::Number {
            return None;
        }
        let (length, entry) = self.rules.gazetteer.longest(self.text.tokens[at..end].iter().map(|token| token.word.id))?;
        let tokens = &self.text.tokens[at..at + length];
        let common = length == 1 && self.is(at, self.rules.class.english);
        if common && starts && !self.seen.contains(tokens[0].raw) && tokens[0].shape == Shape::Capital {
            return None;
        }
        tokens.iter().any(Token::is_capital).then_some((length, entry))
    }

    fn push_known(&self, sentence: usize, tokens: Range<usize>, entry: Entry, names: &mut Vec<Name>) {
        let sort = match entry.sort {
            Sort::Attacker if entry.weak && !self.supported(&tokens) => NameSort::Body,
            Sort::Attacker => NameSort::Attacker,
            Sort::Strain => NameSort::Malware,
            Sort::Body => NameSort::Body,
            Sort::Place if self.is_body_after(tokens.end) => NameSort::Body,
            Sort::Place => NameSort::Place,
            Sort::Nationality => NameSort::Nationality,
            Sort::Product => NameSort::Product,
            observer => NameSort::Observer(observer),
        };
        names.push(Name { sentence, tokens, sort, known: Some(entry) });
    }

    fn is_body_after(&self, at: usize) -> bool {
        self.text.tokens.get(at).is_some_and(|token| token.is_capital() && token.word.classes & self.rules.class.org_head != 0)
    }

    /// Tells whether the words around a weak attacker name speak of a group.
    fn supported(&self, tokens: &Range<usize>) -> bool {
        let class = &self.rules.class;
        let near = |at: usize| self.text.tokens.get(at).is_some_and(|token| token.word.classes & class.strong_crook != 0);
        near(tokens.end)
            || near(tokens.end + 1)
            || tokens.start > 0 && near(tokens.start - 1)
            || tokens.start > 1 && near(tokens.start - 2)
    }

    fn push_run(&self, sentence: usize, tokens: Range<usize>, end: usize, names: &mut Vec<Name>) {
        let mut tokens = self.trimmed(tokens);
        if tokens.is_empty() {
            return;
        }
        let before = names.len();
        let inner = (tokens.start + 1..tokens.end).find_map(|at| {
            let (length, entry) =
                self.rules.gazetteer.longest(self.text.tokens[at..tokens.end].iter().map(|token| token.word.id))?;
            (splits(entry.sort) && !entry.weak && at + length == tokens.end).then_some((at, entry))
        });
        if let Some((at, entry)) = inner {
            self.push_known(sentence, at..tokens.end, entry, names);
            tokens.end = at;
        }
        if let Some(title) = self.title_within(&tokens) {
            let person = title + 1..tokens.end;
            let person =
                (person.start..person.end).find(|&at| !self.is(at, self.rules.class.person_title)).map(|at| at..person.end);
            if let Some(person) = person {
                names.push(Name { sentence, tokens: person, sort: NameSort::Person, known: None });
            }
            tokens.end = title;
        }
        let sort = self.sort(&tokens, end);
        let known = self.prefix_known(&tokens);
        names.push(Name { sentence, tokens, sort, known });
        names[before..].sort_by_key(|name| name.tokens.start);
    }

    /// Returns the token at which a person's title parts a body from its officer: "European Central Bank President Mario Draghi".
    fn title_within(&self, tokens: &Range<usize>) -> Option<usize> {
        let class = &self.rules.class;
        let title =
            |at: &usize| self.is(*at, class.person_title) && !self.is(*at, class.org_head) && !self.is(*at - 1, class.prep);
        (tokens.start + 1..tokens.end.saturating_sub(1)).find(title)
    }

    fn prefix_known(&self, tokens: &Range<usize>) -> Option<Entry> {
        let (length, entry) = self.rules.gazetteer.longest(self.text.tokens[tokens.clone()].iter().map(|token| token.word.id))?;
        (entry.sort == Sort::Body && (length > 1 || !entry.weak) && length * 2 >= tokens.len()).then_some(entry)
    }

    /// Drops titles from the front and what is no part of a name from the end.
    fn trimmed(&self, mut tokens: Range<usize>) -> Range<usize> {
        let class = &self.rules.class;
        while tokens.len() > 1 && self.is(tokens.start, class.person_title) && !self.is(tokens.start + 1, class.org_head) {
            tokens.start += 1;
        }
        // "The OPM Breach", "Colonial Pipeline Ransomware Attack": what befell it is no part of its name.
        let ends = class.name_join | class.break_in | class.bad_thing;
        while tokens.len() > 1 && (self.is(tokens.end - 1, ends) || self.token(tokens.end - 1).shape == Shape::Mark) {
            tokens.end -= 1;
        }
        if tokens.len() == 1 && self.is(tokens.start, class.break_in | class.bad_thing | class.technical) {
            tokens.end = tokens.start;
        }
        tokens
    }

    fn sort(&self, tokens: &Range<usize>, end: usize) -> NameSort {
        let class = &self.rules.class;
        let words = &self.text.tokens[tokens.clone()];
        let head = tokens.end - 1;
        if words
            .iter()
            .any(|token| token.word.classes & (class.org_head | class.legal) != 0 && token.word.classes & class.given == 0)
        {
            return NameSort::Body;
        }
        let after = |at: usize| (at < end).then(|| self.token(at));
        let follows = after(tokens.end);
        if follows.is_some_and(|token| token.word.classes & class.strong_crook != 0 && token.shape == Shape::Lower)
            && !follows.is_some_and(|token| matches!(token.raw, "team" | "group" | "operator" | "operation" | "actor"))
        {
            return NameSort::Attacker;
        }
        let before = tokens.start.checked_sub(1).map(|at| self.token(at));
        let titled = before.is_some_and(|token| token.word.classes & class.person_title != 0);
        let given = self.is(tokens.start, class.given);
        if (2..=4).contains(&tokens.len()) && given && !self.is(head, class.english)
            || titled && tokens.len() <= 3 && !given_org(words, class.company)
        {
            return NameSort::Person;
        }
        if tokens.len() == 1 && titled { NameSort::Person } else { NameSort::Body }
    }
}

/// Tells whether a word only relates what follows to a name: "Atlanta-based", "Dell-owned".
fn is_relation(raw: &str) -> bool {
    const TAILS: [&str; 12] =
        ["backed", "based", "era", "funded", "led", "like", "linked", "made", "owned", "related", "speaking", "style"];
    raw.rsplit_once('-').is_some_and(|(_, tail)| TAILS.contains(&tail))
}

/// Tells whether a word is a unit of measure: "7.3 Tbps".
fn is_measure(raw: &str) -> bool {
    const UNITS: [&str; 12] = ["bps", "gb", "gbps", "ghz", "kb", "kbps", "mb", "mbps", "mhz", "pb", "tb", "tbps"];
    UNITS.iter().any(|unit| raw.eq_ignore_ascii_case(unit))
}

fn given_org(words: &[Token<'_>], company: Classes) -> bool {
    words.iter().any(|token| token.word.classes & company != 0 || token.shape == Shape::Upper)
}

/// Tells whether names of this sort stand for themselves also inside a longer run.
fn splits(sort: Sort) -> bool {
    matches!(sort, Sort::Attacker | Sort::Nationality)
}

/// Tells whether a sentence, quotation or list entry begins after this token.
fn opens(token: &Token<'_>) -> bool {
    matches!(token.raw, ":" | "\"" | "“" | "‘" | "•" | "*" | "–" | "—" | "|" | ";" | "(" | "." | "?" | "!" | "…")
}

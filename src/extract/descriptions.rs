//! Bodies and groups that no name identifies, as an article describes them: "a Michigan bank", "South Korean organizations".

use std::ops::Range;

use crate::base::token::Shape;
use crate::rules::Rules;
use crate::rules::lexicon::{Classes, form};

use super::names::{Name, NameSort};
use super::text::{Sentence, Text, Token};

/// The most words between the article and the noun: "a US-based, family-owned medical device manufacturer".
const MOST_WORDS: usize = 6;
/// The most words from a preposition to the end of the place behind it: "in the Eastern District of Pennsylvania".
const LONGEST_PLACE: usize = 8;

/// Adds the descriptions of an article to its names, in order; what has no title is no article but a register's entry, which names its
/// victim. A name inside of one ("a Michigan bank") is a part of it.
pub fn add(text: &Text<'_>, names: Vec<Name>, rules: &Rules) -> Vec<Name> {
    let titled = text.sentences.iter().any(|sentence| sentence.in_title);
    if !titled {
        return names;
    }
    let finder = Finder { text, rules, names: &names };
    let mut found = Vec::new();
    let mut first = 0;
    for (number, sentence) in text.sentences.iter().enumerate() {
        let next = first + names[first..].partition_point(|name| name.sentence <= number);
        finder.sentence(number, sentence, first..next, &mut found);
        first = next;
    }
    if found.is_empty() {
        return names;
    }
    let covered = |name: &Name| {
        let before = found.partition_point(|described: &Name| described.tokens.end <= name.tokens.start);
        found.get(before).is_some_and(|described| described.tokens.start < name.tokens.end)
    };
    let mut all: Vec<Name> = names.iter().filter(|name| !covered(name)).cloned().collect();
    all.append(&mut found);
    all.sort_by_key(|name| name.tokens.start);
    all
}

struct Finder<'f, 't> {
    text: &'f Text<'t>,
    rules: &'f Rules,
    names: &'f [Name],
}

impl<'f> Finder<'f, '_> {
    fn sentence(&self, number: usize, sentence: &Sentence, names: Range<usize>, found: &mut Vec<Name>) {
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let noun = self.noun(at);
            let tokens = match noun {
                Some(plural) if !sentence.title_case => self.described(at, plural, sentence, &names),
                _ => None,
            };
            let Some(tokens) = tokens.filter(|tokens| found.last().is_none_or(|last| last.tokens.end <= tokens.start)) else {
                at += 1;
                continue;
            };
            at = tokens.end;
            found.push(Name { sentence: number, tokens, sort: NameSort::Described, known: None });
        }
    }

    /// Tells whether a token is a noun for a body, and whether it stands for several.
    fn noun(&self, at: usize) -> Option<bool> {
        let token = self.token(at);
        let class = &self.rules.class;
        if token.shape != Shape::Lower || token.word.classes & (class.body_noun | class.group_noun) == 0 {
            return None;
        }
        let plural = token.raw.ends_with('s') && !token.raw.ends_with("ss");
        let wanted = if plural { class.group_noun } else { class.body_noun };
        (token.word.classes & wanted != 0 && token.word.forms & (form::PAST | form::ING) == 0).then_some(plural)
    }

    /// Returns the tokens of the description whose noun stands at `at`.
    fn described(&self, at: usize, plural: bool, sentence: &Sentence, names: &Range<usize>) -> Option<Range<usize>> {
        let names = &self.names[names.clone()];
        let name_at = |token: usize| names.iter().find(|name| name.tokens.contains(&token));
        if name_at(at).is_some() || self.goes_on(at + 1, sentence) {
            return None;
        }
        let class = &self.rules.class;
        let (mut start, mut telling) = (at, false);
        while start > sentence.tokens.start && at - start < MOST_WORDS {
            let before = start - 1;
            if let Some(name) = name_at(before) {
                if matches!(name.sort, NameSort::Attacker | NameSort::Malware | NameSort::Person | NameSort::Observer(_)) {
                    return None;
                }
                telling = true;
                start = name.tokens.start;
                if plural {
                    break;
                }
                continue;
            }
            if !self.may_describe(before) {
                break;
            }
            telling = true;
            start = before;
        }
        let article = start.checked_sub(1).filter(|&before| before >= sentence.tokens.start && self.is_article(before));
        let (end, placed) = self.place_end(at + 1, sentence, &name_at);
        let led = plural
            && names
                .iter()
                .any(|name| name.tokens.start == start && matches!(name.sort, NameSort::Place | NameSort::Nationality));
        let start = match article {
            _ if led => start,
            Some(article) if !plural && (telling || placed) => article,
            _ if plural && placed => start,
            _ => return None,
        };
        let is_other = self.is_apposition(start, sentence, &name_at) || name_at(end).is_some() || self.is(start, class.the);
        (!is_other).then_some(start..end)
    }

    fn token(&self, at: usize) -> &Token<'_> {
        &self.text.tokens[at]
    }

    fn is(&self, at: usize, class: Classes) -> bool {
        self.token(at).word.classes & class != 0
    }

    fn is_article(&self, at: usize) -> bool {
        matches!(self.token(at).raw, "a" | "an" | "A" | "An" | "another" | "Another")
    }

    /// Tells whether a word may stand between article and noun.
    fn may_describe(&self, at: usize) -> bool {
        let class = &self.rules.class;
        let token = self.token(at);
        let closed =
            class.prep | class.conj | class.pronoun | class.be | class.have | class.modal | class.not | class.det | class.crook;
        let ending = |tail: &str| token.raw.ends_with(tail);
        let verb = token.word.forms & (form::PAST | form::S) != 0 && token.word.classes & class.event_modifier == 0;
        if token.shape == Shape::Mark {
            return matches!(token.raw, "'s" | "’s" | "-" | "“" | "‘");
        }
        token.word.classes & closed == 0
            && (!verb || ending("based") || ending("owned") || ending("run"))
            && token.shape != Shape::Number
    }

    /// Tells whether the noun is only the first word of a longer one: "a Michigan bank robber".
    fn goes_on(&self, at: usize, sentence: &Sentence) -> bool {
        if at >= sentence.tokens.end {
            return false;
        }
        let class = &self.rules.class;
        let token = self.token(at);
        let closed =
            class.prep | class.conj | class.pronoun | class.be | class.have | class.modal | class.not | class.det | class.advb;
        match token.shape {
            Shape::Lower => {
                token.word.classes & closed == 0 && token.word.forms == 0 && !matches!(token.raw, "whose" | "called" | "known")
            }
            Shape::Mark => matches!(token.raw, "-" | "/"),
            _ => true,
        }
    }

    /// Returns the end of the place that follows, "in the Middle East", and whether there is one.
    fn place_end(&self, at: usize, sentence: &Sentence, name_at: &dyn Fn(usize) -> Option<&'f Name>) -> (usize, bool) {
        let is_in = at < sentence.tokens.end && matches!(self.token(at).raw, "in" | "of" | "from" | "across");
        if !is_in {
            return (at, false);
        }
        let name = (at + 1..sentence.tokens.end.min(at + LONGEST_PLACE))
            .take_while(|&next| name_at(next).is_some() || self.may_describe(next) || self.is(next, self.rules.class.the))
            .find_map(name_at);
        match name {
            Some(name) if matches!(name.sort, NameSort::Place | NameSort::Nationality | NameSort::Body) => {
                (name.tokens.end, true)
            }
            _ => (at, false),
        }
    }

    /// Tells whether the description only says more of somebody named before: "Northgate, a Michigan bank", "Northgate is a bank".
    fn is_apposition(&self, start: usize, sentence: &Sentence, name_at: &dyn Fn(usize) -> Option<&'f Name>) -> bool {
        let Some(before) = start.checked_sub(1).filter(|&before| before >= sentence.tokens.start) else { return false };
        let class = &self.rules.class;
        if self.is(before, class.be)
            || matches!(self.token(before).raw, "as" | "become" | "became" | "called" | "remains" | "like")
        {
            return true;
        }
        let mark = matches!(self.token(before).raw, "," | "-" | "–" | "—" | "(");
        mark && before
            .checked_sub(1)
            .is_some_and(|at| at >= sentence.tokens.start && (name_at(at).is_some() || self.token(at).raw == ")"))
    }
}

//! Numbers in words and digits, and what they count: people, records, cards, files, bytes, systems. Money and shares are none.

mod nouns;
mod numbers;
mod qualifiers;
mod totals;

use std::ops::Range;

use crate::base::token::Shape;
use crate::model::report::{Figure, Speaker, Unit};
use crate::rules::Rules;
use crate::rules::lexicon::{Classes, form};

use super::text::{Sentence, Text, Token};
use numbers::NumberRange;
pub use totals::total_of;

/// A number that counts something.
#[derive(Clone, Debug)]
pub struct Count {
    /// Its sentence, by number.
    pub sentence: usize,
    /// The tokens from the qualifier to the noun, by number in the text.
    pub tokens: Range<usize>,
    /// The number.
    pub figure: Figure,
    /// Whether a noun says what is counted; otherwise `unit` is only a guess.
    pub has_noun: bool,
}

/// Finds the counts of a text, in order.
pub fn find(text: &Text<'_>, rules: &Rules) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate() {
        let reader = Reader { text, rules, sentence };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let Some(range) = reader.number_range(at) else {
                at += 1;
                continue;
            };
            at = range.tokens.end;
            let last = counts.last().filter(|last| last.sentence == number);
            if let Some(count) = reader.count(number, &range, last) {
                counts.push(count);
            }
        }
    }
    counts
}

/// Reads counts of one sentence. What it looks at around a number is bounded, so the work stays linear.
struct Reader<'r, 't> {
    text: &'r Text<'t>,
    rules: &'r Rules,
    sentence: &'r Sentence,
}

impl Reader<'_, '_> {
    fn count(&self, number: usize, range: &NumberRange, last: Option<&Count>) -> Option<Count> {
        if range.value < 1.0 || self.is_money(range) || self.is_label(range) || self.is_share(range) {
            return None;
        }
        let (start, qualifier) = self.qualifier(range);
        let noun = self.noun(range);
        if self.is_year(range) {
            // "More than 2000 patients" is no year.
            let counted = noun.is_some_and(|noun| noun.end == range.tokens.end + 1);
            if !counted || start == range.tokens.start && range.value != 2000.0 {
                return None;
            }
        }
        let (unit, scale, end) = match noun {
            Some(noun) => (noun.unit, noun.scale, noun.end),
            None if self.stands_alone(range) && (self.affected_before(start) || self.is_total(start, range)) => {
                (Unit::People, 1.0, range.tokens.end)
            }
            None => (self.listed(range, last)?, 1.0, range.tokens.end),
        };
        if self.is_rate(end) {
            return None;
        }
        let whole = |value: f64| (value * scale).round().clamp(0.0, 1e18) as u64;
        let figure = Figure { value: whole(range.value), max: range.max.map(whole), unit, qualifier, by: Speaker::Untold };
        (figure.value >= 2).then(|| Count { sentence: number, tokens: start..end, figure, has_noun: noun.is_some() })
    }

    /// Tells whether a number is a sum of money or a share in hundredths.
    fn is_money(&self, range: &NumberRange) -> bool {
        let (start, end) = (range.tokens.start, range.tokens.end);
        let before = self.sentence.tokens.start < start && {
            let sign = self.raw(start - 1);
            matches!(sign, "$" | "€" | "£" | "¥" | "₹")
                || sign.ends_with(['$', '£', '€'])
                || matches!(sign, "USD" | "EUR" | "GBP" | "Rs" | "INR" | "AUD" | "CAD")
                || sign == "." && start >= 2 && self.raw(start - 2) == "Rs"
        };
        let class = &self.rules.class;
        let after = self.raw(end);
        let said = matches!(after, "%" | "$" | "€" | "£" | "USD" | "EUR" | "GBP" | "BTC" | "ETH" | "XMR");
        let noun = |at: &usize| self.token(*at).is_none_or(|token| token.shape == Shape::Mark || self.unit(token).is_some());
        let worded = (end..end + 3).take_while(|at| !noun(at)).any(|at| self.is(at, class.money));
        before || said || self.is(end, class.share_word) || worded || after == "-" && self.is(end + 1, class.money)
    }

    /// Tells whether a number may be a year.
    fn is_year(&self, range: &NumberRange) -> bool {
        let raw = self.raw(range.tokens.start);
        raw.len() == 4 && range.tokens.len() == 1 && (1900.0..2100.0).contains(&range.value)
    }

    /// Tells whether a number says which and not how many: "version 7", "Windows 10", "Unit 42", "TX 75013".
    fn is_label(&self, range: &NumberRange) -> bool {
        let start = range.tokens.start;
        if start == self.sentence.tokens.start {
            return false;
        }
        let before = self.raw(start - 1);
        let numbered = matches!(
            before.to_lowercase().as_str(),
            "#" | "version"
                | "v"
                | "section"
                | "cve"
                | "article"
                | "chapter"
                | "page"
                | "port"
                | "level"
                | "tier"
                | "type"
                | "grade"
                | "phase"
                | "step"
                | "figure"
                | "table"
                | "room"
                | "flight"
                | "route"
                | "category"
                | "rule"
                | "top"
                | "aged"
                | "age"
                | "part"
                | "stage"
                | "season"
                | "highway"
                | "suite"
                | "box"
                | "windows"
                | "android"
                | "ios"
                | "playstation"
                | "xbox"
                | "fortune"
                | "forbes"
                | "php"
                | "firefox"
                | "chrome"
        );
        let plain = range.value < 1000.0 && range.tokens.len() == 1;
        let of_number = plain
            && (before.eq_ignore_ascii_case("number")
                || before == "." && start >= 2 && self.raw(start - 2).eq_ignore_ascii_case("no"));
        let after = self.lower(range.tokens.end);
        let emergency = self.raw(start) == "911" && before != "of" && plain;
        let picture = matches!(self.raw(start), "2K" | "4K" | "8K" | "4k" | "8k")
            && matches!(after, "video" | "videos" | "tv" | "tvs" | "camera" | "cameras" | "display" | "displays");
        numbered || emergency || picture || of_number || plain && self.is_name(start - 1) || self.is_postal(start)
    }

    /// Tells whether a token is the end of a name, so that a small number behind it belongs to the name.
    fn is_name(&self, at: usize) -> bool {
        let class = &self.rules.class;
        let Some(token) = self.token(at) else { return false };
        let common = class.weekday | class.month | class.prep | class.conj | class.det | class.pronoun;
        !self.sentence.title_case
            && token.is_capital()
            && token.word.classes & common == 0
            && !(at == self.sentence.tokens.start && token.word.classes & class.english != 0)
            && !(at == self.sentence.tokens.start && token.word.forms != 0)
    }

    /// Tells whether a number is the postal code of an American state.
    fn is_postal(&self, at: usize) -> bool {
        let state = self.token(at - 1).is_some_and(|token| token.shape == Shape::Upper && token.raw.len() == 2);
        state && self.raw(at).len() == 5 && self.raw(at).bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Tells whether a number is one of "one in five".
    fn is_share(&self, range: &NumberRange) -> bool {
        let start = range.tokens.start;
        let number = |at: usize| self.token(at).is_some() && self.number(at).is_some_and(|number| number.value < range.value);
        let first = self.sentence.tokens.start;
        let one_in = start >= first + 2 && self.raw(start - 1) == "in" && number(start - 2);
        let out_of = start >= first + 3 && self.raw(start - 1) == "of" && self.raw(start - 2) == "out" && number(start - 3);
        range.value <= 1000.0 && (one_in || out_of)
    }

    /// Tells whether what was counted up to here is so many in each stretch of time: what a body handles, not what it lost.
    fn is_rate(&self, end: usize) -> bool {
        let each = matches!(self.lower(end), "a" | "per" | "each" | "every")
            && matches!(self.lower(end + 1), "second" | "minute" | "hour" | "day" | "week" | "month" | "year");
        each || matches!(self.lower(end), "annually" | "daily" | "weekly" | "monthly" | "yearly")
    }

    /// Tells whether the words before say that people were hit, so that a bare number counts them: "affecting 36,000".
    fn affected_before(&self, start: usize) -> bool {
        start > self.sentence.tokens.start && self.is(start - 1, self.rules.class.affect)
    }

    /// Tells whether no word behind a number is counted by it.
    fn stands_alone(&self, range: &NumberRange) -> bool {
        let class = &self.rules.class;
        let end = range.tokens.end;
        let closed = class.prep | class.conj | class.be | class.have | class.modal | class.pronoun | class.det;
        self.token(end).is_none_or(|token| token.shape == Shape::Mark && token.raw != "-" || self.is(end, closed))
    }

    /// Tells whether a bare number is said to be that of people: "the number of patients affected is 4,469".
    fn is_total(&self, start: usize, range: &NumberRange) -> bool {
        const REACH: usize = 14;
        let class = &self.rules.class;
        let first = self.sentence.tokens.start.max(start.saturating_sub(REACH));
        let said = start > first && (self.is(start - 1, class.be) || matches!(self.raw(start - 1), ":" | "to" | "at" | "as"));
        if range.value < 100.0 || !said {
            return false;
        }
        (first..start).any(|at| {
            let counted = self.is(at, class.people) && self.is_plural(at);
            let number_of = (first..at).any(|at| matches!(self.lower(at), "number" | "total" | "count"));
            let hit = self.is(at + 1, class.affect) && self.forms(at + 1) & (form::PAST | form::PARTICIPLE) != 0;
            counted && (number_of || hit)
        })
    }

    /// Returns the unit of the count before, where a list leaves its noun out: "28,298 accounts of A, 61,011 of B".
    fn listed(&self, range: &NumberRange, last: Option<&Count>) -> Option<Unit> {
        let last = last?;
        let start = range.tokens.start;
        let long = range.value >= 1000.0 && (range.tokens.len() > 1 || self.raw(start).contains(','));
        let follows = start > self.sentence.tokens.start && matches!(self.raw(start - 1), "," | ";" | "and" | ")");
        let owner = self.token(range.tokens.end).is_some_and(|token| {
            token.shape == Shape::Mixed || token.is_capital() && token.raw.contains('.') || token.raw == "from"
        });
        let near = start.saturating_sub(last.tokens.end) <= 24;
        (long && follows && owner && near && last.figure.unit != Unit::Bytes).then_some(last.figure.unit)
    }

    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.sentence.tokens.contains(&at).then(|| &self.text.tokens[at])
    }

    fn raw(&self, at: usize) -> &str {
        self.token(at).map_or("", |token| token.raw)
    }

    fn lower(&self, at: usize) -> &str {
        self.token(at).map_or("", |_| self.text.small(at))
    }

    fn is(&self, at: usize, class: Classes) -> bool {
        self.token(at).is_some_and(|token| token.word.classes & class != 0)
    }

    fn forms(&self, at: usize) -> u8 {
        self.token(at).map_or(0, |token| token.word.forms)
    }
}

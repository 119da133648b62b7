//! Days as people say them, reckoned from the day of publication: "on Friday", "late last month", "between 15 and 19 October".

mod anchored;
mod calendar;
mod feasts;
mod relative;
mod spans;
mod words;
mod years;

use std::ops::Range;

use crate::base::day::{Day, DayRange};
use crate::base::token::Shape;

use super::text::{Sentence, Text, Token};
use crate::rules::lexicon::opener;

/// A phrase that names days.
#[derive(Clone, Debug)]
pub struct Days {
    /// Its sentence, by number.
    pub sentence: usize,
    /// Its tokens, by number in the text.
    pub tokens: Range<usize>,
    /// The days that it names.
    pub range: DayRange,
    /// How it names them.
    pub style: Style,
}

/// How a phrase names days; a plain weekday is no more than a hint of which week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// A day of the calendar: "June 17", "2011-06-17".
    Date,
    /// A month or part of one.
    Month,
    /// A year or part of one.
    Year,
    /// "Friday", "yesterday", "today".
    Weekday,
    /// "last week", "over the weekend", "two months ago", "the day before".
    Relative,
    /// Two ends: "between 15 and 19 October".
    Span,
}

/// Finds the phrases that name days, in order.
pub fn find(text: &Text<'_>, published: Day) -> Vec<Days> {
    let mut found = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate() {
        let reader = Reader { text, sentence, number, published };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            match reader.phrase(at, &found) {
                Some((range, end, style)) => {
                    found.push(Days { sentence: number, tokens: at..end, range, style });
                    at = end;
                }
                None => at += 1,
            }
        }
    }
    found
}

/// The days of a phrase, the token after it, and how it names them.
type Read = (DayRange, usize, Style);

/// Reads phrases of one sentence. Every phrase is short, so the work stays linear in the length of the text.
struct Reader<'r, 't> {
    text: &'r Text<'t>,
    sentence: &'r Sentence,
    number: usize,
    published: Day,
}

impl Reader<'_, '_> {
    /// Reads the longest phrase that begins at a token; `found` are the phrases before it.
    fn phrase(&self, at: usize, found: &[Days]) -> Option<Read> {
        let token = self.token(at)?;
        let number = token.raw.starts_with(|c: char| c.is_ascii_digit());
        let opens = number || token.word.opens & opener::DAYS != 0 || self.lower(at).starts_with("mid-");
        if !opens || self.points_elsewhere(at) || self.in_address(at) {
            return None;
        }
        let read = self.span(at).or_else(|| self.single(at)).or_else(|| self.anchored(at, found))?;
        Some(self.until_now(at, read))
    }

    /// Tells whether a token is an article, as most that a phrase may begin with are, and what follows neither counts nor points to days.
    fn points_elsewhere(&self, at: usize) -> bool {
        let points = |word: &str| {
            words::unit(word).is_some()
                || matches!(word, "same" | "very" | "next" | "following" | "previous" | "preceding" | "prior")
        };
        matches!(self.lower(at), "the" | "a" | "an" | "that") && !points(self.lower(at + 1))
    }

    fn single(&self, at: usize) -> Option<Read> {
        self.told(at).or_else(|| self.year(at))
    }

    /// Reads every single phrase for days but a bare year.
    fn told(&self, at: usize) -> Option<Read> {
        self.part_of_whole(at)
            .or_else(|| self.date(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.part_of_year(at))
    }

    /// What began on the days after "since" went on until publication.
    fn until_now(&self, at: usize, read: Read) -> Read {
        let (range, end, style) = read;
        let mut before = at;
        let lowest = self.sentence.tokens.start.max(at.saturating_sub(4));
        while before > lowest {
            before -= 1;
            let word = self.lower(before);
            if word == "since" && style != Style::Span && range.earliest <= self.published {
                return (DayRange::new(range.earliest, self.published), end, style);
            }
            if !matches!(word, "at" | "least" | "about" | "around" | "the" | "approximately" | "roughly") {
                break;
            }
        }
        read
    }

    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.sentence.tokens.contains(&at).then(|| &self.text.tokens[at])
    }

    fn raw(&self, at: usize) -> &str {
        self.token(at).map_or("", |token| token.raw)
    }

    /// A token in small letters, without the full stop of an abbreviation; empty outside the sentence.
    fn lower(&self, at: usize) -> &str {
        self.token(at).map_or("", |_| self.text.small(at).trim_end_matches('.'))
    }

    /// The word before a token, in small letters; empty at the beginning of the sentence.
    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map(|before| self.lower(before)).unwrap_or_default()
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.lower(at))
    }

    /// Passes over a token if it is one of the words.
    fn skip(&self, at: usize, words: &[&str]) -> usize {
        at + usize::from(self.is(at, words))
    }

    /// Tells whether a token is a piece of a web address or path, as in "/2021/05/08/": a slash touches it.
    fn in_address(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return false };
        let before = at.checked_sub(1).and_then(|before| self.token(before));
        let after = self.token(at + 1);
        before.is_some_and(|before| before.raw == "/" && before.span.end == token.span.start)
            || after.is_some_and(|after| after.raw == "/" && after.span.start == token.span.end) && token.shape == Shape::Number
    }

    /// Tells whether the word before makes a day one to come, or one of many: "next Friday", "every weekend".
    fn is_no_past(&self, at: usize) -> bool {
        at > self.sentence.tokens.start
            && self.is(at - 1, &["next", "coming", "upcoming", "every", "each", "per", "any", "most", "following"])
    }

    fn month_before(&self, back: i64) -> Option<DayRange> {
        month_plus(self.published, -back)
    }
}

/// Returns the month that lies `months` after that of a day.
fn month_plus(day: Day, months: i64) -> Option<DayRange> {
    let months = (i64::from(day.year()) * 12 + i64::from(day.month()) - 1).checked_add(months)?;
    DayRange::month(i16::try_from(months.div_euclid(12)).ok()?, i8::try_from(months.rem_euclid(12)).ok()? + 1)
}

/// Returns the first to the last of some months of a year.
fn months(year: i16, first: i8, last: i8) -> Option<DayRange> {
    Some(DayRange::new(DayRange::month(year, first)?.earliest, DayRange::month(year, last)?.latest))
}

/// Returns the days of the same name in another year.
fn in_year(range: DayRange, year: i16) -> DayRange {
    let moved = |day: Day| Day::new(year, day.month(), day.day_of_month()).unwrap_or(day);
    DayRange::new(moved(range.earliest), moved(range.latest))
}

/// Returns Monday to Sunday of the week of a day.
fn week_of(day: Day) -> DayRange {
    DayRange::new(day.monday(), day.monday().plus(6))
}

//! Days between two ends: "between 15 and 19 October", "December 12-17, 2024", "from May 2016 until March 9".

use crate::base::day::{Day, DayRange};
use crate::base::token::Shape;
use crate::extract::text::Token;

use super::words::month;
use super::{Read, Reader, Style, in_year};

const DASHES: [&str; 4] = ["-", "–", "—", "‑"];
const TO: [&str; 5] = ["to", "through", "thru", "until", "till"];

impl Reader<'_, '_> {
    /// Reads days that have a first and a last one.
    pub(super) fn span(&self, at: usize) -> Option<Read> {
        let opened = self.is(at, &["between", "from"]);
        self.of_one_month(at, opened).or_else(|| self.two_ends(at, opened))
    }

    /// Reads two days of one month: "December 12-17, 2024", "the 15 and 19 of October", "12 to 17 December".
    fn of_one_month(&self, at: usize, opened: bool) -> Option<Read> {
        let start = if opened { self.skip(at + 1, &["the"]) } else { at };
        if let Some(number) = self.month_name(start) {
            let (first, last, end) = self.two_days(self.after_month(start), opened)?;
            let other_month = self.month_name(self.skip(end, &["of"])).is_some();
            let counted = self.is(end, &["million", "billion", "thousand", "%", "percent"]);
            let (year, after) = self.written_year(end);
            return if other_month || counted { None } else { self.of_month(first, last, number, year, after.max(end)) };
        }
        let (first, last, end) = self.two_days(start, opened)?;
        let name = self.skip(end, &["of"]);
        let number = self.month_name(name)?;
        let end = self.after_month(name);
        let (year, after) = self.written_year(end);
        self.of_month(first, last, number, year, after.max(end))
    }

    fn of_month(&self, first: i8, last: i8, month: i8, year: Option<i16>, end: usize) -> Option<Read> {
        let last = self.on(year, month, last)?;
        let first = Day::new(last.year(), month, first)?;
        Some((DayRange::new(first, last), end, Style::Span))
    }

    fn month_name(&self, at: usize) -> Option<i8> {
        self.token(at).filter(|token| Token::is_capital(token) && !token.raw.starts_with("mid"))?;
        month(self.text.small(at))
    }

    /// Reads two numbers of days, the second the higher: "12-17", "15 and the 19"; and the token after them.
    fn two_days(&self, at: usize, opened: bool) -> Option<(i8, i8, usize)> {
        let token = self.token(at).filter(|token| token.shape == Shape::Number)?;
        let one_word = token.raw.split_once('-').and_then(|(first, last)| {
            let day = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i8>().ok();
            let inside = |day: &i8| (1..=31).contains(day);
            Some((day(first).filter(inside)?, day(last).filter(inside)?, at + 1))
        });
        let (first, last, end) = match one_word {
            Some(read) => read,
            None => {
                let first = self.day_number(at)?;
                let last = self.skip(at + 2, &["the"]);
                let listed = self.is(at + 1, &["and", "&"]);
                let joined = self.is(at + 1, &TO) || DASHES.contains(&self.raw(at + 1)) || listed;
                let second = self.day_number(last).filter(|_| joined)?;
                if listed && !opened && second != first + 1 {
                    return None;
                }
                (first, second, last + 1)
            }
        };
        (first < last).then_some((first, last, end))
    }

    /// Reads "from A to B", "between A and B", "A through B", where each end names days by itself.
    fn two_ends(&self, at: usize, opened: bool) -> Option<Read> {
        let start = if opened { self.to_end(at + 1) } else { at };
        let (first, end, style) = if opened { self.end(start)? } else { self.date(start)? };
        let join = self.join(end, at, opened)?;
        let next = self.to_end(join);
        let (last, after, last_style) = self.end(next).or_else(|| self.now(next))?;
        if !opened && !matches!(last_style, Style::Date | Style::Month | Style::Weekday) {
            return None;
        }
        let written = (start..end).any(|at| self.year_number(at).is_some());
        let first = match (style, last_style) {
            _ if first.earliest <= last.latest && (written || last.latest.year() == first.earliest.year()) => first,
            (Style::Weekday, Style::Weekday) => DayRange::new(first.earliest.plus(-7), first.latest.plus(-7)),
            (Style::Date | Style::Month, _) if !written => {
                let same = in_year(first, last.latest.year());
                if same.earliest > last.latest { in_year(first, last.latest.year().checked_sub(1)?) } else { same }
            }
            _ => first,
        };
        (first.earliest <= last.latest).then(|| (DayRange::new(first.earliest, last.latest), after, Style::Span))
    }

    /// Passes over what may stand before an end: "about", "the", "on or about".
    fn to_end(&self, mut at: usize) -> usize {
        for _ in 0..4 {
            at = self
                .skip(at, &["about", "around", "approximately", "roughly", "on", "or", "the", "sometime", "at", "least", "as"]);
        }
        at
    }

    /// Reads one end of a span, which may be a bare year.
    fn end(&self, at: usize) -> Option<Read> {
        if self.is_no_past(at) {
            return None;
        }
        self.told(at).or_else(|| self.whole_year(at))
    }

    fn now(&self, at: usize) -> Option<Read> {
        let now = self.is(at, &["now", "present"]) || self.is(at, &["date"]) && self.before(at) == "to";
        now.then(|| (DayRange::day(self.published), at + 1, Style::Weekday))
    }

    /// Reads the words between two ends; returns the token after them.
    fn join(&self, at: usize, opening: usize, opened: bool) -> Option<usize> {
        let between = self.is(opening, &["between"]);
        let next = self.skip(at, &[","]);
        if DASHES.contains(&self.raw(next)) && next == at {
            return Some(next + 1);
        }
        let verb = self.skip(next, &["and"]);
        if self.is(verb, &["ending", "ended", "lasting", "lasted", "continuing", "continued", "running", "ran", "concluding"]) {
            let on = self.skip(self.skip(verb + 1, &["up", "on"]), &TO);
            return Some(self.skip(on, &["on"]));
        }
        if between && self.is(next, &["and"]) {
            return Some(self.skip(next + 1, &TO));
        }
        let to = self.is(next, &TO) && (opened || next == at || !self.is(next, &["to"]));
        let up_to = self.is(next, &["up"]) && self.is(next + 1, &["to", "until"]);
        if up_to { Some(next + 2) } else { to.then_some(next + 1) }
    }
}

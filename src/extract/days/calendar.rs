//! Days and months by their names and numbers: "June 17, 2011", "17 June", "2011-06-17", "early May".

use crate::base::day::{Day, DayRange};
use crate::base::token::Shape;

use super::words::{Part, month, ordinal, weekday};
use super::{Read, Reader, Style, months};
use crate::extract::text::Token;

impl Reader<'_, '_> {
    /// Reads a day or month of the calendar.
    pub(super) fn date(&self, at: usize) -> Option<Read> {
        self.iso(at).or_else(|| self.month_first(at)).or_else(|| self.day_first(at))
    }

    /// Reads days written with numbers and marks: "2011-06-17", "6/17/2011", "17.06.2011", "17-June-2011", "06/2011".
    fn iso(&self, at: usize) -> Option<Read> {
        let raw = self.token(at)?.raw;
        if !raw.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let day_alone = raw.split_once('T').filter(|(day, _)| day.len() == 10).map_or(raw, |(day, _)| day);
        let separator = ['-', '/', '.'].into_iter().find(|mark| day_alone.contains(*mark))?;
        let parts: Vec<&str> = day_alone.splitn(5, separator).collect();
        let number = |text: &str| (text.len() <= 4).then(|| text.parse::<i16>().ok()).flatten();
        let small = |number: i16| i8::try_from(number).ok();
        let day = match parts[..] {
            [a, b, c] if month(&b.to_lowercase()).is_some() => {
                let b = month(&b.to_lowercase())?;
                let (a, c) = (number(a)?, number(c)?);
                if a > 31 { Day::new(a, b, small(c)?) } else { Day::new(c, b, small(a)?) }
            }
            [a, b, c] => {
                let dotted = separator == '.' && (a.len() != 2 || b.len() != 2 || c.len() != 4);
                let (a, b, c) = (number(a)?, number(b)?, number(c)?);
                match () {
                    () if dotted => None,
                    () if separator == '.' => Day::new(c, small(b)?, small(a)?),
                    () if a > 31 => Day::new(a, small(b)?, small(c)?),
                    () => slashed(a, b, c),
                }
            }
            [a, b] if separator == '/' && b.len() == 4 => {
                let range = DayRange::month(number(b)?, small(number(a)?)?)?;
                return self.is_near(range.earliest).then_some((range, at + 1, Style::Month));
            }
            _ => None,
        };
        day.filter(|day| self.is_near(*day)).map(|day| (DayRange::day(day), at + 1, Style::Date))
    }

    /// Tells whether news may speak of a day: from 1980 to a few years ahead.
    fn is_near(&self, day: Day) -> bool {
        day.year() >= 1980 && day.year() <= self.published.year().saturating_add(5)
    }

    /// Reads "June 17, 2011", "June 17", "late June", "June 2011", "in June", "last June".
    fn month_first(&self, at: usize) -> Option<Read> {
        let (part, from) = self.part(at);
        let (which, from) = match self.lower(from) {
            "last" | "this" | "past" if month(self.lower(from + 1)).is_some() => (Some(self.lower(from)), from + 1),
            _ => (None, from),
        };
        let number = month(self.lower(from))?;
        if !self.token(from)?.is_capital() {
            return None;
        }
        let next = self.after_month(from);
        if part.is_none()
            && let Some(day) = self.day_of_month(next)
        {
            let (year, end) = self.written_year(next + 1);
            let end = end.max(next + 1);
            let day = self.on(year.or_else(|| self.year_behind(end, number)), number, day)?;
            return Some((DayRange::day(day), self.part_of_day(end), Style::Date));
        }
        let (year, end) = self.written_year(next);
        let end = end.max(next);
        let plain = year.is_none() && part.is_none() && which.is_none();
        if plain && (!self.is_plainly_month(at) || self.is_no_past(at)) {
            return None;
        }
        let range = match (year.or_else(|| self.year_behind(end, number)), which) {
            (Some(year), _) => DayRange::month(year, number)?,
            (None, Some("this")) => {
                DayRange::month(self.published.year(), number).filter(|range| range.earliest <= self.published)?
            }
            (None, Some(_)) if number == self.published.month() => DayRange::month(self.published.year() - 1, number)?,
            (None, _) => self.latest_month(number)?,
        };
        Some((part_of(range, part), end, Style::Month))
    }

    /// Returns the token after a month, past the full stop of an abbreviation.
    pub(super) fn after_month(&self, at: usize) -> usize {
        let name = self.raw(at);
        let short = name.len() <= 4 && !matches!(self.lower(at), "may" | "june" | "july");
        let number = self.token(at + 2).is_some_and(|token| token.shape == Shape::Number);
        at + 1 + usize::from(self.raw(at + 1) == "." && (short || number))
    }

    /// Reads the day behind a month, where nothing shows that the number counts something else.
    fn day_of_month(&self, at: usize) -> Option<i8> {
        let day = self.day_number(at)?;
        let other = ["%", "percent", "million", "billion", "thousand", "hundred", "gb", "tb", "gigabytes", "terabytes"];
        (!self.is(at + 1, &other)).then_some(day)
    }

    /// Tells whether a month that stands alone is one: "in May", "the May breach", but neither "may" nor "Theresa May".
    fn is_plainly_month(&self, at: usize) -> bool {
        let word = self.lower(at);
        let before = self.before(at);
        let timed = matches!(
            before,
            "in" | "since"
                | "during"
                | "until"
                | "till"
                | "by"
                | "from"
                | "of"
                | "last"
                | "between"
                | "early"
                | "late"
                | "mid"
                | "through"
                | "throughout"
                | "to"
                | "and"
                | "before"
                | "after"
                | "this"
                | "past"
                | "around"
                | "about"
        );
        let name_like = matches!(word, "may" | "april" | "june" | "august" | "march" | "jan");
        let pointed = matches!(before, "the" | "a" | "its" | "their" | "that");
        let small_before = pointed || self.token(at.wrapping_sub(1)).is_some_and(|token| token.shape == Shape::Lower);
        if word == "may" && !timed && (self.sentence.title_case || !small_before) {
            return false;
        }
        let short = word.len() == 3 && word != "may" || word == "sept";
        if short && !timed && self.raw(at + 1) != "." {
            return false;
        }
        let next_name = self.token(at + 1).is_some_and(|token| token.shape == Shape::Capital);
        let first = at == self.sentence.tokens.start;
        let name_before = !first
            && self.token(at - 1).is_some_and(|token| token.shape == Shape::Capital)
            && !timed
            && weekday(before).is_none();
        let surname = name_before && at - 1 > self.sentence.tokens.start;
        !name_like || timed && !(next_name && before == "and") || self.sentence.title_case || !(surname || next_name)
    }

    /// Reads "17 June 2011", "17th of June", "the 17th of June", and "7" of "7 and 29 June".
    fn day_first(&self, at: usize) -> Option<Read> {
        let day = self.day_number(at)?;
        let shared = self.is(at + 1, &["and", "&"]) && self.day_number(at + 2).is_some();
        let next = if shared { at + 3 } else { at + 1 };
        let next = self.skip(next, &["of"]);
        let number = month(self.lower(next)).filter(|_| self.token(next).is_some_and(Token::is_capital))?;
        let next = self.after_month(next);
        let (year, end) = self.written_year(next);
        let end = end.max(next);
        let day = self.on(year.or_else(|| self.year_behind(end, number)), number, day)?;
        Some((DayRange::day(day), if shared { at + 1 } else { self.part_of_day(end) }, Style::Date))
    }

    /// Reads "early", "the middle of", "at the end of": the part, and the token after the phrase.
    pub(super) fn part(&self, at: usize) -> (Option<Part>, usize) {
        let word = self.lower(at);
        let part = match word {
            "early" => Part::Early,
            "mid" | "middle" => Part::Mid,
            "late" => Part::Late,
            "end" | "beginning" | "start" if self.is(at + 1, &["of"]) => {
                return (Some(if word == "end" { Part::Late } else { Part::Early }), at + 2);
            }
            word => {
                let mid = word.strip_prefix("mid-").and_then(month).is_some();
                return (mid.then_some(Part::Mid), at);
            }
        };
        let next = self.skip(at + 1, &["-"]);
        let next = self.skip(next, &["in", "on"]);
        (Some(part), self.skip(next, &["of"]))
    }

    /// Reads part of a month or year by number: "the first week of May", "the second half of 2016", "first two weeks of May".
    pub(super) fn part_of_whole(&self, at: usize) -> Option<Read> {
        let which = ordinal(self.lower(at))?;
        let (many, next) = self.count(at + 1).unwrap_or((1, at + 1));
        if self.is_no_past(at) || !self.is(next + 1, &["of", "in"]) || !(1..=12).contains(&many) {
            return None;
        }
        let whole = self.skip(next + 2, &["the"]);
        let (range, end, _) = self.month_first(whole).filter(|read| read.2 == Style::Month).or_else(|| self.whole_year(whole))?;
        let (first, last, year) = (range.earliest, range.latest, range.earliest.year());
        let is_year = range.days() > 31;
        let days = |length: i64| match which {
            0 => DayRange::new(last.plus(1 - length * many), last),
            _ => DayRange::new(first.plus(length * (which - 1)), first.plus(length * (which - 1 + many) - 1)),
        };
        let of_year = |length: i64| {
            let begin = if which == 0 { 13 - length * many } else { 1 + length * (which - 1) };
            let end = if which == 0 { 12 } else { begin + length * many - 1 };
            months(year, i8::try_from(begin).ok()?, i8::try_from(end).ok()?)
        };
        let part = match self.lower(next) {
            "day" | "days" => days(1),
            "week" | "weeks" => days(7),
            "half" if which <= 2 && is_year => of_year(6)?,
            "half" if which == 1 => DayRange::new(first, first.plus(14)),
            "half" if which <= 2 => DayRange::new(first.plus(15), last),
            "quarter" if is_year => of_year(3)?,
            "month" | "months" if is_year => of_year(1)?,
            "weekend" if which > 0 => {
                let saturday = first.plus(6 - first.plus(1).days_since(first.plus(1).monday()));
                DayRange::new(saturday.plus(7 * (which - 1)), saturday.plus(7 * (which - 1) + 1))
            }
            name if which > 0 => {
                let wanted = i64::from(weekday(name)?.to_monday_zero_offset());
                let ahead = (wanted - first.days_since(first.monday())).rem_euclid(7);
                DayRange::day(first.plus(ahead + 7 * (which - 1)))
            }
            _ => return None,
        };
        let style = if is_year { Style::Year } else { Style::Month };
        (part.earliest >= first && part.latest <= last.plus(1)).then_some((part, end, style))
    }

    /// Passes over "night" in "Tuesday night".
    pub(super) fn part_of_day(&self, at: usize) -> usize {
        self.skip(at, &["morning", "afternoon", "evening", "night", "overnight"])
    }

    /// Returns the latest month of that number that does not lie after publication.
    fn latest_month(&self, number: i8) -> Option<DayRange> {
        let year = self.published.year() - i16::from(number > self.published.month());
        DayRange::month(year, number)
    }

    /// Returns a day of the year given, or the latest one on or before publication.
    pub(super) fn on(&self, year: Option<i16>, month: i8, day: i8) -> Option<Day> {
        if let Some(year) = year {
            return Day::new(year, month, day);
        }
        // A day that lies just ahead is one of this year all the same: "until July 4".
        Day::new(self.published.year(), month, day)
            .filter(|found| found.days_since(self.published) <= 31)
            .or_else(|| Day::new(self.published.year() - 1, month, day))
    }

    /// Reads the number of a day: "17", "17th".
    pub(super) fn day_number(&self, at: usize) -> Option<i8> {
        let raw = self.token(at).filter(|token| token.shape == Shape::Number)?.raw;
        let digits = raw.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &raw[digits.len()..];
        let ordinal = ["", "st", "nd", "rd", "th"].iter().any(|known| ending.eq_ignore_ascii_case(known));
        digits.parse::<i8>().ok().filter(|day| ordinal && (1..=31).contains(day) && digits.len() <= 2)
    }
}

/// Reads "6/17/2011" the American way, the other where only that is a day.
fn slashed(a: i16, b: i16, year: i16) -> Option<Day> {
    let year = if year < 100 { 2000 + year } else { year };
    let (a, b) = (i8::try_from(a).ok()?, i8::try_from(b).ok()?);
    Day::new(year, a, b).or_else(|| Day::new(year, b, a))
}

/// Returns days 1-10, 11-20 or 21-end of a month.
pub(super) fn part_of(month: DayRange, part: Option<Part>) -> DayRange {
    let first = month.earliest;
    match part {
        None => month,
        Some(Part::Early) => DayRange::new(first, first.plus(9)),
        Some(Part::Mid) => DayRange::new(first.plus(10), first.plus(19)),
        Some(Part::Late) => DayRange::new(first.plus(20), month.latest),
    }
}

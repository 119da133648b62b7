//! Days as people say them, reckoned from the day of publication: "on Friday", "late last month", "between 15 and 19 October".

use std::ops::Range;

use crate::base::day::{Day, DayRange, Weekday};
use crate::base::token::Shape;

use super::text::{Sentence, Text, Token};

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
    /// "last week", "over the weekend", "two months ago".
    Relative,
    /// Two ends: "between 15 and 19 October".
    Span,
}

/// Finds the phrases that name days, in order.
pub fn find(text: &Text<'_>, published: Day) -> Vec<Days> {
    let mut found = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate() {
        let reader = Reader { text, sentence, published };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            match reader.phrase(at).or_else(|| reader.week_before(at, &found)) {
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

type Read = (DayRange, usize, Style);

struct Reader<'r, 't> {
    text: &'r Text<'t>,
    sentence: &'r Sentence,
    published: Day,
}

impl Reader<'_, '_> {
    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.sentence.tokens.contains(&at).then(|| &self.text.tokens[at])
    }

    fn lower(&self, at: usize) -> String {
        self.token(at).map(|token| token.raw.trim_end_matches('.').to_lowercase()).unwrap_or_default()
    }

    /// Reads the longest phrase that begins at a token.
    fn phrase(&self, at: usize) -> Option<Read> {
        let token = self.token(at)?;
        let interesting = token.shape == Shape::Number || token.word.id != 0;
        if !interesting {
            return None;
        }
        self.span(at).or_else(|| self.single(at))
    }

    fn single(&self, at: usize) -> Option<Read> {
        self.date(at)
            .or_else(|| self.relative(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.part_of_year(at))
            .or_else(|| self.year(at))
    }

    /// Reads "between A and B", "from A to B", "A through B", "between 15 and 19 October".
    fn span(&self, at: usize) -> Option<Read> {
        let opening = self.lower(at);
        let opened = matches!(opening.as_str(), "between" | "from");
        let start = at + usize::from(opened);
        let joins = |word: &str| {
            matches!(word, "to" | "through" | "until" | "till" | "-" | "–" | "thru") || opening == "between" && word == "and"
        };
        if opened && let Some(day) = self.day_number(start) {
            let mut next = start + 1;
            if joins(&self.lower(next)) {
                next += 1;
                next += usize::from(self.lower(next) == "the");
                let (last, end, _) = self.date(next).filter(|read| read.2 == Style::Date)?;
                let first = Day::new(last.latest.year(), last.latest.month(), day).filter(|first| *first <= last.latest)?;
                return Some((DayRange::new(first, last.latest), end, Style::Span));
            }
        }
        let (first, end, style) =
            self.date(start).or_else(|| if opened { self.year(start).or_else(|| self.part_of_year(start)) } else { None })?;
        if !joins(&self.lower(end)) {
            return None;
        }
        if style == Style::Date
            && let Some(last) = self.day_number(end + 1).filter(|last| *last > first.earliest.day_of_month())
        {
            let month_follows = month(&self.lower(end + 2)).is_some();
            if !month_follows && let Some(last) = Day::new(first.earliest.year(), first.earliest.month(), last) {
                let (year, after) = self.written_year(end + 2);
                let range = DayRange::new(first.earliest, last);
                return Some((year.map_or(range, |year| in_year(range, year)), after.max(end + 2), Style::Span));
            }
        }
        let (last, after, _) = self.date(end + 1).or_else(|| self.year(end + 1)).or_else(|| self.part_of_year(end + 1))?;
        let first =
            if last.latest < first.earliest && !self.has_year(start, end) { in_year(first, last.latest.year()) } else { first };
        let first = if first.earliest > last.latest { in_year(first, last.latest.year() - 1) } else { first };
        Some((DayRange::new(first.earliest, last.latest), after, Style::Span))
    }

    fn has_year(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| self.year_number(at).is_some())
    }

    /// Reads a day or month of the calendar.
    fn date(&self, at: usize) -> Option<Read> {
        self.iso(at).or_else(|| self.month_first(at)).or_else(|| self.day_first(at))
    }

    fn iso(&self, at: usize) -> Option<Read> {
        let raw = self.token(at)?.raw;
        let separator = if raw.contains('-') { '-' } else { '/' };
        let parts: Vec<&str> = raw.split(separator).collect();
        let [a, b, c] = parts[..] else { return None };
        let number = |text: &str| text.parse::<i16>().ok();
        let (a, b, c) = (number(a)?, number(b)?, number(c)?);
        let day = if a > 31 { Day::new(a, b as i8, c as i8) } else { self.slashed(a, b, c) };
        day.map(|day| (DayRange::day(day), at + 1, Style::Date))
    }

    /// Reads "6/17/2011" the American way, the other where only that is a day.
    fn slashed(&self, a: i16, b: i16, year: i16) -> Option<Day> {
        let year = if year < 100 { 2000 + year } else { year };
        Day::new(year, a as i8, b as i8).or_else(|| Day::new(year, b as i8, a as i8))
    }

    /// Reads "June 17, 2011", "June 17", "late June", "June 2011", "in June", "last June".
    fn month_first(&self, at: usize) -> Option<Read> {
        let (part, from) = self.part(at);
        let (which, from) = match self.lower(from).as_str() {
            "last" | "this" | "past" if month(&self.lower(from + 1)).is_some() => (Some(self.lower(from)), from + 1),
            _ => (None, from),
        };
        let number = month(&self.lower(from))?;
        if !self.token(from)?.is_capital() {
            return None;
        }
        let mut next = from + 1;
        next += usize::from(self.token(next).is_some_and(|token| token.raw == "."));
        if part.is_none()
            && let Some(day) = self.day_number(next)
            && self.token(next + 1).is_none_or(|token| token.raw != "%")
        {
            let (year, end) = self.written_year(next + 1);
            let day = self.on(year, number, day)?;
            return Some((DayRange::day(day), end.max(next + 1), Style::Date));
        }
        let (year, end) = self.written_year(next);
        let may = self.lower(from) == "may" && year.is_none() && part.is_none() && which.is_none();
        if may && !self.after_time_word(at) {
            return None;
        }
        let range = match year {
            Some(year) => DayRange::month(year, number)?,
            None => self.latest_month(number)?,
        };
        Some((part_of(range, part), end.max(next), Style::Month))
    }

    fn after_time_word(&self, at: usize) -> bool {
        at > self.sentence.tokens.start
            && matches!(
                self.lower(at - 1).as_str(),
                "in" | "since" | "during" | "until" | "by" | "from" | "of" | "last" | "between" | "early" | "late"
            )
    }

    /// Reads "17 June 2011", "17th of June", "the 17th of June".
    fn day_first(&self, at: usize) -> Option<Read> {
        let day = self.day_number(at)?;
        let mut next = at + 1;
        next += usize::from(self.lower(next) == "of");
        let number = month(&self.lower(next)).filter(|_| self.token(next).is_some_and(Token::is_capital))?;
        next += 1;
        next += usize::from(self.token(next).is_some_and(|token| token.raw == "."));
        let (year, end) = self.written_year(next);
        let day = self.on(year, number, day)?;
        Some((DayRange::day(day), end.max(next), Style::Date))
    }

    fn part(&self, at: usize) -> (Option<Part>, usize) {
        let part = match self.lower(at).as_str() {
            "early" => Part::Early,
            "mid" | "middle" => Part::Mid,
            "late" => Part::Late,
            "end" | "beginning" | "start" => {
                let part = if self.lower(at) == "end" { Part::Late } else { Part::Early };
                let of = at + 1;
                return if self.lower(of) == "of" { (Some(part), of + 1) } else { (None, at) };
            }
            word => {
                let stripped = word.strip_prefix("mid-").and_then(month);
                return if stripped.is_some() { (Some(Part::Mid), at) } else { (None, at) };
            }
        };
        let mut next = at + 1;
        next += usize::from(self.token(next).is_some_and(|token| token.raw == "-"));
        next += usize::from(self.lower(next) == "in");
        next += usize::from(self.lower(next) == "of");
        (Some(part), next)
    }

    /// Reads "late 2014", "early last year", "summer 2014", "the third quarter of 2014".
    fn part_of_year(&self, at: usize) -> Option<Read> {
        let word = self.lower(at);
        let season = match word.as_str() {
            "spring" => Some((3, 5)),
            "summer" => Some((6, 8)),
            "fall" | "autumn" => Some((9, 11)),
            "q1" => Some((1, 3)),
            "q2" => Some((4, 6)),
            "q3" => Some((7, 9)),
            "q4" => Some((10, 12)),
            _ => None,
        };
        if let Some((first, last)) = season {
            let of = at + 1 + usize::from(self.lower(at + 1) == "of");
            let (year, end) = (self.year_number(of)?, of + 1);
            return Some((months(year, first, last)?, end, Style::Year));
        }
        let (part, next) = self.part(at);
        let part = part?;
        let next = next + usize::from(self.lower(next) == "the");
        let (year, end) = match self.year_number(next) {
            Some(year) => (year, next + 1),
            None => match (self.lower(next).as_str(), self.lower(next + 1).as_str()) {
                ("last", "year") => (self.published.year() - 1, next + 2),
                ("this", "year") => (self.published.year(), next + 2),
                ("last", "month") => return Some((part_of(self.month_before(1)?, Some(part)), next + 2, Style::Month)),
                ("this", "month") => return Some((part_of(self.month_before(0)?, Some(part)), next + 2, Style::Month)),
                _ => return None,
            },
        };
        let end_of = word == "end";
        let (first, last) = match part {
            Part::Early => (1, 3),
            Part::Mid => (5, 8),
            Part::Late if end_of => (12, 12),
            Part::Late => (10, 12),
        };
        Some((months(year, first, last)?, end, Style::Year))
    }

    /// Reads "in 2014", "2014" after a word of time, "last year".
    fn year(&self, at: usize) -> Option<Read> {
        let year = self.year_number(at)?;
        let before =
            at.checked_sub(1).filter(|before| *before >= self.sentence.tokens.start).map(|at| self.lower(at)).unwrap_or_default();
        let said = matches!(
            before.as_str(),
            "in" | "since"
                | "during"
                | "of"
                | "from"
                | "until"
                | "by"
                | "between"
                | "and"
                | "to"
                | "through"
                | "early"
                | "late"
                | "("
                | "-"
                | "throughout"
                | "year"
        );
        let possessive = self.token(at + 1).is_some_and(|token| token.raw.starts_with(['\'', '’']));
        (said || possessive).then_some(())?;
        Some((DayRange::year(year)?, at + 1, Style::Year))
    }

    fn weekday(&self, at: usize) -> Option<Read> {
        let word = self.lower(at);
        let (which, from) = match word.as_str() {
            "last" | "this" | "past" | "next" => (word.clone(), at + 1),
            _ => (String::new(), at),
        };
        let wanted = weekday(&self.lower(from)).filter(|_| self.token(from).is_some_and(Token::is_capital))?;
        if which == "next" {
            return None;
        }
        let after = self.token(from + 1).map(|token| token.raw);
        let dated = from + 1 + usize::from(after == Some(","));
        if let Some((range, end, Style::Date)) = self.date(dated) {
            return Some((range, end, Style::Date));
        }
        let mut back = i64::from(self.published.weekday().to_monday_zero_offset()) - i64::from(wanted.to_monday_zero_offset());
        if back < 0 || back == 0 && which == "last" {
            back += 7;
        }
        Some((DayRange::day(self.published.plus(-back)), from + 1, Style::Weekday))
    }

    /// Reads "yesterday", "last week", "over the weekend", "two months ago", "earlier this month".
    fn relative(&self, at: usize) -> Option<Read> {
        let today = self.published;
        let word = self.lower(at);
        match word.as_str() {
            "today" | "tonight" => return Some((DayRange::day(today), at + 1, Style::Weekday)),
            "yesterday" => return Some((DayRange::day(today.plus(-1)), at + 1, Style::Weekday)),
            "weekend" => return Some((self.weekend(), at + 1, Style::Relative)),
            _ => {}
        }
        if let Some(read) = self.ago(at) {
            return Some(read);
        }
        let earlier = matches!(word.as_str(), "earlier" | "later") as usize;
        let which = self.lower(at + earlier);
        let unit = self.lower(at + earlier + 1);
        let end = at + earlier + 2;
        let range = match (which.as_str(), unit.as_str()) {
            ("this", "week") => DayRange::new(today.monday(), today),
            ("last" | "past", "week") if which == "last" => DayRange::new(today.monday().plus(-7), today.monday().plus(-1)),
            ("this", "month") if earlier == 1 => DayRange::new(self.month_before(0)?.earliest, today),
            ("this", "month") => DayRange::new(self.month_before(0)?.earliest, today),
            ("last", "month") => self.month_before(1)?,
            ("this", "year") => DayRange::new(DayRange::year(today.year())?.earliest, today),
            ("last", "year") => DayRange::year(today.year() - 1)?,
            ("last" | "this" | "past", "weekend") => self.weekend(),
            ("this" | "last", "summer" | "spring" | "fall" | "autumn") => self.season(&unit, which == "last")?,
            _ => return None,
        };
        Some((range, end, Style::Relative))
    }

    fn season(&self, word: &str, _last: bool) -> Option<DayRange> {
        let (first, last) = match word {
            "spring" => (3, 5),
            "summer" => (6, 8),
            _ => (9, 11),
        };
        let range = months(self.published.year(), first, last)?;
        if range.earliest > self.published { months(self.published.year() - 1, first, last) } else { Some(range) }
    }

    /// Reads "the week before", seen from the last week that was named.
    fn week_before(&self, at: usize, found: &[Days]) -> Option<Read> {
        let words = (self.lower(at), self.lower(at + 1), self.lower(at + 2));
        if words.0 != "the" || words.1 != "week" || !matches!(words.2.as_str(), "before" | "prior" | "earlier") {
            return None;
        }
        let last = found.last().map_or(DayRange::day(self.published), |days| days.range);
        let monday = last.earliest.monday().plus(-7);
        Some((DayRange::new(monday, monday.plus(6)), at + 3, Style::Relative))
    }

    /// Reads "two weeks ago", "13 months ago", "a year ago", "three days earlier" (only "ago").
    fn ago(&self, at: usize) -> Option<Read> {
        let count = match self.lower(at).as_str() {
            "a" | "an" | "one" => 1,
            word => {
                NUMBERS.iter().position(|known| *known == word).map(|at| at as i64 + 2).or_else(|| word.parse::<i64>().ok())?
            }
        };
        if self.lower(at + 2) != "ago" || !(1..=60).contains(&count) {
            return None;
        }
        let today = self.published;
        let range = match self.lower(at + 1).as_str() {
            "day" | "days" => DayRange::day(today.plus(-count)),
            "week" | "weeks" => DayRange::new(today.monday().plus(-7 * count), today.monday().plus(-7 * count + 6)),
            "month" | "months" => self.month_before(count)?,
            "year" | "years" => DayRange::year(today.year() - i16::try_from(count).ok()?)?,
            _ => return None,
        };
        Some((range, at + 3, Style::Relative))
    }

    /// Returns the Saturday and Sunday just before publication, or up to it where it is one of them.
    fn weekend(&self) -> DayRange {
        let today = self.published;
        match today.weekday() {
            Weekday::Saturday => DayRange::day(today),
            Weekday::Sunday => DayRange::new(today.plus(-1), today),
            _ => DayRange::new(today.monday().plus(-2), today.monday().plus(-1)),
        }
    }

    fn month_before(&self, back: i64) -> Option<DayRange> {
        let months = i64::from(self.published.year()) * 12 + i64::from(self.published.month()) - 1 - back;
        DayRange::month(i16::try_from(months.div_euclid(12)).ok()?, months.rem_euclid(12) as i8 + 1)
    }

    /// Returns the latest month of that number that does not lie after publication.
    fn latest_month(&self, number: i8) -> Option<DayRange> {
        let year = self.published.year() - i16::from(number > self.published.month());
        DayRange::month(year, number)
    }

    /// Returns a day of the year given, or the latest one on or before publication.
    fn on(&self, year: Option<i16>, month: i8, day: i8) -> Option<Day> {
        if let Some(year) = year {
            return Day::new(year, month, day);
        }
        // A day that lies just ahead is one of this year all the same: "until July 4".
        Day::new(self.published.year(), month, day)
            .filter(|found| found.days_since(self.published) <= 31)
            .or_else(|| Day::new(self.published.year() - 1, month, day))
    }

    fn day_number(&self, at: usize) -> Option<i8> {
        let raw = self.token(at).filter(|token| token.shape == Shape::Number)?.raw.to_lowercase();
        let digits = raw.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th");
        digits.parse::<i8>().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
    }

    fn year_number(&self, at: usize) -> Option<i16> {
        let token = self.token(at).filter(|token| token.shape == Shape::Number && token.raw.len() == 4)?;
        token.raw.parse::<i16>().ok().filter(|year| (1980..=self.published.year() + 1).contains(year))
    }

    /// Reads ", 2011", "of 2011", "2011": the year and the token after it, or nothing and 0.
    fn written_year(&self, at: usize) -> (Option<i16>, usize) {
        let skip = usize::from(matches!(self.lower(at).as_str(), "," | "of" | "in"));
        match self.year_number(at + skip) {
            Some(year) => (Some(year), at + skip + 1),
            None if skip == 0 && self.lower(at) == "last" && self.lower(at + 1) == "year" => {
                (Some(self.published.year() - 1), at + 2)
            }
            None => (None, 0),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Early,
    Mid,
    Late,
}

/// Returns days 1-10, 11-20 or 21-end of a month.
fn part_of(month: DayRange, part: Option<Part>) -> DayRange {
    let first = month.earliest;
    match part {
        None => month,
        Some(Part::Early) => DayRange::new(first, first.plus(9)),
        Some(Part::Mid) => DayRange::new(first.plus(10), first.plus(19)),
        Some(Part::Late) => DayRange::new(first.plus(20), month.latest),
    }
}

fn months(year: i16, first: i8, last: i8) -> Option<DayRange> {
    Some(DayRange::new(DayRange::month(year, first)?.earliest, DayRange::month(year, last)?.latest))
}

fn in_year(range: DayRange, year: i16) -> DayRange {
    let moved = |day: Day| Day::new(year, day.month(), day.day_of_month()).unwrap_or(day);
    DayRange::new(moved(range.earliest), moved(range.latest))
}

const NUMBERS: [&str; 12] =
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"];

fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.strip_prefix("mid-").unwrap_or(word);
    if word == "sept" {
        return Some(9);
    }
    let at = NAMES.iter().position(|name| *name == word || word.len() == 3 && name.starts_with(word))?;
    Some(at as i8 + 1)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

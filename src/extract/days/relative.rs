//! Days reckoned from publication: "yesterday", "on Friday", "over the weekend", "last week", "two months ago".

use crate::base::day::{Day, DayRange, Weekday};
use crate::base::token::Shape;
use crate::extract::text::Token;

use super::words::{TimeUnit, season, small, unit, weekday};
use super::{Read, Reader, Style, months, week_of};

impl Reader<'_, '_> {
    /// Reads "Friday", "last Friday night", "Friday last week", "Friday, June 17".
    pub(super) fn weekday(&self, at: usize) -> Option<Read> {
        let which = self.is(at, &["last", "this", "past"]);
        let from = at + usize::from(which);
        let wanted = weekday(self.lower(from)).filter(|_| self.token(from).is_some_and(Token::is_capital))?;
        let next = from + 1 + usize::from(self.raw(from + 1) == "." && self.raw(from).len() <= 5);
        let dated = self.skip(self.skip(next, &[",", "("]), &["the"]);
        if let Some((range, end, Style::Date)) = self.date(dated) {
            return Some((range, end, Style::Date));
        }
        let short = self.raw(from).len() == 3 && next == from + 1;
        if short || self.is_no_past(at) || self.names_no_day(from) || self.is_working_week(from) {
            return None;
        }
        let ahead = i64::from(wanted.to_monday_zero_offset());
        let of_day = self.part_of_day(next);
        if of_day > next
            && let Some((range, end, Style::Date)) = self.date(self.skip(of_day, &[",", "("]))
        {
            return Some((range, end, Style::Date));
        }
        let of = self.skip(next, &["of"]);
        if self.is(of + 1, &["week"]) && self.is(of, &["last", "this"]) {
            let back = if self.is(of, &["last"]) { 7 } else { 0 };
            let day = self.published.monday().plus(ahead - back);
            return Some((DayRange::day(day), of + 2, Style::Weekday));
        }
        let mut back = i64::from(self.published.weekday().to_monday_zero_offset()) - ahead;
        if back < 0 || back == 0 && self.is(at, &["last"]) {
            back += 7;
        }
        Some((DayRange::day(self.published.plus(-back)), of_day, Style::Weekday))
    }

    /// Tells whether a weekday is part of a name, or one of many: "Patch Tuesday", "a Friday".
    fn names_no_day(&self, at: usize) -> bool {
        let names = ["patch", "black", "cyber", "ruby", "good", "super", "ash", "giving", "bloody"];
        at > self.sentence.tokens.start
            && (self.is(at - 1, &names) || self.is(at - 1, &["a"]) && self.is(at.wrapping_sub(2), &["on"]))
    }

    /// Tells whether a weekday is an end of the working week: "Monday through Friday".
    fn is_working_week(&self, at: usize) -> bool {
        let joins = ["through", "to", "-", "–", "thru", "until"];
        let ends = ["friday", "saturday", "sunday"];
        let ahead = self.is(at, &["monday"]) && self.is(at + 1, &joins) && self.is(at + 2, &ends);
        let before = at >= 2 && self.is(at, &ends) && self.is(at - 1, &joins) && self.is(at - 2, &["monday"]);
        ahead || before
    }

    /// Reads "yesterday", "last week", "over the weekend", "two months ago", "earlier this month".
    pub(super) fn relative(&self, at: usize) -> Option<Read> {
        self.near_day(at)
            .or_else(|| self.weekend(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.rolling(at))
            .or_else(|| self.week_of_day(at))
            .or_else(|| self.this_or_last(at))
    }

    /// Reads "today", "yesterday", "last night", "this morning", "overnight", "the day before yesterday".
    fn near_day(&self, at: usize) -> Option<Read> {
        let today = self.published;
        let late = at + usize::from(self.is(at, &["earlier", "late", "early", "later"]));
        let day = |back: i64, end: usize| Some((DayRange::day(today.plus(-back)), end, Style::Weekday));
        if self.is(at, &["the"]) && self.is(at + 1, &["day"]) && self.is(at + 2, &["before"]) && self.is(at + 3, &["yesterday"]) {
            return day(2, at + 4);
        }
        let named = self.raw(late) == "Today"
            && !self.sentence.title_case
            && self.token(late.wrapping_sub(1)).is_some_and(|token| matches!(token.shape, Shape::Capital | Shape::Upper));
        match self.lower(late) {
            "today" if named => None,
            "today" | "tonight" => day(0, late + 1),
            "yesterday" => day(1, self.part_of_day(late + 1)),
            "last" if self.is(late + 1, &["night", "evening"]) => day(1, late + 2),
            "this" if self.is(late + 1, &["morning", "afternoon", "evening"]) => day(0, late + 2),
            "overnight" if self.ends_phrase(late + 1) => Some((DayRange::new(today.plus(-1), today), late + 1, Style::Relative)),
            _ => None,
        }
    }

    /// Tells whether a phrase may end before a token, so that what stands before it describes no noun.
    pub(super) fn ends_phrase(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return true };
        let small = [
            "in",
            "by",
            "after",
            "when",
            "from",
            "and",
            "but",
            "as",
            "that",
            "with",
            "to",
            "because",
            "while",
            "until",
            "at",
            "for",
            "or",
            "during",
            "through",
            "following",
            "due",
            "via",
            "before",
            "of",
            "using",
            "which",
            "who",
            "where",
        ];
        token.shape == Shape::Mark || self.is(at, &small)
    }

    /// Reads "weekend" with what says which: "the weekend", "last weekend", "the weekend of June 17".
    fn weekend(&self, at: usize) -> Option<Read> {
        let which = self.is(at, &["last", "this", "past"]);
        let noun = at + usize::from(which);
        let many = self.is_no_past(noun) || at > self.sentence.tokens.start && self.is(at - 1, &["a", "long"]);
        if !self.is(noun, &["weekend"]) || many {
            return None;
        }
        if self.is(noun + 1, &["of"])
            && let Some((range, end, _)) = self.span(noun + 2).or_else(|| self.date(noun + 2)).filter(|read| read.0.days() <= 4)
        {
            let first = match range.earliest.weekday() {
                Weekday::Friday | Weekday::Saturday => range.earliest,
                Weekday::Sunday => range.earliest.plus(-1),
                _ => range.earliest.monday().plus(5),
            };
            return Some((DayRange::new(first, first.monday().plus(6)), end, Style::Relative));
        }
        let today = self.published;
        let back = self.is(at, &["last"]) || self.before(at) == "last";
        let range = match today.weekday() {
            Weekday::Saturday if !back => DayRange::day(today),
            Weekday::Sunday if !back => DayRange::new(today.plus(-1), today),
            _ => DayRange::new(today.monday().plus(-2), today.monday().plus(-1)),
        };
        Some((range, noun + 1, Style::Relative))
    }

    /// Reads "this week", "late last month", "earlier this year", "earlier in the week", "last summer".
    fn this_or_last(&self, at: usize) -> Option<Read> {
        let today = self.published;
        let part = self.lower(at);
        let led = matches!(part, "earlier" | "later" | "late" | "early");
        let in_the = led && self.is(at + 1, &["in"]) && self.is(at + 2, &["the"]);
        let at_which = at + usize::from(led) + usize::from(in_the);
        let (which, noun) = (self.lower(at_which), self.lower(at_which + 1));
        if in_the && part != "earlier" {
            return None;
        }
        let range = match (which, noun) {
            ("this", "week") => DayRange::new(today.monday(), today),
            ("the", "week") if in_the => DayRange::new(today.monday(), today),
            ("last", "week") => {
                let week = week_of(today.monday().plus(-7));
                match part {
                    "late" => DayRange::new(week.earliest.plus(3), week.latest),
                    "early" => DayRange::new(week.earliest, week.earliest.plus(2)),
                    _ => week,
                }
            }
            ("this", "month") => DayRange::new(self.month_before(0)?.earliest, today),
            ("the", "month") if in_the => DayRange::new(self.month_before(0)?.earliest, today),
            ("last", "month") => self.month_before(1)?,
            ("this", "year") => DayRange::new(DayRange::year(today.year())?.earliest, today),
            ("the", "year") if in_the => DayRange::new(DayRange::year(today.year())?.earliest, today),
            ("last", "year") => DayRange::year(today.year().checked_sub(1)?)?,
            ("this" | "last", name) => self.season(name, which == "last")?,
            _ => return None,
        };
        Some((range, at_which + 2, Style::Relative))
    }

    /// Returns the latest season of a name; the one before where it is the last one and still going on.
    fn season(&self, name: &str, last: bool) -> Option<DayRange> {
        let year = self.published.year();
        let of = |year: i16| match season(name) {
            Some((first, last)) => months(year, first, last),
            None if name == "winter" => {
                Some(DayRange::new(DayRange::month(year.checked_sub(1)?, 12)?.earliest, DayRange::month(year, 2)?.latest))
            }
            None => None,
        };
        let recent = [year.checked_add(1)?, year, year.checked_sub(1)?, year.checked_sub(2)?].into_iter().filter_map(of);
        recent.into_iter().find(|range| if last { range.latest < self.published } else { range.earliest <= self.published })
    }

    /// Reads "the week of July 10".
    fn week_of_day(&self, at: usize) -> Option<Read> {
        if !self.is(at, &["week"]) || !self.is(at + 1, &["of"]) {
            return None;
        }
        let (range, end, style) = self.date(at + 2)?;
        (style == Style::Date).then(|| (week_of(range.earliest), end, Style::Relative))
    }

    /// Reads a number of days and the like: "a", "two", "13", "24".
    pub(super) fn count(&self, at: usize) -> Option<(i64, usize)> {
        let word = self.lower(at);
        let count = match word {
            "a" | "an" => 1,
            word => small(word)
                .or_else(|| word.parse::<i64>().ok())
                .or_else(|| word.split_once('-').and_then(|(tens, ones)| Some(small(tens)? + small(ones)?)))?,
        };
        (1..=1000).contains(&count).then_some((count, at + 1))
    }

    /// Reads "two weeks ago", "13 months ago", "a year ago this month".
    fn ago(&self, at: usize) -> Option<Read> {
        let (count, next) = self.count(at)?;
        let unit = unit(self.lower(next))?;
        let bound = at > self.sentence.tokens.start + 1 && self.is(at - 1, &["than"]) && self.is(at - 2, &["less", "fewer"]);
        if !self.is(next + 1, &["ago"]) || bound {
            return None;
        }
        let end = next + 2;
        if unit == TimeUnit::Year && self.is(end, &["this"]) && self.is(end + 1, &["week", "month"]) {
            let day = self.back(12 * count, 0)?;
            let range = if self.is(end + 1, &["week"]) { week_of(day) } else { DayRange::month(day.year(), day.month())? };
            return Some((range, end + 2, Style::Relative));
        }
        let today = self.published;
        let range = match unit {
            TimeUnit::Hour => DayRange::day(today.plus(-(count / 24))),
            TimeUnit::Day => DayRange::day(today.plus(-count)),
            TimeUnit::Week => week_of(today.plus(-7 * count)),
            TimeUnit::Month => self.month_before(count)?,
            TimeUnit::Year => DayRange::year(today.year().checked_sub(i16::try_from(count).ok()?)?)?,
        };
        Some((range, end, Style::Relative))
    }

    /// Reads days that run up to publication: "the past month", "the last 24 hours", "in the last year".
    fn rolling(&self, at: usize) -> Option<Read> {
        if !self.is(at, &["past", "last"]) {
            return None;
        }
        let before = self.before(at);
        let (count, next) = self.count(at + 1).unwrap_or((1, at + 1));
        let bare = next == at + 1;
        let unit = unit(self.lower(next))?;
        let vague = bare && self.lower(next).ends_with('s');
        let over = self.is(at.wrapping_sub(2), &["in", "over", "during", "within", "for", "throughout", "of"]);
        if vague || bare && self.is(at, &["last"]) && !(before == "the" && over) || self.is(next + 1, &["of", "in", "'s", "’s"])
        {
            return None;
        }
        let today = self.published;
        let first = match unit {
            TimeUnit::Hour => today.plus(-((count + 23) / 24)),
            TimeUnit::Day => today.plus(-count),
            TimeUnit::Week => today.plus(-7 * count),
            TimeUnit::Month => self.back(count, 1)?,
            TimeUnit::Year => self.back(count.checked_mul(12)?, 1)?,
        };
        Some((DayRange::new(first, today), next + 1, Style::Relative))
    }

    /// Returns the day that lies some months before publication and `later` days after that.
    fn back(&self, months: i64, later: i64) -> Option<Day> {
        let month = self.month_before(months)?;
        Some(month.earliest.plus(i64::from(self.published.day_of_month()) - 1).min(month.latest).plus(later))
    }
}

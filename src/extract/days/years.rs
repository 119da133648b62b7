//! Years and parts of them: "in 2014", "the 2014 breach", "late 2014", "summer 2014", "Q3 2014".

use crate::base::day::DayRange;
use crate::base::token::Shape;

use super::calendar::part_of;
use super::words::{Part, month, season};
use super::{Read, Reader, Style, months};

impl Reader<'_, '_> {
    /// Reads "late 2014", "early last year", "summer 2014", "Q3 2014", "mid-2014".
    pub(super) fn part_of_year(&self, at: usize) -> Option<Read> {
        let word = self.lower(at);
        if let Some(year) = word.strip_prefix("mid-").and_then(|year| self.year_of(year)) {
            return Some((months(year, 5, 8)?, at + 1, Style::Year));
        }
        let of_year = season(word).or(match word {
            "q1" => Some((1, 3)),
            "q2" => Some((4, 6)),
            "q3" => Some((7, 9)),
            "q4" => Some((10, 12)),
            "h1" => Some((1, 6)),
            "h2" => Some((7, 12)),
            _ => None,
        });
        if let Some((first, last)) = of_year {
            let (range, end, _) = self.whole_year(self.skip(at + 1, &["of", "in"]))?;
            return Some((months(range.earliest.year(), first, last)?, end, Style::Year));
        }
        let (part, next) = self.part(at);
        let part = part?;
        let next = self.skip(next, &["the"]);
        let of_month = match (self.lower(next), self.lower(next + 1)) {
            ("last", "month") => Some(1),
            ("this", "month") => Some(0),
            _ => None,
        };
        if let Some(back) = of_month {
            return Some((part_of(self.month_before(back)?, Some(part)), next + 2, Style::Month));
        }
        let (range, end) = match self.whole_year(next) {
            Some((range, end, _)) => (range, end),
            None if part == Part::Early && self.is(next, &["year"]) && self.before(next) == "the" => {
                (DayRange::year(self.published.year())?, next + 1)
            }
            None => return None,
        };
        let (first, last) = match part {
            Part::Early => (1, 3),
            Part::Mid => (5, 8),
            Part::Late if word == "end" => (12, 12),
            Part::Late => (10, 12),
        };
        Some((months(range.earliest.year(), first, last)?, end, Style::Year))
    }

    /// Reads a year by its number or as "last year", without asking what stands before it.
    pub(super) fn whole_year(&self, at: usize) -> Option<Read> {
        let (year, end) = match self.year_number(at) {
            Some(year) => (year, at + 1),
            None if self.is(at + 1, &["year"]) && self.is(at, &["last"]) => (self.published.year() - 1, at + 2),
            None if self.is(at + 1, &["year"]) && self.is(at, &["this"]) => (self.published.year(), at + 2),
            None => return None,
        };
        Some((DayRange::year(year)?, end, Style::Year))
    }

    /// Reads "in 2014", "the 2014 breach", "2014's", "2013-2014".
    pub(super) fn year(&self, at: usize) -> Option<Read> {
        if let Some(read) = self.years(at) {
            return Some(read);
        }
        let year = self.year_number(at)?;
        (self.is_said(at) || self.describes(at, year)).then_some(())?;
        Some((DayRange::year(year)?, at + 1, Style::Year))
    }

    /// Reads two years in one word: "2019-2020", "2019-20".
    fn years(&self, at: usize) -> Option<Read> {
        let raw = self.token(at).filter(|token| token.shape == Shape::Number)?.raw;
        let (first, last) = raw.split_once(['-', '/'])?;
        let first = self.year_of(first)?;
        let last = match last.len() {
            4 => self.year_of(last)?,
            2 => first - first % 100 + last.parse::<i16>().ok()?,
            _ => return None,
        };
        let range = DayRange::new(DayRange::year(first)?.earliest, DayRange::year(last)?.latest);
        (first < last && last - first <= 20).then_some((range, at + 1, Style::Span))
    }

    /// Tells whether the words around a year say that it is one.
    fn is_said(&self, at: usize) -> bool {
        let word = self.before(at);
        let timed = matches!(
            word,
            "in" | "since"
                | "during"
                | "of"
                | "from"
                | "until"
                | "till"
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
                | "before"
                | "after"
                | "circa"
                | "both"
                | "mid"
        );
        // "The 2013 and 2014 breaches", but neither "and 2014 patients" nor "Server 2013 and 2016".
        let other = at.checked_sub(2).and_then(|other| Some((other, self.year_number(other)?))).filter(|_| word == "and");
        if let Some((other, year)) = other {
            return self.is_said(other) || self.describes(other, year) || month(self.before(other)).is_some();
        }
        let listed = word == "and";
        let round = self.year_number(at) == Some(2000);
        let timed = timed && !((listed || round) && self.is_counted(at + 1));
        let at_least =
            word == "least" && self.before(at - 1) == "at" && matches!(self.before(at - 2), "since" | "to" | "from" | "until");
        let as_far = word == "as" && self.is(at.wrapping_sub(2), &["back", "early", "recently", "late"]);
        let back_to = matches!(word, "around" | "about")
            && self.is(at.wrapping_sub(2), &["since", "in", "to", "from", "until", "of"])
            && !self.is_counted(at + 1);
        timed || at_least || as_far || back_to || self.raw(at + 1).starts_with(['\'', '’'])
    }

    /// Tells whether a year stands before what it dates: "the 2014 breach", "the infamous 2020 attack"; "2016 brought".
    fn describes(&self, at: usize, year: i16) -> bool {
        let next_small = self.token(at + 1).is_some_and(|token| token.shape == Shape::Lower);
        let next_word = self.token(at + 1).is_some_and(|token| token.shape != Shape::Mark && token.shape != Shape::Number);
        if at == self.sentence.tokens.start {
            return next_small && !self.is_counted(at + 1);
        }
        let leads = ["the", "a", "an", "its", "their", "his", "her", "this", "that", "'s", "’s"];
        let lead = self.is(at - 1, &leads)
            || self.is(at.wrapping_sub(2), &leads) && {
                let adjective = self.token(at - 1).is_some_and(|token| token.shape == Shape::Lower);
                adjective
                    && !self.is(at - 1, &["port", "version", "over", "about", "some", "than", "nearly", "least", "only", "full"])
            };
        // "The 2000 patients" are counted; few speak of the year 2000.
        lead && next_word && (year != 2000 || !self.is_counted(at + 1))
    }

    /// Tells whether a word looks like a noun of which there are many, so that a number before it may count.
    fn is_counted(&self, at: usize) -> bool {
        let word = self.lower(at);
        self.token(at).is_some_and(|token| token.shape == Shape::Lower)
            && (word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") || matches!(word, "people" | "men" | "women"))
            && !matches!(word, "thus" | "sees" | "brings" | "marks" | "began" | "starts" | "always" | "perhaps")
    }

    /// Reads a number of four digits that may be a year.
    pub(super) fn year_number(&self, at: usize) -> Option<i16> {
        self.year_of(self.token(at).filter(|token| token.shape == Shape::Number)?.raw)
    }

    fn year_of(&self, text: &str) -> Option<i16> {
        let year = (text.len() == 4).then(|| text.parse::<i16>().ok()).flatten()?;
        (1980..=self.published.year().saturating_add(1)).contains(&year).then_some(year)
    }

    /// Reads ", 2011", "of 2011", "2011", "last year": the year and the token after it, or nothing and 0.
    pub(super) fn written_year(&self, at: usize) -> (Option<i16>, usize) {
        let skipped = self.skip(at, &[",", "of", "in"]);
        if let Some(year) = self.year_number(skipped) {
            return (Some(year), skipped + 1);
        }
        match self.whole_year(self.skip(at, &["of"])) {
            Some((range, end, _)) => (Some(range.earliest.year()), end),
            None => (None, 0),
        }
    }

    /// Returns the year that a date shares with the one behind it: "in May and June 2009".
    pub(super) fn year_behind(&self, at: usize, number: i8) -> Option<i16> {
        if !self.is(at, &["and", "or", "&", ","]) {
            return None;
        }
        let next = self.skip(at + 1, &["and"]);
        let next = self.skip(next, &["early", "late", "in", "on"]);
        let other = month(self.lower(next))?;
        let next = self.after_month(next);
        let next = next + usize::from(self.day_number(next).is_some());
        let (year, _) = self.written_year(next);
        year.map(|year| year - i16::from(other < number))
    }
}

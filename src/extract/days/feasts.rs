//! Days that have a name of their own: "Christmas Eve", "Thanksgiving", "Labor Day weekend".

use crate::base::day::{Day, DayRange, Weekday};

use super::{Read, Reader, Style};

impl Reader<'_, '_> {
    /// Reads a day of a name, in the year written or the latest one on or before publication.
    pub(super) fn feast(&self, at: usize) -> Option<Read> {
        self.token(at).filter(|token| token.is_capital())?;
        let (feast, length) = match [0, 1, 2, 3].map(|ahead| self.lower(at + ahead)) {
            ["christmas", "eve", ..] => (Feast::On(12, 24), 2),
            ["christmas", "day", ..] => (Feast::On(12, 25), 2),
            ["boxing", "day", ..] => (Feast::On(12, 26), 2),
            ["new", "year", "'s" | "’s", "eve"] => (Feast::On(12, 31), 4),
            ["new", "year", "'s" | "’s", "day"] => (Feast::On(1, 1), 4),
            ["valentine", "'s" | "’s", "day", ..] => (Feast::On(2, 14), 3),
            ["halloween", ..] => (Feast::On(10, 31), 1),
            ["thanksgiving", "day", ..] => (Feast::Nth(11, Weekday::Thursday, 4), 2),
            ["thanksgiving", ..] => (Feast::Nth(11, Weekday::Thursday, 4), 1),
            ["labor" | "labour", "day", ..] => (Feast::Nth(9, Weekday::Monday, 1), 2),
            ["memorial", "day", ..] => (Feast::Last(5, Weekday::Monday), 2),
            _ => return None,
        };
        let weekend = self.is(at + length, &["weekend"]);
        let next = at + length + usize::from(weekend);
        let (year, end) = self.written_year(next);
        let day = match year {
            Some(year) => feast.in_year(year)?,
            None => feast.in_year(self.published.year()).filter(|day| *day <= self.published).or_else(|| {
                let last = self.published.year() - 1;
                feast.in_year(last)
            })?,
        };
        let range = match (weekend, day.weekday()) {
            (true, Weekday::Monday) => DayRange::new(day.plus(-2), day),
            (true, Weekday::Thursday) => DayRange::new(day, day.plus(3)),
            _ => DayRange::day(day),
        };
        Some((range, end.max(next), Style::Date))
    }
}

/// When a feast is, in any year. Thanksgiving, Labor Day and Memorial Day as in the United States (5 U.S.C. 6103).
#[derive(Clone, Copy)]
enum Feast {
    On(i8, i8),
    Nth(i8, Weekday, i64),
    Last(i8, Weekday),
}

impl Feast {
    fn in_year(self, year: i16) -> Option<Day> {
        let offset = |weekday: Weekday| i64::from(weekday.to_monday_zero_offset());
        match self {
            Feast::On(month, day) => Day::new(year, month, day),
            Feast::Nth(month, weekday, nth) => {
                let first = Day::new(year, month, 1)?;
                Some(first.plus((offset(weekday) - offset(first.weekday())).rem_euclid(7) + 7 * (nth - 1)))
            }
            Feast::Last(month, weekday) => {
                let last = DayRange::month(year, month)?.latest;
                Some(last.plus(-(offset(last.weekday()) - offset(weekday)).rem_euclid(7)))
            }
        }
    }
}

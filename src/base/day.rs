//! Days and ranges of days, and the sums of the calendar. No clock: "today" is always handed in.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use jiff::civil::Weekday;

/// A day of the Gregorian calendar, without a time zone. Written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// The first day of the calendar.
    pub const FIRST: Day = Day(Date::MIN);
    /// The last day of the calendar.
    pub const LAST: Day = Day(Date::MAX);

    /// Makes a day; None if the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    /// Returns the day of a moment in UTC.
    pub fn of(moment: Timestamp) -> Day {
        Day(moment.to_zoned_datetime(TimeZone::UTC).date())
    }

    /// Returns the moment at which the day begins in UTC.
    pub fn start(self) -> Timestamp {
        self.0.to_zoned_datetime(TimeZone::UTC).map(|zoned| zoned.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// Returns the day of the week.
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// Returns the day `days` later (earlier if negative); the calendar's last or first day if it lies outside.
    pub fn plus(self, days: i64) -> Day {
        Day(self.0.saturating_add(days.clamp(-4_000_000, 4_000_000).days()))
    }

    /// Returns the days from `earlier` to this one; negative if `earlier` is the later one.
    pub fn days_since(self, earlier: Day) -> i64 {
        // Not as a span of the calendar, which takes ten times as long.
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// Returns the Monday of this day's week.
    pub fn monday(self) -> Day {
        self.plus(-i64::from(self.weekday().to_monday_zero_offset()))
    }

    /// Returns the first day of this day's month.
    pub fn first_of_month(self) -> Day {
        Day(self.0.first_of_month())
    }

    /// Returns the first day of this day's year.
    pub fn first_of_year(self) -> Day {
        Day(self.0.first_of_year())
    }

    /// Returns the whole days since 1970-01-01; negative before.
    pub fn since_epoch(self) -> i64 {
        self.days_since(Day(Date::constant(1970, 1, 1)))
    }

    /// Returns the day that lies `days` after 1970-01-01.
    pub fn from_epoch(days: i64) -> Day {
        Day(Date::constant(1970, 1, 1)).plus(days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    /// Reads `YYYY-MM-DD`; a time after it is ignored.
    fn from_str(text: &str) -> Result<Day, jiff::Error> {
        text.parse().map(Day)
    }
}

impl TryFrom<String> for Day {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Day, jiff::Error> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// The days in which something lies: one day, a month, a year or any other range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Ends")]
pub struct DayRange {
    /// The first day that is possible.
    pub earliest: Day,
    /// The last day that is possible.
    pub latest: Day,
}

/// A range as it is read, its ends in any order.
#[derive(Deserialize)]
struct Ends {
    earliest: Day,
    latest: Day,
}

impl From<Ends> for DayRange {
    fn from(ends: Ends) -> DayRange {
        DayRange::new(ends.earliest, ends.latest)
    }
}

impl DayRange {
    /// Makes a range; the ends are put in order.
    pub fn new(one: Day, other: Day) -> DayRange {
        DayRange { earliest: one.min(other), latest: one.max(other) }
    }

    /// Makes the range of one day.
    pub fn day(day: Day) -> DayRange {
        DayRange { earliest: day, latest: day }
    }

    /// Makes the range of a whole month; None if there is no such month.
    pub fn month(year: i16, month: i8) -> Option<DayRange> {
        let first = Date::new(year, month, 1).ok()?;
        Some(DayRange { earliest: Day(first), latest: Day(first.last_of_month()) })
    }

    /// Makes the range of a whole year; None outside the calendar.
    pub fn year(year: i16) -> Option<DayRange> {
        Some(DayRange { earliest: Day::new(year, 1, 1)?, latest: Day::new(year, 12, 31)? })
    }

    /// Returns the number of days, at least 1.
    pub fn days(self) -> i64 {
        self.latest.days_since(self.earliest) + 1
    }

    /// Returns the number of days that both have.
    pub fn shared(self, other: DayRange) -> i64 {
        (self.latest.min(other.latest).days_since(self.earliest.max(other.earliest)) + 1).max(0)
    }

    /// Returns the days between the two ranges: 0 if they touch or overlap.
    pub fn gap(self, other: DayRange) -> i64 {
        self.earliest.days_since(other.latest).max(other.earliest.days_since(self.latest)).max(0)
    }

    /// Returns the range from the earliest to the latest day of both.
    pub fn hull(self, other: DayRange) -> DayRange {
        DayRange { earliest: self.earliest.min(other.earliest), latest: self.latest.max(other.latest) }
    }

    /// Tells whether the day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.earliest <= day && day <= self.latest
    }
}

impl fmt::Display for DayRange {
    /// Writes `2011-06-17`, `2011-06` for a whole month, `2011` for a whole year, else `2011-06-17..2011-06-19`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.earliest, self.latest);
        if a == b {
            write!(f, "{a}")
        } else if DayRange::year(a.year()) == Some(*self) {
            write!(f, "{:04}", a.year())
        } else if DayRange::month(a.year(), a.month()) == Some(*self) {
            write!(f, "{:04}-{:02}", a.year(), a.month())
        } else {
            write!(f, "{a}..{b}")
        }
    }
}

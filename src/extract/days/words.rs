//! The words for months, weekdays, numbers and units of time.

use crate::base::day::Weekday;
use crate::base::number;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Which part of a month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
}

/// Returns the number of a month, 1 to 12, by its name or the usual abbreviation; "mid-June" is June.
pub(super) fn month(word: &str) -> Option<i8> {
    Some(match word.strip_prefix("mid-").unwrap_or(word) {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// Returns a weekday by its name or an abbreviation.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" | "weds" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// Returns a unit of time by its name.
pub(super) fn unit(word: &str) -> Option<TimeUnit> {
    Some(match word {
        "hour" | "hours" => TimeUnit::Hour,
        "day" | "days" => TimeUnit::Day,
        "week" | "weeks" => TimeUnit::Week,
        "month" | "months" => TimeUnit::Month,
        "year" | "years" => TimeUnit::Year,
        _ => return None,
    })
}

/// Returns a number from one up that is written as a word.
pub(super) fn small(word: &str) -> Option<i64> {
    number::small(word).map(i64::from).filter(|number| *number > 0)
}

/// Returns which of several a word says; 0 stands for the last.
pub(super) fn ordinal(word: &str) -> Option<i64> {
    Some(match word {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" => 4,
        "last" | "final" => 0,
        _ => return None,
    })
}

/// Returns the months of a season on the northern half of the Earth.
pub(super) fn season(word: &str) -> Option<(i8, i8)> {
    Some(match word {
        "spring" => (3, 5),
        "summer" => (6, 8),
        "fall" | "autumn" => (9, 11),
        _ => return None,
    })
}

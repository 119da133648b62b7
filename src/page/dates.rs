//! Dates as pages write them, to days: machine forms, and month names in the languages of the sources.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::{Captures, Regex};

use crate::base::day::{Day, DayRange};

/// The first year that a page of the web can have been published in.
const FIRST_YEAR: i16 = 1990;

/// The last year that is believed.
const LAST_YEAR: i16 = 2100;

/// The names of the months and their short forms, with the number of the month.
#[rustfmt::skip]
const MONTHS: &[(&str, i8)] = &[
    ("january", 1), ("jan", 1), ("januar", 1), ("janvier", 1), ("janv", 1), ("enero", 1), ("ene", 1), ("gennaio", 1), ("gen", 1),
    ("janeiro", 1), ("januari", 1), ("jänner", 1),
    ("february", 2), ("feb", 2), ("februar", 2), ("février", 2), ("févr", 2), ("febrero", 2), ("febbraio", 2), ("fevereiro", 2),
    ("fev", 2), ("februari", 2),
    ("march", 3), ("mar", 3), ("märz", 3), ("mrz", 3), ("mars", 3), ("marzo", 3), ("março", 3), ("maart", 3),
    ("april", 4), ("apr", 4), ("avril", 4), ("avr", 4), ("abril", 4), ("abr", 4), ("aprile", 4),
    ("may", 5), ("mai", 5), ("mayo", 5), ("maggio", 5), ("mag", 5), ("maio", 5), ("mei", 5), ("maj", 5),
    ("june", 6), ("jun", 6), ("juni", 6), ("juin", 6), ("junio", 6), ("giugno", 6), ("giu", 6), ("junho", 6),
    ("july", 7), ("jul", 7), ("juli", 7), ("juillet", 7), ("juil", 7), ("julio", 7), ("luglio", 7), ("lug", 7), ("julho", 7),
    ("august", 8), ("aug", 8), ("août", 8), ("agosto", 8), ("ago", 8), ("augustus", 8), ("augusti", 8),
    ("september", 9), ("sep", 9), ("sept", 9), ("septembre", 9), ("septiembre", 9), ("settembre", 9), ("set", 9), ("setembro", 9),
    ("october", 10), ("oct", 10), ("oktober", 10), ("okt", 10), ("octobre", 10), ("octubre", 10), ("ottobre", 10), ("ott", 10),
    ("outubro", 10), ("out", 10),
    ("november", 11), ("nov", 11), ("novembre", 11), ("noviembre", 11), ("novembro", 11),
    ("december", 12), ("dec", 12), ("dezember", 12), ("dez", 12), ("décembre", 12), ("déc", 12), ("diciembre", 12), ("dic", 12),
    ("dicembre", 12), ("dezembro", 12),
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of ours")
}

static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)"));
static COMPACT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?$"));
static SECONDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^1?\d{9}(?:\d{3})?$"));
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[^\w])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:of\s+|de\s+)?(\p{L}{3,10})\.?,?[\s-]+(?:de\s+)?(\d{4})(?:\D|$)",
    )
});
static MONTH_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[^\p{L}])(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:at\s+)?(\d{4})(?:\D|$)"));
static YEAR_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|\D)((?:19|20)\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?:\D|$)"));
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[^\d./-])(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:\D|$)"));
static IN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[/_.-])((?:19|20)\d\d)(?:(\d\d)(\d\d)|[/_-](\d{1,2})[/_-](\d{1,2})|[/_-]([a-z]{3,9})[/_-](\d{1,2}))(?:[/_.-]|$)",
    )
});

/// Reads the day of a machine-readable date; falls back on [`written`]. The day is the one written, whatever the time zone.
pub(super) fn machine(text: &str) -> Option<Day> {
    let text = text.trim();
    if text.len() > 100 {
        return None;
    }
    if let Some(found) = ISO.captures(text).or_else(|| COMPACT.captures(text)) {
        return numbers(&found, 1, 2, 3);
    }
    if SECONDS.is_match(text) {
        let seconds: i64 = text.get(..10).filter(|_| text.len() != 9)?.parse().ok()?;
        return Timestamp::from_second(seconds).ok().map(Day::of).filter(believed);
    }
    written(text)
}

/// Finds the first day written in a short text: "June 17, 2011", "17 juin 2011", "17.06.2011", "2011/6/17".
///
/// Of two numbers that could each be the month, the order is not guessed but after a full stop: 3/4/2011 is no day, 3.4.2011 is.
pub(super) fn written(text: &str) -> Option<Day> {
    let by_name = |found: Captures<'_>, day: usize, month: usize, year: usize| {
        let month = month_named(found.get(month)?.as_str())?;
        let (day, year) = (found.get(day)?.as_str().parse().ok()?, found.get(year)?.as_str().parse().ok()?);
        Day::new(year, month, day).filter(believed)
    };
    MONTH_FIRST
        .captures_iter(text)
        .find_map(|found| by_name(found, 2, 1, 3))
        .or_else(|| DAY_FIRST.captures_iter(text).find_map(|found| by_name(found, 1, 2, 3)))
        .or_else(|| YEAR_FIRST.captures(text).and_then(|found| numbers(&found, 1, 2, 3)))
        .or_else(|| NUMBERS.captures(text).and_then(|found| day_of_two_numbers(&found)))
}

/// Finds a whole day in an address: `/2011/06/17/`, `/2011/jun/17/`, `-20110617`.
pub(super) fn in_address(path: &str) -> Option<Day> {
    let found = IN_ADDRESS.captures(path)?;
    if found.get(6).is_some() {
        let month = month_named(found.get(6)?.as_str())?;
        return Day::new(found[1].parse().ok()?, month, found[7].parse().ok()?).filter(believed);
    }
    if found.get(2).is_some() { numbers(&found, 1, 2, 3) } else { numbers(&found, 1, 4, 5) }
}

/// Finds in which days an address says that it was published: a day as `in_address` finds it, else the month or the year of `/2011/06/` or `/2011/`.
pub fn days_in_address(path: &str) -> Option<DayRange> {
    if let Some(day) = in_address(path) {
        return Some(DayRange::day(day));
    }
    let mut parts = path.split('/').skip_while(|part| year(part).is_none());
    let year = year(parts.next()?)?;
    // What stands behind the last slash is the article's own name.
    let month = parts.next().filter(|_| parts.next().is_some());
    let month = month.and_then(|part| month_named(part).or_else(|| part.parse().ok().filter(|_| part.len() <= 2)));
    month.and_then(|month| DayRange::month(year, month)).or_else(|| DayRange::year(year))
}

fn year(part: &str) -> Option<i16> {
    let digits = part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|year| digits && (FIRST_YEAR..=LAST_YEAR).contains(year))
}

fn numbers(found: &Captures<'_>, year: usize, month: usize, day: usize) -> Option<Day> {
    let number = |place: usize| found.get(place)?.as_str().parse::<i16>().ok();
    Day::new(number(year)?, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?).filter(believed)
}

fn day_of_two_numbers(found: &Captures<'_>) -> Option<Day> {
    let first: i8 = found[1].parse().ok()?;
    let second: i8 = found[3].parse().ok()?;
    let year: i16 = found[4].parse().ok()?;
    let (day, month) = if &found[2] == "." || first > 12 || first == second {
        (first, second)
    } else if second > 12 {
        (second, first)
    } else {
        return None;
    };
    Day::new(year, month, day).filter(believed)
}

fn believed(day: &Day) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&day.year())
}

fn month_named(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    MONTHS.iter().find(|(known, _)| *known == name).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_of_the_web() {
        let cases = [
            ("2011-06-17T23:30:00-05:00", Some("2011-06-17")),
            ("2011-6-7", Some("2011-06-07")),
            ("20110617", Some("2011-06-17")),
            ("20110617T093000Z", Some("2011-06-17")),
            ("1308300000", Some("2011-06-17")),
            ("1308300000000", Some("2011-06-17")),
            ("Fri, 17 Jun 2011 09:30:00 GMT", Some("2011-06-17")),
            ("Fri Jun 17 2011 09:30", Some("2011-06-17")),
            ("June 17th, 2011 at 9am", Some("2011-06-17")),
            ("Posted on Jun. 17, 2011 by staff", Some("2011-06-17")),
            ("17. Juni 2011, 09:30 Uhr", Some("2011-06-17")),
            ("le 1er août 2011", Some("2011-08-01")),
            ("17 de junio de 2011", Some("2011-06-17")),
            ("17.06.2011", Some("2011-06-17")),
            ("17/06/2011", Some("2011-06-17")),
            ("06/17/2011", Some("2011-06-17")),
            ("2011年6月17日", Some("2011-06-17")),
            ("03/04/2011", None),
            ("2011-02-30", None),
            ("1850-01-01", None),
            ("version 10.12.2", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(machine(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_address_tells_a_day_only_when_it_holds_a_whole_one() {
        let cases = [
            ("/news/2011/06/17/sega-hacked", Some("2011-06-17")),
            ("/technology/2011/jun/17/sega", Some("2011-06-17")),
            ("/sega-hacked-20110617.html", Some("2011-06-17")),
            ("/2011-06-17-sega", Some("2011-06-17")),
            ("/2011/06/sega", None),
            ("/story/20119999/sega", None),
            ("/cve-2011-0617", None),
        ];
        for (path, expected) in cases {
            assert_eq!(in_address(path).map(|day| day.to_string()).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn months_and_years_of_addresses_are_ranges() {
        let cases = [
            ("/2011/06/17/sega-hacked", Some("2011-06-17")),
            ("/2011/06/sega-hacked/", Some("2011-06")),
            ("/news/2011/jun/sega-hacked", Some("2011-06")),
            ("/2011/sega-hacked", Some("2011")),
            ("/2011/13/sega-hacked", Some("2011")),
            ("/2011/06", Some("2011")),
            ("/sega-2011/hacked", None),
            ("/1011/06/sega", None),
            ("/+201/06/sega", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(days_in_address(path).map(|days| days.to_string()).as_deref(), expected, "{path}");
        }
    }
}

//! The values of the language: numbers such as `1.3M`, days such as `last-week`.

use crate::base::day::{Day, DayRange};

/// Reads a number: `1290755`, `1,290,755`, `10k`, `1.3M`, `2bn`. A fraction that is left over is dropped.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits_end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(digits_end);
    let zeros = match suffix.to_lowercase().as_str() {
        "" => 0,
        "k" | "thousand" => 3,
        "m" | "mn" | "million" => 6,
        "b" | "bn" | "g" | "billion" => 9,
        "t" | "tn" | "trillion" => 12,
        _ => return None,
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(zeros).collect();
    format!("{whole}{part}").parse().ok()
}

/// Reads a day or a range of days that has a name.
pub(super) fn days(text: &str, today: Day) -> Option<DayRange> {
    let text = text.to_lowercase();
    let monday = today.monday();
    match text.as_str() {
        "today" => Some(DayRange::day(today)),
        "yesterday" => Some(DayRange::day(today.plus(-1))),
        "this-week" => Some(DayRange::new(monday, monday.plus(6))),
        "last-week" => Some(DayRange::new(monday.plus(-7), monday.plus(-1))),
        "this-month" => DayRange::month(today.year(), today.month()),
        "last-month" => {
            let (year, month) = months_before(today, 1)?;
            DayRange::month(year, month)
        }
        "this-year" => DayRange::year(today.year()),
        "last-year" => DayRange::year(today.year() - 1),
        _ => ago(&text, today).or_else(|| written(&text)),
    }
}

/// Reads `30d`, `2w`, `6m`, `1y`: so long ago until today.
fn ago(text: &str, today: Day) -> Option<DayRange> {
    let unit = text.chars().last().filter(char::is_ascii_lowercase)?;
    let count: i64 = text.strip_suffix(unit).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    let count = count.min(1_000_000);
    let from = match unit {
        'd' => today.plus(-count),
        'w' => today.plus(-7 * count),
        'm' => same_day(today, count)?,
        'y' => same_day(today, 12 * count)?,
        _ => return None,
    };
    Some(DayRange::new(from, today))
}

/// Returns the same day so many months earlier, or the last one of that month where it has no such day.
fn same_day(today: Day, months: i64) -> Option<Day> {
    let (year, month) = months_before(today, months)?;
    Day::new(year, month, today.day_of_month()).or_else(|| Some(DayRange::month(year, month)?.latest))
}

fn months_before(day: Day, months: i64) -> Option<(i16, i8)> {
    let count = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 - months;
    let year = i16::try_from(count.div_euclid(12)).ok().filter(|year| *year >= 0)?;
    Some((year, count.rem_euclid(12) as i8 + 1))
}

/// Reads `2011`, `2011-06` (or `2011-6`), `2011-06-17`; slashes do for dashes.
fn written(text: &str) -> Option<DayRange> {
    let text = text.replace('/', "-");
    let mut parts = text.split('-').map(|part| match part.bytes().all(|byte| byte.is_ascii_digit()) {
        true => part.parse::<i16>().ok(),
        false => None,
    });
    let year = parts.next()??;
    if !(1000..=9999).contains(&year) {
        return None;
    }
    let Some(month) = parts.next() else { return DayRange::year(year) };
    let month = i8::try_from(month?).ok()?;
    let Some(day) = parts.next() else { return DayRange::month(year, month) };
    if parts.next().is_some() {
        return None;
    }
    Day::new(year, month, i8::try_from(day?).ok()?).map(DayRange::day)
}

//! Dates as feeds write them. A date that could be two different days is none.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::base::fold::fold;

/// The most characters of a date that are looked at.
const LONGEST: usize = 100;
/// The years in which an article of the web can lie.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Month names by their first letters, folded, in the languages that feeds are seen to use. A longer one comes first.
const MONTHS: &[(&str, i8)] = &[
    ("abr", 4),
    ("ago", 8),
    ("aout", 8),
    ("apr", 4),
    ("aug", 8),
    ("avr", 4),
    ("cze", 6),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
    ("ene", 1),
    ("feb", 2),
    ("fev", 2),
    ("gen", 1),
    ("giu", 6),
    ("gru", 12),
    ("jan", 1),
    ("juil", 7),
    ("juin", 6),
    ("jul", 7),
    ("jun", 6),
    ("kwi", 4),
    ("lis", 11),
    ("lip", 7),
    ("lug", 7),
    ("lut", 2),
    ("mag", 5),
    ("mai", 5),
    ("maj", 5),
    ("mar", 3),
    ("may", 5),
    ("mei", 5),
    ("mrt", 3),
    ("mrz", 3),
    ("nov", 11),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("paz", 10),
    ("sep", 9),
    ("set", 9),
    ("sie", 8),
    ("sty", 1),
    ("sze", 9),
    ("wrz", 9),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("маи", 5),
    ("мая", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("ιαν", 1),
    ("φεβ", 2),
    ("μαρ", 3),
    ("απρ", 4),
    ("μαι", 5),
    ("ιουν", 6),
    ("ιουλ", 7),
    ("αυγ", 8),
    ("σεπ", 9),
    ("οκτ", 10),
    ("νοε", 11),
    ("δεκ", 12),
];

/// Time zones by name, in minutes east of UTC. Where a name has several meanings, the one that news feeds mean. Sorted.
const ZONES: &[(&str, i32)] = &[
    ("adt", -180),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("art", -180),
    ("ast", -240),
    ("at", -240),
    ("brt", -180),
    ("bst", 60),
    ("cat", 120),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("cst", -360),
    ("ct", -360),
    ("eat", 180),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("et", -300),
    ("gmt", 0),
    ("gst", 240),
    ("hkt", 480),
    ("hst", -600),
    ("ict", 420),
    ("idt", 180),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("mest", 120),
    ("met", 60),
    ("msk", 180),
    ("mst", -420),
    ("mt", -420),
    ("myt", 480),
    ("ndt", -150),
    ("nst", -210),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pht", 480),
    ("pkt", 300),
    ("pst", -480),
    ("pt", -480),
    ("sast", 120),
    ("sgt", 480),
    ("trt", 180),
    ("ut", 0),
    ("utc", 0),
    ("wat", 60),
    ("west", 60),
    ("wet", 0),
    ("wib", 420),
    ("z", 0),
];

/// Words that say nothing.
const FILLERS: &[&str] = &["t", "at", "um", "de", "of", "the", "st", "nd", "rd", "th", "etc", "le", "uhr", "h"];

/// Reads a date of a feed. None if it is none, is no day of the calendar, lies outside the time of the web, or could be two days
/// ("03/04/2026"). A date without a time zone is taken as UTC.
pub fn read(text: &str) -> Option<Timestamp> {
    let text: String = text.chars().take(LONGEST).collect();
    let text = text.split('(').next().unwrap_or(&text);
    let mut read = Reading::default();
    let tokens = tokens(text);
    let mut at = 0;
    while at < tokens.len() {
        at += read.take(&tokens[at..], at == 0)?;
    }
    read.finish()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number { digits: usize, value: i64 },
    Word(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let run = |of: fn(char) -> bool| rest.find(|c: char| !of(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            found.push(Token::Number { digits: length, value: rest[..length].parse().unwrap_or(i64::MAX) });
            length
        } else if first.is_alphabetic() {
            let length = run(char::is_alphabetic);
            let word = rest[..length].to_lowercase();
            let is_hangul = word.chars().any(|c| ('가'..='힣').contains(&c));
            found.push(Token::Word(if is_hangul { word } else { fold(&word) }));
            length
        } else {
            if !first.is_whitespace() {
                found.push(Token::Sign(first));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

#[derive(Debug, Default)]
struct Reading {
    /// Numbers of the date, each with its digits and the sign before it.
    numbers: Vec<(usize, i64, Option<char>)>,
    month: Option<i8>,
    time: Option<(i64, i64, i64)>,
    afternoon: Option<bool>,
    zone: Option<i32>,
    korean: bool,
    sign: Option<char>,
}

impl Reading {
    /// Takes in the next tokens and returns how many; None if they belong to no date.
    fn take(&mut self, tokens: &[Token], first: bool) -> Option<usize> {
        let sign = self.sign.take();
        match tokens {
            [Token::Number { value: hour, .. }, Token::Sign(':'), Token::Number { value: minute, .. }, rest @ ..]
                if self.time.is_none() =>
            {
                return self.take_time(*hour, *minute, rest);
            }
            [Token::Sign(sign @ ('+' | '-')), rest @ ..] if self.time.is_some() && !self.has_offset() => {
                return self.take_offset(*sign, rest);
            }
            [Token::Number { digits: 6, value }, ..] if self.time.is_none() && self.has_compact_date() => {
                self.time = Some((value / 10_000, value / 100 % 100, value % 100));
                self.sign = Some('T');
            }
            [Token::Number { digits, value }, ..] => self.numbers.push((*digits, *value, sign)),
            [Token::Sign(sign), ..] => match sign {
                ',' | '.' | '-' | '/' | '\'' | '–' | '日' => self.sign = Some(*sign),
                _ => return None,
            },
            [Token::Word(word), ..] => self.take_word(word, first)?,
            [] => {}
        }
        Some(1)
    }

    fn has_compact_date(&self) -> bool {
        matches!(self.numbers.as_slice(), [(8, ..)])
    }

    fn has_offset(&self) -> bool {
        self.sign == Some('±')
    }

    fn take_time(&mut self, hour: i64, minute: i64, rest: &[Token]) -> Option<usize> {
        let (second, used) = match rest {
            [Token::Sign(':'), Token::Number { .. }, Token::Sign(':'), ..] => return None,
            [Token::Sign(':'), Token::Number { value, .. }, Token::Sign('.' | ','), Token::Number { .. }, ..] => (*value, 4),
            [Token::Sign(':'), Token::Number { value, .. }, ..] => (*value, 2),
            [Token::Sign(':'), ..] => return None,
            _ => (0, 0),
        };
        self.time = Some((hour, minute, if second == 60 { 59 } else { second }));
        Some(3 + used)
    }

    fn take_offset(&mut self, sign: char, rest: &[Token]) -> Option<usize> {
        let (hours, minutes, used) = match rest {
            [Token::Number { value, .. }, Token::Sign(':'), Token::Number { value: minutes, .. }, ..] => (*value, *minutes, 3),
            [Token::Number { digits: 4, value }, ..] => (value / 100, value % 100, 1),
            [Token::Number { digits: 1 | 2, value }, ..] => (*value, 0, 1),
            _ => return None,
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        let east = i32::try_from(hours * 60 + minutes).ok()?;
        self.zone = Some(if sign == '-' { -east } else { east });
        Some(1 + used)
    }

    fn take_word(&mut self, word: &str, first: bool) -> Option<()> {
        match word {
            "am" | "a" | "오전" => self.afternoon = Some(false),
            "pm" | "p" | "오후" => self.afternoon = Some(true),
            "m" if self.afternoon.is_some() => {}
            "년" | "월" | "일" | "시" | "분" | "초" => {}
            _ => {
                let zone = ZONES.binary_search_by_key(&word, |(name, _)| name).ok();
                if let Some(zone) = zone.filter(|_| self.time.is_some()) {
                    self.zone = Some(ZONES[zone].1);
                } else if let Some((_, month)) =
                    MONTHS.iter().find(|(name, _)| word.starts_with(name)).filter(|_| self.month.is_none())
                {
                    self.month = Some(*month);
                } else if !first && !FILLERS.contains(&word) {
                    return None;
                }
            }
        }
        self.korean |= word.chars().any(|c| ('가'..='힣').contains(&c));
        Some(())
    }

    fn finish(self) -> Option<Timestamp> {
        if let ([(10, seconds, _)], None, None) = (self.numbers.as_slice(), self.month, self.time) {
            return in_bounds(Timestamp::from_second(*seconds).ok()?);
        }
        let date = self.date()?;
        let (hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let small = |number: i64| i8::try_from(number).ok();
        let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        let zone = self.zone.unwrap_or(if self.korean { 540 } else { 0 });
        let offset = Offset::from_seconds(zone * 60).ok()?;
        let moment = date.to_datetime(time).to_zoned_datetime(TimeZone::fixed(offset)).ok()?;
        in_bounds(moment.timestamp())
    }

    fn date(&self) -> Option<Date> {
        let number = |at: usize| self.numbers.get(at).copied();
        let (year, month, day) = match (self.month, self.numbers.len()) {
            (Some(month), 2) => {
                let ((first_digits, first, _), (second_digits, second, _)) = (number(0)?, number(1)?);
                match (first_digits, second_digits) {
                    (4, 1 | 2) => (first, month.into(), second),
                    (1 | 2, 4) => (second, month.into(), first),
                    (1 | 2, 2) => (if second < 70 { 2000 + second } else { 1900 + second }, month.into(), first),
                    _ => return None,
                }
            }
            (None, 3) => self.date_of_numbers()?,
            (None, 2) => match (number(0)?, number(1)?) {
                ((4, year, _), (2, month, Some('-'))) => (year, month, 1),
                _ => return None,
            },
            (None, 1) => match number(0)? {
                (8, value, _) => (value / 10_000, value / 100 % 100, value % 100),
                (4, year, None) if self.time.is_none() => (year, 1, 1),
                _ => return None,
            },
            _ => return None,
        };
        Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    fn date_of_numbers(&self) -> Option<(i64, i64, i64)> {
        let [(first_digits, first, _), (_, second, sign), (third_digits, third, _)] = self.numbers.as_slice() else {
            return None;
        };
        match (first_digits, third_digits) {
            (4, 1 | 2) => Some((*first, *second, *third)),
            // 31.12.2003 is written where the day comes first; 12/31/2003 is clear only where one number can be no month.
            (1 | 2, 4) if *sign == Some('.') || *first > 12 => Some((*third, *second, *first)),
            (1 | 2, 4) if *second > 12 || first == second => Some((*third, *first, *second)),
            _ => None,
        }
    }
}

fn in_bounds(moment: Timestamp) -> Option<Timestamp> {
    YEARS.contains(&moment.to_zoned_datetime(TimeZone::UTC).year()).then_some(moment)
}

//! What a request asks for: its parameters, each known, said once and within its bounds; and whether the asker has the answer already.

use axum::http::{HeaderMap, Uri, header};

use super::answer::{Answer, problem};
use crate::base::day::{Day, DayRange};
use crate::library::Question;

/// The most rows of one page of a list, and how many without a word.
const PAGE: (usize, usize) = (500, 50);

/// The parameters of a request.
pub(super) struct Asked {
    values: Vec<(String, String)>,
    /// Path and query, as they were asked for.
    pub(super) address: String,
}

impl Asked {
    /// Reads the parameters; those that are not `known` are a mistake, as is one that is said twice.
    pub(super) fn of(uri: &Uri, known: &[&str]) -> Result<Asked, Answer> {
        let query = uri.query().unwrap_or("");
        let mut values: Vec<(String, String)> = Vec::new();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !known.contains(&key.as_ref()) {
                let hint =
                    if known.is_empty() { "there is none here".to_owned() } else { format!("there are {}", known.join(", ")) };
                return Err(problem(400, &format!("\"{key}\" is no parameter"), Some(&hint)));
            }
            if values.iter().any(|(other, _)| *other == key) {
                return Err(problem(400, &format!("\"{key}\" is said twice"), None));
            }
            values.push((key.into_owned(), value.into_owned()));
        }
        Ok(Asked { values, address: uri.path_and_query().map_or("/", |asked| asked.as_str()).to_owned() })
    }

    /// Returns a parameter; empty where it is not said.
    pub(super) fn text(&self, key: &str) -> &str {
        self.said(key).unwrap_or("")
    }

    /// Returns a parameter; None where it is not said.
    fn said(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
    }

    /// Returns a whole number between two bounds.
    pub(super) fn number(&self, key: &str, usual: usize, least: usize, most: usize) -> Result<usize, Answer> {
        let Some(said) = self.said(key) else { return Ok(usual) };
        let digits = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
        let number = said.parse().ok().filter(|number| digits && (least..=most).contains(number));
        number.ok_or_else(|| problem(400, &format!("{key} is no number from {least} to {most}"), None))
    }

    /// Returns a day; None where it is not said.
    pub(super) fn day(&self, key: &str) -> Result<Option<Day>, Answer> {
        let wrong = |_| problem(400, &format!("{key} is no day"), Some("write it as 2011-06-17"));
        self.said(key).map(str::parse).transpose().map_err(wrong)
    }

    /// Returns what is searched for, and between which days; if the first is later than the last, there is nothing between them.
    pub(super) fn question(&self) -> Result<Question, Answer> {
        let typing = match self.said("unfinished") {
            Some("true") => true,
            None | Some("false") => false,
            Some(_) => return Err(problem(400, "unfinished is neither true nor false", None)),
        };
        let window = match (self.day("from")?, self.day("to")?) {
            (None, None) => None,
            (from, to) => Some(DayRange { earliest: from.unwrap_or(Day::FIRST), latest: to.unwrap_or(Day::LAST) }),
        };
        Ok(Question { text: self.text("q").to_owned(), typing, window })
    }

    /// Returns which part of a list is asked for: where it begins, and how many rows.
    pub(super) fn part(&self) -> Result<(usize, usize), Answer> {
        const FURTHEST: usize = 1_000_000_000;
        Ok((self.number("offset", 0, 0, FURTHEST)?, self.number("limit", PAGE.1, 1, PAGE.0)?))
    }

    /// Returns the address of the part after one of so many rows; None at the end.
    pub(super) fn next(&self, offset: usize, rows: usize, total: usize) -> Option<String> {
        let end = offset.saturating_add(rows);
        (rows > 0 && end < total).then(|| self.at(end))
    }

    /// Returns the address of another part of the list.
    fn at(&self, offset: usize) -> String {
        let path = self.address.split('?').next().unwrap_or("/");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.values.iter().filter(|(key, _)| key != "offset"));
        query.append_pair("offset", &offset.to_string());
        format!("{path}?{}", query.finish())
    }
}

/// Tells whether the asker says that he has this answer (RFC 9110, 13.1.2).
pub(super) fn has_already(headers: &HeaderMap, etag: &str) -> bool {
    let said = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == etag)
}

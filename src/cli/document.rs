//! A document as the commands take it becomes title, day and text: a page, a text, or a tagged text.

use url::Url;

use crate::base::day::Day;
use crate::model::article::{NotAnArticle, PublishedFrom};
use crate::page::{self, Hint, ReadPage};

/// A document as read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// Its title; empty where it has none.
    pub(super) title: String,
    /// The day of publication, if it is known, and how.
    pub(super) published: Option<(Day, PublishedFrom)>,
    /// ISO 639-1 code of the language, "und" where it cannot be told.
    pub(super) language: String,
    /// The main text.
    pub(super) text: String,
}

/// Reads a page or text as it was saved or fetched; `content_type` is what came with it.
pub(super) fn of_bytes(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&Url>,
    published: Option<Day>,
) -> Result<Reading, NotAnArticle> {
    if content_type.is_none() {
        let text = page::decoded(bytes);
        if let Some(reading) = tagged(&text, published) {
            return Ok(reading);
        }
        if !looks_like_html(&text) && !text.contains('\0') {
            return of_text(&text, published);
        }
    }
    let hint = Hint { published, ..Hint::default() };
    page::read_bytes(bytes, content_type, url, &hint).map(Reading::from)
}

/// Reads an HTML page.
pub(super) fn of_html(html: &str, url: Option<&Url>, title: &str, published: Option<Day>) -> Result<Reading, NotAnArticle> {
    page::read_html(html, url, &Hint { title, published, ..Hint::default() }).map(Reading::from)
}

impl From<ReadPage> for Reading {
    fn from(read: ReadPage) -> Reading {
        let ReadPage { title, published, published_from, language, text, .. } = read;
        Reading { title, published: published.zip(published_from), language, text }
    }
}

/// Takes a text as it is: its first line is the title if it is short and a paragraph follows.
fn of_text(text: &str, published: Option<Day>) -> Result<Reading, NotAnArticle> {
    if text.len() > page::LONGEST_TEXT {
        return Err(NotAnArticle::TooMuch { what: format!("its text is longer than {} MB", page::LONGEST_TEXT >> 20) });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let title = if first.chars().count() <= 200 { first.to_owned() } else { String::new() };
    Ok(Reading { title, published: published.map(given), language: "und".to_owned(), text: text.to_owned() })
}

fn given(day: Day) -> (Day, PublishedFrom) {
    (day, PublishedFrom::Given)
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2048).collect::<String>().to_ascii_lowercase();
    start.starts_with('<') && ["<!doctype", "<html", "<head", "<body", "<?xml"].iter().any(|tag| start.contains(tag))
}

/// Reads the layout of common research collections: `<title>`, `<date> YYYY_MM_DD` and `<text>` lines, then the text.
fn tagged(text: &str, published: Option<Day>) -> Option<Reading> {
    let start = text.trim_start();
    if !start.starts_with("<title>") || looks_like_html(text) {
        return None;
    }
    let (head, body) = start.split_once("<text>")?;
    let element = |name: &str| {
        let (_, rest) = head.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(inner, _)| inner.trim().to_owned())
    };
    let day = element("date").and_then(|date| date.replace('_', "-").parse().ok());
    let body = body.split("</text>").next().unwrap_or(body).trim_start_matches(['\r', '\n']);
    let published = published.map(given).or_else(|| day.map(|day| (day, PublishedFrom::Meta)));
    Some(Reading { title: element("title")?, published, language: "und".to_owned(), text: body.to_owned() })
}

//! A page becomes an article, or a reason why it is none.
//!
//! Bytes are decoded (`decode`), read in one linear pass into a flat tree (`parse`, `tree`), the tree into blocks of text outside of
//! furniture (`blocks`, `furniture`, `words`, `names`); the element with the main text is chosen (`main_text`) and what is furniture
//! by its words is left out (`lines`, `body`); a lead that is set apart is put before it (`lead`). What the page says of itself is in
//! `meta`, `jsonld`, `dates`, `language`; what is no article in `wall`.
//! A message of a mailbox is such a page as well (`mail`).
//! Pure: no clock, no files, no network. Nothing here is quadratic in what a page holds or recurses into it.

mod blocks;
mod body;
mod careful;
mod dates;
mod decode;
mod furniture;
mod jsonld;
mod language;
mod lead;
mod lines;
pub mod mail;
mod main_text;
mod meta;
mod names;
mod parse;
mod tag;
mod tree;
mod wall;
mod words;

use std::borrow::Cow;

use url::Url;

use crate::base::day::Day;
use crate::base::safe;
use crate::base::span::Span;
use crate::model::article::{Article, ArticleId, FeedItem, NotAnArticle, Page, PublishedFrom, paragraphs};
use crate::model::source::SourceId;

pub use crate::model::article::LONGEST_TEXT;
pub use dates::days_in_address;
pub use language::of_text as language_of;

/// The largest page that is read, in bytes of text.
pub const LARGEST: usize = 16 << 20;

/// What is known of an article before its page is read.
#[derive(Clone, Copy, Debug)]
pub struct Hint<'a> {
    /// Its title in the feed; empty if unknown.
    pub title: &'a str,
    /// Its day of publication, if somebody said.
    pub published: Option<Day>,
    /// How that day is known.
    pub published_from: PublishedFrom,
    /// The CSS selector of the main text in pages of its source.
    pub body_selector: Option<&'a str>,
}

impl<'a> Hint<'a> {
    /// Returns what a feed item tells of its article.
    pub fn of(item: &'a FeedItem, body_selector: Option<&'a str>) -> Hint<'a> {
        let published = item.published.map(Day::of);
        Hint { title: &item.title, published, published_from: PublishedFrom::Feed, body_selector }
    }
}

impl Default for Hint<'_> {
    fn default() -> Self {
        Hint { title: "", published: None, published_from: PublishedFrom::Given, body_selector: None }
    }
}

/// What was read from one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPage {
    /// The title; empty where none was found.
    pub title: String,
    /// The day of publication; None where neither the hint nor the page says.
    pub published: Option<Day>,
    /// How that day is known.
    pub published_from: Option<PublishedFrom>,
    /// ISO 639-1 code of the language, "und" where it cannot be told.
    pub language: String,
    /// The main text, paragraphs separated by line feeds, free of unsafe characters.
    pub text: String,
    /// The paragraphs of the text, in order.
    pub paragraphs: Vec<Span>,
    /// The canonical address that the page gives, if it is one of the same site.
    pub canonical: Option<Url>,
}

/// Reads a fetched page as an article of a source. The day of arrival stands in where nothing tells the day of publication.
pub fn read(page: &Page, hint: &Hint<'_>, source: &SourceId, id: ArticleId) -> Result<Article, NotAnArticle> {
    if matches!(page.status, 404 | 410) {
        return Err(NotAnArticle::Missing);
    }
    let read = read_bytes(&page.bytes, page.header("content-type"), Some(&page.answered), hint)?;
    let arrived = Day::of(page.arrived_at);
    let (published, published_from) = match (read.published, read.published_from) {
        (Some(day), Some(from)) if day <= arrived.plus(1) => (day, from),
        _ => (arrived, PublishedFrom::Arrival),
    };
    Ok(Article {
        id,
        source: source.clone(),
        url: read.canonical.unwrap_or_else(|| page.answered.clone()),
        title: read.title,
        published,
        published_from,
        language: read.language,
        text: read.text,
        paragraphs: read.paragraphs,
    })
}

/// Reads a page from its bytes; `content_type` is the header of the answer.
pub fn read_bytes(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&Url>,
    hint: &Hint<'_>,
) -> Result<ReadPage, NotAnArticle> {
    if let Some(content_type) = wall::not_html(bytes, content_type) {
        return Err(NotAnArticle::NotHtml { content_type });
    }
    let text = decode::decode(bytes, content_type);
    if content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain")) && !text.contains("<p") {
        return read_plain(&text, hint);
    }
    read_html(&text, url, hint)
}

/// Reads a page that is text already; `url` is where it came from, if that is known.
pub fn read_html(html: &str, url: Option<&Url>, hint: &Hint<'_>) -> Result<ReadPage, NotAnArticle> {
    if html.len() > LARGEST {
        return Err(NotAnArticle::TooMuch { what: "the page is longer than 16 MB".to_owned() });
    }
    let html = &*decode::composed(html);
    let tree = parse::parse(html);
    if tree.shape.cut {
        return Err(NotAnArticle::TooMuch { what: "the page has more than a million elements".to_owned() });
    }
    let metas = meta::Metas::of(&tree);
    let described = jsonld::read(&tree);
    let title = meta::title(&tree, &metas, &described, hint.title);
    let chosen = hint.body_selector.and_then(|selector| careful::select(html, tree.shape, selector));
    let body = chosen.unwrap_or_else(|| body::read(&tree, &title, described.body.as_deref()));
    let text = bounded(text_of(&body))?;
    let judged = wall::Judged {
        title: &title,
        text: &text,
        free: described.free,
        sorts: described.sorts,
        og_type: &metas.get("og:type").unwrap_or_default().to_lowercase(),
        path: url.map_or("", Url::path),
        tree: &tree,
        all_words: &|| tree.text(0),
    };
    if let Some(why) = wall::judge(&judged) {
        return Err(why);
    }
    let (published, published_from) = match hint.published {
        Some(day) => (Some(day), Some(hint.published_from)),
        None => meta::published(&tree, &metas, &described, url, &title).unzip(),
    };
    Ok(ReadPage {
        published,
        published_from,
        language: language::of(&tree, &text),
        paragraphs: paragraphs(&text),
        canonical: meta::canonical(&tree, &metas, url),
        title,
        text,
    })
}

/// Refuses a text that is longer than any article.
fn bounded(text: String) -> Result<String, NotAnArticle> {
    let what = || format!("its text is longer than {} MB", LONGEST_TEXT >> 20);
    if text.len() > LONGEST_TEXT { Err(NotAnArticle::TooMuch { what: what() }) } else { Ok(text) }
}

/// Returns the bytes of a file as text, whatever character set it is in.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    decode::decode(bytes, None)
}

/// Reads a plain text: its paragraphs are its lines.
fn read_plain(text: &str, hint: &Hint<'_>) -> Result<ReadPage, NotAnArticle> {
    let text = decode::composed(text);
    let body = body::Body {
        paragraphs: text.lines().map(|line| safe::line(line, usize::MAX)).filter(|line| !line.is_empty()).collect(),
    };
    let text = bounded(text_of(&body))?;
    if text.is_empty() {
        return Err(NotAnArticle::NoText);
    }
    Ok(ReadPage {
        title: safe::line(hint.title, 300),
        published: hint.published,
        published_from: hint.published.map(|_| hint.published_from),
        language: language::of_text(&text),
        paragraphs: paragraphs(&text),
        canonical: None,
        text,
    })
}

fn text_of(body: &body::Body) -> String {
    let mut text = String::with_capacity(body.letters() + body.paragraphs.len());
    for paragraph in &body.paragraphs {
        let paragraph = safe::clean(paragraph);
        let paragraph = paragraph.trim();
        if paragraph.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(paragraph);
    }
    text
}

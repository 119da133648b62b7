//! The one place that knows the feed library: a document in, drafts out, or nothing, and then our own readers read it.
//!
//! Its parser is made anew for each document, since one that has failed once fails on all that follow. It is asked for no clean-up of
//! texts, which [`plain`] does, and for no identities, which are the feed's or none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use feed_rs::model::{Content, Entry, Feed, Link, LinkTarget, Text};
use feed_rs::parser::Builder;
use url::Url;

use super::plain::{self, Tags};
use super::survey::{Format, Survey};
use super::xml::parts::is_address;
use super::{Draft, decode};
use crate::base::entity;

/// What was read of a document.
pub(super) struct Reading {
    pub title: Option<String>,
    pub drafts: Vec<Draft>,
}

/// Reads XML that [`super::survey`] found fit; None if the library gives it up.
pub(super) fn xml(text: &str, base: &Url, survey: Survey) -> Option<Reading> {
    let (feed, dates) = parse(text, Some(base))?;
    let title = feed.title.map(|title| text_of(&title, survey.format));
    let drafts = feed.entries.into_iter().map(|entry| draft(entry, survey, &dates)).collect();
    Some(Reading { title, drafts })
}

/// Reads JSON that [`super::json`] found fit, likewise.
pub(super) fn json(text: &str) -> Option<Reading> {
    let (feed, dates) = parse(text, None)?;
    let title = feed.title.map(|title| entity::decode_strict(&title.content).into_owned());
    let drafts = feed.entries.into_iter().map(|entry| json_draft(entry, &dates)).collect();
    Some(Reading { title, drafts })
}

/// The dates of a document as written.
struct Dates(Vec<String>);

impl Dates {
    fn written(&self, date: Option<DateTime<chrono::Utc>>) -> Option<String> {
        self.0.get(usize::try_from(date?.timestamp()).ok()?).cloned()
    }
}

/// Lets the library read a document. The moments in it are numbers of the dates beside it: its own model has no room for a date that
/// cannot be read, and that must be told in the words of the feed.
fn parse(text: &str, base: Option<&Url>) -> Option<(Feed, Dates)> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&written);
    let keep = move |date: &str| {
        let mut written = taken.lock().ok()?;
        written.push(date.trim().to_owned());
        DateTime::from_timestamp(i64::try_from(written.len() - 1).ok()?, 0)
    };
    let parser = Builder::new()
        .base_uri(base.map(Url::as_str))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(keep)
        .build();
    // What it fails on is a document like any other to our readers.
    let feed = catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes()))).ok()?.ok()?;
    let written = written.lock().ok().map(|mut written| std::mem::take(&mut *written))?;
    Some((feed, Dates(written)))
}

fn draft(entry: Entry, survey: Survey, dates: &Dates) -> Draft {
    let format = survey.format;
    let id = Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty());
    let source = entry.content.as_ref().and_then(|content| Some(content.src.as_ref()?.href.clone()));
    let link = match format {
        Format::Rss => entry.links.iter().find(|link| link.target.is_none()),
        Format::Atom => alternate(&entry.links),
    };
    let id_is_link = link.is_none() && survey.permanent && id.as_deref().is_some_and(is_address);
    let link = link.map(|link| link.href.clone()).or_else(|| id.clone().filter(|_| id_is_link));
    let comments = entry.links.iter().find(|link| link.target == Some(LinkTarget::Comments));
    // Of an RSS item that says only when it was published, the library says the same of its change.
    let changed = entry.updated.filter(|updated| survey.dc_dates || format == Format::Atom || Some(*updated) != entry.published);
    Draft {
        link: link.or_else(|| source.filter(|source| format == Format::Atom && is_address(source))),
        id,
        title: entry.title.map(|title| text_of(&title, format)).unwrap_or_default(),
        published: dates.written(entry.published),
        updated: dates.written(changed),
        summary: entry.summary.map(|summary| text_of(&summary, format)).unwrap_or_default(),
        content: entry.content.map(|content| content_of(content, format)).unwrap_or_default(),
        id_is_link,
        comments: comments.map(|link| link.href.clone()),
        ..Draft::default()
    }
}

/// Returns the link to the article itself: a page first, then one that does not say what it is.
fn alternate(links: &[Link]) -> Option<&Link> {
    let is_alternate = |link: &&Link| {
        let rel = link.rel.as_deref().unwrap_or("").trim().to_ascii_lowercase();
        matches!(rel.rsplit('/').next(), None | Some("" | "alternate")) && link.target.is_none()
    };
    links.iter().filter(is_alternate).min_by_key(|link| match link.media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => 1,
        None => 2,
        Some(_) => 3,
    })
}

fn text_of(text: &Text, format: Format) -> String {
    plain_of(&text.content, text.content_type.as_str(), format)
}

fn content_of(content: Content, format: Format) -> String {
    let body = content.body.unwrap_or_default();
    match format {
        Format::Rss => plain::text(&decode::without_c1(&body), Tags::Html),
        Format::Atom => plain_of(&body, content.content_type.as_str(), format),
    }
}

/// Returns a text for a reader. In RSS it must be guessed what a title or teaser is; `content:encoded` alone is HTML by name.
fn plain_of(text: &str, kind: &str, format: Format) -> String {
    let text = decode::without_c1(text);
    match (format, kind) {
        (Format::Rss, _) => plain::guess(&text),
        (Format::Atom, "text/html") => plain::text(&text, Tags::Html),
        (Format::Atom, "text/plain") => plain::lines(&text),
        (Format::Atom, _) => plain::text(&text, Tags::All),
    }
}

fn json_draft(entry: Entry, dates: &Dates) -> Draft {
    let id = Some(entry.id).filter(|id| !id.is_empty());
    let own = entry.links.into_iter().find(|link| link.media_type.is_none()).map(|link| link.href);
    let id_link = id.clone().filter(|id| id.starts_with("http://") || id.starts_with("https://"));
    let lines = |text: &str| plain::lines(&entity::decode_strict(text));
    let content = entry.content.unwrap_or_default();
    let body = content.body.unwrap_or_default();
    Draft {
        link: own.or(id_link),
        id,
        title: entry.title.map(|title| lines(&title.content)).unwrap_or_default(),
        published: dates.written(entry.published),
        updated: dates.written(entry.updated),
        summary: entry.summary.map(|summary| lines(&summary.content)).unwrap_or_default(),
        content: if content.content_type.as_str() == "text/html" { plain::text(&body, Tags::Html) } else { lines(&body) },
        ..Draft::default()
    }
}

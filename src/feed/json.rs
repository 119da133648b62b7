//! JSON Feed 1.0 and 1.1, item by item: what one item has wrong is that item's loss alone.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::plain::{self, Tags};
use super::{Collector, Draft, MOST_ITEMS, library};
use crate::base::{entity, safe};

/// The most objects of a document that the library reads: it gives each item a copy of the feed's authors.
const MOST_OBJECTS: usize = 1000;
/// The most values of a document that the library reads.
const MOST_VALUES: usize = 100_000;

/// Reads the items of a document that begins with `{` or `[`.
pub(super) fn read(text: &str, found: &mut Collector) -> Result<(), String> {
    let reading = fit(text).and_then(|()| library::json(text).ok_or("is given up by the library"));
    if found.take(reading) { Ok(()) } else { read_forgivingly(text, found) }
}

/// Tells whether the library may read a document: it takes one for the other where an item has two addresses or two texts.
fn fit(text: &str) -> Result<(), &'static str> {
    let count = |byte: u8| text.bytes().filter(|other| *other == byte).count();
    if text.contains("\"external_url\"") {
        return Err("has items that talk about another page");
    }
    if text.contains("\"content_text\"") && text.contains("\"content_html\"") {
        return Err("has items with two texts");
    }
    if count(b'{') > MOST_OBJECTS || count(b',') > MOST_VALUES { Err("has too many parts") } else { Ok(()) }
}

/// Reads each item by itself.
fn read_forgivingly(text: &str, found: &mut Collector) -> Result<(), String> {
    let feed: Value =
        serde_json::from_str(&with_whole_surrogates(text)).map_err(|error| format!("it is JSON that cannot be read: {error}"))?;
    let is_feed = feed.get("version").and_then(Value::as_str).is_some_and(|version| version.contains("jsonfeed.org"));
    let items = match feed.get("items") {
        Some(Value::Array(items)) if is_feed || feed.get("title").is_some() => items,
        Some(_) if is_feed => return Err("it is a JSON Feed whose items are no list".to_owned()),
        None if is_feed => return Err("it is a JSON Feed without items".to_owned()),
        _ => return Err("it is JSON, but no JSON Feed".to_owned()),
    };
    if let Some(title) = feed.get("title").and_then(Value::as_str) {
        found.title(&entity::decode_strict(title));
    }
    if items.len() > MOST_ITEMS {
        found.fault("the feed", format!("has {} items; only {MOST_ITEMS} were read", items.len()));
    }
    for item in items.iter().take(MOST_ITEMS) {
        match item.as_object() {
            Some(item) => found.item(draft(item)),
            None => {
                found.met += 1;
                found.skip("is no object");
            }
        }
    }
    Ok(())
}

fn draft(item: &Map<String, Value>) -> Draft {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let html = |name: &str| text(name).map(|html| plain::text(&html, Tags::Html));
    // Plain text, says the specification; many leave the references of their HTML in it all the same.
    let lines = |name: &str| text(name).map(|text| plain::lines(&entity::decode_strict(&text)));
    let id = match item.get("id") {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    // The address of an item that has none of its own is its id, if that is one; `external_url` is what it talks about.
    let id_link = id.clone().filter(|id| id.starts_with("http://") || id.starts_with("https://"));
    let wrong = ["url", "title", "date_published"]
        .into_iter()
        .find(|name| item.get(*name).is_some_and(|value| !value.is_string() && !value.is_null()));
    Draft {
        link: text("url").or(id_link).or_else(|| text("external_url")),
        id,
        title: lines("title").unwrap_or_default(),
        published: text("date_published"),
        updated: text("date_modified"),
        summary: lines("summary").unwrap_or_default(),
        content: html("content_html").or_else(|| lines("content_text")).unwrap_or_default(),
        refused: wrong.map(|name| format!("has a {} that is no text", safe::line(name, 40))),
        ..Draft::default()
    }
}

/// Replaces `\ud800` and its like where they stand alone, which no text can hold, by U+FFFD.
fn with_whole_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let code = |at: usize| -> Option<u32> {
        let escape = text.get(at..at + 6)?;
        u32::from_str_radix(escape.strip_prefix("\\u")?, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(step) = text[at..].find('\\') {
        let start = at + step;
        out.push_str(&text[at..start]);
        let length = match (code(start), code(start + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push('\u{fffd}');
                at = start + 6;
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 1 + text[start + 1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&text[start..start + length]);
        at = start + length;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

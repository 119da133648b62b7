//! The text of `sources.toml` becomes settings and sources, or every mistake in it with its place and what to write instead.

mod block;
mod screen;
mod value;
mod watch;

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::base::safe;
use crate::base::span::Span;
use crate::model::source::{Settings, Source, SourceId};
use crate::model::watch::Watch;
use block::{Block, Reader};

pub use value::{address, bytes, duration, nearest, written};

/// What `sources.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// How the crawl behaves.
    pub settings: Settings,
    /// What is read, in the order of the file.
    pub sources: Vec<Source>,
    /// What somebody wants to be told of, in the order of the file.
    pub watches: Vec<Watch>,
    /// The queries that have a name, in the order of the file.
    pub queries: Vec<SavedQuery>,
    /// The keys of the timeline that are given to other actions.
    pub keys: Vec<KeySetting>,
    /// The colours of the timeline.
    pub theme: Vec<ColourSetting>,
}

/// The colour that something on the timeline is to have; which things and colours there are, the timeline knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourSetting {
    /// What is to have it.
    pub role: String,
    /// The colour as it is written.
    pub colour: String,
    /// Where the setting stands in the text.
    pub at: Span,
}

/// A query that has a name: a `[[query]]` block. Whether its text is a query is told where queries are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedQuery {
    /// Its name: `@name` stands for it in other queries. Letters, digits and dashes, in lower case.
    pub name: String,
    /// Its text.
    pub query: String,
    /// The line of the file on which its text stands, from 1.
    pub line: usize,
}

/// The keys that an action of the timeline is to have; which actions and keys there are, the timeline knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetting {
    /// The name of the action.
    pub action: String,
    /// The keys as they are written.
    pub keys: Vec<String>,
    /// Where the setting stands in the text.
    pub at: Span,
}

/// One mistake in `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Its line, from 1.
    pub line: usize,
    /// Its column in that line, in characters, from 1.
    pub column: usize,
    /// The words that are wrong, as a range of the text; empty where something is missing.
    pub span: Span,
    /// What is wrong and what was expected, as a sentence without a full stop.
    pub what: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

const TABLES: &[&str] = &["keys", "query", "settings", "source", "theme", "watch"];
const SETTINGS: &[&str] = &[
    "allow",
    "at_once",
    "contact",
    "keep_pages",
    "max_body",
    "no_proxy",
    "pause",
    "per_host",
    "proxy",
    "recheck",
    "sendmail",
    "timeout",
    "user_agent",
];
const QUERY: &[&str] = &["name", "query"];
const SOURCE: &[&str] = &["body", "date", "enabled", "every", "item", "kind", "link", "name", "tags", "title", "url"];

impl ConfigFault {
    /// Makes the mistake of a place in the text.
    pub fn new(text: &str, at: Span, what: &str, hint: Option<String>) -> ConfigFault {
        let start = text.floor_char_boundary(at.start);
        let end = text.floor_char_boundary(at.end).max(start);
        let before = &text[..start];
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        ConfigFault { line, column, span: Span::new(start, end), what: safe::line(what, 300), hint }
    }
}

impl Config {
    /// Reads the text of `sources.toml`; the error holds every mistake in it, in the order of their places.
    pub fn parse(text: &str) -> Result<Config, Vec<ConfigFault>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader::new(text, !errors.is_empty());
        for error in &errors {
            let place = error.span().unwrap_or(text.len()..text.len());
            reader.fault(place, format!("this is not TOML: {}", error.message()), syntax_hint(text, error));
        }
        let mut config = Config::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "keys" => config.keys = screen::read_keys(&mut reader, value),
                "theme" => config.theme = screen::read_theme(&mut reader, value),
                "settings" => config.settings = read_settings(&mut reader, value),
                "source" => config.sources = read_sources(&mut reader, key.span(), value),
                "watch" => config.watches = watch::read_watches(&mut reader, key.span(), value),
                "query" => config.queries = read_queries(&mut reader, key.span(), value),
                other => reader.unknown(key.span(), other, "the file", TABLES),
            }
        }
        reader.finish().map(|()| config)
    }
}

fn syntax_hint(text: &str, error: &toml::de::Error) -> Option<String> {
    let place = error.span()?;
    if error.message().contains("duplicate key") {
        return Some("each key may stand only once in a block".to_owned());
    }
    if error.message().contains("invalid basic string") {
        return Some("a text ends with the quote that it began with, on the same line".to_owned());
    }
    let line = text.get(..place.start)?.rsplit('\n').next().unwrap_or("");
    let rest = text.get(place.start..)?.lines().next().unwrap_or("");
    let value = format!("{line}{rest}");
    let (_, value) = value.split_once('=')?;
    let bare = !value.trim().is_empty() && !value.contains(['"', '\'', '[', '{']);
    bare.then(|| "text is written in quotes: key = \"text\"".to_owned())
}

fn read_settings(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Settings {
    let mut settings = Settings::default();
    let DeValue::Table(table) = value.get_ref() else {
        reader.fault(value.span(), "settings is one block of keys".to_owned(), Some("write [settings]".to_owned()));
        return settings;
    };
    let mut block = Block::new(reader, table, "[settings]", SETTINGS);
    if let Some(name) = block.line("user_agent") {
        settings.user_agent = name;
    }
    settings.contact = block.line("contact");
    if let Some(count) = block.count("at_once", 1, 1024) {
        settings.at_once = count;
    }
    if let Some(count) = block.count("per_host", 1, 64) {
        settings.per_host = count;
    }
    if let Some(pause) = block.duration("pause", true) {
        settings.pause = pause;
    }
    if let Some(timeout) = block.duration("timeout", false) {
        settings.timeout = timeout;
    }
    if let Some(bytes) = block.bytes("max_body") {
        settings.max_body = bytes;
    }
    settings.allow = block.networks("allow");
    if let Some(kept) = block.duration_or_forever("keep_pages") {
        settings.keep_pages = kept;
    }
    if let Some(ages) = block.ages("recheck") {
        settings.recheck = ages;
    }
    settings.proxies = block.proxies("proxy", "no_proxy");
    if let Some(program) = block.line("sendmail") {
        settings.sendmail = program;
    }
    settings
}

fn read_sources(reader: &mut Reader<'_>, key: Range<usize>, value: &Spanned<DeValue<'_>>) -> Vec<Source> {
    let mut met = Met::default();
    blocks(reader, "source", key, value)
        .into_iter()
        .filter_map(|(place, table)| read_source(reader, place, table, &mut met))
        .collect()
}

/// Returns the blocks of one name, and where each stands; whatever else stands under the name is a mistake.
fn blocks<'v, 't>(
    reader: &mut Reader<'_>,
    name: &str,
    key: Range<usize>,
    value: &'v Spanned<DeValue<'t>>,
) -> Vec<(Range<usize>, &'v DeTable<'t>)> {
    let DeValue::Array(entries) = value.get_ref() else {
        reader.fault(key, format!("each {name} is a block of its own"), Some(format!("write [[{name}]], in two brackets")));
        return Vec::new();
    };
    let mut blocks = Vec::new();
    for entry in entries.iter() {
        match entry.get_ref() {
            DeValue::Table(table) => blocks.push((entry.span(), table)),
            _ => reader.fault(entry.span(), format!("each {name} is a block of its own"), Some(format!("write [[{name}]]"))),
        }
    }
    blocks
}

fn read_queries(reader: &mut Reader<'_>, key: Range<usize>, value: &Spanned<DeValue<'_>>) -> Vec<SavedQuery> {
    let mut queries: Vec<SavedQuery> = Vec::new();
    for (place, table) in blocks(reader, "query", key, value) {
        let named_at = table.get("name").map(|name| name.span()).unwrap_or_default();
        let mut block = Block::new(reader, table, "[[query]]", QUERY);
        let (name, query) = (block.query_name("name"), block.query("query"));
        block.need(place, QUERY);
        let (Some(name), Some((query, at))) = (name, query) else { continue };
        let line = reader.line_of(at);
        if let Some(twin) = queries.iter().find(|other| other.name == name) {
            let what = format!("the name \"{name}\" is taken by the query in line {}", twin.line);
            reader.fault(named_at, what, Some("each query has a name of its own".to_owned()));
        }
        queries.push(SavedQuery { name, query, line });
    }
    queries
}

/// The names and addresses met so far, each with what tells where; also those of sources that are wrong otherwise.
#[derive(Default)]
struct Met {
    names: HashMap<SourceId, (String, usize)>,
    urls: HashMap<Url, (String, usize)>,
}

fn read_source(reader: &mut Reader<'_>, place: Range<usize>, table: &DeTable<'_>, met: &mut Met) -> Option<Source> {
    let mut block = Block::new(reader, table, "[[source]]", SOURCE);
    let name = block.name("name");
    let url = block.address("url");
    let kind = block.kind("kind");
    let tags = block.tags("tags");
    let selectors = block.selectors(kind);
    let every = block.duration("every", false);
    let enabled = block.flag("enabled").unwrap_or(true);
    block.need(place.clone(), &["name", "url"]);
    let span_of = |key: &str| table.get(key).map(|value| value.span()).unwrap_or_default();
    let line = reader.line_of(place.start);
    if let Some((id, name)) = &name {
        refuse_taken_name(reader, met, (id, name), span_of("name"), line);
    }
    if let Some(url) = &url {
        let known_as = name.as_ref().map_or("a source", |(_, name)| name.as_str());
        refuse_taken_address(reader, met, (url, known_as), span_of("url"), line);
    }
    let ((id, name), url) = (name?, url?);
    Some(Source { id, name, url, kind, tags, selectors, every, enabled })
}

fn refuse_taken_name(reader: &mut Reader<'_>, met: &mut Met, (id, name): (&SourceId, &str), place: Range<usize>, line: usize) {
    if let Some((twin, line)) = met.names.get(id) {
        let what = format!("the name \"{twin}\" is taken by the source in line {line}");
        let hint = "names that differ only in case, accents or punctuation count as one".to_owned();
        reader.fault(place, what, Some(hint));
    } else {
        met.names.insert(id.clone(), (name.to_owned(), line));
    }
}

fn refuse_taken_address(reader: &mut Reader<'_>, met: &mut Met, (url, name): (&Url, &str), place: Range<usize>, line: usize) {
    if let Some((twin, line)) = met.urls.get(url) {
        let what = format!("this address is that of \"{twin}\" in line {line}");
        reader.fault(place, what, Some("one block for each address".to_owned()));
    } else {
        met.urls.insert(url.clone(), (name.to_owned(), line));
    }
}

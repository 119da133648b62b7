//! A feed or a list page becomes items: bytes in, items and faults out. Pure, linear, and never fails for long: what can be read of
//! a broken document is read, and what was wrong is said.
//!
//! What a document is (RSS, RDF, Atom, JSON Feed, HTML) is told by its content, never by its content type. A feed that is as its format
//! wants it is read by feed-rs (`library`); which ones those are is told before it sees them (`survey`), together with every bound
//! on size, number and depth. All others are read by our own forgiving scanner (`xml`, `scan`), and so is what feed-rs gives up:
//!
//! - what is not well-formed or cut off: a strict parser loses the whole feed for one bare ampersand;
//! - what declares entities: a scanner that knows no DTD expands nothing;
//! - Atom 0.3, RSS of other versions or namespaces: feed-rs finds no items in them and does not say so;
//! - RSS 1.0: feed-rs does not know `rdf:about`, the identity of an item;
//! - items with links of FeedBurner, dates, teasers or texts of vocabularies that its model leaves out, or with two parts of one kind;
//! - markup where text belongs: feed-rs reads the text before it alone.
//!
//! Of 83 feeds from the web feed-rs reads 56 and our scanner 27; what feed-rs reads our scanner reads alike, item by item. Of the 871
//! facts of feedparser's tests feed-rs alone reads 200, both together 848. JSON goes the same way (`json`): an item that is wrong
//! costs feed-rs the feed, and ours the item.

mod dates;
mod decode;
mod json;
mod library;
mod list;
mod names;
pub mod opml;
mod plain;
mod scan;
pub mod sitemap;
mod survey;
mod xml;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use url::Url;

use crate::base::{address, safe};
use crate::model::article::{Fault, FeedItem};
use crate::model::source::{Source, SourceKind};

pub use dates::read as read_date;
use sitemap::Part;

/// The most items that are read of one feed.
pub const MOST_ITEMS: usize = 20_000;
/// The most faults that are listed for one feed; the rest is only counted.
const MOST_FAULTS: usize = 20;
/// The most characters of a title.
const LONGEST_TITLE: usize = 2000;
/// The most characters of a teaser.
const LONGEST_SUMMARY: usize = 20_000;
/// The most characters of a text that a feed carries.
const LONGEST_CONTENT: usize = 1_000_000;

/// What was read of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedRead {
    /// The feed's own title.
    pub title: Option<String>,
    /// Its items in the order of the feed; no address twice.
    pub items: Vec<FeedItem>,
    /// Items that could not be kept; each also stands in `faults`.
    pub skipped: usize,
    /// What was wrong, at most twenty entries.
    pub faults: Vec<Fault>,
    /// Whether the document has an end. One that was cut off must not count as read.
    pub complete: bool,
    /// The sitemaps that a sitemap index names, those that changed last first; to be fetched and read like it.
    pub parts: Vec<Part>,
    /// Which reader it went to.
    pub reader: Reader,
    /// Why nothing could be read, as a phrase that follows the source's name; None if the document is a feed or list.
    pub error: Option<String>,
}

/// Who reads a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// feed-rs.
    Library,
    /// One of our own, and why: a phrase that follows the document's name.
    Own(&'static str),
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::Own("could not be read")
    }
}

impl FeedRead {
    /// Makes the result of a document that could not be read.
    pub fn failed(why: impl Into<String>) -> FeedRead {
        FeedRead { error: Some(why.into()), ..FeedRead::default() }
    }
}

/// One entry of a feed as it stands there, before anything decides whether it can be an item. For looking at a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its address, resolved but not made canonical; as written where it is no address.
    pub link: Option<String>,
    /// Its identity.
    pub id: Option<String>,
    /// Its title as plain text.
    pub title: String,
    /// When it says it was published, as written and as read.
    pub published: Option<(String, Option<Timestamp>)>,
    /// When it says it was changed, likewise.
    pub updated: Option<(String, Option<Timestamp>)>,
    /// Its teaser as plain text.
    pub summary: String,
    /// Its text as plain text.
    pub content: String,
    /// Whether its identity is all that it has for an address.
    pub id_is_link: bool,
    /// Where its comments are, if that is elsewhere.
    pub comments: Option<String>,
    /// When it says it was made, as written and as read.
    pub created: Option<(String, Option<Timestamp>)>,
    /// When it says it is of no use any more, likewise.
    pub expired: Option<(String, Option<Timestamp>)>,
}

/// Reads a feed or list page. `base` is the address that answered; `source` says which kind is expected and with which selectors.
pub fn parse(bytes: &[u8], content_type: Option<&str>, base: &Url, source: &Source) -> FeedRead {
    parse_safely(bytes, content_type, source, Collector::new(base)).0
}

/// Reads a sitemap with all that the protocol lets one name; [`parse`] reads what a night may bring.
pub fn whole_sitemap(bytes: &[u8], content_type: Option<&str>, base: &Url, source: &Source) -> FeedRead {
    let (most_items, most_parts) = (sitemap::MOST_NAMED, sitemap::MOST_NAMED);
    parse_safely(bytes, content_type, source, Collector { most_items, most_parts, ..Collector::new(base) }).0
}

/// Like [`parse`], with every entry as it stands in the feed besides.
pub fn preview(bytes: &[u8], content_type: Option<&str>, base: &Url, source: &Source) -> (FeedRead, Vec<Entry>) {
    let found = Collector { entries: Some(Vec::new()), ..Collector::new(base) };
    parse_safely(bytes, content_type, source, found)
}

/// Returns the feeds that an HTML page names as its own, in its order; none if it is no page.
pub fn feeds_of_page(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Vec<Url> {
    let find = || list::feeds(&decode::decode(bytes, content_type, &mut Collector::new(base)), base);
    catch_unwind(AssertUnwindSafe(find)).unwrap_or_default()
}

fn parse_safely(bytes: &[u8], content_type: Option<&str>, source: &Source, found: Collector) -> (FeedRead, Vec<Entry>) {
    catch_unwind(AssertUnwindSafe(|| parse_whole(bytes, content_type, source, found)))
        .unwrap_or_else(|_| (FeedRead::failed("reading it made this program fail; please report it"), Vec::new()))
}

fn parse_whole(bytes: &[u8], content_type: Option<&str>, source: &Source, mut found: Collector) -> (FeedRead, Vec<Entry>) {
    let unpacked = if source.kind == SourceKind::Sitemap { sitemap::unpacked(bytes) } else { None };
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    if let Some(what) = binary(bytes) {
        return (FeedRead::failed(format!("it is {what}, not a feed")), Vec::new());
    }
    let base = found.base.clone();
    let text = decode::decode(bytes, content_type, &mut found);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if start.is_empty() {
        return (FeedRead::failed("the server sent an empty document"), Vec::new());
    }
    let outcome = if source.kind == SourceKind::Sitemap {
        found.reader = Reader::Own("is a sitemap");
        sitemap::read(start, &mut found)
    } else if start.starts_with('{') || start.starts_with('[') {
        json::read(start, &mut found)
    } else if read_by_library(start, &mut found) {
        Ok(())
    } else {
        match xml::read(start, &mut found) {
            Err(xml::NoFeed::Html) if source.kind == SourceKind::Page => list::read(start, &source.selectors, &mut found),
            Err(xml::NoFeed::Html) => Err(list::why_no_feed(start, &base)),
            Err(xml::NoFeed::Other(why)) => Err(why),
            Ok(()) if !found.complete && found.items.is_empty() => Err("it is cut off before its first whole item".to_owned()),
            Ok(()) => Ok(()),
        }
    };
    let entries = found.entries.take().unwrap_or_default();
    (found.into_read(outcome), entries)
}

/// Lets the library read XML that it is fit for; tells whether it has.
fn read_by_library(text: &str, found: &mut Collector) -> bool {
    let text = without_declaration(text);
    let survey = survey::survey(text, found.base.as_str().len());
    let reading = survey.and_then(|survey| library::xml(text, &found.base, survey).ok_or("is given up by the library"));
    found.take(reading)
}

/// Returns what follows the XML declaration: the text is UTF-8 by now, whatever that says.
fn without_declaration(text: &str) -> &str {
    match text.strip_prefix("<?xml") {
        Some(rest) if rest.starts_with(char::is_whitespace) => rest.split_once("?>").map_or(text, |(_, rest)| rest),
        _ => text,
    }
}

/// Says what a document is if its first bytes show that it is no text.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"PK\x03\x04", "an archive"),
        (b"\x1f\x8b", "a compressed file"),
    ];
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

/// One item as a reader found it, before it is judged.
#[derive(Clone, Debug, Default)]
struct Draft {
    link: Option<String>,
    /// Addresses that `link` and the others are relative to, where the document names one.
    base: Option<Url>,
    id: Option<String>,
    title: String,
    published: Option<String>,
    updated: Option<String>,
    summary: String,
    content: String,
    id_is_link: bool,
    comments: Option<String>,
    created: Option<String>,
    expired: Option<String>,
    /// Why it must not be kept.
    refused: Option<String>,
}

impl Draft {
    fn entry(&self, base: &Url) -> Entry {
        let base = self.base.as_ref().unwrap_or(base);
        let absolute = |link: &String| {
            let absolute = base.join(link.trim()).map_or_else(|_| link.clone(), String::from);
            safe::line(&absolute, address::LONGEST)
        };
        let date = |text: &Option<String>| text.clone().map(|text| (safe::line(&text, 200), dates::read(&text)));
        let link = self.link.as_ref().map(absolute);
        Entry {
            comments: self.comments.as_ref().map(absolute).filter(|comments| Some(comments) != link.as_ref()),
            link,
            id: self.id.as_ref().map(|id| safe::line(id, 1000)),
            title: safe::line(&self.title, LONGEST_TITLE),
            published: date(&self.published),
            updated: date(&self.updated),
            // An entry without a teaser shows its text instead.
            summary: bounded(if self.summary.is_empty() { &self.content } else { &self.summary }, LONGEST_SUMMARY),
            content: bounded(&self.content, LONGEST_CONTENT),
            id_is_link: self.id_is_link,
            created: date(&self.created),
            expired: date(&self.expired),
        }
    }
}

/// Collects items and faults; everything that every format has in common.
struct Collector {
    base: Url,
    title: Option<String>,
    items: Vec<FeedItem>,
    seen: HashSet<Url>,
    /// Items met so far, kept or not.
    met: usize,
    skipped: usize,
    faults: Vec<Fault>,
    more_faults: usize,
    complete: bool,
    most_items: usize,
    most_parts: usize,
    parts: Vec<Part>,
    reader: Reader,
    /// Every entry as it stands there, where somebody wants to look at them.
    entries: Option<Vec<Entry>>,
}

impl Collector {
    fn new(base: &Url) -> Collector {
        Collector {
            base: base.clone(),
            title: None,
            items: Vec::new(),
            seen: HashSet::new(),
            met: 0,
            skipped: 0,
            faults: Vec::new(),
            more_faults: 0,
            complete: true,
            most_items: MOST_ITEMS,
            most_parts: sitemap::MOST_PARTS,
            parts: Vec::new(),
            reader: Reader::default(),
            entries: None,
        }
    }

    fn fault(&mut self, place: impl Into<String>, what: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { place: place.into(), what: safe::line(&what.into(), 300) });
        } else {
            self.more_faults += 1;
        }
    }

    fn title(&mut self, title: &str) {
        if self.title.is_none() {
            self.title = Some(safe::line(title, LONGEST_TITLE)).filter(|title| !title.is_empty());
        }
    }

    /// Takes in what the library has read, or why our own reader must; tells which.
    fn take(&mut self, reading: Result<library::Reading, &'static str>) -> bool {
        match reading {
            Ok(reading) => {
                self.reader = Reader::Library;
                self.title(reading.title.as_deref().unwrap_or(""));
                reading.drafts.into_iter().for_each(|draft| self.item(draft));
                true
            }
            Err(why) => {
                self.reader = Reader::Own(why);
                false
            }
        }
    }

    fn is_full(&self) -> bool {
        self.met >= self.most_items
    }

    /// Takes in the next item, or notes why not.
    fn item(&mut self, draft: Draft) {
        self.met += 1;
        if let Some(entries) = &mut self.entries {
            entries.push(draft.entry(&self.base));
        }
        if let Err(why) = self.try_item(draft) {
            self.skip(why);
        }
    }

    /// Notes that the item met last is not kept.
    fn skip(&mut self, why: impl Into<String>) {
        self.skipped += 1;
        let place = format!("item {}", self.met);
        self.fault(place, why);
    }

    fn try_item(&mut self, draft: Draft) -> Result<(), String> {
        if let Some(why) = draft.refused {
            return Err(why);
        }
        let Some(link) = draft.link.filter(|link| !link.trim().is_empty()) else { return Err("has no link".to_owned()) };
        let base = draft.base.as_ref().unwrap_or(&self.base);
        let url = address::resolve(base, &link).map_err(|why| format!("has a link that {why}: {}", shown(&link)))?;
        let place = format!("item {}", self.met);
        let published = self.date(&place, draft.published);
        let updated = self.date(&place, draft.updated);
        if self.seen.insert(url.clone()) {
            self.items.push(FeedItem {
                url,
                id: draft.id.map(|id| safe::line(&id, 1000)).filter(|id| !id.is_empty()),
                title: safe::line(&draft.title, LONGEST_TITLE),
                published,
                updated,
                summary: bounded(&draft.summary, LONGEST_SUMMARY),
                content: bounded(&draft.content, LONGEST_CONTENT),
            });
        }
        Ok(())
    }

    fn date(&mut self, place: &str, text: Option<String>) -> Option<Timestamp> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        let date = dates::read(&text);
        if date.is_none() {
            self.fault(place, format!("has a date that cannot be read: {}", safe::line(&text, 60)));
        }
        date
    }

    fn into_read(mut self, outcome: Result<(), String>) -> FeedRead {
        if self.more_faults > 0 {
            let more = self.more_faults;
            self.faults.push(Fault { place: "the feed".to_owned(), what: format!("has {more} more faults") });
        }
        FeedRead {
            title: self.title,
            items: self.items,
            skipped: self.skipped,
            faults: self.faults,
            complete: self.complete && outcome.is_ok(),
            parts: self.parts,
            reader: self.reader,
            error: outcome.err().map(|why| safe::line(&why, 300)),
        }
    }
}

/// Returns a link as a fault shows it. What stands in an address that is not one of the web may be a document or a program of its own.
fn shown(link: &str) -> String {
    let scheme = Url::parse(link.trim()).ok().map(|url| url.scheme().to_owned());
    match scheme.filter(|scheme| !matches!(scheme.as_str(), "http" | "https")) {
        Some(scheme) => safe::line(&format!("{scheme}:…"), 40),
        None => safe::line(link, 80),
    }
}

/// Returns clean text of at most `most` characters; a longer one ends in `…`.
fn bounded(text: &str, most: usize) -> String {
    let text = safe::clean(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    const BASE: &str = "https://base.example/feeds/news.xml";

    /// What was read, and every entry as it stands there.
    type Read = (FeedRead, Vec<Entry>);

    /// Reads a document with the library, if it is fit for it, and with our scanner.
    fn both(bytes: &[u8]) -> (Result<Read, &'static str>, Read) {
        let base = Url::parse(BASE).unwrap();
        let read_by = |scan: bool| {
            let mut found = Collector { entries: Some(Vec::new()), ..Collector::new(&base) };
            let text = decode::decode(bytes, None, &mut found);
            let text = text.trim_start();
            let outcome = if scan {
                xml::read(text, &mut found).map_err(|_| ())
            } else {
                read_by_library(text, &mut found).then_some(()).ok_or(())
            };
            let reader = std::mem::take(&mut found.reader);
            let entries = found.entries.take().unwrap_or_default();
            (reader, (found.into_read(outcome.map_err(|()| "no feed".to_owned())), entries))
        };
        let library = match read_by(false) {
            (Reader::Own(why), _) => Err(why),
            (Reader::Library, read) => Ok(read),
        };
        (library, read_by(true).1)
    }

    fn documents(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { found.extend(documents(&path)) } else { found.push(path) }
        }
        found.sort();
        found
    }

    /// Also those of other people, where `BREACHLINE_FEEDS` names a folder of them.
    #[test]
    fn what_the_library_reads_our_scanner_reads_alike() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feed");
        let others = std::env::var_os("BREACHLINE_FEEDS").map(PathBuf::from);
        let (mut compared, mut items, mut wrong) = (0, 0, Vec::new());
        for path in [Some(own), others].iter().flatten().flat_map(|folder| documents(folder)) {
            let (Ok(library), scanned) = both(&fs::read(&path).unwrap()) else { continue };
            compared += 1;
            items += library.1.len();
            if library != scanned {
                wrong.push(format!("{}:\n{library:#?}\n{scanned:#?}", path.display()));
            }
        }
        assert!(wrong.is_empty(), "{} of {compared} ({items} items) differ\n{}", wrong.len(), wrong.join("\n"));
        assert!(compared >= 5, "{compared}");
    }
}

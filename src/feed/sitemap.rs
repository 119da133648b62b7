//! Sitemaps, those of news among them (<https://www.sitemaps.org/protocol.html>, Google's news extension): their pages become items,
//! and what an index of sitemaps names is told for whoever can fetch it.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::GzDecoder;
use jiff::Timestamp;
use url::Url;

use super::scan::{Attributes, Scanner, Token};
use super::{Collector, Draft, dates};
use crate::base::{address, entity, safe};

/// The most sitemaps of an index that are read every night: those that changed last.
pub const MOST_PARTS: usize = 10;
/// The most pages or sitemaps that one names, as the protocol has it.
pub const MOST_NAMED: usize = 50_000;
/// The largest sitemap after unpacking, in bytes, as the protocol has it.
pub const LARGEST: u64 = 50 << 20;

/// A sitemap that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub url: Url,
    /// When it changed last, if the index says so.
    pub changed: Option<Timestamp>,
}

/// Unpacks a sitemap that is kept compressed (`.xml.gz`); None if it is not, or cannot be.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return None;
    }
    let mut out = Vec::new();
    // What is cut off or too large is read as far as it goes; it then lacks its end, and that is said.
    let _ = GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut out);
    Some(out)
}

/// One `<url>` or `<sitemap>` while it is read.
#[derive(Default)]
struct Block {
    location: String,
    changed: String,
    published: String,
    title: String,
}

/// Reads a sitemap, or the sitemaps that an index names.
pub(super) fn read(text: &str, found: &mut Collector) -> Result<(), String> {
    let mut scanner = Scanner::new(text);
    let Root { local: root, prefix, news } = root(&mut scanner)?;
    let block = if root == "sitemapindex" { "sitemap" } else { "url" };
    let mut named = Vec::new();
    let (mut open, mut ended) = (None, false);
    while let Some(token) = scanner.next() {
        match token {
            Token::Start { name, empty: false, .. } if own(name, &prefix).is_some_and(|local| local == block) => {
                if found.is_full() || named.len() >= MOST_NAMED {
                    found.fault("the sitemap", "has more entries than are read; the rest was left out");
                    ended = true;
                    break;
                }
                open = Some(Block::default());
            }
            Token::Start { name, empty: false, .. } => {
                if let Some(slot) = open.as_mut().and_then(|open| slot(open, name, &prefix, &news)) {
                    *slot = field(&mut scanner);
                }
            }
            Token::End { name } => match own(name, &prefix) {
                Some(local) if local == block => {
                    if let Some(done) = open.take() {
                        take(done, block, found, &mut named);
                    }
                }
                Some(local) => ended |= local == root,
                None => {}
            },
            _ => {}
        }
    }
    if !ended {
        found.fault("the sitemap", "ends before its end");
        found.complete = false;
    }
    found.parts = newest(named, found);
    if found.met == 0 && found.parts.is_empty() { Err("the sitemap is empty".to_owned()) } else { Ok(()) }
}

/// The root of a sitemap.
struct Root {
    /// Its name without prefix, in lower case.
    local: String,
    /// Its prefix with the colon; empty where it has none.
    prefix: String,
    /// The prefix of the news extension, with the colon.
    news: String,
}

/// Reads up to and with the start tag of the root.
fn root(scanner: &mut Scanner<'_>) -> Result<Root, String> {
    while let Some(token) = scanner.next() {
        let Token::Start { name, attributes, .. } = token else { continue };
        let lower = name.to_ascii_lowercase();
        let local = lower.rsplit(':').next().unwrap_or("").to_owned();
        if !matches!(local.as_str(), "urlset" | "sitemapindex") {
            return Err(format!("it is no sitemap: its root is <{}>", safe::line(&lower, 40)));
        }
        let attributes = Attributes::read(attributes);
        let news = attributes.iter().find(|(_, uri)| uri.contains("/sitemap-news/"));
        let news = news.and_then(|(name, _)| name.strip_prefix("xmlns:")).unwrap_or("news").to_ascii_lowercase() + ":";
        return Ok(Root { prefix: lower[..lower.len() - local.len()].to_owned(), local, news });
    }
    Err("it is no sitemap".to_owned())
}

/// Returns the local name, in lower case, of an element of the sitemap's own vocabulary.
fn own(name: &str, prefix: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    lower.strip_prefix(prefix).filter(|local| !local.contains(':')).map(str::to_owned)
}

/// Returns where the text of an element belongs. Pictures and videos have locations and titles, too; they are not the page's.
fn slot<'b>(block: &'b mut Block, name: &str, prefix: &str, news: &str) -> Option<&'b mut String> {
    let lower = name.to_ascii_lowercase();
    let slot = match (own(name, prefix).as_deref(), lower.strip_prefix(news)) {
        (Some("loc"), _) => &mut block.location,
        (Some("lastmod"), _) => &mut block.changed,
        (_, Some("publication_date")) => &mut block.published,
        (_, Some("title")) => &mut block.title,
        _ => return None,
    };
    slot.is_empty().then_some(slot)
}

/// Reads the text up to the next tag.
fn field(scanner: &mut Scanner<'_>) -> String {
    let mut text = String::new();
    loop {
        let at = scanner.at();
        match scanner.next() {
            Some(Token::Text(more)) => text.push_str(&entity::decode_strict(more)),
            Some(Token::CData(more)) => text.push_str(more),
            _ => {
                scanner.go_to(at);
                return text.trim().to_owned();
            }
        }
    }
}

fn take(block: Block, kind: &str, found: &mut Collector, named: &mut Vec<(String, String)>) {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    if kind == "sitemap" {
        named.push((block.changed, block.location));
        return;
    }
    let title = entity::decode_strict(&block.title).into_owned();
    found.item(Draft {
        link: some(block.location),
        title,
        published: some(block.published),
        updated: some(block.changed),
        ..Draft::default()
    });
}

/// Returns the sitemaps that changed last, as many as are read; those that do not say when come after the others, the last first.
fn newest(named: Vec<(String, String)>, found: &mut Collector) -> Vec<Part> {
    let mut parts: Vec<_> = named.into_iter().map(|(changed, location)| (dates::read(&changed), location)).rev().collect();
    parts.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
    let most = found.most_parts;
    if parts.len() > most {
        let what = format!("names {} sitemaps; the {most} that changed last are read", parts.len());
        found.fault("the sitemap", what);
    }
    let base = found.base.clone();
    let (mut named, mut seen) = (Vec::new(), HashSet::new());
    for (changed, location) in parts.into_iter().take(most) {
        // Every parameter is kept: sitemaps are chosen by them.
        let url = base
            .join(&location)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= address::LONGEST);
        match url {
            Some(url) if seen.insert(url.clone()) => named.push(Part { url, changed }),
            Some(_) => {}
            None => found.fault("the sitemap", format!("names one that is no address: {}", safe::line(&location, 80))),
        }
    }
    named
}

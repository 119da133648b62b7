//! `breachline sources preview`: what a feed or list page would give, before it becomes a source.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::cli::console::{Console, Style};
use crate::cli::document::{self, Reading};
use crate::cli::failure::{Exit, Failure};
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::cli::{input, json};
use crate::feed::{self, Entry, FeedRead, Reader};
use crate::fetch::{FetchError, Want};
use crate::model::config;
use crate::model::source::{Selectors, Source, SourceId, SourceKind};

/// The most items that are shown to a person.
const SHOWN: usize = 20;
/// The most characters of an article that are shown to a person.
const EXCERPT: usize = 600;

/// Show what a feed or list page would give
///
/// Prints its items, what is wrong with it, and what its first article reads as. Nothing is kept. An address that stands in
/// sources.toml is read as it says there; the article of a file is not fetched.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feed or list page: an address, a file, or - for the standard input
    #[arg(value_name = "URL|FILE|-")]
    what: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// How it lists its articles, where sources.toml does not say
    #[arg(long, value_name = "KIND", value_parser = ["feed", "page", "sitemap"])]
    kind: Option<String>,
    /// The content type that a file came with
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The address that a file came from
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

/// A document as it came.
struct Document {
    bytes: Vec<u8>,
    content_type: Option<String>,
    base: Url,
    fetched: bool,
}

/// The layout of `--json`.
#[derive(Serialize)]
struct Told<'a> {
    title: Option<&'a str>,
    reader: &'static str,
    because: Option<&'static str>,
    complete: bool,
    error: Option<&'a str>,
    items: usize,
    skipped: usize,
    parts: Vec<&'a Url>,
    faults: Vec<Fault<'a>>,
    entries: Vec<Line<'a>>,
    article: Option<Article<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    place: &'a str,
    what: &'a str,
}

/// One entry as it stands in the feed.
#[derive(Serialize)]
struct Line<'a> {
    title: &'a str,
    link: Option<&'a str>,
    id: Option<&'a str>,
    published: Option<Timestamp>,
    published_raw: Option<&'a str>,
    updated: Option<Timestamp>,
    updated_raw: Option<&'a str>,
    created: Option<Timestamp>,
    created_raw: Option<&'a str>,
    expired: Option<Timestamp>,
    expired_raw: Option<&'a str>,
    summary: &'a str,
    content: &'a str,
    id_is_link: bool,
    comments: Option<&'a str>,
}

#[derive(Serialize)]
struct Article<'a> {
    url: &'a Url,
    error: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<String>,
    language: Option<&'a str>,
    text: Option<&'a str>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let document = document(args, places)?;
    let source = source(args, &document, places)?;
    let (read, entries) = feed::preview(&document.bytes, document.content_type.as_deref(), &document.base, &source);
    let first = read.items.first().filter(|_| document.fetched).map(|item| (&item.url, article(&item.url, places)));
    if args.json {
        console.out.write_all(&json::line(&told(&read, &entries, first.as_ref())))?;
    } else {
        print(&args.what, &read, first.as_ref(), console)?;
    }
    Ok(match read.error {
        Some(_) => Exit::SomeFailed,
        None if read.items.is_empty() && read.parts.is_empty() => Exit::Nothing,
        None => Exit::Well,
    })
}

fn document(args: &Args, places: &Places) -> Result<Document, Failure> {
    let address = |text: &str| config::address(text).map_err(|why| Failure::usage(format!("the address {text} {why}")));
    if input::is_address(&args.what) {
        let url = address(&args.what)?;
        let reply = input::fetch(&url, Want::Feed, places)?
            .map_err(|error| Failure::new(format!("{url} could not be had")).because(&error))?;
        let content_type = reply.header("content-type").map(str::to_owned);
        return Ok(Document { content_type, base: reply.url, bytes: reply.body, fetched: true });
    }
    let base = args.base.as_deref().unwrap_or("https://feed.invalid/");
    let bytes = input::bytes(&args.what)?;
    Ok(Document { bytes, content_type: args.content_type.clone(), base: address(base)?, fetched: false })
}

/// Returns the source of that address as sources.toml has it, or one made for the occasion.
fn source(args: &Args, document: &Document, places: &Places) -> Result<Source, Failure> {
    let asked = config::address(&args.what).ok();
    let kind = args.kind.as_deref().map(|kind| match kind {
        "page" => SourceKind::Page,
        "sitemap" => SourceKind::Sitemap,
        _ => SourceKind::Feed,
    });
    let known = places.config_if_any()?.sources.into_iter();
    let known = known.filter(|source| document.fetched && Some(&source.url) == asked.as_ref()).find(|_| kind.is_none());
    Ok(known.unwrap_or_else(|| unnamed(&document.base, kind.unwrap_or(SourceKind::Feed))))
}

/// Makes a source of an address alone.
pub(super) fn unnamed(url: &Url, kind: SourceKind) -> Source {
    Source {
        id: SourceId("unnamed".to_owned()),
        name: url.to_string(),
        url: url.clone(),
        kind,
        tags: Vec::new(),
        selectors: Selectors::default(),
        every: None,
        enabled: true,
    }
}

/// Fetches and reads one article.
fn article(url: &Url, places: &Places) -> Result<Reading, String> {
    let reply = input::fetch(url, Want::Page, places).map_err(|failure| failure.what)?;
    let reply = reply.map_err(|error: FetchError| error.to_string())?;
    let content_type = reply.header("content-type").unwrap_or("text/html");
    document::of_bytes(&reply.body, Some(content_type), Some(&reply.url), None).map_err(|why| why.to_string())
}

/// An article's address, and it as read or why not.
type First<'a> = (&'a Url, Result<Reading, String>);

fn told<'a>(read: &'a FeedRead, entries: &'a [Entry], first: Option<&'a First<'a>>) -> Told<'a> {
    let (reader, because) = match read.reader {
        Reader::Library => ("feed-rs", None),
        Reader::Own(why) => ("own", Some(why)),
    };
    Told {
        title: read.title.as_deref(),
        reader,
        because,
        complete: read.complete,
        error: read.error.as_deref(),
        items: read.items.len(),
        skipped: read.skipped,
        parts: read.parts.iter().map(|part| &part.url).collect(),
        faults: read.faults.iter().map(|fault| Fault { place: &fault.place, what: &fault.what }).collect(),
        entries: entries.iter().map(line).collect(),
        article: first.map(|(url, reading)| {
            let reading = reading.as_ref();
            let read = reading.ok();
            Article {
                url,
                error: reading.err().map(String::as_str),
                title: read.map(|read| &*read.title),
                published: read.and_then(|read| read.published).map(|(day, _)| day.to_string()),
                language: read.map(|read| &*read.language),
                text: read.map(|read| &*read.text),
            }
        }),
    }
}

fn line(entry: &Entry) -> Line<'_> {
    type Date = Option<(String, Option<Timestamp>)>;
    fn raw(date: &Date) -> Option<&str> {
        date.as_ref().map(|(raw, _)| raw.as_str())
    }
    let read = |date: &Date| date.as_ref().and_then(|(_, read)| *read);
    Line {
        title: &entry.title,
        link: entry.link.as_deref(),
        id: entry.id.as_deref(),
        published: read(&entry.published),
        published_raw: raw(&entry.published),
        updated: read(&entry.updated),
        updated_raw: raw(&entry.updated),
        created: read(&entry.created),
        created_raw: raw(&entry.created),
        expired: read(&entry.expired),
        expired_raw: raw(&entry.expired),
        summary: &entry.summary,
        content: &entry.content,
        id_is_link: entry.id_is_link,
        comments: entry.comments.as_deref(),
    }
}

fn print(what: &str, read: &FeedRead, first: Option<&First<'_>>, console: &mut Console) -> Result<(), Failure> {
    console.say(console.paint(Style::Bold, read.title.as_deref().unwrap_or(what)))?;
    if let Some(error) = &read.error {
        return console.say(format!("{} {}", console.paint(Style::Red, "cannot be read:"), console.plain(error)));
    }
    let by = match read.reader {
        Reader::Library => "read by feed-rs".to_owned(),
        Reader::Own(why) => format!("read by our own reader, since it {why}"),
    };
    let count = counted(read.items.len() as u64, "item", "items");
    console.say(console.paint(Style::Dim, &format!("{count}, {} skipped, {by}", read.skipped)))?;
    for item in read.items.iter().take(SHOWN) {
        let day = item.published.or(item.updated).map_or("no date   ".to_owned(), |at| at.to_string()[..10].to_owned());
        console.say(format!("  {day}  {}", console.plain(&item.title)))?;
        console.say(format!("              {}", console.paint(Style::Dim, item.url.as_str())))?;
    }
    if read.items.len() > SHOWN {
        console.say(format!("  and {} more", read.items.len() - SHOWN))?;
    }
    for part in &read.parts {
        console.say(format!("  and what stands in {}", console.plain(part.url.as_str())))?;
    }
    for fault in &read.faults {
        let told = console.plain(&format!("{} {}", fault.place, fault.what));
        console.say(format!("{} {told}", console.paint(Style::Yellow, "fault:")))?;
    }
    let Some((url, reading)) = first else { return Ok(()) };
    console.say("")?;
    console.say(format!("{} {}", console.paint(Style::Cyan, "first article"), console.plain(url.as_str())))?;
    match reading {
        Err(why) => console.say(format!("{} {}", console.paint(Style::Red, "cannot be read:"), console.plain(why))),
        Ok(reading) => {
            let day = reading.published.map_or("no day given".to_owned(), |(day, from)| format!("{day} (from: {})", from.word()));
            console.say(console.paint(Style::Bold, &reading.title))?;
            let characters = counted(reading.text.chars().count() as u64, "character", "characters");
            console.say(console.paint(Style::Dim, &format!("{day}, language: {}, {characters}", reading.language)))?;
            console.say(console.plain(&excerpt(&reading.text)))
        }
    }
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

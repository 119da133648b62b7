//! `breachline sources add`: a site's feed is found and becomes a source.

use std::thread;

use url::Url;

use super::file::{Block, SourcesFile};
use super::preview::unnamed;
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};
use crate::cli::input;
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::feed::{self, FeedRead};
use crate::fetch::{FetchError, Reply, Want};
use crate::model::config;
use crate::model::source::SourceKind;

/// Where feeds lie on sites that do not say where.
const USUAL: &[&str] = &["/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"];

/// Add a site to sources.toml
///
/// Takes the address of a feed, or of any page of a site: then its feed is looked for, first where the page says that it is, then
/// where feeds usually lie. A block is added at the end of sources.toml; nothing else in it is changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feed, or a page of the site
    url: String,
    /// Its name; without it the feed's title
    #[arg(long)]
    name: Option<String>,
    /// A tag; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let url = config::address(&args.url).map_err(|why| {
        Failure::usage(format!("the address {} {why}", args.url)).hint("an address begins with https:// or http://")
    })?;
    let mut file = SourcesFile::open(places)?;
    refuse_known(&file, &url)?;
    let (url, read) = find(&url, places, &file, console)?;
    refuse_known(&file, &url)?;
    let name = match &args.name {
        Some(name) if file.holds_name(name) => {
            return Err(Failure::usage(format!("the name \"{name}\" is taken")).hint("say another one with --name"));
        }
        Some(name) => name.clone(),
        None => file.free_name(read.title.as_deref().unwrap_or(""), &url),
    };
    file.add(&Block { name: &name, url: &url, tags: &args.tag, every: None, enabled: true });
    let path = file.save()?;
    let items = counted(read.items.len() as u64, "item", "items");
    console.say(format!("added {}: {} ({items}) to {}", console.plain(&name), console.plain(url.as_str()), path.display()))?;
    Ok(Exit::Well)
}

fn refuse_known(file: &SourcesFile, url: &Url) -> Result<(), Failure> {
    match file.name_of(url) {
        Some(name) => Err(Failure::usage(format!("{url} is there already, as \"{name}\""))),
        None => Ok(()),
    }
}

/// Returns the feed at an address, or the one of the page there, or of its site where the page itself cannot be had.
fn find(url: &Url, places: &Places, file: &SourcesFile, console: &mut Console) -> Result<(Url, FeedRead), Failure> {
    let page = match input::fetch(url, Want::Feed, places)? {
        Ok(reply) => {
            let read = read(&reply);
            let Some(why) = read.error.clone() else { return Ok((lasting(url, &reply), read)) };
            let said = feed::feeds_of_page(&reply.body, reply.header("content-type"), &reply.url);
            Page { url: reply.url, said, why }
        }
        // The server is there, though this page of it is not, or not for programs: its feed may be.
        Err(error @ (FetchError::Status { .. } | FetchError::Gone | FetchError::BotCheck { .. })) => {
            Page { url: url.clone(), said: Vec::new(), why: error.to_string() }
        }
        Err(error) => return Err(Failure::new(format!("{url} could not be had")).because(&error)),
    };
    if let Some(name) = page.said.first().and_then(|feed| file.name_of(feed)) {
        return Err(Failure::usage(format!("the feed of {url} is there already, as \"{name}\"")));
    }
    let why = page.why.clone();
    try_all(page, places, file, console)?.ok_or_else(|| {
        Failure::nothing(format!("no feed was found for {url}: {why}"))
            .hint("say the address of its feed, or add a block with kind = \"page\" or \"sitemap\" by hand")
    })
}

/// A page that is no feed itself.
struct Page {
    url: Url,
    /// The feeds that it names.
    said: Vec<Url>,
    /// Why it is none.
    why: String,
}

/// Asks for the feeds that a page names, then for those that usually lie on a site; returns the first that is one.
fn try_all(page: Page, places: &Places, file: &SourcesFile, console: &mut Console) -> Result<Option<(Url, FeedRead)>, Failure> {
    let usual = USUAL.iter().filter_map(|path| page.url.join(path).ok());
    let mut asked = Vec::new();
    for candidate in page.said.into_iter().chain(usual) {
        if asked.contains(&candidate) {
            continue;
        }
        thread::sleep(file.config.settings.pause);
        console.note(format!("trying {candidate}"));
        if let Ok(reply) = input::fetch(&candidate, Want::Feed, places)? {
            let read = self::read(&reply);
            if read.error.is_none() && !read.items.is_empty() {
                return Ok(Some((lasting(&candidate, &reply), read)));
            }
        }
        asked.push(candidate);
    }
    Ok(None)
}

fn read(reply: &Reply) -> FeedRead {
    feed::parse(&reply.body, reply.header("content-type"), &reply.url, &unnamed(&reply.url, SourceKind::Feed))
}

/// Returns where a feed that was asked for lies for good.
fn lasting(asked: &Url, reply: &Reply) -> Url {
    reply.moved.clone().unwrap_or_else(|| asked.clone())
}

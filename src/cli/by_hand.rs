//! `breachline ingest --url` and `--html`: single articles given by hand, under sources that say so, and everything derived from them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ring::digest::{SHA256, digest};
use url::Url;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::ingest::{self, Form, Given, Pages, Summary};
use super::places::Places;
use super::stop::Stop;
use super::watch::Watches;
use super::{input, log};
use crate::backfill;
use crate::backfill::candidate::Passing;
use crate::base::address;
use crate::base::fold::slug;
use crate::base::safe;
use crate::crawl::{self, Asked, Bounds};
use crate::fetch::Reply;
use crate::model::article::FeedItem;
use crate::model::config::Config;
use crate::model::source::{Source, SourceId};
use crate::store::StoreError;
use crate::store::kept::{self, Access, Gave, Handed, Kept, Packed};
use crate::store::search::Index;

/// How an article came that somebody gave.
const BY_HAND: &str = "by hand";

/// What is given.
pub(super) struct Articles<'a> {
    /// Addresses to be asked for.
    pub urls: &'a [String],
    /// Saved pages.
    pub files: &'a [PathBuf],
    /// Where the saved page is from.
    pub address: Option<&'a str>,
    /// After this long no more requests are begun.
    pub deadline: Duration,
}

/// An article that is given, with the source that it is kept under.
struct Article {
    /// As it was given.
    name: String,
    url: Url,
    source: Source,
    /// Its page, where that need not be asked for.
    page: Option<Packed>,
}

/// Takes the articles into the index and prints what became of each.
pub(super) fn run(given: &Articles<'_>, places: &Places, form: Form, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config_if_any()?;
    let articles = articles(given, &config, console)?;
    let dir = places.index()?;
    let folder = places.config_file().ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_default();
    let watches = Watches::of(&config, &folder, console.today())?;
    let stop = Stop::listen(|| {})?;
    let mut kept = Kept::open(&dir, Access::Write)?;
    kept.check_if_due(kept::LARGE, (console.now)())?;
    let summary = ingest::as_a_run(&mut kept, console, |kept, run, console| {
        watches.begin(kept)?;
        let asked = take(&articles, &config, given.deadline, kept, &stop, console)?;
        stop.at_once();
        let mut index = Index::open(&dir, kept)?;
        let derived = ingest::derive(kept, &mut index, form, console)?;
        watches.look(kept, &index, (console.now)())?;
        let notices = watches.deliver(kept, false, console.now)?;
        let given = articles.iter().zip(&asked).map(|(article, asked)| became(article, asked, kept));
        let given: Vec<Given> = given.collect::<Result<_, _>>()?;
        let failed = given.iter().filter(|given| given.reason.is_some()).count();
        let fetched = asked.iter().flatten().map(|handed| handed.new + handed.changed).sum();
        let pages = Pages { fetched, ..Pages::default() };
        Ok(Summary { given, failed, pages, notices, ..Summary::of_derived(kept, run, &derived)? })
    })?;
    ingest::told(&summary, form, console)
}

/// Reads what was given; a mistake in any of it is told before anything is asked for or kept.
fn articles(given: &Articles<'_>, config: &Config, console: &Console) -> Result<Vec<Article>, Failure> {
    let canonical = |text: &str| {
        let named = |why| Failure::usage(format!("the address {text} {why}")).hint("an address begins with https://");
        address::canonical(text).map_err(named)
    };
    let passing = Passing::new(config);
    let mut articles: Vec<Article> = Vec::new();
    for text in given.urls {
        let url = canonical(text)?;
        articles.push(Article { name: text.clone(), source: source(config, &passing, &url, BY_HAND), url, page: None });
    }
    let address = given.address.map(canonical).transpose()?;
    for file in given.files {
        let name = file.display().to_string();
        let bytes = input::bytes(&name)?;
        let url = address.clone().map_or_else(|| own_address(&name, &bytes), Ok)?;
        let reply = Reply { url: url.clone(), moved: None, status: 200, headers: Vec::new(), body: bytes };
        let page = crawl::page(&url, reply, (console.now)()).map_err(|what| Failure::usage(format!("{name}: {what}")))?;
        let source = source(config, &passing, &url, BY_HAND);
        articles.push(Article { name, url, source, page: Some(Packed::new(page)) });
    }
    Ok(articles)
}

/// Returns the source of an article: that of `sources.toml` for its site, else its host, and how it came: "Example News, by hand".
pub(super) fn source(config: &Config, passing: &Passing, url: &Url, how: &str) -> Source {
    let site = known(config, passing, url).unwrap_or_else(|| backfill::source(&passing.source(url), url));
    that_came(site, how)
}

/// Returns the source of `sources.toml` for the site of an address.
pub(super) fn known(config: &Config, passing: &Passing, url: &Url) -> Option<Source> {
    let id = passing.source(url);
    config.sources.iter().find(|source| source.id == id).cloned()
}

/// Returns a source of its own for what came from a site in another way.
pub(super) fn that_came(site: Source, how: &str) -> Source {
    let name = if site.name.is_empty() { how.to_owned() } else { format!("{}, {how}", site.name) };
    let mut tags = site.tags.clone();
    tags.push(slug(how));
    tags.sort();
    Source { id: SourceId(slug(&name)), name, tags, enabled: false, ..site }
}

/// Returns an address for a saved page of which nobody says where it is from: the same bytes have the same one, whatever the file
/// is called.
fn own_address(file: &str, bytes: &[u8]) -> Result<Url, Failure> {
    let number: String = digest(&SHA256, bytes).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let address = Url::parse(&format!("breachline:by-hand/{number}"));
    address.map_err(|error| Failure::new(format!("{file} has no address")).because(&error))
}

/// Keeps the pages that are there, asks for the others, and returns what became of each.
fn take(
    articles: &[Article],
    config: &Config,
    deadline: Duration,
    kept: &mut Kept,
    stop: &Stop,
    console: &mut Console,
) -> Result<Vec<Asked>, Failure> {
    let mut became = Vec::new();
    let mut missing = Vec::new();
    for (place, article) in articles.iter().enumerate() {
        let known = matches!(kept.gave(&article.url)?, Some(Gave::Article(_)));
        became.push(match &article.page {
            _ if known => Ok(Handed { known: 1, ..Handed::default() }),
            Some(page) => Ok(kept.save_given(&article.source, &FeedItem::of(article.url.clone()), page)?),
            None => {
                missing.push(place);
                Err(String::new())
            }
        });
    }
    if missing.is_empty() {
        return Ok(became);
    }
    let sources = missing.iter().map(|&place| articles[place].source.clone()).collect();
    let urls: Vec<Url> = missing.iter().map(|&place| articles[place].url.clone()).collect();
    let config = Config { sources, ..config.clone() };
    let bounds = Bounds { deadline: Some(deadline), ..Bounds::default() };
    let clock = console.now;
    let asked = ingest::on_the_network(&config, stop, async |fetch| {
        crawl::articles(&config, &urls, bounds, kept, Arc::new(fetch), &clock, &mut |event| log::crawled(&event)).await
    })?;
    for (place, asked) in missing.into_iter().zip(asked) {
        became[place] = asked;
    }
    Ok(became)
}

/// Says what became of an article, now that its page is read.
fn became(article: &Article, asked: &Asked, kept: &Kept) -> Result<Given, StoreError> {
    let gave = kept.gave(&article.url)?;
    let (outcome, reason) = match (asked, &gave) {
        (Err(why), _) => ("not-had", Some(why.clone())),
        (_, Some(Gave::NoArticle(why))) => ("no-article", Some(why.clone())),
        (Ok(Handed { known: 1.., .. }), _) => ("known", None),
        _ => ("read", None),
    };
    let shown = match gave {
        Some(Gave::Article(id)) => kept.article(id)?,
        _ => None,
    };
    let mut incidents: Vec<String> =
        shown.into_iter().flat_map(|shown| shown.reports).filter_map(|(_, incident)| Some(incident?.0)).collect();
    incidents.dedup();
    Ok(Given {
        given: safe::line(&article.name, 300),
        url: article.url.to_string(),
        source: article.source.name.clone(),
        outcome: outcome.to_owned(),
        reason,
        incidents,
    })
}

//! What becomes of one saved answer: a page worth keeping, or why not.

use std::collections::HashMap;

use url::Url;

use crate::base::address;
use crate::crawl;
use crate::extract::gate::{Gate, Stopped};
use crate::fetch::warc::{self, Record};
use crate::model::article::{FeedItem, Page};
use crate::model::config::Config;
use crate::model::source::SourceId;
use crate::store::kept::Capture;

/// Why a saved answer is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// No answer of HTTP, or none that is a success.
    NoAnswer,
    /// An answer that holds no page.
    NoPage,
    /// A page in another language than English.
    OtherLanguage,
    /// A page that says nothing of harm.
    OtherSubject,
}

/// What decides it, the same for all answers.
pub struct Passing {
    gate: &'static Gate,
    most: u64,
    sources: HashMap<String, SourceId>,
}

impl Passing {
    /// Takes the bound on bodies, and which source each host belongs to, from the configuration.
    pub fn new(config: &Config) -> Passing {
        let sources = config.sources.iter().filter_map(|source| Some((host(&source.url)?.to_owned(), source.id.clone())));
        Passing { gate: Gate::builtin(), most: config.settings.max_body, sources: sources.collect() }
    }

    /// Returns the largest body that is read of a record, in bytes.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Returns the page of one record that holds an answer, if it passes the gate.
    pub fn page(&self, record: &Record) -> Result<Page, Dropped> {
        let (Ok(url), Some(date)) = (address::canonical(&record.target), record.date) else { return Err(Dropped::NoAnswer) };
        if record.cut {
            return Err(Dropped::NoPage);
        }
        let reply = match warc::answer(url.clone(), &record.body, self.most) {
            Ok(reply) if (200..300).contains(&reply.status) => reply,
            Ok(_) | Err(warc::Unusable::NotHttp) => return Err(Dropped::NoAnswer),
            Err(warc::Unusable::Packed(_)) => return Err(Dropped::NoPage),
        };
        if !reply.header("content-type").is_none_or(is_page) {
            return Err(Dropped::NoPage);
        }
        match self.gate.pass(&reply.body) {
            Ok(()) => crawl::page(&url, reply, date).map_err(|_| Dropped::NoPage),
            Err(Stopped::Language) => Err(Dropped::OtherLanguage),
            Err(Stopped::Words) => Err(Dropped::OtherSubject),
        }
    }

    /// Packs a page for the store, under its source.
    pub fn capture(&self, page: Page) -> Capture {
        Capture::pack(self.source(&page.asked), FeedItem::of(page.asked.clone()), page)
    }

    /// Returns the source that the pages of a host belong to: that of the configuration, else the host.
    pub fn source(&self, url: &Url) -> SourceId {
        let host = host(url).unwrap_or_default();
        self.sources.get(host).cloned().unwrap_or_else(|| SourceId(host.to_owned()))
    }
}

/// Returns the host of an address without "www.".
fn host(url: &Url) -> Option<&str> {
    url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
}

fn is_page(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "text/html" | "application/xhtml+xml" | "text/plain")
}

//! What becomes of one saved answer: a page worth keeping, or why not.

use std::collections::HashMap;

use url::Url;

use crate::base::address;
use crate::crawl;
use crate::extract::gate::{Gate, Stopped};
use crate::fetch::warc::{self, Record};
use crate::model::article::FeedItem;
use crate::model::config::Config;
use crate::model::source::SourceId;
use crate::store::kept::Capture;

/// What a saved answer is.
#[derive(Debug)]
pub enum Fate {
    /// A page that passed the gate, packed for the store.
    Passed(Box<Capture>),
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

    /// Decides on one record that holds an answer.
    pub fn decide(&self, record: &Record) -> Fate {
        let (Ok(url), Some(date)) = (address::canonical(&record.target), record.date) else { return Fate::NoAnswer };
        if record.cut {
            return Fate::NoPage;
        }
        let reply = match warc::answer(url.clone(), &record.body, self.most) {
            Ok(reply) if (200..300).contains(&reply.status) => reply,
            Ok(_) | Err(warc::Unusable::NotHttp) => return Fate::NoAnswer,
            Err(warc::Unusable::Packed(_)) => return Fate::NoPage,
        };
        if !reply.header("content-type").is_none_or(is_page) {
            return Fate::NoPage;
        }
        match self.gate.pass(&reply.body) {
            Ok(()) => {}
            Err(Stopped::Language) => return Fate::OtherLanguage,
            Err(Stopped::Words) => return Fate::OtherSubject,
        }
        match crawl::page(&url, reply, date) {
            Ok(page) => Fate::Passed(Box::new(Capture::pack(self.source(&url), item(url), page))),
            Err(_) => Fate::NoPage,
        }
    }

    fn source(&self, url: &Url) -> SourceId {
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

fn item(url: Url) -> FeedItem {
    FeedItem {
        url,
        id: None,
        title: String::new(),
        published: None,
        updated: None,
        summary: String::new(),
        content: String::new(),
    }
}

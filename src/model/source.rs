//! What is to be read, and how: the settings and sources of `sources.toml` as data.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

pub use crate::model::config::{Config, ConfigFault};

/// The lasting name of a source: its `name` folded, with dashes for spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the crawl behaves towards every source. The defaults are those of the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The User-Agent header; `contact` is added to it.
    pub user_agent: String,
    /// An address at which site owners reach whoever runs this.
    pub contact: Option<String>,
    /// Requests under way at once over all hosts.
    pub at_once: usize,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// The least time between the starts of two requests to one host.
    pub pause: Duration,
    /// The longest that a whole request may take.
    pub timeout: Duration,
    /// The largest body, in bytes after decompression.
    pub max_body: u64,
    /// Addresses that may be reached although they are not public: `10.1.2.3`, `127.0.1.0/24`, `127.0.0.1:8700`.
    pub allow: Vec<String>,
    /// How long fetched pages are kept; None for ever.
    pub keep_pages: Option<Duration>,
    /// The program that takes mails on its standard input, as sendmail does.
    pub sendmail: String,
    /// The ages at which an article is asked for again, to see whether it changed; rising.
    pub recheck: Vec<Duration>,
    /// By which proxies sites are reached.
    pub proxies: Proxies,
}

/// The proxies that requests go through; none by default, whatever the environment says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Whether those that the environment names are to be filled in (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub from_environment: bool,
    /// The one for http addresses.
    pub http: Option<Url>,
    /// The one for https addresses.
    pub https: Option<Url>,
    /// Hosts, domains and networks that are reached without one, as `NO_PROXY` names them.
    pub except: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            user_agent: concat!("breachline/", env!("CARGO_PKG_VERSION")).to_owned(),
            contact: None,
            at_once: 16,
            per_host: 1,
            pause: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            max_body: 15 << 20,
            allow: Vec::new(),
            keep_pages: Some(Duration::from_secs(90 * 24 * 60 * 60)),
            sendmail: "/usr/sbin/sendmail".to_owned(),
            recheck: [1, 3].map(|days| Duration::from_secs(days * 24 * 60 * 60)).to_vec(),
            proxies: Proxies::default(),
        }
    }
}

/// How a source lists its articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// RSS, RDF, Atom or JSON Feed, told apart by content.
    Feed,
    /// An HTML page that lists articles, read with CSS selectors.
    Page,
    /// A sitemap, of news or of a whole site, or an index of sitemaps.
    Sitemap,
}

/// One site to read: a `[[source]]` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its lasting name.
    pub id: SourceId,
    /// Its name as people know it.
    pub name: String,
    /// Where its list of articles is.
    pub url: Url,
    /// How it lists them.
    pub kind: SourceKind,
    /// Words by which sources are chosen and searched, sorted.
    pub tags: Vec<String>,
    /// CSS selectors; None where the built-in ones are to be tried.
    pub selectors: Selectors,
    /// The least time between two visits.
    pub every: Option<Duration>,
    /// Whether it is read at all.
    pub enabled: bool,
}

/// The CSS selectors of a source. `item` to `date` read its list page, `body` its articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selectors {
    /// One entry of the list.
    pub item: Option<String>,
    /// The link to the article, within an entry.
    pub link: Option<String>,
    /// The title, within an entry.
    pub title: Option<String>,
    /// The day of publication, within an entry.
    pub date: Option<String>,
    /// The main text of an article page.
    pub body: Option<String>,
}

//! What was fetched and what was read from it: feed items, pages, articles, faults.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::base::day::Day;
use crate::base::span::Span;
use crate::model::source::SourceId;

/// The longest text that is read as an article, in bytes: a few novels. The time that reading it takes grows with its length.
pub const LONGEST_TEXT: usize = 2 << 20;

/// The number under which the store keeps a page, and the article read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(pub i64);

/// One entry of a feed or list page. All text is plain: markup removed, entities decoded once, unsafe characters dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
    /// The canonical address of the article.
    pub url: Url,
    /// The item's own identity in its feed (guid, id), if it has one.
    pub id: Option<String>,
    /// The title; empty if the feed gives none.
    pub title: String,
    /// When the feed says it was published; None where it says nothing that can be read.
    pub published: Option<Timestamp>,
    /// When the feed says it was last changed.
    pub updated: Option<Timestamp>,
    /// The teaser; empty if there is none.
    pub summary: String,
    /// The article's text where the feed carries it; empty otherwise.
    pub content: String,
}

impl FeedItem {
    /// Returns the item of a page that no list named: nothing but its address.
    pub fn of(url: Url) -> FeedItem {
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
}

/// Something wrong with what was read that did not stop the reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where: "item 3", "line 12, column 7", "the title".
    pub place: String,
    /// What is wrong, as a phrase that follows the place.
    pub what: String,
}

/// One page as the network gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The canonical address that was asked for.
    pub asked: Url,
    /// The address that answered, after redirects.
    pub answered: Url,
    /// When the answer had arrived.
    pub arrived_at: Timestamp,
    /// The HTTP status.
    pub status: u16,
    /// The response headers that later steps read, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed, not decoded.
    pub bytes: Vec<u8>,
}

impl Page {
    /// Returns the value of a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// One article as read: the text that everything else points into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The number under which its page is kept.
    pub id: ArticleId,
    /// The source that led to it.
    pub source: SourceId,
    /// Its canonical address.
    pub url: Url,
    /// Its title; empty where none was found.
    pub title: String,
    /// The day of publication, and how it is known.
    pub published: Day,
    /// How the day of publication is known.
    pub published_from: PublishedFrom,
    /// ISO 639-1 code of the language, "und" where it cannot be told.
    pub language: String,
    /// The main text, paragraphs separated by line feeds, free of unsafe characters. The title is not part of it.
    pub text: String,
    /// The paragraphs of the text, in order.
    pub paragraphs: Vec<Span>,
}

/// How the day of publication is known, the most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublishedFrom {
    /// The caller said so (`"published"` of a batch line, `--published`).
    Given,
    /// The feed item says so.
    Feed,
    /// A JSON-LD block of the page.
    JsonLd,
    /// A `<meta>` element of the page.
    Meta,
    /// A `<time>` element, or one that the source's `date` selector names.
    Time,
    /// The address holds a date.
    Url,
    /// A date written in the text near the title.
    Text,
    /// Nothing says; the day on which the page arrived stands in.
    Arrival,
}

impl PublishedFrom {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            PublishedFrom::Given => "given",
            PublishedFrom::Feed => "feed",
            PublishedFrom::JsonLd => "json-ld",
            PublishedFrom::Meta => "meta",
            PublishedFrom::Time => "time",
            PublishedFrom::Url => "url",
            PublishedFrom::Text => "text",
            PublishedFrom::Arrival => "arrival",
        }
    }
}

/// Why a page is not read as an article. The page is kept all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotAnArticle {
    /// The answer is no HTML and no text.
    #[error("it is {content_type}, not a page")]
    NotHtml {
        /// What it says it is, or what its first bytes say.
        content_type: String,
    },
    /// No main text was found.
    #[error("it holds no article text")]
    NoText,
    /// Only a teaser is shown to readers without a subscription.
    #[error("only a teaser is shown without a subscription")]
    Paywall,
    /// A consent, login or bot-check page stands in the way.
    #[error("a consent, login or bot-check page stands in the way")]
    Wall,
    /// The page says that the article is not there.
    #[error("the page says that the article is not there")]
    Missing,
    /// A video with hardly any text.
    #[error("it shows a video and hardly any text")]
    Video,
    /// Many short posts on one page that go on changing.
    #[error("it is a live blog: many posts that go on changing")]
    LiveBlog,
    /// A front page, a category, a search: articles are listed there.
    #[error("it lists articles and is none itself")]
    List,
    /// A bound was passed while reading it.
    #[error("{what}")]
    TooMuch {
        /// Which bound, as a phrase.
        what: String,
    },
}

/// Returns the spans of the non-empty lines of a text: its paragraphs.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    for part in text.split('\n') {
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let from = start + (part.len() - part.trim_start().len());
            spans.push(Span::new(from, from + trimmed.len()));
        }
        start += part.len() + 1;
    }
    spans
}

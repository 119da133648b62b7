//! An article that another machine has read and extracted, as `extract --with-text` and `extract --warc` write it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::base::day::Day;
use crate::base::{address, safe};
use crate::model::article::{Article, ArticleId, LONGEST_TEXT, NotAnArticle, Page, PublishedFrom, paragraphs};
use crate::model::report::Report;
use crate::model::source::SourceId;

/// One article with its reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// What whoever asked calls it.
    pub doc: String,
    /// Its canonical address; without one it cannot be kept.
    pub url: Option<Url>,
    /// Its title; empty where none was found.
    pub title: String,
    /// The day of publication.
    pub published: Day,
    /// How that day is known.
    pub published_from: PublishedFrom,
    /// ISO 639-1 code of the language, "und" where it cannot be told.
    pub language: String,
    /// When its page was fetched, if that is known.
    pub arrived_at: Option<Timestamp>,
    /// What tells the rules that it was read and extracted by from any others.
    pub rules: String,
    /// The main text, which the evidence points into.
    pub text: String,
    /// What it says.
    pub incidents: Vec<Report>,
}

impl Extracted {
    /// Reads a record and makes sure that it can be kept: it has an address, its text can do no harm, and its evidence stands in that text.
    ///
    /// The error is a phrase that follows its name.
    pub fn parse(bytes: &[u8]) -> Result<Extracted, String> {
        let record: Extracted = serde_json::from_slice(bytes).map_err(|error| format!("is no extracted article: {error}"))?;
        let url = record.url.as_ref().ok_or("has no address (\"url\")")?;
        let canonical = address::canonical(url.as_str()).map_err(|why| format!("has an address that {why}"))?;
        if canonical != *url {
            return Err(format!("has an address that is not canonical; {canonical} is"));
        }
        if record.text.len() > LONGEST_TEXT {
            return Err(format!("has a text of more than {} MB", LONGEST_TEXT >> 20));
        }
        if record.title.chars().chain(record.text.chars()).any(safe::is_unsafe) {
            return Err("has unsafe characters in its title or text".to_owned());
        }
        let astray = |report: &Report| report.evidence.iter().any(|evidence| evidence.span.slice(&record.text) != evidence.quote);
        if record.incidents.iter().any(astray) {
            return Err("quotes words that do not stand in its text".to_owned());
        }
        Ok(record)
    }
}

/// Returns the article of a kept record, and the record.
pub fn extracted(page: &Page, source: &SourceId, id: ArticleId) -> Result<(Article, Extracted), NotAnArticle> {
    let record = Extracted::parse(&page.bytes).map_err(|what| NotAnArticle::TooMuch { what: format!("the record {what}") })?;
    let article = Article {
        id,
        source: source.clone(),
        url: page.asked.clone(),
        title: record.title.clone(),
        published: record.published,
        published_from: record.published_from,
        language: record.language.clone(),
        paragraphs: paragraphs(&record.text),
        text: record.text.clone(),
    };
    Ok((article, record))
}

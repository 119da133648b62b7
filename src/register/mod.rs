//! Records of registers and tables as articles with a report: what others have written down already is not read from sentences.
//!
//! A record is kept as it was handed in, as a page of its own media type, and read anew whenever the readers change, like any page. Its text
//! is its description and a line for each field, so that every value has its words here too.

mod entry;
mod extracted;
mod hibp;
mod vcdb;

use crate::model::article::{Article, ArticleId, NotAnArticle, Page, PublishedFrom, paragraphs};
use crate::model::report::Report;
use crate::model::source::SourceId;

pub use entry::Entry;
pub use extracted::{Extracted, extracted};
pub use hibp::url as hibp_url;

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A breach as Have I Been Pwned gives it (<https://haveibeenpwned.com/API/v3#BreachModel>).
    Hibp,
    /// An incident of the VERIS Community Database (<https://github.com/vz-risk/VCDB>).
    Vcdb,
    /// Our own: an [`Entry`], made of a line of somebody's table.
    Entry,
    /// Our own: an [`Extracted`] article, with all that another machine found in it.
    Extracted,
}

impl Layout {
    const ALL: [Layout; 4] = [Layout::Hibp, Layout::Vcdb, Layout::Entry, Layout::Extracted];

    /// Returns the media type under which records are kept.
    pub fn media_type(self) -> &'static str {
        match self {
            Layout::Hibp => "application/vnd.breachline.hibp+json",
            Layout::Vcdb => "application/vnd.breachline.vcdb+json",
            Layout::Entry => "application/vnd.breachline.entry+json",
            Layout::Extracted => "application/vnd.breachline.extracted+json",
        }
    }

    /// Returns the layout of a page; None where it is a page like any other.
    pub fn of(page: &Page) -> Option<Layout> {
        let media_type = page.header("content-type")?;
        Layout::ALL.into_iter().find(|layout| layout.media_type() == media_type)
    }
}

/// Reads a record. The error is a phrase that follows its name.
pub fn entry(layout: Layout, bytes: &[u8]) -> Result<Entry, String> {
    match layout {
        Layout::Hibp => hibp::entry(bytes),
        Layout::Vcdb => vcdb::entry(bytes),
        Layout::Entry => serde_json::from_slice(bytes).map_err(|error| format!("is no entry: {error}")),
        Layout::Extracted => Err("is an article, no entry of a register".to_owned()),
    }
}

/// Reads a kept record into its article and its report.
pub fn read(layout: Layout, page: &Page, source: &SourceId, id: ArticleId) -> Result<(Article, Report), NotAnArticle> {
    let entry = entry(layout, &page.bytes).map_err(|what| NotAnArticle::TooMuch { what: format!("the record {what}") })?;
    let (text, report) = entry.told();
    let article = Article {
        id,
        source: source.clone(),
        url: page.asked.clone(),
        title: entry.title,
        published: entry.published,
        published_from: PublishedFrom::Given,
        language: "en".to_owned(),
        paragraphs: paragraphs(&text),
        text,
    };
    Ok((article, report))
}

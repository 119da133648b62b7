//! One article in, its reports out. No files, no network, no clock.

use crate::base::day::Day;
use crate::model::report::Report;
use crate::rules::Rules;

/// What the extractor reads.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The title; may be empty.
    pub title: &'a str,
    /// The main text, paragraphs separated by line feeds. Evidence points into it.
    pub text: &'a str,
    /// The day of publication, from which "on Friday" is reckoned.
    pub published: Day,
}

/// What was read in one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// One report for each event that befell one victim, in the order in which the text comes to them.
    pub reports: Vec<Report>,
}

/// Reads the incidents that a document reports.
pub fn extract(document: &Document<'_>, rules: &Rules) -> Extraction {
    let _ = (document, rules);
    Extraction::default()
}

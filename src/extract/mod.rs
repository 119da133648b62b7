//! One article in, its reports out. No files, no network, no clock.
//!
//! The passes run in a fixed order, each adding to what the ones before found: [`text`] cuts sentences and tokens; [`names`] and
//! [`entities`] find who is spoken of; [`figures`] and [`days`] find counts and dates; [`units`] lays each sentence out for the
//! rules; [`claims`] applies them; [`reports`] decides who was hit and gives each incident its values.

pub mod claims;
pub mod clauses;
pub mod context;
pub mod days;
pub mod descriptions;
pub mod domains;
pub mod drafts;
pub mod earlier;
pub mod entities;
pub mod examples;
pub mod figures;
pub mod gate;
pub mod judge;
pub mod learn;
pub mod links;
pub mod lists;
pub mod names;
pub mod reports;
pub mod slots;
pub mod story;
pub mod text;
pub mod units;
pub mod weigh;

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
    /// Who was spoken of as hit, or came near it, and is not reported.
    pub rejected: Vec<Rejected>,
}

/// A candidate that did not become a report, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// The name.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// Reads the incidents that a document reports.
pub fn extract(document: &Document<'_>, rules: &Rules) -> Extraction {
    with_reading(document, rules, reports::write)
}

/// Runs the passes up to the claims, and hands what they found on.
pub fn with_reading<T>(document: &Document<'_>, rules: &Rules, then: impl FnOnce(&reports::Reading<'_, '_>) -> T) -> T {
    let text = text::Text::read(document.title, document.text, rules);
    let names = descriptions::add(&text, names::find(&text, rules), rules);
    let entities = entities::group(&text, &names, rules);
    let counts = figures::find(&text, rules);
    let days = days::find(&text, document.published);
    let found = units::Found { text, names, entities, counts, days };
    let lines: Vec<units::Line> =
        (0..found.text.sentences.len()).map(|number| units::Line::read(number, &found, rules)).collect();
    let mut claims = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let question = found.text.of(&found.text.sentences[number]).last().is_some_and(|token| token.raw == "?");
        claims::read(number, line, question, rules, &mut claims);
    }
    let antecedents = drafts::antecedents(&found, &lines);
    let attacker_antecedents = drafts::attacker_antecedents(&found, &lines, rules);
    let spots = drafts::spots(&found, &lines, &antecedents);
    let story = story::read(document, &found.text, rules);
    then(&reports::Reading {
        document,
        found: &found,
        lines: &lines,
        claims: &claims,
        antecedents: &antecedents,
        spots: &spots,
        attacker_antecedents: &attacker_antecedents,
        story,
        rules,
    })
}

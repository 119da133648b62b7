//! `@name` in a query: the saved query of that name, read in its place.

use super::parse::{Parsed, Parser, error, listed, nearest};
use super::{Node, QueryError};
use crate::base::span::Span;
use crate::model::config::SavedQuery;

/// The most saved queries that one query may stand for, those within saved ones counted: each may name others twice.
const MOST: usize = 100;

/// The saved queries, and which of them are being read.
#[derive(Clone, Debug)]
pub(super) struct Names<'t> {
    saved: &'t [SavedQuery],
    /// Those within which we are, the outermost first.
    within: Vec<&'t str>,
    /// How many more may be read.
    left: usize,
}

impl<'t> Names<'t> {
    pub(super) fn new(saved: &'t [SavedQuery]) -> Names<'t> {
        Names { saved, within: Vec::new(), left: MOST }
    }
}

impl<'t> Parser<'t> {
    /// Returns the length of the `@name` that begins here; None if it is something else, such as `@name@host.example`.
    pub(super) fn saved_name(&self) -> Option<usize> {
        let name = self.rest().strip_prefix('@')?;
        let length = name.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(name.len());
        let ends = name[length..].starts_with(|c: char| c.is_whitespace() || matches!(c, '(' | ')')) || name.len() == length;
        (length > 0 && ends).then_some(length + 1)
    }

    /// Reads a saved query; all its conditions stand at the place of its name. The order that it asks for holds unless another one is
    /// asked for.
    pub(super) fn saved(&mut self, length: usize) -> Parsed<Option<Node>> {
        let at = self.span(length);
        let name = self.rest()[1..length].to_lowercase();
        self.at += length;
        let typing = self.unfinished && self.at == self.text.len();
        let known = self.names.saved;
        let found = known.iter().find(|saved| saved.name == name);
        let begun = || known.iter().find(|saved| typing && saved.name.starts_with(&name));
        let Some(saved) = found.or_else(begun) else { return Err(unknown(at, &name, known)) };
        if self.names.within.contains(&saved.name.as_str()) {
            return Err(error(at, format!("the saved query `@{}` uses itself", saved.name), "another query, in sources.toml"));
        }
        if self.names.left == 0 {
            return Err(error(at, format!("the query stands for more than {MOST} saved queries"), "fewer `@` names"));
        }
        let mut names = self.names.clone();
        names.left -= 1;
        names.within.push(&saved.name);
        let mut inner = Parser::new(&saved.query, self.today, names, false);
        let node = inner.whole().map_err(|fault| wrong(at, saved, &fault))?;
        self.names.left = inner.names.left;
        if self.depth == 0 {
            self.saved_sort = self.saved_sort.or(inner.sort).or(inner.saved_sort);
        }
        Ok(node.map(|node| node.placed(at)))
    }
}

fn unknown(at: Span, name: &str, known: &[SavedQuery]) -> QueryError {
    let names = known.iter().map(|saved| saved.name.as_str());
    let expected = match nearest(name, names.clone()) {
        Some(near) => format!("`@{near}`, or quotes around it to search for the words"),
        None if known.is_empty() => {
            "a [[query]] of that name in sources.toml, or quotes around it to search for the words".to_owned()
        }
        None => format!("one of {}; or quotes around it to search for the words", listed(names)),
    };
    error(at, format!("there is no saved query `@{name}`"), expected)
}

/// The mistake is in the saved query: it is told with the place of its name, since only that stands in the text.
fn wrong(at: Span, saved: &SavedQuery, fault: &QueryError) -> QueryError {
    let expected = Some(&fault.expected).filter(|expected| !expected.is_empty());
    let expected = expected.map(|expected| format!("{expected}, ")).unwrap_or_default();
    let place = format!("at `{}` in line {} of sources.toml", fault.at.slice(&saved.query), saved.line);
    error(at, format!("the saved query `@{}` is wrong: {}", saved.name, fault.message), format!("{expected}{place}"))
}

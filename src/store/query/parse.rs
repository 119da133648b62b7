//! From the text of a query to its tree. Never fails without a place, never recurses deeper than [`DEEPEST`].

use super::condition::is_empty;
use super::saved::Names;
use super::{Condition, FIELDS, Node, Pattern, Place, Query, QueryError, Sort, Test};
use crate::base::day::Day;
use crate::base::span::Span;
use crate::model::config::SavedQuery;

/// The longest query, in bytes.
const LONGEST: usize = 4096;
/// How deep parentheses may be nested.
const DEEPEST: usize = 40;
/// The largest compiled regular expression, in bytes.
const LARGEST_REGEX: usize = 1 << 20;

pub(super) type Parsed<T> = Result<T, QueryError>;

/// Reads a query; `unfinished` as in [`Query::parse_unfinished`].
pub(super) fn parse(text: &str, today: Day, saved: &[SavedQuery], unfinished: bool) -> Parsed<Query> {
    let mut parser = Parser::new(text, today, Names::new(saved), unfinished);
    let root = parser.whole()?.unwrap_or(Node::All);
    Ok(Query { root, sort: parser.sort.or(parser.saved_sort) })
}

pub(super) fn error(at: Span, message: impl Into<String>, expected: impl Into<String>) -> QueryError {
    QueryError { at, message: message.into(), expected: expected.into() }
}

/// What the words between a field's parentheses belong to.
type Within = Option<&'static str>;

pub(super) struct Parser<'t> {
    pub text: &'t str,
    /// How far the text is read, in bytes.
    pub at: usize,
    pub today: Day,
    pub names: Names<'t>,
    pub unfinished: bool,
    pub depth: usize,
    pub sort: Option<Sort>,
    /// The order that a saved query asks for.
    pub saved_sort: Option<Sort>,
}

/// A value as typed.
pub(super) struct Value {
    pub at: Span,
    pub pattern: Pattern,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, today: Day, names: Names<'t>, unfinished: bool) -> Parser<'t> {
        Parser { text, at: 0, today, names, unfinished, depth: 0, sort: None, saved_sort: None }
    }

    /// Reads all of the text; None if nothing is searched for.
    pub(super) fn whole(&mut self) -> Parsed<Option<Node>> {
        if self.text.len() > LONGEST {
            let at = Span::new(self.text.floor_char_boundary(LONGEST), self.text.len());
            return Err(error(at, format!("the query is longer than {LONGEST} bytes"), ""));
        }
        let root = self.alternatives(None)?;
        match self.peek() {
            Some(')') => Err(error(self.span(1), "this parenthesis was never opened", "")),
            _ => Ok(root),
        }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns the span of the next `length` bytes.
    pub(super) fn span(&self, length: usize) -> Span {
        Span::new(self.at, self.at + length)
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Returns the next run of characters that ends at white space, a quote or a parenthesis.
    fn run(&self) -> &'t str {
        let rest = self.rest();
        &rest[..rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')')).unwrap_or(rest.len())]
    }

    /// Reads `a b OR c d`. None if there is nothing to search for.
    fn alternatives(&mut self, within: Within) -> Parsed<Option<Node>> {
        let start = self.at;
        let mut nodes = Vec::new();
        loop {
            let node = self.conjunction(within)?;
            let or = self.run() == "OR";
            match node {
                Some(node) => nodes.push(node),
                None if or => {
                    return Err(error(self.span(2), "OR has nothing before it", "something to search for on both sides"));
                }
                None if nodes.is_empty() => return Ok(None),
                None if self.unfinished => break,
                None => {
                    return Err(error(
                        Span::new(start, self.at),
                        "OR has nothing after it",
                        "something to search for on both sides",
                    ));
                }
            }
            if !or {
                break;
            }
            self.at += 2;
        }
        Ok(Some(one_or(nodes, Node::Or)))
    }

    /// Reads conditions side by side, up to `OR`, `)` or the end.
    fn conjunction(&mut self, within: Within) -> Parsed<Option<Node>> {
        let mut nodes = Vec::new();
        loop {
            self.skip_space();
            match self.run() {
                "OR" => break,
                "AND" => self.at += 3,
                _ if matches!(self.peek(), None | Some(')')) => break,
                _ => nodes.extend(self.negation(within)?),
            }
        }
        Ok(if nodes.is_empty() { None } else { Some(one_or(nodes, Node::And)) })
    }

    fn negation(&mut self, within: Within) -> Parsed<Option<Node>> {
        let start = self.at;
        let mut negated = false;
        loop {
            if self.run() == "NOT" {
                self.at += 3;
                self.skip_space();
            } else if self.peek() == Some('-') && self.rest()[1..].starts_with(|c: char| !c.is_whitespace() && c != ')') {
                self.at += 1;
            } else {
                break;
            }
            negated = !negated;
        }
        if self.at > start && matches!(self.peek(), None | Some(')')) {
            return Err(error(
                Span::new(start, self.at),
                "there is nothing to leave out",
                "a word, phrase or field right after it",
            ));
        }
        let (before, saved_sort) = (self.sort, self.saved_sort);
        let node = self.primary(within)?;
        if negated {
            self.saved_sort = saved_sort;
        }
        if negated && self.sort != before {
            return Err(error(Span::new(start, self.at), "an order cannot be left out", ""));
        }
        Ok(node.map(|node| if negated { Node::Not(Box::new(node)) } else { node }))
    }

    fn primary(&mut self, within: Within) -> Parsed<Option<Node>> {
        if self.peek() == Some('(') {
            return self.group(within);
        }
        if let Some((name, length)) = self.field_name()? {
            if within.is_some() {
                return Err(error(
                    self.span(length),
                    format!("{name}: stands among the values of another field"),
                    "values alone",
                ));
            }
            let start = self.at;
            self.at += length;
            return self.field(name, start);
        }
        if let Some(length) = self.saved_name().filter(|_| within.is_none()) {
            return self.saved(length);
        }
        let value = self.value()?;
        match within {
            Some(name) => self.condition(name, value.at, value).map(Some),
            None if is_empty(&value.pattern) => Ok(None), // a dash or an ampersand among words
            None => {
                let place = if matches!(value.pattern, Pattern::Regex(_)) { None } else { Some(Place::Anywhere) };
                Ok(Some(match place {
                    Some(place) => Node::Is(Condition { at: value.at, test: Test::Words(place, value.pattern) }),
                    None => in_names(value),
                }))
            }
        }
    }

    fn group(&mut self, within: Within) -> Parsed<Option<Node>> {
        let open = self.span(1);
        if self.depth == DEEPEST {
            return Err(error(open, format!("parentheses are nested more than {DEEPEST} deep"), ""));
        }
        self.depth += 1;
        self.at += 1;
        let node = self.alternatives(within)?;
        self.depth -= 1;
        match self.peek() {
            Some(')') => self.at += 1,
            _ if self.unfinished => {}
            _ => return Err(error(open, "this parenthesis is never closed", "a `)`")),
        }
        match node {
            None if !self.unfinished => {
                Err(error(Span::new(open.start, self.at), "there is nothing between these parentheses", ""))
            }
            node => Ok(node),
        }
    }

    /// Returns the field that begins here, with the length of its name and colon. An unknown one is a mistake, unless it is none at all
    /// (`12:30`, `https://...`).
    fn field_name(&self) -> Parsed<Option<(&'static str, usize)>> {
        let run = self.run();
        let Some((name, rest)) = run.split_once(':') else { return Ok(None) };
        if name.len() < 2 || !name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') || rest.starts_with("//") {
            return Ok(None);
        }
        let folded = name.to_ascii_lowercase();
        match FIELDS.iter().find(|field| field.word == folded) {
            Some(field) => Ok(Some((field.word, name.len() + 1))),
            None => {
                let words = FIELDS.iter().map(|field| field.word);
                let expected = match nearest(&folded, words.clone()) {
                    Some(word) => format!("`{word}:`, or quotes around it to search for the words"),
                    None => format!("one of {}; or quotes around it to search for the words", listed(words)),
                };
                Err(error(self.span(name.len()), format!("there is no field `{name}:`"), expected))
            }
        }
    }

    fn field(&mut self, name: &'static str, start: usize) -> Parsed<Option<Node>> {
        let help = FIELDS.iter().find(|field| field.word == name).map_or("a value", |field| field.value);
        match self.peek() {
            None | Some(')') => return Err(error(Span::new(start, self.at), format!("{name}: has no value"), help)),
            Some(c) if c.is_whitespace() => {
                return Err(error(
                    Span::new(start, self.at),
                    format!("{name}: has no value"),
                    format!("{help}, right after the colon"),
                ));
            }
            Some('(') if name != "sort" => return self.group(Some(name)),
            _ => {}
        }
        if name == "sort" {
            return self.sort(start).map(|()| None);
        }
        let value = self.value()?;
        self.condition(name, Span::new(start, self.at), value).map(Some)
    }

    fn sort(&mut self, start: usize) -> Parsed<()> {
        let word = self.run();
        let at = self.span(word.len());
        self.at += word.len();
        if self.depth > 0 {
            return Err(error(
                Span::new(start, self.at),
                "sort: orders the whole search, not a part of it",
                "sort: outside of parentheses",
            ));
        }
        if self.sort.is_some() {
            return Err(error(Span::new(start, self.at), "an order was given already", "one sort: alone"));
        }
        match Sort::ALL.into_iter().find(|sort| sort.word() == word.to_lowercase()) {
            Some(sort) => self.sort = Some(sort),
            None => return Err(no_such(at, "order", word, Sort::ALL.iter().map(|sort| sort.word()))),
        }
        Ok(())
    }

    /// Reads a phrase, a regular expression or a run. There is at least one character, and it is no parenthesis.
    fn value(&mut self) -> Parsed<Value> {
        let start = self.at;
        let pattern = match self.peek() {
            Some('"') => self.phrase()?,
            Some('/') if self.rest()[1..].contains('/') => self.regex()?,
            _ => self.word(),
        };
        Ok(Value { at: Span::new(start, self.at), pattern })
    }

    fn phrase(&mut self) -> Parsed<Pattern> {
        let open = self.span(1);
        self.at += 1;
        let rest = self.rest();
        let text = match rest.find('"') {
            Some(end) => {
                self.at += end + 1;
                &rest[..end]
            }
            None if self.unfinished => {
                self.at += rest.len();
                rest
            }
            None => return Err(error(open, "this quote is never closed", "a `\"`")),
        };
        let mut apart = 0;
        if self.peek() == Some('~') {
            let digits = self.rest()[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest().len() - 1);
            let count = self.rest()[1..=digits].parse::<u32>().ok().filter(|count| *count <= 100);
            let at = self.span(digits + 1);
            apart = count
                .ok_or_else(|| error(at, "how near is not a number up to 100", "a number after `~`, as in \"words near\"~3"))?;
            self.at += digits + 1;
        }
        Ok(Pattern::Phrase { text: text.to_owned(), apart })
    }

    fn regex(&mut self) -> Parsed<Pattern> {
        let start = self.at;
        let rest = &self.rest()[1..];
        let length = rest.find('/').unwrap_or(rest.len());
        let text = &rest[..length];
        self.at += (length + 2).min(self.rest().len());
        match regex::RegexBuilder::new(text).size_limit(LARGEST_REGEX).build() {
            Ok(_) if !text.is_empty() => Ok(Pattern::Regex(text.to_owned())),
            Ok(_) => Err(error(Span::new(start, self.at), "there is nothing between these slashes", "a regular expression")),
            Err(fault) => {
                let last = fault.to_string();
                let why = last.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
                Err(error(Span::new(start + 1, start + 1 + length), "this is no regular expression", why))
            }
        }
    }

    fn word(&mut self) -> Pattern {
        let run = self.run();
        self.at += run.len();
        if let Some(stem) = run.strip_suffix('*') {
            return Pattern::Prefix(stem.trim_end_matches('*').to_owned());
        }
        if let Some((word, distance)) = run.rsplit_once('~') {
            match distance {
                "" | "1" if !word.is_empty() => return Pattern::Fuzzy(word.to_owned(), 1),
                "2" if !word.is_empty() => return Pattern::Fuzzy(word.to_owned(), 2),
                _ => {}
            }
        }
        if self.unfinished && self.at == self.text.len() {
            Pattern::Prefix(run.to_owned())
        } else {
            Pattern::Word(run.to_owned())
        }
    }
}

/// A regular expression without a field is looked for in all names.
fn in_names(value: Value) -> Node {
    let is = |place| Node::Is(Condition { at: value.at, test: Test::Words(place, value.pattern.clone()) });
    Node::Or(vec![is(Place::Victim), is(Place::Attacker)])
}

pub(super) fn one_or(mut nodes: Vec<Node>, many: impl Fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 { nodes.swap_remove(0) } else { many(nodes) }
}

pub(super) fn no_such(at: Span, what: &str, word: &str, words: impl Iterator<Item = &'static str> + Clone) -> QueryError {
    let expected = match nearest(&word.to_lowercase(), words.clone()) {
        Some(near) => format!("`{near}`"),
        None => format!("one of {}", listed(words)),
    };
    error(at, format!("there is no {what} `{word}`"), expected)
}

/// Returns the known word that was probably meant.
pub(super) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    words
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

pub(super) fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

//! A forgiving scanner of XML: tags, text and CDATA in one linear pass, whatever the document holds.
//!
//! It knows no well-formedness, no DTD and no nesting: what an end tag ends is for its caller to say. Markup that is not finished is
//! text.

use std::borrow::Cow;

use crate::base::entity;

/// The most attributes of one tag that are read.
const MOST_ATTRIBUTES: usize = 1000;

/// One piece of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `<name attributes>`, or `<name attributes/>` if it is empty.
    Start { name: &'t str, attributes: &'t str, empty: bool },
    /// `</name>`
    End { name: &'t str },
    /// Text with its references not decoded.
    Text(&'t str),
    /// The inside of a CDATA section.
    CData(&'t str),
    /// The whole of `<!DOCTYPE …>`.
    Doctype(&'t str),
}

/// Reads tokens from a text. Comments and processing instructions are passed over.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// For each of [`ENDS`]: a place after which there is none, so that none is looked for in vain twice.
    none_after: [usize; ENDS.len()],
}

/// What ends a piece of markup.
const ENDS: [&str; 5] = [">", "\"", "'", "]]>", "?>"];
const TAG: usize = 0;
const DOUBLE: usize = 1;
const SINGLE: usize = 2;
const SECTION: usize = 3;
const INSTRUCTION: usize = 4;

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str) -> Scanner<'t> {
        Scanner { text, at: 0, none_after: [usize::MAX; ENDS.len()] }
    }

    /// Returns the offset of the next token.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes back, or on, to an offset that [`Scanner::at`] has returned.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Returns the text between two offsets that [`Scanner::at`] has returned.
    pub fn between(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// Returns the next token; None at the end.
    pub fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                return Some(self.text_until(rest.find('<').unwrap_or(rest.len())));
            }
            match self.markup(rest) {
                Some((token, length)) => {
                    self.at += length;
                    if let Some(token) = token {
                        return Some(token);
                    }
                }
                // It begins like markup but is none: the character and what follows are text.
                None => {
                    let end = rest[1..].find('<').map_or(rest.len(), |at| at + 1);
                    return Some(self.text_until(end));
                }
            }
        }
    }

    fn text_until(&mut self, end: usize) -> Token<'t> {
        let text = &self.text[self.at..self.at + end];
        self.at += end;
        Token::Text(text)
    }

    /// Reads markup at the start of `rest`: the token, None if it is to be passed over, and its length.
    fn markup(&mut self, rest: &'t str) -> Option<(Option<Token<'t>>, usize)> {
        match *rest.as_bytes().get(1)? {
            b'!' => self.declaration(rest),
            b'?' => {
                let end = self.find(INSTRUCTION, 2).map(|at| at + 2).or_else(|| self.find(TAG, 2).map(|at| at + 1));
                Some((None, end.unwrap_or(rest.len())))
            }
            b'/' => {
                let end = rest[2..].find(['<', '>']).map(|at| at + 2).filter(|end| rest[*end..].starts_with('>'))?;
                let name = rest[2..end].trim();
                is_name_start(name).then_some((Some(Token::End { name }), end + 1))
            }
            _ => self.start_tag(rest),
        }
    }

    fn declaration(&mut self, rest: &'t str) -> Option<(Option<Token<'t>>, usize)> {
        if let Some(comment) = rest.strip_prefix("<!--") {
            let length = comment.find("-->").map_or(rest.len(), |at| at + 7);
            return Some((None, length));
        }
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            return Some(match self.find(SECTION, 9) {
                Some(end) => (Some(Token::CData(&rest[9..end])), end + 3),
                // A section that never closes ends where the next element does.
                None => {
                    let end = inside.find("</").unwrap_or(inside.len());
                    (Some(Token::CData(&inside[..end])), 9 + end)
                }
            });
        }
        if rest.len() >= 9 && rest.is_char_boundary(9) && rest[..9].eq_ignore_ascii_case("<!doctype") {
            let length = doctype_length(rest);
            return Some((Some(Token::Doctype(&rest[..length])), length));
        }
        self.find(TAG, 2).map(|end| (None, end + 1))
    }

    fn start_tag(&mut self, rest: &'t str) -> Option<(Option<Token<'t>>, usize)> {
        if !is_name_start(&rest[1..]) {
            return None;
        }
        let end = self.tag_end(rest)?;
        let inside = &rest[1..end];
        let (inside, empty) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let name_end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(name_end);
        Some((Some(Token::Start { name, attributes, empty }), end + 1))
    }

    /// Returns the offset in `rest` of the `>` that ends a start tag; those in quotes do not count.
    fn tag_end(&mut self, rest: &str) -> Option<usize> {
        let bytes = rest.as_bytes();
        let mut at = 1;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => return Some(at),
                b'<' => return None,
                quote @ (b'"' | b'\'') if bytes[..at].trim_ascii_end().ends_with(b"=") => {
                    let kind = if quote == b'"' { DOUBLE } else { SINGLE };
                    match self.find(kind, at + 1) {
                        Some(close) => at = close + 1,
                        None => return self.find(TAG, at),
                    }
                }
                _ => at += 1,
            }
        }
        None
    }

    /// Looks for an end mark in the rest, from an offset in it; returns its offset in the rest.
    fn find(&mut self, kind: usize, from: usize) -> Option<usize> {
        let start = self.at + from;
        if start >= self.none_after[kind] {
            return None;
        }
        match self.text.get(start..)?.find(ENDS[kind]) {
            Some(found) => Some(from + found),
            None => {
                self.none_after[kind] = start;
                None
            }
        }
    }
}

fn is_name_start(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// Returns the length of a document type declaration with its internal subset.
fn doctype_length(rest: &str) -> usize {
    let Some(close) = rest.find('>') else { return rest.len() };
    let Some(open) = rest[..close].find('[') else { return close + 1 };
    let Some(end) = rest[open..].find(']') else { return rest.len() };
    rest[open + end..].find('>').map_or(rest.len(), |close| open + end + close + 1)
}

/// The attributes of one tag: names as written, values with their references decoded.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes<'t>(Vec<(&'t str, Cow<'t, str>)>);

impl<'t> Attributes<'t> {
    /// Reads what stands in a tag after its name.
    pub fn read(text: &'t str) -> Attributes<'t> {
        let mut found = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() && found.len() < MOST_ATTRIBUTES {
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            // A stray "=" is a name of its own, so that every step goes on.
            let (name, after) = rest.split_at(end.max(usize::from(rest.starts_with('='))));
            let after = after.trim_start();
            rest = match after.strip_prefix('=') {
                Some(after) => {
                    let (value, after) = value(after.trim_start());
                    found.push((name, entity::decode_strict(value)));
                    after.trim_start()
                }
                None => after,
            };
        }
        Attributes(found)
    }

    /// Returns the value of the first attribute of a name, in whatever case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// Returns all of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value))
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

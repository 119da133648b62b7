//! HTML to a flat tree in one linear pass, whatever it holds: no recursion, no step whose cost grows with depth.
//!
//! It reads what authors write (omitted end tags, stray end tags, unclosed elements) as browsers do; it does not repair
//! misnested formatting or text between table rows, which no reader of articles needs.

use memchr::{memchr, memmem};

use super::tag::Tag;
use super::tree::{Attribute, Id, Name, Tree};

/// The most nodes that are read; a page with more is cut there and marked.
const MOST_NODES: usize = 1_000_000;

/// The most attributes of one element that are kept.
const MOST_ATTRIBUTES: usize = 1000;

/// How many open elements an end tag is compared with before it is ignored.
const MOST_COMPARED: usize = 512;

/// Reads a page.
pub(super) fn parse(html: &str) -> Tree<'_> {
    let mut parser = Parser { html, tree: Tree::new(html.len()), open: vec![(0, Tag::Html)], text_from: 0 };
    parser.run();
    parser.tree
}

struct Parser<'h> {
    html: &'h str,
    tree: Tree<'h>,
    /// The elements not yet ended, the root first.
    open: Vec<(Id, Tag)>,
    /// Where the piece of text began that is being read.
    text_from: usize,
}

impl<'h> Parser<'h> {
    fn run(&mut self) {
        let bytes = self.html.as_bytes();
        let mut at = 0;
        while let Some(step) = memchr(b'<', &bytes[at..]) {
            let start = at + step;
            at = match bytes.get(start + 1) {
                Some(b'a'..=b'z' | b'A'..=b'Z') => self.start_tag(start),
                Some(b'/') => self.end_tag(start),
                Some(b'!' | b'?') => self.markup(start),
                _ => start + 1,
            };
            if self.tree.nodes.len() >= MOST_NODES {
                self.tree.shape.cut = true;
                break;
            }
        }
        if !self.tree.shape.cut {
            self.flush(self.html.len());
        }
        while let Some((id, _)) = self.open.pop() {
            self.tree.close(id);
        }
    }

    /// Appends the text read since the last tag, up to `end`.
    fn flush(&mut self, end: usize) {
        if self.text_from < end {
            self.tree.push(Tag::Text, self.current(), &self.html[self.text_from..end]);
        }
    }

    fn current(&self) -> Id {
        self.open.last().map_or(0, |(id, _)| *id)
    }

    /// Skips a comment, a doctype, a processing instruction or a CDATA section.
    fn markup(&mut self, start: usize) -> usize {
        self.flush(start);
        let rest = &self.html[start..];
        let length = if let Some(comment) = rest.strip_prefix("<!--") {
            if comment.starts_with('>') { Some(5) } else { memmem::find(comment.as_bytes(), b"-->").map(|at| at + 7) }
        } else if rest.starts_with("<![CDATA[") {
            rest.find("]]>").map(|at| at + 3)
        } else {
            rest.find('>').map(|at| at + 1)
        };
        self.text_from = start + length.unwrap_or(rest.len());
        self.text_from
    }

    fn end_tag(&mut self, start: usize) -> usize {
        let name = name_at(self.html, start + 2);
        let Some(length) = memchr(b'>', &self.html.as_bytes()[start..]) else {
            self.flush(start);
            self.text_from = self.html.len();
            return self.html.len();
        };
        self.flush(start);
        self.text_from = start + length + 1;
        match Tag::named(name) {
            Tag::Br => {
                self.tree.push(Tag::Br, self.current(), "br");
            }
            Tag::Html | Tag::Body => {}
            Tag::Other => self.close_other(name),
            tag => self.close_nearest(tag),
        }
        self.text_from
    }

    /// Ends the nearest open element that an end tag means, with all inside it; nothing if a boundary stands between.
    fn close_nearest(&mut self, tag: Tag) {
        let of_table = matches!(tag, Tag::Table | Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Td | Tag::Th);
        let mut crossed_block = false;
        for (place, (_, open)) in self.open.iter().enumerate().rev().take(MOST_COMPARED) {
            if *open == tag || (tag.is_heading() && open.is_heading()) {
                if place > 0 && !(crossed_block && open.is_inline()) {
                    self.pop_to(place, true);
                }
                return;
            }
            if open.is_boundary() && (!of_table || *open == Tag::Table) {
                return;
            }
            crossed_block |= !open.is_inline();
        }
    }

    /// Ends the nearest open element of this name, for elements that HTML does not know.
    fn close_other(&mut self, name: &str) {
        for (place, (id, open)) in self.open.iter().enumerate().rev().take(MOST_COMPARED) {
            if *open == Tag::Other && self.tree.nodes[*id].text.eq_ignore_ascii_case(name) {
                self.pop_to(place, true);
                return;
            }
            if open.is_boundary() {
                return;
            }
        }
    }

    /// Ends the open elements from `place` on; `by_end_tag` if the one at `place` is ended by its own end tag.
    fn pop_to(&mut self, place: usize, by_end_tag: bool) {
        while self.open.len() > place {
            let Some((id, tag)) = self.open.pop() else { return };
            self.tree.close(id);
            if tag.is_formatting() && !(by_end_tag && self.open.len() == place) {
                self.tree.shape.unclosed += 1;
            }
        }
    }

    fn start_tag(&mut self, start: usize) -> usize {
        let name = name_at(self.html, start + 1);
        let tag = Tag::named(name);
        self.flush(start);
        self.make_room(tag);
        let id = self.tree.push(tag, self.current(), name);
        let (end, closed) = self.attributes(start + 1 + name.len());
        self.text_from = end;
        let foreign = closed && matches!(tag, Tag::Svg | Tag::Math | Tag::Other);
        if tag.is_void() || foreign || (closed && self.open.iter().rev().take(8).any(|(_, open)| *open == Tag::Svg)) {
            return end;
        }
        if let Some(name) = tag.raw_text() {
            return self.raw_text(id, name, end);
        }
        self.open.push((id, tag));
        self.tree.shape.depth = self.tree.shape.depth.max(self.open.len());
        end
    }

    /// Appends the text up to the end tag of an element in which no other tag begins.
    fn raw_text(&mut self, id: Id, name: &str, from: usize) -> usize {
        let rest = &self.html[from..];
        let length = end_of_raw_text(rest, name).unwrap_or(rest.len());
        if length > 0 {
            self.tree.push(Tag::Text, id, &rest[..length]);
        }
        self.tree.close(id);
        let close = rest[length..].find('>').map_or(rest.len(), |at| length + at + 1);
        self.text_from = from + close;
        self.text_from
    }

    /// Ends what the start of an element ends by itself: a paragraph before a block, an item before the next item.
    fn make_room(&mut self, tag: Tag) {
        if tag.ends_paragraph() {
            self.close_within(Tag::P, |open| open.is_boundary() || open == Tag::Button);
        }
        match tag {
            Tag::Li => self.close_within(Tag::Li, |open| open.is_boundary() || matches!(open, Tag::Ul | Tag::Ol | Tag::Menu)),
            Tag::Dd | Tag::Dt => {
                self.close_within(Tag::Dd, |open| open.is_boundary() || open == Tag::Dl);
                self.close_within(Tag::Dt, |open| open.is_boundary() || open == Tag::Dl);
            }
            Tag::Option | Tag::Optgroup => self.close_within(Tag::Option, Tag::is_boundary),
            Tag::Td | Tag::Th => self.close_cells(),
            Tag::Tr => {
                self.close_cells();
                self.close_within(Tag::Tr, |open| open == Tag::Table);
            }
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.close_cells();
                for part in [Tag::Tr, Tag::Tbody, Tag::Thead, Tag::Tfoot] {
                    self.close_within(part, |open| open == Tag::Table);
                }
            }
            Tag::A => self.close_link(),
            Tag::Body => self.close_within(Tag::Head, |_| false),
            tag if tag.is_heading() && self.open.last().is_some_and(|(_, open)| open.is_heading()) => {
                self.pop_to(self.open.len() - 1, false);
            }
            tag if !belongs_in_head(tag) && self.open.last().is_some_and(|(_, open)| *open == Tag::Head) => {
                self.pop_to(self.open.len() - 1, false);
            }
            _ => {}
        }
    }

    fn close_cells(&mut self) {
        self.close_within(Tag::Td, |open| open == Tag::Table);
        self.close_within(Tag::Th, |open| open == Tag::Table);
    }

    /// Ends an open element with all inside it, if it is open and nothing that `stops` stands between.
    fn close_within(&mut self, tag: Tag, stops: impl Fn(Tag) -> bool) {
        for (place, (_, open)) in self.open.iter().enumerate().rev().take(MOST_COMPARED) {
            if *open == tag && place > 0 {
                return self.pop_to(place, true);
            }
            if stops(*open) {
                return;
            }
        }
    }

    /// A link does not stand in a link: ends an open one; one that went on over blocks was never meant to, and is no link.
    fn close_link(&mut self) {
        let mut crossed_block = false;
        for (place, (id, open)) in self.open.iter().enumerate().rev().take(MOST_COMPARED) {
            if *open == Tag::A {
                if crossed_block {
                    self.tree.nodes[*id].tag = Tag::Inline;
                    self.open[place].1 = Tag::Inline;
                    self.tree.shape.unclosed += 1;
                    return;
                }
                return self.pop_to(place, true);
            }
            if open.is_boundary() {
                return;
            }
            crossed_block |= !open.is_inline();
        }
    }

    /// Reads the attributes from `at`; returns where the tag ends, and whether it ends in `/>`.
    fn attributes(&mut self, mut at: usize) -> (usize, bool) {
        let bytes = self.html.as_bytes();
        let mut count = 0;
        loop {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match bytes.get(at) {
                None => break (bytes.len(), false),
                Some(b'>') => break (at + 1, false),
                Some(b'/') if bytes.get(at + 1) == Some(&b'>') => break (at + 2, true),
                Some(b'/') => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let (name, value, next) = attribute_at(self.html, at);
            at = next;
            count += 1;
            if count > self.tree.shape.attributes {
                self.tree.shape.attributes = count;
            }
            if count <= MOST_ATTRIBUTES
                && let Some(name) = Name::named(name)
            {
                self.tree.push_attribute(Attribute { name, value });
            }
        }
    }
}

/// Tells whether an element can stand in the head of a page; any other one ends it.
fn belongs_in_head(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Base
            | Tag::Head
            | Tag::Html
            | Tag::Link
            | Tag::Meta
            | Tag::Noscript
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title
    )
}

/// Returns the name of a tag that begins at `at`.
fn name_at(html: &str, at: usize) -> &str {
    let rest = html.get(at..).unwrap_or("");
    let length = rest.bytes().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')).count();
    &rest[..length]
}

/// Reads one attribute; returns its name, its raw value and where the next one may begin.
fn attribute_at(html: &str, at: usize) -> (&str, &str, usize) {
    let bytes = html.as_bytes();
    let first = usize::from(bytes[at] == b'=');
    let length = bytes[at + first..].iter().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')).count();
    let name_end = at + first + length;
    let space = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let equals = space(name_end);
    if bytes.get(equals) != Some(&b'=') {
        return (&html[at..name_end], "", name_end);
    }
    let from = space(equals + 1);
    match bytes.get(from) {
        Some(quote @ (b'"' | b'\'')) => {
            let length = memchr(*quote, &bytes[from + 1..]).unwrap_or(html.len() - from - 1);
            let end = from + 1 + length;
            (&html[at..name_end], &html[from + 1..end], (end + 1).min(html.len()))
        }
        _ => {
            let length = bytes[from..].iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count();
            (&html[at..name_end], &html[from..from + length], from + length)
        }
    }
}

/// Finds the end tag `</name`; returns where it begins.
fn end_of_raw_text(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    loop {
        at += memmem::find(&bytes[at..], b"</")?;
        let after = at + 2 + name.len();
        let same = bytes.get(at + 2..after).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        if same && bytes.get(after).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')) {
            return Some(at);
        }
        at += 2;
    }
}

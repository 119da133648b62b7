//! A page as its blocks of text in order - paragraphs, headings, items, table rows - with the furniture left out.

use std::ops::Range;

use super::furniture::Furniture;
use super::tag::Tag;
use super::tree::{Id, Name, Node, Tree};
use crate::base::entity;

/// The most nodes, and the longest text in bytes, of a cell of a table of data.
const MOST_NODES_OF_CELL: usize = 40;
const LONGEST_CELL: usize = 300;

/// The longest text, in bytes, of a cell that holds nothing else.
const LONGEST_TEXT_CELL: usize = 1000;

/// The longest line, in bytes, after which a single line break before a capital letter begins a new paragraph.
const SHORT_LINE: usize = 60;

/// One piece of text that stands on its own.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The text, white space made single, in the buffer of its [`Blocks`].
    pub(super) text: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
    /// The block element it stands in.
    pub(super) element: Id,
    /// The place of its first piece of text; blocks stand in the order of these.
    pub(super) first: Id,
    /// Its characters that are no white space.
    pub(super) letters: u32,
    /// Those of them that stand in links.
    pub(super) linked: u32,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// Text that stands in a `div` or the like without an element of its own.
    Loose,
    Heading,
    Item,
    Row,
    Quote,
    Preformatted,
}

impl Block {
    /// Returns the share of its letters that stands in links.
    pub(super) fn link_share(&self) -> f32 {
        if self.letters == 0 { 0.0 } else { self.linked as f32 / self.letters as f32 }
    }

    /// Returns its letters outside of links.
    pub(super) fn own(&self) -> u32 {
        self.letters - self.linked
    }
}

/// The blocks of a page.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) buffer: String,
    pub(super) list: Vec<Block>,
}

impl Blocks {
    /// Returns the words of a block.
    pub(super) fn text(&self, block: &Block) -> &str {
        &self.buffer[block.text.clone()]
    }
}

/// Reads the blocks of a node's text; `everything` if no furniture is to be left out because the source named the element.
pub(super) fn blocks(tree: &Tree<'_>, root: Id, everything: bool) -> Blocks {
    let furniture = Furniture::of(tree, root, everything);
    let mut reader = Reader { tree, furniture, blocks: Blocks::default(), open: Vec::new(), current: Current::default() };
    reader.blocks.buffer.reserve(reader.furniture.letters() * 2);
    reader.run(root);
    if reader.furniture.doubts() {
        reader.again();
        reader.run(root);
    }
    reader.blocks
}

struct Reader<'t, 'h> {
    tree: &'t Tree<'h>,
    furniture: Furniture<'t, 'h>,
    blocks: Blocks,
    /// The block elements that are open, with the place where each ends.
    open: Vec<(Id, Id)>,
    current: Current,
}

/// The block that is being read.
#[derive(Default)]
struct Current {
    start: usize,
    /// Where its last line begins.
    line: usize,
    first: Id,
    letters: u32,
    linked: u32,
    space: bool,
    breaks: u32,
    link_until: Id,
}

impl Reader<'_, '_> {
    /// Forgets what was read, to read it again.
    fn again(&mut self) {
        self.blocks.buffer.clear();
        self.blocks.list.clear();
        self.open.clear();
        self.current = Current::default();
    }

    fn run(&mut self, root: Id) {
        let mut at = root;
        let end = self.tree.nodes[root].end as Id;
        self.open.push((root, end));
        while at < end {
            self.close_before(at);
            let node = &self.tree.nodes[at];
            if node.tag == Tag::Text {
                self.text(node.text, at);
            } else if at != root && self.furniture.is_left_out(at) {
                if !node.tag.is_inline() && (!node.tag.is_unread() || matches!(node.tag, Tag::Nav | Tag::Menu | Tag::Video)) {
                    self.flush();
                }
                at = node.end as Id;
                continue;
            } else {
                self.enter(at);
            }
            at += 1;
        }
        self.close_before(end);
    }

    /// Ends the blocks whose elements end before the node at `at`.
    fn close_before(&mut self, at: Id) {
        while let Some((_, end)) = self.open.last()
            && *end <= at
        {
            self.flush();
            self.open.pop();
        }
    }

    fn enter(&mut self, at: Id) {
        let node = &self.tree.nodes[at];
        match node.tag {
            Tag::Br => self.current.breaks += 1,
            Tag::A => {
                if self.tree.raw(at, Name::Href).is_some() {
                    self.current.link_until = node.end as Id;
                }
            }
            Tag::Td | Tag::Th => self.cell(at),
            tag if tag.is_inline() => {}
            Tag::P | Tag::Div if self.in_cell_or_item(at) => {}
            _ => {
                self.flush();
                self.open.push((at, node.end as Id));
            }
        }
    }

    /// Tells whether a node is the first block in a table cell: then its text belongs to the row.
    fn in_cell_or_item(&self, at: Id) -> bool {
        let parent = self.tree.parent(at);
        matches!(self.tree.tag(parent), Tag::Td | Tag::Th) && self.is_data_cell(parent)
    }

    /// A cell of a table of data goes on with the row; one of a table that only lays out the page is a block.
    fn cell(&mut self, at: Id) {
        if self.is_data_cell(at) {
            if self.blocks.buffer.len() > self.current.start && !self.blocks.buffer.ends_with("| ") {
                self.blocks.buffer.push_str(" | ");
                self.current.space = false;
            }
        } else {
            self.flush();
            self.open.push((at, self.tree.nodes[at].end as Id));
        }
    }

    /// Tells whether a cell is short and holds no structure of its own, or is a text in one piece.
    fn is_data_cell(&self, at: Id) -> bool {
        let range = self.tree.range(at);
        if range.len() > MOST_NODES_OF_CELL {
            return false;
        }
        let nodes = &self.tree.nodes[range];
        let letters: usize = nodes.iter().filter(|node| node.tag == Tag::Text).map(|node| node.text.trim().len()).sum();
        let parted = |node: &Node<'_>| !node.tag.is_inline() || node.tag == Tag::Br;
        let structured = |node: &Node<'_>| matches!(node.tag, Tag::Table | Tag::Article | Tag::H1);
        let inside = &nodes[1..];
        letters <= LONGEST_CELL && !inside.iter().any(structured) || letters <= LONGEST_TEXT_CELL && !inside.iter().any(parted)
    }

    /// Appends a text to the block that is being read.
    fn text(&mut self, raw: &str, at: Id) {
        let preformatted = self.open.last().is_some_and(|(id, _)| self.tree.tag(*id) == Tag::Pre);
        let before = self.current.letters;
        if before == 0 {
            self.current.first = at;
        }
        if raw.contains('&') {
            let mut decoded = String::with_capacity(raw.len());
            entity::decode_into(raw, &mut decoded);
            self.append(&decoded, preformatted);
        } else {
            self.append(raw, preformatted);
        }
        let new = self.current.letters - before;
        if at < self.current.link_until {
            self.current.linked += new;
        }
    }

    fn append(&mut self, text: &str, preformatted: bool) {
        let buffer = &mut self.blocks.buffer;
        let current = &mut self.current;
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(is_space).unwrap_or(rest.len());
            if word > 0 {
                if current.breaks > 0 {
                    end_line(buffer, current, &rest[..word]);
                }
                if current.space && buffer.len() > current.start && !buffer.ends_with(['\n', ' ']) {
                    buffer.push(' ');
                }
                current.space = false;
                push_word(buffer, &rest[..word]);
                current.letters += rest[..word].chars().count() as u32;
            }
            let after = &rest[word..];
            let gap = after.find(|c| !is_space(c)).unwrap_or(after.len());
            if gap > 0 {
                current.space = true;
                if preformatted && after[..gap].contains('\n') {
                    current.breaks = current.breaks.max(2);
                }
            }
            rest = &after[gap..];
        }
    }

    /// Ends the block that is being read; two line breaks in it, or one after a sentence, part it in two.
    fn flush(&mut self) {
        let range = self.current.start..self.blocks.buffer.len();
        let done = Current { start: self.blocks.buffer.len(), link_until: self.current.link_until, ..Current::default() };
        let done = std::mem::replace(&mut self.current, done);
        if done.letters == 0 {
            self.blocks.buffer.truncate(range.start);
            self.current.start = range.start;
            return;
        }
        let element = self.open.last().map_or(0, |(id, _)| *id);
        let kind = self.kind(element);
        let lines = self.blocks.buffer[range.clone()].split('\n').count() as u32;
        let mut start = range.start;
        for line in self.blocks.buffer[range].split('\n') {
            let letters = line.chars().filter(|c| !c.is_whitespace()).count() as u32;
            let share = |part: u32| if lines == 1 { part.min(letters) } else { (part * letters / done.letters).min(letters) };
            if letters > 0 {
                self.blocks.list.push(Block {
                    text: start..start + line.trim_end().len(),
                    kind,
                    element,
                    first: done.first,
                    letters,
                    linked: share(done.linked),
                });
            }
            start += line.len() + 1;
        }
    }

    /// Returns what a block in this element is, by the nearest element that says so.
    fn kind(&self, element: Id) -> Kind {
        for id in std::iter::once(element).chain(self.tree.ancestors(element, 3)) {
            match self.tree.tag(id) {
                tag if tag.is_heading() => return Kind::Heading,
                Tag::Li | Tag::Dd | Tag::Dt => return Kind::Item,
                Tag::Tr | Tag::Td | Tag::Th | Tag::Table => return Kind::Row,
                Tag::Blockquote => return Kind::Quote,
                Tag::Pre => return Kind::Preformatted,
                Tag::P if id == element => return Kind::Paragraph,
                Tag::Article | Tag::Main | Tag::Body | Tag::Section => break,
                _ => {}
            }
        }
        Kind::Loose
    }
}

/// Ends a line of a block at line breaks. Two of them begin a new paragraph, and so does one after a sentence, or after a short
/// line before a capital letter; any other is a space.
fn end_line(buffer: &mut String, current: &mut Current, next: &str) {
    let text = buffer.trim_end_matches(' ').len();
    if text > current.start {
        buffer.truncate(text);
        let line = text - current.line.max(current.start);
        let heading = line < SHORT_LINE && !buffer.ends_with(',') && next.starts_with(|c: char| c.is_uppercase());
        let sentence = buffer.ends_with(['.', '!', '?', ':', '”', '"', '…', ')']);
        let ends = current.breaks >= 2 || sentence || heading;
        buffer.push(if ends { '\n' } else { ' ' });
        if ends {
            current.line = buffer.len();
        }
    }
    current.breaks = 0;
    current.space = false;
}

/// Appends a word without soft hyphens.
fn push_word(buffer: &mut String, word: &str) {
    if word.contains('\u{ad}') {
        buffer.extend(word.chars().filter(|c| *c != '\u{ad}'));
    } else {
        buffer.push_str(word);
    }
}

/// White space of HTML, and the spaces that only say where not to break a line.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

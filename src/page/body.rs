//! The main text of a page in paragraphs, without furniture.

use super::blocks::{self, Block, Blocks, Kind};
use super::lead;
use super::lines;
use super::main_text;
use super::meta;
use super::parse;
use super::tag::Tag;
use super::tree::{Id, Tree};
use crate::base::entity;
use crate::base::fold::fold;
use crate::base::safe;

/// The main text of a page as paragraphs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// The paragraphs in order, each a line of its own.
    pub(super) paragraphs: Vec<String>,
}

impl Body {
    /// Returns the number of characters.
    pub(super) fn letters(&self) -> usize {
        self.paragraphs.iter().map(|paragraph| paragraph.chars().count()).sum()
    }
}

/// The least length, in bytes, of a text described in JSON-LD that may stand in for that of the page.
const LEAST_DESCRIBED: usize = 400;

/// Reads the main text of a page whose title is `title`, and which describes its text as `described` in JSON-LD.
pub(super) fn read(tree: &Tree<'_>, title: &str, described: Option<&str>) -> Body {
    let root = tree.all(Tag::Body).next().unwrap_or(0);
    let mut blocks = blocks::blocks(tree, root, false);
    drop_before_title(tree, &mut blocks, title);
    let main = main_text::find(tree, &blocks);
    let found = main.map(|main| whole(tree, &blocks, main_text::whole(tree, &blocks, main), title)).unwrap_or_default();
    match described {
        Some(described) if described.len() >= LEAST_DESCRIBED && described.len() > found.letters() * 3 => {
            read_described(described)
        }
        _ => found,
    }
}

/// Returns the paragraphs of the main text, with a lead that stands apart from it before them.
fn whole(tree: &Tree<'_>, blocks: &Blocks, list: &[Block], title: &str) -> Body {
    let mut paragraphs = paragraphs(blocks, list, title);
    let lead = list.first().and_then(|first| lead::find(tree, title, first.first));
    if let Some(lead) = lead.filter(|lead| !paragraphs.iter().take(REPEATED).any(|paragraph| paragraph.contains(lead.as_str()))) {
        paragraphs.insert(0, lead);
    }
    Body { paragraphs }
}

/// The first paragraphs, which may hold the lead again.
const REPEATED: usize = 4;

/// Drops the blocks before the heading that is the title, unless most of the prose stands there.
fn drop_before_title(tree: &Tree<'_>, blocks: &mut Blocks, title: &str) {
    let Some(heading) = meta::title_heading(tree, title) else { return };
    let after = blocks.list.partition_point(|block| block.first < heading);
    let prose = |list: &[Block]| -> u32 { list.iter().filter(|block| main_text::is_prose(blocks, block)).map(Block::own).sum() };
    if prose(&blocks.list[after..]) >= prose(&blocks.list[..after]) {
        blocks.list.drain(..after);
    }
}

/// Reads a text that may be HTML or plain.
fn read_described(described: &str) -> Body {
    if described.contains("</") {
        let tree = parse::parse(described);
        return read_chosen(&tree, 0);
    }
    let decoded = entity::decode(described);
    let lines = decoded.lines().map(|line| safe::line(line, usize::MAX)).filter(|line| !line.is_empty());
    Body { paragraphs: lines.collect() }
}

/// Reads the text of elements that the source's selector names, as it stands there.
pub(super) fn read_chosen(tree: &Tree<'_>, root: Id) -> Body {
    let blocks = blocks::blocks(tree, root, true);
    let paragraphs = blocks.list.iter().map(|block| blocks.text(block).to_owned()).collect();
    Body { paragraphs }
}

/// Returns the blocks that are text of the article.
fn paragraphs(blocks: &Blocks, list: &[Block], title: &str) -> Vec<String> {
    let mut kept: Vec<&Block> = before_end(blocks, list).iter().filter(|block| !lines::is_furniture(blocks, block)).collect();
    drop_edges(blocks, &mut kept, title);
    drop_empty_headings(&mut kept);
    let mut out: Vec<String> = Vec::with_capacity(kept.len());
    for block in kept {
        let text = blocks.text(block);
        if out.last().is_none_or(|last| last != text) {
            out.push(text.to_owned());
        }
    }
    out
}

/// The share of a text, in letters, that must stand before a line which says that the article has ended.
const BEFORE_END: f32 = 0.65;

/// Returns the blocks before the first one that says that the article has ended, unless much comes after it.
fn before_end<'b>(blocks: &Blocks, list: &'b [Block]) -> &'b [Block] {
    let all: u32 = list.iter().map(Block::own).sum();
    let mut before = 0;
    for (place, block) in list.iter().enumerate() {
        if before as f32 >= BEFORE_END * all as f32 && lines::is_end(blocks, block) {
            return &list[..place];
        }
        before += block.own();
    }
    list
}

/// Drops what stands before the first and after the last sentence and is no text of the article.
fn drop_edges(blocks: &Blocks, kept: &mut Vec<&Block>, title: &str) {
    let is_text = |block: &&Block| main_text::is_prose(blocks, block) && !lines::is_edge_furniture(blocks, block);
    let Some(first) = kept.iter().position(is_text) else { return };
    let last = kept.iter().rposition(is_text).unwrap_or(first);
    let mut place = 0;
    kept.retain(|block| {
        let here = place;
        place += 1;
        if here < first {
            !is_head_furniture(blocks, block, title)
        } else if here > last {
            !lines::is_edge_furniture(blocks, block) && block.link_share() < 0.5
        } else {
            true
        }
    });
}

/// Tells whether a block before the first sentence is no text of the article: the title again, a byline, a date, a section.
fn is_head_furniture(blocks: &Blocks, block: &Block, title: &str) -> bool {
    let text = blocks.text(block);
    same_words(text, title)
        || lines::is_edge_furniture(blocks, block)
        || (block.link_share() > 0.4 && !(block.own() > 0 && block.letters >= 40 && lines::ends_as_sentence(text)))
        || (block.letters < 40 && block.kind != Kind::Heading && !lines::ends_as_sentence(text))
}

/// Drops headings under which nothing is left, but for those that the text goes on after.
fn drop_empty_headings(kept: &mut Vec<&Block>) {
    while kept.last().is_some_and(|block| block.kind == Kind::Heading) {
        kept.pop();
    }
}

/// Tells whether two titles have the same words.
fn same_words(one: &str, other: &str) -> bool {
    fold(&safe::clean(one)) == fold(&safe::clean(other))
}

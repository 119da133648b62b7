//! The main text of a page in paragraphs, without furniture.

use super::blocks::{self, Block, Blocks, Kind};
use super::lead;
use super::lines;
use super::main_text;
use super::meta;
use super::parse;
use super::tag::Tag;
use super::tree::{Id, Name, Tree};
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
    let heading = meta::title_heading(tree, title);
    if let Some(heading) = heading {
        drop_before_title(tree, &mut blocks, heading);
        drop_other_articles(tree, &mut blocks, heading);
    }
    let main = main_text::find(tree, &blocks, heading);
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
    let mut paragraphs = paragraphs(tree, blocks, list, title);
    let lead = list.first().and_then(|first| lead::find(tree, title, first.first));
    if let Some(lead) = lead.filter(|lead| !paragraphs.iter().take(REPEATED).any(|paragraph| paragraph.contains(lead.as_str()))) {
        paragraphs.insert(0, lead);
    }
    Body { paragraphs }
}

/// The elements above the title that are looked at.
const LEVELS: usize = 8;

/// The first paragraphs, which may hold the lead again.
const REPEATED: usize = 4;

/// Drops the blocks before the heading that is the title, unless most of the prose stands there; of an element marked as the
/// article's body, all is kept.
fn drop_before_title(tree: &Tree<'_>, blocks: &mut Blocks, heading: Id) {
    let marked = tree.ancestors(heading, LEVELS).find(|id| tree.is(*id, Name::Itemprop, "articleBody"));
    let start = marked.unwrap_or(heading);
    let after = blocks.list.partition_point(|block| block.first < start);
    if prose(blocks, after..blocks.list.len()) >= prose(blocks, 0..after) {
        blocks.list.drain(..after);
    }
}

/// The least prose, in letters, of an `<article>` with the title beside which other articles are others.
const LEAST_ARTICLE: u32 = 500;

/// Drops what stands from the next `<article>` with a heading on, where the one that holds the title holds a text as well: a page
/// that goes on with other articles as one scrolls.
fn drop_other_articles(tree: &Tree<'_>, blocks: &mut Blocks, heading: Id) {
    let Some(own) = tree.ancestors(heading, usize::MAX).find(|id| tree.tag(*id) == Tag::Article) else { return };
    let place = |id: Id| blocks.list.partition_point(|block| block.first < id);
    let after = tree.range(own).end;
    if prose(blocks, place(own)..place(after)) < LEAST_ARTICLE {
        return;
    }
    if let Some(other) = titled_article(tree, after) {
        blocks.list.truncate(place(other));
    }
}

/// Returns the first outermost `<article>` from a node on that holds a heading.
fn titled_article(tree: &Tree<'_>, from: Id) -> Option<Id> {
    let mut article = None;
    let mut end = from;
    for id in from..tree.nodes.len() {
        match tree.tag(id) {
            Tag::Article if id >= end => (article, end) = (Some(id), tree.range(id).end),
            Tag::H1 | Tag::H2 if id < end => return article,
            _ => {}
        }
    }
    None
}

/// Returns the letters of the blocks at these places that are prose.
fn prose(blocks: &Blocks, places: std::ops::Range<usize>) -> u32 {
    blocks.list[places].iter().filter(|block| main_text::is_prose(blocks, block)).map(Block::own).sum()
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
fn paragraphs(tree: &Tree<'_>, blocks: &Blocks, list: &[Block], title: &str) -> Vec<String> {
    let list = before_end(blocks, list);
    let parts = parts(tree, blocks, list);
    let is_text =
        |(block, part): &(&Block, bool)| !lines::is_furniture(blocks, block) && (*part || !lines::is_pointer(blocks, block));
    let mut kept: Vec<&Block> = list.iter().zip(parts).filter(is_text).map(|(block, _)| block).collect();
    drop_edges(blocks, &mut kept, title);
    drop_empty_headings(&mut kept);
    kept.into_iter().map(|block| blocks.text(block).to_owned()).collect()
}

/// From so many headings on that are links and head a text, an article is a list, whose headings lead to what each part is about.
const PARTS: usize = 3;

/// Tells of each block whether it is a part of the article even if all of it is a link: the heading of a part of a list, or an item
/// among others of which most are no links.
fn parts(tree: &Tree<'_>, blocks: &Blocks, list: &[Block]) -> Vec<bool> {
    let mut parts = vec![false; list.len()];
    let heads = |pair: &[Block]| {
        let is_link = pair[0].kind == Kind::Heading && lines::is_pointer(blocks, &pair[0]);
        is_link && main_text::is_prose(blocks, &pair[1])
    };
    let headings: Vec<usize> = list.windows(2).enumerate().filter(|(_, pair)| heads(pair)).map(|(place, _)| place).collect();
    if headings.len() >= PARTS {
        headings.into_iter().for_each(|place| parts[place] = true);
    }
    let list_of = |block: &Block| (block.kind == Kind::Item).then(|| tree.parent(block.element));
    let mut place = 0;
    for items in list.chunk_by(|one, other| list_of(one).is_some() && list_of(one) == list_of(other)) {
        let links = items.iter().filter(|item| lines::is_pointer(blocks, item)).count();
        if items[0].kind == Kind::Item && links * 2 < items.len() {
            parts[place..place + items.len()].fill(true);
        }
        place += items.len();
    }
    parts
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

//! Which element of a page holds its main text.
//!
//! Paragraphs vote for the elements they stand in, the nearer the more; marks that authors leave (`itemprop`, class names) weigh
//! in. Then the choice is widened while that gains prose and little else: an article in several parts has no single parent near.

use super::blocks::{Block, Blocks, Kind};
use super::tag::Tag;
use super::tree::{Id, Name, Tree};
use super::words::{self, Sense, Senses};

/// The elements above a block that it votes for.
const LEVELS: usize = 6;

/// Letters from which on a block votes.
const LEAST_LETTERS: u32 = 25;

/// What is left of the vote of a teaser.
const TEASER: f32 = 0.2;

/// What an element marked as the article's body gets on top, as a factor.
const MARKED: f32 = 1.6;

/// What an element gets on top, as a factor, in which the first sentence after the title stands.
const OPENING: f32 = 1.3;

/// The elements above the best one that are tried.
const WIDER: usize = 12;

/// How much more prose a wider element must hold to be chosen instead, as a share of what is there.
const WORTH_WIDENING: f32 = 0.03;

/// The share of prose in what a wider element adds from which on it is taken.
const PURE_ENOUGH: f32 = 0.6;

/// That share where authors mark what is there as the whole body.
const PURE_BESIDE_MARKED: f32 = 0.7;

/// Returns the element that holds the main text of the page with this title heading; None if no block is prose.
pub(super) fn find(tree: &Tree<'_>, blocks: &Blocks, heading: Option<Id>) -> Option<Id> {
    let mut scores = Scores::new(tree, blocks);
    let after = blocks.list.partition_point(|block| heading.is_some_and(|heading| block.first < heading));
    let opening = blocks.list[after..].iter().find(|block| is_prose(blocks, block));
    scores.opening = opening.filter(|_| heading.is_some()).map(|block| block.first);
    scores.vote();
    let best = scores.best()?;
    Some(whole_table(tree, scores.widen(best)))
}

/// Returns the table of a part of one, else the element itself.
fn whole_table(tree: &Tree<'_>, id: Id) -> Id {
    let is_part = |id: &Id| matches!(tree.tag(*id), Tag::Tbody | Tag::Thead | Tag::Tr);
    std::iter::once(id).chain(tree.ancestors(id, 3)).find(|above| !is_part(above)).unwrap_or(id)
}

struct Scores<'t, 'h> {
    tree: &'t Tree<'h>,
    blocks: &'t Blocks,
    of: Vec<f32>,
    candidates: Vec<Id>,
    /// The first sentence after the title.
    opening: Option<Id>,
}

impl<'t, 'h> Scores<'t, 'h> {
    fn new(tree: &'t Tree<'h>, blocks: &'t Blocks) -> Scores<'t, 'h> {
        Scores { tree, blocks, of: vec![0.0; tree.nodes.len()], candidates: Vec::new(), opening: None }
    }

    fn vote(&mut self) {
        for (place, block) in self.blocks.list.iter().enumerate() {
            let vote = worth(self.blocks, block) * if self.is_teaser(place) { TEASER } else { 1.0 };
            if vote <= 0.0 {
                continue;
            }
            let own = holds_text_itself(self.tree.tag(block.element));
            let chain = std::iter::once(block.element).filter(|_| !own).chain(self.tree.ancestors(block.element, LEVELS));
            for (level, id) in chain.enumerate().take(LEVELS) {
                if matches!(self.tree.tag(id), Tag::Html | Tag::Head) {
                    break;
                }
                if self.of[id] == 0.0 {
                    self.candidates.push(id);
                }
                self.of[id] += vote / [1.0, 1.6, 3.5, 6.0, 9.0, 12.0][level];
            }
        }
    }

    /// Tells whether a block stands right under a heading that is a link: the teaser of another article.
    fn is_teaser(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1).map(|before| &self.blocks.list[before]) else { return false };
        before.kind == Kind::Heading && before.link_share() > 0.9
    }

    /// Returns the element with the highest score after the marks of authors and the share of links have been weighed.
    fn best(&self) -> Option<Id> {
        let mut words = String::new();
        let mut best: Option<(Id, f32)> = None;
        for id in &self.candidates {
            let score = self.of[*id] * self.factor(*id, &mut words);
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((*id, score));
            }
        }
        best.map(|(id, _)| id)
    }

    fn factor(&self, id: Id, words: &mut String) -> f32 {
        let tag = self.tree.tag(id);
        let senses = words::senses(self.tree, id, words);
        let mut factor = match tag {
            Tag::Article => 1.25,
            Tag::Main => 1.1,
            Tag::Li | Tag::Ul | Tag::Ol | Tag::Dl | Tag::Dd | Tag::Blockquote | Tag::Table | Tag::Tr | Tag::Td => 0.6,
            _ => 1.0,
        };
        if is_marked(self.tree, id, senses) {
            factor *= MARKED;
        }
        if senses.has(Sense::Furniture) || senses.has(Sense::Comments) {
            factor *= 0.6;
        }
        if self.opening.is_some_and(|opening| self.tree.range(id).contains(&opening)) {
            factor *= OPENING;
        }
        let (own, all) = self.letters(id);
        factor * own as f32 / all.max(1) as f32
    }

    /// Returns the letters of an element outside of links, and all of them.
    fn letters(&self, id: Id) -> (u32, u32) {
        self.within(id).iter().fold((0, 0), |(own, all), block| (own + block.own(), all + block.letters))
    }

    /// Returns the letters of an element that are prose, and all of them.
    fn prose(&self, id: Id) -> (u32, u32) {
        let from = self.within_from(id);
        let prose = |(place, block): (usize, &Block)| {
            if is_prose(self.blocks, block) && !self.is_teaser(from + place) { block.own() } else { 0 }
        };
        let list = self.within(id);
        (list.iter().enumerate().map(prose).sum(), list.iter().map(|block| block.letters).sum())
    }

    fn within(&self, id: Id) -> &'t [Block] {
        within(self.tree, self.blocks, id)
    }

    fn within_from(&self, id: Id) -> usize {
        let start = self.tree.range(id).start;
        self.blocks.list.partition_point(|block| block.first < start)
    }

    /// Returns the share of prose in what an element wider than this one adds from which on that one is taken.
    fn pure_enough(&self, id: Id) -> f32 {
        let marked = is_marked(self.tree, id, words::senses(self.tree, id, &mut String::new()));
        if marked { PURE_BESIDE_MARKED } else { PURE_ENOUGH }
    }

    /// Goes up from an element while that gains prose and little else.
    fn widen(&self, best: Id) -> Id {
        let mut chosen = best;
        let mut pure_enough = self.pure_enough(best);
        let (mut prose, mut all) = self.prose(best);
        for wider in self.tree.ancestors(best, WIDER) {
            if matches!(self.tree.tag(wider), Tag::Body | Tag::Html) && prose > 0 {
                break;
            }
            let (more_prose, more) = self.prose(wider);
            let (gained, added) = (more_prose - prose, more - all);
            if gained as f32 >= WORTH_WIDENING * prose as f32 && gained as f32 >= pure_enough * added as f32 {
                (chosen, prose, all) = (wider, more_prose, more);
                pure_enough = self.pure_enough(wider);
            }
        }
        chosen
    }
}

/// Returns the blocks that stand in an element.
fn within<'b>(tree: &Tree<'_>, blocks: &'b Blocks, id: Id) -> &'b [Block] {
    let range = tree.range(id);
    let from = blocks.list.partition_point(|block| block.first < range.start);
    let to = blocks.list.partition_point(|block| block.first < range.end);
    &blocks.list[from..to.max(from)]
}

/// Tells whether authors mark an element as the article's body.
fn is_marked(tree: &Tree<'_>, id: Id, senses: Senses) -> bool {
    tree.is(id, Name::Itemprop, "articleBody") || senses.has(Sense::Body)
}

/// Returns the blocks of the main text: those in its element, and the paragraphs right before and after it with headings between
/// them, unless the element is marked as the whole body.
pub(super) fn whole<'b>(tree: &Tree<'_>, blocks: &'b Blocks, main: Id) -> &'b [Block] {
    let range = tree.range(main);
    let from = blocks.list.partition_point(|block| block.first < range.start);
    let to = blocks.list.partition_point(|block| block.first < range.end).max(from);
    let beside = |block: &&Block| {
        let tag = tree.tag(block.element);
        let text = tag == Tag::P && is_prose(blocks, block) || tag.is_heading() && block.link_share() < 0.5;
        text && tree.parent(block.element) == tree.parent(main)
    };
    if is_marked(tree, main, words::senses(tree, main, &mut String::new())) {
        return &blocks.list[from..to];
    }
    let before = blocks.list[..from].iter().rev().take_while(beside).count();
    let after = blocks.list[to..].iter().take_while(beside).count();
    &blocks.list[from - before..to + after]
}

/// Returns how much a block speaks for standing in the main text: one point, one for each comma, one for each 100 letters up to 3.
fn worth(blocks: &Blocks, block: &Block) -> f32 {
    if block.letters < LEAST_LETTERS || block.kind == Kind::Heading || block.link_share() > 0.5 {
        return 0.0;
    }
    let commas = blocks.text(block).matches([',', '，', '、', '،']).count().min(10);
    let points = 1.0 + commas as f32 + (block.letters as f32 / 100.0).min(3.0);
    points * (1.0 - block.link_share()) * if block.kind == Kind::Item { 0.5 } else { 1.0 }
}

/// Tells whether a block reads as sentences of running text.
pub(super) fn is_prose(blocks: &Blocks, block: &Block) -> bool {
    if block.kind == Kind::Heading || block.link_share() > 0.4 {
        return false;
    }
    let text = blocks.text(block);
    let ended = text.trim_end_matches(['"', '”', '’', '\'', ')', '»', '“']).ends_with(['.', '!', '?', ':', '…', '。']);
    block.letters >= 120 || (block.letters >= 40 && ended)
}

/// Tells whether an element holds a text itself, so that its parent is what gathers several.
fn holds_text_itself(tag: Tag) -> bool {
    matches!(tag, Tag::P | Tag::Pre | Tag::Li | Tag::Blockquote | Tag::Dd | Tag::Dt | Tag::Td | Tag::Tr)
}

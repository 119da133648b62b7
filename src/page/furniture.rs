//! Which elements of a page are furniture: what stands around an article, told by the elements' kinds, roles, styles and names.

use std::ops::Range;

use super::tag::Tag;
use super::tree::{Id, Name, Tree};
use super::words::{self, Sense, Tally, Unheeded};

/// The share of a page's prose that an element must hold to be kept although its class names furniture.
const MOST_OF_PROSE: f32 = 0.4;

/// That share where the title stands in it as well.
const MUCH_OF_PROSE: f32 = 0.2;

/// The longest text, in letters, that a class like "byline" or "date" can take out of an article.
const LONGEST_LABEL: u32 = 300;

/// The most nodes that such an element may have.
const MOST_NODES_OF_LABEL: usize = 150;

/// Letters in a piece of text outside of links from which on it counts as prose.
const PROSE: usize = 60;

/// How much prose, and how many marks of the article itself, stand before each node of a page.
struct Prose {
    before: Vec<u32>,
    /// The first headings and elements marked as the article's body, in order.
    marks: Vec<Id>,
}

impl Prose {
    fn of(tree: &Tree<'_>) -> Prose {
        let mut before = Vec::with_capacity(tree.nodes.len() + 1);
        let mut sum = 0u32;
        let mut unread_until = 0;
        let mut link_until = 0;
        let mut marks = Vec::new();
        for (id, node) in tree.nodes.iter().enumerate() {
            before.push(sum);
            if id < unread_until {
                continue;
            }
            if node.tag == Tag::Text {
                let length = node.text.len();
                if length >= PROSE && id >= link_until {
                    sum = sum.saturating_add(length as u32 - node.text.bytes().filter(u8::is_ascii_whitespace).count() as u32);
                }
            } else if node.tag == Tag::A {
                link_until = link_until.max(node.end as Id);
            } else if node.tag.is_unread() && node.tag != Tag::Noscript {
                unread_until = node.end as Id;
            } else if node.tag == Tag::H1 || tree.is(id, Name::Itemprop, "articleBody") {
                marks.push(id);
            }
        }
        before.push(sum);
        Prose { before, marks }
    }

    fn within(&self, range: Range<Id>) -> u32 {
        self.before[range.end] - self.before[range.start]
    }
}

/// Tells furniture on one page.
pub(super) struct Furniture<'t, 'h> {
    tree: &'t Tree<'h>,
    prose: Prose,
    /// The prose of the page, in letters.
    total: u32,
    /// Whether only what is hidden is left out, because the source named the element.
    everything: bool,
    /// Words that name no furniture here, since much of the prose stands in what they name.
    unheeded: Unheeded,
    /// The prose that was left out, by the words that named it furniture.
    left_out: Tally,
    /// Lent to `words`, so that nothing is allocated.
    words: String,
}

impl<'t, 'h> Furniture<'t, 'h> {
    /// Looks at what stands in a node; `everything` if no furniture is to be left out because the source named the element.
    pub(super) fn of(tree: &'t Tree<'h>, root: Id, everything: bool) -> Furniture<'t, 'h> {
        let prose = Prose::of(tree);
        let total = prose.within(tree.range(root));
        let (unheeded, left_out) = (Unheeded::default(), Tally::new());
        Furniture { tree, prose, total, everything, unheeded, left_out, words: String::new() }
    }

    /// Returns how much prose there is, in letters.
    pub(super) fn letters(&self) -> usize {
        self.total as usize
    }

    /// Tells whether much of the prose was left out for a single word, which is not heeded from now on: what names most of a page
    /// names the article as well. To be asked once, when all was looked at.
    pub(super) fn doubts(&mut self) -> bool {
        let most = (self.total as f32 * MOST_OF_PROSE) as u32;
        let unheeded = self.left_out.with_at_least(most.max(1));
        let doubts = unheeded.is_some();
        self.unheeded = unheeded.unwrap_or_default();
        doubts
    }

    /// Tells whether an element and all it holds is no part of any article.
    pub(super) fn is_left_out(&mut self, at: Id) -> bool {
        let tag = self.tree.tag(at);
        if tag.is_unread() {
            return !matches!(tag, Tag::Noscript | Tag::Menu) || !self.holds_most(at);
        }
        if self.everything {
            return self.is_hidden(at);
        }
        if tag.is_inline() && self.tree.attributes(at).is_empty() {
            return false;
        }
        if self.is_hidden(at) {
            return !self.holds_most(at);
        }
        let role = self.tree.raw(at, Name::Role).unwrap_or("");
        let by_role =
            matches!(role, "navigation" | "complementary" | "contentinfo" | "search" | "dialog" | "alert" | "menu" | "toolbar");
        if by_role
            || matches!(tag, Tag::Aside | Tag::Footer | Tag::Figure | Tag::Figcaption | Tag::Caption | Tag::Form | Tag::Fieldset)
        {
            return !self.holds_most(at);
        }
        if tag == Tag::Article && self.is_card(at) {
            return true;
        }
        let senses = words::senses_but(self.tree, at, &mut self.words, &self.unheeded);
        if senses.has(Sense::Unseen) {
            return !self.holds_article(at);
        }
        if tag.is_inline() && !matches!(tag, Tag::Span | Tag::Other | Tag::A | Tag::Time) {
            return false;
        }
        if senses.has(Sense::Comments) {
            return !self.holds_title_or_body(at);
        }
        if senses.has(Sense::Furniture) {
            if self.holds_article(at) || tag == Tag::A && self.is_in_sentence(at) {
                return false;
            }
            self.left_out.add(&self.words, self.prose.within(self.tree.range(at)));
            return true;
        }
        senses.has(Sense::Label) && !tag.is_inline() && self.is_short(at)
    }

    /// Tells whether a sentence goes on right after an element: then its text is a part of it.
    fn is_in_sentence(&self, at: Id) -> bool {
        let next = self.tree.nodes[at].end as Id;
        let goes_on =
            |c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | ';' | ':' | '?' | '!' | ')' | '\'' | '’' | '"' | '”');
        let follows = self.tree.nodes.get(next).filter(|node| node.tag == Tag::Text && node.parent == self.tree.nodes[at].parent);
        follows.is_some_and(|node| node.text.trim_start().starts_with(goes_on))
    }

    /// Tells whether an `<article>` is the teaser of another one: short, with a heading that is a link.
    fn is_card(&self, at: Id) -> bool {
        let range = self.tree.range(at);
        if range.len() > MOST_NODES_OF_LABEL || self.holds_most(at) {
            return false;
        }
        let heading = range.skip(1).find(|id| self.tree.tag(*id).is_heading() && self.tree.tag(*id) != Tag::H1);
        heading.is_some_and(|heading| {
            let inside = self.tree.range(heading).any(|id| self.tree.tag(id) == Tag::A);
            inside || self.tree.ancestors(heading, 4).take_while(|id| *id >= at).any(|id| self.tree.tag(id) == Tag::A)
        })
    }

    fn is_hidden(&self, at: Id) -> bool {
        self.tree.attributes(at).iter().any(|attribute| match attribute.name {
            Name::Hidden => true,
            Name::AriaHidden => attribute.value.trim().eq_ignore_ascii_case("true"),
            Name::Style => {
                let style = attribute.value.to_ascii_lowercase().replace(' ', "");
                style.contains("display:none") || style.contains("visibility:hidden")
            }
            _ => false,
        })
    }

    fn holds_most(&self, at: Id) -> bool {
        let own = self.prose.within(self.tree.range(at));
        own > 0 && own as f32 >= MOST_OF_PROSE * self.total as f32
    }

    /// Tells whether an element holds most of the prose, or the title and much of it: an article that is laid over a list of others.
    fn holds_article(&self, at: Id) -> bool {
        let own = self.prose.within(self.tree.range(at));
        self.holds_most(at) || own as f32 >= MUCH_OF_PROSE * self.total as f32 && self.holds_title_or_body(at)
    }

    fn holds_title_or_body(&self, at: Id) -> bool {
        let range = self.tree.range(at);
        let first = self.prose.marks.partition_point(|mark| *mark < range.start);
        self.prose.marks.get(first).is_some_and(|mark| *mark < range.end)
    }

    fn is_short(&self, at: Id) -> bool {
        let range = self.tree.range(at);
        if range.len() > MOST_NODES_OF_LABEL {
            return false;
        }
        let letters: usize =
            self.tree.nodes[range].iter().filter(|node| node.tag == Tag::Text).map(|node| node.text.trim().len()).sum();
        letters as u32 <= LONGEST_LABEL
    }
}

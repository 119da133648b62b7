//! A page as a flat tree: the nodes stand in the order of the page, and an element's descendants are the nodes right after it.
//!
//! Everything borrows from the decoded page; character references are decoded where a text is used.

use std::borrow::Cow;
use std::ops::Range;

use super::tag::Tag;
use crate::base::entity;

/// The place of a node in its tree.
pub(super) type Id = usize;

/// One element or one piece of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'h> {
    /// What it is; `Tag::Text` for a piece of text.
    pub(super) tag: Tag,
    /// The element it stands in; the root stands in itself.
    pub(super) parent: u32,
    /// The place just after its last descendant.
    pub(super) end: u32,
    /// The raw text, or the element's name as written.
    pub(super) text: &'h str,
    first_attribute: u32,
    attributes: u32,
}

/// One attribute with its raw value; only those that [`is_kept`] names are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'h> {
    pub(super) name: Name,
    pub(super) value: &'h str,
}

/// The attributes that reading a page looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    AriaHidden,
    Class,
    Component,
    Content,
    Datetime,
    Hidden,
    Href,
    Id,
    Itemprop,
    Itemtype,
    Lang,
    Named,
    Property,
    Pubdate,
    Rel,
    Role,
    Style,
    Title,
    Type,
    Value,
}

impl Name {
    /// Returns the attribute of a name in any case; None for those that nothing looks at.
    pub(super) fn named(name: &str) -> Option<Name> {
        let mut small = [0u8; 14];
        let small = small.get_mut(..name.len())?;
        small.copy_from_slice(name.as_bytes());
        small.make_ascii_lowercase();
        Some(match &*small {
            b"aria-hidden" => Name::AriaHidden,
            b"class" => Name::Class,
            b"data-component" | b"data-testid" | b"data-module" => Name::Component,
            b"content" => Name::Content,
            b"datetime" => Name::Datetime,
            b"hidden" => Name::Hidden,
            b"href" => Name::Href,
            b"id" => Name::Id,
            b"itemprop" => Name::Itemprop,
            b"itemtype" => Name::Itemtype,
            b"lang" => Name::Lang,
            b"name" => Name::Named,
            b"property" => Name::Property,
            b"pubdate" => Name::Pubdate,
            b"rel" => Name::Rel,
            b"role" => Name::Role,
            b"style" => Name::Style,
            b"title" => Name::Title,
            b"type" => Name::Type,
            b"value" => Name::Value,
            _ => return None,
        })
    }
}

/// How a page is nested: what decides whether a careful reader may take it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// The most elements open at once.
    pub(super) depth: usize,
    /// The most attributes of one element.
    pub(super) attributes: usize,
    /// Formatting elements that were ended by something else than their own end tag.
    pub(super) unclosed: usize,
    /// Whether nodes were left out because there were too many.
    pub(super) cut: bool,
}

/// A page. The node at place 0 is a root without a name.
#[derive(Debug)]
pub(super) struct Tree<'h> {
    pub(super) nodes: Vec<Node<'h>>,
    attributes: Vec<Attribute<'h>>,
    pub(super) shape: Shape,
}

impl<'h> Tree<'h> {
    /// Makes a tree that holds only its root; `size` is the length of the page in bytes.
    pub(super) fn new(size: usize) -> Tree<'h> {
        let mut tree = Tree {
            nodes: Vec::with_capacity(size / 40 + 16),
            attributes: Vec::with_capacity(size / 60 + 16),
            shape: Shape::default(),
        };
        tree.push(Tag::Html, 0, "");
        tree
    }

    /// Appends a node that ends where it begins, and returns its place.
    pub(super) fn push(&mut self, tag: Tag, parent: Id, text: &'h str) -> Id {
        let id = self.nodes.len();
        let first_attribute = self.attributes.len() as u32;
        self.nodes.push(Node { tag, parent: parent as u32, end: id as u32 + 1, text, first_attribute, attributes: 0 });
        id
    }

    /// Adds an attribute to the node appended last.
    pub(super) fn push_attribute(&mut self, attribute: Attribute<'h>) {
        self.attributes.push(attribute);
        if let Some(node) = self.nodes.last_mut() {
            node.attributes += 1;
        }
    }

    /// Ends an element just after the last node.
    pub(super) fn close(&mut self, id: Id) {
        self.nodes[id].end = self.nodes.len() as u32;
    }

    /// Returns the tag of a node.
    pub(super) fn tag(&self, id: Id) -> Tag {
        self.nodes[id].tag
    }

    /// Returns the element that a node stands in.
    pub(super) fn parent(&self, id: Id) -> Id {
        self.nodes[id].parent as Id
    }

    /// Returns the places of a node and all it holds.
    pub(super) fn range(&self, id: Id) -> Range<Id> {
        id..self.nodes[id].end as Id
    }

    /// Returns the elements a node stands in, the nearest first, at most `most`; the root is none of them.
    pub(super) fn ancestors(&self, id: Id, most: usize) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(Some(self.parent(id)), |id| Some(self.parent(*id))).take_while(|id| *id != 0).take(most)
    }

    /// Returns the kept attributes of a node.
    pub(super) fn attributes(&self, id: Id) -> &[Attribute<'h>] {
        let node = &self.nodes[id];
        &self.attributes[node.first_attribute as usize..(node.first_attribute + node.attributes) as usize]
    }

    /// Returns the raw value of an attribute; the first one counts where it is given twice.
    pub(super) fn raw(&self, id: Id, name: Name) -> Option<&'h str> {
        self.attributes(id).iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value)
    }

    /// Returns the decoded value of an attribute.
    pub(super) fn value(&self, id: Id, name: Name) -> Option<Cow<'h, str>> {
        self.raw(id, name).map(entity::decode)
    }

    /// Tells whether an attribute has this value, in any case.
    pub(super) fn is(&self, id: Id, name: Name, value: &str) -> bool {
        self.raw(id, name).is_some_and(|raw| raw.trim().eq_ignore_ascii_case(value))
    }

    /// Returns the places of all elements with this tag, in the order of the page.
    pub(super) fn all(&self, tag: Tag) -> impl Iterator<Item = Id> + '_ {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.tag == tag).map(|(id, _)| id)
    }

    /// Returns all text in a node, decoded, runs of white space as they are.
    pub(super) fn text(&self, id: Id) -> String {
        let mut out = String::new();
        let mut at = id;
        let end = self.nodes[id].end as Id;
        while at < end {
            let node = &self.nodes[at];
            match node.tag {
                Tag::Text => entity::decode_into(node.text, &mut out),
                tag if at != id && tag.is_unread() => {
                    at = node.end as Id;
                    continue;
                }
                tag if !tag.is_inline() || tag == Tag::Br => out.push(' '),
                _ => {}
            }
            at += 1;
        }
        out
    }

    /// Returns the raw text of a script or another element whose content is not parsed.
    pub(super) fn raw_content(&self, id: Id) -> &'h str {
        self.nodes.get(id + 1).filter(|node| node.parent as Id == id && node.tag == Tag::Text).map_or("", |node| node.text)
    }
}

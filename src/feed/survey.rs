//! Which XML documents the library may read: one pass over a document tells whether it is well-formed, within its bounds, and holds
//! nothing that the library leaves out or reads otherwise than feeds mean it.
//!
//! Each reason to say no is a case of the tests, and most come from a document that the library was seen to read wrongly.

mod item;

use std::borrow::Cow;

use super::names::{Names, Ns};
use super::scan::{Scanner, Token};
use super::{MOST_ITEMS, plain};
use crate::base::entity;
use item::Item;

/// The deepest nesting that is handed on; the library reads some elements by recursion.
const DEEPEST: usize = 128;
/// The most attributes of one tag; the library compares each with each.
const MOST_ATTRIBUTES: usize = 64;
/// The most namespaces that may be declared at one place; each name is looked for in all of them.
const MOST_BINDINGS: usize = 64;
/// The most bytes that resolved addresses may take: the library gives each a copy of its base.
const MOST_RESOLVED: usize = 64 << 20;

/// Why the library must not read a document, as a phrase that follows it.
pub(super) type Unfit = &'static str;

/// The two families of formats that the library reads as they are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// RSS 0.91, 0.92 and 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
}

/// What must be known of a document besides what the library tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Survey {
    pub format: Format,
    /// Whether its items are dated by `dc:date`, which says both when an item was published and when it was changed.
    pub dc_dates: bool,
    /// Whether the identity of an item that has no link is its address.
    pub permanent: bool,
}

/// What an open element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Root,
    Channel,
    Item,
    /// `media:group` or `media:content`, whose titles and descriptions are the item's.
    Media,
    /// A text, an address or a date that is read.
    Field {
        markup: bool,
        names: bool,
        needed: bool,
    },
    /// Below a field of XHTML.
    Markup,
    /// Anything that neither reader looks at.
    Other,
}

/// A text of a feed or item: HTML, in which names that only HTML knows are read all the same.
const TEXT: Role = Role::Field { markup: false, names: true, needed: false };
/// A text that says to be plain, an identity or a date.
const PLAIN: Role = Role::Field { markup: false, names: false, needed: false };
/// An address, which must not be empty: the library would take that for the feed's own.
const ADDRESS: Role = Role::Field { markup: false, names: false, needed: true };
/// A text of Atom that is written as XHTML.
const XHTML: Role = Role::Field { markup: true, names: false, needed: false };

struct Frame<'t> {
    name: &'t str,
    role: Role,
    start: usize,
    bindings: usize,
    /// Whether it holds text of its own.
    filled: bool,
}

/// Judges a document that begins after its XML declaration. `base` is how long the address is that it came from.
pub(super) fn survey(text: &str, base: usize) -> Result<Survey, Unfit> {
    let surveyor = Surveyor {
        scanner: Scanner::new(text),
        open: Vec::new(),
        bindings: Vec::new(),
        names: Names::default(),
        format: None,
        channels: 0,
        titled: false,
        items: 0,
        item: Item::default(),
        tags: 0,
        longest_base: base,
        dates: [false; 2],
        impermanent: false,
        linkless: false,
    };
    // A second declaration would change the encoding in the middle.
    if text.match_indices("<?xml").any(|(at, start)| !text[at + start.len()..].starts_with('-')) {
        return Err("says twice how it is encoded");
    }
    surveyor.run()
}

struct Surveyor<'t> {
    scanner: Scanner<'t>,
    open: Vec<Frame<'t>>,
    /// Prefixes and the addresses they stand for, the innermost last.
    bindings: Vec<(&'t str, Cow<'t, str>)>,
    /// Names as the other reader understands them.
    names: Names,
    format: Option<Format>,
    channels: usize,
    titled: bool,
    items: usize,
    item: Item,
    tags: usize,
    longest_base: usize,
    /// Whether there is a date of the feed's own and one of Dublin Core.
    dates: [bool; 2],
    impermanent: bool,
    linkless: bool,
}

/// The attributes of one tag.
type Attributes<'t> = Vec<(&'t str, Cow<'t, str>)>;

impl<'t> Surveyor<'t> {
    fn run(mut self) -> Result<Survey, Unfit> {
        loop {
            let at = self.scanner.at();
            match self.scanner.next() {
                None => break,
                Some(Token::Start { name, attributes, empty }) => {
                    self.start(at, name, attributes)?;
                    if empty {
                        self.end(at, name)?;
                    }
                }
                Some(Token::End { name }) => self.end(at, name)?,
                Some(Token::Text(text)) => self.text(text)?,
                Some(Token::CData(text)) => self.cdata(text)?,
                Some(Token::Doctype(doctype)) if doctype.contains(['[', '&']) => return Err("declares entities"),
                Some(Token::Doctype(_)) => {}
            }
        }
        let Some(format) = self.format else { return Err("is no feed") };
        if !self.open.is_empty() {
            return Err("is cut off");
        }
        if self.dates == [true, true] {
            return Err("is dated in two ways");
        }
        if self.linkless && self.impermanent {
            return Err("has items without a link whose identity is none");
        }
        if self.tags.saturating_mul(self.longest_base) > MOST_RESOLVED {
            return Err("has a base that is too long for its size");
        }
        Ok(Survey { format, dc_dates: self.dates[1], permanent: !self.impermanent })
    }

    fn start(&mut self, at: usize, name: &'t str, attributes: &'t str) -> Result<(), Unfit> {
        self.tags += 1;
        if self.open.len() >= DEEPEST {
            return Err("is nested too deep");
        }
        let attributes = strict(attributes)?;
        let bindings = self.bindings.len();
        self.declare(&attributes)?;
        let role = match self.open.last().map(|frame| frame.role) {
            None if self.format.is_some() => return Err("goes on after its end"),
            None => self.root(name, &attributes)?,
            Some(Role::Root | Role::Channel) => self.head(name, &attributes)?,
            Some(Role::Item | Role::Media) => self.part(name, &attributes)?,
            Some(Role::Field { markup: false, .. }) => return Err("has markup where text belongs"),
            Some(Role::Field { markup: true, .. } | Role::Markup) => in_markup(&attributes)?,
            Some(Role::Other) => Role::Other,
        };
        if matches!(self.open.last().map(|frame| frame.role), Some(Role::Other)) && matches!(name, "item" | "entry") {
            return Err("has an item within another element");
        }
        self.open.push(Frame { name, role, start: at, bindings, filled: false });
        Ok(())
    }

    fn declare(&mut self, attributes: &Attributes<'t>) -> Result<(), Unfit> {
        for (name, value) in attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.names.declare_one(prefix, value);
                self.bindings.push((prefix, value.clone()));
            } else if *name == "xmlns" {
                let inner = matches!(self.open.last().map(|frame| frame.role), Some(role) if is_inner(role));
                if !inner && !self.open.is_empty() {
                    return Err("has a namespace that its format does not");
                }
                self.bindings.push(("", value.clone()));
            } else if *name == "xml:base" {
                if value.contains(':') && !value.starts_with("http://") && !value.starts_with("https://") {
                    return Err("has a base that is no address");
                }
                self.longest_base = self.longest_base.max(value.len());
            }
        }
        if self.bindings.len() > MOST_BINDINGS { Err("declares too many namespaces") } else { Ok(()) }
    }

    fn root(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<Role, Unfit> {
        let value = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| &**value);
        let (version, namespace) = (value("version"), value("xmlns"));
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        self.format = match (local, version) {
            ("rss", Some("2.0" | "0.91" | "0.92")) if prefix.is_empty() && namespace.is_none() => Some(Format::Rss),
            ("rss" | "feed", _) if namespace.is_some_and(|uri| uri != ATOM) => {
                return Err("is of a namespace that the library does not know");
            }
            ("rss", _) => return Err("is an RSS of a version that the library does not know"),
            ("RDF", _) => return Err("is RSS 1.0, of whose items the library does not know the identity"),
            ("feed", _) if prefix.is_empty() || self.uri(prefix) == Some(ATOM) => Some(Format::Atom),
            _ => return Err("is no feed that the library knows"),
        };
        self.names.main = if self.format == Some(Format::Atom) { ATOM.to_ascii_lowercase() } else { String::new() };
        Ok(Role::Root)
    }

    /// Judges an element beside the items.
    fn head(&mut self, name: &'t str, attributes: &Attributes<'_>) -> Result<Role, Unfit> {
        let format = self.format.unwrap_or(Format::Rss);
        let in_channel = self.open.last().is_some_and(|frame| frame.role == Role::Channel);
        let (ns, lower) = self.names.resolve(name);
        let (own, local) = self.own(name)?;
        if ns != Ns::Main || !matches!(&*lower, "channel" | "item" | "entry" | "title") {
            return Ok(Role::Other);
        }
        match (format, own, local) {
            (Format::Rss, true, "channel") if !in_channel && self.channels == 0 => {
                self.channels = 1;
                Ok(Role::Channel)
            }
            (Format::Rss, true, "item") if in_channel => self.begin_item(),
            (Format::Atom, true, "entry") => self.begin_item(),
            (Format::Rss, true, "title") if in_channel && !self.titled => {
                self.titled = true;
                if attributes.is_empty() { Ok(TEXT) } else { Err("has a text of a type that the library does not know") }
            }
            (Format::Atom, true, "title") if !self.titled => {
                self.titled = true;
                text_of_atom(attributes)
            }
            _ => Err("has parts in a place where the library does not look for them"),
        }
    }

    fn begin_item(&mut self) -> Result<Role, Unfit> {
        self.items += 1;
        self.item = Item::default();
        if self.items > MOST_ITEMS { Err("has too many items") } else { Ok(Role::Item) }
    }

    /// Returns whether an element is of the feed's own namespace as the library sees it, and its local name.
    fn own<'n>(&self, name: &'n str) -> Result<(bool, &'n str), Unfit> {
        let Some((prefix, local)) = name.split_once(':') else { return Ok((true, name)) };
        let uri = self.uri(prefix).ok_or("uses a namespace that it does not declare")?;
        Ok((self.format == Some(Format::Atom) && uri == ATOM, local))
    }

    /// Returns the address that a prefix stands for here.
    fn uri(&self, prefix: &str) -> Option<&str> {
        self.bindings.iter().rev().find(|(known, _)| *known == prefix).map(|(_, uri)| &**uri)
    }

    fn end(&mut self, at: usize, name: &str) -> Result<(), Unfit> {
        let frame = self.open.pop().filter(|frame| frame.name == name).ok_or("is not nested well")?;
        self.bindings.truncate(frame.bindings);
        match frame.role {
            Role::Item => {
                self.item.end(self.format.unwrap_or(Format::Rss))?;
                self.linkless |= !self.item.has_link;
            }
            Role::Field { needed: true, .. } if !frame.filled => return Err("has an empty link"),
            // The library copies a rating into all that it rates.
            Role::Other if frame.name.ends_with("rating") && at - frame.start > 1000 => {
                return Err("has a rating that is too long");
            }
            _ => {}
        }
        if frame.filled && matches!(frame.role, Role::Field { .. }) {
            self.item.titled |= frame.name.ends_with("title");
            self.item.summarised |= frame.name.ends_with("description") || frame.name.ends_with("summary");
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Unfit> {
        let blank = text.trim().is_empty();
        match self.open.last_mut() {
            None if blank => Ok(()),
            None => Err("has text outside of its root"),
            Some(frame) => {
                frame.filled |= !blank;
                match frame.role {
                    Role::Field { names, .. } if !refers_well(text, names) => Err("refers to what XML does not know"),
                    Role::Markup if !refers_well(text, false) => Err("refers to what XML does not know"),
                    _ => Ok(()),
                }
            }
        }
    }

    fn cdata(&mut self, text: &str) -> Result<(), Unfit> {
        match self.open.last_mut() {
            None => Err("has text outside of its root"),
            Some(Frame { role: Role::Field { markup: true, .. } | Role::Markup, .. }) => Err("has XHTML that is not markup"),
            Some(frame) => {
                frame.filled |= !text.trim().is_empty();
                Ok(())
            }
        }
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn is_inner(role: Role) -> bool {
    matches!(role, Role::Other | Role::Markup | Role::Field { markup: true, .. })
}

/// Judges a tag of XHTML: the library writes it again, and forgets to quote what stands in its attributes.
fn in_markup(attributes: &Attributes<'_>) -> Result<Role, Unfit> {
    let quoted = |value: &str| !value.contains(['"', '<', '>']);
    attributes.iter().all(|(_, value)| quoted(value)).then_some(Role::Markup).ok_or("has XHTML with marks in its attributes")
}

/// Says how a text of Atom is written.
fn text_of_atom(attributes: &Attributes<'_>) -> Result<Role, Unfit> {
    let value = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| &**value);
    match (value("type"), value("mode")) {
        (_, Some(_)) => Err("is Atom 0.3"),
        (None | Some("text"), None) => Ok(PLAIN),
        (Some("html" | "text/html"), None) => Ok(TEXT),
        (Some("xhtml"), None) => Ok(XHTML),
        _ => Err("has a text of a type that the library does not know"),
    }
}

/// Reads attributes, all of which must be written as XML wants it: the library passes over the others in silence.
fn strict(text: &str) -> Result<Attributes<'_>, Unfit> {
    let mut found = Attributes::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=').ok_or("has attributes without a value")?;
        let (name, value) = (name.trim_end(), value.trim_start());
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("has attributes without quotes")?;
        let (inside, after) = value[1..].split_once(quote).ok_or("has attributes without quotes")?;
        if name.is_empty() || name.contains(char::is_whitespace) || found.iter().any(|(known, _)| *known == name) {
            return Err("has attributes that are not well-formed");
        }
        if !refers_well(inside, false) {
            return Err("refers to what XML does not know");
        }
        found.push((name, entity::decode_strict(inside)));
        if found.len() > MOST_ATTRIBUTES {
            return Err("has too many attributes");
        }
        if !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return Err("has attributes that are not well-formed");
        }
        rest = after.trim_start();
    }
    Ok(found)
}

/// Tells whether each `&` begins a reference that XML knows without being told; with `names`, one that HTML knows will do.
fn refers_well(text: &str, names: bool) -> bool {
    text.match_indices('&').all(|(at, _)| {
        let rest = &text[at + 1..];
        let Some(end) = rest.bytes().take(plain::LONGEST_REFERENCE).position(|byte| byte == b';') else { return false };
        let name = &rest[..end];
        name.starts_with('#') || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || names && entity::is_known(name)
    })
}

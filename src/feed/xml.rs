//! RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 in one reader: what an element is called says what it is, whatever namespace, case or version
//! its document claims.

mod base64;
pub(super) mod parts;

use std::collections::BTreeSet;

use url::Url;

use super::names::{Names, Ns};
use super::plain::{self, Tags};
use super::scan::{Attributes, Scanner, Token};
use super::{Collector, Draft};
use crate::base::{entity, safe};
use parts::{Dates, Links};

/// Why a document is no feed.
#[derive(Debug)]
pub(super) enum NoFeed {
    /// It is a page.
    Html,
    /// It is something else, in words.
    Other(String),
}

/// Reads the items of a document that begins with `<`, or with junk before it.
pub(super) fn read(text: &str, found: &mut Collector) -> Result<(), NoFeed> {
    let mut reader = Reader {
        scanner: Scanner::new(text),
        found,
        declared: BTreeSet::new(),
        names: Names::default(),
        base: None,
        is_atom: false,
        cut: false,
    };
    reader.root()?;
    reader.items();
    reader.found.complete = !reader.cut;
    Ok(())
}

struct Reader<'t, 'c> {
    scanner: Scanner<'t>,
    found: &'c mut Collector,
    /// The entities that the document type declares. They are never expanded.
    declared: BTreeSet<String>,
    names: Names,
    /// `xml:base` of the root or channel.
    base: Option<Url>,
    /// Whether it is Atom, which says of every text what it is. In RSS that must be guessed.
    is_atom: bool,
    cut: bool,
}

/// A start tag, its name resolved.
struct Element<'t> {
    ns: Ns,
    local: String,
    attributes: Attributes<'t>,
}

/// The inside of an element that has been read to its end.
#[derive(Default)]
struct Field<'t> {
    /// As written, tags and references included.
    raw: &'t str,
    /// Its own text, references decoded once and CDATA as it is, tags left out.
    text: String,
    /// Whether it holds tags.
    has_markup: bool,
    /// Whether it holds a CDATA section.
    is_cdata: bool,
}

/// One item while it is read.
#[derive(Default)]
struct Parts {
    draft: Draft,
    links: Links,
    dates: Dates,
}

impl<'t> Reader<'t, '_> {
    /// Reads up to and with the root element's start tag, if it is one of a feed.
    fn root(&mut self) -> Result<(), NoFeed> {
        let mut junk = false;
        loop {
            match self.scanner.next() {
                None => return Err(NoFeed::Other("it is no feed: it holds no element of one".to_owned())),
                Some(Token::Doctype(doctype)) => {
                    if doctype.get(9..).is_some_and(|rest| rest.trim_start().to_ascii_lowercase().starts_with("html")) {
                        return Err(NoFeed::Html);
                    }
                    self.declared = declared_entities(doctype);
                }
                Some(Token::Start { name, attributes, .. }) => {
                    if self.is_root(name, attributes)? {
                        return Ok(());
                    }
                }
                Some(Token::Text(text)) if !junk && !text.trim().is_empty() => {
                    junk = true;
                    self.found.fault("the document", "begins with something that is no XML");
                }
                Some(_) => {}
            }
        }
    }

    /// Judges the first element. One that a server's message before the document holds is passed over.
    fn is_root(&mut self, name: &str, attributes: &'t str) -> Result<bool, NoFeed> {
        let element = self.element(name, attributes);
        let its_own = name.split_once(':').map_or_else(|| "xmlns".to_owned(), |(prefix, _)| format!("xmlns:{prefix}"));
        self.names.main = element.attributes.get(&its_own).unwrap_or("").trim().to_ascii_lowercase();
        self.base = self.base_of(&element.attributes, None);
        self.is_atom = matches!(element.local.as_str(), "feed" | "entry");
        match element.local.as_str() {
            "rss" | "rdf" | "feed" | "channel" | "rss2" => Ok(true),
            "entry" | "item" => {
                let item = self.item(&element);
                self.take(item);
                Ok(true)
            }
            "b" | "br" | "i" | "font" => Ok(false),
            "html" | "head" | "body" | "meta" | "title" | "div" | "p" | "script" | "h1" | "table" => Err(NoFeed::Html),
            "urlset" | "sitemapindex" => {
                Err(NoFeed::Other("it is a sitemap, not a feed (kind = \"sitemap\" reads it)".to_owned()))
            }
            "opml" => Err(NoFeed::Other("it is a list of feeds (OPML), not a feed".to_owned())),
            other => Err(NoFeed::Other(format!("it is XML, but no feed: its root is <{}>", safe::line(other, 40)))),
        }
    }

    fn element(&mut self, name: &str, attributes: &'t str) -> Element<'t> {
        let attributes = Attributes::read(attributes);
        self.names.declare(&attributes);
        let (ns, local) = self.names.resolve(name);
        Element { ns, local, attributes }
    }

    /// Reads everything after the root's start tag.
    fn items(&mut self) {
        let mut ended = false;
        while let Some(token) = self.scanner.next() {
            match token {
                Token::Start { name, attributes, empty } => {
                    let element = self.element(name, attributes);
                    match (element.ns, element.local.as_str()) {
                        (Ns::Main, "item" | "entry") if self.found.is_full() => {
                            let most = super::MOST_ITEMS;
                            self.found.fault("the feed", format!("has more than {most} items; the rest was left out"));
                            return;
                        }
                        (Ns::Main, "item" | "entry") => {
                            let item = if empty { Some(Draft::default()) } else { self.item(&element) };
                            self.take(item);
                            ended = false;
                        }
                        (Ns::Main, "channel") => self.base = self.base_of(&element.attributes, self.base.as_ref()),
                        (Ns::Main, "title") if !empty => {
                            let field = self.field(name, false);
                            let title = self.plain(&field, &element.attributes);
                            self.found.title(&title);
                        }
                        _ if empty => {}
                        _ => drop(self.field(name, false)),
                    }
                }
                Token::End { name } => {
                    ended |= matches!(self.names.resolve(name).1.as_str(), "rss" | "rdf" | "feed" | "channel");
                }
                Token::Text(_) | Token::CData(_) | Token::Doctype(_) => {}
            }
        }
        if !ended && !self.cut && self.found.met > 0 {
            self.found.fault("the document", "ends before its end");
        }
        self.cut |= !ended;
    }

    fn take(&mut self, item: Option<Draft>) {
        match item {
            Some(draft) => self.found.item(draft),
            None => {
                self.cut = true;
                self.found.met += 1;
                self.found.skip("is cut off: the document ends within it");
            }
        }
    }

    /// Reads one item after its start tag; None if the document ends within it.
    fn item(&mut self, item: &Element<'t>) -> Option<Draft> {
        let mut parts = Parts::default();
        parts.links.about = item.attributes.get("rdf:about").map(str::to_owned);
        parts.draft.base = self.base_of(&item.attributes, self.base.as_ref());
        loop {
            let at = self.scanner.at();
            match self.scanner.next()? {
                Token::End { name } => match self.names.resolve(name).1.as_str() {
                    local if local == item.local => break,
                    "channel" | "rss" | "rdf" | "feed" => {
                        self.forgotten(at, &item.local);
                        break;
                    }
                    _ => {}
                },
                Token::Start { name, attributes, empty } => {
                    let element = self.element(name, attributes);
                    // An empty one within is a mistake of some services, and no item.
                    if element.ns == Ns::Main && element.local == item.local && !empty {
                        self.forgotten(at, &item.local);
                        break;
                    }
                    if element.ns == Ns::Media && matches!(element.local.as_str(), "group" | "content") {
                        continue;
                    }
                    let inline =
                        element.ns == Ns::Xhtml || element.attributes.get("type").is_some_and(|kind| kind.contains("xhtml"));
                    let field = if empty { Field::default() } else { self.field(name, inline) };
                    if let Some(name) = self.forbidden(&field) {
                        let why = format!("refers to &{name};, which its document declares; such entities are never expanded");
                        parts.draft.refused = Some(why);
                    }
                    self.set_text(&element, &field, &mut parts);
                    self.set_fact(&element, field.text.trim(), &mut parts);
                }
                Token::Text(_) | Token::CData(_) | Token::Doctype(_) => {}
            }
        }
        Some(parts.into_draft())
    }

    /// Takes in an element whose text is for readers.
    fn set_text(&self, element: &Element<'_>, field: &Field<'_>, parts: &mut Parts) {
        let Parts { draft, links, .. } = parts;
        let text = || self.plain(field, &element.attributes);
        let fill = |slot: &mut String| {
            if slot.is_empty() {
                *slot = text();
            }
        };
        match (element.ns, element.local.as_str()) {
            (Ns::Main, "title") => {
                draft.title = Some(text()).filter(|title| !title.is_empty()).unwrap_or(std::mem::take(&mut draft.title))
            }
            (Ns::Dc | Ns::Media | Ns::Itunes, "title") => fill(&mut draft.title),
            // Where an item has both, the first is the teaser and the other the text.
            (Ns::Main, "description" | "summary" | "tagline") if draft.summary.is_empty() => draft.summary = text(),
            (Ns::Main, "description" | "summary") => fill(&mut draft.content),
            (Ns::Dc | Ns::Media, "description") | (Ns::Itunes, "summary") => fill(&mut draft.summary),
            (Ns::Content, "encoded") => {
                let content =
                    if field.has_markup { plain::text(field.raw, Tags::All) } else { plain::text(&field.text, Tags::Html) };
                draft.content = Some(content).filter(|content| !content.is_empty()).unwrap_or(std::mem::take(&mut draft.content));
            }
            (Ns::Xhtml, "body" | "div") if draft.content.is_empty() => draft.content = plain::text(field.raw, Tags::All),
            (Ns::Main, "content" | "fullitem" | "body" | "div") => {
                links.source = element.attributes.get("src").map(str::to_owned).or_else(|| links.source.take());
                fill(&mut draft.content);
            }
            _ => {}
        }
    }

    /// Takes in an element that is an address, an identity or a date.
    fn set_fact(&self, element: &Element<'_>, text: &str, parts: &mut Parts) {
        let Parts { draft, links, dates } = parts;
        let some = || Some(text.to_owned());
        match (element.ns, element.local.as_str()) {
            (Ns::Main, "link") => links.add(&element.attributes, text, self.base_of(&element.attributes, draft.base.as_ref())),
            (Ns::FeedBurner, "origlink") => links.original = some(),
            (Ns::Main, "guid") => {
                links.id = some();
                links.permanent =
                    !element.attributes.get("ispermalink").is_some_and(|value| value.trim().eq_ignore_ascii_case("false"));
            }
            (Ns::Main, "id") => {
                links.id = some();
                links.permanent = true;
            }
            (Ns::Main, "comments") => draft.comments = some(),
            (Ns::Main, "pubdate" | "published" | "issued") => dates.published = dates.published.take().or_else(some),
            (Ns::Main, "updated" | "modified" | "lastbuilddate") => dates.updated = some(),
            (Ns::Main | Ns::Dc, "created") => dates.created = some(),
            (Ns::Main, "expirationdate") => dates.expired = some(),
            (Ns::Dc, "issued" | "available") => dates.issued = some(),
            (Ns::Dc, "modified") => dates.modified = some(),
            (Ns::Dc | Ns::Main, "date") => dates.date = some(),
            _ => {}
        }
    }

    /// Reads an element to its end tag, or to where the document shows that it was forgotten.
    ///
    /// `inline` says that its inside is markup in which any element may stand.
    fn field(&mut self, name: &str, inline: bool) -> Field<'t> {
        let start = self.scanner.at();
        let (_, own) = self.names.resolve(name);
        let mut field = Field::default();
        let mut depth = 0_usize;
        let end = loop {
            let at = self.scanner.at();
            match self.scanner.next() {
                None => break at,
                Some(Token::Text(text)) => field.text.push_str(&entity::decode_strict(text)),
                Some(Token::CData(text)) => {
                    field.text.push_str(text);
                    field.is_cdata = true;
                }
                Some(Token::End { name: other }) if other.eq_ignore_ascii_case(name) => {
                    if depth == 0 {
                        break at;
                    }
                    depth -= 1;
                }
                Some(Token::End { name: other }) => {
                    let (ns, local) = self.names.resolve(other);
                    if ns != Ns::Other && matches!(local.as_str(), "item" | "entry" | "channel" | "rss" | "rdf" | "feed") {
                        self.forgotten(at, name);
                        break at;
                    }
                }
                Some(Token::Start { name: other, empty, .. }) => {
                    let (ns, local) = self.names.resolve(other);
                    if ns != Ns::Xhtml && ns != Ns::Other && ends_field(&own, &local, inline) {
                        self.forgotten(at, name);
                        break at;
                    }
                    if !empty && other.eq_ignore_ascii_case(name) {
                        depth += 1;
                    }
                    field.has_markup = true;
                }
                Some(Token::Doctype(_)) => {}
            }
        };
        field.raw = self.scanner.between(start, end);
        field
    }

    fn forgotten(&mut self, at: usize, name: &str) {
        self.scanner.go_to(at);
        let place = format!("item {}", self.found.met + 1);
        self.found.fault(place, format!("has no </{}>", safe::line(name, 40)));
    }

    /// Returns the name of an entity of the document's own that the field refers to.
    fn forbidden(&self, field: &Field<'_>) -> Option<String> {
        if self.declared.is_empty() {
            return None;
        }
        let mut rest = field.raw;
        while let Some(at) = rest.find('&') {
            rest = &rest[at + 1..];
            let end = rest.bytes().take(100).position(|byte| byte == b';');
            if let Some(name) = end.and_then(|end| rest.get(..end))
                && self.declared.contains(name)
            {
                return Some(safe::line(name, 40));
            }
        }
        None
    }

    /// Returns the text of a field for a reader, as its `type` and, in Atom 0.3, its `mode` say.
    fn plain(&self, field: &Field<'_>, attributes: &Attributes<'_>) -> String {
        let lower = |name: &str| attributes.get(name).map(|value| value.trim().to_ascii_lowercase());
        let (kind, mode) = (lower("type"), lower("mode"));
        let kind = kind.as_deref();
        let is_markup = matches!(kind, Some("html" | "text/html" | "xhtml" | "application/xhtml+xml"));
        let is_binary = mode.as_deref() == Some("base64")
            || self.is_atom
                && mode.is_none()
                && kind.is_some_and(|kind| kind.contains('/') && !kind.starts_with("text/") && !kind.contains("xml"));
        if is_binary {
            return base64::decode(&field.text).map(|text| plain::text(&text, Tags::Html)).unwrap_or_default();
        }
        if field.has_markup || (matches!(kind, Some("xhtml" | "application/xhtml+xml")) && !field.is_cdata) {
            return plain::text(field.raw, Tags::All);
        }
        let is_plain = match kind {
            Some("text") => true,
            Some("text/plain") => mode.as_deref() != Some("escaped"),
            None => self.is_atom && mode.is_none(),
            _ => false,
        };
        match (is_markup, is_plain) {
            (true, _) => plain::text(&field.text, Tags::Html),
            (false, true) => plain::lines(&field.text),
            (false, false) => plain::guess(&field.text),
        }
    }

    fn base_of(&self, attributes: &Attributes<'_>, outer: Option<&Url>) -> Option<Url> {
        let outer = outer.cloned();
        let Some(base) = attributes.get("xml:base") else { return outer };
        let joined = outer.as_ref().unwrap_or(&self.found.base).join(base.trim()).ok();
        joined.filter(|url| matches!(url.scheme(), "http" | "https")).or(outer)
    }
}

impl Parts {
    fn into_draft(self) -> Draft {
        let Parts { mut draft, links, dates } = self;
        draft.id = links.id.clone().or_else(|| links.about.clone());
        draft.id_is_link = links.id_is_link();
        let (link, base) = links.best();
        draft.link = link;
        draft.base = base.or(draft.base);
        (draft.published, draft.updated) = dates.best();
        draft.created = dates.created;
        draft.expired = dates.expired;
        draft
    }
}

/// Tells whether the start of an element shows that the end tag of the one being read was forgotten.
fn ends_field(own: &str, local: &str, inline: bool) -> bool {
    match local {
        "item" | "entry" => true,
        "pubdate" | "guid" => !inline,
        "title" | "link" | "description" => {
            !inline && matches!(own, "title" | "link" | "guid" | "pubdate" | "author" | "category" | "id")
        }
        _ => false,
    }
}

/// Returns the names of the entities that a document type declares, those left out that HTML knows anyway.
fn declared_entities(doctype: &str) -> BTreeSet<String> {
    let names = doctype.split("<!ENTITY").skip(1).filter_map(|rest| rest.split_whitespace().next());
    names.filter(|name| !entity::is_known(name)).map(str::to_owned).take(1000).collect()
}

//! RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 in one reader: what an element is called says what it is, whatever namespace, case or version
//! its document claims.

use std::collections::BTreeSet;

use url::Url;

use super::plain::{self, Tags};
use super::scan::{Scanner, Token, attributes};
use super::{Collector, Draft};
use crate::base::{entity, safe};

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
    let family = reader.root()?;
    reader.names.main = family.main;
    reader.items();
    reader.found.complete = !reader.cut;
    Ok(())
}

/// What the root element says of the rest.
struct Family {
    /// The namespace of unprefixed elements.
    main: String,
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

/// The vocabularies that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ns {
    /// That of the feed itself.
    Main,
    Dc,
    Content,
    Xhtml,
    FeedBurner,
    Other,
}

/// Prefixes of the document, innermost last.
#[derive(Debug, Default)]
struct Names {
    main: String,
    prefixes: Vec<(String, String)>,
}

impl Names {
    fn declare(&mut self, attributes: &[(&str, std::borrow::Cow<'_, str>)]) {
        for (name, value) in attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && self.prefixes.len() < 256
            {
                self.prefixes.push((prefix.to_ascii_lowercase(), value.trim().to_ascii_lowercase()));
            }
        }
    }

    /// Tells the vocabulary and the local name, in lower case, of an element as written.
    fn resolve(&self, name: &str) -> (Ns, String) {
        let name = name.to_ascii_lowercase();
        let Some((prefix, local)) = name.split_once(':') else { return (Ns::Main, name) };
        let uri = self.prefixes.iter().rev().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str());
        let ns = match uri {
            Some(uri) if uri == self.main => Ns::Main,
            Some(uri) => ns_of_uri(uri).or_else(|| ns_of_prefix(prefix)).unwrap_or(Ns::Other),
            None => ns_of_prefix(prefix).unwrap_or(Ns::Other),
        };
        (ns, local.to_owned())
    }
}

fn ns_of_uri(uri: &str) -> Option<Ns> {
    let uri = uri.trim_end_matches(['/', '#']);
    match uri {
        "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/elements/1.0" | "http://purl.org/dc/terms" => Some(Ns::Dc),
        "http://purl.org/rss/1.0/modules/content" => Some(Ns::Content),
        "http://www.w3.org/1999/xhtml" => Some(Ns::Xhtml),
        "http://rssnamespace.org/feedburner/ext/1.0" => Some(Ns::FeedBurner),
        "http://www.w3.org/2005/atom" | "http://purl.org/atom/ns" => Some(Ns::Main),
        _ if uri.contains("purl.org/rss/1.0") && !uri.contains("modules") => Some(Ns::Main),
        _ if uri.contains("backend.userland.com") || uri.contains("my.netscape.com") => Some(Ns::Main),
        _ => None,
    }
}

fn ns_of_prefix(prefix: &str) -> Option<Ns> {
    match prefix {
        "dc" | "dcterms" => Some(Ns::Dc),
        "content" => Some(Ns::Content),
        "xhtml" | "html" => Some(Ns::Xhtml),
        "feedburner" => Some(Ns::FeedBurner),
        "atom" | "atom03" | "atom10" | "a10" | "rss" => Some(Ns::Main),
        _ => None,
    }
}

/// The inside of an element that has been read to its end.
struct Field<'t> {
    /// As written, tags and references included.
    raw: &'t str,
    /// Its own text, references decoded once and CDATA as it is, tags left out.
    text: String,
    /// Whether it holds tags.
    has_markup: bool,
    /// The inside of a CDATA section alone, references of HTML still in it.
    is_cdata: bool,
}

impl<'t> Reader<'t, '_> {
    /// Finds the root element and tells whether it is one of a feed.
    fn root(&mut self) -> Result<Family, NoFeed> {
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
                Some(Token::Start { name, attributes: raw, .. }) => {
                    let attributes = attributes(raw);
                    self.names.declare(&attributes);
                    self.base = self.base_of(&attributes, None);
                    let (_, local) = self.names.resolve(name);
                    let main = match name.split_once(':') {
                        Some((prefix, _)) => attribute(&attributes, &format!("xmlns:{prefix}")),
                        None => attribute(&attributes, "xmlns"),
                    };
                    let main = main.unwrap_or_default().trim().to_ascii_lowercase();
                    self.is_atom = matches!(local.as_str(), "feed" | "entry");
                    match local.as_str() {
                        "rss" | "rdf" | "feed" | "channel" | "rss2" => return Ok(Family { main }),
                        "entry" | "item" => {
                            let item = self.item(&local, &attributes);
                            self.take(item);
                            return Ok(Family { main });
                        }
                        "html" | "head" | "body" | "meta" | "title" | "div" | "p" | "script" | "h1" | "table" => {
                            return Err(NoFeed::Html);
                        }
                        // A message that a server put before the document: <b>Warning</b>: …
                        "b" | "br" | "i" | "font" if !junk => {}
                        "b" | "br" | "i" | "font" => {}
                        "urlset" | "sitemapindex" => return Err(NoFeed::Other("it is a sitemap, not a feed".to_owned())),
                        "opml" => return Err(NoFeed::Other("it is a list of feeds (OPML), not a feed".to_owned())),
                        other => {
                            return Err(NoFeed::Other(format!(
                                "it is XML, but no feed: its root is <{}>",
                                safe::line(other, 40)
                            )));
                        }
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

    /// Reads everything after the root's start tag.
    fn items(&mut self) {
        let mut ended = false;
        while let Some(token) = self.scanner.next() {
            match token {
                Token::Start { name, attributes: raw, empty } => {
                    let attributes = attributes(raw);
                    self.names.declare(&attributes);
                    let (ns, local) = self.names.resolve(name);
                    match (ns, local.as_str()) {
                        (_, "item" | "entry") if ns != Ns::Other => {
                            if self.found.is_full() {
                                self.found.fault(
                                    "the feed",
                                    format!("has more than {} items; the rest was left out", super::MOST_ITEMS),
                                );
                                return;
                            }
                            let item = if empty { Some(Draft::default()) } else { self.item(&local, &attributes) };
                            self.take(item);
                            ended = false;
                        }
                        (Ns::Main, "channel") => self.base = self.base_of(&attributes, self.base.as_ref()),
                        (Ns::Main, "title") if !empty => {
                            let field = self.field(name, false);
                            let title = self.plain(&field, attribute(&attributes, "type").as_deref(), None);
                            self.found.title(&title);
                        }
                        _ if empty || self.found.met == 0 && local == "items" => {}
                        _ => drop(self.field(name, false)),
                    }
                }
                Token::End { name } => ended |= matches!(self.names.resolve(name).1.as_str(), "rss" | "rdf" | "feed" | "channel"),
                Token::Text(_) | Token::CData(_) | Token::Doctype(_) => {}
            }
        }
        if !ended && !self.cut {
            self.cut = true;
            self.found.fault("the document", "ends before its end");
        }
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
    fn item(&mut self, item: &str, attributes_of_item: &[(&str, std::borrow::Cow<'_, str>)]) -> Option<Draft> {
        let base = self.base_of(attributes_of_item, self.base.as_ref());
        let mut links = Links { about: attribute(attributes_of_item, "rdf:about"), ..Links::default() };
        let mut draft = Draft { base: base.clone(), ..Draft::default() };
        let mut dates = Dates::default();
        loop {
            let at = self.scanner.at();
            match self.scanner.next()? {
                Token::End { name } => match self.names.resolve(name).1.as_str() {
                    local if local == item => break,
                    "channel" | "rss" | "rdf" | "feed" => {
                        self.unclosed(at, item);
                        break;
                    }
                    _ => {}
                },
                Token::Start { name, attributes: raw, empty } => {
                    let (ns, local) = self.names.resolve(name);
                    if ns == Ns::Main && local == item {
                        self.unclosed(at, item);
                        break;
                    }
                    let attributes = attributes(raw);
                    self.names.declare(&attributes);
                    let inline = attribute(&attributes, "type").is_some_and(|kind| kind.contains("xhtml")) || ns == Ns::Xhtml;
                    let field = if empty {
                        Field { raw: "", text: String::new(), has_markup: false, is_cdata: false }
                    } else {
                        self.field(name, inline)
                    };
                    if let Some(name) = self.forbidden(&field) {
                        draft.refused =
                            Some(format!("refers to &{name};, which its document declares; such entities are never expanded"));
                    }
                    self.set(ns, &local, &attributes, &field, &mut draft, &mut links, &mut dates);
                }
                Token::Text(_) | Token::CData(_) | Token::Doctype(_) => {}
            }
        }
        draft.id = links.id.clone().or_else(|| links.about.clone());
        let (link, link_base) = links.best();
        draft.link = link;
        draft.base = link_base.or(draft.base);
        (draft.published, draft.updated) = dates.best();
        Some(draft)
    }

    fn unclosed(&mut self, at: usize, item: &str) {
        self.scanner.go_to(at);
        let place = format!("item {}", self.found.met + 1);
        self.found.fault(place, format!("has no </{item}>"));
    }

    #[allow(clippy::too_many_arguments)]
    fn set(
        &mut self,
        ns: Ns,
        local: &str,
        attributes: &[(&str, std::borrow::Cow<'_, str>)],
        field: &Field<'t>,
        draft: &mut Draft,
        links: &mut Links,
        dates: &mut Dates,
    ) {
        let kind = attribute(attributes, "type");
        let mode = attribute(attributes, "mode");
        let text = || field.text.trim().to_owned();
        match (ns, local) {
            (Ns::Main, "title") => {
                let title = self.plain(field, kind.as_deref(), mode.as_deref());
                if !title.is_empty() {
                    draft.title = title;
                }
            }
            (Ns::Dc, "title") if draft.title.is_empty() => draft.title = self.plain(field, kind.as_deref(), None),
            (Ns::Main, "description" | "summary" | "tagline") => {
                let summary = self.plain(field, kind.as_deref(), mode.as_deref());
                if !summary.is_empty() {
                    draft.summary = summary;
                }
            }
            (Ns::Dc, "description") if draft.summary.is_empty() => draft.summary = self.plain(field, kind.as_deref(), None),
            (Ns::Content, "encoded") | (Ns::Main, "content" | "fullitem") | (Ns::Xhtml | Ns::Main, "body" | "div") => {
                links.source = attribute(attributes, "src").or_else(|| links.source.take());
                let content = match ns {
                    Ns::Xhtml => plain::text(field.raw, Tags::All),
                    _ if field.has_markup && kind.is_none() => plain::text(field.raw, Tags::All),
                    _ => {
                        self.plain(field, kind.as_deref().or(Some(if local == "encoded" { "html" } else { "" })), mode.as_deref())
                    }
                };
                if !content.is_empty() && (draft.content.is_empty() || local == "encoded") {
                    draft.content = content;
                }
            }
            (Ns::Main, "link") => links.add(attributes, text(), self.base_of(attributes, draft.base.as_ref())),
            (Ns::FeedBurner, "origlink") => links.original = Some(text()),
            (Ns::Main, "guid") => {
                links.id = Some(text());
                links.permanent =
                    attribute(attributes, "ispermalink").is_none_or(|value| !value.trim().eq_ignore_ascii_case("false"));
            }
            (Ns::Main, "id") => {
                links.id = Some(text());
                links.permanent = true;
            }
            (Ns::Main, "pubdate" | "published" | "issued") => dates.published = dates.published.take().or_else(|| Some(text())),
            (Ns::Main, "updated" | "modified" | "lastbuilddate") => dates.updated = Some(text()),
            (Ns::Main, "created") => dates.created = Some(text()),
            (Ns::Dc, "issued" | "available") => dates.issued = Some(text()),
            (Ns::Dc, "created") => dates.created = Some(text()),
            (Ns::Dc, "modified") => dates.modified = Some(text()),
            (Ns::Dc | Ns::Main, "date") => dates.date = Some(text()),
            _ => {}
        }
    }

    /// Reads an element to its end tag, or to where the document shows that it was forgotten.
    ///
    /// `inline` says that its inside is markup in which any element may stand.
    fn field(&mut self, name: &str, inline: bool) -> Field<'t> {
        let start = self.scanner.at();
        let (_, own) = self.names.resolve(name);
        let mut field = Field { raw: "", text: String::new(), has_markup: false, is_cdata: false };
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

    /// Returns the text of a field for a reader. `kind` is its `type`, `mode` that of Atom 0.3.
    fn plain(&self, field: &Field<'_>, kind: Option<&str>, mode: Option<&str>) -> String {
        let kind = kind.map(|kind| kind.trim().to_ascii_lowercase());
        if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("base64")) {
            return String::new();
        }
        match kind.as_deref() {
            Some("xhtml" | "application/xhtml+xml") if !field.is_cdata => plain::text(field.raw, Tags::All),
            _ if field.has_markup => plain::text(field.raw, Tags::All),
            Some("text" | "text/plain") if !(kind.as_deref() == Some("text/plain") && mode == Some("escaped")) => {
                plain::lines(&field.text)
            }
            Some("html" | "text/html" | "xhtml" | "application/xhtml+xml") => plain::text(&field.text, Tags::Html),
            Some(other) if other.starts_with("image/") || other.starts_with("application/octet") => String::new(),
            None if self.is_atom && mode.is_none() => plain::lines(&field.text),
            _ if plain::looks_like_html(&field.text) => plain::text(&field.text, Tags::Html),
            _ => plain::lines(&field.text),
        }
    }

    fn base_of(&self, attributes: &[(&str, std::borrow::Cow<'_, str>)], outer: Option<&Url>) -> Option<Url> {
        let outer = outer.cloned();
        let Some(base) = attribute(attributes, "xml:base") else { return outer };
        let joined = outer.as_ref().unwrap_or(&self.found.base).join(base.trim()).ok();
        joined.filter(|url| matches!(url.scheme(), "http" | "https")).or(outer)
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

fn attribute(attributes: &[(&str, std::borrow::Cow<'_, str>)], name: &str) -> Option<String> {
    attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_string())
}

/// Returns the names of the entities that a document type declares, those left out that HTML knows anyway.
fn declared_entities(doctype: &str) -> BTreeSet<String> {
    let names = doctype.split("<!ENTITY").skip(1).filter_map(|rest| rest.split_whitespace().next());
    names.filter(|name| !entity::is_known(name)).map(str::to_owned).take(1000).collect()
}

/// The addresses that an item gives.
#[derive(Debug, Default)]
struct Links {
    original: Option<String>,
    alternate: Option<(String, Option<Url>)>,
    /// How good the alternate is, the least the best.
    rank: usize,
    plain: Option<(String, Option<Url>)>,
    id: Option<String>,
    /// Whether the id is an address if it looks like one.
    permanent: bool,
    about: Option<String>,
    source: Option<String>,
}

impl Links {
    fn add(&mut self, attributes: &[(&str, std::borrow::Cow<'_, str>)], text: String, base: Option<Url>) {
        let Some(href) = attribute(attributes, "href") else {
            if !text.is_empty() && self.plain.is_none() {
                self.plain = Some((text, base));
            }
            return;
        };
        let rel = attribute(attributes, "rel").map(|rel| rel.trim().to_ascii_lowercase()).unwrap_or_default();
        let rel = rel.rsplit('/').next().unwrap_or(&rel);
        if !matches!(rel, "" | "alternate") || href.trim().is_empty() {
            return;
        }
        let rank = match attribute(attributes, "type").as_deref() {
            Some("text/html" | "application/xhtml+xml") => 1,
            None => 2,
            Some(_) => 3,
        };
        if self.alternate.is_none() || rank < self.rank {
            self.alternate = Some((href, base));
            self.rank = rank;
        }
    }

    /// Returns the article's address and what it is relative to.
    fn best(self) -> (Option<String>, Option<Url>) {
        let is_address = |text: &String| {
            let text = text.trim();
            text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"))
                || text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"))
        };
        if let Some(original) = self.original.filter(is_address) {
            return (Some(original), None);
        }
        if let Some((link, base)) = self.plain.or(self.alternate) {
            return (Some(link), base);
        }
        let id = self.id.filter(|id| self.permanent && is_address(id));
        (id.or(self.about.filter(is_address)).or(self.source.filter(is_address)), None)
    }
}

/// The dates that an item gives, as written.
#[derive(Debug, Default)]
struct Dates {
    published: Option<String>,
    issued: Option<String>,
    date: Option<String>,
    created: Option<String>,
    updated: Option<String>,
    modified: Option<String>,
}

impl Dates {
    /// Returns when the item was published and when it was changed.
    fn best(self) -> (Option<String>, Option<String>) {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        let date = some(self.date);
        let published = some(self.published).or(some(self.issued)).or(date.clone()).or(some(self.created));
        (published, some(self.updated).or(some(self.modified)).or(date))
    }
}

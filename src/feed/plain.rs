//! Markup to plain text: tags gone, references decoded once, scripts and styles left out, blocks on lines of their own.

use crate::base::entity;

/// The most bytes of a character reference after its `&`.
pub(super) const LONGEST_REFERENCE: usize = 33;

/// Elements whose content is never text for a reader.
const SILENT: &[&str] = &["script", "style", "head", "template", "iframe", "noembed", "noframes", "textarea", "select"];

/// Elements that stand on lines of their own. Sorted.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Other elements that are markup wherever they stand. Sorted.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "applet", "area", "audio", "b", "base", "bdi", "bdo", "big", "blink", "body", "button", "canvas",
    "cite", "code", "col", "colgroup", "data", "del", "dfn", "dir", "em", "embed", "font", "frame", "frameset", "html", "i",
    "img", "input", "ins", "kbd", "label", "legend", "link", "map", "mark", "marquee", "math", "meta", "noscript", "object",
    "option", "param", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub",
    "sup", "svg", "time", "title", "track", "tt", "u", "var", "video", "wbr",
];

/// What is taken as a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// Only elements that HTML has; `<antirez>` is text.
    Html,
    /// All of them: the text is a piece of an XML document.
    All,
}

/// Tells whether text that may be either is HTML: it holds a tag of an element that HTML has, or a known character reference.
fn looks_like_html(text: &str) -> bool {
    let tag = || text.match_indices('<').any(|(at, _)| tag(&text[at..], Tags::Html).is_some() || text[at..].starts_with("<!--"));
    let reference = || {
        text.match_indices('&').any(|(at, _)| {
            let rest = &text[at + 1..];
            rest.starts_with('#')
                || rest
                    .bytes()
                    .take(LONGEST_REFERENCE)
                    .position(|byte| byte == b';')
                    .is_some_and(|end| entity::is_known(&rest[..end]))
        })
    };
    tag() || reference()
}

/// Returns the text of what may be HTML or plain text.
pub(super) fn guess(text: &str) -> String {
    if looks_like_html(text) { self::text(text, Tags::Html) } else { lines(text) }
}

/// Returns the text of a piece of HTML: words separated by single spaces, paragraphs by line feeds.
pub(super) fn text(markup: &str, tags: Tags) -> String {
    let mut out = Writer::default();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        out.markup(&rest[..at]);
        rest = &rest[at..];
        rest = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.find("-->").map_or("", |end| &comment[end + 3..])
        } else if let Some(section) = rest.strip_prefix("<![CDATA[") {
            match tags {
                Tags::All => {
                    let (inside, after) = section.split_once("]]>").unwrap_or((section, ""));
                    out.words(inside);
                    after
                }
                // HTML knows no such sections; what looks like one is markup like any other.
                Tags::Html => section,
            }
        } else if let Some(tag) = tag(rest, tags) {
            if BLOCKS.binary_search(&tag.name.as_str()).is_ok() {
                out.line();
            }
            let after = &rest[tag.length..];
            if !tag.is_end && !tag.is_empty && SILENT.contains(&tag.name.as_str()) { past_end(after, &tag.name) } else { after }
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            rest.find('>').map_or("", |end| &rest[end + 1..])
        } else {
            out.markup("<");
            &rest[1..]
        };
    }
    out.markup(rest);
    out.finish()
}

struct Tag {
    name: String,
    is_end: bool,
    is_empty: bool,
    length: usize,
}

/// Reads a tag at the start of the text; None if it is none.
fn tag(text: &str, tags: Tags) -> Option<Tag> {
    let inside = text.strip_prefix('<')?;
    let is_end = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name_end = inside.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '_')))?;
    let whole = &inside[..name_end];
    if !whole.starts_with(|c: char| c.is_alphabetic()) || name_end > 64 {
        return None;
    }
    let local = whole.rsplit(':').next().unwrap_or(whole).to_ascii_lowercase();
    let name = local.as_str();
    let is_known = || [BLOCKS, INLINE].iter().any(|list| list.binary_search(&name).is_ok()) || SILENT.contains(&name);
    if tags == Tags::Html && !is_known() {
        return None;
    }
    let end = tag_end(inside, name_end)?;
    let is_empty = inside[..end].ends_with('/');
    Some(Tag { length: text.len() - inside.len() + end + 1, name: local, is_end, is_empty })
}

/// Returns the offset of the `>` that ends a tag, those in quotes left aside where the quotes close in this tag.
fn tag_end(inside: &str, from: usize) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at),
            b'<' => return None,
            quote @ (b'"' | b'\'') if bytes[at - 1] == b'=' => {
                // An attribute is rarely longer than this, and a quote that never closes must not cost more.
                let near = &bytes[at + 1..bytes.len().min(at + 1 + 4096)];
                at += near.iter().position(|byte| *byte == quote).map_or(1, |close| close + 2);
            }
            _ => at += 1,
        }
    }
    None
}

/// Returns what follows the end tag of a silent element; nothing if it never ends.
fn past_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

#[derive(Default)]
struct Writer {
    text: String,
    gap: bool,
}

impl Writer {
    fn markup(&mut self, text: &str) {
        self.words(&entity::decode(text));
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap = true;
                continue;
            }
            if self.gap && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.gap = false;
            self.text.push(c);
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }

    fn line(&mut self) {
        self.gap = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Returns text that is not markup in the same form: words separated by single spaces, lines kept.
pub(super) fn lines(text: &str) -> String {
    let mut out = Writer::default();
    for line in text.lines() {
        out.words(line);
        out.line();
    }
    out.finish()
}

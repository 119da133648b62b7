//! What the JSON-LD blocks of a page say of its article.

use serde_json::Value;

use super::tag::Tag;
use super::tree::{Name, Tree};

/// The largest block that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The objects that are looked at in one page.
const MOST_OBJECTS: usize = 2000;

/// The types of schema.org that are articles end in one of these.
const ARTICLES: &[&str] = &["Article", "BlogPosting", "Report", "LiveBlogPosting", "AnalysisNewsArticle"];

/// What a page says of its article; None where it says nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    /// The headline.
    pub(super) headline: Option<String>,
    /// When it was published, as written.
    pub(super) published: Option<String>,
    /// Its whole text.
    pub(super) body: Option<String>,
    /// Who publishes it.
    pub(super) publisher: Option<String>,
    /// Whether everyone may read it.
    pub(super) free: Option<bool>,
    /// What sorts of things it says that the page is.
    pub(super) sorts: Sorts,
}

/// Which sorts of things a page says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sorts {
    /// An article of any sort.
    pub(super) article: bool,
    /// A live blog.
    pub(super) live: bool,
    /// A video.
    pub(super) video: bool,
    /// A list of other pages.
    pub(super) list: bool,
}

/// The types of schema.org that are lists of other pages.
const LISTS: &[&str] = &["CollectionPage", "ItemList", "ProfilePage", "SearchResultsPage"];

impl Sorts {
    fn of(objects: &[&Value]) -> Sorts {
        let any = |wanted: &dyn Fn(&str) -> bool| objects.iter().any(|object| has_type(object, wanted));
        Sorts {
            article: any(&|kind| ARTICLES.iter().any(|end| kind.ends_with(end))),
            live: any(&|kind| kind == "LiveBlogPosting"),
            video: any(&|kind| kind == "VideoObject"),
            list: any(&|kind| LISTS.contains(&kind)),
        }
    }
}

/// Reads the JSON-LD blocks of a page: the first article counts, then the page itself for what the article leaves unsaid.
pub(super) fn read(tree: &Tree<'_>) -> Described {
    let blocks = tree.all(Tag::Script).filter(|id| {
        tree.raw(*id, Name::Type).is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/ld+json"))
    });
    let values: Vec<Value> = blocks.filter_map(|id| parse(tree.raw_content(id))).collect();
    let objects = objects(&values);
    let mut described = Described { sorts: Sorts::of(&objects), ..Described::default() };
    for object in objects.iter().filter(|object| has_type(object, |kind| ARTICLES.iter().any(|end| kind.ends_with(end)))) {
        fill(&mut described, object);
    }
    for object in objects.iter().filter(|object| has_type(object, |kind| kind.ends_with("Page"))) {
        described.published = described.published.or_else(|| text(object, "datePublished"));
        described.free = described.free.or_else(|| truth(object, "isAccessibleForFree"));
    }
    described
}

/// Parses one block; raw line breaks in strings and comment marks around it, which authors leave, are let pass.
fn parse(raw: &str) -> Option<Value> {
    let raw =
        raw.trim().trim_start_matches("<!--").trim_end_matches("-->").trim_start_matches("//<![CDATA[").trim_end_matches("//]]>");
    let raw = raw.trim().trim_end_matches(';');
    if raw.len() > LARGEST {
        return None;
    }
    serde_json::from_str(raw).ok().or_else(|| serde_json::from_str(&raw.replace(|c: char| c.is_control(), " ")).ok())
}

/// Returns the objects that may describe the page: at the top, in arrays, under `@graph` and `mainEntity`; not in lists of others.
fn objects(values: &[Value]) -> Vec<&Value> {
    let mut waiting: Vec<&Value> = values.iter().rev().collect();
    let mut found = Vec::new();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(fields) => {
                found.push(value);
                let inner = ["@graph", "mainEntity", "mainEntityOfPage"].iter().rev().filter_map(|key| fields.get(*key));
                waiting.extend(inner.filter(|value| value.is_array() || value.is_object()));
            }
            _ => {}
        }
        if found.len() >= MOST_OBJECTS {
            break;
        }
    }
    found
}

fn has_type(object: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => wanted(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(wanted),
        _ => false,
    }
}

fn fill(described: &mut Described, object: &Value) {
    let old = std::mem::take(described);
    *described = Described {
        headline: old.headline.or_else(|| text(object, "headline")).or_else(|| text(object, "name")),
        published: old.published.or_else(|| text(object, "datePublished")),
        body: old.body.or_else(|| text(object, "articleBody")),
        publisher: old.publisher.or_else(|| object.get("publisher").and_then(|publisher| text(publisher, "name"))),
        free: old.free.or_else(|| truth(object, "isAccessibleForFree")),
        sorts: old.sorts,
    };
}

/// Returns a field that is a text, or the first text of an array.
fn text(object: &Value, key: &str) -> Option<String> {
    let value = match object.get(key)? {
        Value::Array(items) => items.first()?,
        value => value,
    };
    let text = match value {
        Value::String(text) => text.trim(),
        Value::Object(fields) => fields.get("@value").and_then(Value::as_str)?.trim(),
        _ => return None,
    };
    (!text.is_empty()).then(|| text.to_owned())
}

fn truth(object: &Value, key: &str) -> Option<bool> {
    match object.get(key)? {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        _ => None,
    }
}

//! Namespaces as feeds use them: by address where it is known, else by prefix, else by chance.

use crate::feed::scan::Attributes;

/// The most prefixes that are remembered.
const MOST_PREFIXES: usize = 256;

/// The vocabularies that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ns {
    /// That of the feed itself, and of other feed formats within it.
    Main,
    /// Dublin Core.
    Dc,
    /// The content module of RSS.
    Content,
    /// XHTML.
    Xhtml,
    /// FeedBurner, which replaces links by its own and keeps the original.
    FeedBurner,
    /// Media RSS.
    Media,
    /// iTunes.
    Itunes,
    /// Anything else.
    Other,
}

/// The prefixes that a document has declared.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The namespace of the root element, in lower case.
    pub main: String,
    prefixes: Vec<(String, String)>,
}

impl Names {
    /// Notes the prefixes that a tag declares. They hold from there to the end: no feed uses one prefix for two things.
    pub fn declare(&mut self, attributes: &Attributes<'_>) {
        for (name, uri) in attributes.iter() {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.declare_one(prefix, uri);
            }
        }
    }

    /// Notes one prefix.
    pub fn declare_one(&mut self, prefix: &str, uri: &str) {
        let (prefix, uri) = (prefix.to_ascii_lowercase(), uri.trim().to_ascii_lowercase());
        if let Some(known) = self.prefixes.iter_mut().find(|(known, _)| *known == prefix) {
            known.1 = uri;
        } else if self.prefixes.len() < MOST_PREFIXES {
            self.prefixes.push((prefix, uri));
        }
    }

    /// Tells the vocabulary and the local name, in lower case, of an element as written.
    pub fn resolve(&self, name: &str) -> (Ns, String) {
        let name = name.to_ascii_lowercase();
        let Some((prefix, local)) = name.split_once(':') else { return (Ns::Main, name) };
        let uri = self.prefixes.iter().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str());
        let ns = match uri {
            Some(uri) if uri == self.main => Some(Ns::Main),
            Some(uri) => by_uri(uri),
            None => None,
        };
        (ns.or_else(|| by_prefix(prefix)).unwrap_or(Ns::Other), local.to_owned())
    }
}

fn by_uri(uri: &str) -> Option<Ns> {
    match uri.trim_end_matches(['/', '#']) {
        "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/elements/1.0" | "http://purl.org/dc/terms" => Some(Ns::Dc),
        "http://purl.org/rss/1.0/modules/content" => Some(Ns::Content),
        "http://www.w3.org/1999/xhtml" => Some(Ns::Xhtml),
        "http://rssnamespace.org/feedburner/ext/1.0" => Some(Ns::FeedBurner),
        "http://search.yahoo.com/mrss" => Some(Ns::Media),
        "http://www.w3.org/2005/atom" | "http://purl.org/atom/ns" => Some(Ns::Main),
        uri if uri.contains("purl.org/rss/1.0") && !uri.contains("modules") => Some(Ns::Main),
        uri if uri.contains("backend.userland.com") || uri.contains("my.netscape.com") => Some(Ns::Main),
        uri if uri.contains("itunes.com/dtds") => Some(Ns::Itunes),
        _ => None,
    }
}

fn by_prefix(prefix: &str) -> Option<Ns> {
    match prefix {
        "dc" | "dcterms" => Some(Ns::Dc),
        "content" => Some(Ns::Content),
        "xhtml" | "html" => Some(Ns::Xhtml),
        "feedburner" => Some(Ns::FeedBurner),
        "media" => Some(Ns::Media),
        "itunes" => Some(Ns::Itunes),
        "atom" | "atom03" | "atom10" | "a10" | "rss" => Some(Ns::Main),
        _ => None,
    }
}

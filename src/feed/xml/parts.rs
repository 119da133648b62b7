//! The links and dates of one item, of which a feed may give several, and which of them counts.

use url::Url;

use crate::feed::scan::Attributes;

/// An address as written, and what it is relative to.
type Link = (String, Option<Url>);

/// The addresses that an item gives.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The one that a redirecting service says it stands for.
    pub original: Option<String>,
    /// `<link href>`, the best so far and its rank, the least the best.
    alternate: Option<(usize, Link)>,
    /// `<link>` with text.
    plain: Option<Link>,
    /// The item's identity.
    pub id: Option<String>,
    /// Whether the identity is the article's address if it looks like one.
    pub permanent: bool,
    /// `rdf:about` of the item.
    pub about: Option<String>,
    /// Where the content is that the item does not carry.
    pub source: Option<String>,
}

impl Links {
    /// Takes in a `<link>` element.
    pub fn add(&mut self, attributes: &Attributes<'_>, text: &str, base: Option<Url>) {
        let rel = attributes.get("rel").map(|rel| rel.trim().to_ascii_lowercase()).unwrap_or_default();
        if !matches!(rel.rsplit('/').next(), None | Some("" | "alternate")) {
            return;
        }
        match attributes.get("href").map(str::trim) {
            None if !text.is_empty() && self.plain.is_none() => self.plain = Some((text.to_owned(), base)),
            None | Some("") => {}
            Some(href) => {
                let rank = match attributes.get("type") {
                    Some("text/html" | "application/xhtml+xml") => 1,
                    None => 2,
                    Some(_) => 3,
                };
                if self.alternate.as_ref().is_none_or(|(best, _)| rank < *best) {
                    self.alternate = Some((rank, (href.to_owned(), base)));
                }
            }
        }
    }

    /// Tells whether the item's identity is all that it has for an address.
    pub fn id_is_link(&self) -> bool {
        self.plain.is_none() && self.alternate.is_none() && self.permanent && self.id.as_deref().is_some_and(is_address)
    }

    /// Returns the article's address and what it is relative to.
    pub fn best(self) -> (Option<String>, Option<Url>) {
        let id_is_link = self.id_is_link();
        if let Some(original) = self.original.filter(|original| is_address(original)) {
            return (Some(original), None);
        }
        if let Some((link, base)) = self.plain.or(self.alternate.map(|(_, link)| link)) {
            return (Some(link), base);
        }
        let id = self.id.filter(|_| id_is_link);
        let other = || [self.about, self.source].into_iter().flatten().find(|address| is_address(address));
        (id.or_else(other), None)
    }
}

/// Tells whether a text is a whole address of the web.
pub fn is_address(text: &str) -> bool {
    let text = text.trim();
    ["http://", "https://"].iter().any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// The dates that an item gives, as written.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// `pubDate`, `published`, `issued`; the first of several.
    pub published: Option<String>,
    /// `dcterms:issued`.
    pub issued: Option<String>,
    /// `dc:date`, which may be either.
    pub date: Option<String>,
    /// `created`, `dcterms:created`.
    pub created: Option<String>,
    /// `updated`, `modified`.
    pub updated: Option<String>,
    /// `dcterms:modified`.
    pub modified: Option<String>,
    /// `expirationDate`.
    pub expired: Option<String>,
}

impl Dates {
    /// Returns when the item was published and when it was changed.
    pub fn best(&self) -> (Option<String>, Option<String>) {
        let first = |dates: [&Option<String>; 4]| dates.into_iter().flatten().find(|date| !date.is_empty()).cloned();
        let published = first([&self.published, &self.issued, &self.date, &self.created]);
        (published, first([&self.updated, &self.modified, &self.date, &None]))
    }
}

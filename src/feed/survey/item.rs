//! The parts of one item, and what of them the library leaves out or reads otherwise.

use super::{ADDRESS, ATOM, Attributes, Format, PLAIN, Role, Surveyor, TEXT, Unfit, text_of_atom};
use crate::feed::names::Ns;

/// The most groups of media in one item; the library gives each a copy of what stands beside them.
const MOST_GROUPS: usize = 4;

/// Elements of a feed's own namespace that mean something to our scanner, in lower case. Sorted.
const MEANT: &[&str] = &[
    "body",
    "channel",
    "comments",
    "content",
    "created",
    "date",
    "description",
    "div",
    "entry",
    "expirationdate",
    "feed",
    "fullitem",
    "guid",
    "id",
    "issued",
    "item",
    "lastbuilddate",
    "link",
    "modified",
    "pubdate",
    "published",
    "rdf",
    "rss",
    "summary",
    "tagline",
    "title",
    "updated",
];

/// What has been seen of the item that is open.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// The names of the parts that may stand only once.
    seen: Vec<&'static str>,
    pub has_link: bool,
    /// Whether it has a title of its own that is not empty.
    pub titled: bool,
    /// Whether it has a teaser of its own that is not empty.
    pub summarised: bool,
    /// Whether another vocabulary gives it a title.
    other_title: bool,
    other_link: bool,
    groups: usize,
}

impl Item {
    /// Notes a part; the library takes the last of several, readers mean the first.
    fn once(&mut self, name: &'static str, role: Role) -> Result<Role, Unfit> {
        if self.seen.contains(&name) {
            return Err("has items with two parts of one kind");
        }
        self.seen.push(name);
        Ok(role)
    }

    /// Judges the item as a whole.
    pub fn end(&self, format: Format) -> Result<(), Unfit> {
        if self.other_title && !self.titled {
            return Err("has items whose titles are of another vocabulary");
        }
        if format == Format::Rss && self.other_link && !self.has_link {
            return Err("has items whose links are of another vocabulary");
        }
        Ok(())
    }
}

impl<'t> Surveyor<'t> {
    /// Judges a part of an item.
    pub(super) fn part(&mut self, name: &'t str, attributes: &Attributes<'_>) -> Result<Role, Unfit> {
        let (ns, lower) = self.names.resolve(name);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let uri = match prefix {
            "" => None,
            _ => Some(self.uri(prefix).ok_or("uses a namespace that it does not declare")?),
        };
        let known = known(uri);
        // From here on only Atom's matters by name.
        let uri = uri.map(|uri| if uri == ATOM { ATOM } else { "" });
        match ns {
            Ns::Main if MEANT.binary_search(&&*lower).is_err() => Ok(Role::Other),
            Ns::Main if self.format == Some(Format::Rss) => self.part_of_rss(local, uri, attributes),
            Ns::Main if uri.is_none() || uri == Some(ATOM) => self.part_of_atom(local, attributes),
            Ns::Main => Err("has parts in a place where the library does not look for them"),
            Ns::FeedBurner if lower == "origlink" => Err("has links of which only FeedBurner knows where they lead"),
            Ns::Dc if self.format == Some(Format::Rss) && lower == "date" && known == Some(Ns::Dc) => {
                self.dates[1] = true;
                self.item.once("dc:date", PLAIN)
            }
            Ns::Dc if matches!(&*lower, "date" | "created" | "issued" | "available" | "modified") => {
                Err("has dates that the library does not know")
            }
            Ns::Dc | Ns::Media | Ns::Itunes if lower == "title" => {
                self.item.other_title = true;
                Ok(Role::Other)
            }
            Ns::Dc | Ns::Media | Ns::Itunes if matches!(&*lower, "description" | "summary") => {
                if self.item.summarised {
                    Ok(Role::Other)
                } else {
                    Err("has teasers of another vocabulary")
                }
            }
            Ns::Media if matches!(&*lower, "group" | "content") => {
                self.item.groups += usize::from(lower == "group");
                if self.item.groups > MOST_GROUPS { Err("has too many groups of media") } else { Ok(Role::Media) }
            }
            Ns::Content if lower == "encoded" => {
                let fits = self.format == Some(Format::Rss) && known == Some(Ns::Content) && local == "encoded";
                if fits { self.item.once("content", TEXT) } else { Err("has texts of another vocabulary") }
            }
            Ns::Xhtml if matches!(&*lower, "body" | "div") => Err("has texts of another vocabulary"),
            // What the scanner does not know must be nothing to the library either.
            Ns::Other if known.is_some_and(|known| known != Ns::Other) => Err("has parts that are named in an odd way"),
            _ => Ok(Role::Other),
        }
    }

    fn part_of_rss(&mut self, local: &str, uri: Option<&str>, attributes: &Attributes<'_>) -> Result<Role, Unfit> {
        let item = &mut self.item;
        let typed = attributes.iter().any(|(name, _)| matches!(*name, "type" | "mode"));
        match (local, uri) {
            ("title" | "description", _) if typed => Err("has a text of a type that the library does not know"),
            ("title", None) => item.once("title", TEXT),
            ("description", None) => item.once("description", TEXT),
            ("link", None) if !attributes.is_empty() => Err("has links that are written as those of Atom"),
            ("link", None) => {
                item.has_link = true;
                item.once("link", ADDRESS)
            }
            ("link", Some(ATOM)) => {
                item.other_link = true;
                Ok(Role::Other)
            }
            ("guid", None) => {
                let permanent = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("isPermaLink"));
                self.impermanent |= permanent.is_some_and(|(_, value)| value.trim().eq_ignore_ascii_case("false"));
                item.once("guid", PLAIN)
            }
            ("pubDate", None) => {
                self.dates[0] = true;
                item.once("pubDate", PLAIN)
            }
            ("updated", None | Some(ATOM)) => item.once("updated", PLAIN),
            ("comments", None) => item.once("comments", PLAIN),
            _ => Err("has parts that the library does not know"),
        }
    }

    fn part_of_atom(&mut self, local: &str, attributes: &Attributes<'_>) -> Result<Role, Unfit> {
        let item = &mut self.item;
        match local {
            "title" => item.once("title", text_of_atom(attributes)?),
            "summary" => item.once("summary", text_of_atom(attributes)?),
            "content" if attributes.iter().any(|(name, _)| *name == "src") => item.once("content", PLAIN),
            "content" => item.once("content", text_of_atom(attributes)?),
            "id" => item.once("id", PLAIN),
            "updated" => item.once("updated", PLAIN),
            "published" => item.once("published", PLAIN),
            "link" => {
                item.has_link = true;
                let href = attributes.iter().find(|(name, _)| *name == "href");
                let fits = href.is_some_and(|(_, href)| !href.trim().is_empty());
                if fits { Ok(Role::Other) } else { Err("has an empty link") }
            }
            _ => Err("has parts that the library does not know"),
        }
    }
}

/// Returns the vocabulary of an address as the library knows it; it compares byte by byte. None for the feed's own.
fn known(uri: Option<&str>) -> Option<Ns> {
    Some(match uri? {
        ATOM | "http://purl.org/rss/1.0/" => Ns::Main,
        "http://purl.org/rss/1.0/modules/content/" => Ns::Content,
        "http://purl.org/dc/elements/1.1/" => Ns::Dc,
        "http://search.yahoo.com/mrss/" => Ns::Media,
        "http://www.itunes.com/dtds/podcast-1.0.dtd" => Ns::Itunes,
        _ => Ns::Other,
    })
}

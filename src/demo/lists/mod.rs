//! How sites list their stories: feeds of every kind, and HTML pages.

mod atom;
mod html;
mod json;
mod rss;

use crate::demo::markup::latin1;
use crate::demo::sites::{Listing, Site};
use crate::demo::story::Story;
use crate::demo::world::{Document, World};

/// Returns the list of a site's stories, the newest first.
pub(super) fn document(world: &World, site: &Site, last_modified: Option<String>) -> Document {
    let stories: Vec<&Story> = world.of(site).collect();
    let (content_type, text) = match site.listing {
        Listing::Rss => ("application/rss+xml; charset=utf-8", rss::summaries(world, site, &stories)),
        Listing::RssFull => ("application/rss+xml", rss::full(world, site, &stories)),
        Listing::RssOdd => ("text/xml; charset=utf-8", rss::odd(world, site, &stories)),
        Listing::Rss091 => ("text/xml", rss::plain(world, site, &stories)),
        Listing::Rdf => ("application/rdf+xml", rss::rdf(world, site, &stories)),
        Listing::Atom => ("application/atom+xml; charset=utf-8", atom::full_addresses(world, site, &stories)),
        Listing::AtomRelative => ("application/atom+xml", atom::relative(world, site, &stories)),
        Listing::Json => ("application/feed+json", json::summaries(world, site, &stories)),
        Listing::JsonFull => ("application/json; charset=utf-8", json::full(world, site, &stories)),
        Listing::Page => ("text/html; charset=utf-8", html::cards(site, &stories)),
        Listing::PageTable => ("text/html; charset=utf-8", html::table(site, &stories)),
        Listing::PageUndated => ("text/html; charset=utf-8", html::undated(site, &stories)),
    };
    let bytes = if site.listing == Listing::Rdf { latin1(&text) } else { text.into_bytes() };
    Document { path: site.list_path.to_owned(), content_type, bytes, last_modified }
}

/// Returns the page under `/`: the newest stories and a pointer to the feed.
pub(super) fn front_page(world: &World, site: &Site) -> Document {
    let stories: Vec<&Story> = world.of(site).take(5).collect();
    let bytes = html::front(site, &stories).into_bytes();
    Document { path: "/".to_owned(), content_type: "text/html; charset=utf-8", bytes, last_modified: None }
}

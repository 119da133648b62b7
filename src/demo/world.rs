//! All stories on all sites, and every document that a site offers. Pure: the addresses of the sites are handed in.

use crate::demo::lists;
use crate::demo::markup::latin1;
use crate::demo::pages;
use crate::demo::sites::{Look, SITES, Site};
use crate::demo::story::Story;
use crate::demo::table::STORIES;

/// The stories, and where each site is.
#[derive(Clone, Debug)]
pub struct World {
    /// Every story, the newest first.
    pub stories: Vec<Story>,
    bases: Vec<String>,
}

/// What a site answers under one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The path from the root, with its query.
    pub path: String,
    /// The Content-Type header.
    pub content_type: &'static str,
    /// The body.
    pub bytes: Vec<u8>,
    /// The Last-Modified header, where the site sends one.
    pub last_modified: Option<String>,
}

impl World {
    /// Reads the built-in stories. `bases` are the addresses of [`SITES`], in that order, without a slash at the end.
    ///
    /// The error says which story is at fault and why.
    pub fn new(bases: Vec<String>) -> Result<World, String> {
        if bases.len() != SITES.len() {
            return Err(format!("{} addresses for {} sites", bases.len(), SITES.len()));
        }
        let mut stories = STORIES.iter().map(|(slug, file)| Story::parse(slug, file)).collect::<Result<Vec<_>, _>>()?;
        stories.sort_by_key(|story| (std::cmp::Reverse(story.day), story.slug));
        Ok(World { stories, bases })
    }

    /// Returns the address of a site, without a slash at the end.
    pub fn base(&self, site: &Site) -> &str {
        let place = SITES.iter().position(|other| other.key == site.key);
        place.and_then(|place| self.bases.get(place)).map_or("", String::as_str)
    }

    /// Returns the full address of a story.
    pub fn address(&self, story: &Story) -> String {
        format!("{}{}", self.base(story.site), story.path())
    }

    /// Returns the stories of a site, the newest first.
    pub fn of<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Story> {
        self.stories.iter().filter(move |story| story.site.key == site.key)
    }

    /// Returns up to `most` other stories that a page names beside its own: of its site first, then of all others.
    pub fn beside(&self, story: &Story, most: usize) -> Vec<&Story> {
        let here = self.stories.iter().position(|other| other.slug == story.slug).unwrap_or(0);
        let around = (1..self.stories.len()).map(|step| &self.stories[(here + step) % self.stories.len()]);
        let (own, foreign): (Vec<_>, Vec<_>) = around.partition(|other| other.site.key == story.site.key);
        own.into_iter().take(most.div_ceil(2)).chain(foreign).take(most).collect()
    }

    /// Returns everything that a site offers: its list, its front page, `robots.txt` and each of its stories.
    pub fn documents(&self, site: &Site) -> Vec<Document> {
        let newest = self.of(site).next().map(|story| story.when("%a, %d %b %Y %H:%M:%S GMT"));
        let mut documents = vec![lists::document(self, site, newest)];
        if site.list_path != "/" {
            documents.push(lists::front_page(self, site));
        }
        documents.push(Document {
            path: "/robots.txt".to_owned(),
            content_type: "text/plain; charset=utf-8",
            bytes: b"User-agent: *\nDisallow: /search\nDisallow: /account/\nAllow: /\n".to_vec(),
            last_modified: None,
        });
        documents.extend(self.of(site).map(|story| self.page(story)));
        documents
    }

    /// Returns the page of a story.
    pub fn page(&self, story: &Story) -> Document {
        let html = pages::render(self, story);
        let german = story.site.look == Look::TradeGerman;
        Document {
            path: story.path(),
            content_type: if german { "text/html" } else { "text/html; charset=utf-8" },
            bytes: if german { latin1(&html) } else { html.into_bytes() },
            last_modified: None,
        }
    }
}

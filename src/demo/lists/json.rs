//! JSON Feed, 1.1 with summaries and 1.0 with the whole text.

use serde_json::{Value, json};

use crate::demo::markup::{body, nothing};
use crate::demo::sites::Site;
use crate::demo::story::Story;
use crate::demo::world::World;

const ISO: &str = "%Y-%m-%dT%H:%M:%S+00:00";

/// JSON Feed 1.1 with summaries.
pub(super) fn summaries(world: &World, site: &Site, stories: &[&Story]) -> String {
    feed(world, site, "https://jsonfeed.org/version/1.1", stories, |story| {
        json!({
            "id": story.slug,
            "url": world.address(story),
            "title": story.title,
            "summary": story.teaser(),
            "content_text": story.teaser(),
            "date_published": story.when(ISO),
            "authors": [{ "name": story.author }],
        })
    })
}

/// JSON Feed 1.0 with the whole text as HTML.
pub(super) fn full(world: &World, site: &Site, stories: &[&Story]) -> String {
    feed(world, site, "https://jsonfeed.org/version/1", stories, |story| {
        json!({
            "id": world.address(story),
            "url": world.address(story),
            "title": story.title,
            "content_html": body(story, "", nothing),
            "date_published": story.when(ISO),
            "author": { "name": story.author },
        })
    })
}

fn feed(world: &World, site: &Site, version: &str, stories: &[&Story], item: impl Fn(&Story) -> Value) -> String {
    let items: Vec<Value> = stories.iter().map(|story| item(story)).collect();
    let feed = json!({
        "version": version,
        "title": site.name,
        "description": site.motto,
        "home_page_url": format!("{}/", world.base(site)),
        "feed_url": format!("{}{}", world.base(site), site.list_path),
        "language": site.language,
        "items": items,
    });
    format!("{feed:#}\n")
}

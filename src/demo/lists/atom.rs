//! Atom, with full addresses and with relative ones.

use crate::demo::markup::escape;
use crate::demo::sites::Site;
use crate::demo::story::Story;
use crate::demo::world::World;

const ISO: &str = "%Y-%m-%dT%H:%M:%SZ";

/// Atom with full addresses; entries are marked as changed an hour after they came out.
pub(super) fn full_addresses(world: &World, site: &Site, stories: &[&Story]) -> String {
    let entries: String = stories.iter().map(|story| entry(story, &world.address(story), "%Y-%m-%dT10:30:00Z")).collect();
    feed(world, site, stories, "", &entries)
}

/// Atom with relative links: the feed's xml:base says from where.
pub(super) fn relative(world: &World, site: &Site, stories: &[&Story]) -> String {
    let entries: String = stories.iter().map(|story| entry(story, &story.path(), ISO)).collect();
    let base = format!(" xml:base=\"{}/\"", escape(world.base(site)));
    feed(world, site, stories, &base, &entries)
}

fn entry(story: &Story, link: &str, updated: &str) -> String {
    format!(
        "<entry>\n<title type=\"html\">{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <id>tag:{}.example,{}:{}</id>\n<published>{}</published>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <summary type=\"html\">{}</summary>\n</entry>\n",
        escape(&escape(story.title)),
        escape(link),
        story.site.key,
        story.day,
        story.words(),
        story.when(ISO),
        story.when(updated),
        escape(story.author),
        escape(&format!("<p>{}</p>", escape(story.teaser())))
    )
}

fn feed(world: &World, site: &Site, stories: &[&Story], attributes: &str, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\"{attributes}>\n\
         <title>{}</title>\n<subtitle>{}</subtitle>\n<id>{2}/</id>\n<link rel=\"self\" href=\"{2}{4}\"/>\n\
         <link rel=\"alternate\" href=\"{2}/\"/>\n<updated>{5}</updated>\n{3}</feed>\n",
        site.language,
        escape(&format!("{}: {}", site.name, site.motto)),
        escape(world.base(site)),
        entries,
        escape(site.list_path),
        stories.first().map(|story| story.when(ISO)).unwrap_or_default(),
    )
}

//! A story as a full HTML page, in the look of its site, with the furniture that real pages have around their text.

mod blog;
mod modern;
mod official;
mod regional;
mod table;
mod trade;
mod undated;
mod wire;

use crate::demo::markup::escape;
use crate::demo::sites::Look;
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page of a story.
pub(super) fn render(world: &World, story: &Story) -> String {
    match story.site.look {
        Look::Wire => wire::render(world, story),
        Look::Trade => trade::render(world, story, &trade::ENGLISH),
        Look::TradeGerman => trade::render(world, story, &trade::GERMAN),
        Look::Table => table::render(world, story),
        Look::Regional => regional::render(world, story),
        Look::Official => official::render(world, story),
        Look::Blog => blog::render(world, story),
        Look::Undated => undated::render(world, story),
        Look::Modern => modern::render(world, story),
    }
}

/// Returns links to other stories, each between `before` and `after`.
fn links(world: &World, stories: &[&Story], before: &str, after: &str) -> String {
    stories
        .iter()
        .map(|story| format!("{before}<a href=\"{}\">{}</a>{after}\n", escape(&world.address(story)), escape(story.title)))
        .collect()
}

/// Returns the picture of a story with its caption; nothing where it has none.
fn figure(story: &Story) -> String {
    story.caption.map_or(String::new(), |caption| {
        format!(
            "<figure><img src=\"/img/{}.jpg\" alt=\"\" width=\"960\" height=\"540\"><figcaption>{}</figcaption></figure>\n",
            story.words(),
            escape(caption)
        )
    })
}

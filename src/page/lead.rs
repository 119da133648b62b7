//! The lead of an article: the sentences between its title and its text, which many pages set apart from both.

use super::lines;
use super::meta;
use super::tag::Tag;
use super::tree::{Id, Name, Tree};
use super::words::{self, Sense};
use crate::base::safe;

/// The shortest and the longest lead, in bytes.
const SHORTEST: usize = 40;
const LONGEST: usize = 600;

/// The nodes after the title in which it is looked for.
const LOOKED_AT: usize = 400;

/// The elements above a text that are looked at.
const LEVELS: usize = 6;

/// Returns the lead that stands after the title and before the node at `text`.
///
/// It is marked as one, or stands in the header that holds the title, and reads as a sentence.
pub(super) fn find(tree: &Tree<'_>, title: &str, text: Id) -> Option<String> {
    let heading = meta::title_heading(tree, title)?;
    let from = tree.range(heading).end;
    let header = tree.ancestors(heading, 3).find(|id| tree.tag(*id) == Tag::Header);
    let mut words = String::new();
    let in_header = |id: Id| tree.tag(id) == Tag::P && header.is_some_and(|header| tree.range(header).contains(&id));
    let is_set = |id: Id| matches!(tree.tag(id), Tag::P | Tag::Div | Tag::H2 | Tag::H3 | Tag::Section);
    (from..text.min(from + LOOKED_AT)).filter(|id| is_set(*id)).find_map(|id| {
        let marked = words::senses(tree, id, &mut words).has(Sense::Lead) || tree.is(id, Name::Itemprop, "description");
        if !(marked || in_header(id)) || is_of_another(tree, id, heading) {
            return None;
        }
        let found = safe::line(&tree.text(id), LONGEST);
        let reads_well = lines::ends_as_sentence(&found) && !lines::says_furniture(&found);
        (found.len() >= SHORTEST && found.len() < LONGEST && reads_well).then_some(found)
    })
}

/// Tells whether an element stands in furniture that the title does not stand in.
fn is_of_another(tree: &Tree<'_>, id: Id, heading: Id) -> bool {
    let mut words = String::new();
    let holds_title = |above: &Id| tree.range(*above).contains(&heading);
    std::iter::once(id).chain(tree.ancestors(id, LEVELS)).take_while(|above| !holds_title(above)).any(|above| {
        let tag = tree.tag(above);
        let senses = words::senses(tree, above, &mut words);
        let furniture = [Sense::Furniture, Sense::Comments, Sense::Unseen].into_iter().any(|sense| senses.has(sense));
        furniture || tag.is_unread() || matches!(tag, Tag::Aside | Tag::Footer | Tag::Figure | Tag::Form | Tag::Li)
    })
}

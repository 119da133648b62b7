//! A digest as CommonMark.

use super::{Digest, changes, told};
use crate::export::markdown::{linked, text};
use crate::model::words;

/// Returns a digest as a Markdown document.
pub fn document(digest: &Digest) -> String {
    let mut out = format!("# {}\n\n{}\n", text(&digest.title()), text(&digest.figures()));
    for group in &digest.groups {
        out.push_str(&format!("\n## {}: {}\n\n", group.kind.word(), words::kind_meaning(group.kind)));
        for entry in &group.incidents {
            let mark = if entry.new { "" } else { " (earlier)" };
            out.push_str(&format!(
                "- **{}**{mark}: {} `{}`\n",
                text(&entry.incident.victim),
                text(&told(entry)),
                entry.incident.id
            ));
            for change in changes(entry) {
                out.push_str(&format!("  - now {}\n", text(&change)));
            }
            for link in &entry.links {
                out.push_str(&format!("  - {} {}: {}\n", link.published, text(&link.source), linked(&link.title, &link.url)));
            }
        }
    }
    out
}

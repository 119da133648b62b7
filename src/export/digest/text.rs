//! A digest as plain text: for a terminal and for mails.

use super::{Digest, changes, told};
use crate::base::safe;
use crate::model::words;

/// Returns a digest as plain text.
pub fn plain(digest: &Digest) -> String {
    let mut out = format!("{}\n{}\n", safe::line(&digest.title(), 300), digest.figures());
    for group in &digest.groups {
        let kind = group.kind.word();
        out.push_str(&format!("\n{} ({})\n", kind.to_uppercase(), words::grouped(group.incidents.len() as u64)));
        for entry in &group.incidents {
            let mark = if entry.new { "" } else { " (earlier)" };
            out.push_str(&format!(
                "  {}{mark}: {}  {}\n",
                safe::line(&entry.incident.victim, 200),
                told(entry),
                entry.incident.id
            ));
            for change in changes(entry) {
                out.push_str(&format!("    now {}\n", safe::line(&change, 300)));
            }
            for link in &entry.links {
                let title = safe::line(&format!("{}: {}", link.source, link.title), 120);
                out.push_str(&format!("    {} {title}\n      {}\n", link.published, safe::line(&link.url, 2000)));
            }
        }
    }
    out
}

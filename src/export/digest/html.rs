//! A digest as one HTML page with its styles within: what mail programs show. No script, no picture, nothing from elsewhere.

use super::{Digest, Entry, changes, told};
use crate::export::describe::link;
use crate::export::html::escaped;
use crate::model::words;

const BODY: &str =
    "font-family:sans-serif;font-size:15px;line-height:1.45;color:#222;max-width:44em;margin:1.5em auto;padding:0 1em";
const SMALL: &str = "color:#555;font-size:13px";

/// Returns a digest as an HTML page.
pub fn page(digest: &Digest) -> String {
    let title = escaped(&digest.title());
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title></head>\n<body style=\"{BODY}\">\n<h1 style=\"font-size:22px\">{title}</h1>\n<p>{}</p>\n",
        escaped(&digest.figures())
    );
    for group in &digest.groups {
        let (kind, meaning) = (group.kind.word(), words::kind_meaning(group.kind));
        out.push_str(&format!("<h2 style=\"font-size:17px\">{kind} <span style=\"{SMALL}\">{meaning}</span></h2>\n<ul>\n"));
        group.incidents.iter().for_each(|incident| entry(incident, &mut out));
        out.push_str("</ul>\n");
    }
    out.push_str("</body></html>\n");
    out
}

fn entry(entry: &Entry, out: &mut String) {
    let mark = if entry.new { "" } else { " (earlier)" };
    out.push_str(&format!("<li><b>{}</b>{mark}: {}", escaped(&entry.incident.victim), escaped(&told(entry))));
    for change in changes(entry) {
        out.push_str(&format!("<br>now {}", escaped(&change)));
    }
    for article in &entry.links {
        let title = escaped(if article.title.trim().is_empty() { &article.url } else { &article.title });
        let title = link(&article.url).map_or_else(|| title.clone(), |url| format!("<a href=\"{}\">{title}</a>", escaped(url)));
        out.push_str(&format!("<br><span style=\"{SMALL}\">{} {}: {title}</span>", article.published, escaped(&article.source)));
    }
    out.push_str("</li>\n");
}

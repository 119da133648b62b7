//! CommonMark text: a section for each incident, with the words it was read from and links to the articles.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::describe::{Quotes, articles, headline, line, link};
use super::{About, Exporter};
use crate::base::day::Day;
use crate::model::incident::Incident;
use crate::model::words::{self, counted};

/// Quotes for one field.
const QUOTES: usize = 2;

pub(super) struct Document {
    about: About,
    count: u64,
}

impl Document {
    pub(super) fn new(about: About) -> Document {
        Document { about, count: 0 }
    }
}

impl Exporter for Document {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let what = if self.about.query.is_empty() { String::new() } else { format!(": {}", text(&line(&self.about.query))) };
        writeln!(out, "# Incidents{what}\n\nTLP:{}\n", self.about.tlp.word().to_uppercase())
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        self.count += 1;
        writeln!(out, "{}", section(incident, 2))
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "---\n\n{}, written by breachline on {}.",
            counted(self.count, "incident", "incidents"),
            Day::of(self.about.at)
        )
    }
}

/// Returns an incident as a section under a heading of a level, 1 to 6.
pub fn section(incident: &Incident, level: usize) -> String {
    let (days, by) = incident.dated();
    let mut out = format!("{} {}\n\n", "#".repeat(level.clamp(1, 6)), text(&headline(incident)));
    let reports = counted(incident.reports.len() as u64, "report", "reports");
    let sure = incident.confidence * 100.0;
    let _ = writeln!(out, "`{}` · {} ({}) · {reports} · {sure:.0} % sure\n", incident.id, words::days(days), by.word());
    let mut quotes = Quotes::default();
    for (field, value) in words::incident_fields(incident) {
        let _ = writeln!(out, "- **{}**: {}", field.word(), text(&line(&value)));
        for (evidence, filed) in quotes.of(incident, field, QUOTES) {
            let _ =
                writeln!(out, "  > \"{}\" - {}, {}\n", text(&line(&evidence.quote)), text(&line(&filed.source)), filed.published);
        }
    }
    out.push('\n');
    for filed in articles(incident) {
        let title = if filed.title.trim().is_empty() { &filed.url } else { &filed.title };
        let _ = writeln!(out, "- {} {}: {}", filed.published, text(&line(&filed.source)), linked(&line(title), &filed.url));
    }
    out
}

/// Returns a link; the words alone where the address may not be followed.
pub fn linked(words: &str, url: &str) -> String {
    let Some(url) = link(url) else { return text(words) };
    let safe: String = url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    format!("[{}](<{}>)", text(words), safe.replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C"))
}

/// Returns foreign text that stands for itself: no markup, no HTML, no address that turns into a link (CommonMark 0.31, 2.4).
pub fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words.chars().peekable();
    while let Some(c) = rest.next() {
        let marks = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '@' | '$');
        if marks || (c == ':' && rest.peek() == Some(&'/')) || (c == '!' && rest.peek() == Some(&'[')) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_no_markup() {
        assert_eq!(text("*a* _b_ [c](d) <e> `f` # |"), r"\*a\* \_b\_ \[c\](d) \<e\> \`f\` \# \|");
        assert_eq!(text("see https://x.example/a"), r"see https\://x.example/a");
        assert_eq!(linked("a]", "https://x.example/<b> c"), r"[a\]](<https://x.example/%3Cb%3Ec>)");
        assert_eq!(linked("a", "javascript:alert(1)"), "a");
    }
}

//! An incident as it is put on the clipboard: as text, as Markdown, as JSON.

use crate::base::fold::fold;
use crate::library::Background;
use crate::model::incident::Incident;
use crate::tui::sheet::lay_out;
use crate::tui::state::Look;
use crate::tui::words;

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As the sheet shows it.
    Text,
    /// A heading, the fields, the reports as links.
    Markdown,
    /// As `breachline show --json` writes it, without what it adds.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 3] = [Format::Text, Format::Markdown, Format::Json];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Json => "json",
        }
    }
}

/// Returns an incident in a format.
pub fn written(incident: &Incident, format: Format) -> String {
    match format {
        Format::Text => plain(incident),
        Format::Markdown => markdown(incident),
        Format::Json => serde_json::to_string_pretty(incident).unwrap_or_default() + "\n",
    }
}

fn plain(incident: &Incident) -> String {
    let sheet = lay_out(incident, &Background::default(), 100, Look { colour: false, ascii: false });
    let mut out = String::new();
    for line in &sheet.lines {
        let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn markdown(incident: &Incident) -> String {
    let (days, by) = incident.dated();
    let mut out = format!("## {}\n\n", escaped(&incident.victim.name));
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            out += &format!("- {name}: {}\n", escaped(&value));
        }
    };
    field("also", incident.victim.aliases.join(", "));
    field("when", format!("{}, {}", words::days(days), words::dated_by(by)));
    field("what", incident.kind.word().to_owned());
    field("affected", words::figures(&incident.records));
    field("by", if incident.attackers.is_empty() { String::new() } else { words::attackers(&incident.attackers) });
    field("data", words::data(&incident.data));
    field("notes", incident.edited.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("; "));
    out += "\n";
    for filed in &incident.reports {
        let title = if fold(&filed.title).is_empty() { &filed.url } else { &filed.title };
        out += &format!(
            "- {} {}: [{}](<{}>)\n",
            filed.published,
            escaped(&filed.source),
            escaped(title),
            filed.url.replace(['<', '>', '\n'], "")
        );
    }
    out
}

/// Returns text with a backslash before whatever Markdown would take for a sign of its own; in one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

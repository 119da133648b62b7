//! Incidents written for other tools: one file per format, one incident after the other, so that memory does not grow with their number.
//!
//! The same incidents give the same bytes: identifiers are made of what they name, moments are those of the reports. Foreign text is
//! escaped as the format wants it and cannot steer a terminal. Analysts' notes stay here, but in JSON Lines, which hold everything.

mod atom;
mod csv;
mod describe;
pub mod digest;
mod html;
mod jsonl;
pub mod markdown;
mod misp;
mod stix;
mod svg;
mod veris;

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::Error;

use crate::base::json;
use crate::model::incident::Incident;

pub use html::{Live, csp};

/// A form in which incidents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, with everything that is known.
    Jsonl,
    /// Comma-separated values (RFC 4180), a line for each incident.
    Csv,
    /// A STIX 2.1 bundle.
    Stix,
    /// MISP events, as its REST interface gives and takes them.
    Misp,
    /// VERIS 1.4 incidents in a JSON array.
    Veris,
    /// An Atom feed (RFC 4287).
    Atom,
    /// CommonMark text.
    Markdown,
    /// One page that needs nothing beside it.
    Html,
    /// A picture: incidents by month, and each on the lane of its kind.
    Svg,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 9] = [
        Format::Jsonl,
        Format::Csv,
        Format::Stix,
        Format::Misp,
        Format::Veris,
        Format::Atom,
        Format::Markdown,
        Format::Html,
        Format::Svg,
    ];

    /// Returns its name, as documents and options say it.
    pub fn word(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Stix => "stix",
            Format::Misp => "misp",
            Format::Veris => "veris",
            Format::Atom => "atom",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Svg => "svg",
        }
    }

    /// Returns the format of that name.
    pub fn from_word(word: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Returns the format that a file of that ending mostly has; None where several might be meant, as with `json`.
    pub fn from_ending(ending: &str) -> Option<Format> {
        match ending.to_ascii_lowercase().as_str() {
            "md" => Some(Format::Markdown),
            "htm" => Some(Format::Html),
            "xml" => Some(Format::Atom),
            "ndjson" => Some(Format::Jsonl),
            word => Format::from_word(word),
        }
    }

    /// Returns the ending that its files mostly have.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Stix => "stix.json",
            Format::Misp => "misp.json",
            Format::Veris => "veris.json",
            Format::Markdown => "md",
            format => format.word(),
        }
    }

    /// Returns what it is for HTTP (`Content-Type`).
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Jsonl => "application/x-ndjson",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Stix => "application/stix+json;version=2.1",
            Format::Misp | Format::Veris => "application/json",
            Format::Atom => "application/atom+xml",
            Format::Markdown => "text/markdown; charset=utf-8",
            Format::Html => "text/html; charset=utf-8",
            Format::Svg => "image/svg+xml",
        }
    }
}

/// With whom what is written may be shared: the Traffic Light Protocol 2.0 (<https://www.first.org/tlp/>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tlp {
    /// Everybody: what newspapers print is no secret.
    #[default]
    Clear,
    /// The community.
    Green,
    /// The organisation and its clients, who need to know.
    Amber,
    /// Those who were present.
    Red,
}

impl Tlp {
    /// Every marking, the most open first.
    pub const ALL: [Tlp; 4] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::Red];

    /// Returns its name.
    pub fn word(self) -> &'static str {
        match self {
            Tlp::Clear => "clear",
            Tlp::Green => "green",
            Tlp::Amber => "amber",
            Tlp::Red => "red",
        }
    }
}

/// What an export says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The search that found the incidents; empty for all of them.
    pub query: String,
    /// When it is written; it stands in what people read, and in nothing that is compared.
    pub at: Timestamp,
    /// With whom it may be shared.
    pub tlp: Tlp,
    /// The page is served by a running breachline, which can be asked for more; None for a file.
    pub live: Option<Live>,
}

/// Writes incidents in one format: `begin`, each incident once, `end`.
pub trait Exporter {
    /// Writes what stands before the first incident.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes one incident, or takes note of it where it can be written only at the end.
    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what stands after the last incident.
    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what writes a format.
pub fn exporter(format: Format, about: About) -> Box<dyn Exporter> {
    match format {
        Format::Jsonl => Box::new(jsonl::Lines),
        Format::Csv => Box::new(csv::Table),
        Format::Stix => Box::new(stix::Bundle::new(about.tlp)),
        Format::Misp => Box::new(misp::Events::new(about.tlp)),
        Format::Veris => Box::new(veris::Incidents::default()),
        Format::Atom => Box::new(atom::Feed::new(about)),
        Format::Markdown => Box::new(markdown::Document::new(about)),
        Format::Html => Box::new(html::Page::new(about)),
        Format::Svg => Box::new(svg::Picture::new(about)),
    }
}

/// Writes some incidents in one go.
pub fn write<'i>(
    format: Format,
    about: About,
    incidents: impl IntoIterator<Item = &'i Incident>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut exporter = exporter(format, about);
    exporter.begin(out)?;
    for incident in incidents {
        exporter.incident(incident, out)?;
    }
    exporter.end(out)
}

/// A JSON list whose items are written one by one: a comma stands before each but the first.
#[derive(Default)]
struct List {
    begun: bool,
}

impl List {
    fn item(&mut self, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b",\n" } else { b"\n" })?;
        self.begun = true;
        let bytes = json::inline(value);
        if bytes.is_empty() { Err(serde_json::Error::custom("no JSON form").into()) } else { out.write_all(&bytes) }
    }
}

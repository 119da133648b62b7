//! An Atom feed (RFC 4287): an entry for each incident, the last changed first. Identifiers never change; a new report is an update.

use std::io::{self, Write};

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::describe::{Quotes, articles, headline, line, link, moment, updated, uuid};
use super::html::escaped;
use super::{About, Exporter};
use crate::model::incident::Incident;
use crate::model::words;

pub(super) struct Feed {
    about: About,
    /// The entries, which can be put in order only when all are there.
    entries: Vec<(Timestamp, String, Vec<u8>)>,
}

impl Feed {
    pub(super) fn new(about: About) -> Feed {
        Feed { about, entries: Vec::new() }
    }
}

type Xml<W> = Writer<W>;

impl Exporter for Feed {
    fn incident(&mut self, incident: &Incident, _out: &mut dyn Write) -> io::Result<()> {
        let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
        entry(&mut xml, incident)?;
        self.entries.push((updated(incident), incident.id.0.clone(), xml.into_inner()));
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.entries.sort_by(|(one, one_id, _), (other, other_id, _)| (other, one_id).cmp(&(one, other_id)));
        let changed = self.entries.first().map_or(Timestamp::UNIX_EPOCH, |(changed, ..)| *changed);
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Start(BytesStart::new("feed").with_attributes([("xmlns", "http://www.w3.org/2005/Atom")])))?;
        let query = line(&self.about.query);
        let title = if query.is_empty() { "Incidents".to_owned() } else { format!("Incidents: {query}") };
        element(&mut xml, "id", &format!("urn:uuid:{}", uuid("feed", &query)))?;
        element(&mut xml, "title", &title)?;
        element(&mut xml, "updated", &moment(changed))?;
        element(&mut xml, "rights", &format!("TLP:{}", self.about.tlp.word().to_uppercase()))?;
        element(&mut xml, "generator", "breachline")?;
        author(&mut xml, "breachline")?;
        if let Some(live) = &self.about.live {
            link_to(&mut xml, "self", &live.here)?;
        }
        for (.., entry) in &self.entries {
            xml.get_mut().write_all(entry)?;
        }
        xml.get_mut().write_all(b"\n")?;
        xml.write_event(Event::End(BytesEnd::new("feed")))?;
        out.write_all(b"\n")
    }
}

fn entry<W: Write>(xml: &mut Xml<W>, incident: &Incident) -> io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new("entry")))?;
    element(xml, "id", &format!("urn:uuid:{}", uuid("incident", &incident.id.0)))?;
    element(xml, "title", &headline(incident))?;
    element(xml, "updated", &moment(updated(incident)))?;
    element(xml, "published", &moment(incident.first_reported.start()))?;
    for term in std::iter::once(incident.kind.word()).chain(incident.edited.tags.iter().map(String::as_str)) {
        xml.write_event(Event::Empty(BytesStart::new("category").with_attributes([("term", line(term).as_str())])))?;
    }
    let articles = articles(incident);
    for (n, url) in articles.iter().filter_map(|filed| link(&filed.url)).enumerate() {
        link_to(xml, if n == 0 { "alternate" } else { "related" }, url)?;
    }
    let mut sources: Vec<String> = articles.iter().map(|filed| line(&filed.source)).collect();
    sources.sort_unstable();
    sources.dedup();
    sources.iter().try_for_each(|source| author(xml, source))?;
    xml.write_event(Event::Start(BytesStart::new("content").with_attributes([("type", "html")])))?;
    xml.write_event(Event::Text(BytesText::new(&content(incident))))?;
    for name in ["content", "entry"] {
        xml.write_event(Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}

fn element<W: Write>(xml: &mut Xml<W>, name: &str, text: &str) -> io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new(name)))?;
    xml.write_event(Event::Text(BytesText::new(text)))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

fn author<W: Write>(xml: &mut Xml<W>, name: &str) -> io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new("author")))?;
    element(xml, "name", name)?;
    xml.write_event(Event::End(BytesEnd::new("author")))
}

fn link_to<W: Write>(xml: &mut Xml<W>, rel: &str, url: &str) -> io::Result<()> {
    xml.write_event(Event::Empty(BytesStart::new("link").with_attributes([("rel", rel), ("href", url)])))
}

/// Returns what a reader shows: each field with the surest words for it, and the articles.
fn content(incident: &Incident) -> String {
    let (mut html, mut quotes) = (String::from("<dl>"), Quotes::default());
    for (field, value) in words::incident_fields(incident) {
        html.push_str(&format!("<dt>{}</dt><dd>{}", field.word(), escaped(&value)));
        for (evidence, filed) in quotes.of(incident, field, 1) {
            html.push_str(&format!("<br><q>{}</q> <small>{}</small>", escaped(&evidence.quote), escaped(&filed.source)));
        }
        html.push_str("</dd>");
    }
    html.push_str("</dl><ul>");
    for filed in articles(incident) {
        let title = escaped(if filed.title.trim().is_empty() { &filed.url } else { &filed.title });
        let title = link(&filed.url).map_or_else(|| title.clone(), |url| format!("<a href=\"{}\">{title}</a>", escaped(url)));
        html.push_str(&format!("<li>{} {}: {title}</li>", filed.published, escaped(&filed.source)));
    }
    html.push_str("</ul>");
    html
}

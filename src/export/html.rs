//! One page that needs nothing beside it: timeline, histogram, filter and evidence. It can be read, searched and printed without its script.
//!
//! All text is escaped, nothing is loaded from anywhere, and the page's own policy (a hash for its one style and its one script) keeps
//! a browser from running or fetching anything else, whatever a headline says.

use std::io::{self, Write};
use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

use super::describe::{Quotes, articles, link, size};
use super::{About, Exporter};
use crate::base::day::Day;
use crate::base::safe;
use crate::model::incident::{Filed, Incident};
use crate::model::report::{Field, Kind};
use crate::model::words::{self, counted};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Quotes for one field.
const QUOTES: usize = 3;
/// The longest text that is written of one value, in characters.
const LONGEST: usize = 2000;

/// What a page needs to ask a running breachline for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Its own address.
    pub here: String,
    /// A number that is another whenever there is something new.
    pub stamp: u64,
    /// How many incidents were found, of which the page may show only the first.
    pub total: usize,
}

/// Returns the policy that the page gives itself, for the header as well.
pub fn csp(live: bool) -> String {
    static HASHES: LazyLock<[String; 2]> =
        LazyLock::new(|| [STYLE, SCRIPT].map(|text| BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes()))));
    let [style, script] = &*HASHES;
    let (connect, form) = if live { ("'self'", "'self'") } else { ("'none'", "'none'") };
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; connect-src {connect}; form-action {form}; base-uri 'none'"
    )
}

/// Returns foreign text for the inside of an element or of a quoted attribute: on one line, harmless, escaped.
pub(super) fn escaped(text: &str) -> String {
    let line = safe::line(text, LONGEST);
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) struct Page {
    about: About,
    count: u64,
}

impl Page {
    pub(super) fn new(about: About) -> Page {
        Page { about, count: 0 }
    }
}

impl Exporter for Page {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let About { query, live, .. } = &self.about;
        let query = escaped(query);
        let title = if query.is_empty() { "Incidents".to_owned() } else { format!("{query} - incidents") };
        let csp = escaped(&csp(live.is_some()));
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{csp}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n"
        )?;
        let stamp = live.as_ref().map(|live| format!(" data-stamp=\"{}\"", live.stamp)).unwrap_or_default();
        writeln!(out, "<body{stamp}>\n{}\n{}<main id=\"list\">", head(&self.about, &query), CONTROLS)
    }

    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        self.count += 1;
        out.write_all(article(incident).as_bytes())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let more = self.about.live.as_ref().map_or(0, |live| (live.total as u64).saturating_sub(self.count));
        let more = if more > 0 {
            format!("<p class=\"more\">{} more: narrow the search.</p>\n", words::grouped(more))
        } else {
            String::new()
        };
        let count = counted(self.count, "incident", "incidents");
        let day = Day::of(self.about.at);
        let tlp = self.about.tlp.word().to_uppercase();
        write!(
            out,
            "<p id=\"none\" hidden>No incident is like that. <button type=\"button\" data-do=\"reset\">Show all</button></p>\n{more}</main>\n\
             <footer>{count}, written by breachline on {day}. TLP:{tlp}. Every value was read from the words quoted below it.</footer>\n\
             {HELP}<script>{SCRIPT}</script>\n</body>\n</html>\n"
        )
    }
}

fn head(about: &About, query: &str) -> String {
    let what = match &about.live {
        Some(_) => format!(
            "<form class=\"ask\" action=\"/\" method=\"get\" role=\"search\"><label for=\"ask\">Search the index</label>\
             <input id=\"ask\" name=\"q\" type=\"search\" value=\"{query}\" placeholder=\"kind:ransomware after:2024 records:>100k\" \
             autocomplete=\"off\" spellcheck=\"false\"><button type=\"submit\">Search</button></form>"
        ),
        None if query.is_empty() => String::new(),
        None => format!("<p class=\"query\">{query}</p>"),
    };
    format!("<header><h1>breachline</h1>{what}<p id=\"sum\" role=\"status\"></p></header>")
}

/// The charts and the filter; they show themselves when the script runs.
const CONTROLS: &str = include_str!("controls.html");
/// The keys.
const HELP: &str = include_str!("help.html");

fn article(incident: &Incident) -> String {
    let (days, by) = incident.dated();
    let figure = incident.records.first();
    let id = escaped(&incident.id.0);
    let who = words::attackers(&incident.attackers);
    let sources: std::collections::BTreeSet<&str> = incident.reports.iter().map(|filed| filed.source.as_str()).collect();
    let marks = if incident.edited.starred { "<span class=\"star\" title=\"starred\">★</span> " } else { "" };
    let disputed = if incident.disputed { " <span class=\"disputed\">disputed</span>" } else { "" };
    format!(
        "<details class=\"i\" id=\"{id}\" data-from=\"{}\" data-to=\"{}\" data-kind=\"{kind}\" data-n=\"{}\">\n\
         <summary><time datetime=\"{}\" title=\"{by}\">{days}</time><b class=\"who\">{marks}{victim}{disputed}</b>\
         <span class=\"kind {kind}\">{kind}</span><span class=\"n\">{figure}</span><span class=\"by\">{who}</span>\
         <span class=\"src\">{sources}</span></summary>\n{body}</details>\n",
        days.earliest,
        days.latest,
        size(incident),
        days.earliest,
        by = words::dated_by(by),
        days = words::days(days),
        kind = incident.kind.word(),
        victim = escaped(&incident.victim.name),
        figure = figure.map(|figure| escaped(&words::figure_in_words(figure))).unwrap_or_default(),
        who = escaped(&who),
        sources = counted(sources.len() as u64, "source", "sources"),
        body = body(incident),
    )
}

/// What is shown of an incident when it is opened: each field with the words it was read from, then the reports.
fn body(incident: &Incident) -> String {
    let (mut html, mut quotes) = (String::from("<div class=\"body\"><dl>"), Quotes::default());
    for (field, value) in words::incident_fields(incident) {
        let meaning = if field == Field::Kind { meaning(incident.kind) } else { "" };
        html.push_str(&format!("<dt>{}</dt><dd><p title=\"{meaning}\">{}</p>", field.word(), escaped(&value)));
        for (evidence, filed) in quotes.of(incident, field, QUOTES) {
            html.push_str(&format!("<blockquote>{} <cite>{}</cite></blockquote>", escaped(&evidence.quote), cited(filed)));
        }
        html.push_str("</dd>");
    }
    html.push_str("</dl><ol class=\"reports\">");
    for filed in articles(incident) {
        let title = if filed.title.trim().is_empty() { &filed.url } else { &filed.title };
        html.push_str(&format!(
            "<li><time>{}</time> {}: {}</li>",
            filed.published,
            escaped(&filed.source),
            linked(&escaped(title), &filed.url)
        ));
    }
    let sure = incident.confidence * 100.0;
    html.push_str(&format!(
        "</ol><p class=\"id\"><a href=\"#{id}\">{id}</a> · {sure:.0} % sure</p></div>",
        id = escaped(&incident.id.0)
    ));
    html
}

fn meaning(kind: Kind) -> &'static str {
    words::kind_meaning(kind)
}

fn cited(filed: &Filed) -> String {
    linked(&format!("{}, {}", escaped(&filed.source), filed.published), &filed.url)
}

/// Returns a link around markup; the markup alone where the address may not be followed.
fn linked(inner: &str, url: &str) -> String {
    link(url).map_or_else(
        || inner.to_owned(),
        |url| format!("<a href=\"{}\" rel=\"noreferrer noopener external\">{inner}</a>", escaped(url)),
    )
}

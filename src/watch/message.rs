//! What a notice says, in the words of each place it goes to. Foreign text cannot steer any of them.

use serde_json::{Value, json};

use crate::base::safe;
use crate::model::watch::{HookFormat, Link, Notice, Why};
use crate::model::words;

/// The longest that a title is shown, in characters.
const TITLE: usize = 200;

/// Returns a notice in one line: `new: Ticketmaster - breach, 560,000,000 people, ShinyHunters (claimed)`.
pub fn line(notice: &Notice) -> String {
    let why: Vec<&str> = notice.why.iter().map(|why| why.words()).collect();
    let row = &notice.incident;
    let parts = [
        row.kind.word().to_owned(),
        row.records.as_ref().map(words::figure_in_words).unwrap_or_default(),
        words::attackers(&row.attackers),
        if row.disputed { "disputed".to_owned() } else { String::new() },
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let test = if notice.test { "test: " } else { "" };
    safe::line(&format!("{test}{}: {} - {}", why.join(", "), row.victim, parts.join(", ")), 500)
}

/// Returns what is posted to a webhook. `delivery` is the number by which a notice that arrives twice is known again.
pub fn posted(notice: &Notice, delivery: i64, format: HookFormat) -> Value {
    let text = chat(notice);
    match format {
        HookFormat::Text => json!({ "text": text }),
        HookFormat::Json => {
            let mut value = json!({ "text": text, "delivery": delivery });
            merge(&mut value, json!(notice));
            value
        }
    }
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// Returns a notice as Slack and Mattermost show it: `<address|words>` is a link, `&`, `<` and `>` are written as HTML does, and
/// nobody is called by name.
fn chat(notice: &Notice) -> String {
    let days = words::days(notice.incident.days);
    let mut lines = vec![format!("*{}* ({days})", told(&line(notice)))];
    lines.extend(notice.links.iter().map(|link| {
        let words = format!("{}: {}", link.source, link.title);
        format!("<{}|{}> {}", address(&link.url), told(&safe::line(&words, TITLE)), link.published)
    }));
    lines.join("\n")
}

/// Foreign text in a chat: no markup, no link, no call (`@channel`, `<!here>`).
fn told(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push('\u{ff20}'),
            '*' | '_' | '~' | '`' | '|' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// An address within `<...|...>`.
fn address(url: &str) -> String {
    safe::line(url, 2000).replace('&', "&amp;").replace('<', "%3C").replace('>', "%3E").replace('|', "%7C").replace(' ', "%20")
}

/// Returns the subject of a mail with some notices.
pub fn subject(watch: &str, notices: &[&Notice]) -> String {
    match notices {
        [only] => safe::line(&format!("[{watch}] {}", line(only)), 150),
        several => {
            let new = several.iter().filter(|notice| notice.why.contains(&Why::New)).count();
            let changed = several.len() - new;
            let told = match (new, changed) {
                (new, 0) => words::counted(new as u64, "new incident", "new incidents"),
                (0, changed) => words::counted(changed as u64, "changed incident", "changed incidents"),
                (new, changed) => format!("{new} new, {changed} changed incidents"),
            };
            safe::line(&format!("[{watch}] {told}"), 150)
        }
    }
}

/// Returns the text of a mail with some notices.
pub fn text(notices: &[&Notice]) -> String {
    let mut text = String::new();
    for notice in notices {
        text.push_str(&format!("{}\n  {}  {}\n", line(notice), words::days(notice.incident.days), notice.incident.id));
        for Link { source, title, url, published } in &notice.links {
            let words = safe::line(&format!("{published}  {source}: {title}"), TITLE);
            text.push_str(&format!("  {words}\n    {}\n", safe::line(url, 900)));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::{Day, DayRange};
    use crate::model::incident::{DatedBy, IncidentId, Row};
    use crate::model::report::Kind;

    fn notice(victim: &str) -> Notice {
        let day = Day::new(2026, 3, 1).unwrap();
        Notice {
            watch: "Banks".to_owned(),
            why: vec![Why::New],
            test: false,
            incident: Row {
                id: IncidentId("x-2026-03".to_owned()),
                days: DayRange::day(day),
                dated_by: DatedBy::Published,
                victim: victim.to_owned(),
                kind: Kind::Breach,
                records: None,
                attackers: Vec::new(),
                reports: 1,
                sources: 1,
                disputed: false,
                starred: false,
                hidden: false,
            },
            links: vec![Link {
                source: "A & B".to_owned(),
                title: "<!channel> *now*\u{1b}[31m".to_owned(),
                url: "https://a.example/?x=1&y=<|>".to_owned(),
                published: day,
            }],
        }
    }

    #[test]
    fn foreign_text_calls_nobody_and_makes_no_markup() {
        let posted = posted(&notice("@all <!here> & Co"), 7, HookFormat::Json);
        let text = "*new: \u{ff20}all &lt;!here&gt; &amp; Co - breach* (2026-03-01)\n\
                    <https://a.example/?x=1&amp;y=%3C%7C%3E|A &amp; B: &lt;!channel&gt;  now [31m> 2026-03-01";
        assert_eq!(posted["text"], text);
        assert_eq!(
            (&posted["delivery"], &posted["incident"]["id"], &posted["why"][0]),
            (&json!(7), &json!("x-2026-03"), &json!("new"))
        );
    }

    #[test]
    fn a_mail_has_one_subject() {
        let (one, mut two) = (notice("Acme\r\nBcc: x"), notice("Bank"));
        assert_eq!(subject("Banks", &[&one]), "[Banks] new: Acme Bcc: x - breach");
        assert_eq!(subject("Banks", &[&one, &two]), "[Banks] 2 new incidents");
        two.why = vec![Why::CountGrew, Why::Confirmed];
        assert_eq!(subject("Banks", &[&one, &two]), "[Banks] 1 new, 1 changed incidents");
        assert!(text(&[&one, &two]).contains("\ncount grew, confirmed: Bank - breach\n  2026-03-01  x-2026-03\n"));
    }
}

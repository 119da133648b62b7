//! A message of a mailbox becomes a page: newsletters and alerts, of which the HTML part is read as an article is, else the text.
//!
//! The only file that names the mail library. It recurses into messages within messages, however deep they are, also into those that it
//! unpacks first, so that some kilobytes would end the process. Nobody reads those here: it never sees that they are any (`flattened`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use mail_parser::{DateTime, Message, MessageParser, MessagePart, PartType};
use memchr::memmem;

use super::{Hint, PublishedFrom, read_bytes};
use crate::base::day::Day;
use crate::base::safe;
use crate::model::article::NotAnArticle;

/// The largest message that is read, in bytes, with all that is attached to it.
pub const LARGEST_MESSAGE: usize = 32 << 20;
/// The most parts, one in the other or beside it; each level looks for its end.
const MOST_PARTS: usize = 500;
/// A line of a plain text that is at least so long, in characters, was broken by its sender, and goes on in the next.
const BROKEN_FROM: usize = 55;

/// One message as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its `Message-ID`, without the brackets.
    pub id: Option<String>,
    /// The name of whoever sent it; empty where there is none.
    pub sender: String,
    /// The domain that it was sent from, in lower case.
    pub domain: Option<String>,
    /// Its subject; empty where it has none.
    pub subject: String,
    /// When it was sent, else when a server received it.
    pub date: Option<Timestamp>,
    /// The part that reads as an article, or why there is none.
    pub body: Result<Body, NotAnArticle>,
}

/// The part of a message that reads as an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its media type, as it is to be read.
    pub content_type: &'static str,
    /// Its text, decoded.
    pub text: String,
}

/// Reads a message. The error is a phrase that follows its name.
pub fn read(bytes: &[u8]) -> Result<Mail, &'static str> {
    if bytes.len() > LARGEST_MESSAGE {
        return Err("is larger than 32 MB");
    }
    let bytes = flattened(bytes).ok_or("has more than 500 parts")?;
    catch_unwind(AssertUnwindSafe(|| read_message(&bytes))).unwrap_or(Err("made this program fail"))
}

/// Returns the message with the types changed that stand for messages, `message/…` and `multipart/digest`; None where it has too many parts.
///
/// The words are changed in each `Content-Type` and, since they may stand in a boundary, in each line that may be one.
fn flattened(bytes: &[u8]) -> Option<Vec<u8>> {
    let lower = bytes.to_ascii_lowercase();
    let words = [memmem::Finder::new(b"message"), memmem::Finder::new(b"digest")];
    let field = memmem::Finder::new(b"content-type");
    let mut flat = bytes.to_vec();
    let (mut at, mut parts, mut within) = (0, 0, false);
    for line in lower.split_inclusive(|byte| *byte == b'\n') {
        let named = field.find(line).is_some();
        parts += usize::from(named);
        within = named || within && line.starts_with(b" ") || within && line.starts_with(b"\t");
        if within || line.starts_with(b"--") {
            for found in words.iter().flat_map(|word| word.find_iter(line)) {
                flat[at + found] = b'x';
            }
        }
        at += line.len();
    }
    (parts <= MOST_PARTS).then_some(flat)
}

fn read_message(bytes: &[u8]) -> Result<Mail, &'static str> {
    let message = MessageParser::default().parse(bytes).ok_or("is no mail message")?;
    let id = message.message_id().map(|id| safe::line(id, 1000)).filter(|id| !id.is_empty());
    if id.is_none() && message.from().is_none() && message.date().is_none() {
        return Err("is no mail message");
    }
    let from = message.from().and_then(|from| from.first());
    let domain = from.and_then(|from| from.address()?.rsplit_once('@')).map(|(_, domain)| safe::line(domain, 255).to_lowercase());
    let subject = safe::line(message.subject().unwrap_or_default(), 300);
    let received = || message.received_all().find_map(|received| moment(&received.date()?));
    let date = message.date().and_then(moment).or_else(received);
    Ok(Mail {
        id,
        sender: safe::line(from.and_then(|from| from.name()).unwrap_or_default(), 80),
        domain: domain.filter(|domain| !domain.is_empty()),
        body: body(&message, &subject, date),
        subject,
        date,
    })
}

fn moment(date: &DateTime) -> Option<Timestamp> {
    if date.is_valid() { Timestamp::from_second(date.to_timestamp()).ok() } else { None }
}

/// Chooses the part that is read: the HTML if it reads as an article, else the text. Many newsletters have only one of them that does.
fn body(message: &Message<'_>, subject: &str, date: Option<Timestamp>) -> Result<Body, NotAnArticle> {
    let html = message.html_bodies().filter(|part| part.is_text_html()).filter_map(MessagePart::text_contents).next();
    let texts =
        message.text_bodies().filter(|part| matches!(part.body, PartType::Text(_))).filter_map(MessagePart::text_contents);
    let text = texts.map(unbroken).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let bodies = [
        html.map(|html| Body { content_type: "text/html; charset=utf-8", text: html.to_owned() }),
        Some(Body { content_type: "text/plain; charset=utf-8", text }).filter(|body| !body.text.is_empty()),
    ];
    let hint = Hint { title: subject, published: date.map(Day::of), published_from: PublishedFrom::Feed, body_selector: None };
    let mut why = NotAnArticle::NoText;
    for body in bodies.into_iter().flatten() {
        match read_bytes(body.text.as_bytes(), Some(body.content_type), None, &hint) {
            Ok(_) => return Ok(body),
            Err(reason) => why = reason,
        }
    }
    Err(why)
}

/// Joins the lines that a sender broke at some width: a paragraph is a line.
fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut goes_on = false;
    for line in text.lines() {
        // The space at the end of a flowed line says the same (RFC 3676).
        let flows = line.ends_with(' ') && line.trim_end() != "--";
        let line = line.trim();
        if !out.is_empty() && !line.is_empty() {
            out.push(if goes_on { ' ' } else { '\n' });
        }
        out.push_str(line);
        goes_on = !line.is_empty() && (flows || line.chars().count() >= BROKEN_FROM);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_broken_are_joined_and_others_stay() {
        let long = "Sandmill Bakery said on Monday that hackers had stolen the";
        let cases = [
            (
                format!("{long}\npersonal data of 12,000 customers.\n\nIt informed\nthe police."),
                "customers.\nIt informed\nthe police.",
            ),
            ("Flowed \r\ntext\r\nends.\r\n-- \r\nThe desk".to_owned(), "Flowed text\nends.\n--\nThe desk"),
            ("\n\n".to_owned(), ""),
        ];
        for (text, expected) in cases {
            assert!(unbroken(&text).ends_with(expected), "{:?}", unbroken(&text));
        }
        assert_eq!(unbroken(&format!("{long}\npersonal data.")), format!("{long} personal data."));
    }
}

//! `breachline read`: one article as it is read from its page, or each page of a batch.

use serde::{Deserialize, Serialize};

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{document, input, json, jsonl};
use crate::base::address;
use crate::base::day::Day;

/// Read an article from its page
///
/// Prints title, day and main text, without the furniture around them. With --batch it reads JSON Lines {"doc", "url", "html"} and
/// writes {"doc", "title", "published", "published_from", "language", "text"}, one line each, in the same order.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A page: a file, an address, or - for the standard input
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch")]
    document: Option<String>,
    /// Read JSON Lines from the file or the standard input
    #[arg(long)]
    batch: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One line of the input of a batch.
#[derive(Deserialize)]
#[serde(expecting = "an object such as {\"doc\": …}")]
struct Asked {
    doc: String,
    url: Option<String>,
    html: String,
}

/// One line of the output.
#[derive(Serialize)]
struct Answer {
    doc: String,
    title: String,
    published: Option<Day>,
    published_from: Option<&'static str>,
    language: String,
    text: String,
}

impl Answer {
    fn of(doc: String, reading: document::Reading) -> Answer {
        let published = reading.published.map(|(day, _)| day);
        let published_from = reading.published.map(|(_, from)| from.word());
        Answer { doc, title: reading.title, published, published_from, language: reading.language, text: reading.text }
    }
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match &args.document {
        _ if args.batch => jsonl::answer_each(args.document.as_deref(), console, answer),
        Some(document) => one(document, args, places, console),
        None => Err(Failure::usage("there is nothing to read").hint("say a file, an address, or --batch")),
    }
}

fn answer(asked: Asked) -> Result<Answer, String> {
    let url = asked.url.as_deref().and_then(|url| address::canonical(url).ok());
    let reading = document::of_html(&asked.html, url.as_ref(), "", None).map_err(|why| why.to_string())?;
    Ok(Answer::of(asked.doc, reading))
}

fn one(what: &str, args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let reading = input::document(what, None, places)?;
    if args.json {
        console.out.write_all(&json::line(&Answer::of(what.to_owned(), reading)))?;
        return Ok(Exit::Well);
    }
    let told = reading.published.map_or("no day given".to_owned(), |(day, from)| format!("{day} (from: {})", from.word()));
    console.say(console.paint(Style::Bold, &reading.title))?;
    console.say(console.paint(Style::Dim, &format!("{told}, language: {}", reading.language)))?;
    console.say("")?;
    console.say(console.plain(&reading.text))?;
    Ok(Exit::Well)
}

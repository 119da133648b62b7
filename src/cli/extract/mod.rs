//! `breachline extract`: the incidents of one document, of each document of a batch, or of each page of saved crawls.

mod saved;

use std::path::PathBuf;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::console::{Console, Style};
use super::document;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{input, json, jsonl, tell};
use crate::base::address;
use crate::base::day::Day;
use crate::base::safe;
use crate::derive;
use crate::extract::{Document, extract};
use crate::model::article::PublishedFrom;
use crate::model::report::{Report, Salience};
use crate::page;
use crate::register::Extracted;
use crate::rules::Rules;

/// Extract the incidents from an article
///
/// Nothing is kept: this reads one page or text and prints what it says. With --batch it reads JSON Lines, one document each:
/// {"doc", "url", "title", "published": "YYYY-MM-DD", "text"} or "html" in place of "text", and writes {"doc", "incidents": [...]},
/// one line each, in the same order. A line that is no valid document is answered with {"doc", "error"}. With --warc it reads the pages of saved
/// crawls that pass the gate of `ingest --warc`. What --with-text and --warc write, `import --reports` takes into an index.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline extract article.html                   the incidents of a page in a file
  breachline extract https://news.example/a --json  of a page on the network
  breachline extract --batch < docs.jsonl           of many documents, a line each
  breachline extract --warc CC-NEWS-*.warc.gz       of the pages of saved crawls")]
pub(super) struct Args {
    /// A page or text: a file, an address, or - for the standard input
    #[arg(value_name = "FILE|URL|-", required_unless_present_any = ["batch", "warc"])]
    document: Option<String>,
    /// Read JSON Lines from the file or the standard input
    #[arg(long)]
    batch: bool,
    /// With --batch: write each article as well, with its text and the rules it was read by
    #[arg(long, requires = "batch")]
    with_text: bool,
    /// Read the pages of saved crawls, WARC files, packed or not; each that passes is written as with --with-text
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["document", "batch", "json", "published"])]
    warc: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The day of publication, from which "on Friday" is reckoned; needed where the document does not say
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "batch")]
    published: Option<Day>,
}

/// One line of the input of a batch.
#[derive(Deserialize)]
#[serde(expecting = "an object such as {\"doc\": …}")]
struct Asked {
    doc: String,
    url: Option<String>,
    title: Option<String>,
    published: Option<String>,
    text: Option<String>,
    html: Option<String>,
}

/// One line of the output.
#[derive(Serialize)]
struct Answer {
    doc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    published: Day,
    incidents: Vec<Report>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match &args.document {
        _ if !args.warc.is_empty() => saved::run(&args.warc, places, console),
        _ if args.with_text => jsonl::answer_each(args.document.as_deref(), console, whole),
        _ if args.batch => jsonl::answer_each(args.document.as_deref(), console, answer),
        Some(document) => one(document, args, places, console),
        None => Err(Failure::usage("there is nothing to read").hint("say a file, an address, or --batch")),
    }
}

fn answer(asked: Asked) -> Result<Answer, String> {
    let (doc, url) = (asked.doc.clone(), asked.url.clone());
    let Article { title, published, text, .. } = article(asked)?;
    let incidents = extract(&Document { title: &title, text: &text, published }, Rules::builtin()).reports;
    Ok(Answer { doc, url, title, published, incidents })
}

/// The document of a line, as it is read.
struct Article {
    title: String,
    published: Day,
    published_from: PublishedFrom,
    /// "und" where nobody looked.
    language: String,
    text: String,
}

fn article(asked: Asked) -> Result<Article, String> {
    let day = day(asked.published.as_deref())?;
    let title = asked.title.unwrap_or_default();
    let given = |day| (day, PublishedFrom::Given);
    let (title, text, published, language) = match (asked.text, asked.html) {
        (Some(text), None) => (title, text, day.map(given), "und".to_owned()),
        (Some(text), Some(_)) if !text.is_empty() => (title, text, day.map(given), "und".to_owned()),
        (_, Some(html)) => {
            let url = asked.url.as_deref().and_then(|url| address::canonical(url).ok());
            let reading = document::of_html(&html, url.as_ref(), &title, day).map_err(|why| why.to_string())?;
            (reading.title, reading.text, reading.published, reading.language)
        }
        (None, None) => return Err("it has neither \"text\" nor \"html\"".to_owned()),
    };
    let (published, published_from) = published.ok_or("it has no \"published\", and nothing in it says its day")?;
    Ok(Article { title, published, published_from, language, text })
}

/// Answers with all that is needed to keep the article elsewhere.
fn whole(asked: Asked) -> Result<Extracted, String> {
    let doc = asked.doc.clone();
    let url = match asked.url.as_deref() {
        Some(url) => Some(address::canonical(url).map_err(|why| format!("its \"url\" {why}"))?),
        None => None,
    };
    let Article { title, published, published_from, language, text } = article(asked)?;
    // As a page would be read: evidence points into the text as it is kept.
    let (title, text) = (safe::clean(&title).into_owned(), safe::clean(&text).into_owned());
    let language = if language == "und" { page::language_of(&text) } else { language };
    let incidents = match language.as_str() {
        "en" | "und" => extract(&Document { title: &title, text: &text, published }, Rules::builtin()).reports,
        _ => Vec::new(),
    };
    let rules = RULES.clone();
    Ok(Extracted { doc, url, title, published, published_from, language, arrived_at: None, rules, text, incidents })
}

/// What tells the built-in rules from any others.
static RULES: LazyLock<String> = LazyLock::new(|| derive::digest(Rules::builtin()));

/// Reads the day of a line; an empty one is none.
pub(super) fn day(text: Option<&str>) -> Result<Option<Day>, String> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(day) => Ok(Some(day)),
            Err(_) => Err(format!("\"published\" must be a day such as 2011-06-17, not \"{text}\"")),
        },
    }
}

fn one(what: &str, args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let reading = input::document(what, args.published, places)?;
    let published = published(reading.published.map(|(day, _)| day), console);
    let document = Document { title: &reading.title, text: &reading.text, published };
    let reports = extract(&document, Rules::builtin()).reports;
    if args.json {
        let answer = Answer { doc: what.to_owned(), url: None, title: reading.title, published, incidents: reports };
        console.out.write_all(&json::line(&answer))?;
        return Ok(Exit::Well);
    }
    if reports.is_empty() {
        console.note("no incident is reported there");
    }
    for (n, report) in reports.iter().enumerate() {
        print(n + 1, report, console)?;
    }
    Ok(Exit::Well)
}

/// The day of a document, or today with a word of warning.
pub(super) fn published(day: Option<Day>, console: &mut Console) -> Day {
    day.unwrap_or_else(|| {
        let today = console.today();
        console.note(format!("note: nothing says when this was published; days are reckoned from today, {today} (--published)"));
        today
    })
}

fn print(n: usize, report: &Report, console: &mut Console) -> Result<(), Failure> {
    let named = if report.victim.named { "" } else { ", not named" };
    let passing = if report.salience == Salience::Mention { ", in passing" } else { "" };
    let sure = format!("({}{named}{passing}, {:.0} % sure)", report.kind.word(), report.confidence * 100.0);
    console.say(format!("{n}. {} {}", console.paint(Style::Bold, &report.victim.name), console.paint(Style::Dim, &sure)))?;
    for (field, value) in tell::fields(report) {
        console.say(format!("   {} {}", console.paint(Style::Cyan, &format!("{:<10}", field.word())), console.plain(&value)))?;
        for evidence in report.evidence.iter().filter(|evidence| evidence.field == field) {
            let quote = format!("\"{}\"", crate::base::safe::line(&evidence.quote, 200));
            console.say(format!("              {} {}", console.plain(&quote), console.paint(Style::Dim, &evidence.rule.0)))?;
        }
    }
    console.say("")
}

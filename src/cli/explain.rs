//! `breachline explain`: how the incidents of an article came to be read, as a tree.

use std::ops::Range;

use super::console::{Console, Style};
use super::extract;
use super::failure::{Exit, Failure};
use super::input;
use super::places::Places;
use super::tell;
use crate::base::day::Day;
use crate::base::safe;
use crate::extract::claims::{Claim, Realis};
use crate::extract::reports::{self, Reading};
use crate::extract::{Document, Extraction, with_reading};
use crate::model::report::{Field, Report};
use crate::rules::Rules;

/// Explain how the incidents of an article are read
///
/// Prints each incident as a tree: the value of each field, the rule that gave it, the words that it was read from; then who was
/// passed over, and why. With --steps it also prints, sentence by sentence, the names, figures and days that were found and what the
/// rules made of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline explain article.html                   each value with its rule and its words
  breachline explain https://news.example/a --steps every pass, also what was passed over")]
pub(super) struct Args {
    /// A page or text: a file, an address, or - for the standard input
    #[arg(value_name = "FILE|URL|-")]
    document: String,
    /// The day of publication, from which "on Friday" is reckoned; needed where the document does not say
    #[arg(long, value_name = "YYYY-MM-DD")]
    published: Option<Day>,
    /// Print what was found in each sentence, too
    #[arg(long)]
    steps: bool,
}

/// The most characters of a quote that are shown.
const QUOTE: usize = 160;

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let reading = input::document(&args.document, args.published, places)?;
    let published = extract::published(reading.published.map(|(day, _)| day), console);
    let document = Document { title: &reading.title, text: &reading.text, published };
    console.say(format!("{}  {published}", console.paint(Style::Bold, &safe::line(&reading.title, 200))))?;
    with_reading(&document, Rules::builtin(), |found| {
        if args.steps {
            steps(found, console)?;
        }
        let mut extraction = reports::write(found);
        extraction.rejected.extend(reports::passed_over(found));
        conclusions(&extraction, console)
    })?;
    Ok(Exit::Well)
}

fn conclusions(extraction: &Extraction, console: &mut Console) -> Result<(), Failure> {
    if extraction.reports.is_empty() {
        console.say("")?;
        console.say("no incident is reported there")?;
    }
    for report in &extraction.reports {
        one(report, console)?;
    }
    if !extraction.rejected.is_empty() {
        console.say("")?;
        console.say(console.paint(Style::Cyan, "passed over"))?;
    }
    for (n, rejected) in extraction.rejected.iter().enumerate() {
        let branch = branch(n + 1 == extraction.rejected.len());
        let why = console.paint(Style::Dim, &rejected.why);
        console.say(format!("{branch}{}: {why}", console.plain(&safe::line(&rejected.name, 80))))?;
    }
    Ok(())
}

/// One incident: field = value, below it rule <- words.
fn one(report: &Report, console: &mut Console) -> Result<(), Failure> {
    let sure = format!("{:.0} % sure", report.confidence * 100.0);
    console.say("")?;
    console.say(format!("{}  {}", console.paint(Style::Bold, &report.victim.name), console.paint(Style::Dim, &sure)))?;
    let fields = tell::fields(report);
    for (n, (field, value)) in fields.iter().enumerate() {
        let last = n + 1 == fields.len();
        console.say(format!("{}{} = {}", branch(last), console.paint(Style::Cyan, field.word()), console.plain(value)))?;
        evidence(report, *field, if last { "   " } else { "│  " }, console)?;
    }
    Ok(())
}

fn evidence(report: &Report, field: Field, before: &str, console: &mut Console) -> Result<(), Failure> {
    let all: Vec<_> = report.evidence.iter().filter(|evidence| evidence.field == field).collect();
    for (n, evidence) in all.iter().enumerate() {
        let branch = branch(n + 1 == all.len());
        let rule = console.paint(Style::Yellow, &evidence.rule.0);
        let quote = format!("\"{}\"", safe::line(&evidence.quote, QUOTE));
        let place = format!("[{}..{}, {:.0} %]", evidence.span.start, evidence.span.end, evidence.confidence * 100.0);
        console.say(format!("{before}{branch}{rule} <- {} {}", console.plain(&quote), console.paint(Style::Dim, &place)))?;
    }
    if all.is_empty() {
        console.say(format!("{before}└─ {}", console.paint(Style::Dim, "no words of its own")))?;
    }
    Ok(())
}

fn branch(last: bool) -> &'static str {
    if last { "└─ " } else { "├─ " }
}

/// What was found in each sentence, and what the rules made of it.
fn steps(reading: &Reading<'_, '_>, console: &mut Console) -> Result<(), Failure> {
    let found = reading.found;
    for (number, sentence) in found.text.sentences.iter().enumerate() {
        let words = |tokens: &Range<usize>| words(reading, number, tokens);
        let names = found.names.iter().zip(&found.entities.of_name).filter(|(name, _)| name.sentence == number);
        let whole = |entity: usize| found.entities.all[entity].names.first().map_or("", String::as_str);
        let mut lines: Vec<String> =
            names.map(|(name, of)| format!("name    {} -> {}", words(&name.tokens), whole(*of))).collect();
        let counts = found.counts.iter().filter(|count| count.sentence == number);
        lines.extend(counts.map(|count| format!("figure  {} -> {}", words(&count.tokens), tell::figure(&count.figure))));
        let days = found.days.iter().filter(|days| days.sentence == number);
        lines.extend(days.map(|days| format!("days    {} -> {}", words(&days.tokens), days.range)));
        lines.extend(reading.claims.iter().filter(|claim| claim.sentence == number).map(|claim| told(reading, claim)));
        console.say("")?;
        console.say(console.paint(Style::Dim, &safe::line(words(&sentence.tokens), 1000)))?;
        for line in lines {
            console.say(format!("   {}", console.plain(&safe::line(&line, 300))))?;
        }
    }
    Ok(())
}

fn told(reading: &Reading<'_, '_>, claim: &Claim) -> String {
    let pieces = &reading.lines[claim.sentence].pieces;
    let piece = |at: usize| pieces.get(at).map_or("", |piece| words(reading, claim.sentence, &piece.tokens));
    let victims: Vec<&str> = claim.victims.iter().map(|at| piece(*at)).collect();
    let real = match claim.realis {
        Realis::Actual => "",
        Realis::Hypothetical => " (not as a fact)",
        Realis::Negated => " (that it did not)",
    };
    let rule = reading.rules.events.get(claim.rule).map_or("", |rule| &rule.id.0);
    format!("claim   {rule}: {}{real}", victims.join(", "))
}

/// The words of some tokens of a sentence, as the title or the text has them.
fn words<'r>(reading: &Reading<'r, '_>, sentence: usize, tokens: &Range<usize>) -> &'r str {
    let text = &reading.found.text;
    let source = if text.sentences[sentence].in_title { reading.document.title } else { reading.document.text };
    match text.tokens.get(tokens.clone()) {
        Some([first, .., last]) => first.span.join(last.span).slice(source),
        Some([only]) => only.span.slice(source),
        _ => "",
    }
}

//! How long each pass of extraction takes for an article, and how that grows with an article's length:
//! `cargo bench --bench extract`. It reads the articles of the gold where that is at hand, else those of the tests, on one core; of
//! several rounds the fastest counts, as the others were disturbed.

#![allow(clippy::print_stdout, reason = "a bench prints")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use breachline::extract::claims::{self, Claim};
use breachline::extract::reports::{self, Reading};
use breachline::extract::text::Text;
use breachline::extract::units::{Found, Line};
use breachline::extract::{Document, days, drafts, entities, extract, figures, names, story};
use breachline::rules::Rules;
use mimalloc::MiMalloc;
use serde::Deserialize;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How often every pass is run over all articles.
const ROUNDS: usize = 7;

/// The lengths of the curve, in KB.
const LENGTHS: [usize; 5] = [3, 30, 300, 3_000, 8_000];

/// An article of the gold, or of the tests.
#[derive(Deserialize)]
struct Article {
    title: String,
    published: String,
    text: String,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (from, articles) = match fs::read_to_string(root.join("../shared/gold/dev/gold.jsonl")) {
        Ok(gold) => ("the gold", gold.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(_) => ("the tests", of_tests(&root.join("tests/data/extract/reports.txt"))),
    };
    let documents: Vec<Document<'_>> = articles.iter().filter_map(document).collect();
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    println!("{} articles of {from}, {} bytes each", documents.len(), bytes / documents.len().max(1));
    passes(&documents, Rules::builtin());
    lengths(&documents, Rules::builtin());
}

/// Reads the cases of the tests: day, title and text, a line of dashes, what is expected; an empty line between them.
fn of_tests(path: &Path) -> Vec<Article> {
    let cases = fs::read_to_string(path).unwrap_or_default();
    let article = |case: &str| {
        let (said, _) = case.split_once("\n--")?;
        let (published, rest) = said.split_once('\n')?;
        let (title, text) = rest.split_once('\n')?;
        Some(Article { title: title.to_owned(), published: published.to_owned(), text: text.to_owned() })
    };
    cases.split("\n\n").filter_map(article).collect()
}

fn document(article: &Article) -> Option<Document<'_>> {
    Some(Document { title: &article.title, text: &article.text, published: article.published.parse().ok()? })
}

/// Runs each pass over all documents by itself, then all of them together.
fn passes(documents: &[Document<'_>], rules: &Rules) {
    let print = |pass: &str, seconds: f64| println!("{pass:10} {:7.1} µs", seconds * 1e6 / documents.len() as f64);
    let (texts, took) = best(|| documents.iter().map(|it| Text::read(it.title, it.text, rules)).collect::<Vec<_>>());
    print("text", took);
    let (names, took) = best(|| texts.iter().map(|text| names::find(text, rules)).collect::<Vec<_>>());
    print("names", took);
    let named = || texts.iter().zip(&names);
    let (entities, took) = best(|| named().map(|(text, names)| entities::group(text, names, rules)).collect::<Vec<_>>());
    print("entities", took);
    let (counts, took) = best(|| texts.iter().map(|text| figures::find(text, rules)).collect::<Vec<_>>());
    print("figures", took);
    let (days, took) = best(|| texts.iter().zip(documents).map(|(text, it)| days::find(text, it.published)).collect::<Vec<_>>());
    print("days", took);
    let parts = texts.into_iter().zip(names).zip(entities).zip(counts).zip(days);
    let found = parts.map(|((((text, names), entities), counts), days)| Found { text, names, entities, counts, days });
    let found: Vec<Found<'_>> = found.collect();
    let (lines, took) = best(|| found.iter().map(|found| laid_out(found, rules)).collect::<Vec<_>>());
    print("units", took);
    let (claims, took) = best(|| lines.iter().map(|lines| claimed(lines, rules)).collect::<Vec<_>>());
    print("claims", took);
    let read = || documents.iter().zip(&found).zip(lines.iter().zip(&claims));
    let ((), took) = best(|| read().for_each(|((it, found), (lines, claims))| decide(it, found, lines, claims, rules)));
    print("reports", took);
    let ((), took) = best(|| documents.iter().for_each(|document| drop(black_box(extract(document, rules)))));
    print("all", took);
    println!("{:.0} articles a second and core", documents.len() as f64 / took);
}

fn laid_out(found: &Found<'_>, rules: &Rules) -> Vec<Line> {
    (0..found.text.sentences.len()).map(|number| Line::read(number, found, rules)).collect()
}

fn claimed(lines: &[Line], rules: &Rules) -> Vec<Claim> {
    let mut claims = Vec::new();
    lines.iter().enumerate().for_each(|(number, line)| claims::read(number, line, false, rules, &mut claims));
    claims
}

/// Finds whom definite words stand for, and writes the reports.
fn decide(document: &Document<'_>, found: &Found<'_>, lines: &[Line], claims: &[Claim], rules: &Rules) {
    let antecedents = drafts::antecedents(found, lines);
    let attacker_antecedents = drafts::attacker_antecedents(found, lines, rules);
    let spots = drafts::spots(found, lines, &antecedents);
    let (antecedents, spots, attacker_antecedents) = (&antecedents, spots.as_slice(), &attacker_antecedents);
    let story = story::read(document, &found.text, rules);
    let reading = Reading { document, found, lines, claims, antecedents, spots, attacker_antecedents, story, rules };
    black_box(reports::write(&reading));
}

/// Reads ever longer texts, made of all articles one after the other, and prints how fast and in how much memory.
fn lengths(documents: &[Document<'_>], rules: &Rules) {
    let Some(first) = documents.first() else { return };
    let all: String = documents.iter().flat_map(|document| [document.text, "\n"]).collect();
    println!("\n{:>10} {:>10} {:>10} {:>12}", "length", "seconds", "MB/s", "most memory");
    for length in LENGTHS {
        let mut text = all.repeat(length * 1000 / all.len().max(1) + 1);
        text.truncate(text.floor_char_boundary(length * 1000));
        let begun = Instant::now();
        black_box(extract(&Document { title: first.title, text: &text, published: first.published }, rules));
        let took = begun.elapsed().as_secs_f64();
        let speed = text.len() as f64 / took / 1e6;
        println!("{length:>7} KB {took:>10.3} {speed:>10.2} {:>12}", most_memory().unwrap_or_default());
    }
}

/// Returns the most memory that the process has had so far, where the system tells it.
fn most_memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(format!("{} MB", kilobytes / 1024))
}

/// Returns what some work gives, and how long the fastest of its rounds took, in seconds.
fn best<T>(work: impl Fn() -> T) -> (T, f64) {
    let mut fastest = f64::MAX;
    let mut given = None;
    for _ in 0..ROUNDS {
        drop(given.take());
        let begun = Instant::now();
        given = Some(black_box(work()));
        fastest = fastest.min(begun.elapsed().as_secs_f64());
    }
    (given.expect("there is at least one round"), fastest)
}

//! How long searches take, against SQLite FTS5 and tantivy itself: `cargo bench --bench search -- [INCIDENTS...] [--keep DIR] [--beside N]
//! [--only NAME]`, 20,000 unless said otherwise. `--keep` leaves what was made below a folder and uses it again, so that a million need not
//! be made each time. `--beside` adds N short articles without an incident for each incident. `--only` asks the shapes whose name holds
//! that, and adds no night.
//!
//! A store is made from a fixed seed (`made`): one article for each incident. Then each shape of query is asked with a hundred different
//! words, and the median and the 99th percentile of the whole answer (count and first page of rows) are printed, with how many times
//! as long the others take for the same; then the sizes, how long opening takes, and what a night's commit costs.

#![allow(clippy::print_stdout, reason = "a bench prints")]

#[path = "../dice.rs"]
mod dice;
mod made;
mod others;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use breachline::base::day::Day;
use breachline::model::report::Kind;
use breachline::store::kept::{Access, Kept};
use breachline::store::query::Query;
use breachline::store::search::{By, Index, Of};
use breachline::store::{Page, Reader};
use dice::word;
use made::{ATTACKERS, attacker, today, victim};
use others::{Asked, Bare, Tables};

/// Articles of one night.
const NIGHT: usize = 5_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let (keep, only) = (option("--keep").map(PathBuf::from), option("--only").map(String::as_str));
    let beside: usize = option("--beside").and_then(|times| times.parse().ok()).unwrap_or(0);
    let is_count = |at: usize| at == 0 || args[at - 1] != "--beside";
    let numbers = args.iter().enumerate().filter(|(at, _)| is_count(*at));
    let mut counts: Vec<usize> = numbers.filter_map(|(_, arg)| arg.parse().ok()).collect();
    if counts.is_empty() {
        counts.push(20_000);
    }
    for count in counts {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let dir = keep.as_ref().map_or_else(|| temporary.path().to_owned(), |keep| keep.join(count.to_string()));
        one(&dir, count, beside * count, only);
        println!();
    }
}

/// A number that is noted in the folder of a store; None where it is not yet.
fn noted(dir: &Path, name: &str) -> Option<u64> {
    std::fs::read_to_string(dir.join(name)).ok()?.parse().ok()
}

fn note(dir: &Path, name: &str, number: u64) {
    std::fs::write(dir.join(name), number.to_string()).expect("a note");
}

fn one(dir: &Path, count: usize, beside: usize, only: Option<&str>) {
    std::fs::create_dir_all(dir).expect("a folder");
    if noted(dir, "text-bytes").is_none() {
        let started = Instant::now();
        let text = made::make(dir, 0, count);
        println!("{count} incidents in {count} articles, {} of text, made in {:.1?}", size(text), started.elapsed());
        note(dir, "text-bytes", text);
    }
    add_beside(dir, count, beside);
    let text = noted(dir, "text-bytes").expect("a size");
    let all = articles(dir, count);
    let kept = Kept::open(dir, Access::Write).expect("the store");
    let started = Instant::now();
    let done = Index::open(dir, &kept).and_then(|mut index| index.catch_up(&kept)).expect("the index");
    if done.rebuilt {
        let took = started.elapsed();
        println!("indexed in {took:.1?}, {:.0} articles a second", all as f64 / took.as_secs_f64());
    }
    drop(kept);
    println!("== {count} incidents in {all} articles, {} of text", size(text));
    sizes_of(dir, text);
    let started = Instant::now();
    let reader = Reader::open(dir).expect("a reader");
    ask(&reader, "kind:ransomware");
    println!("opened, with the first answer, in {:.1?}", started.elapsed());
    shapes(&reader, dir, only.unwrap_or(""));
    drop(reader);
    if only.is_none() {
        night(dir, count);
    }
}

/// Adds articles that report nothing, until there are so many; those that are there already count.
fn add_beside(dir: &Path, count: usize, beside: usize) {
    let before = noted(dir, "beside").unwrap_or(0) as usize;
    if before >= beside {
        return;
    }
    let (started, from) = (Instant::now(), articles(dir, count));
    let text = made::make_beside(dir, from, from + beside - before);
    println!("{} articles without an incident, {} of text, made in {:.1?}", beside - before, size(text), started.elapsed());
    note(dir, "text-bytes", noted(dir, "text-bytes").expect("a size") + text);
    note(dir, "beside", beside as u64);
}

/// How many articles there are: those of the beginning, of nights and without an incident.
fn articles(dir: &Path, count: usize) -> usize {
    let noted = |name| noted(dir, name).unwrap_or(0) as usize;
    count + noted("beside") + noted("nights") * NIGHT
}

fn sizes_of(dir: &Path, text: u64) {
    let share = |bytes: u64| format!("{} ({:.0} % of the text)", size(bytes), 100.0 * bytes as f64 / text as f64);
    let of = |name: &str| sizes(&dir.join("search").join(name));
    println!("search {}", share(sizes(&dir.join("search"))));
    println!("  incidents {}, articles {}, reports {}", share(of("incidents")), share(of("articles")), share(of("reports")));
    println!(
        "kept.db {}, FTS5 over the incidents alone {}",
        size(sizes(&dir.join("kept.db"))),
        size(sizes(&dir.join("fts5.db")))
    );
}

/// Adds a night's articles and says what the commit costs; what was added is taken into account by later runs that keep the folder.
fn night(dir: &Path, count: usize) {
    let from = articles(dir, count);
    let more = made::make(dir, from, from + NIGHT);
    note(dir, "text-bytes", noted(dir, "text-bytes").expect("a size") + more);
    note(dir, "nights", noted(dir, "nights").unwrap_or(0) + 1);
    let kept = Kept::open(dir, Access::Write).expect("the store");
    let mut index = Index::open(dir, &kept).expect("the index");
    let started = Instant::now();
    let done = index.catch_up(&kept).expect("the index");
    let longest = done.commits.iter().max().copied().unwrap_or_default();
    println!(
        "a night's {NIGHT} articles: brought up to date in {:.1?}, of that the longest commit {longest:.1?}",
        started.elapsed()
    );
}

const FIRST: Page = Page { offset: 0, limit: 50 };

/// A shape of query: its text for the n-th time, and how the others are asked the same.
struct Shape {
    name: &'static str,
    text: fn(usize) -> String,
    asked: fn(usize) -> Asked,
}

const fn shape(name: &'static str, text: fn(usize) -> String, asked: fn(usize) -> Asked) -> Shape {
    Shape { name, text, asked }
}

const SHAPES: &[Shape] = &[
    shape("everything", |_| String::new(), |_| Asked::Narrowed { matching: None, kind: None, least: None, since: None }),
    shape("a common word", |n| word(5 + n % 40), |n| Asked::Match(word(5 + n % 40))),
    shape("a rare word", |n| word(3000 + n), |n| Asked::Match(word(3000 + n))),
    shape("two words", two_words, |n| Asked::Match(two_words(n))),
    shape("a phrase", phrase, |n| Asked::Match(phrase(n))),
    shape("the beginning of a word", beginning, |n| Asked::Match(beginning(n))),
    shape("a misspelt word", |n| format!("{}~", word(100 + n)), |_| Asked::Nothing),
    shape("a victim", |n| format!("victim:\"{}\"", victim(n * 7)), |n| Asked::Match(format!("names : \"{}\"", victim(n * 7)))),
    shape("an attacker, largest first", |n| format!("attacker:{} sort:records", attacker(n % ATTACKERS)), |_| Asked::Nothing),
    shape(
        "a kind since a year",
        |n| format!("kind:{} after:{}", kind(n), 2011 + n % 15),
        |n| Asked::Narrowed { matching: None, kind: Some(kind(n)), least: None, since: Day::new(2011 + (n % 15) as i16, 1, 1) },
    ),
    shape(
        "more than a million, since 2020",
        |n| format!("records:>={}M after:2020", 1 + n % 5),
        |n| Asked::Narrowed {
            matching: None,
            kind: None,
            least: Some((1 + n as u64 % 5) * 1_000_000),
            since: Day::new(2020, 1, 1),
        },
    ),
    shape(
        "kind, word, figure, year",
        |n| format!("kind:breach {} records:>=10k after:2015", word(20 + n)),
        |n| Asked::Narrowed {
            matching: Some(word(20 + n)),
            kind: Some("breach"),
            least: Some(10_000),
            since: Day::new(2015, 1, 1),
        },
    ),
    shape("a word, best first", |n| format!("{} sort:relevance", word(20 + n)), |_| Asked::Nothing),
];

fn two_words(n: usize) -> String {
    format!("{} {}", word(10 + n % 40), word(60 + n))
}

fn phrase(n: usize) -> String {
    format!("\"{} {}\"", word(5 + n % 10), word(5 + n % 7))
}

fn beginning(n: usize) -> String {
    format!("{}*", &word(100 + n)[..3])
}

fn kind(n: usize) -> &'static str {
    Kind::ALL[n % 5].word()
}

fn query(text: &str) -> Query {
    Query::parse(text, today()).expect("a query")
}

fn ask(reader: &Reader, text: &str) -> usize {
    reader.find(&query(text), FIRST).expect("an answer").total
}

fn shapes(reader: &Reader, dir: &Path, only: &str) {
    let (tables, bare) = (Tables::open(dir), Bare::open(dir));
    println!("\n{:34} {:>10} {:>10} {:>10} {:>8} {:>8}", "query", "median", "99 %", "found", "FTS5", "tantivy");
    for shape in SHAPES.iter().filter(|shape| shape.name.contains(only)) {
        let ours = measure(|n| ask(reader, &(shape.text)(n)));
        let sqlite = (!matches!((shape.asked)(0), Asked::Nothing)).then(|| measure(|n| tables.ask(&(shape.asked)(n))));
        let tantivy = bare.ask(&(shape.asked)(0)).map(|_| measure(|n| bare.ask(&(shape.asked)(n)).unwrap_or(0)));
        print(shape.name, &ours, sqlite, tantivy);
    }
    let kinds = "kinds of a word, with sums";
    if kinds.contains(only) {
        let counted = |n: usize| reader.count_by(Of::Incidents, &query(&word(20 + n)), By::Kind).expect("counts").len();
        print(kinds, &measure(counted), Some(measure(|n| tables.kinds(&word(20 + n)))), None);
    }
    for (name, count) in OTHERS.iter().filter(|(name, _)| name.contains(only)) {
        print(name, &measure(|n| count(reader, n)), None, None);
    }
}

/// What is found for the n-th time.
type Asking = fn(&Reader, usize) -> usize;

/// What the others are not asked.
const OTHERS: &[(&str, Asking)] = &[
    ("victims of a word, with sums", |reader, n| counted(reader, n, By::Victim)),
    ("years of a word, with sums", |reader, n| counted(reader, n, By::Year)),
    ("all facets of a word", |reader, n| reader.facets(&query(&word(20 + n)), 10).expect("facets").len()),
    ("days and kinds of a word", |reader, n| reader.days(&query(&word(20 + n))).expect("days").len()),
    ("a figure never asked before", |reader, n| ask(reader, &format!("records:>={}", 1_000_000 + 7 * n))),
    ("everything, largest first", |reader, _| ask(reader, "sort:records")),
    ("articles: a common word", |reader, n| of_articles(reader, &word(5 + n % 40))),
    ("articles: two words", |reader, n| of_articles(reader, &two_words(n))),
    ("articles: a phrase", |reader, n| of_articles(reader, &phrase(n))),
    ("articles: a word, best first", |reader, n| of_articles(reader, &format!("{} sort:relevance", word(20 + n)))),
    ("reports: two words", |reader, n| reader.find_reports(&query(&two_words(n)), FIRST).expect("rows").total),
];

fn counted(reader: &Reader, n: usize, by: By) -> usize {
    reader.count_by(Of::Incidents, &query(&word(20 + n)), by).expect("counts").len()
}

fn of_articles(reader: &Reader, text: &str) -> usize {
    reader.find_articles(&query(text), FIRST).expect("an answer").total
}

/// What a hundred askings took, sorted, and how many each found on average.
struct Measured {
    times: Vec<Duration>,
    found: usize,
}

impl Measured {
    fn median(&self) -> Duration {
        self.times[self.times.len() / 2]
    }
}

fn measure(ask: impl Fn(usize) -> usize) -> Measured {
    let (mut times, mut found) = (Vec::new(), 0);
    // Of the slow ones fewer are asked, so that a million of rows can be waited for.
    let started = Instant::now();
    for n in 0..110 {
        let began = Instant::now();
        let total = ask(n);
        if n >= 10 {
            times.push(began.elapsed());
            found += total;
        }
        if n >= 30 && started.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
    times.sort_unstable();
    Measured { found: found / times.len(), times }
}

/// Prints a line: ours, and how many times as long the median of the others is.
fn print(name: &str, ours: &Measured, sqlite: Option<Measured>, tantivy: Option<Measured>) {
    let shown = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let ratio = |other: Option<Measured>| {
        other.map_or(String::new(), |other| {
            // A word that stands in other columns than ours is no other answer, but much more or less is.
            let differs = other.found.abs_diff(ours.found) * 20 > ours.found;
            let times = other.median().as_secs_f64() / ours.median().as_secs_f64();
            format!("{times:.1}x{}", if differs { "?" } else { "" })
        })
    };
    println!(
        "{name:34} {:>10} {:>10} {:>10} {:>8} {:>8}",
        shown(ours.median()),
        shown(ours.times[ours.times.len() * 99 / 100]),
        ours.found,
        ratio(sqlite),
        ratio(tantivy)
    );
}

fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn sizes(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| sizes(&entry.path())).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |data| data.len()),
    }
}

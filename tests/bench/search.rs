//! How long searches take: `cargo bench --bench search -- [INCIDENTS]`, 20,000 unless said otherwise.
//!
//! A store is made from a fixed seed: one article for each incident, words by Zipf's law, victims, attackers, kinds, days and
//! figures by plain distributions. Then each shape of query is asked with a hundred different words, and the median and the 99th
//! percentile of the whole answer (count and first page of rows) are printed, with the sizes and how long opening takes.

#![allow(clippy::print_stdout, reason = "a bench prints")]

use std::path::Path;
use std::time::{Duration, Instant};

use breachline::base::day::{Day, DayRange};
use breachline::base::span::Span;
use breachline::model::article::{Article, ArticleId, FeedItem, Page, PublishedFrom, paragraphs};
use breachline::model::edit::Edited;
use breachline::model::incident::{Filed, Incident, IncidentId};
use breachline::model::mention::RuleId;
use breachline::model::report::{
    Attacker, Attribution, DataKind, Evidence, Field, Figure, Kind, Qualifier, Report, Salience, Unit, Victim,
};
use breachline::model::source::SourceId;
use breachline::store::kept::{Access, Kept, Outcome, ReadArticle, Saved, SourceState};
use breachline::store::query::Query;
use breachline::store::search::Index;
use breachline::store::{Page as Rows, Reader};
use url::Url;

/// Words of the language that is made; the first are as frequent as "the".
const WORDS: usize = 30_000;
/// Bodies that are hit, and groups that attack.
const VICTIMS: usize = 5_000;
const ATTACKERS: usize = 300;
/// Words of one article.
const LENGTH: usize = 250;
/// Articles saved together.
const BATCH: usize = 1_000;

fn main() {
    let count = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(20_000);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let made = Instant::now();
    let text = make(dir.path(), count);
    println!("{count} incidents in {count} articles, {} of text, made in {:.1?}", size(text), made.elapsed());

    let kept = Kept::open(dir.path(), Access::Write).expect("the store");
    let started = Instant::now();
    Index::open(dir.path(), &kept).and_then(|mut index| index.catch_up(&kept)).expect("the index");
    let took = started.elapsed();
    println!("indexed in {took:.1?}, {:.0} articles a second", count as f64 / took.as_secs_f64());
    let (database, index) = (sizes(&dir.path().join("kept.db")), sizes(&dir.path().join("search")));
    println!("kept.db {}, search {} ({:.0} % of the text)", size(database), size(index), 100.0 * index as f64 / text as f64);
    drop(kept);

    let started = Instant::now();
    let reader = Reader::open(dir.path()).expect("a reader");
    ask(&reader, "");
    println!("opened, with the first answer, in {:.1?}", started.elapsed());

    println!("\n{:34} {:>10} {:>10} {:>12}", "query", "median", "99 %", "found");
    for (name, shape) in SHAPES {
        measure(&reader, name, shape, ask);
    }
    measure(
        &reader,
        "articles: a common word",
        |n| word(5 + n % 40),
        |reader, text| {
            let query = Query::parse(text, today()).expect("a query");
            reader.find_articles(&query, FIRST).expect("an answer").total
        },
    );
    measure(
        &reader,
        "articles: a phrase",
        |n| format!("\"{} {}\"", word(5 + n % 10), word(5 + n % 7)),
        |reader, text| {
            let query = Query::parse(text, today()).expect("a query");
            reader.find_articles(&query, FIRST).expect("an answer").total
        },
    );
    measure(
        &reader,
        "days and kinds of a word",
        |n| word(20 + n),
        |reader, text| reader.days(&Query::parse(text, today()).expect("a query")).expect("an answer").len(),
    );
    measure(
        &reader,
        "facets of a word",
        |n| word(20 + n),
        |reader, text| reader.facets(&Query::parse(text, today()).expect("a query"), 10).expect("an answer").len(),
    );
}

const FIRST: Rows = Rows { offset: 0, limit: 50 };

type Shape = fn(usize) -> String;

const SHAPES: &[(&str, Shape)] = &[
    ("everything", |_| String::new()),
    ("a common word", |n| word(5 + n % 40)),
    ("a rare word", |n| word(3000 + n)),
    ("two words", |n| format!("{} {}", word(10 + n % 40), word(60 + n))),
    ("a phrase", |n| format!("\"{} {}\"", word(5 + n % 10), word(5 + n % 7))),
    ("the beginning of a word", |n| format!("{}*", &word(100 + n)[..3])),
    ("a misspelt word", |n| format!("{}~", word(100 + n))),
    ("a victim", |n| format!("victim:\"{}\"", victim(n * 7))),
    ("an attacker, largest first", |n| format!("attacker:{} sort:records", attacker(n % ATTACKERS))),
    ("a kind in a year", |n| format!("kind:{} on:{}", Kind::ALL[n % 5].word(), 2011 + n % 15)),
    ("more than a million, since 2020", |n| format!("records:>{}M after:2020", 1 + n % 5)),
    ("kind, word, figure, year", |n| format!("kind:breach {} records:>10k after:2015", word(20 + n))),
    ("a word, best first", |n| format!("{} sort:relevance", word(20 + n))),
];

fn ask(reader: &Reader, text: &str) -> usize {
    reader.find(&Query::parse(text, today()).expect("a query"), FIRST).expect("an answer").total
}

fn measure(reader: &Reader, name: &str, shape: impl Fn(usize) -> String, ask: impl Fn(&Reader, &str) -> usize) {
    let (mut times, mut found) = (Vec::new(), 0);
    for n in 0..110 {
        let text = shape(n);
        let started = Instant::now();
        let total = ask(reader, &text);
        if n >= 10 {
            times.push(started.elapsed());
            found += total;
        }
    }
    times.sort_unstable();
    println!(
        "{name:34} {:>10} {:>10} {:>12}",
        shown(times[times.len() / 2]),
        shown(times[times.len() * 99 / 100]),
        found / times.len()
    );
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
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

fn today() -> Day {
    Day::new(2026, 3, 11).expect("a day")
}

/// A generator of numbers that are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below `end`, small ones far more often: about as word frequencies are.
    fn zipf(&mut self, end: usize) -> usize {
        ((end as f64).powf(self.unit()) - 1.0) as usize
    }
}

fn word(n: usize) -> String {
    const PARTS: [&str; 24] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qi", "ro", "su", "ta", "ve", "wi", "xo", "yu",
        "za", "bre", "tri", "sto",
    ];
    let mut word = String::new();
    let mut rest = n + 24;
    while rest > 0 {
        word += PARTS[rest % 24];
        rest /= 24;
    }
    word
}

fn victim(n: usize) -> String {
    format!("{} {} Corporation", word(200 + n), word(n * 31 % 900))
}

fn attacker(n: usize) -> String {
    format!("{}sec", word(n))
}

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    for n in 0..LENGTH {
        text += &word(dice.zipf(WORDS));
        text.push(if n % 60 == 59 { '\n' } else { ' ' });
    }
    text
}

fn report(dice: &mut Dice, text: &str, published: Day) -> Report {
    let name = victim(dice.zipf(VICTIMS));
    let people = 10f64.powf(2.0 + 6.0 * dice.unit()) as u64;
    let records = if dice.below(3) == 0 {
        vec![]
    } else {
        vec![Figure { value: people, max: None, unit: Unit::People, qualifier: Qualifier::About }]
    };
    let attackers = if dice.below(3) > 0 {
        vec![]
    } else {
        vec![Attacker { name: attacker(dice.zipf(ATTACKERS)), aliases: vec![], attribution: Attribution::Claimed }]
    };
    let quote = text.get(..160).unwrap_or(text).to_owned();
    let evidence =
        Evidence { field: Field::Kind, span: Span::new(0, quote.len()), quote, rule: RuleId("bench".into()), confidence: 0.9 };
    Report {
        victim: Victim { name, aliases: vec![], named: true },
        kind: Kind::ALL[dice.zipf(Kind::ALL.len())],
        also_kinds: vec![],
        attackers,
        records,
        data: vec![DataKind::ALL[dice.zipf(DataKind::ALL.len())]],
        occurred: (dice.below(2) == 0).then(|| DayRange::day(published.plus(-(dice.below(40) as i64)))),
        disclosed: None,
        disputed: false,
        salience: Salience::Main,
        confidence: 0.9,
        evidence: vec![evidence],
    }
}

/// Makes the store and returns the size of the articles' text.
fn make(dir: &Path, count: usize) -> u64 {
    let mut kept = Kept::open(dir, Access::Write).expect("the store");
    let mut dice = Dice(7);
    let (mut bytes, mut saved, mut next) = (0, Saved::default(), 0);
    while next < count {
        let end = (next + BATCH).min(count);
        let items: Vec<FeedItem> = (next..end).map(item).collect();
        kept.save_round(&SourceId(format!("source-{}", next % 7)), &SourceState::default(), &items).expect("items");
        let mut read = Vec::new();
        for n in next..end {
            let published = Day::new(2011, 1, 1).expect("a day").plus(dice.below(5_500) as i64);
            let text = text(&mut dice);
            bytes += text.len() as u64;
            let report = report(&mut dice, &text, published);
            let article = article(n, published, text);
            read.push(ReadArticle {
                id: article.id,
                outcome: Outcome::Extracted(article, vec![(report, vec![format!("incident {n}")])]),
            });
        }
        kept.save_articles("bench", &read, &mut saved).expect("articles");
        next = end;
    }
    while let Some(scope) = kept.unmerged(BATCH).expect("reports") {
        let incidents = scope.reports.iter().map(incident).collect();
        kept.save_incidents(&scope, incidents).expect("incidents");
    }
    // One page, so that opening it as a crawl does is part of the picture.
    kept.save_page(ArticleId(1), &page(item(0).url)).expect("a page");
    bytes
}

fn item(n: usize) -> FeedItem {
    let url = Url::parse(&format!("https://news.example/{n}")).expect("an address");
    FeedItem { url, id: None, title: word(n), published: None, updated: None, summary: String::new(), content: String::new() }
}

fn page(url: Url) -> Page {
    let arrived_at = today().start();
    Page { asked: url.clone(), answered: url, arrived_at, status: 200, headers: vec![], bytes: b"<p>".to_vec() }
}

fn article(n: usize, published: Day, text: String) -> Article {
    Article {
        id: ArticleId(n as i64 + 1),
        source: SourceId("source".to_owned()),
        url: item(n).url,
        title: text.split(' ').take(9).collect::<Vec<_>>().join(" "),
        published,
        published_from: PublishedFrom::Feed,
        language: "en".to_owned(),
        paragraphs: paragraphs(&text),
        text,
    }
}

fn incident(filed: &Filed) -> Incident {
    let report = filed.report.clone();
    Incident {
        id: IncidentId(format!("incident-{}", filed.id.article.0)),
        victim: report.victim,
        kind: report.kind,
        also_kinds: report.also_kinds,
        attackers: report.attackers,
        records: report.records,
        data: report.data,
        occurred: report.occurred,
        disclosed: report.disclosed,
        disputed: report.disputed,
        first_reported: filed.published,
        last_reported: filed.published,
        confidence: report.confidence,
        edited: Edited::default(),
        reports: vec![filed.clone()],
    }
}

//! How fast everything is derived again: `cargo bench --bench derive -- [PAGES] [--words]`, 3,000 unless said otherwise. Pages read like
//! news; with `--words` they are made-up words, every one of them rare, which is hard on the index and easy on the extractor.
//!
//! Pages are made from a fixed seed and kept. Then the same pages are read and extracted on all cores without any store, which is the speed
//! of the extractor; and a rebuild is timed step by step: reading pages and saving articles, merging, indexing. Beside the time stands that of
//! the processor, all cores together, which tells the same on a machine that does something else meanwhile (Linux alone gives it).

#![allow(clippy::print_stdout, reason = "a bench prints")]

mod dice;
mod lifelike;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use breachline::base::day::Day;
use breachline::derive::{self, Progress};
use breachline::extract::{Document, extract};
use breachline::model::article::{ArticleId, FeedItem, Page};
use breachline::model::source::SourceId;
use breachline::page::{self, Hint};
use breachline::rules::Rules;
use breachline::store::kept::{Access, Answers, Kept, Packed, SourceState};
use breachline::store::search::Index;
use dice::{Dice, capital, word};
use lifelike::Press;
use mimalloc::MiMalloc;
use url::Url;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SOURCE: &str = "news";

fn main() {
    let count = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(3_000);
    let rules = Rules::builtin();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut kept = Kept::open(dir.path(), Access::Write).expect("the store");
    let press = (!std::env::args().any(|arg| arg == "--words")).then(Press::of_demo);
    let pages: Vec<Page> = keep(&mut kept, count, press.as_ref());
    let bytes: usize = pages.iter().map(|page| page.bytes.len()).sum();
    let reports = AtomicUsize::new(0);
    let began = Spent::now();
    on_all_cores(&pages, |page, n| {
        let source = SourceId(SOURCE.to_owned());
        if let Ok(article) = page::read(page, &Hint::default(), &source, ArticleId(n as i64)) {
            let document = Document { title: &article.title, text: &article.text, published: article.published };
            reports.fetch_add(extract(&document, rules).reports.len(), Ordering::Relaxed);
        }
    });
    let alone = began.since();
    println!("{count} pages of {} KB with {} reports", bytes / count.max(1) / 1024, reports.load(Ordering::Relaxed));
    println!("{:20} {:>10} {:>10} {:>10} {:>20}", "", "time", "processor", "pages/s", "of the extractor's");
    tell("extractor alone", count, alone, alone);
    let mut index = Index::open(dir.path(), &kept).expect("the index");
    for (name, again) in [("first", false), ("rebuild", true)] {
        let began = Spent::now();
        let steps = rebuild(&mut kept, &mut index, rules, again);
        let all = began.since();
        for (step, took) in ["reading", "merging", "indexing"].into_iter().zip(steps) {
            tell(&format!("{name}: {step}"), count, took, alone);
        }
        tell(&format!("{name}: all"), count, all, alone);
    }
}

/// Time, and that of the processor.
#[derive(Clone, Copy)]
struct Spent {
    wall: Duration,
    processor: Duration,
}

impl Spent {
    fn now() -> Spent {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
        // Fields 14 and 15 of proc(5), counted from behind the name: hundredths of a second in and outside the program.
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: u64 = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Spent { wall, processor: Duration::from_millis(10 * ticks) }
    }

    fn since(self) -> Spent {
        let now = Spent::now();
        Spent { wall: now.wall.saturating_sub(self.wall), processor: now.processor.saturating_sub(self.processor) }
    }
}

fn tell(what: &str, count: usize, took: Spent, alone: Spent) {
    let ratio = |took: Duration, alone: Duration| took.as_secs_f64() / alone.as_secs_f64().max(0.01);
    println!(
        "{what:20} {:>8.2} s {:>8.2} s {:>10.0} {:>10.2} {:>9.2}",
        took.wall.as_secs_f64(),
        took.processor.as_secs_f64(),
        count as f64 / took.wall.as_secs_f64(),
        ratio(took.wall, alone.wall),
        ratio(took.processor, alone.processor)
    );
}

fn on_all_cores(pages: &[Page], work: impl Fn(&Page, usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, |cores| cores.get()) {
            let run = || {
                while let n = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(page) = pages.get(n)
                {
                    work(page, n);
                }
            };
            thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, run).expect("a thread");
        }
    });
}

/// Returns what reading, merging and indexing took.
fn rebuild(kept: &mut Kept, index: &mut Index, rules: &Rules, again: bool) -> [Spent; 3] {
    // Each step ends with what is told last of it.
    let mut ends = [Spent::now(); 3];
    let began = ends[0];
    let mut progress = |progress| match progress {
        Progress::Reading { .. } => ends[0] = Spent::now(),
        Progress::Merging { .. } => ends[1] = Spent::now(),
        Progress::Indexing => {}
    };
    let derived = if again {
        derive::rebuild(kept, index, rules, &mut progress)
    } else {
        derive::catch_up(kept, index, rules, &mut progress)
    };
    derived.expect("deriving");
    ends[2] = Spent::now();
    let step = |from: Spent, to: Spent| Spent {
        wall: to.wall.saturating_sub(from.wall),
        processor: to.processor.saturating_sub(from.processor),
    };
    [step(began, ends[0]), step(ends[0], ends[1]), step(ends[1], ends[2])]
}

/// Makes pages and keeps them as a crawl does.
fn keep(kept: &mut Kept, count: usize, press: Option<&Press>) -> Vec<Page> {
    let mut dice = Dice(11);
    let made: Vec<(FeedItem, Page)> = (0..count).map(|n| story(n, &mut dice, press)).collect();
    let items: Vec<FeedItem> = made.iter().map(|(item, _)| item.clone()).collect();
    let source = SourceId(SOURCE.to_owned());
    for items in items.chunks(1000) {
        kept.save_round(&source, &SourceState::default(), items).expect("items");
    }
    let pages: Vec<Page> = made.into_iter().map(|(_, page)| page).collect();
    for (n, pages) in pages.chunks(100).enumerate() {
        let packed = (100 * n as i64 + 1..).zip(pages).map(|(n, page)| (ArticleId(n), Packed::new(page.clone())));
        kept.save_answers(&Answers { pages: packed.collect(), ..Answers::default() }).expect("pages");
    }
    pages
}

fn story(n: usize, dice: &mut Dice, press: Option<&Press>) -> (FeedItem, Page) {
    let day = Day::new(2011, 1, 1).expect("a day").plus(dice.below(5_500) as i64);
    let (title, paragraphs) = match press {
        Some(press) => press.story(day, dice),
        None => made_up(n, dice),
    };
    let body: String = paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    let meta = format!("<meta property=\"article:published_time\" content=\"{day}T10:00:00Z\">");
    let html = format!(
        "<html lang=\"en\"><head><title>{title}</title>{meta}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    );
    let url = Url::parse(&format!("https://news.example/{n}")).expect("an address");
    let item = FeedItem {
        url: url.clone(),
        id: None,
        title,
        published: None,
        updated: None,
        summary: String::new(),
        content: String::new(),
    };
    let headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
    let page =
        Page { asked: url.clone(), answered: url, arrived_at: day.start(), status: 200, headers, bytes: html.into_bytes() };
    (item, page)
}

/// Title and paragraphs of a story of made-up words.
fn made_up(n: usize, dice: &mut Dice) -> (String, Vec<String>) {
    let victim = format!("{} {} Corporation", capital(&word(dice.below(count_of_victims(n)) * 7)), capital(&word(n % 997)));
    let gang = capital(&format!("{}sec", word(dice.below(200))));
    let people = 1_000 + dice.below(3_000_000);
    let title = format!("Hackers steal data of {people} customers of {victim}");
    let mut paragraphs = vec![
        format!(
            "{victim} said on Monday that hackers broke into its network and stole the names, e-mail addresses and passwords of {people} customers."
        ),
        format!(
            "A group that calls itself {gang} claimed responsibility for the attack on {victim} and put samples of the data on a forum."
        ),
        "The company told its customers to change their passwords and said that the police had been called.".to_owned(),
    ];
    for _ in 0..12 {
        let filler: Vec<String> = (0..40).map(|_| word(dice.below(30_000))).collect();
        paragraphs.push(format!("The spokesman said that {}.", filler.join(" ")));
    }
    (title, paragraphs)
}

fn count_of_victims(n: usize) -> usize {
    n / 2 + 10
}

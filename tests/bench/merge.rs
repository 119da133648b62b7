//! How long it takes a report to join the incidents that there are: `cargo bench --bench merge -- [INCIDENTS ...] [--keep DIR]
//! [--no-search]`, with 10,000 and 100,000 unless said otherwise. `--keep` leaves what was made below a folder and uses it again;
//! `--no-search` leaves the search index out, which takes longest for a million. With `--one-victim` the numbers are reports, all of one
//! victim, 250, 2,000 and 20,000 unless said otherwise.
//!
//! A store is made from a fixed seed through its own methods: as in the news, four victims in ten were hit before, so that the most
//! frequent of a million has some hundreds of incidents, and an incident is told two or three times. Then new reports join one by one:
//! each is saved, what it touches is loaded, merged and saved. Printed are the median, the mean and the 99th percentile of that, what a
//! report takes in a night of a thousand, and how long the search index takes to follow. A report that joins alone waits three times for
//! the disk, a night a few times altogether; how long one such wait is, is printed as well. With `TMPDIR` in memory there is none.

#![allow(clippy::print_stdout, reason = "a bench prints")]

mod crowd;
mod dice;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use breachline::base::day::{Day, DayRange};
use breachline::derive::merge_scope;
use breachline::merge;
use breachline::model::article::{Article, ArticleId, FeedItem, PublishedFrom};
use breachline::model::report::{Attacker, Attribution, Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim};
use breachline::model::source::SourceId;
use breachline::store::kept::{Access, Kept, Keyed, Outcome, ReadArticle, Saved, SourceState};
use breachline::store::search::Index;
use dice::{Dice, capital, word};
use url::Url;

/// Articles saved together, and reports merged together.
const BATCH: usize = 2_000;
/// Reports that join one by one.
const JOINING: usize = 300;
/// Reports of a night.
const NIGHT: usize = 1_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let searched = !args.iter().any(|arg| arg == "--no-search");
    let keep = args.iter().position(|arg| arg == "--keep").and_then(|at| args.get(at + 1)).map(PathBuf::from);
    let mut sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if args.iter().any(|arg| arg == "--one-victim") {
        return crowd::measure(if sizes.is_empty() { &[250, 2_000, 20_000] } else { &sizes });
    }
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    println!(
        "{:>10} {:>10} {:>10}   {:>10} {:>10} {:>10}   {:>12} {:>10} {:>10}",
        "incidents", "reports", "made", "median", "mean", "99 %", "in a night", "search", "the disk"
    );
    for count in sizes {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        measure(keep.as_ref().map_or(temporary.path(), |keep| keep.as_path()), count, searched);
    }
}

/// Makes a store of so many incidents, or goes on with the one that is there; `told` in its folder says how many reports it has.
fn make(dir: &Path, count: usize) -> (Kept, News) {
    std::fs::create_dir_all(dir).expect("a folder");
    let mut kept = Kept::open(dir, Access::Write).expect("the store");
    let mut news = News::new();
    let told = std::fs::read_to_string(dir.join("told")).ok().and_then(|told| told.parse().ok()).unwrap_or(0);
    while news.told < told {
        news.one();
    }
    while news.events.len() < count {
        let told = news.tell(BATCH);
        join(&mut kept, told);
    }
    std::fs::write(dir.join("told"), news.told.to_string()).expect("a note");
    (kept, news)
}

fn measure(dir: &Path, count: usize, searched: bool) {
    let dir = dir.join(count.to_string());
    let started = Instant::now();
    let (mut kept, mut news) = make(&dir, count);
    let made = started.elapsed();
    let mut index = searched.then(|| Index::open(&dir, &kept).expect("the index"));
    let mut follow = |kept: &Kept| index.as_mut().map(|index| index.catch_up(kept).expect("searches"));
    follow(&kept);
    let incidents = kept.counts().expect("the counts").incidents;
    let reports = news.told;
    let mut times: Vec<Duration> = (0..JOINING)
        .map(|_| {
            let told = news.tell(1);
            let started = Instant::now();
            join(&mut kept, told);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let mean = times.iter().sum::<Duration>() / JOINING as u32;
    let told = news.tell(NIGHT);
    let started = Instant::now();
    join(&mut kept, told);
    let night = started.elapsed() / NIGHT as u32;
    let started = Instant::now();
    let search = follow(&kept).map_or_else(|| "-".to_owned(), |_| shown(started.elapsed()));
    println!(
        "{incidents:>10} {reports:>10} {:>8.0} s   {:>10} {:>10} {:>10}   {:>12} {:>10} {:>10}",
        made.as_secs_f64(),
        shown(times[JOINING / 2]),
        shown(mean),
        shown(times[JOINING * 99 / 100]),
        shown(night),
        search,
        shown(disk(&mut kept)),
    );
    std::fs::write(dir.join("told"), news.told.to_string()).expect("a note");
}

/// Returns how long a commit of hardly anything takes.
fn disk(kept: &mut Kept) -> Duration {
    let mut times: Vec<Duration> = (0..51)
        .map(|_| {
            let started = Instant::now();
            kept.save_round(&SourceId("news".to_owned()), &SourceState::default(), &[]).expect("a state");
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Saves articles and merges what that touches, as `derive` does.
fn join(kept: &mut Kept, told: Vec<(FeedItem, ReadArticle)>) {
    save(kept, told);
    merge_all(kept);
}

fn save(kept: &mut Kept, told: Vec<(FeedItem, ReadArticle)>) {
    let (items, read): (Vec<FeedItem>, Vec<ReadArticle>) = told.into_iter().unzip();
    kept.save_round(&SourceId("news".to_owned()), &SourceState::default(), &items).expect("items");
    kept.save_articles("bench", &read, &mut Saved::default()).expect("articles");
}

fn merge_all(kept: &mut Kept) {
    while let Some(mut scope) = kept.unmerged::<merge::Outline>(BATCH).expect("reports") {
        let incidents = merge_scope(&mut scope);
        kept.save_incidents(&scope, incidents).expect("incidents");
    }
}

/// What happened, so that it can be told more than once.
#[derive(Clone)]
struct Event {
    victim: usize,
    kind: Kind,
    day: Day,
    people: u64,
}

/// News without end, the same every time.
struct News {
    dice: Dice,
    victims: usize,
    events: Vec<Event>,
    told: usize,
}

impl News {
    fn new() -> News {
        News { dice: Dice(7), victims: 0, events: Vec::new(), told: 0 }
    }

    fn tell(&mut self, count: usize) -> Vec<(FeedItem, ReadArticle)> {
        (0..count).map(|_| self.one()).collect()
    }

    fn one(&mut self) -> (FeedItem, ReadArticle) {
        self.told += 1;
        let old = !self.events.is_empty() && self.dice.below(5) < 3;
        let event = if old { self.recent() } else { self.happens() };
        let published = event.day.plus(3 + self.dice.below(40) as i64);
        article(self.told, published, report(&event, &mut self.dice))
    }

    /// One of the last thousand events, most of which are told again soon.
    fn recent(&mut self) -> Event {
        let back = self.dice.below(self.events.len().min(1000));
        self.events[self.events.len() - 1 - back].clone()
    }

    /// A new event: of a victim that was hit before in four cases of ten, the oftener the more likely.
    fn happens(&mut self) -> Event {
        let again = !self.events.is_empty() && self.dice.below(10) < 4;
        let victim = if again {
            self.events[self.dice.below(self.events.len())].victim
        } else {
            self.victims += 1;
            self.victims
        };
        let event = Event {
            victim,
            kind: Kind::ALL[self.dice.below(4)],
            day: Day::new(2011, 1, 1).expect("a day").plus(self.dice.below(5_500) as i64),
            people: 10f64.powf(2.0 + 6.0 * self.dice.unit()) as u64,
        };
        self.events.push(event.clone());
        event
    }
}

/// Returns the name of a victim: firms, hospitals, schools, towns.
fn name(n: usize) -> String {
    let (one, other) = (capital(&word(n * 7 % 1_000_003)), capital(&word(n * 31 % 5_003)));
    match n % 8 {
        0 => format!("{one} Medical Center"),
        1 => format!("City of {one}"),
        2 => format!("{one} University"),
        3 => format!("{one} {other} Bank"),
        4 => format!("{one}{}", word(n % 89)),
        5 => format!("{one} {other} Inc."),
        6 => format!("{other} {one} Holdings"),
        _ => format!("{one} & {other} LLP"),
    }
}

fn report(event: &Event, dice: &mut Dice) -> Report {
    let figure = Figure { value: event.people, max: None, unit: Unit::People, qualifier: Qualifier::Exact, by: Speaker::Untold };
    let by = Attacker { name: format!("{}sec", word(event.victim % 97)), aliases: vec![], attribution: Attribution::Claimed };
    let victim = Victim { name: name(event.victim), aliases: vec![], named: true };
    Report {
        attackers: if dice.below(3) == 0 { vec![by] } else { vec![] },
        records: if dice.below(2) == 0 { vec![figure] } else { vec![] },
        occurred: (dice.below(2) == 0).then(|| DayRange::day(event.day)),
        ..report_of(victim, event.kind)
    }
}

/// A report that says no more than what happened to whom.
fn report_of(victim: Victim, kind: Kind) -> Report {
    Report {
        victim,
        kind,
        also_kinds: vec![],
        attackers: vec![],
        records: vec![],
        data: vec![],
        occurred: None,
        disclosed: None,
        disputed: false,
        salience: Salience::Main,
        confidence: 0.9,
        evidence: vec![],
    }
}

fn article(n: usize, published: Day, report: Report) -> (FeedItem, ReadArticle) {
    let url = Url::parse(&format!("https://news.example/{n}")).expect("an address");
    let title = format!("{} says", report.victim.name);
    let item = FeedItem {
        url: url.clone(),
        id: None,
        title: title.clone(),
        published: None,
        updated: None,
        summary: String::new(),
        content: String::new(),
    };
    let text = format!("{} was hit.", report.victim.name);
    let article = Article {
        id: ArticleId(n as i64),
        source: SourceId("news".to_owned()),
        url,
        title,
        published,
        published_from: PublishedFrom::Feed,
        language: "en".to_owned(),
        paragraphs: breachline::model::article::paragraphs(&text),
        text,
    };
    let (keys, gist) = (merge::keys(&report.victim), merge::gist(&report, published));
    (item, ReadArticle::new(article.id, Outcome::Extracted(article, vec![Keyed { report, keys, gist }])))
}

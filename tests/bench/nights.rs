//! A soak: `cargo bench --bench nights -- [NIGHTS [STILL]]`, 30 and 10 unless said otherwise. The whole nightly job, night after night in
//! one process, over a small news web that grows and changes: each night new stories, now and then a figure that grew, an unchanged or a
//! failing source. Then nights on which nothing new is told: what grows on them is lost, and not what more incidents need.
//! Memory, open handles, threads and the time for a new article are printed for each night and drawn.

#![allow(clippy::print_stdout, reason = "a bench prints")]

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Instant;

use breachline::cli::{Console, run};
use jiff::Timestamp;

/// The night that is being simulated, from 0.
static NIGHT: AtomicI64 = AtomicI64::new(0);
/// The last night that has stories.
static LAST: AtomicI64 = AtomicI64::new(i64::MAX);
/// Pages that were answered.
static PAGES: AtomicUsize = AtomicUsize::new(0);

/// Sites of the news web.
const SITES: usize = 6;
/// Stories that each site adds in a night.
const STORIES: usize = 5;
/// Stories that a site's list names.
const LISTED: usize = 20;

/// What one night took.
struct Measured {
    articles: usize,
    milliseconds: f64,
    memory: f64,
    handles: usize,
    threads: usize,
    database: f64,
}

impl Measured {
    /// The milliseconds for an article; 0 on a night without any.
    fn for_an_article(&self) -> f64 {
        if self.articles == 0 { 0.0 } else { self.milliseconds / self.articles as f64 }
    }
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<i64>().ok());
    let (nights, still) = (numbers.next().unwrap_or(30), numbers.next().unwrap_or(10));
    LAST.store(nights - 1, Ordering::SeqCst);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = serve();
    configure(folder.path(), port);
    let measured: Vec<Measured> = (0..nights + still).map(|night| one(night, folder.path())).collect();
    println!(
        "{:>5} {:>9} {:>14} {:>10} {:>8} {:>8} {:>10}",
        "night", "articles", "ms an article", "memory MB", "handles", "threads", "kept MB"
    );
    for (night, m) in measured.iter().enumerate() {
        println!(
            "{:>5} {:>9} {:>14.1} {:>10.1} {:>8} {:>8} {:>10.1}",
            night + 1,
            m.articles,
            m.for_an_article(),
            m.memory,
            m.handles,
            m.threads,
            m.database
        );
    }
    draw("milliseconds for a new article", measured.iter().map(Measured::for_an_article));
    draw("memory in MB", measured.iter().map(|m| m.memory));
    draw("open handles", measured.iter().map(|m| m.handles as f64));
    draw("kept.db in MB", measured.iter().map(|m| m.database));
}

fn one(night: i64, folder: &Path) -> Measured {
    NIGHT.store(night, Ordering::SeqCst);
    PAGES.store(0, Ordering::SeqCst);
    let mut console = Console::of_process(now);
    (console.out, console.err) = (Box::new(std::io::sink()), Box::new(std::io::sink()));
    (console.out_is_terminal, console.err_is_terminal) = (false, false);
    let path = |name: &str| folder.join(name).display().to_string();
    let (config, index) = (path("sources.toml"), path("index"));
    let args = ["breachline", "--config", &config, "--index", &index, "ingest", "--quiet"];
    let begun = Instant::now();
    let _ = run(args.iter().map(OsString::from), &mut console);
    Measured {
        articles: PAGES.load(Ordering::SeqCst),
        milliseconds: begun.elapsed().as_secs_f64() * 1000.0,
        memory: status("VmRSS:") as f64 / 1024.0,
        handles: fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
        threads: status("Threads:"),
        database: fs::metadata(folder.join("index/kept.db")).map_or(0.0, |data| data.len() as f64 / 1e6),
    }
}

/// A number of `/proc/self/status`; 0 where there is none.
fn status(key: &str) -> usize {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Three in the morning, each night a day later.
fn now() -> Timestamp {
    Timestamp::from_second(1_772_334_000 + NIGHT.load(Ordering::SeqCst) * 86_400).expect("a moment")
}

fn configure(folder: &Path, port: u16) {
    let mut text = "[settings]\npause = \"0ms\"\nper_host = 4\nallow = [\"127.0.0.0/8\"]\nkeep_pages = \"10d\"\n".to_owned();
    for site in 0..SITES {
        text += &format!("\n[[source]]\nname = \"Site {site}\"\nurl = \"http://127.0.0.{}:{port}/feed\"\n", site + 2);
    }
    text += "\n[[watch]]\nname = \"Large\"\nquery = \"records:>100k\"\natom = \"large.xml\"\n";
    fs::write(folder.join("sources.toml"), text).expect("a configuration");
}

/// Serves every site on every loopback address, on a port that the system chooses.
fn serve() -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || drop(answer(&stream)));
        }
    });
    port
}

fn answer(stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut host = String::new();
    for line in lines {
        let line = line?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("host:") {
            host = value.trim().to_owned();
        }
        if line.is_empty() {
            break;
        }
    }
    let site: usize = host.split(['.', ':']).nth(3).and_then(|part| part.parse().ok()).unwrap_or(2) - 2;
    let (status, body) = page(site, &path);
    let mut out = stream;
    write!(out, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn page(site: usize, path: &str) -> (&'static str, String) {
    let night = NIGHT.load(Ordering::SeqCst) as usize;
    if path == "/robots.txt" || (site == night % (SITES * 3)) {
        return ("404 Not Found", String::new()); // a source fails now and then
    }
    if path == "/feed" {
        let told = night.min(LAST.load(Ordering::SeqCst) as usize) + 1;
        return ("200 OK", feed(told * STORIES));
    }
    PAGES.fetch_add(1, Ordering::SeqCst);
    ("200 OK", story(site, path.trim_start_matches("/story/").parse().unwrap_or(0)))
}

/// The list of a site that has so many stories: the last of them.
fn feed(stories: usize) -> String {
    let item =
        |n: usize| format!("<item><title>{}</title><link>/story/{n}</link><pubDate>{}</pubDate></item>", title(n), date(n));
    let items: String = (stories.saturating_sub(LISTED)..stories).rev().map(item).collect();
    format!("<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>")
}

const VICTIMS: [&str; 12] = [
    "Larkhaven Bank",
    "Orchard Freight",
    "Corran Hospital",
    "Tamarack Schools",
    "Quaywater Energy",
    "Stadt Ellern",
    "Fenwick Stores",
    "Port Ellery",
    "Dray Insurance",
    "Sandover Clinics",
    "Ridge Telecom",
    "Pell Airlines",
];

/// Who a story is about. Some stories tell of the same body again, with a larger figure.
fn victim(n: usize) -> String {
    format!(
        "{} {}",
        VICTIMS[n % VICTIMS.len()],
        ["North", "South", "East", "West", "Group", "Direct", "One"][n / VICTIMS.len() % 7]
    )
}

fn title(n: usize) -> String {
    format!("{} says hackers stole customer data", victim(n))
}

fn day(n: usize) -> Timestamp {
    Timestamp::from_second(1_772_300_000 + (n / STORIES) as i64 * 86_400).expect("a moment")
}

fn date(n: usize) -> String {
    day(n).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn story(site: usize, n: usize) -> String {
    let (victim, people) = (victim(n), 10_000 + 7_919 * n + 13 * site);
    let more = "The company has told the police and the regulator, and has asked a security firm to look into how it came about. \
                Customers will get a letter within the next weeks, and a telephone line has been set up for their questions. ";
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title><meta property='article:published_time' content='{day}'></head><body><article>\
         <h1>{title}</h1><p>{victim} said that hackers broke into its network and stole the names and addresses of {people} customers.</p>\
         <p>{body}</p><p>Nobody has claimed responsibility for the attack on {victim} so far, a spokeswoman said.</p></article></body></html>",
        title = title(n),
        day = day(n),
        body = more.repeat(6),
    )
}

/// Draws values night by night, from nothing to the largest.
fn draw(what: &str, values: impl Iterator<Item = f64>) {
    const HEIGHT: usize = 8;
    let values: Vec<f64> = values.collect();
    let most = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    println!("\n{what}, up to {most:.1}");
    for row in (0..HEIGHT).rev() {
        let bar = |value: &f64| {
            let filled = value / most * HEIGHT as f64 - row as f64;
            [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][(filled.clamp(0.0, 1.0) * 8.0).round() as usize]
        };
        println!("  {}", values.iter().map(bar).collect::<String>());
    }
}

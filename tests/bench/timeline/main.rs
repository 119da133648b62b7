//! How long a person waits for the timeline: `cargo bench --bench timeline -- INDEX...`, each the folder of an index, such as
//! `cargo bench --bench search -- 10000 100000 1000000 --keep DIR` leaves below `DIR`.
//!
//! The program itself runs in a pseudo-terminal of 120x40. Told are the time from its start to the first picture with incidents on it, the time
//! from a key to the frame that follows it over an hour of keys (`keys.txt`), that from a letter of a search to its answer on the screen, the
//! memory, and what it does when nobody does anything.
//!
//! With `--served` before the indexes it is `breachline serve` that has the index, and the program looks at it by `--remote`.
//!
//! `cargo bench --bench timeline -- --walk STEPS INDEX...` goes three random walks over each index instead, and edits it on the way.

#![allow(clippy::print_stdout, reason = "a bench prints")]

mod keys;
mod terminal;
mod walk;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use terminal::{Service, Started, Terminal};

/// Starts of which the median is told.
const STARTS: usize = 11;
/// Searches that are typed letter by letter: words of the articles that `search` makes, and what people look for.
const SEARCHES: &[&str] =
    &["kind:ransomware", "corporation after:2020", "records:>1M", "bace", "attacker:dice sort:records", "\"ba be\""];
/// The longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it is left alone to see what it does.
const IDLE: Duration = Duration::from_secs(20);

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let steps = args.iter().position(|arg| arg == "--walk").map(|at| {
        args.remove(at);
        args.remove(at).parse().expect("a number of steps after --walk")
    });
    let is_served = args.iter().position(|arg| arg == "--served").map(|at| args.remove(at)).is_some();
    if args.is_empty() {
        println!("name the folders of indexes: cargo bench --bench timeline -- INDEX...");
    }
    for index in args.iter().map(Path::new) {
        match steps {
            Some(steps) => walks(index, steps),
            None => one(index, is_served),
        }
    }
}

fn walks(index: &Path, steps: usize) {
    for seed in 1..=3 {
        let took = walk::walk(index, seed, steps);
        println!("{}: walk {seed}, {steps} steps in {} s", index.display(), took.as_secs());
    }
}

fn one(index: &Path, is_served: bool) {
    let service = is_served.then(|| Service::start(index));
    let url = service.as_ref().map(|service| service.url.as_str());
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (mut terminal, started) = start(index, url);
        first.push(started.picture);
        whole.push(started.bars);
        terminal.press(b"Q");
        terminal.end();
    }
    let (mut terminal, _) = start(index, url);
    println!("== {}{}: {}", index.display(), if is_served { ", served" } else { "" }, terminal.count());
    tell("start to first picture", &mut first);
    tell("start to the bars above it", &mut whole);
    let at_start = terminal.memory();
    tell_with_slowest("letter to answer", searching(&mut terminal));
    tell_with_slowest("key to frame", keys::hour(&mut terminal));
    terminal.rest(PATIENCE);
    idle(&terminal);
    let after = terminal.memory();
    println!(
        "memory: {} at the start, {} after the hour, {} at most; mapped files are not counted",
        at_start.own, after.own, after.most
    );
    println!("        {} with the files that are mapped", after.all);
    terminal.press(b"Q");
    terminal.end();
}

/// Starts it where it has never been.
fn start(index: &Path, url: Option<&str>) -> (Terminal, Started) {
    let _ = fs::remove_file(index.join("view.json"));
    let began = Instant::now();
    let mut terminal = url.map_or_else(|| Terminal::start(index), Terminal::start_remote);
    let started = terminal.until_started(began, PATIENCE);
    (terminal, started)
}

/// Types searches; returns how long each letter took until what it finds was on the screen, and what was typed by then.
fn searching(terminal: &mut Terminal) -> Vec<(Duration, String)> {
    let mut took = Vec::new();
    for search in SEARCHES {
        terminal.press(b"/");
        for end in 1..=search.len() {
            let began = Instant::now();
            terminal.press(&search.as_bytes()[end - 1..end]);
            let answered = terminal.until(PATIENCE, |screen| screen.has_searched(&search[..end]));
            took.push((answered.duration_since(began), search[..end].to_owned()));
        }
        terminal.press(b"\x15");
        terminal.until(PATIENCE, |screen| screen.has_searched(""));
        terminal.press(b"\r");
        terminal.settle();
    }
    took
}

/// Leaves it alone and tells what it did.
fn idle(terminal: &Terminal) {
    let (cpu, written) = (terminal.cpu(), terminal.written());
    std::thread::sleep(IDLE);
    let percent = (terminal.cpu() - cpu).as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    println!("idle: {percent:.2} % of a core, {} bytes drawn in {} s", terminal.written() - written, IDLE.as_secs());
}

/// Prints how long it took, and which were the slowest.
fn tell_with_slowest(what: &str, mut took: Vec<(Duration, String)>) {
    took.sort();
    tell(what, &mut took.iter().map(|(took, _)| *took).collect::<Vec<_>>());
    let slowest = took.iter().rev().take(10).map(|(took, of)| format!("{of} {} ms", took.as_millis()));
    println!("  the slowest: {}", slowest.collect::<Vec<_>>().join(", "));
}

/// Prints how many there are, the median, the 99th percentile and the longest.
fn tell(what: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let at =
        |share: f64| took.get(((took.len() - 1) as f64 * share).round() as usize).map_or(0.0, |took| took.as_secs_f64() * 1e3);
    if !took.is_empty() {
        println!("{what:<28} {:>5}: p50 {:>7.2} ms, p99 {:>7.2} ms, most {:>7.2} ms", took.len(), at(0.5), at(0.99), at(1.0));
    }
}

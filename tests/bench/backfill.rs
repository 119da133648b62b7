//! A saved crawl through the gate, and the whole way into an index: pages a second and core.
//!
//! The archive is made here: pages of 80 KB, of which so many in a thousand tell of an incident. Other archives may be named:
//! `cargo bench --bench backfill -- FILE.warc.gz`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use breachline::backfill;
use breachline::backfill::candidate::Passing;
use breachline::derive;
use breachline::fetch::warc::{Archive, Place};
use breachline::model::config::Config;
use breachline::rules::Rules;
use breachline::store::kept::{Access, Kept};
use breachline::store::search::Index;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Pages of the archive that is made.
const PAGES: usize = 4000;
/// How many in a thousand of them tell of an incident.
const STORIES: usize = 100;
/// The length of each, in bytes.
const LENGTH: usize = 80 * 1024;

#[allow(clippy::print_stdout)]
fn main() {
    let named: Vec<PathBuf> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).map(PathBuf::from).collect();
    let dir = tempfile::tempdir().expect("a folder for the archive");
    let files = if named.is_empty() { vec![made(dir.path())] } else { named };
    for file in &files {
        let (records, unpacking) = through(file, |_| false);
        let passing = Passing::new(&Config::default());
        let (_, gate) = through(file, |record| passing.page(record).is_ok());
        let rate = |seconds: f64| records as f64 / seconds;
        println!("{records} records: unpacking {:.0} a second, with the gate {:.0}, on one core", rate(unpacking), rate(gate));
    }
    let began = Instant::now();
    let index = dir.path().join("index");
    let mut kept = Kept::open(&index, Access::Write).expect("a store");
    let outcomes = backfill::run(&files, &Config::default(), &mut kept, &mut |_| ()).expect("a backfill");
    let through = began.elapsed().as_secs_f64();
    let mut search = Index::open(&index, &kept).expect("an index");
    let derived = derive::catch_up(&mut kept, &mut search, Rules::builtin(), &mut |_| ()).expect("derived");
    let all = began.elapsed().as_secs_f64();
    let answers: u64 = outcomes.iter().map(|outcome| outcome.tally.answers).sum();
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    println!(
        "{answers} answers, {} pages kept, {} articles, {} incidents: through the gate into the store {:.1} s, then read, merged and indexed {:.1} s, on {cores} cores",
        outcomes.iter().map(|outcome| outcome.tally.new).sum::<u64>(),
        derived.read.new,
        derived.incidents.new,
        through,
        all - through,
    );
}

/// Reads a file on this thread and gives each answer to a step; returns the records and the seconds.
fn through(file: &Path, mut step: impl FnMut(&breachline::fetch::warc::Record) -> bool) -> (usize, f64) {
    let began = Instant::now();
    let mut archive = Archive::open(File::open(file).expect("the archive"), Place::default()).expect("an archive");
    let mut records = 0;
    while let Some(record) = archive.next_record(16 << 20).expect("whole records") {
        records += 1;
        if record.kind == "response" {
            std::hint::black_box(step(&record));
        }
    }
    (records, began.elapsed().as_secs_f64())
}

fn made(dir: &Path) -> PathBuf {
    let path = dir.join("made.warc.gz");
    let mut file = io::BufWriter::new(File::create(&path).expect("a file"));
    for number in 0..PAGES {
        let page = page(number);
        let content = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        let record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:made:{number}>\r\nWARC-Date: 2020-05-06T07:08:09Z\r\n\
             WARC-Target-URI: https://paper{}.example/{number}\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n",
            number % 40,
            content.len()
        );
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        member.write_all(record.as_bytes()).expect("packed");
        file.write_all(&member.finish().expect("packed")).expect("written");
    }
    file.into_inner().expect("written");
    println_size(&path);
    path
}

#[allow(clippy::print_stdout)]
fn println_size(path: &Path) {
    println!(
        "an archive of {} MB, {STORIES} of 1,000 pages tell of an incident",
        fs::metadata(path).map_or(0, |file| file.len()) >> 20
    );
}

fn page(number: usize) -> String {
    let story = number * STORIES % 1000 < STORIES;
    let mut page = String::with_capacity(LENGTH + 1000);
    page.push_str("<!doctype html><html lang=\"en\"><head><title>News of the day</title></head><body><article>");
    let town = ["Ashford", "Barton", "Clifton", "Denby", "Elston", "Fenwick", "Granby", "Hadley"][number % 8];
    for k in 0..12 {
        if story && k == 0 {
            page.push_str(&format!(
                "<p>Hackers broke into the computers of the {town} Water Company {number} in May and stole the names of {} customers, the company said.</p>",
                1000 + number
            ));
        }
        page.push_str(&format!(
            "<p>The council of {town} opened bridge number {} on Saturday, and the band played until midnight although it rained {number} drops an hour. \
             The mayor thanked everyone who had come to see it, among them her predecessor, and spoke for a quarter of an hour about rivers.</p>",
            number * 31 + k
        ));
    }
    page.push_str("</article>");
    for k in 0.. {
        if page.len() >= LENGTH {
            break;
        }
        let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(k as u32);
        page.push_str(&format!(
            "<div class=\"promo\" data-i=\"{k}\"><a href=\"/p/{mixed:x}\">Subscribe to our newsletter</a></div>\n<script>var q{k}=['{mixed:x}','{:x}'];</script>\n",
            mixed ^ 0x5555
        ));
    }
    page
}

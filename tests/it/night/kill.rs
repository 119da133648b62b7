//! The nightly job killed (SIGKILL) at random moments: nothing is lost, nothing is there twice, the next run goes on.

#![allow(clippy::print_stdout, reason = "where the kills fell is worth knowing")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use breachline::store::kept::{Access, Kept};
use serde_json::Value;

use super::faults::some_news;
use crate::cli::{folder_with_news, program, run};

/// How often it is killed, with two sites. `BREACHLINE_KILLS` names another number, for a long run by hand over all sites.
const KILLS: u64 = 6;

/// The next of a fixed row of random numbers (SplitMix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut x = *state;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Runs the job and kills it after that long; tells whether it had ended by itself.
fn ingest_for(folder: &Path, index: &str, most: Duration) -> bool {
    let mut child = program(folder, &["ingest", "--index", index]).spawn().unwrap();
    let (ends, ended) = channel();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    // Its output ends when it does.
    thread::spawn(move || {
        let mut told = Vec::new();
        let _ = err.read_to_end(&mut told);
        let _ = out.read_to_end(&mut told);
        let _ = ends.send(());
    });
    let killed = ended.recv_timeout(most) == Err(RecvTimeoutError::Timeout);
    if killed {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    assert!(killed || status.success(), "{status}");
    !killed
}

/// Says where a kill fell, by what it left: the database is whole, whatever that is.
fn fell(index: &Path) -> &'static str {
    if !index.join("kept.db").exists() {
        return "before there was a database";
    }
    let kept = Kept::open(index, Access::Write).unwrap();
    kept.check().unwrap();
    let counts = kept.counts().unwrap();
    match (counts.waiting, kept.unread_count().unwrap()) {
        (0, 0) if counts.items == 0 => "before the first list was kept",
        (0, 0) => "after all pages were read: merging, searching, the end",
        (0, _) => "while pages were read",
        _ => "while pages were fetched",
    }
}

/// Everything that can be found, without what depends on the number of nights.
fn found(folder: &Path, index: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let lines = |args: &[&str]| run(folder, &[args, &["--json", "--limit", "1000", "--index", index]].concat(), "").json();
    let text = |line: &Value, keys: &[&str]| keys.iter().map(|key| line[*key].to_string()).collect::<Vec<_>>().join(" ");
    let articles = lines(&["search", "--articles", ""]);
    let incidents = lines(&["search", ""]);
    let urls: BTreeSet<String> = articles.iter().map(|line| text(line, &["url", "title", "reports"])).collect();
    assert_eq!(urls.len(), articles.len(), "an article is there twice");
    (urls, incidents.iter().map(|line| text(line, &["victim", "kind", "records", "days", "reports"])).collect())
}

#[test]
fn a_job_that_is_killed_at_any_moment_loses_nothing_and_keeps_nothing_twice() {
    let kills = std::env::var("BREACHLINE_KILLS").ok().and_then(|kills| kills.parse().ok());
    let (folder, _web) = if kills.is_some() { folder_with_news() } else { some_news() };
    let kills = kills.unwrap_or(KILLS);
    let folder = folder.path();
    let began = Instant::now();
    assert!(ingest_for(folder, "whole", Duration::from_secs(600)));
    let whole = began.elapsed();
    let (expected, mut state, mut rounds) = (found(folder, "whole"), 2011, 0);
    assert!(expected.0.len() > 10 && expected.1.len() > 10, "enough to lose");
    let (mut killed, mut places) = (0, BTreeMap::<&str, u64>::new());
    while killed < kills {
        let index = format!("cut-{rounds}");
        // Each index is cut off at random moments until a run comes to its end, so that every part of the job has its turn.
        for longer in 4.. {
            // Later cuts come later, so that this ends also on a machine that has become slower meanwhile.
            let part = Duration::from_micros(random(&mut state) % (whole.as_micros() as u64 * longer / 4));
            if ingest_for(folder, &index, part) {
                break;
            }
            killed += 1;
            *places.entry(fell(&folder.join(&index))).or_default() += 1;
        }
        assert!(ingest_for(folder, &index, Duration::from_secs(600)));
        assert_eq!(found(folder, &index), expected, "after {killed} kills");
        std::fs::remove_dir_all(folder.join(&index)).unwrap();
        rounds += 1;
    }
    println!("{killed} kills in {rounds} indexes:");
    places.iter().for_each(|(place, kills)| println!("{kills:>6} {place}"));
}

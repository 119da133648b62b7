//! Faults around the program, each in a process of its own: after every one nothing that was committed is lost, nothing is doubled, and the
//! next run is whole. The job killed at random moments is in `kill`.

#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use breachline::cli::{Console, Exit};
use breachline::store::kept::{Access, Kept};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::{Ran, folder_with_news, program, run};
use crate::server::{Answer, Asked, Server};

/// The ids that a search finds, each once.
fn ids(folder: &Path) -> Vec<String> {
    ids_of(folder, "index")
}

fn ids_of(folder: &Path, index: &str) -> Vec<String> {
    let found = run(folder, &["search", "--json", "--limit", "1000", "--index", index], "");
    assert_eq!(found.code, 0, "{}", found.err);
    let mut ids: Vec<String> = found.json().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "nothing is doubled");
    ids
}

/// A folder as [`folder_with_news`] makes it, with two of the sites only: enough to lose.
pub fn some_news() -> (tempfile::TempDir, breachline::demo::Demo) {
    let (folder, web) = folder_with_news();
    let file = folder.path().join("sources.toml");
    let text = fs::read_to_string(&file).unwrap();
    let mut blocks = text.split("\n[[source]]\n");
    let head = blocks.next().unwrap().to_owned();
    let chosen = blocks.filter(|block| ["Meridian Wire", "Ward Round"].iter().any(|name| block.contains(name)));
    let text = chosen.fold(head, |text, block| text + "\n[[source]]\n" + block);
    fs::write(&file, text).unwrap();
    (folder, web)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Turns some bits around in the middle of a file.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    let end = (middle + 8).min(bytes.len());
    bytes[middle..end].iter_mut().for_each(|byte| *byte ^= 0x55);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_damaged_file_of_the_search_is_noticed_made_anew_and_told() {
    let (folder, _web) = some_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let before = ids(folder);
    let kinds = ["store", "term", "idx", "pos", "fast", "fieldnorm", "json"];
    for kind in kinds {
        let files = files_below(&folder.join("index/search/incidents"));
        let of_kind = |file: &&PathBuf| {
            file.extension().is_some_and(|ending| ending == kind) && !file.file_name().unwrap().to_string_lossy().starts_with('.')
        };
        let file = files.iter().filter(of_kind).max_by_key(|file| fs::metadata(file).unwrap().len());
        damage(file.unwrap_or_else(|| panic!("a file of {kind} among {files:?}")));
        let next = run(folder, &["ingest", "--json"], "");
        assert_eq!(next.code, 0, "{kind}: {}", next.err);
        assert_eq!(next.json().pop().unwrap()["search_made_anew"], json!(true), "{kind}");
    }
    assert_eq!(ids(folder), before);
    let told = run(folder, &["ingest"], "");
    assert!(!told.out.contains("made anew"), "only where it was: {}", told.out);
}

#[test]
fn a_damaged_page_of_the_store_is_noticed_refused_and_put_back() {
    let (folder, _web) = some_news();
    let folder = folder.path();
    let database = folder.join("index/kept.db");
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let before = ids(folder);
    assert_eq!(run(folder, &["backup", "copy.db"], "").code, 0);
    let page = 4096;
    let mut bytes = fs::read(&database).unwrap();
    let root: i64 = rusqlite::Connection::open(&database)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'belongs'", [], |row| row.get(0))
        .unwrap();
    let at = (root as usize - 1) * page;
    bytes[at..at + page].fill(0xa5);
    fs::write(&database, &bytes).unwrap();

    let refused = run(folder, &["ingest"], "");
    assert_eq!(refused.code, 4, "{}", refused.out);
    assert!(refused.err.contains("the index is damaged") && refused.err.contains("breachline restore FILE"), "{}", refused.err);
    assert_eq!(fs::read(&database).unwrap(), bytes, "what is there is not touched");
    let doctor = run(folder, &["doctor", "--offline"], "");
    assert!(doctor.code == 4 && doctor.out.contains("breachline restore FILE"), "{}", doctor.out);
    assert_eq!(run(folder, &["restore", "copy.db"], "").code, 0);
    assert_eq!(ids(folder), before);
    assert_eq!(run(folder, &["ingest"], "").code, 0);
}

/// A small file system in memory at a folder, gone when this is dropped; None where the system does not let us.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<SmallDisk> {
        fs::create_dir_all(at).unwrap();
        mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], at).then(|| SmallDisk(at.to_owned()))
    }

    fn change(&self, how: &str) {
        assert!(mount(&["-o", &format!("remount,{how}")], &self.0), "{how}");
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    let ran = Command::new("mount").args(args).arg(at).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_ends_the_run_in_plain_words_and_the_next_one_is_whole() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let Some(disk) = SmallDisk::mount(&folder.join("index"), "64m") else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let whole = ids(folder);
    let mut ended = Vec::new();
    // Both are smaller than what the pages take: one is full early, one late.
    for size in ["200k", "500k"] {
        fs::read_dir(folder.join("index")).unwrap().for_each(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        });
        disk.change(&format!("size={size}"));
        let full = run(folder, &["ingest"], "");
        assert_eq!(full.code, 4, "{size}: {}", full.out);
        assert!(full.err.contains("no space left on the disk while") && full.err.contains("hint: "), "{size}: {}", full.err);
        ended.push(full.err.split("while ").nth(1).unwrap_or("").lines().next().unwrap_or("").to_owned());
        disk.change("size=64m");
        let next = run(folder, &["ingest"], "");
        assert_eq!(next.code, 0, "{size}: {}", next.err);
        assert_eq!(ids(folder), whole, "{size}");
    }
    println!("full while: {}", ended.join("; "));
}

/// The search is lost and there is room for the run itself, but not for making the search anew.
#[test]
fn a_disk_that_fills_while_the_search_is_written_loses_nothing() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let index = folder.join("index");
    let Some(_disk) = SmallDisk::mount(&index, "16m") else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let (whole, search) = (ids(folder), index.join("search"));
    fs::remove_dir_all(&search).unwrap();
    let room = free(&index) - 240 * 1024;
    fs::write(index.join("fill"), vec![0; room as usize]).unwrap();
    let full = run(folder, &["ingest"], "");
    assert_eq!(full.code, 4, "{}", full.out);
    let said = full.err.lines().find(|line| line.contains("no space left on the disk while")).unwrap_or(&full.err);
    assert!(said.contains("index/search/"), "{said}");
    assert!(full.err.contains("hint: "), "{}", full.err);
    println!("full: {said}");
    fs::remove_file(index.join("fill")).unwrap();
    let next = run(folder, &["ingest", "--json"], "");
    assert_eq!(next.code, 0, "{}", next.err);
    assert_eq!(next.json().pop().unwrap()["search_made_anew"], json!(true));
    assert_eq!(ids(folder), whole);
}

/// The bytes that may still be written below a folder.
fn free(folder: &Path) -> u64 {
    let disk = rustix::fs::statvfs(folder).unwrap();
    disk.f_bavail * disk.f_frsize
}

#[test]
fn a_full_disk_under_the_log_is_told_and_stops_nothing() {
    let (folder, _web) = some_news();
    let folder = folder.path();
    let Some(_disk) = SmallDisk::mount(&folder.join("logs"), "4k") else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    fs::write(folder.join("logs/fill"), [b'x'; 4096]).unwrap();
    let ran = run(folder, &["ingest", "--log-file", "logs/night.log", "--log", "debug"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let last = ran.err.lines().last().unwrap();
    assert!(last.starts_with("logs/night.log: ") && last.contains(" of the log could not be written (No space left"), "{last}");
}

#[test]
fn where_nothing_may_be_written_searching_goes_on() {
    let (folder, _web) = some_news();
    let folder = folder.path();
    let Some(disk) = SmallDisk::mount(&folder.join("index"), "64m") else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let before = ids(folder);
    disk.change("ro");
    let refused = run(folder, &["ingest"], "");
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("may not be written") && refused.err.contains("hint: "), "{}", refused.err);
    assert_eq!(ids(folder), before);
    disk.change("rw");
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    assert_eq!(ids(folder), before);
}

fn spawn(folder: &Path, args: &[&str]) -> Child {
    program(folder, args).stdin(Stdio::null()).spawn().unwrap()
}

fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn of_two_runs_at_once_one_says_that_the_other_writes() {
    let (folder, web) = some_news();
    let folder = folder.path();
    let both = [spawn(folder, &["ingest"]), spawn(folder, &["ingest"])].map(ended);
    let codes: Vec<i32> = both.iter().map(|ran| ran.code).collect();
    assert!(codes == [0, 4] || codes == [4, 0] || codes == [0, 0], "{codes:?}: {}{}", both[0].err, both[1].err);
    for refused in both.iter().filter(|ran| ran.code == 4) {
        assert!(refused.err.contains("is writing to this index"), "{}", refused.err);
    }
    let articles = web.answered().iter().filter(|asked| asked.status == 200 && asked.path.contains("article")).count();
    assert!(articles > 0);
    ids(folder);
    assert_eq!(run(folder, &["ingest", "--json"], "").json().pop().unwrap()["pages"]["fetched"], json!(0), "all is there");
}

/// One answers nothing at all, one for ever a byte at a time; a night later both are well.
#[test]
fn a_source_that_hangs_holds_up_nobody_else() {
    static HANGS: AtomicBool = AtomicBool::new(true);
    let feed = "<rss version='2.0'><channel><title>Slow</title><item><title>One</title><link>/1</link></item></channel></rss>";
    let server = Server::start(move |asked: &Asked| match asked.path.as_str() {
        "/robots.txt" => Answer::status(404),
        "/silent.xml" if HANGS.load(Ordering::SeqCst) => Answer::silent(),
        "/drip.xml" if HANGS.load(Ordering::SeqCst) => Answer::drip("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"),
        "/silent.xml" => Answer::text(feed),
        _ => Answer::text("<rss version='2.0'><channel><title>None</title></channel></rss>"),
    });
    let (folder, _web) = some_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest", "--index", "alone"], "").code, 0);
    let file = folder.join("sources.toml");
    let mut text = fs::read_to_string(&file).unwrap().replacen("[settings]\n", "[settings]\ntimeout = \"1s\"\n", 1);
    text = text.replacen("allow = [", &format!("allow = [\"{}\", ", server.url("/").authority()), 1);
    for name in ["silent", "drip"] {
        text += &format!("\n[[source]]\nname = \"{name}\"\nurl = \"{}\"\n", server.url(&format!("/{name}.xml")));
    }
    fs::write(&file, text).unwrap();
    let first = run(folder, &["ingest"], "");
    assert_eq!(first.code, 3, "{}", first.err);
    for said in ["silent: waiting for an answer took longer than 1 s\n", "drip: the answer took longer than 1 s\n"] {
        assert!(first.out.contains(&format!("\n  source-failed {said}")), "{said}\n{}", first.out);
    }
    assert_eq!(ids(folder), ids_of(folder, "alone"), "all that the others have is there");
    HANGS.store(false, Ordering::SeqCst);
    let next = run(folder, &["ingest", "--json"], "").json().pop().unwrap();
    assert_eq!((&next["failed"], &next["pages"]["fetched"]), (&json!(0), &json!(1)), "{next}");
    assert_eq!(ids(folder), ids_of(folder, "alone"));
}

/// Runs a command in this process at some other time.
pub fn at(now: fn() -> Timestamp, folder: &Path, args: &[&str]) -> Exit {
    let mut console = Console::of_process(now);
    (console.out, console.err) = (Box::new(std::io::sink()), Box::new(std::io::sink()));
    let config = folder.join("sources.toml").display().to_string();
    let index = folder.join("index").display().to_string();
    let args = [&["breachline", "--config", &config, "--index", &index][..], args].concat();
    breachline::cli::run(args.iter().map(std::ffi::OsString::from), &mut console)
}

#[test]
fn a_clock_that_steps_back_loses_nothing() {
    let (folder, _web) = some_news();
    let folder = folder.path();
    let file = folder.join("sources.toml");
    let text = fs::read_to_string(&file).unwrap().replace("kind = \"feed\"\n", "kind = \"feed\"\nevery = \"6h\"\n");
    let text = text.replacen("[settings]\n", "[settings]\ncontact = \"desk@example.org\"\n", 1);
    let watch = "\n[[watch]]\nname = \"All\"\nquery = \"\"\natom = \"all.xml\"\n";
    fs::write(&file, text + watch).unwrap();
    assert_eq!(at(|| "2031-05-01T03:00:00Z".parse().unwrap(), folder, &["ingest", "--only", "Meridian Wire"]), Exit::Well);
    let some = ids(folder).len();
    assert_eq!(at(|| "2026-12-01T03:00:00Z".parse().unwrap(), folder, &["ingest"]), Exit::Well);
    let all = ids(folder);
    assert!(all.len() > some);
    let runs = run(folder, &["runs", "--json"], "").json();
    assert_eq!(runs[0]["summary"]["not_due"], json!([]), "what was asked in the future is asked again");
    let told = runs.iter().map(|run| run["summary"]["notices"][0]["delivered"].as_u64().unwrap()).sum::<u64>();
    assert!(told >= all.len() as u64, "each was told: {told} of {}", all.len());
    assert_eq!(at(|| "2026-12-01T04:00:00Z".parse().unwrap(), folder, &["doctor", "--offline"]), Exit::Well);
    assert_eq!(at(|| "2025-01-01T03:00:00Z".parse().unwrap(), folder, &["doctor", "--offline"]), Exit::SomeFailed);
    assert_eq!(ids(folder), all);
}

#[test]
fn asked_to_end_a_run_ends_and_says_what_is_left() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let feed = "<rss version='2.0'><channel><title>Slow</title><item><title>One</title><link>/1</link></item>\
                <item><title>Two</title><link>/2</link></item></channel></rss>";
    let server = Server::start(move |asked: &Asked| match asked.path.as_str() {
        "/feed.xml" => Answer::text(feed),
        "/robots.txt" => Answer::status(404),
        _ => {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Answer::silent()
        }
    });
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let text = format!(
            "[settings]\npause = \"0ms\"\nallow = [\"{}\"]\n[[source]]\nname = \"Slow\"\nurl = \"{}\"\n",
            server.url("/").authority(),
            server.url("/feed.xml")
        );
        fs::write(folder.join("sources.toml"), text).unwrap();
        fs::create_dir(folder.join("index")).unwrap();
        let mut child = spawn(folder, &["ingest"]);
        let mut err = BufReader::new(child.stderr.take().unwrap()).lines();
        let listed = err.by_ref().map(Result::unwrap).find(|line| line.starts_with("Slow: 2 items"));
        assert!(listed.is_some());
        let begun = std::time::Instant::now();
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let code = child.wait().unwrap().code();
        let took = begun.elapsed();
        println!("SIG{signal}: ended after {took:?}");
        assert!(took.as_secs() < 1, "{took:?}");
        let said: Vec<String> = err.map(Result::unwrap).collect();
        assert_eq!(code, Some(4), "{said:?}");
        let said = said.join("\n");
        assert!(said.contains("stopped before the end; 2 articles are left for the next run\nhint: "), "{said}");
        let run_of_it = run(folder, &["runs", "--json"], "").json().pop().unwrap();
        assert_eq!(run_of_it["state"], json!("failed"), "{run_of_it}");
        let kept = Kept::open(&folder.join("index"), Access::Read).unwrap();
        assert_eq!(kept.waiting(None).unwrap().len(), 2, "what was listed is kept");
    }
    assert!(ASKED.load(Ordering::SeqCst) >= 1);
}

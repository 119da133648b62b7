//! What a run says: the summary for a person and for programs, the runs that are kept, the flags, the log, the metrics.

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use super::faults::at;
use crate::backfill::{html, record};
use crate::cli::{folder_with_news, is_laid_out, run};
use crate::server::{Answer, Asked, Server};

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn a_run_tells_what_is_new_first_and_is_kept() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let none = run(folder, &["runs"], "");
    assert_eq!(none.code, 4, "there is no index yet: {}", none.err);

    let dry = run(folder, &["ingest", "--dry-run", "--json"], "").json().pop().unwrap();
    assert!(count(&dry["new"]) > 40 && count(&dry["tried"]) == 12, "{dry}");
    assert!(!folder.join("index/kept.db").exists(), "nothing was kept");

    let first = run(folder, &["ingest"], "");
    let lines: Vec<&str> = first.out.lines().collect();
    assert!(lines[0].starts_with("new        ") && lines[0].ends_with(" incidents, the largest first"), "{}", first.out);
    assert!(lines[1].contains("1,000,000,000 people"), "the largest comes first: {}", first.out);
    assert!(lines[11].contains("more: `breachline runs show 1`"), "{}", first.out);

    let second = run(folder, &["ingest", "--json"], "").json().pop().unwrap();
    assert_eq!((&second["run"], &second["news"]["new_count"], &second["stale"]), (&json!(2), &json!(0), &json!([])));
    assert!(second["sources"].as_array().unwrap().iter().all(|source| source["gave"] == "unchanged"), "{second}");

    let runs = run(folder, &["runs", "--json"], "").json();
    assert_eq!(
        runs.iter().map(|run| (count(&run["run"]), run["state"].clone())).collect::<Vec<_>>(),
        [(2, json!("ended")), (1, json!("ended"))]
    );
    assert_eq!(runs[0]["summary"], second, "what was printed is what is kept");
    let findings = run(folder, &["doctor", "--offline", "--json"], "").json();
    for (layout, values) in [("plan", vec![dry]), ("summary", vec![second, runs[1]["summary"].clone()]), ("finding", findings)] {
        is_laid_out(folder, layout, &values);
    }
    is_laid_out(folder, "run", &runs);
    assert_eq!(
        count(&runs[1]["summary"]["news"]["new_count"]),
        runs[1]["summary"]["news"]["new"].as_array().unwrap().len() as u64
    );
    let shown = run(folder, &["runs", "show", "1"], "");
    assert!(shown.out.contains("\nWard Round\tnew\t3\t3\t3\thttp://"), "{}", shown.out);
    assert_eq!(run(folder, &["runs", "show", "7"], "").code, 1);

    let dry = run(folder, &["ingest", "--dry-run"], "");
    assert_eq!(dry.out.lines().last(), Some("0 articles would be fetched; nothing was kept"), "{}", dry.err);
}

#[test]
fn a_run_is_kept_to_some_sources_and_days() {
    let (folder, web) = folder_with_news();
    let folder = folder.path();
    let only = run(folder, &["ingest", "--json", "--only", "ward round", "--only", "Meridian Wire", "--since", "2020-01-01"], "");
    let told = only.json().pop().unwrap();
    let names: Vec<&Value> = told["sources"].as_array().unwrap().iter().map(|source| &source["name"]).collect();
    assert_eq!(names, ["Ward Round", "Meridian Wire"]);
    let early = |path: &str| path.contains("201");
    assert!(!web.answered().iter().any(|asked| early(&asked.path)), "{:?}", web.answered());
    let some = count(&told["pages"]["fetched"]);
    assert!(some > 3, "{told}");

    let all =
        run(folder, &["ingest", "--all", "--json", "--only", "ward round", "--only", "Meridian Wire"], "").json().pop().unwrap();
    assert_eq!(some + count(&all["pages"]["fetched"]), 15, "what was passed over comes with the next run: {all}");
    let wrong = run(folder, &["ingest", "--only", "Ward Rund"], "");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("hint: did you mean \"Ward Round\"?"), "{}", wrong.err);
    assert_eq!(run(folder, &["ingest", "--since", "soon"], "").code, 2);
}

#[test]
fn a_quiet_run_says_only_what_went_wrong_and_figures_go_to_the_collector() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let quiet = run(folder, &["ingest", "--quiet", "--metrics", "night.prom"], "");
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
    let metrics = fs::read_to_string(folder.join("night.prom")).unwrap();
    for said in ["\nbreachline_run_success 1\n", "\nbreachline_run_sources{gave=\"new\"} 12\n", "\nbreachline_run_exit_code 0\n"]
    {
        assert!(metrics.contains(said), "{said}\n{metrics}");
    }
    let success = |metrics: &str| metrics.lines().find(|line| line.starts_with("breachline_last_success")).unwrap().to_owned();

    let file = folder.join("sources.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n[[source]]\nname = \"Elsewhere\"\nurl = \"http://127.9.9.9:9/feed?key=hush\"\n")).unwrap();
    let log = ["--log-file", "night.log", "--log-json", "--log", "debug"];
    let failing = run(folder, &[&["ingest", "--quiet"][..], &log].concat(), "");
    assert_eq!((failing.code, failing.out.as_str(), failing.err.lines().count()), (3, "", 1), "{}", failing.err);
    assert!(failing.err.starts_with("blocked Elsewhere: "), "{}", failing.err);
    let log = fs::read_to_string(folder.join("night.log")).unwrap();
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let warned = events.iter().find(|event| event["level"] == "WARN").unwrap();
    assert_eq!((&warned["message"], &warned["source"]), (&json!("source failed"), &json!("elsewhere")));
    assert_eq!(events.last().unwrap()["message"], "run ends");
    assert!(log.contains("/feed?...") && !log.contains("hush"), "no key is logged");

    fs::write(folder.join("index/kept.db"), "no database").unwrap();
    let broken = run(folder, &["ingest", "--metrics", "night.prom"], "");
    assert_eq!(broken.code, 4, "{}", broken.err);
    let after = fs::read_to_string(folder.join("night.prom")).unwrap();
    assert!(after.contains("\nbreachline_run_success 0\n") && after.contains("\nbreachline_run_exit_code 4\n"), "{after}");
    assert_eq!(success(&after), success(&metrics), "when it last went well is not forgotten");
}

/// The night that is simulated, from 0.
static NIGHT: AtomicI64 = AtomicI64::new(0);

fn at_night() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_793_000_000 + NIGHT.load(Ordering::SeqCst) * 86_400).unwrap()
}

#[test]
fn a_source_that_fell_silent_or_is_gone_is_told_every_night() {
    let server = Server::start(|asked: &Asked| match asked.path.as_str() {
        "/feed.xml" => {
            let item = |n| format!("<item><title>Story {n}</title><link>/story/{n}</link></item>");
            let items: String = (0..=NIGHT.load(Ordering::SeqCst).min(5)).map(item).collect();
            Answer::text(&format!("<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"))
        }
        "/gone.xml" => Answer::status(410),
        _ => Answer::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("index")).unwrap();
    let source = |name: &str, path| format!("[[source]]\nname = \"{name}\"\nurl = \"{}\"\n", server.url(path));
    let allow = server.url("/").authority().to_owned();
    let settings = format!("[settings]\npause = \"0ms\"\nallow = [\"{allow}\"]\n");
    fs::write(folder.join("sources.toml"), settings + &source("Silent", "/feed.xml") + &source("Gone", "/gone.xml")).unwrap();
    let night = |night| {
        NIGHT.store(night, Ordering::SeqCst);
        at(at_night, folder, &["ingest", "--all"]);
        run(folder, &["runs", "show"], "").out
    };
    let first = night(0);
    assert!(first.contains("\n  gone Gone: "), "{first}");
    assert!(
        (1..=5).map(night).all(|told| told.contains("\n  gone Gone: its server said that it is gone for good")),
        "every night"
    );
    let week = night(12);
    assert!(!week.contains("stale"), "a week is nothing: {week}");
    let longer = night(14);
    assert!(
        longer.contains("\n  stale Silent: nothing new since 2026-10-31, 9 days; before, never longer than 1 day\n"),
        "{longer}"
    );
    let doctor = run(folder, &["doctor", "--offline"], "").out;
    assert!(doctor.contains("silent for unusually long: Silent\n") && doctor.contains("not asked any more: Gone\n"), "{doctor}");
    let kept = run(folder, &["runs", "--json"], "").json();
    is_laid_out(folder, "run", &kept);
    assert_eq!(kept[0]["summary"]["not_due"][0]["why"], "gone");
}

#[test]
fn what_archives_held_is_told_and_kept_as_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("index")).unwrap();
    let story = "<html lang=en><title>Sandmill Bakery hacked</title><article><p>Sandmill Bakery said on Monday that hackers stole the \
                 personal data of 12,000 customers from its web shop. The company has informed the police.</p></article></html>";
    fs::write(folder.join("saved.warc"), [record("warcinfo", "urn:first", b""), html("/a", story)].concat()).unwrap();
    fs::write(folder.join("cut.warc"), html("/b", story).split_at(60).0).unwrap();

    let told = run(folder, &["ingest", "--warc", "saved.warc", "cut.warc"], "");
    assert_eq!(told.code, 3, "{}", told.err);
    for line in [
        "new        1 incident\n  Sandmill Bakery: breach, 12,000 people",
        "archive    saved.warc: 1 answer, 1 page new",
        "not read on:",
    ] {
        assert!(told.out.contains(line), "{line}\n{}", told.out);
    }
    let kept = run(folder, &["runs", "show", "--json"], "").json().pop().unwrap();
    let summary = &kept["summary"];
    assert_eq!((&kept["state"], &summary["news"]["new"][0]["victim"]), (&json!("ended"), &json!("Sandmill Bakery")));
    assert_eq!((&summary["files"][0]["new"], &summary["failed"]), (&json!(1), &json!(1)));
    assert!(run(folder, &["runs", "show"], "").out.contains("archive    saved.warc: 1 answer"));

    is_laid_out(folder, "summary", std::slice::from_ref(summary));

    let again = run(folder, &["ingest", "--warc", "saved.warc", "--json"], "").json().pop().unwrap();
    assert_eq!((&again["news"]["new_count"], &again["files"][0]["answers"]), (&json!(0), &json!(0)), "told once");
}

//! A library over HTTP: it answers like the one on this machine, and no service can harm whoever asks it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use breachline::base::day::DayRange;
use breachline::base::safe::is_unsafe;
use breachline::export::Format;
use breachline::fetch::Token;
use breachline::library::local::Local;
use breachline::library::remote::{Keeper, Remote};
use breachline::library::{EditRequest, ExportRequest, Library, Page, Question, Trouble, WatchRequest};
use breachline::model::article::ArticleId;
use breachline::model::incident::IncidentId;
use breachline::model::source::Settings;
use breachline::serve::Access;
use breachline::store::Reader;
use breachline::tui::msg::Msg;
use breachline::tui::update::sentence;
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::cli::run;
use crate::serve::{Served, now, saved, start_with};
use crate::server::{Answer, Asked, Server};
use crate::store::made::{self, day};
use crate::tui::stage::Stage;
use crate::tui::walk::walk;

/// Keeps exports in memory.
#[derive(Default)]
struct Files(Mutex<Vec<Vec<u8>>>);

impl Keeper for &'static Files {
    fn now(&self) -> Timestamp {
        now()
    }

    fn keep(&self, _: &ExportRequest, bytes: &[u8]) -> Result<String, Trouble> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok("the file".to_owned())
    }
}

fn files() -> &'static Files {
    Box::leak(Box::default())
}

fn connect(url: &str, token: Option<&str>) -> Result<Remote, Trouble> {
    let token = token.map(|token| Token::new(token.to_owned()));
    Remote::connect(&Url::parse(url).unwrap(), token, &Settings::default(), files())
}

/// The sample index with a run that a source failed in, served.
fn served(token: Option<&str>) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = made::indexed(folder.path());
    let run = kept.begin_run(now()).unwrap();
    let line = |name: &str, outcome: &str| json!({ "name": name, "outcome": outcome });
    let summary =
        json!({ "tried": 3, "sources": [line("The Wire", "new"), line("Blog", "source-failed"), line("Krebs", "blocked")] });
    kept.end_run(run, now(), &summary).unwrap();
    drop(kept);
    start_with(folder, Access { token: token.map(str::to_owned), hosts: Vec::new(), rate: 10_000 })
}

fn questions() -> Vec<Question> {
    let asked = |text: &str, typing, window| Question { text: text.to_owned(), typing, window };
    let days = |from: &str, to: &str| Some(DayRange::new(day(from), day(to)));
    vec![
        asked("", false, None),
        asked("seg", true, None),
        asked("seg", false, None),
        asked("\"tax off", true, None),
        asked("sega OR bank", false, days("2011-01-01", "2011-12-31")),
        asked("@hit", false, None),
        asked("-@hit sort:records", false, None),
        asked("", false, days("2023-01-01", "2025-02-01")),
        asked("kind:nonsense", false, None),
        asked("é& =#+%\u{0}", true, None),
        asked("nothing-of-the-kind", false, None),
        asked("kind:breach victim:seag", false, None),
        asked("victim:seag", false, days("1999-01-01", "1999-12-31")),
    ]
}

#[test]
fn a_colleagues_index_answers_like_ones_own() {
    let served = served(Some("0123456789abcdef"));
    let remote = connect(&format!("http://{}/", served.here), Some("0123456789abcdef")).unwrap();
    let local = Local::new(Reader::open(served.folder.path()).unwrap(), now, saved());
    assert_eq!(remote.lacks(), None);
    assert_eq!(remote.saved().unwrap(), saved());
    for asked in &questions() {
        let what = format!("{asked:?}");
        for (offset, limit) in [(0, 128), (1, 2), (1_000, 10)] {
            let page = Page { offset, limit };
            assert_eq!(remote.find(asked, page), local.find(asked, page), "{what}");
        }
        assert_eq!(remote.days(asked), local.days(asked), "{what}");
        assert_eq!(remote.facets(asked), local.facets(asked), "{what}");
        for field in ["attacker", "victim"] {
            assert_eq!(remote.lanes(asked, field), local.lanes(asked, field), "{what}");
        }
        for (id, on) in [("sega", "2011-06-01"), ("societe-generale", "2024-01-05"), ("", "2020-01-01"), ("no-one", "1999-01-01")]
        {
            let (id, days) = (IncidentId(id.to_owned()), DayRange::day(day(on)));
            assert_eq!(remote.place(asked, &id, days), local.place(asked, &id, days), "{what} {id}");
        }
    }
    let why = |text: &str| {
        let asked = Question { text: text.to_owned(), ..Question::default() };
        remote.find(&asked, Page { offset: 0, limit: 1 }).unwrap().why
    };
    let whys = why("kind:breach victim:seag");
    assert_eq!(whys[0], "no victim here is called `seag`; near: Sega");
    assert!(whys.iter().all(|why| !why.contains("by itself")), "said once: {whys:?}");
    assert_eq!(why("sega"), [""; 0], "what is found needs no reason");
    let all = local.find(&Question::default(), Page { offset: 0, limit: 128 }).unwrap();
    assert_eq!(all.total, 7);
    for id in all.rows.into_iter().map(|row| row.id).chain([IncidentId("no/../one?".to_owned()), IncidentId("..".to_owned())]) {
        let incident = local.incident(&id).unwrap();
        assert_eq!(remote.incident(&id).unwrap(), incident, "{id}");
        if let Some(incident) = incident {
            let behind = local.background(&incident).unwrap();
            assert_eq!(remote.background(&incident).unwrap(), behind, "{id}");
            assert_eq!(remote.background(&incident).unwrap(), behind, "{id}, asked for once more");
        }
    }
    for id in (0..10).map(ArticleId) {
        assert_eq!(remote.article(id).unwrap(), local.article(id).unwrap(), "{id:?}");
    }
    assert_eq!(remote.last_run().unwrap(), local.last_run().unwrap());
    assert_eq!(local.last_run().unwrap().unwrap().failed, ["Blog", "Krebs"]);
    assert_eq!(remote.stamp().unwrap(), local.stamp().unwrap());
    assert_eq!(remote.last_stamp(), Some(local.stamp().unwrap()));
    for since in [0, 5, local.stamp().unwrap()] {
        assert_eq!(remote.news(since).unwrap(), local.news(since).unwrap(), "{since}");
    }
    assert!(!local.news(0).unwrap().is_empty());
}

#[test]
fn a_colleagues_index_is_only_read_but_may_be_exported() {
    let served = served(None);
    let files = files();
    let url = Url::parse(&format!("http://{}", served.here)).unwrap();
    let remote = Remote::connect(&url, None, &Settings::default(), files).unwrap();
    let refused = [
        remote.edit(&[IncidentId("sega".to_owned())], &EditRequest::Star),
        remote.watch("sega", &WatchRequest { name: "sega".to_owned(), channel: None }),
    ];
    for refused in refused {
        assert!(sentence(&refused.unwrap_err()).starts_with(&format!("this is the index of {}", served.here)));
    }
    let request = |text: &str, picked: &[&str]| ExportRequest {
        question: Question { text: text.to_owned(), ..Question::default() },
        picked: picked.iter().map(|id| IncidentId((*id).to_owned())).collect(),
        format: Format::Jsonl,
        file: None,
    };
    assert_eq!(remote.export(&request("kind:breach", &[])).unwrap(), "2 incidents in the file");
    assert_eq!(remote.export(&request("", &["sega", "tax-office", "gone"])).unwrap(), "2 incidents in the file");
    assert!(remote.export(&request("nothing-of-the-kind", &[])).is_err());
    let kept = files.0.lock().unwrap();
    let victims = |bytes: &[u8]| -> Vec<String> {
        let lines = std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|incident| incident["victim"]["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        kept.iter().map(|bytes| victims(bytes)).collect::<Vec<_>>(),
        [["Progress Software", "Sega"], ["Sega", "Tax Office"]]
    );
}

#[test]
fn who_asks_too_often_is_answered_after_the_pause_that_is_asked_for() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |one: &Asked| match one.path.ends_with("openapi.json") {
        true => Answer::text(&description(&ALL)),
        false if asked.fetch_add(1, Ordering::SeqCst) < 2 => Answer::status(429).with("Retry-After", "0"),
        false => Answer::text("{\"stamp\": 4, \"last_run\": null, \"version\": \"1\"}"),
    });
    assert_eq!(connect(server.url("/").as_str(), None).unwrap().stamp(), Ok(4));
}

#[test]
fn what_keeps_one_out_is_told_with_what_to_do() {
    let served = served(Some("0123456789abcdef"));
    let url = format!("http://{}", served.here);
    let gone = Server::start(|_| Answer::status(200));
    let nobody = gone.url("/").to_string();
    gone.stop();
    let elsewhere = Server::start(|_| Answer::text("{\"title\": \"a shop\"}"));
    let moved = Server::start(|_| Answer::redirect(302, "http://127.0.0.1:1/\u{9b}2J"));
    for (url, token, said) in [
        (url.as_str(), None, "--token-file"),
        (&url, Some("another-token-0123"), "does not take the token"),
        (&nobody, None, "no connection"),
        (elsewhere.url("/").as_str(), None, "no breachline answers"),
        (elsewhere.url("/").as_str(), Some("0123456789abcdef"), "no breachline answers"),
        (moved.url("/").as_str(), Some("0123456789abcdef"), "not followed"),
    ] {
        let told = connect(url, token).err().map(|trouble| sentence(&trouble)).unwrap();
        assert!(told.contains(said), "{url}: {told}");
        assert!(!told.chars().any(is_unsafe) && !told.contains("0123456789abcdef"), "{url}: {told}");
    }
}

/// What an honest service says of itself, from `paths` on.
fn description(paths: &[&str]) -> String {
    let of_path = |path: &&str| (format!("/api/v1/{path}"), json!({ "get": { "parameters": [{ "name": "from" }] } }));
    let paths: serde_json::Map<String, Value> = paths.iter().map(of_path).collect();
    json!({ "info": { "title": "breachline" }, "paths": paths }).to_string()
}

const ALL: [&str; 10] =
    ["incidents", "incidents/{id}/background", "articles/{id}", "days", "lanes", "facets", "place", "news", "queries", "status"];

/// Asks everything once.
fn ask_all(remote: &Remote) -> Vec<Result<String, Trouble>> {
    fn told<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> Result<String, Trouble> {
        answer.map(|answer| format!("{answer:?}"))
    }
    let question = Question::default();
    let id = IncidentId("x".to_owned());
    vec![
        told(remote.find(&question, Page { offset: 0, limit: 2 })),
        told(remote.incident(&id)),
        told(remote.article(ArticleId(1))),
        told(remote.days(&question)),
        told(remote.lanes(&question, "victim")),
        told(remote.facets(&question)),
        told(remote.place(&question, &id, DayRange::day(day("2020-01-01")))),
        told(remote.news(0)),
        told(remote.saved()),
        told(remote.last_run()),
        told(remote.stamp()),
    ]
}

/// What a service says to everything.
type Said = Box<dyn Fn() -> Answer + Send + Sync>;

#[test]
fn a_hostile_service_is_told_of_and_harms_nobody() {
    let deep = "[".repeat(100_000);
    let huge = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{", 1_u64 << 40);
    let bomb = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &vec![b' '; 40 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let bomb = Box::leak(bomb.into_boxed_slice());
    let escape = json!({ "title": "\u{1b}]0;owned\u{7}\u{202e}", "hint": "\u{9b}2J" }).to_string();
    let cases: Vec<(&str, Said)> = vec![
        ("not understood", Box::new(|| Answer::text("<html>"))),
        ("not understood", Box::new(|| Answer::text("{}"))),
        ("not understood", Box::new(|| Answer::text("null"))),
        ("not understood", Box::new(|| Answer::text("{\"total\": -1, \"incidents\": [{}]}"))),
        ("not understood", Box::new(move || Answer::text(&deep))),
        ("not understood", Box::new(|| Answer::chunked(&[b"\xff\xfe"]))),
        ("larger than 16 MB", Box::new(move || Answer::raw(&huge))),
        ("larger than 16 MB", Box::new(|| Answer::chunked(&[&*bomb]).with("Content-Encoding", "gzip"))),
        ("not followed", Box::new(|| Answer::redirect(301, "http://169.254.169.254/"))),
        ("500", Box::new(|| Answer::status(500))),
        ("503", Box::new(|| Answer::status(503))),
        ("so often", Box::new(|| Answer::status(429).with("Retry-After", "0"))),
        ("429", Box::new(|| Answer::status(429).with("Retry-After", "86400"))),
        ("cut short", Box::new(|| Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))),
        ("owned", Box::new(move || Answer::text(&escape).with_status(400))),
    ];
    for (at, (said, answer)) in cases.into_iter().enumerate() {
        let server =
            Server::start(
                move |asked: &Asked| {
                    if asked.path.ends_with("openapi.json") { Answer::text(&description(&ALL)) } else { answer() }
                },
            );
        let remote = connect(server.url("/").as_str(), None).unwrap();
        for told in ask_all(&remote) {
            let told = sentence(&told.expect_err(&format!("case {at}, {said}")));
            assert!(told.contains(said), "case {at}, {said}: {told}");
            assert!(!told.chars().any(is_unsafe) && told.len() < 600, "case {at}, {said}: {told}");
        }
        let stage = Stage::open(remote, (80, 24), "x");
        assert!(!stage.screen().chars().any(|c| is_unsafe(c) && c != '\n'), "case {at}, {said}");
    }
}

#[test]
fn a_service_that_says_nothing_does_not_hold_one_for_long() {
    let server = Server::start(|asked: &Asked| match asked.path.as_str() {
        path if path.ends_with("openapi.json") => Answer::text(&description(&ALL)),
        _ => Answer::drip("HTTP/1.1 200 OK\r\n\r\n"),
    });
    let hasty = Settings { timeout: Duration::from_millis(300), ..Settings::default() };
    let remote = Remote::connect(&server.url("/"), None, &hasty, files()).unwrap();
    let told = sentence(&remote.stamp().unwrap_err());
    assert!(told.contains("took longer than"), "{told}");
}

/// An incident whose every text and number is what no honest service says.
fn odd_incident() -> Value {
    let evil = "Evil\u{1b}[2J\u{202e}\r\nCorp";
    let figure = json!({ "value": u64::MAX, "max": u64::MAX, "unit": "people", "qualifier": "exact", "by": "official" });
    let days = json!({ "earliest": "9999-12-31", "latest": "-009999-01-01" });
    let report = json!({
        "victim": { "name": evil, "aliases": [evil], "named": true }, "kind": "breach", "also_kinds": [], "attackers": [],
        "records": [figure], "data": [], "occurred": days, "disclosed": null, "disputed": false, "salience": "main", "confidence": -7.5,
        "evidence": [{ "field": "victim", "quote": evil, "start": u64::MAX, "end": 0, "rule": evil, "confidence": 1e30 }],
    });
    json!({
        "id": evil, "victim": { "name": evil, "aliases": [], "named": true }, "kind": "breach", "also_kinds": [],
        "attackers": [{ "name": evil, "aliases": [evil], "attribution": "claimed" }], "records": [figure], "data": [],
        "occurred": days, "disclosed": days, "disputed": true, "first_reported": "9999-12-31", "last_reported": "0001-01-01",
        "confidence": 4e9,
        "reports": [{ "id": { "article": i64::MIN, "n": u32::MAX }, "source": evil, "url": "javascript:alert(1)", "title": evil,
            "published": "9999-12-31", "report": report }],
    })
}

#[test]
fn no_answer_however_odd_breaks_the_screen() {
    let evil = "Evil\u{1b}[2J\u{202e}\r\nCorp";
    let incident = odd_incident();
    let row = json!({
        "id": evil, "days": { "earliest": "9999-12-31", "latest": "-009999-01-01" }, "dated_by": "occurred", "victim": evil, "kind": "breach",
        "records": incident["records"][0], "attackers": incident["attackers"], "reports": u32::MAX, "sources": u32::MAX, "disputed": true,
    });
    let on_day = |day: &str| json!({ "day": day, "kinds": { "breach": [u32::MAX, u64::MAX], evil: [1, 1], "ddos": [u32::MAX, u64::MAX] } });
    let days = json!([on_day("9999-12-31"), on_day("-009999-01-01"), on_day("2011-06-17"), on_day("2011-06-17")]);
    let text = json!({
        "id": i64::MIN, "source": evil, "url": "https://evil.example/", "title": evil, "published": "2020-01-01", "published_from": "url",
        "language": evil, "text": evil, "paragraphs": [{ "start": 9, "end": 1 }],
    });
    let answers = json!({
        "incidents": { "total": u64::MAX, "offset": 0, "next": null, "by_day": true, "incidents": vec![row.clone(); 600], "why": vec![evil.repeat(100); 50] },
        "background": { "incident": incident, "background": {
            "fields": [{ "field": "victim", "sources": u64::MAX, "others": [{ "value": evil, "count": u64::MAX }] }],
            "sentences": [{ "report": { "article": i64::MIN, "n": u32::MAX }, "span": { "start": 0, "end": u64::MAX }, "sentence": evil }],
            "history": [{ "day": "9999-12-31", "what": evil }] } },
        "articles": { "article": text, "source": evil, "versions": [{ "arrived_at": "-009999-01-02T01:59:59Z", "article": text },
            { "arrived_at": "9999-12-30T22:00:00Z", "article": text }] },
        "days": { "days": days },
        "lanes": { "by": "victim", "lanes": vec![json!({ "name": evil, "days": days }); 300] },
        "facets": { "facets": [{ "field": evil, "distinct": 0, "values": [{ "value": evil, "count": u64::MAX }, { "value": "", "count": 0 }] }] },
        "place": { "offset": u64::MAX, "exact": true },
        "news": { "stamp": u64::MAX, "incidents": [row] },
        "status": { "stamp": u64::MAX, "version": evil, "last_run": { "began_at": "9999-12-30T22:00:00Z", "ended_at": null,
            "sources": u32::MAX, "failed": vec![evil; 5], "failure": evil } },
        "queries": { "queries": [{ "name": evil, "query": evil }] },
    });
    let server = Server::start(move |asked: &Asked| {
        let path = asked.path.split('?').next().unwrap().trim_start_matches("/api/v1/").to_owned();
        let last = path.rsplit('/').next().unwrap();
        let name = if path.starts_with("articles/") { "articles" } else { last };
        match last {
            "openapi.json" => Answer::text(&description(&ALL)),
            _ => Answer::text(&answers[name].to_string()),
        }
    });
    for told in ask_all(&connect(server.url("/").as_str(), None).unwrap()) {
        told.unwrap();
    }
    for size in [(80, 24), (200, 50), (60, 15)] {
        let remote = connect(server.url("/").as_str(), None).unwrap();
        let mut stage = Stage::open(remote, size, "");
        stage.state.news.since = Some(1);
        stage.take(Msg::Changed);
        for keys in [
            "Enter", "j", "Enter", "d", "Esc", "Esc", "f", "j", "Enter", "Esc", "w", "j", "w", "w", "z", "z", "Z", "I", "G", "g",
            "n", "Tab", "k",
        ] {
            stage.press(keys);
            let screen = stage.screen();
            assert!(!screen.chars().any(|c| is_unsafe(c) && c != '\n'), "{keys}:\n{screen}");
            assert!(screen.contains("Evil"), "{keys}:\n{screen}");
        }
    }
}

#[test]
fn an_older_service_shows_what_it_can() {
    let asked = &*Box::leak(Box::new(Mutex::new(Vec::new())));
    let server = Server::start(|one: &Asked| {
        asked.lock().unwrap().push(one.path.clone());
        let path = one.path.split('?').next().unwrap();
        match path {
            "/api/v1/openapi.json" => Answer::text(
                &json!({ "info": { "title": "breachline" }, "paths": { "/api/v1/incidents": {}, "/api/v1/status": {} } })
                    .to_string(),
            ),
            "/api/v1/incidents" => Answer::text(&json!({ "total": 0, "offset": 0, "next": null, "incidents": [] }).to_string()),
            "/api/v1/status" => Answer::text(
                &json!({ "stamp": 3, "counts": {}, "version": "0.0.9",
                "last_run": { "began_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:01:00Z" } })
                .to_string(),
            ),
            _ => Answer::status(404),
        }
    });
    let remote = connect(server.url("/").as_str(), None).unwrap();
    let lacks = remote.lacks().unwrap();
    assert!(lacks.contains("older") && lacks.contains("days, lanes, counts"), "{lacks}");
    let question =
        Question { text: "a OR b".to_owned(), typing: true, window: Some(DayRange::new(day("2011-06-01"), day("2011-06-30"))) };
    assert_eq!(remote.find(&question, Page { offset: 0, limit: 1 }).unwrap().total, 0);
    assert!(asked.lock().unwrap().last().unwrap().contains("q=%28a+OR+b%29+after%3A2011-06-01+before%3A2011-07-01&"));
    assert_eq!(
        (remote.days(&question), remote.facets(&question), remote.lanes(&question, "victim")),
        (Ok(None), Ok(None), Ok(None))
    );
    assert!(!remote.place(&question, &IncidentId("x".to_owned()), DayRange::day(day("2011-06-02"))).unwrap().exact);
    assert_eq!((remote.news(1), remote.incident(&IncidentId("x".to_owned()))), (Ok(Vec::new()), Ok(None)));
    assert!(sentence(&remote.article(ArticleId(1)).unwrap_err()).contains("follow the link"));
    assert_eq!(remote.last_run().unwrap().unwrap().sources, 0);
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let sent = &*Box::leak(Box::new(AtomicUsize::new(0)));
    let server = Server::start(|asked: &Asked| match (asked.path.as_str(), asked.header("if-none-match")) {
        ("/api/v1/status", Some("\"one\"")) => Answer::status(304),
        ("/api/v1/status", _) => {
            sent.fetch_add(1, Ordering::SeqCst);
            Answer::text("{\"stamp\": 4, \"last_run\": null, \"version\": \"1\"}").with("ETag", "\"one\"")
        }
        _ => Answer::text(&description(&ALL)),
    });
    let remote = connect(server.url("/").as_str(), None).unwrap();
    for _ in 0..3 {
        assert_eq!((remote.stamp(), remote.last_run()), (Ok(4), Ok(None)));
    }
    assert_eq!(sent.load(Ordering::SeqCst), 1);
}

#[test]
fn the_screen_says_when_nobody_answers_and_goes_on_when_somebody_does() {
    let served = served(None);
    let remote = connect(&format!("http://{}", served.here), None).unwrap();
    let mut stage = Stage::open(remote, (100, 30), "");
    stage.state.of = Some("desk:8787".to_owned());
    assert!(stage.line("breachline").contains("breachline of desk:8787  7 incidents"), "{}", stage.screen());
    stage.take(Msg::Away(Trouble::Store("desk:8787: no connection: connection refused".to_owned())));
    assert!(stage.line("breachline").contains("no answer: desk:8787: no connection"), "{}", stage.screen());
    assert!(stage.screen().contains("Sega"), "what was read stays");
    stage.take(Msg::Back);
    assert!(!stage.line("breachline").contains("no answer"), "{}", stage.screen());
    assert!(stage.screen().contains("desk:8787 answers again"), "{}", stage.screen());
}

#[test]
fn a_random_walk_over_a_colleagues_index_never_panics() {
    let served = served(None);
    walk(connect(&format!("http://{}", served.here), None).unwrap(), 7, 200);
}

#[test]
fn the_program_reads_a_colleagues_index_out() {
    let served = served(Some("0123456789abcdef"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "0123456789abcdef\n").unwrap();
    let here = served.here.to_string();
    let said = "/@hit\n1\n:star\n:export csv it.csv\n:watch It\nq\n";
    let ran = run(folder.path(), &["browse", "--plain", "--remote", &here, "--token-file", "token"], said);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for words in [
        "7 incidents.",
        "2 incidents found for @hit.",
        "Progress Software",
        "is only read here; edit it there",
        "2 incidents in it.csv",
        "/feed.atom",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("it.csv")).unwrap().lines().count(), 3);
    for (args, code, words) in [
        (&["--remote", here.as_str()][..], 4, "--token-file"),
        (&["--remote", &here, "--token-file", "none"], 2, "none could not be read"),
        (&["--remote", "ada:0123456789abcdef@desk"], 2, "--token-file"),
        (&["--remote", "127.0.0.1:1"], 4, "is `breachline serve` running there"),
    ] {
        let ran = run(folder.path(), &[&["browse", "--plain"][..], args].concat(), "");
        assert!(ran.code == code && ran.err.contains(words), "{args:?}: {} {}", ran.code, ran.err);
    }
}

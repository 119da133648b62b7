//! The service over HTTP on loopback: what it answers, to whom, and that its description says so.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use breachline::model::config::SavedQuery;
use breachline::schema;
use breachline::serve::{Access, Service, serve};
use breachline::store::Reader;
use breachline::store::search::Index;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::export::pages::browse;
use crate::store::made;

/// A service with the sample index, until the test ends.
pub struct Served {
    pub here: SocketAddr,
    pub folder: TempDir,
}

struct Got {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
    bytes: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

pub fn now() -> Timestamp {
    "2026-03-12T03:00:00Z".parse().unwrap()
}

pub fn saved() -> Vec<SavedQuery> {
    vec![SavedQuery { name: "hit".to_owned(), query: "kind:breach".to_owned(), line: 0 }]
}

fn start(token: Option<&str>) -> Served {
    let access = Access { token: token.map(str::to_owned), hosts: Vec::new(), rate: 10_000 };
    let folder = tempfile::tempdir().unwrap();
    drop(made::indexed(folder.path()));
    start_with(folder, access)
}

/// Serves the index of a folder.
pub fn start_with(folder: TempDir, access: Access) -> Served {
    let (reader, saved) = (Reader::open(folder.path()).unwrap(), saved());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let here = listener.local_addr().unwrap();
    thread::spawn(move || runtime.block_on(serve(listener, Service { reader, saved, now, access })));
    Served { here, folder }
}

impl Served {
    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Got {
        let got = self.ask_bytes(method, target, headers);
        Got { body: String::from_utf8(got.bytes.clone()).unwrap(), ..got }
    }

    /// Asks and leaves the body as it came.
    fn ask_bytes(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Got {
        let mut stream = TcpStream::connect(self.here).unwrap();
        let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if headers.iter().all(|(name, _)| *name != "Host") {
            head.push_str(&format!("Host: {}\r\n", self.here));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Got { status, headers: headers.collect(), body: String::new(), bytes: answer[end + 4..].to_vec() }
    }

    fn get(&self, target: &str) -> Got {
        self.ask("GET", target, &[])
    }
}

fn is_laid_out(layout: &str, value: &Value) {
    let schema = jsonschema::draft202012::new(&schema::schema(layout).unwrap()).unwrap();
    let faults: Vec<String> = schema.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{layout}: {faults:?}");
}

#[test]
fn lists_are_given_in_parts_that_lead_to_the_next() {
    let served = start(None);
    let (mut next, mut ids) = (Some("/api/v1/incidents?limit=1&q=".to_owned()), Vec::new());
    let mut total = 0;
    while let Some(target) = next {
        let told = served.get(&target).json();
        total = told["total"].as_u64().unwrap();
        for row in told["incidents"].as_array().unwrap() {
            is_laid_out("row", row);
            ids.push(row["id"].as_str().unwrap().to_owned());
        }
        next = told["next"].as_str().map(str::to_owned);
    }
    assert!(total > 1);
    assert_eq!(ids.len() as u64, total);
    for id in &ids {
        is_laid_out("incident", &served.get(&format!("/api/v1/incidents/{id}")).json());
    }
    for row in served.get("/api/v1/articles").json()["articles"].as_array().unwrap() {
        is_laid_out("article", row);
    }
    for (days, some) in [("from=2011-01-01&to=2011-12-31", 2), ("from=2025-01-01", 2), ("from=2012-01-01&to=2011-01-01", 0)] {
        assert_eq!(served.get(&format!("/api/v1/incidents?{days}")).json()["total"], some, "{days}");
    }
    let counts = served.get("/api/v1/counts?by=kind").json();
    let counted: u64 = counts["counts"].as_array().unwrap().iter().map(|count| count["count"].as_u64().unwrap()).sum();
    assert_eq!(counted, total);
    assert_eq!(served.get("/api/v1/status").json()["counts"]["incidents"].as_u64(), Some(total));
}

#[test]
fn saved_queries_stand_in_others() {
    let served = start(None);
    let found = |q: &str| served.get(&format!("/api/v1/incidents?q={q}")).json();
    assert_eq!(found("@hit")["incidents"], found("kind:breach")["incidents"]);
    assert_eq!(found("-@hit")["total"], found("-kind:breach")["total"]);
    assert!(found("@hit")["total"].as_u64() > Some(0) && found("-@hit")["total"].as_u64() > Some(0));
    assert!(found("@other")["title"].as_str().unwrap().contains("@other"));
}

#[test]
fn mistakes_are_told_as_problems() {
    let served = start(None);
    for (target, status, said) in [
        ("/api/v1/incidents?limit=0", 400, "limit"),
        ("/api/v1/incidents?limit=1&limit=2", 400, "twice"),
        ("/api/v1/incidents?offset=-1", 400, "offset"),
        ("/api/v1/incidents?wat=1", 400, "wat"),
        ("/api/v1/incidents?q=kind:nonsense", 400, "nonsense"),
        ("/api/v1/counts", 400, "by"),
        ("/api/v1/incidents?unfinished=maybe", 400, "unfinished"),
        ("/api/v1/incidents?from=tomorrow", 400, "from"),
        ("/api/v1/incidents?from=", 400, "from"),
        ("/api/v1/days?unfinished=", 400, "unfinished"),
        ("/api/v1/incidents/nobody-1999", 404, "incident"),
        ("/api/v1/incidents/nobody-1999/background", 404, "incident"),
        ("/api/v1/articles/999", 404, "article"),
        ("/api/v1/articles/x", 404, "article"),
        ("/api/v1/lanes?by=kind", 400, "by"),
        ("/api/v1/place?id=sega", 400, "day"),
        ("/api/v1/news?since=-1", 400, "since"),
        ("/api/v1/export/pdf", 404, "format"),
        ("/etc/passwd", 404, "nothing"),
    ] {
        let got = served.get(target);
        assert_eq!(got.status, status, "{target}: {}", got.body);
        assert_eq!(got.headers["content-type"], "application/problem+json", "{target}");
        assert!(got.json()["title"].as_str().unwrap().contains(said), "{target}: {}", got.body);
        assert!(!got.headers.contains_key("etag"), "{target}: what is wrong is not to be remembered");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        assert_eq!(served.ask(method, "/api/v1/incidents", &[("Content-Length", "0")]).status, 405, "{method}");
    }
}

#[test]
fn what_the_asker_has_is_not_sent_again_and_every_answer_is_guarded() {
    let served = start(None);
    for target in ["/", "/feed.atom", "/api/v1/incidents", "/api/v1/export/csv", "/api/v1/export/html", "/api/v1/status"] {
        let first = served.get(target);
        assert_eq!(first.status, 200, "{target}: {}", first.body);
        let etag = first.headers["etag"].clone();
        let again = served.ask("GET", target, &[("If-None-Match", &etag)]);
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{target}");
        assert_eq!(served.ask("GET", target, &[("If-None-Match", "\"other\"")]).status, 200, "{target}");
        for header in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "cache-control"]
        {
            assert!(first.headers.contains_key(header), "{target}: {header}");
        }
        assert!(first.headers["content-security-policy"].contains("frame-ancestors 'none'"), "{target}");
        assert!(!first.headers.contains_key("access-control-allow-origin"), "{target}");
    }
}

#[test]
fn nobody_asks_without_the_token_or_by_another_name() {
    let served = start(Some("0123456789abcdef"));
    let refused = served.get("/");
    assert_eq!(refused.status, 401);
    assert!(refused.headers["www-authenticate"].starts_with("Basic"));
    assert_eq!(served.ask("GET", "/", &[("Authorization", "Bearer 0123456789abcdef")]).status, 200);
    let open = start(None);
    assert_eq!(open.ask("GET", "/", &[("Host", "evil.example")]).status, 421);
}

#[test]
fn the_description_names_every_address_and_is_whole() {
    let served = start(None);
    let described = served.get("/api/v1/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    let text = described.to_string();
    let refers = regex::Regex::new("\"\\$ref\":\"#/([^\"]+)\"").unwrap();
    for found in refers.captures_iter(&text) {
        assert!(described.pointer(&format!("/{}", &found[1])).is_some(), "{}", &found[1]);
    }
    for (path, what) in described["paths"].as_object().unwrap() {
        let target = path.replace("{id}", "nobody").replace("{format}", "csv");
        let said = match path.as_str() {
            "/api/v1/counts" => "?by=day",
            "/api/v1/lanes" => "?by=victim",
            "/api/v1/place" => "?day=2011-06-17&id=sega",
            _ => "",
        };
        let status = served.get(&format!("{target}{said}")).status.to_string();
        assert!(what["get"]["responses"][&status].is_object(), "{path} answers {status}");
    }
    let first = served.get("/api/v1/articles?limit=1").json()["articles"][0]["id"].to_string();
    for (path, target) in [
        ("/api/v1/status", "/api/v1/status"),
        ("/api/v1/incidents", "/api/v1/incidents?q=seg&unfinished=true&from=2011-01-01"),
        ("/api/v1/incidents/{id}/background", "/api/v1/incidents/sega/background"),
        ("/api/v1/articles/{id}", &format!("/api/v1/articles/{first}")),
        ("/api/v1/days", "/api/v1/days"),
        ("/api/v1/lanes", "/api/v1/lanes?by=attacker"),
        ("/api/v1/facets", "/api/v1/facets?to=2011-12-31"),
        ("/api/v1/place", "/api/v1/place?day=2011-06-01&id=sega"),
        ("/api/v1/news", "/api/v1/news?since=1"),
        ("/api/v1/queries", "/api/v1/queries"),
    ] {
        let answer = &described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let mut layout = answer.clone();
        layout["components"] = described["components"].clone();
        let layout = jsonschema::draft202012::new(&layout).unwrap();
        let told = served.get(target).json();
        let faults: Vec<String> = layout.iter_errors(&told).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{target}: {faults:?}: {told}");
    }
}

#[test]
fn a_long_answer_is_packed_for_those_who_can_unpack_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = made::sample(folder.path());
    let text = "One sentence of many that say the same. ".repeat(400);
    let article = made::article(0, "krebs", "2026-02-01", "A long read", text.trim());
    let id = made::keep(&mut kept, article, Vec::new());
    Index::open(folder.path(), &kept).unwrap().catch_up(&kept).unwrap();
    drop(kept);
    let served = start_with(folder, Access { token: None, hosts: Vec::new(), rate: 10_000 });
    let target = format!("/api/v1/articles/{}", id.0);
    let plain = served.get(&target);
    assert!(plain.body.len() > 8_000 && !plain.headers.contains_key("content-encoding"));
    let packed = served.ask_bytes("GET", &target, &[("Accept-Encoding", "gzip")]);
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut body = String::new();
    flate2::read::GzDecoder::new(packed.bytes.as_slice()).read_to_string(&mut body).unwrap();
    assert!(packed.bytes.len() * 4 < body.len());
    assert_eq!(body, plain.body);
    let again = served.ask("GET", &target, &[("Accept-Encoding", "gzip"), ("If-None-Match", &packed.headers["etag"])]);
    assert_eq!(again.status, 304);
}

#[test]
fn the_page_is_live_in_a_browser() {
    let served = start(None);
    browse("live.mjs", &[&format!("http://{}/", served.here)]);
}

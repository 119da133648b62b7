//! The service over HTTP on loopback: what it answers, to whom, and that its description says so.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use breachline::model::config::SavedQuery;
use breachline::schema;
use breachline::serve::{Access, Service, serve};
use breachline::store::Reader;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::export::pages::browse;
use crate::store::made;

/// A service with the sample index, until the test ends.
struct Served {
    here: SocketAddr,
    _folder: TempDir,
}

struct Got {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

fn now() -> Timestamp {
    "2026-03-12T03:00:00Z".parse().unwrap()
}

fn start(token: Option<&str>) -> Served {
    let folder = tempfile::tempdir().unwrap();
    drop(made::indexed(folder.path()));
    let reader = Reader::open(folder.path()).unwrap();
    let saved = vec![SavedQuery { name: "hit".to_owned(), query: "kind:breach".to_owned(), line: 1 }];
    let access = Access { token: token.map(str::to_owned), hosts: Vec::new(), rate: 10_000 };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let here = listener.local_addr().unwrap();
    thread::spawn(move || runtime.block_on(serve(listener, Service { reader, saved, now, access })));
    Served { here, _folder: folder }
}

impl Served {
    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Got {
        let mut stream = TcpStream::connect(self.here).unwrap();
        let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if headers.iter().all(|(name, _)| *name != "Host") {
            head.push_str(&format!("Host: {}\r\n", self.here));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Got { status, headers: headers.collect(), body: body.to_owned() }
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
        ("/api/v1/incidents/nobody-1999", 404, "incident"),
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
        let target = if path == "/api/v1/counts" { format!("{target}?by=day") } else { target };
        let status = served.get(&target).status.to_string();
        assert!(what["get"]["responses"][&status].is_object(), "{path} answers {status}");
    }
}

#[test]
fn the_page_is_live_in_a_browser() {
    let served = start(None);
    browse("live.mjs", &[&format!("http://{}/", served.here)]);
}

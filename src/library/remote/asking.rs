//! One question to a colleague's service, and its answer: bounded in size and time, and what is wrong in words.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;
use url::Url;

use crate::base::safe;
use crate::fetch::http::Http;
use crate::fetch::{Fetch, FetchError, Reply, Request, Token, Want};
use crate::library::Trouble;
use crate::library::wire::Problem;
use crate::model::source::Settings;

/// The largest answer, in bytes after decompression: the days of a century, or an incident with ten thousand reports.
const LARGEST: u64 = 16 << 20;
/// The longest that an answer may take.
const LONGEST: Duration = Duration::from_secs(10);
/// How often a question is asked once more that came too soon, and the longest wait that is asked for and granted.
const AGAIN: (u32, Duration) = (5, Duration::from_secs(5));

/// Who is asked, and how.
pub(super) struct Asker {
    http: Http,
    runtime: Runtime,
    /// Where the service is; paths are below it.
    base: Url,
    token: Option<Token>,
    settings: Settings,
}

/// What came.
pub(super) enum Came {
    /// An answer.
    Answer(Box<Reply>),
    /// What we have is what there is.
    Unchanged,
    /// There is no such thing, or no such question.
    Missing,
}

impl Came {
    /// Returns the answer; None where there is none.
    pub(super) fn answer(self) -> Option<Reply> {
        match self {
            Came::Answer(reply) => Some(*reply),
            Came::Unchanged | Came::Missing => None,
        }
    }
}

impl Asker {
    /// Prepares to ask. Whoever named the address means it, also where it is no public one.
    pub(super) fn new(base: &Url, token: Option<Token>, settings: &Settings) -> Result<Asker, Trouble> {
        let settings =
            Settings { allow: vec!["::/0".to_owned()], per_host: 4, timeout: settings.timeout.min(LONGEST), ..settings.clone() };
        let http = Http::new(&settings).map_err(Trouble::Store)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Trouble::Store(format!("no threads can be started: {error}")))?;
        Ok(Asker { http, runtime, base: base.clone(), token, settings })
    }

    /// Returns the name of whoever is asked: host and port.
    pub(super) fn name(&self) -> String {
        let host = safe::line(self.base.host_str().unwrap_or_default(), 100);
        self.base.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }

    /// Asks and reads the answer; None where there is no such thing.
    pub(super) fn read<T: DeserializeOwned>(&self, path: &[&str], said: &[(&str, String)]) -> Result<Option<T>, Trouble> {
        let came = self.ask(path, said, None)?;
        came.answer().map(|reply| self.understood(&reply.body)).transpose()
    }

    /// Asks. With the `etag` of an answer that we have, for what is new.
    pub(super) fn ask(&self, path: &[&str], said: &[(&str, String)], etag: Option<String>) -> Result<Came, Trouble> {
        let request = Request { etag, ..self.request(path, said, LARGEST) };
        self.carried_out(&self.http, &request)
    }

    /// Asks for something large, which may take its time.
    pub(super) fn ask_for_much(
        &self,
        path: &[&str],
        said: &[(&str, String)],
        largest: u64,
        longest: Duration,
    ) -> Result<Came, Trouble> {
        let http = Http::new(&Settings { timeout: longest, ..self.settings.clone() }).map_err(Trouble::Store)?;
        self.carried_out(&http, &self.request(path, said, largest))
    }

    fn request(&self, path: &[&str], said: &[(&str, String)], largest: u64) -> Request {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        if !said.is_empty() {
            url.query_pairs_mut().extend_pairs(said);
        }
        Request { max_body: Some(largest), problems: true, token: self.token.clone(), ..Request::new(url, Want::Json) }
    }

    /// Asks, and once more after the pause that is asked for: a person pages on faster than a service may let one.
    fn carried_out(&self, http: &Http, request: &Request) -> Result<Came, Trouble> {
        for _ in 0..AGAIN.0 {
            let reply = self.runtime.block_on(http.get(request.clone())).map_err(|error| self.unreached(&error))?;
            match wait(&reply) {
                Some(wait) => std::thread::sleep(wait),
                None => return self.judged(reply),
            }
        }
        Err(Trouble::Store(format!("{} lets nobody ask so often; it goes on in a minute", self.name())))
    }

    fn judged(&self, reply: Reply) -> Result<Came, Trouble> {
        let name = self.name();
        let (what, hint) = match reply.status {
            200 | 203 => return Ok(Came::Answer(Box::new(reply))),
            304 => return Ok(Came::Unchanged),
            404 | 405 => return Ok(Came::Missing),
            401 | 403 if self.token.is_some() => {
                (format!("{name} does not take the token"), "ask whoever serves it for another one")
            }
            401 | 403 => (format!("{name} wants a token"), "say --token-file FILE, with the token of whoever serves it"),
            421 => (format!("{name} is not known there under that name"), "it has to be started with --host and the name"),
            _ if reply.is_redirect() => {
                let to = safe::line(reply.header("location").unwrap_or("nowhere"), 200);
                (format!("{name} sends on to {to}, which is not followed"), "name the address itself")
            }
            status => return Err(self.wrong(status, &reply.body)),
        };
        Err(Trouble::Refused { what, hint: Some(hint.to_owned()) })
    }

    /// Says what the service says is wrong.
    fn wrong(&self, status: u16, body: &[u8]) -> Trouble {
        let problem: Option<Problem> = understood(body).ok();
        let Some(problem) = problem.filter(|problem| !problem.title.is_empty()) else {
            return self.unreached(&FetchError::Status { status });
        };
        let what = safe::line(&problem.title, 300);
        let hint = problem.hint.map(|hint| safe::line(hint.strip_prefix("expected ").unwrap_or(&hint), 300));
        match (status, problem.at) {
            (400, Some(at)) => Trouble::Query { span: Some(at), what, hint },
            (400, None) => Trouble::Refused { what, hint },
            _ => Trouble::Store(format!("{}: {what}{}", self.name(), hint.map(|hint| format!(" ({hint})")).unwrap_or_default())),
        }
    }

    fn unreached(&self, error: &FetchError) -> Trouble {
        Trouble::Store(format!("{}: {error}", self.name()))
    }

    /// Reads an answer.
    pub(super) fn understood<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Trouble> {
        let odd = |why: String| Trouble::Store(format!("{} answers in a way that is not understood: {why}", self.name()));
        understood(body).map_err(|error| odd(safe::line(&error, 200)))
    }
}

/// Returns how long we are asked to wait, where that is not long.
fn wait(reply: &Reply) -> Option<Duration> {
    let seconds = reply.header("retry-after").filter(|_| reply.status == 429)?.parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|wait| *wait <= AGAIN.1)
}

/// Reads JSON. Nothing in it can steer a terminal.
fn understood<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    // An honest service sends nothing else; what is escaped may be anything.
    let harmless = !text.contains("\\u") && !text.chars().any(safe::is_unsafe);
    let read = if harmless {
        serde_json::from_str(text)
    } else {
        serde_json::from_str(text).map(cleaned).and_then(serde_json::from_value)
    };
    read.map_err(|error| error.to_string())
}

fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(safe::clean(&text).into_owned()),
        Value::Array(parts) => Value::Array(parts.into_iter().map(cleaned).collect()),
        Value::Object(parts) => Value::Object(parts.into_iter().map(|(name, part)| (name, cleaned(part))).collect()),
        other => other,
    }
}

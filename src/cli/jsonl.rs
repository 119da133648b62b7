//! What the batch commands share: each line of the input is a document, each is answered by one line.

use std::io::ErrorKind;
use std::sync::{Arc, LazyLock};

use regex::bytes::Regex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::batch::{self, Line, Work};
use super::console::Console;
use super::failure::{Exit, Failure};
use super::{input, json};

/// The answer to a line that is no valid document.
#[derive(Serialize)]
struct Refusal {
    doc: Value,
    error: String,
}

/// Answers every line of a file, or of the standard input, in order. What `answer` refuses gives an error line, and the rest goes on.
pub(super) fn answer_each<T, A>(
    file: Option<&str>,
    console: &mut Console,
    answer: impl Fn(T) -> Result<A, String> + Send + Sync + 'static,
) -> Result<Exit, Failure>
where
    T: DeserializeOwned,
    A: Serialize,
{
    let input = input::lines(file)?;
    let work = move |line: &Line, number: u64| {
        let read = match line {
            Line::Whole(bytes) => parse(bytes),
            Line::TooLong(_) => Err("it is longer than 32 MB".to_owned()),
        };
        match read.and_then(&answer) {
            Ok(answer) => json::line(&answer),
            Err(why) => refuse(line.bytes(), number, &why),
        }
    };
    let sorry: Arc<Work> =
        Arc::new(|line: &Line, number| refuse(line.bytes(), number, "a mistake of breachline's own stopped its reading"));
    batch::run(input, &mut console.out, Arc::new(work), sorry).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::from(error),
        _ => Failure::new("the batch stopped before its end").because(&error),
    })?;
    Ok(Exit::Well)
}

/// Reads one line; the error is a phrase about it.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| {
        let text = error.to_string();
        let told = text.rsplit_once(" at line ").map_or(text.as_str(), |(told, _)| told);
        if error.is_data() { told.to_owned() } else { format!("this is not JSON: {told} at column {}", error.column()) }
    })
}

/// Answers a line that is no valid document.
pub(super) fn refuse(line: &[u8], number: u64, why: &str) -> Vec<u8> {
    json::line(&Refusal { doc: doc_of(line), error: format!("line {number}: {why}") })
}

/// Answers a document that is known by its name.
pub(super) fn refusal(doc: &str, why: &str) -> Vec<u8> {
    json::line(&Refusal { doc: Value::String(doc.to_owned()), error: why.to_owned() })
}

/// Returns the "doc" of a line as far as it can be read; null otherwise.
fn doc_of(bytes: &[u8]) -> Value {
    static FIRST: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"^\s*\{\s*"doc"\s*:\s*("(?:[^"\\]|\\.){0,1000}")"#).ok());
    if let Ok(Value::Object(mut whole)) = serde_json::from_slice(bytes) {
        return whole.remove("doc").unwrap_or(Value::Null);
    }
    let found = FIRST.as_ref().and_then(|first| first.captures(bytes)).and_then(|found| found.get(1));
    found.and_then(|doc| serde_json::from_slice(doc.as_bytes()).ok()).unwrap_or(Value::Null)
}

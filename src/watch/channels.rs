//! The ways by which notices go out: each tries once, and says in one line why it failed. No line holds a secret.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::timeout;
use url::Url;

use super::message;
use crate::base::{json, safe};
use crate::export::{self, About, Format, Tlp};
use crate::fetch::{Fetch, Post, Request, Want};
use crate::model::incident::Incident;
use crate::model::watch::Notice;

/// The longest that a program may take over one notice.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most of an answer that is read, in bytes.
const ANSWER: u64 = 64 << 10;
/// The most of what a failing program says that is read, in bytes.
const COMPLAINT: u64 = 4 << 10;

/// What the channels of one watch need beside the watch itself.
pub struct Means<F> {
    /// Posts to the webhook, which alone may be reached by it.
    pub fetch: F,
    /// The address of the webhook, or why there is none.
    pub webhook: Result<Url, String>,
    /// The program that takes mails.
    pub sendmail: PathBuf,
    /// The folder from which relative paths of Atom files are reckoned.
    pub folder: PathBuf,
    /// Puts a file in place of another, whole or not at all.
    pub replace: fn(&Path, &[u8]) -> Result<(), String>,
}

/// Posts a value.
pub(super) async fn webhook<F: Fetch>(means: &Means<F>, value: &Value, key: &str) -> Result<(), String> {
    let url = means.webhook.clone()?;
    let post = Post { body: json::inline(value), key: key.to_owned() };
    let request = Request { post: Some(post), max_body: Some(ANSWER), cut: true, ..Request::new(url, Want::Page) };
    match means.fetch.get(request).await {
        Ok(reply) if reply.is_redirect() => Err(format!("the address has moved ({}): write the new one", reply.status)),
        Ok(_) => Ok(()),
        Err(error) => Err(safe::line(&error.to_string(), 300)),
    }
}

/// Gives a value to a program on its standard input. No shell sees any of it.
pub(super) async fn command(command: &[String], value: &Value) -> Result<(), String> {
    let Some((program, args)) = command.split_first() else { return Err("no program is named".to_owned()) };
    run(Command::new(program).args(args), program, &json::line(value)).await
}

/// Gives a mail to sendmail, or what is called so.
pub(super) async fn mail<F>(means: &Means<F>, watch: &str, to: &[String], notices: &[&Notice]) -> Result<(), String> {
    let program = means.sendmail.display().to_string();
    let mail = written(&message::subject(watch, notices), to, &message::text(notices));
    run(Command::new(&means.sendmail).args(["-i", "--"]).args(to), &program, mail.as_bytes()).await
}

/// A mail: plain text in UTF-8. The date, the sender and an identifier are put in by sendmail.
fn written(subject: &str, to: &[String], text: &str) -> String {
    format!(
        "To: {}\nSubject: {}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\n{text}",
        to.join(", "),
        encoded(subject)
    )
}

/// A header's text: as it is where it is plain ASCII, else in encoded words of at most 75 characters (RFC 2047, Q).
fn encoded(text: &str) -> String {
    const ROOM: usize = 75 - "=?utf-8?q??=".len();
    if text.is_ascii() && !text.contains("=?") {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        let mut bytes = [0; 4];
        let coded: String = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => c.to_string(),
            ' ' => "_".to_owned(),
            c => c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect(),
        };
        if words.last().is_some_and(|word| word.len() + coded.len() > ROOM) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push_str(&coded);
        }
    }
    words.iter().map(|word| format!("=?utf-8?q?{word}?=")).collect::<Vec<_>>().join("\n ")
}

async fn run(command: &mut Command, name: &str, input: &[u8]) -> Result<(), String> {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn();
    let mut child = spawned.map_err(|error| format!("{name} cannot be started: {error}"))?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let whole = async {
        let write = async {
            if let Some(mut stdin) = stdin {
                // A program that does not want to know is not at fault; its exit code tells.
                let _ = stdin.write_all(input).await;
            }
        };
        let read = async {
            let mut complaint = Vec::new();
            if let Some(mut stderr) = stderr {
                let _ = (&mut stderr).take(COMPLAINT).read_to_end(&mut complaint).await;
                let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
            }
            complaint
        };
        let (status, (), complaint) = tokio::join!(child.wait(), write, read);
        (status, complaint)
    };
    match timeout(PATIENCE, whole).await {
        Err(_) => Err(format!("{name} took longer than {} s", PATIENCE.as_secs())),
        Ok((Err(error), _)) => Err(format!("{name}: {error}")),
        Ok((Ok(status), _)) if status.success() => Ok(()),
        Ok((Ok(status), complaint)) => {
            let said = String::from_utf8_lossy(&complaint);
            let said = safe::line(said.lines().last().unwrap_or(""), 200);
            Err(if said.is_empty() {
                format!("{name} ended with {status}")
            } else {
                format!("{name} ended with {status}: {said}")
            })
        }
    }
}

/// Returns a feed of incidents.
pub(super) fn atom(query: &str, at: jiff::Timestamp, incidents: &[Incident]) -> Result<Vec<u8>, String> {
    let about = About { query: query.to_owned(), at, tlp: Tlp::default(), live: None };
    let mut feed = Vec::new();
    export::write(Format::Atom, about, incidents, &mut feed).map_err(|error| error.to_string())?;
    Ok(feed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_plain_or_in_encoded_words() {
        assert_eq!(encoded("[Banks] 2 new incidents"), "[Banks] 2 new incidents");
        assert_eq!(encoded("Sté: x"), "=?utf-8?q?St=C3=A9=3A_x?=");
        let long = encoded(&"é".repeat(20));
        assert!(long.lines().all(|line| line.trim_start().len() <= 75) && long.lines().count() == 2, "{long}");
    }
}

//! Logs: what happens, event by event, on the error stream or in a file, as text or JSON. Nothing is logged unless asked for.
//!
//! What comes from outside is one clean line by then, and addresses are without their query, which may hold a key.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};
use url::Url;

use super::console::Console;
use super::failure::Failure;
use super::ingest::Summary;
use crate::base::safe;
use crate::crawl::Event;

/// What is logged, where and how.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Logs")]
pub(super) struct Args {
    /// Log from this level on: error, warn, info, debug or trace [default with --log-file: info]
    #[arg(long, global = true, value_name = "LEVEL", env = "BREACHLINE_LOG", hide_env_values = true)]
    log: Option<Level>,
    /// Add the log to this file instead of the error stream
    #[arg(long, global = true, value_name = "FILE")]
    log_file: Option<PathBuf>,
    /// Log one JSON object a line
    #[arg(long, global = true)]
    log_json: bool,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// A log that is being written.
pub(super) struct Log {
    file: Option<(PathBuf, Lines)>,
}

/// Begins to log, if that was asked for. While the timeline has the screen, only a file is written to.
pub(super) fn begin(args: &Args, has_screen: bool, console: &mut Console) -> Result<Log, Failure> {
    let Some(level) = args.log.or(args.log_file.is_some().then_some(Level::Info)) else { return Ok(Log { file: None }) };
    let Some(path) = &args.log_file else {
        if !has_screen {
            start(level, args.log_json, io::stderr);
            console.err_is_terminal = false; // bars and log lines would write over each other
        }
        return Ok(Log { file: None });
    };
    let lines = Lines::open(path)?;
    start(level, args.log_json, lines.clone());
    Ok(Log { file: Some((path.clone(), lines)) })
}

impl Log {
    /// Says whether all of it could be written.
    pub(super) fn end(&self, console: &mut Console) {
        let Some((path, lines)) = &self.file else { return };
        if let Some((lost, why)) = lines.lost() {
            let lost = super::tell::counted(lost, "line", "lines");
            console.note(format!("{}: {lost} of the log could not be written ({why})", path.display()));
        }
    }
}

fn start(level: Level, json: bool, writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let level = match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    let lines = fmt::layer().with_ansi(false).with_target(false).with_writer(writer);
    let lines = if json { lines.json().flatten_event(true).boxed() } else { lines.boxed() };
    // Only what this program says: libraries would log addresses as they are.
    let ours = Targets::new().with_target("breachline", level);
    // An error means that a log was begun before, in a process that runs more than one command.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines.with_filter(ours)));
}

/// A file that takes lines and outlives a full disk: what cannot be written is counted.
#[derive(Clone)]
struct Lines(Arc<Mutex<Inner>>);

struct Inner {
    file: File,
    lost: Option<(u64, String)>,
}

impl Lines {
    fn open(path: &Path) -> Result<Lines, Failure> {
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = file.map_err(|error| {
            Failure::usage(format!("{}: the log cannot be written", path.display()))
                .because(&error)
                .hint("name another --log-file")
        })?;
        Ok(Lines(Arc::new(Mutex::new(Inner { file, lost: None }))))
    }

    fn lost(&self) -> Option<(u64, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lost.clone()
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = inner.file.write_all(line) {
            let (lost, _) = inner.lost.take().unwrap_or_default();
            inner.lost = Some((lost + 1, error.to_string()));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Lines;

    fn make_writer(&'w self) -> Lines {
        self.clone()
    }
}

/// Logs what happened in the crawl.
pub(super) fn crawled(event: &Event<'_>) {
    match event {
        Event::Begun { sources, waiting } => tracing::info!(sources, waiting, "crawl begins"),
        Event::Asked(source) => tracing::debug!(source = source.id.0, url = shown(&source.url), "source asked"),
        Event::Listed(listed) => {
            let (source, outcome, reason) = (&listed.id.0, listed.outcome.word(), listed.reason.as_deref().unwrap_or(""));
            if listed.outcome.is_failure() {
                tracing::warn!(source, outcome, reason, "source failed");
            } else {
                tracing::info!(
                    source,
                    outcome,
                    reason,
                    items = listed.items,
                    new = listed.new,
                    unchanged = listed.unchanged,
                    "source listed"
                );
            }
        }
        Event::Page { source, url, error: Some(error) } => {
            tracing::warn!(source = source.id.0, url = shown(url), reason = safe::line(error, 300), "page not had");
        }
        Event::Page { source, url, error: None } => tracing::debug!(source = source.id.0, url = shown(url), "page kept"),
        Event::Left { under_way, queued } => tracing::trace!(under_way, queued, "requests left"),
    }
}

/// Logs what a run did.
pub(super) fn summed_up(summary: &Summary) {
    tracing::info!(
        sources = summary.tried,
        failed = summary.failed,
        stale = summary.stale.len(),
        pages = summary.pages.fetched,
        articles = summary.articles.new,
        incidents_new = summary.incidents.new,
        incidents_changed = summary.incidents.changed,
        seconds = summary.seconds,
        "run ends"
    );
    for fault in &summary.articles.faults {
        tracing::error!(article = fault.article, reason = safe::line(&fault.reason, 300), "article not read");
    }
}

/// An address without what may be a secret in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = (url.set_username(""), url.set_password(None));
    url.set_fragment(None);
    let asks = url.query().is_some();
    url.set_query(None);
    safe::line(&format!("{url}{}", if asks { "?..." } else { "" }), 300)
}

//! What is shown while a round goes on: a line and a bar while a person looks on, plain lines otherwise.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::Console;
use super::tell::{self, counted, grouped};
use crate::backfill;
use crate::base::safe;
use crate::crawl::{Event, Outcome, SourceOutcome};
use crate::derive;

/// Shows how a round comes along on the error stream.
pub(super) struct Progress<'c> {
    console: &'c mut Console,
    bars: Option<MultiProgress>,
    bar: ProgressBar,
    /// Whether nothing is to be shown at all.
    quiet: bool,
    began: Instant,
    listed: u64,
    pages: u64,
    failed: u64,
}

impl<'c> Progress<'c> {
    /// Shows nothing where it is to be `quiet`.
    pub(super) fn new(console: &'c mut Console, quiet: bool) -> Progress<'c> {
        let bars = (console.err_is_terminal && !quiet).then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        Progress { console, bars, bar: ProgressBar::hidden(), quiet, began: Instant::now(), listed: 0, pages: 0, failed: 0 }
    }

    /// Takes in what happened in the crawl.
    pub(super) fn crawled(&mut self, event: &Event<'_>) {
        match event {
            Event::Begun { sources, waiting } => {
                let left = if *waiting > 0 {
                    format!(", {} from last time", counted(*waiting as u64, "page", "pages"))
                } else {
                    String::new()
                };
                self.line(&format!("reading {}{left}", counted(*sources as u64, "source", "sources")), true);
                self.begin("{bar:24} {pos}/{len} sources, {msg}", *sources as u64);
            }
            Event::Asked(_) => {}
            Event::Listed(outcome) => {
                self.listed += 1;
                self.bar.set_position(self.listed);
                if let Some(line) = told(outcome, self.bars.is_some()) {
                    self.line(&line, false);
                }
            }
            Event::Page { error, .. } => {
                self.pages += u64::from(error.is_none());
                self.failed += u64::from(error.is_some());
            }
            Event::Left { under_way, queued } => {
                let failed = if self.failed > 0 { format!(", {} failed", grouped(self.failed)) } else { String::new() };
                let rate = self.rate(*queued as u64 + *under_way as u64);
                self.bar.set_message(format!(
                    "{}{failed}, {under_way} under way, {queued} in line{rate}",
                    counted(self.pages, "page", "pages")
                ));
            }
        }
    }

    /// Takes in how far the files of a backfill are read.
    pub(super) fn backfilled(&mut self, step: &backfill::Progress) {
        if self.bar.length() != Some(step.total) {
            self.begin("{bar:24} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left: {msg}", step.total);
        }
        self.bar.set_position(step.done);
        self.bar.set_message(format!("{}, {} kept", counted(step.answers, "answer", "answers"), grouped(step.new)));
    }

    /// Takes in how far deriving has come.
    pub(super) fn derived(&mut self, step: &derive::Progress) {
        match step {
            derive::Progress::Reading { done, total } => {
                if self.bar.length() != Some(*total) || *done == 0 {
                    self.begin("{bar:24} {pos}/{len} articles read, {per_sec}, {eta} left", *total);
                }
                self.bar.set_position(*done);
            }
            derive::Progress::Merging { done } => self.note(format!("merging reports: {}", grouped(*done))),
            derive::Progress::Indexing => self.note("bringing the search up to date".to_owned()),
        }
    }

    /// Takes everything that moves off the screen.
    pub(super) fn end(self) {
        self.bar.finish_and_clear();
    }

    /// How fast pages come, and how long what is left takes at that rate; nothing while that is a guess.
    fn rate(&self, left: u64) -> String {
        let (pages, seconds) = ((self.pages + self.failed) as f64, self.began.elapsed().as_secs_f64());
        if pages < 10.0 || seconds < 2.0 {
            return String::new();
        }
        format!(", {:.1} a second, {} left", pages / seconds, tell::seconds(left as f64 * seconds / pages))
    }

    fn begin(&mut self, template: &str, length: u64) {
        self.bar.finish_and_clear();
        let Some(bars) = &self.bars else { return };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar = bars.add(ProgressBar::new(length).with_style(style.progress_chars("=> ")));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn note(&mut self, text: String) {
        if let Some(bars) = &self.bars {
            self.bar.finish_and_clear();
            self.bar = bars.add(ProgressBar::new_spinner().with_message(text));
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// Prints a line that stays; `passing` ones only where no bar says the same.
    fn line(&mut self, line: &str, passing: bool) {
        match &self.bars {
            _ if self.quiet => {}
            Some(_) if passing => {}
            Some(bars) => drop(bars.println(safe::line(line, self.console.width.saturating_sub(1)))),
            None => drop(writeln!(self.console.err, "{}", safe::line(line, 1000))),
        }
    }
}

/// What is said of a source once its list is there; nothing of one that is unchanged, unless a person looks on.
fn told(outcome: &SourceOutcome, all: bool) -> Option<String> {
    let SourceOutcome { name, items, new, unchanged, reason, .. } = outcome;
    let reason = reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    match outcome.outcome {
        Outcome::SourceFailed | Outcome::Blocked => Some(format!("{name}: {}", outcome.reason.as_deref().unwrap_or("failed"))),
        _ if *unchanged => all.then(|| format!("{name}: unchanged")),
        Outcome::Ok | Outcome::ItemSkipped => {
            Some(format!("{name}: {}, {} new{reason}", counted(*items as u64, "item", "items"), grouped(*new as u64)))
        }
    }
}

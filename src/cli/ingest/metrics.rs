//! `--metrics FILE`: the last run in figures, for Prometheus' textfile collector.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::Summary;
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};
use crate::cli::whole::WholeFile;
use crate::store::StoreError;
use crate::store::kept::{Access, Counts, Kept, Run};

/// The metric whose value outlives runs that fail.
const LAST_SUCCESS: &str = "breachline_last_success_timestamp_seconds";
/// The largest file that an earlier value is looked for in, in bytes.
const LARGEST: u64 = 1 << 20;

/// Writes the figures of a run that began at `began` and ended with `exit`. The file is replaced whole or not at all.
pub(super) fn write(file: &Path, dir: &Path, began: Timestamp, exit: Exit, console: &Console) -> Result<(), Failure> {
    let now = (console.now)();
    let did_its_work = matches!(exit, Exit::Well | Exit::SomeFailed);
    let success = if did_its_work { Some(seconds(now)) } else { last_success(file) };
    let (run, counts, waiting) = state(dir, did_its_work).unwrap_or_default();
    let mut text = Text::default();
    text.gauge(
        "breachline_run_success",
        "Whether the last run did its work, with or without failed sources.",
        f64::from(did_its_work),
    );
    text.gauge("breachline_run_exit_code", "The exit code of the last run.", f64::from(exit as i32));
    text.gauge("breachline_run_began_timestamp_seconds", "When the last run began.", seconds(began));
    text.gauge("breachline_run_duration_seconds", "How long the last run took.", seconds(now) - seconds(began));
    if let Some(success) = success {
        text.gauge(LAST_SUCCESS, "When a run last did its work.", success);
    }
    if let Some(summary) = run.and_then(|run| run.summary).and_then(|value| serde_json::from_value::<Summary>(value).ok()) {
        of_summary(&mut text, &summary);
    }
    if let Some(counts) = counts {
        of_counts(&mut text, &counts, waiting);
    }
    replace(file, &text.0)
}

type State = (Option<Run>, Option<Counts>, u64);

fn state(dir: &Path, of_this_run: bool) -> Result<State, StoreError> {
    let kept = Kept::open(dir, Access::Read)?;
    let run = if of_this_run { kept.last_runs(1)?.pop() } else { None };
    Ok((run, Some(kept.counts()?), kept.undelivered_count()?))
}

fn of_summary(text: &mut Text, summary: &Summary) {
    let Summary { sources, pages, articles, incidents, .. } = summary;
    let gave = ["new", "nothing-new", "unchanged", "empty", "broken", "gone", "blocked"];
    let by_what: Vec<(&str, f64)> =
        gave.iter().map(|word| (*word, sources.iter().filter(|line| line.gave == *word).count() as f64)).collect();
    text.family("breachline_run_sources", "Sources asked in the last run, by what they gave.", "gave", &by_what);
    text.gauge(
        "breachline_run_sources_stale",
        "Sources that have given nothing new for unusually long.",
        summary.stale.len() as f64,
    );
    let by_what = [("fetched", pages.fetched), ("failed", pages.failed), ("left", pages.left)].map(|(word, n)| (word, n as f64));
    text.family("breachline_run_pages", "Pages of the last run.", "outcome", &by_what);
    text.gauge("breachline_run_articles_new", "Articles read in the last run for the first time.", articles.new as f64);
    let by_what = [("new", incidents.new), ("changed", incidents.changed), ("removed", incidents.removed)];
    text.family("breachline_run_incidents", "Incidents of the last run.", "change", &by_what.map(|(word, n)| (word, n as f64)));
}

fn of_counts(text: &mut Text, counts: &Counts, waiting: u64) {
    text.gauge("breachline_articles", "Articles in the index.", counts.articles as f64);
    text.gauge("breachline_incidents", "Incidents in the index.", counts.incidents as f64);
    text.gauge("breachline_pages_waiting", "Articles whose page is still to be fetched.", counts.waiting as f64);
    text.gauge("breachline_notices_waiting", "Notices of watches that have not been delivered yet.", waiting as f64);
}

/// Text in the exposition format, version 0.0.4.
#[derive(Default)]
struct Text(String);

impl Text {
    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }

    fn family(&mut self, name: &str, help: &str, label: &str, values: &[(&str, f64)]) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (word, value) in values {
            let _ = writeln!(self.0, "{name}{{{label}=\"{word}\"}} {value}");
        }
    }
}

fn seconds(moment: Timestamp) -> f64 {
    moment.as_millisecond() as f64 / 1000.0
}

/// The value that the file has from an earlier run.
fn last_success(file: &Path) -> Option<f64> {
    if fs::metadata(file).ok()?.len() > LARGEST {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)?.trim().parse().ok())
}

/// The collector never sees half of it.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let mut whole = WholeFile::create(file)?;
    std::io::Write::write_all(&mut whole, text.as_bytes())?;
    whole.finish()
}

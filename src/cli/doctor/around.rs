//! The doctor on what is around: the disk, the clock, the network.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Finding;
use crate::cli::console::Console;
use crate::cli::sources::check;
use crate::cli::tell::{bytes, counted};
use crate::model::config::Config;
use crate::store::kept::{Access, DATABASE, Kept};

/// So much a run needs at least beside what the index has already, in bytes.
const ROOM: u64 = 200 << 20;

/// Tells whether the folder may be written and has room for a run and for a change of layout.
pub(super) fn disk(dir: &Path) -> Vec<Finding> {
    const WHAT: &str = "disk";
    let there: PathBuf = dir.ancestors().find(|path| path.exists()).unwrap_or(Path::new(".")).to_owned();
    let there = if there.as_os_str().is_empty() { PathBuf::from(".") } else { there };
    let Ok(free) = free(&there) else { return Vec::new() };
    let needed = std::fs::metadata(dir.join(DATABASE)).map_or(0, |data| data.len()) + ROOM;
    let text = format!("{}: {} free", there.display(), bytes(free));
    let mut found = vec![if free < needed {
        let advice =
            format!("{} would be safe: make room, or let `breachline prune` and `breachline vacuum` make some", bytes(needed));
        Finding::warning(WHAT, text, advice)
    } else {
        Finding::ok(WHAT, text)
    }];
    if !may_be_written(&there) {
        found.push(Finding::broken(
            WHAT,
            format!("{} may not be written", there.display()),
            Some("check who owns it".to_owned()),
        ));
    }
    found
}

#[cfg(unix)]
fn free(dir: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> std::io::Result<u64> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn may_be_written(dir: &Path) -> bool {
    rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn may_be_written(_: &Path) -> bool {
    true
}

/// Tells whether the clock stands before what the index has seen.
pub(super) fn clock(dir: &Path, now: Timestamp) -> Vec<Finding> {
    const WHAT: &str = "clock";
    /// Clocks are set right by a little all the time, in seconds.
    const LITTLE: i64 = 120;
    let last = Kept::open(dir, Access::Read).ok().and_then(|kept| kept.last_runs(1).ok()?.pop());
    let last = last.map(|run| run.ended_at.unwrap_or(run.began_at).max(run.began_at));
    vec![match last {
        Some(last) if last.as_second() > now.as_second() + LITTLE => {
            let text = format!("it says {}, and the last run was at {}", minute(now), minute(last));
            Finding::warning(WHAT, text, "set it right; nothing is lost meanwhile, but days and pauses are reckoned by it")
        }
        _ => Finding::ok(WHAT, minute(now)),
    }]
}

fn minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Asks every source for its list.
pub(super) fn sources(mut config: Config, console: &Console) -> Vec<Finding> {
    const WHAT: &str = "sources";
    config.sources.retain(|source| source.enabled);
    if config.sources.is_empty() {
        return Vec::new();
    }
    let asked = match check::ask(&config, console) {
        Ok(asked) => asked,
        Err(failure) => return vec![Finding::broken(WHAT, failure.in_one_line(), failure.hint)],
    };
    let all = counted(asked.sources.len() as u64, "source", "sources");
    if asked.failed == 0 {
        return vec![Finding::ok(WHAT, format!("all of {all} answer"))];
    }
    if asked.failed == asked.sources.len() {
        let first = asked.sources.iter().find_map(|source| source.reason.clone()).unwrap_or_default();
        let advice = "look at the connection of this machine, its name server, and proxies";
        return vec![Finding::broken(WHAT, format!("none of {all} answers: {first}"), Some(advice.to_owned()))];
    }
    let failed = asked.sources.iter().filter(|source| source.outcome.is_failure());
    let told = |source: &crate::crawl::SourceOutcome| {
        let text = format!("{}: {}", source.name, source.reason.as_deref().unwrap_or("failed"));
        Finding::warning(WHAT, text, format!("`breachline sources preview {}` shows what it gives", source.url))
    };
    failed.map(told).collect()
}

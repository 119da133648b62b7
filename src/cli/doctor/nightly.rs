//! The doctor on the nightly job: whether it runs, how the last one went, what waits.

use std::path::Path;

use super::Finding;
use crate::cli::console::Console;
use crate::cli::ingest::Summary;
use crate::cli::tell::counted;
use crate::model::config::Config;
use crate::model::watch::Channel;
use crate::store::StoreError;
use crate::store::kept::{Access, Kept, Run, Waits};
use crate::tui::words::ago;

const WHAT: &str = "nightly job";
/// After so many hours without a run something keeps the nightly job from running.
const TOO_LONG: i64 = 49;

/// Looks at the last run and at the outbox.
pub(super) fn check(dir: &Path, config: Option<&Config>, console: &Console) -> Vec<Finding> {
    let Ok(kept) = Kept::open(dir, Access::Read) else { return Vec::new() }; // told already
    let whole = || -> Result<Vec<Finding>, StoreError> {
        let mut found = run(&kept, console)?;
        found.extend(outbox(&kept, config)?);
        Ok(found)
    };
    whole().unwrap_or_else(|error| vec![Finding::broken(WHAT, error.to_string(), error.hint())])
}

fn run(kept: &Kept, console: &Console) -> Result<Vec<Finding>, StoreError> {
    let now = (console.now)();
    let Some(run) = kept.last_runs(1)?.pop() else {
        return Ok(vec![Finding::warning(
            WHAT,
            "it has not run yet",
            "run `breachline ingest`, and `breachline schedule install`",
        )]);
    };
    let when = ago(run.began_at, now);
    let mut found = Vec::new();
    let look = format!("`breachline runs show {}` tells more", run.id.0);
    found.push(match &run {
        Run { failure: Some(why), .. } => Finding::warning(WHAT, format!("the last run, {when}, failed: {why}"), look),
        Run { ended_at: None, .. } => {
            Finding::warning(WHAT, format!("the last run, {when}, goes on or was cut off"), "the next run goes on where it was")
        }
        _ if (now.as_second() - run.began_at.as_second()) / 3600 > TOO_LONG => Finding::warning(
            WHAT,
            format!("the last run was {when}"),
            "`breachline schedule status` tells whether it is scheduled",
        ),
        _ => Finding::ok(WHAT, format!("the last run was {when}")),
    });
    if let Some(summary) = run.summary.and_then(|summary| serde_json::from_value::<Summary>(summary).ok()) {
        let named = |names: Vec<&str>| names.join(", ");
        if summary.failed > 0 {
            let failed = summary.sources.iter().filter(|line| matches!(line.outcome.as_str(), "source-failed" | "blocked"));
            let text = format!("in the last run failed: {}", named(failed.map(|line| line.name.as_str()).collect()));
            found.push(Finding::warning(WHAT, text, "`breachline sources --failing` tells why; remove what is gone for good"));
        }
        let gone: Vec<&str> =
            summary.not_due.iter().filter(|source| source.why == "gone").map(|source| source.name.as_str()).collect();
        if !gone.is_empty() {
            let text = format!("gone for good (410) and not asked any more: {}", named(gone));
            found.push(Finding::warning(WHAT, text, "remove them from sources.toml, or give them another url"));
        }
        if !summary.stale.is_empty() {
            let text =
                format!("silent for unusually long: {}", named(summary.stale.iter().map(|stale| stale.name.as_str()).collect()));
            found.push(Finding::warning(
                WHAT,
                text,
                "look at their pages: the feed may have moved; `breachline sources preview URL` helps",
            ));
        }
    }
    Ok(found)
}

fn outbox(kept: &Kept, config: Option<&Config>) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for name in kept.watches_with_notices()? {
        let mut waiting = 0;
        let mut failure = None;
        for channel in Channel::ALL {
            let notices = kept.undelivered(&name, channel, Waits::Any)?;
            waiting += notices.len() as u64;
            failure = failure.or_else(|| notices.into_iter().find_map(|notice| notice.failure));
        }
        let text = format!("{} of \"{name}\"", counted(waiting, "notice waits", "notices wait"));
        let known = config.is_none_or(|config| config.watches.iter().any(|watch| watch.name == name));
        found.push(match failure {
            _ if !known => {
                Finding::warning("outbox", text, "it is no watch of sources.toml any more; name one so and they are delivered")
            }
            Some(why) => {
                Finding::warning("outbox", format!("{text}: {why}"), format!("`breachline watch test \"{name}\"` tries it"))
            }
            None => Finding::warning("outbox", text, "`breachline watch send` delivers them"),
        });
    }
    Ok(found)
}

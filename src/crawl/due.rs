//! When a source is asked next: what its settings, its server, its own rhythm and its host say, within bounds.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::outcome::{NotDue, WhyNotDue};
use super::visit::later;
use crate::fetch::{Reply, pace};
use crate::model::article::FeedItem;
use crate::model::source::Source;
use crate::store::StoreError;
use crate::store::kept::{Kept, SourceState};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest that a server's caching headers or a feed's own rhythm keep it from being asked, so that a nightly run always asks.
const LONGEST: Duration = Duration::from_secs(20 * 60 * 60);
/// How many of a feed's items its rhythm is told from, the newest first; and how many it takes to tell one.
const RHYTHM_OF: usize = 10;
const RHYTHM_LEAST: usize = 3;
/// After so many visits without anything new its rhythm counts: before, it may only just have been added, or its dates say little.
const IDLE: u32 = 3;
/// A feed is asked this often between two of its items, as they usually follow each other.
const ASKED_BETWEEN: u32 = 8;

/// Says why a source is not asked now; None if it is due. `early` asks it also before its time, but not if it is gone or failed.
pub fn why_not_due(source: &Source, state: &SourceState, now: Timestamp, early: bool) -> Option<NotDue> {
    let not_due = |why, reason: String| Some(self::not_due(source, why, reason));
    if state.gone {
        let reason = "its server said that it is gone for good (410): remove it, or give it another url";
        return not_due(WhyNotDue::Gone, reason.to_owned());
    }
    if let Some(until) = state.not_before.filter(|until| *until > now) {
        let why = state.last_reason.as_deref().unwrap_or("it failed");
        return not_due(WhyNotDue::LeftAlone, format!("left alone until {}: {why}", minute(until)));
    }
    // A clock that was set back must not keep a source from being read.
    let checked_at = state.checked_at.filter(|checked_at| *checked_at <= now && !early)?;
    let after = |wait: Duration| later(checked_at, wait);
    if let Some(every) = source.every {
        // A nightly run never starts at the same second; a source that is due in a moment is due.
        let due = after(every - (every / 10).min(Duration::from_secs(3600)));
        if now < due {
            return not_due(WhyNotDue::NotYet, format!("asked at {}, next after {}", minute(checked_at), minute(due)));
        }
    }
    if state.failures > 0 {
        return None; // what an earlier answer said is no reason to wait for the next
    }
    if let Some(until) = state.fresh_until.filter(|until| *until > now) {
        return not_due(WhyNotDue::NotYet, format!("its server says that what it sent holds until {}", minute(until)));
    }
    let pause = state.rhythm.filter(|_| source.every.is_none() && state.idle >= IDLE)?;
    let due = after(Duration::from_secs(pause));
    let reason = || format!("it seldom has anything new: next after {}", minute(due));
    (now < due).then(|| self::not_due(source, WhyNotDue::NotYet, reason()))
}

fn not_due(source: &Source, why: WhyNotDue, reason: String) -> NotDue {
    NotDue { id: source.id.clone(), name: source.name.clone(), why, reason }
}

fn minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Returns until when an answer holds by its caching headers (RFC 9111, 4.2: `max-age` before `Expires`, less its `Age`), within a bound.
pub fn fresh_until(reply: &Reply, now: Timestamp) -> Option<Timestamp> {
    let control = reply.header("cache-control").unwrap_or("").to_ascii_lowercase();
    let mut words = control.split(',').map(str::trim);
    if words.clone().any(|word| matches!(word, "no-cache" | "no-store")) {
        return None;
    }
    let seconds = |text: &str| text.trim().trim_matches('"').parse::<u64>().ok();
    let age = reply.header("age").and_then(seconds).unwrap_or(0);
    let lifetime = match words.find_map(|word| word.strip_prefix("max-age=")) {
        Some(most) => seconds(most)?,
        None => {
            let moment = |name: &str| Some(jiff::fmt::rfc2822::parse(reply.header(name)?).ok()?.timestamp().as_second());
            u64::try_from(moment("expires")? - moment("date").unwrap_or(now.as_second())).ok()?
        }
    };
    let wait = Duration::from_secs(lifetime.saturating_sub(age)).min(LONGEST);
    (!wait.is_zero()).then(|| later(now, wait))
}

/// Returns for how many seconds after a visit nothing new is to be expected; None for a feed with something new every day, or too few dates.
///
/// The silence since the newest item counts as much as the gaps between the last ones.
pub fn rhythm(items: &[FeedItem], now: Timestamp) -> Option<u64> {
    let mut dates: Vec<Timestamp> = items.iter().filter_map(|item| item.published.or(item.updated)).collect();
    dates.sort_unstable_by(|one, other| other.cmp(one));
    dates.truncate(RHYTHM_OF);
    let oldest = dates.last().filter(|_| dates.len() >= RHYTHM_LEAST)?;
    let span = u64::try_from(now.as_second() - oldest.as_second()).ok()?;
    let gap = Duration::from_secs(span) / dates.len() as u32;
    (gap >= DAY).then(|| (gap / ASKED_BETWEEN).min(LONGEST).as_secs())
}

/// The hosts that asked to be left alone, in this run or an earlier one, and until when.
#[derive(Debug, Default)]
pub struct PutOff {
    hosts: BTreeMap<String, Timestamp>,
}

impl PutOff {
    /// Loads the hosts that are still to be left alone.
    pub fn load(kept: &Kept, now: Timestamp) -> Result<PutOff, StoreError> {
        Ok(PutOff { hosts: kept.put_off(now)? })
    }

    /// Keeps that a host asked to be left alone.
    pub fn add(
        &mut self,
        kept: &mut Kept,
        host: &str,
        status: u16,
        retry_after: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let until = later(now, pace::retry_after(retry_after, now));
        self.hosts.insert(host.to_owned(), until);
        kept.put_off_host(host, until, status)
    }

    /// Tells whether a host is left alone.
    pub fn holds(&self, host: &str) -> bool {
        self.hosts.contains_key(host)
    }

    /// Says why a source is not asked now; None if its host does not mind, which is another one where it has moved.
    pub fn why_not_due(&self, source: &Source, state: &SourceState, now: Timestamp) -> Option<NotDue> {
        let url = state.moved_to.as_ref().unwrap_or(&source.url);
        let until = self.hosts.get(&pace::host_of(url)).filter(|until| **until > now)?;
        Some(not_due(source, WhyNotDue::LeftAlone, format!("its host asked to be left alone until {}", minute(*until))))
    }
}

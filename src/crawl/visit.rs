//! The decisions of a round, one by one and without effects: what is due, when to ask again, what a source's state becomes.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::due;
use super::outcome::SourceOutcome;
use crate::base::hash::fnv;
use crate::base::safe;
use crate::feed::FeedRead;
use crate::fetch::{FetchError, Reply, pace};
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::source::Source;
use crate::store::StoreError;
use crate::store::kept::{Kept, Recheck, SourceState};

/// How often the page of an article is asked for before it is given up.
const MOST_TRIES: u32 = 5;
/// Spreads the waits of one source over its failures in a row; any large odd number does.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
/// The headers of a page that later steps read.
const KEPT_HEADERS: &[&str] = &["content-language", "content-type", "date", "etag", "last-modified", "x-robots-tag"];

/// One address to be asked for, and everything to be done with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Where the next request goes.
    pub url: Url,
    /// The address that it began with.
    pub first: Url,
    /// Redirects followed so far.
    pub hops: usize,
    /// Whether all of them were for good.
    for_good: bool,
    /// What it is for.
    pub what: What,
}

/// What a visit is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The list of the source with this index.
    List(usize),
    /// A sitemap that the list of a source leads to.
    Part {
        /// The index of the source.
        index: usize,
        /// How many indexes of sitemaps lead to it.
        depth: usize,
    },
    /// The page of an article.
    Page {
        /// The index of its source.
        index: usize,
        /// Its number.
        article: ArticleId,
        /// How often it was asked for before.
        tries: u32,
    },
    /// The page of an article that was read already, to see whether it changed.
    Again {
        /// The index of its source.
        index: usize,
        /// Which article, and what it sent last time.
        of: Box<Recheck>,
    },
    /// The page of the address of this number among those that were given by hand.
    Given(usize),
    /// The robots.txt of this site.
    Robots(String),
}

impl What {
    /// Tells whether it is the page of an article.
    pub fn is_page(&self) -> bool {
        matches!(self, What::Page { .. })
    }
}

impl Visit {
    /// Makes a visit that has not been anywhere yet.
    pub fn new(url: Url, what: What) -> Visit {
        Visit { first: url.clone(), url, hops: 0, for_good: true, what }
    }

    /// Returns the visit after one more redirect.
    pub fn on_to(self, url: Url, for_good: bool) -> Visit {
        Visit { url, hops: self.hops + 1, for_good: self.for_good && for_good, ..self }
    }

    /// Returns where the first address has moved for good.
    pub fn moved(&self) -> Option<&Url> {
        (self.hops > 0 && self.for_good).then_some(&self.url)
    }
}

/// Returns what is kept of a source's earlier visits; nothing if it had another address then.
pub fn state_of(kept: &Kept, source: &Source) -> Result<SourceState, StoreError> {
    let state = kept.source_state(&source.id)?;
    let state = if state.url.as_ref().is_none_or(|url| *url == source.url) { state } else { SourceState::default() };
    Ok(SourceState { url: Some(source.url.clone()), ..state })
}

/// Drops dates that lie in the future, but for what clocks and time zones explain: no article is published tomorrow.
pub fn without_future(items: &mut [FeedItem], now: Timestamp) {
    let latest = later(now, Duration::from_secs(24 * 60 * 60));
    for item in items {
        item.published = item.published.filter(|published| *published <= latest);
        item.updated = item.updated.filter(|updated| *updated <= latest);
    }
}

/// Returns the state after a list came and was read. One that was cut off is asked for again in full next time.
///
/// `idle` tells whether all of it was known.
pub fn after_list(
    state: &SourceState,
    reply: &Reply,
    moved: Option<&Url>,
    (read, idle): (&FeedRead, bool),
    now: Timestamp,
) -> SourceState {
    let header = |name: &str| reply.header(name).filter(|value| read.complete && value.len() <= 1024).map(str::to_owned);
    SourceState {
        etag: header("etag"),
        last_modified: header("last-modified"),
        checked_at: Some(now),
        changed_at: Some(now),
        ok_at: Some(now),
        failures: 0,
        last_outcome: Some("ok".to_owned()),
        last_reason: None,
        moved_to: moved.cloned().or_else(|| state.moved_to.clone()),
        gone: false,
        items_last: u32::try_from(read.items.len()).unwrap_or(u32::MAX),
        not_before: None,
        fresh_until: due::fresh_until(reply, now),
        rhythm: due::rhythm(&read.items, now),
        idle: if idle { state.idle.saturating_add(1) } else { 0 },
        ..state.clone()
    }
}

/// Returns the state after the server said that nothing has changed.
pub fn after_unchanged(state: &SourceState, reply: &Reply, moved: Option<&Url>, now: Timestamp) -> SourceState {
    SourceState {
        checked_at: Some(now),
        fresh_until: due::fresh_until(reply, now),
        idle: state.idle.saturating_add(1),
        ok_at: Some(now),
        moved_to: moved.cloned().or_else(|| state.moved_to.clone()),
        failures: 0,
        last_outcome: Some("ok".to_owned()),
        last_reason: None,
        not_before: None,
        ..state.clone()
    }
}

/// Returns the state after a failure. What was kept of earlier answers stays.
pub fn after_failure(
    state: &SourceState,
    source: &Source,
    error: &FetchError,
    outcome: &SourceOutcome,
    now: Timestamp,
) -> SourceState {
    let failures = state.failures.saturating_add(1);
    let wait = match error {
        FetchError::RateLimited { retry_after, .. } => pace::retry_after(retry_after.as_deref(), now),
        error if error.is_refusal() => Duration::ZERO,
        _ => pace::back_off(failures, seed(&source.id.0).wrapping_add(u64::from(failures).wrapping_mul(SPREAD))),
    };
    SourceState {
        checked_at: Some(now),
        failures,
        last_outcome: Some(outcome.outcome.word().to_owned()),
        last_reason: outcome.reason.clone(),
        gone: matches!(error, FetchError::Gone),
        not_before: (!wait.is_zero()).then(|| later(now, wait)),
        // An address that had moved and fails now: the next round begins at the one that sources.toml gives.
        moved_to: None,
        ..state.clone()
    }
}

/// Says whether a page that could not be fetched is given up, and before when it is not asked for again.
pub fn page_again(error: &FetchError, tries: u32, now: Timestamp) -> (bool, Timestamp) {
    if error.is_permanent() || tries + 1 >= MOST_TRIES {
        return (true, now);
    }
    let wait = match error {
        FetchError::RateLimited { retry_after, .. } => pace::retry_after(retry_after.as_deref(), now),
        _ => Duration::from_secs(3600) * (1 << tries.min(4)),
    };
    (false, later(now, wait))
}

/// Makes the page that is kept; the error says what came instead of one.
pub fn page(asked: &Url, reply: Reply, now: Timestamp) -> Result<Page, String> {
    if let Some(what) = not_text(&reply) {
        return Err(format!("it is {what}, not a page"));
    }
    if reply.body.iter().all(u8::is_ascii_whitespace) {
        return Err("the server sent an empty page".to_owned());
    }
    let headers = reply.headers.into_iter().filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str())).collect();
    Ok(Page { asked: asked.clone(), answered: reply.url, arrived_at: now, status: reply.status, headers, bytes: reply.body })
}

/// Says what a body is if its first bytes show that it is no text.
fn not_text(reply: &Reply) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"PK\x03\x04", "an archive or office document"),
        (b"\x1f\x8b", "an archive"),
        (b"ID3", "a sound file"),
        (b"OggS", "a sound file"),
    ];
    KINDS.iter().find(|(magic, _)| reply.body.starts_with(magic)).map(|(_, what)| *what)
}

pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// Returns a number that differs from source to source, and is the same in every run.
fn seed(text: &str) -> u64 {
    fnv(text.bytes())
}

/// Returns a line that names an address, short enough for a list.
pub fn short(url: &Url) -> String {
    safe::line(url.as_str(), 120)
}

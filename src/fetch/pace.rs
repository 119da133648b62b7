//! Whose turn it is: requests wait in line by host, and each host is asked no faster than it may be. Pure, handed the time.
//!
//! Times are the run's own monotonic clock, as the time since it began. Hosts take turns, the one that has waited longest first;
//! within a host the order is first come, first served.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

/// The longest pause between two requests that a robots.txt can ask for.
pub const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(10);
/// The longest that a `Retry-After` is obeyed.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long requests to one host may take together in a run, for each that may be under way at once: one that is slow with each of a
/// thousand articles must not keep a run from its end.
pub const LONGEST_OF_HOST: Duration = Duration::from_secs(30 * 60);
/// How long a host is left alone that asks for it without saying how long.
pub const USUAL_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// Requests of type `J` in line, by host.
#[derive(Debug)]
pub struct Pace<J> {
    at_once: usize,
    per_host: usize,
    pause: Duration,
    under_way: usize,
    queued: usize,
    hosts: BTreeMap<String, Host<J>>,
}

#[derive(Debug)]
struct Host<J> {
    queue: VecDeque<J>,
    under_way: usize,
    /// How long requests to it took until now.
    spent: Duration,
    /// The earliest start of the next request.
    next: Duration,
    pause: Duration,
    /// The weight of troubles since the last welcome.
    troubles: usize,
    off: bool,
}

/// What speaks against asking a host on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It asked to be left alone (429, 503).
    Refused,
    /// It could not be reached or took too long.
    Unreachable,
}

/// The weight of a refusal, where one silence weighs 1.
const REFUSAL: usize = 3;

/// What may be done now.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn<J> {
    /// This request starts now.
    Start(J),
    /// Nothing before this time, unless a request ends earlier.
    At(Duration),
    /// Nothing until a request ends.
    Busy,
    /// Nothing waits; requests may still be under way.
    Empty,
}

impl<J> Pace<J> {
    /// Makes an empty line for `at_once` requests over all hosts, `per_host` to one, their starts at least `pause` apart.
    pub fn new(at_once: usize, per_host: usize, pause: Duration) -> Pace<J> {
        Pace { at_once: at_once.max(1), per_host: per_host.max(1), pause, under_way: 0, queued: 0, hosts: BTreeMap::new() }
    }

    /// Puts a request at the end of its host's line, or at the front of it.
    ///
    /// A host that wants to be left alone takes none: the request comes back.
    pub fn push(&mut self, host: &str, request: J, first: bool) -> Result<(), J> {
        let host = self.host(host);
        if host.off {
            return Err(request);
        }
        if first {
            host.queue.push_front(request);
        } else {
            host.queue.push_back(request);
        }
        self.queued += 1;
        Ok(())
    }

    /// Says what may be done now. A request that it gives out counts as under way until [`Pace::ended`].
    pub fn turn(&mut self, now: Duration) -> Turn<J> {
        if self.queued == 0 {
            return Turn::Empty;
        }
        if self.under_way >= self.at_once {
            return Turn::Busy;
        }
        let per_host = self.per_host;
        let ready = |host: &&mut Host<J>| !host.queue.is_empty() && host.under_way < per_host;
        let Some(host) = self.hosts.values_mut().filter(ready).min_by_key(|host| host.next) else { return Turn::Busy };
        if host.next > now {
            return Turn::At(host.next);
        }
        let Some(request) = host.queue.pop_front() else { return Turn::Busy };
        host.under_way += 1;
        host.next = now + host.pause;
        self.under_way += 1;
        self.queued -= 1;
        Turn::Start(request)
    }

    /// Notes that a request to the host has ended with an answer of any kind, or without one, and how long it took. Returns the
    /// requests in the host's line if it has used up [its time](LONGEST_OF_HOST).
    pub fn ended(&mut self, host: &str, took: Duration) -> Vec<J> {
        self.under_way = self.under_way.saturating_sub(1);
        let most = LONGEST_OF_HOST * self.per_host as u32;
        let asked = self.host(host);
        asked.under_way = asked.under_way.saturating_sub(1);
        asked.spent += took;
        if asked.spent < most { Vec::new() } else { self.leave(host) }
    }

    /// Notes that the host answered and does not mind.
    pub fn welcomed(&mut self, host: &str) {
        self.host(host).troubles = 0;
    }

    /// Notes an answer that speaks against asking on. Returns the requests in the host's line if it is now left alone.
    ///
    /// As many refusals in a row are needed as requests may be under way to a host at once: those that had started before the
    /// first was known say nothing new. With one at a time, the first is enough. Silence weighs a third of a refusal.
    pub fn troubled(&mut self, host: &str, trouble: Trouble) -> Vec<J> {
        let most = self.per_host * REFUSAL;
        let troubled = self.host(host);
        troubled.troubles += match trouble {
            Trouble::Refused => REFUSAL,
            Trouble::Unreachable => 1,
        };
        if troubled.troubles < most { Vec::new() } else { self.leave(host) }
    }

    /// Leaves a host alone from now on and returns what is in its line.
    fn leave(&mut self, host: &str) -> Vec<J> {
        let host = self.host(host);
        host.off = true;
        let dropped: Vec<J> = host.queue.drain(..).collect();
        self.queued -= dropped.len();
        dropped
    }

    /// Sets the pause that the host's robots.txt asks for, within the bound; never less than that of the settings.
    pub fn slow_down(&mut self, host: &str, delay: Duration, now: Duration) {
        let usual = self.pause;
        let host = self.host(host);
        host.pause = usual.max(delay.min(LONGEST_CRAWL_DELAY));
        if host.pause > usual {
            host.next = host.next.max(now + host.pause);
        }
    }

    /// Tells whether the host wants to be left alone.
    pub fn is_off(&self, host: &str) -> bool {
        self.hosts.get(host).is_some_and(|host| host.off)
    }

    /// Returns what is in line, host by host.
    pub fn in_line(&self) -> impl Iterator<Item = &J> {
        self.hosts.values().flat_map(|host| &host.queue)
    }

    /// Returns how many requests are in line, over all hosts.
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// Returns the requests under way, over all hosts.
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    fn host(&mut self, host: &str) -> &mut Host<J> {
        if !self.hosts.contains_key(host) {
            let new = Host {
                queue: VecDeque::new(),
                under_way: 0,
                spent: Duration::ZERO,
                next: Duration::ZERO,
                pause: self.pause,
                troubles: 0,
                off: false,
            };
            self.hosts.insert(host.to_owned(), new);
        }
        self.hosts.get_mut(host).expect("just put in")
    }
}

/// Returns the name under which requests to one server wait in line: its host, and its port where that is not the usual one.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Reads a `Retry-After` header: how long to wait from now, within a week. An unreadable or missing one means an hour.
pub fn retry_after(header: Option<&str>, now: Timestamp) -> Duration {
    let Some(text) = header.map(str::trim) else { return USUAL_RETRY_AFTER };
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER);
    }
    // Servers are known to get the day of the week wrong, which then would make the whole date wrong.
    let date = text.split_once(',').map_or(text, |(_, date)| date.trim_start());
    match jiff::fmt::rfc2822::parse(date) {
        Ok(until) => match u64::try_from(until.timestamp().as_second() - now.as_second()) {
            Ok(seconds) => Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER),
            Err(_) => USUAL_RETRY_AFTER,
        },
        Err(_) => USUAL_RETRY_AFTER,
    }
}

/// Returns how long a source is left alone after it failed `failures` times in a row.
///
/// Nothing for the first two: the next run tries again. Then an hour, doubled each time up to 20 hours, so that a nightly run
/// always tries. `seed` spreads sources that failed together over a fifth of that time.
pub fn back_off(failures: u32, seed: u64) -> Duration {
    let Some(doublings) = failures.checked_sub(3) else { return Duration::ZERO };
    let hours = 1_u64.checked_shl(doublings.min(10)).unwrap_or(u64::MAX).min(20);
    let seconds = hours * 3600;
    Duration::from_secs(seconds - seed % (seconds / 5))
}

//! Backfill from a site's own sitemaps: they are read whole, and of what they name only what was published on some days.
//!
//! What tells when an article was published is, the best first: the date of news sitemaps, a date in its address, the day on which it
//! changed last. Sitemaps that cannot name any such are not asked for, where their name or the index says so.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Round;
use super::visit::{Visit, What};
use crate::base::address;
use crate::base::day::{Day, DayRange};
use crate::feed::sitemap::{LARGEST, Part};
use crate::feed::{self, FeedRead};
use crate::fetch::{Fetch, Reply};
use crate::model::article::FeedItem;
use crate::model::source::Source;
use crate::page;
use crate::store::StoreError;

/// The most sitemaps that are asked for in one round.
const MOST: usize = 5_000;
/// How many indexes lead to a sitemap at most.
const DEEPEST: usize = 3;
/// The most new addresses that are kept in one round: as many pages as a site with the usual pause gives in six days.
const MOST_NEW: usize = 500_000;
/// The largest answer, in bytes after decompression.
pub(super) const LARGEST_BODY: u64 = LARGEST;

/// What became of a site's sitemaps, and of the addresses that they name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sitemaps {
    /// Sitemaps and indexes that were read.
    pub read: usize,
    /// Those that could not be had.
    pub failed: usize,
    /// Those whose turn did not come before the deadline.
    pub left: usize,
    /// Those that were not asked for, since they name other days, or have not changed since before.
    pub passed_over: usize,
    /// Those beyond what one round asks for.
    pub beyond: usize,
    /// Addresses of the days that are looked for.
    pub within: usize,
    /// Addresses of other days.
    pub other_days: usize,
    /// Addresses of which only a later change is told: some may be of the days that are looked for.
    pub changed_later: usize,
    /// Addresses of which no day is told.
    pub undated: usize,
    /// Addresses on other sites.
    pub elsewhere: usize,
    /// Addresses beyond what one round keeps.
    pub too_many: usize,
}

impl Sitemaps {
    pub(super) fn add(&mut self, other: &Sitemaps) {
        self.read += other.read;
        self.failed += other.failed;
        self.left += other.left;
        self.passed_over += other.passed_over;
        self.beyond += other.beyond;
        self.within += other.within;
        self.other_days += other.other_days;
        self.changed_later += other.changed_later;
        self.undated += other.undated;
        self.elsewhere += other.elsewhere;
        self.too_many += other.too_many;
    }

    /// Says what was left out and why, as phrases with their counts; nothing where nothing was.
    pub fn left_out(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let parts = [
            (self.other_days, "of other days"),
            (self.changed_later, "that changed later and do not say when they were published"),
            (self.undated, "without a day"),
            (self.elsewhere, "on other sites"),
            (self.too_many, "more than one run keeps"),
            (self.passed_over, "sitemaps of other days"),
            (self.failed, "sitemaps not had"),
            (self.left, "sitemaps left for the next run"),
            (self.beyond, "sitemaps more than one run reads"),
        ];
        parts.into_iter().filter(|(count, _)| *count > 0)
    }
}

/// When an article was published, as far as its sitemap and its address tell.
enum When {
    Published(DayRange),
    Changed(Day),
    Unknown,
}

fn when(item: &FeedItem) -> When {
    let published = item.published.map(|published| DayRange::day(Day::of(published)));
    match (published.or_else(|| page::days_in_address(item.url.path())), item.updated) {
        (Some(days), _) => When::Published(days),
        (None, Some(changed)) => When::Changed(Day::of(changed)),
        (None, None) => When::Unknown,
    }
}

/// Tells whether an article may have been published on these days.
pub(super) fn is_within(item: &FeedItem, days: DayRange) -> bool {
    match when(item) {
        When::Published(when) => when.shared(days) > 0,
        When::Changed(day) => days.contains(day),
        When::Unknown => false,
    }
}

/// Reads a sitemap or an index of them, and takes out what is not looked for.
pub(super) fn read(reply: &Reply, body: &[u8], source: &Source, days: DayRange) -> (FeedRead, Sitemaps) {
    let mut read = feed::whole_sitemap(body, reply.header("content-type"), &reply.url, source);
    let mut sitemaps = Sitemaps { read: usize::from(read.error.is_none()), ..Sitemaps::default() };
    read.items.retain(|item| {
        let count = match when(item) {
            _ if !is_of_site(&item.url, &source.url) => &mut sitemaps.elsewhere,
            _ if is_within(item, days) => &mut sitemaps.within,
            When::Changed(day) if day > days.latest => &mut sitemaps.changed_later,
            When::Unknown => &mut sitemaps.undated,
            _ => &mut sitemaps.other_days,
        };
        *count += 1;
        is_of_site(&item.url, &source.url) && is_within(item, days)
    });
    let named = read.parts.len();
    read.parts.retain(|part| may_name(part, days));
    sitemaps.passed_over = named - read.parts.len();
    (read, sitemaps)
}

/// Tells whether an address is of the site whose sitemap was given, or of a part of it.
fn is_of_site(url: &Url, sitemap: &Url) -> bool {
    let (one, other) = (address::site(url), address::site(sitemap));
    let is_part = |part: &str, whole: &str| part.strip_suffix(whole).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_part(one, other) || is_part(other, one)
}

/// Tells whether a sitemap may name an article of these days. One that changed last before them cannot.
fn may_name(part: &Part, days: DayRange) -> bool {
    // Its days may be those of another time zone.
    let days = DayRange::new(days.earliest.plus(-1), days.latest.plus(1));
    let fresh = part.changed.is_none_or(|changed| Day::of(changed) >= days.earliest);
    fresh && days_of_name(&part.url).is_none_or(|named| named.shared(days) > 0)
}

/// Returns the month or year that the name of a sitemap tells: `sitemap-2012-05.xml`, `/2012/05/sitemap.xml`, `?yyyy=2012&mm=05`.
fn days_of_name(url: &Url) -> Option<DayRange> {
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[^0-9A-Za-z])((?:19|20)\d\d)(?:(?:[-_/.]|&[a-z]+=)?(0[1-9]|1[0-2]))?(?:[^0-9]|$)")
            .expect("a pattern of ours")
    });
    let name = url[url::Position::BeforePath..].trim_end_matches('/');
    let found = MONTH.captures(name)?;
    let year = found[1].parse().ok()?;
    match found.get(2) {
        Some(month) => DayRange::month(year, month.as_str().parse().ok()?),
        None => DayRange::year(year),
    }
}

impl<F: Fetch + 'static> Round<'_, F> {
    /// Returns the sitemaps that are to be asked for of those that an index names, and expects an answer for each.
    pub(super) fn expect_parts(&mut self, index: usize, mut parts: Vec<Part>) -> Vec<Part> {
        if self.bounds.days.is_some() {
            parts.retain(|part| !self.sitemaps.contains(&part.url));
            let room = MOST.saturating_sub(self.sitemaps.len());
            self.tallies[index].sitemaps.beyond += parts.len().saturating_sub(room);
            parts.truncate(room);
            self.sitemaps.extend(parts.iter().map(|part| part.url.clone()));
        }
        self.tallies[index].parts_left += parts.len();
        parts
    }

    /// Puts them in line. `depth` is how many indexes lead to them.
    pub(super) fn queue_parts(&mut self, index: usize, depth: usize, parts: Vec<Part>) -> Result<(), StoreError> {
        parts.into_iter().try_for_each(|part| self.queue(Visit::new(part.url, What::Part { index, depth })))
    }

    /// Says why what an index within an index names is not asked for; nothing where it is.
    pub(super) fn is_too_deep(&self, depth: usize) -> Option<&'static str> {
        match self.bounds.days {
            None => Some("it is an index within an index"),
            Some(_) if depth >= DEEPEST => Some("it is an index within indexes, deeper than is followed"),
            Some(_) => None,
        }
    }

    /// Takes out the items of a sitemap that are more than one round keeps.
    pub(super) fn bound_items(&mut self, index: usize, items: &mut Vec<FeedItem>) {
        let tally = &mut self.tallies[index];
        if self.bounds.days.is_some() && tally.new + items.len() > MOST_NEW {
            let kept = MOST_NEW.saturating_sub(tally.new);
            tally.sitemaps.too_many += items.len() - kept;
            items.truncate(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_sitemap_may_tell_its_days() {
        let cases = [
            ("/sitemap-2012-05.xml", Some("2012-05")),
            ("/sitemap_201205.xml.gz", Some("2012-05")),
            ("/sitemaps/2012/05/", Some("2012-05")),
            ("/sitemap?yyyy=2012&mm=05", Some("2012-05")),
            ("/sitemap-2012.xml", Some("2012")),
            ("/sitemap-2012-1.xml", Some("2012")),
            ("/post-sitemap2012.xml", None),
            ("/sitemap-20120517.xml", None),
            ("/sitemap-12.xml", None),
            ("/sitemap.xml", None),
        ];
        for (name, expected) in cases {
            let url = Url::parse("https://a.example").unwrap().join(name).unwrap();
            assert_eq!(days_of_name(&url).map(|days| days.to_string()).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_site_is_its_parts_as_well_and_no_other() {
        let url = |text: &str| Url::parse(text).unwrap();
        let of_site = |page: &str| is_of_site(&url(page), &url("https://www.mill.example/sitemap.xml"));
        assert!(of_site("https://mill.example/a") && of_site("http://blog.mill.example/a"));
        assert!(!of_site("https://sawmill.example/a"));
    }
}

//! `breachline ingest --sitemap`: the articles of past days, from a site's own sitemaps, as a run like that of every night.

use super::by_hand;
use super::failure::Failure;
use crate::backfill::candidate::Passing;
use crate::base::day::{Day, DayRange};
use crate::crawl::Bounds;
use crate::model::config::{self, Config};
use crate::model::source::{Source, SourceKind};
use crate::store::query;

/// What is asked for.
pub(super) struct Past {
    source: Source,
    days: DayRange,
}

impl Past {
    /// Reads which sitemap and which days are meant. The source is that of the site, with "backfill" behind it, so that no night takes up
    /// what a backfill has left.
    pub(super) fn of(sitemap: &str, from: Option<&str>, to: Option<&str>, config: &Config, today: Day) -> Result<Past, Failure> {
        let url = config::address(sitemap)
            .map_err(|why| Failure::usage(format!("the address {sitemap} {why}")).hint("an address begins with https://"))?;
        let first = days("--from", from.unwrap_or_default(), today)?.earliest;
        let last = to.map_or(Ok(today), |to| Ok::<_, Failure>(days("--to", to, today)?.latest))?;
        if first > last {
            return Err(Failure::usage(format!("--from {first} lies after --to {last}")));
        }
        let site = by_hand::source(config, &Passing::new(config), &url, "backfill");
        let source = Source { url, kind: SourceKind::Sitemap, every: None, enabled: true, ..site };
        Ok(Past { source, days: DayRange::new(first, last) })
    }

    /// Returns what a round over it reads, and its bounds.
    pub(super) fn round(self, config: Config, bounds: Bounds) -> (Config, Bounds) {
        let Past { source, days } = self;
        (Config { sources: vec![source], ..config }, Bounds { early: true, days: Some(days), ..bounds })
    }
}

fn days(option: &str, text: &str, today: Day) -> Result<DayRange, Failure> {
    query::days(text, today).ok_or_else(|| {
        Failure::usage(format!("{option}: \"{text}\" is no day"))
            .hint("write a year, a month or a day: 2011, 2011-06, 2011-06-17")
    })
}

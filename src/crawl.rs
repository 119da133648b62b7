//! One round: due sources, their lists, new items, their pages, all kept. Nothing is extracted here.
//!
//! Items are kept before their pages are asked for, and pages as they come, so that a round that is killed at any moment loses nothing
//! and the next one goes on where it stopped. Requests run beside each other (`asking`); all decisions are made in one place, by one
//! thread ([`line`], `settle`), and every redirect is a request of its own, with its own host, pause and robots.txt. What came
//! while the last commit waited for the disk is kept in the next (`came`).

mod again;
mod asking;
mod came;
mod due;
mod given;
mod line;
mod outcome;
mod settle;
pub mod sitemaps;
pub mod stale;
mod visit;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::base::day::DayRange;
use crate::fetch::Fetch;
use crate::fetch::http;
use crate::fetch::pace::Pace;
use crate::fetch::robots::Rules;
use crate::model::article::{ArticleId, FeedItem};
use crate::model::config::Config;
use crate::model::source::Source;
use crate::store::StoreError;
use crate::store::kept::{Answers, Kept, SourceState, Waiting};

use asking::Answer;
use came::Told;
use due::PutOff;
pub use given::{Asked, articles};
use outcome::Tally;
pub use outcome::{NotDue, Outcome, RoundSummary, SourceOutcome, WhyNotDue};
pub use visit::page;
use visit::{Visit, What};

/// What happens during a round, for whoever looks on.
#[derive(Debug)]
pub enum Event<'a> {
    /// The round begins.
    Begun {
        /// Sources that are asked.
        sources: usize,
        /// Pages left over from earlier rounds.
        waiting: usize,
    },
    /// A source's list was asked for.
    Asked(&'a Source),
    /// A source's list is settled; its articles may still be on their way.
    Listed(&'a SourceOutcome),
    /// An article's page was kept, or the reason why not.
    Page {
        /// Its source.
        source: &'a Source,
        /// Its address.
        url: &'a Url,
        /// What went wrong.
        error: Option<&'a str>,
    },
    /// How much is left; sent after every answer.
    Left {
        /// Requests under way.
        under_way: usize,
        /// Requests in line.
        queued: usize,
    },
}

/// Bounds of one round beyond those of the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// After this long nothing new is started; what is left waits for the next round.
    pub deadline: Option<Duration>,
    /// Only the lists are asked for; the pages of their articles are left.
    pub lists_only: bool,
    /// Sources are asked also before their time; not those that are gone, that failed, or whose host wants to be left alone.
    pub early: bool,
    /// Items that were published before this moment are passed over, as if their lists did not name them. They are there for a later
    /// round.
    pub since: Option<Timestamp>,
    /// Sitemaps are read whole, with all that they lead to, and of what they name only what was published on these days.
    pub days: Option<DayRange>,
}

/// Does one round over the sources of a configuration. Only the store can make it fail; everything else is an outcome.
///
/// `clock` gives the time of day; pauses and timeouts use the monotonic clock of the runtime. Sources that are not enabled are
/// left out.
pub async fn round<F: Fetch + 'static>(
    config: &Config,
    bounds: Bounds,
    kept: &mut Kept,
    fetch: Arc<F>,
    clock: &dyn Fn() -> Timestamp,
    progress: &mut dyn FnMut(Event<'_>),
) -> Result<RoundSummary, StoreError> {
    let mut round = Round::new(config, bounds, kept, fetch, clock, progress)?;
    round.begin()?;
    round.run().await?;
    Ok(round.summary())
}

struct Round<'a, F> {
    config: &'a Config,
    kept: &'a mut Kept,
    fetch: Arc<F>,
    clock: &'a dyn Fn() -> Timestamp,
    progress: &'a mut dyn FnMut(Event<'_>),
    began: Instant,
    user_agent: String,
    pace: Pace<Visit>,
    sites: BTreeMap<String, Site>,
    under_way: JoinSet<Answer>,
    /// What each request under way is for, and when it began.
    visits: HashMap<Id, (Visit, Instant)>,
    /// Articles whose page has been put in line in this round.
    pages: BTreeSet<ArticleId>,
    /// Sitemaps that have been put in line where those of some days are looked for.
    sitemaps: HashSet<Url>,
    /// One for each source of the configuration.
    tallies: Vec<Tally>,
    states: Vec<SourceState>,
    not_due: Vec<NotDue>,
    put_off: PutOff,
    bounds: Bounds,
    /// What became of the addresses that were given by hand.
    given: Vec<Asked>,
    /// What is to be kept with the next commit, and what is told when it is.
    came: Answers,
    untold: Vec<Told>,
}

/// What is known of one site's robots.txt.
enum Site {
    /// It is being asked for; these visits wait for it.
    Asked(Vec<Visit>),
    Known(Rules),
}

impl<'a, F: Fetch + 'static> Round<'a, F> {
    fn new(
        config: &'a Config,
        bounds: Bounds,
        kept: &'a mut Kept,
        fetch: Arc<F>,
        clock: &'a dyn Fn() -> Timestamp,
        progress: &'a mut dyn FnMut(Event<'_>),
    ) -> Result<Round<'a, F>, StoreError> {
        let settings = &config.settings;
        let states = config.sources.iter().map(|source| visit::state_of(kept, source)).collect::<Result<_, _>>()?;
        Ok(Round {
            kept,
            fetch,
            clock,
            progress,
            began: Instant::now(),
            user_agent: http::user_agent(settings),
            pace: Pace::new(settings.at_once, settings.per_host, settings.pause),
            sites: BTreeMap::new(),
            under_way: JoinSet::new(),
            visits: HashMap::new(),
            pages: BTreeSet::new(),
            sitemaps: HashSet::new(),
            tallies: config.sources.iter().map(Tally::new).collect(),
            states,
            not_due: Vec::new(),
            put_off: PutOff::default(),
            bounds,
            given: Vec::new(),
            came: Answers::default(),
            untold: Vec::new(),
            config,
        })
    }

    /// Puts the lists of all due sources in line, then the pages that earlier rounds left.
    fn begin(&mut self) -> Result<(), StoreError> {
        let now = (self.clock)();
        self.kept.save_sources(&self.config.sources)?;
        self.leave_alone_who_asked()?;
        let mut lists = Vec::new();
        for (index, source) in self.config.sources.iter().enumerate().filter(|(_, source)| source.enabled) {
            match due::why_not_due(source, &self.states[index], now, self.bounds.early)
                .or_else(|| self.put_off.why_not_due(source, &self.states[index], now))
            {
                Some(not_due) => self.not_due.push(not_due),
                None => lists.push(index),
            }
        }
        let waiting: Vec<(usize, Waiting)> = self.left_over(now)?;
        (self.progress)(Event::Begun { sources: lists.len(), waiting: waiting.len() });
        for index in lists {
            let source = &self.config.sources[index];
            self.tallies[index].asked = true;
            (self.progress)(Event::Asked(source));
            let url = self.states[index].moved_to.clone().unwrap_or_else(|| source.url.clone());
            self.queue(Visit::new(url, What::List(index)))?;
        }
        for (index, waiting) in waiting {
            self.queue_page(index, waiting)?;
        }
        self.queue_again(now)
    }

    fn leave_alone_who_asked(&mut self) -> Result<(), StoreError> {
        self.put_off = PutOff::load(self.kept, (self.clock)())?;
        Ok(())
    }

    fn left_over(&self, now: Timestamp) -> Result<Vec<(usize, Waiting)>, StoreError> {
        let mut left = Vec::new();
        for (index, source) in self.config.sources.iter().enumerate().filter(|(_, source)| source.enabled) {
            let waiting = self.kept.waiting(Some(&source.id))?;
            left.extend(
                waiting
                    .into_iter()
                    .filter(|item| item.not_before.is_none_or(|not_before| not_before <= now))
                    .filter(|waiting| self.is_wanted(&waiting.item))
                    .map(|item| (index, item)),
            );
        }
        Ok(left)
    }

    fn is_wanted(&self, item: &FeedItem) -> bool {
        self.bounds.since.is_none_or(|since| item.published.is_none_or(|published| published >= since))
            && self.bounds.days.is_none_or(|days| sitemaps::is_within(item, days))
    }

    fn wanted<'i>(&self, items: &'i [FeedItem]) -> Cow<'i, [FeedItem]> {
        match self.bounds.since {
            None => Cow::Borrowed(items),
            Some(_) => items.iter().filter(|item| self.is_wanted(item)).cloned().collect(),
        }
    }

    async fn run(&mut self) -> Result<(), StoreError> {
        loop {
            let in_time = self.bounds.deadline.is_none_or(|deadline| self.began.elapsed() < deadline);
            let wake = if in_time { self.start_what_may()? } else { None };
            // While this waits for the disk the requests just started are on their way.
            self.keep()?;
            if self.under_way.is_empty() && wake.is_none() {
                return Ok(());
            }
            let wake = wake.map(|wake| self.began + wake);
            tokio::select! {
                Some(ended) = self.under_way.join_next_with_id() => {
                    self.ended(ended)?;
                    while let Some(ended) = self.under_way.try_join_next_with_id() {
                        self.ended(ended)?;
                    }
                }
                () = async { sleep_until(wake.unwrap_or(self.began)).await }, if wake.is_some() => {}
            }
        }
    }

    fn summary(self) -> RoundSummary {
        let behind_robots = self.sites.values().flat_map(|site| if let Site::Asked(visits) = site { &visits[..] } else { &[] });
        let left = self.pace.in_line().chain(behind_robots).filter(|visit| visit.what.is_page()).count();
        RoundSummary::new(&self.tallies, self.not_due, left, self.began.elapsed())
    }
}

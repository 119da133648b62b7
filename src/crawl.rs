//! One round: due sources, their lists, new items, their pages, all kept. Nothing is extracted here.
//!
//! Items are kept before their pages are asked for, each page by itself, so that a round that is killed at any moment loses nothing
//! and the next one goes on where it stopped. Requests run beside each other; all decisions are made in one place, by one thread,
//! and every redirect is a request of its own, with its own host, pause and robots.txt.

mod again;
mod due;
mod outcome;
mod settle;
pub mod stale;
mod visit;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::feed::{self, FeedRead};
use crate::fetch::pace::{self, Pace, Trouble, Turn};
use crate::fetch::robots::{self, Rules};
use crate::fetch::{Fetch, FetchError, Reply, Request, Want, http, redirect};
use crate::model::article::{ArticleId, FeedItem};
use crate::model::config::Config;
use crate::model::source::Source;
use crate::store::StoreError;
use crate::store::kept::{Kept, KeptPage, Recheck, SourceState, Waiting};

use again::Changed;
use due::PutOff;
use outcome::Tally;
pub use outcome::{NotDue, Outcome, RoundSummary, SourceOutcome};
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
    visits: HashMap<Id, Visit>,
    /// Articles whose page has been put in line in this round.
    pages: BTreeSet<ArticleId>,
    /// One for each source of the configuration.
    tallies: Vec<Tally>,
    states: Vec<SourceState>,
    not_due: Vec<NotDue>,
    put_off: PutOff,
    bounds: Bounds,
}

/// What is known of one site's robots.txt.
enum Site {
    /// It is being asked for; these visits wait for it.
    Asked(Vec<Visit>),
    Known(Rules),
}

/// What came back from a spawned request. Lists are read where they arrive, so that the deciding thread never waits for it.
enum Answer {
    Came(Result<Reply, FetchError>),
    List(Reply, FeedRead),
    Compared(Option<Changed>),
}

/// Reads what came where it came.
enum Reader {
    List(Box<Source>),
    Again(Box<KeptPage>, Box<Recheck>, Timestamp),
}

impl Reader {
    fn read(self, mut reply: Reply) -> Answer {
        match self {
            Reader::List(source) => {
                let body = std::mem::take(&mut reply.body);
                let read = feed::parse(&body, reply.header("content-type"), &reply.url, &source);
                Answer::List(reply, read)
            }
            Reader::Again(kept, of, now) => Answer::Compared(again::compare(&kept, &of, reply, now)),
        }
    }
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
            tallies: config.sources.iter().map(Tally::new).collect(),
            states,
            not_due: Vec::new(),
            put_off: PutOff::default(),
            bounds,
            config,
        })
    }

    /// Puts the lists of all due sources in line, then the pages that earlier rounds left.
    fn begin(&mut self) -> Result<(), StoreError> {
        let now = (self.clock)();
        self.kept.save_sources(&self.config.sources)?;
        self.put_off = PutOff::load(self.kept, now)?;
        let mut lists = Vec::new();
        for (index, source) in self.config.sources.iter().enumerate().filter(|(_, source)| source.enabled) {
            match due::why_not_due(source, &self.states[index], now, self.bounds.early)
                .or_else(|| self.put_off.why_not_due(source, now))
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
    }

    fn wanted<'i>(&self, items: &'i [FeedItem]) -> Cow<'i, [FeedItem]> {
        match self.bounds.since {
            None => Cow::Borrowed(items),
            Some(_) => items.iter().filter(|item| self.is_wanted(item)).cloned().collect(),
        }
    }

    fn queue_page(&mut self, index: usize, waiting: Waiting) -> Result<(), StoreError> {
        if self.bounds.lists_only || !self.pages.insert(waiting.article) {
            return Ok(());
        }
        let what = What::Page { index, article: waiting.article, tries: waiting.tries };
        self.queue(Visit::new(waiting.item.url, what))
    }

    async fn run(&mut self) -> Result<(), StoreError> {
        loop {
            let in_time = self.bounds.deadline.is_none_or(|deadline| self.began.elapsed() < deadline);
            let wake = if in_time { self.start_what_may()? } else { None };
            if self.under_way.is_empty() && wake.is_none() {
                return Ok(());
            }
            let wake = wake.map(|wake| self.began + wake);
            tokio::select! {
                Some(ended) = self.under_way.join_next_with_id() => {
                    let (id, answer) = match ended {
                        Ok((id, answer)) => (id, answer),
                        Err(error) => (error.id(), Answer::Came(Err(FetchError::Broken("reading it made this program fail".to_owned())))),
                    };
                    self.ended(id, answer)?;
                }
                () = async { sleep_until(wake.unwrap_or(self.began)).await }, if wake.is_some() => {}
            }
        }
    }

    /// Starts every request whose turn it is; returns when the next one's turn comes, if that is known.
    fn start_what_may(&mut self) -> Result<Option<Duration>, StoreError> {
        loop {
            match self.pace.turn(self.began.elapsed()) {
                Turn::Start(visit) => self.start(visit)?,
                Turn::At(when) => return Ok(Some(when)),
                Turn::Busy | Turn::Empty => return Ok(None),
            }
        }
    }

    fn start(&mut self, visit: Visit) -> Result<(), StoreError> {
        let (fetch, request) = (self.fetch.clone(), self.request(&visit));
        let reader = match &visit.what {
            What::List(index) | What::Part(index) => Some(Reader::List(Box::new(self.config.sources[*index].clone()))),
            What::Again { of, .. } => {
                self.kept.kept_page(of.article)?.map(|kept| Reader::Again(Box::new(kept), of.clone(), (self.clock)()))
            }
            What::Page { .. } | What::Robots(_) => None,
        };
        let handle = self.under_way.spawn(async move {
            let reply = match fetch.get(request).await {
                Ok(reply) => reply,
                Err(error) => return Answer::Came(Err(error)),
            };
            let Some(reader) = reader.filter(|_| reply.status == 200) else { return Answer::Came(Ok(reply)) };
            let head = Reply {
                url: reply.url.clone(),
                moved: None,
                status: reply.status,
                headers: reply.headers.clone(),
                body: Vec::new(),
            };
            let is_list = matches!(reader, Reader::List(_));
            match tokio::task::spawn_blocking(move || reader.read(reply)).await {
                Ok(answer) => answer,
                Err(_) if is_list => Answer::List(head, FeedRead::failed("reading it made this program fail")),
                Err(_) => Answer::Compared(None),
            }
        });
        self.visits.insert(handle.id(), visit);
        Ok(())
    }

    fn request(&self, visit: &Visit) -> Request {
        let request = Request::new(visit.url.clone(), Want::Page);
        match visit.what {
            What::List(index) => Request {
                want: Want::Feed,
                etag: self.states[index].etag.clone(),
                last_modified: self.states[index].last_modified.clone(),
                ..request
            },
            What::Again { ref of, .. } => Request { etag: of.etag.clone(), last_modified: of.last_modified.clone(), ..request },
            What::Part(_) => Request { want: Want::Feed, ..request },
            What::Page { .. } => request,
            What::Robots(_) => Request { want: Want::Robots, max_body: Some(robots::LARGEST), cut: true, ..request },
        }
    }

    /// Puts a visit in line, behind its site's robots.txt if that is not known yet.
    fn queue(&mut self, visit: Visit) -> Result<(), StoreError> {
        if let What::Robots(_) = visit.what {
            return self.line_up(visit, true);
        }
        let site = visit.url.origin().ascii_serialization();
        match self.sites.get_mut(&site) {
            Some(Site::Asked(waiting)) => {
                waiting.push(visit);
                Ok(())
            }
            Some(Site::Known(rules)) => match rules.permits(&visit.url) {
                Ok(()) => self.line_up(visit, false),
                Err(error) => self.settle(visit, Err(error)),
            },
            None => {
                let robots = Visit::new(robots::address(&visit.url), What::Robots(site.clone()));
                self.sites.insert(site, Site::Asked(vec![visit]));
                self.line_up(robots, true)
            }
        }
    }

    fn line_up(&mut self, visit: Visit, first: bool) -> Result<(), StoreError> {
        let host = pace::host_of(&visit.url);
        if self.put_off.holds(&host) {
            return self.settle(visit, Err(FetchError::LeftAlone));
        }
        match self.pace.push(&host, visit, first) {
            Ok(()) => Ok(()),
            Err(visit) => self.settle(visit, Err(FetchError::LeftAlone)),
        }
    }

    /// Takes in one answer: notes how the host feels about it, follows a redirect, or settles the visit.
    fn ended(&mut self, id: Id, answer: Answer) -> Result<(), StoreError> {
        let Some(visit) = self.visits.remove(&id) else { return Ok(()) };
        let host = pace::host_of(&visit.url);
        self.pace.ended(&host);
        let trouble = match &answer {
            Answer::Came(Err(FetchError::RateLimited { .. })) => Some(Trouble::Refused),
            Answer::Came(Err(FetchError::NoConnection(_) | FetchError::TimedOut { .. })) => Some(Trouble::Unreachable),
            _ => None,
        };
        let dropped = match trouble {
            Some(trouble) => self.pace.troubled(&host, trouble),
            None => {
                self.pace.welcomed(&host);
                Vec::new()
            }
        };
        if let Answer::Came(Err(FetchError::RateLimited { status, retry_after })) = &answer
            && self.pace.is_off(&host)
        {
            self.put_off.add(self.kept, &host, *status, retry_after.as_deref(), (self.clock)())?;
        }
        match answer {
            Answer::Came(Ok(reply)) if reply.is_redirect() => self.follow(visit, &reply)?,
            Answer::Came(result) => self.settle(visit, result)?,
            Answer::List(reply, read) => self.settle_list(visit, &reply, read)?,
            Answer::Compared(changed) => {
                if let What::Again { index, of } = visit.what {
                    self.settle_again(index, &of, Ok(changed))?;
                }
            }
        }
        for visit in dropped {
            self.settle(visit, Err(FetchError::LeftAlone))?;
        }
        (self.progress)(Event::Left { under_way: self.pace.under_way(), queued: self.pace.queued() });
        Ok(())
    }

    fn follow(&mut self, visit: Visit, reply: &Reply) -> Result<(), StoreError> {
        if visit.hops >= redirect::MOST {
            return self.settle(visit, Err(FetchError::TooManyRedirects));
        }
        match redirect::target(reply) {
            Ok(url) => self.queue(visit.on_to(url, redirect::is_permanent(reply))),
            Err(error) => self.settle(visit, Err(error)),
        }
    }

    fn summary(self) -> RoundSummary {
        let behind_robots = self.sites.values().flat_map(|site| if let Site::Asked(visits) = site { &visits[..] } else { &[] });
        let left = self.pace.in_line().chain(behind_robots).filter(|visit| visit.what.is_page()).count();
        RoundSummary::new(&self.tallies, self.not_due, left, self.began.elapsed())
    }
}

//! Who waits for whose turn: visits in line by host, behind their site's robots.txt, and on to where a redirect leads.

use std::time::Duration;

use tokio::task::{Id, JoinError};

use super::asking::Answer;
use super::visit::{Visit, What};
use super::{Event, Round, Site};
use crate::fetch::pace::{self, Trouble, Turn};
use crate::fetch::robots::{self, Rules};
use crate::fetch::{Fetch, FetchError, Reply, redirect};
use crate::store::StoreError;
use crate::store::kept::Waiting;

impl<F: Fetch + 'static> Round<'_, F> {
    /// Starts every request whose turn it is; returns when the next one's turn comes, if that is known.
    pub(super) fn start_what_may(&mut self) -> Result<Option<Duration>, StoreError> {
        loop {
            match self.pace.turn(self.began.elapsed()) {
                Turn::Start(visit) => self.start(visit)?,
                Turn::At(when) => return Ok(Some(when)),
                Turn::Busy | Turn::Empty => return Ok(None),
            }
        }
    }

    pub(super) fn queue_page(&mut self, index: usize, waiting: Waiting) -> Result<(), StoreError> {
        if self.bounds.lists_only || !self.pages.insert(waiting.article) {
            return Ok(());
        }
        let what = What::Page { index, article: waiting.article, tries: waiting.tries };
        self.queue(Visit::new(waiting.item.url, what))
    }

    /// Puts a visit in line, behind its site's robots.txt if that is not known yet.
    pub(super) fn queue(&mut self, visit: Visit) -> Result<(), StoreError> {
        if let What::Robots(_) = visit.what {
            return self.line_up(visit, true);
        }
        let site = visit.url.origin().ascii_serialization();
        if !self.sites.contains_key(&site)
            && let Some(text) = self.kept.robots(&site, (self.clock)())?
        {
            self.know(&site, Rules::parse(&text, &self.user_agent), &visit.url);
        }
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
    pub(super) fn ended(&mut self, ended: Result<(Id, Answer), JoinError>) -> Result<(), StoreError> {
        let (id, answer) = ended.unwrap_or_else(|error| {
            let why = "asking for it made this program fail".to_owned();
            (error.id(), Answer::Came(Err(FetchError::Broken(why))))
        });
        let Some((visit, began)) = self.visits.remove(&id) else { return Ok(()) };
        let host = pace::host_of(&visit.url);
        let mut dropped = self.pace.ended(&host, began.elapsed());
        match trouble(&answer) {
            Some(trouble) => dropped.extend(self.pace.troubled(&host, trouble)),
            None => self.pace.welcomed(&host),
        }
        if let Answer::Came(Err(FetchError::RateLimited { status, retry_after })) = &answer
            && self.pace.is_off(&host)
        {
            self.put_off.add(self.kept, &host, *status, retry_after.as_deref(), (self.clock)())?;
        }
        self.take_in(visit, answer)?;
        for visit in dropped {
            self.settle(visit, Err(FetchError::LeftAlone))?;
        }
        (self.progress)(Event::Left { under_way: self.pace.under_way(), queued: self.pace.queued() });
        Ok(())
    }

    fn take_in(&mut self, visit: Visit, answer: Answer) -> Result<(), StoreError> {
        match answer {
            Answer::Came(Ok(reply)) if reply.is_redirect() => self.follow(visit, &reply),
            Answer::Came(result) => self.settle(visit, result),
            Answer::List(reply, read, sitemaps) => self.settle_list(visit, &reply, read, &sitemaps),
            Answer::Page(page) => match visit.what {
                What::Given(index) => self.settle_given(index, visit.first, Ok(page)),
                _ => {
                    self.settle_page(visit, Ok(page));
                    Ok(())
                }
            },
            Answer::Compared(changed) => match visit.what {
                What::Again { index, of } => self.settle_again(index, &of, Ok(changed)),
                _ => Ok(()),
            },
        }
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
}

fn trouble(answer: &Answer) -> Option<Trouble> {
    match answer {
        Answer::Came(Err(FetchError::RateLimited { .. })) => Some(Trouble::Refused),
        Answer::Came(Err(FetchError::NoConnection(_) | FetchError::TimedOut { .. })) => Some(Trouble::Unreachable),
        _ => None,
    }
}

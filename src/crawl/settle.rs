//! What an answer means for what is kept: each visit ends here. New items are kept at once, since their pages are asked for next; all else with the next commit.

use jiff::Timestamp;
use url::Url;

use super::came::Told;
use super::sitemaps::Sitemaps;
use super::visit::{self, Visit, What};
use super::{Round, Site};
use crate::feed::FeedRead;
use crate::fetch::robots::{self, Rules};
use crate::fetch::{Fetch, FetchError, Reply, pace};
use crate::store::StoreError;
use crate::store::kept::{Packed, PageFailure};

/// What is said of an answer that is a success and holds no page, such as 204.
const NO_PAGE: &str = "the server sent no page";

impl<F: Fetch + 'static> Round<'_, F> {
    /// Ends a visit that is not a list that came whole.
    pub(super) fn settle(&mut self, visit: Visit, result: Result<Reply, FetchError>) -> Result<(), StoreError> {
        match visit.what {
            What::Robots(ref site) => self.settle_robots(site, &visit, result),
            What::List(index) => {
                match result {
                    Ok(reply) => self.settle_unchanged(index, &visit, &reply),
                    Err(error) => self.settle_failed_list(index, &error),
                }
                Ok(())
            }
            What::Part { index, depth } => {
                let error = result.err().unwrap_or_else(|| FetchError::Broken("the server sent no sitemap".to_owned()));
                self.settle_part((index, depth), &visit, Err(error.to_string()))
            }
            What::Page { .. } => {
                self.settle_page(visit, result.map(|_| Err(NO_PAGE.to_owned())));
                Ok(())
            }
            What::Given(index) => self.settle_given(index, visit.first, result.map(|_| Err(NO_PAGE.to_owned()))),
            What::Again { index, of } => self.settle_again(index, &of, result.map(|_| None)),
        }
    }

    fn settle_robots(&mut self, site: &str, visit: &Visit, result: Result<Reply, FetchError>) -> Result<(), StoreError> {
        let now = (self.clock)();
        let text = match &result {
            Ok(reply) => Some(reply.body.clone()),
            Err(error) => robots::is_absent(error).then(Vec::new),
        };
        self.came.robots.extend(text.map(|text| (site.to_owned(), text, now)));
        let rules = match result {
            Ok(reply) => Rules::parse(&reply.body, &self.user_agent),
            Err(error) => Rules::without(error),
        };
        let Some(Site::Asked(waiting)) = self.know(site, rules, &visit.first) else { return Ok(()) };
        for visit in waiting {
            self.queue(visit)?;
        }
        Ok(())
    }

    /// Notes what a site allows, and returns what was known of it before. `url` is any address of it.
    pub(super) fn know(&mut self, site: &str, rules: Rules, url: &Url) -> Option<Site> {
        if let Some(delay) = rules.delay() {
            self.pace.slow_down(&pace::host_of(url), delay, self.began.elapsed());
        }
        self.sites.insert(site.to_owned(), Site::Known(rules))
    }

    pub(super) fn settle_list(
        &mut self,
        visit: Visit,
        reply: &Reply,
        mut read: FeedRead,
        sitemaps: &Sitemaps,
    ) -> Result<(), StoreError> {
        let index = match visit.what {
            What::List(index) => index,
            What::Part { index, depth } => {
                self.tallies[index].sitemaps.add(sitemaps);
                return self.settle_part((index, depth), &visit, Ok(read));
            }
            What::Page { .. } | What::Again { .. } | What::Given(_) | What::Robots(_) => return Ok(()),
        };
        let now = (self.clock)();
        if let Some(error) = &read.error {
            self.settle_failed_list(index, &FetchError::Broken(error.clone()));
            return Ok(());
        }
        self.tallies[index].sitemaps.add(sitemaps);
        let source = &self.config.sources[index];
        visit::without_future(&mut read.items, now);
        self.bound_items(index, &mut read.items);
        let wanted = self.wanted(&read.items);
        let mut idle = true;
        for item in wanted.iter() {
            idle = idle && self.kept.knows(&item.url)?;
        }
        let mut state = visit::after_list(&self.states[index], reply, visit.moved(), (&read, idle), now);
        if !read.parts.is_empty() || wanted.len() < read.items.len() || self.bounds.days.is_some() {
            // An index may stay as it is while what it names changes; and what was passed over, or is of other days, must come again.
            (state.etag, state.last_modified) = (None, None);
        }
        let new = self.kept.save_round(&source.id, &state, &wanted)?;
        self.tallies[index].listed(&read, new, &state);
        self.states[index] = state;
        self.sitemaps.insert(visit.first);
        let parts = self.expect_parts(index, read.parts);
        if parts.is_empty() {
            self.untold.push(Told::Listed(index));
        }
        self.queue_parts(index, 1, parts)?;
        self.queue_listed(index, now)
    }

    /// Takes in a sitemap that an index names, or why it could not be had.
    fn settle_part(
        &mut self,
        (index, depth): (usize, usize),
        visit: &Visit,
        read: Result<FeedRead, String>,
    ) -> Result<(), StoreError> {
        let now = (self.clock)();
        let source = &self.config.sources[index];
        let read = read.and_then(|read| match &read.error {
            Some(error) => Err(error.clone()),
            None => match self.is_too_deep(depth).filter(|_| !read.parts.is_empty()) {
                Some(why) => Err(why.to_owned()),
                None => Ok(read),
            },
        });
        let mut parts = Vec::new();
        match read {
            Ok(mut read) => {
                visit::without_future(&mut read.items, now);
                self.bound_items(index, &mut read.items);
                let wanted = self.wanted(&read.items);
                let items = u32::try_from(read.items.len()).unwrap_or(u32::MAX);
                self.states[index].items_last = self.states[index].items_last.saturating_add(items);
                let new = self.kept.save_round(&source.id, &self.states[index], &wanted)?;
                parts = std::mem::take(&mut read.parts);
                self.tallies[index].part_listed(read, new);
                parts = self.expect_parts(index, parts);
            }
            Err(why) => {
                self.tallies[index].part_failed(&visit.first, &why);
                if let Some(error) = self.tallies[index].without_parts() {
                    self.settle_failed_list(index, &error);
                    return Ok(());
                }
            }
        }
        if self.tallies[index].parts_left == 0 {
            self.untold.push(Told::Listed(index));
        }
        self.queue_parts(index, depth + 1, parts)?;
        self.queue_listed(index, now)
    }

    /// Puts the pages in line that a list has named. Of a whole site's sitemaps all are read before, since there may be thousands.
    fn queue_listed(&mut self, index: usize, now: Timestamp) -> Result<(), StoreError> {
        if self.bounds.days.is_some() && self.tallies[index].parts_left > 0 {
            return Ok(());
        }
        self.queue_waiting(index, now)
    }

    fn queue_waiting(&mut self, index: usize, now: Timestamp) -> Result<(), StoreError> {
        for waiting in self.kept.waiting(Some(&self.config.sources[index].id))? {
            if waiting.not_before.is_none_or(|not_before| not_before <= now) && self.is_wanted(&waiting.item) {
                self.queue_page(index, waiting)?;
            }
        }
        Ok(())
    }

    fn settle_unchanged(&mut self, index: usize, visit: &Visit, reply: &Reply) {
        let source = &self.config.sources[index];
        let state = visit::after_unchanged(&self.states[index], reply, visit.moved(), (self.clock)());
        self.came.states.push((source.id.clone(), state.clone()));
        self.tallies[index].unchanged(&state);
        self.states[index] = state;
        self.untold.push(Told::Listed(index));
    }

    fn settle_failed_list(&mut self, index: usize, error: &FetchError) {
        let source = &self.config.sources[index];
        self.tallies[index].failed(error);
        let outcome = self.tallies[index].outcome();
        let state = visit::after_failure(&self.states[index], source, error, &outcome, (self.clock)());
        self.came.states.push((source.id.clone(), state.clone()));
        self.states[index] = state;
        self.untold.push(Told::Listed(index));
    }

    pub(super) fn settle_page(&mut self, visit: Visit, result: Result<Result<Packed, String>, FetchError>) {
        let What::Page { index, article, tries } = visit.what else { return };
        let now = (self.clock)();
        let refused = visit.hops == 0 && result.as_ref().is_err_and(FetchError::is_refusal);
        let (reason, permanent, not_before) = match result {
            Ok(Ok(page)) => {
                self.came.pages.push((article, page));
                self.tallies[index].pages += 1;
                self.untold.push(Told::Page { index, url: visit.first, error: None });
                return;
            }
            Err(FetchError::LeftAlone) => {
                self.tallies[index].page_left();
                return;
            }
            Ok(Err(what)) => (what, true, now),
            Err(error) => {
                let (permanent, not_before) = visit::page_again(&error, tries, now);
                (error.to_string(), permanent, not_before)
            }
        };
        self.came.failures.push(PageFailure { article, reason: reason.clone(), permanent, not_before: Some(not_before) });
        self.tallies[index].page_failed(&visit.first, &reason, refused);
        self.untold.push(Told::Page { index, url: visit.first, error: Some(reason) });
    }
}

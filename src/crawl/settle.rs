//! What an answer means for what is kept: each visit ends here, with its outcome told and kept in one transaction.

use jiff::Timestamp;

use super::visit::{self, Visit, What};
use super::{Event, Round, Site};
use crate::feed::FeedRead;
use crate::fetch::pace;
use crate::fetch::robots::Rules;
use crate::fetch::{Fetch, FetchError, Reply};
use crate::store::StoreError;

impl<F: Fetch + 'static> Round<'_, F> {
    /// Ends a visit that is not a list that came whole.
    pub(super) fn settle(&mut self, visit: Visit, result: Result<Reply, FetchError>) -> Result<(), StoreError> {
        match visit.what {
            What::Robots(ref site) => self.settle_robots(site, &visit, result),
            What::List(index) => match result {
                Ok(reply) => self.settle_unchanged(index, &visit, &reply),
                Err(error) => self.settle_failed_list(index, &error),
            },
            What::Part(index) => {
                let error = result.err().unwrap_or_else(|| FetchError::Broken("the server sent no sitemap".to_owned()));
                self.settle_part(index, &visit, Err(error.to_string()))
            }
            What::Page { index, .. } => self.settle_page(index, visit, result),
            What::Again { index, of } => self.settle_again(index, &of, result.map(|_| None)),
        }
    }

    fn settle_robots(&mut self, site: &str, visit: &Visit, result: Result<Reply, FetchError>) -> Result<(), StoreError> {
        let rules = match result {
            Ok(reply) => Rules::parse(&reply.body, &self.user_agent),
            Err(error) => Rules::without(error),
        };
        if let Some(delay) = rules.delay() {
            self.pace.slow_down(&pace::host_of(&visit.first), delay, self.began.elapsed());
        }
        let Some(Site::Asked(waiting)) = self.sites.insert(site.to_owned(), Site::Known(rules)) else { return Ok(()) };
        for visit in waiting {
            self.queue(visit)?;
        }
        Ok(())
    }

    pub(super) fn settle_list(&mut self, visit: Visit, reply: &Reply, mut read: FeedRead) -> Result<(), StoreError> {
        let index = match visit.what {
            What::List(index) => index,
            What::Part(index) => return self.settle_part(index, &visit, Ok(read)),
            What::Page { .. } | What::Again { .. } | What::Robots(_) => return Ok(()),
        };
        let now = (self.clock)();
        if let Some(error) = &read.error {
            return self.settle_failed_list(index, &FetchError::Broken(error.clone()));
        }
        let source = &self.config.sources[index];
        visit::without_future(&mut read.items, now);
        let wanted = self.wanted(&read.items);
        let mut idle = true;
        for item in wanted.iter() {
            idle = idle && self.kept.knows(&item.url)?;
        }
        let mut state = visit::after_list(&self.states[index], reply, visit.moved(), (&read, idle), now);
        if !read.parts.is_empty() || wanted.len() < read.items.len() {
            // An index may stay as it is while what it names changes; and what was passed over must come again.
            (state.etag, state.last_modified) = (None, None);
        }
        let new = self.kept.save_round(&source.id, &state, &wanted)?;
        self.tallies[index].listed(&read, new, &state);
        self.states[index] = state;
        if read.parts.is_empty() {
            (self.progress)(Event::Listed(&self.tallies[index].outcome()));
        }
        for part in read.parts {
            self.queue(Visit::new(part, What::Part(index)))?;
        }
        self.queue_waiting(index, now)
    }

    /// Takes in a sitemap that an index names, or why it could not be had. One that is an index itself is not followed further.
    fn settle_part(&mut self, index: usize, visit: &Visit, read: Result<FeedRead, String>) -> Result<(), StoreError> {
        let now = (self.clock)();
        let source = &self.config.sources[index];
        let read = read.and_then(|read| match &read.error {
            Some(error) => Err(error.clone()),
            None if !read.parts.is_empty() => Err("it is an index within an index".to_owned()),
            None => Ok(read),
        });
        match read {
            Ok(mut read) => {
                visit::without_future(&mut read.items, now);
                let wanted = self.wanted(&read.items);
                let items = u32::try_from(read.items.len()).unwrap_or(u32::MAX);
                self.states[index].items_last = self.states[index].items_last.saturating_add(items);
                let new = self.kept.save_round(&source.id, &self.states[index], &wanted)?;
                self.tallies[index].part_listed(read, new);
            }
            Err(why) => {
                self.tallies[index].part_failed(&visit.first, &why);
                if let Some(error) = self.tallies[index].without_parts() {
                    return self.settle_failed_list(index, &error);
                }
            }
        }
        if self.tallies[index].parts_left == 0 {
            (self.progress)(Event::Listed(&self.tallies[index].outcome()));
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

    fn settle_unchanged(&mut self, index: usize, visit: &Visit, reply: &Reply) -> Result<(), StoreError> {
        let source = &self.config.sources[index];
        let state = visit::after_unchanged(&self.states[index], reply, visit.moved(), (self.clock)());
        self.kept.save_source_state(&source.id, &state)?;
        self.tallies[index].unchanged(&state);
        self.states[index] = state;
        (self.progress)(Event::Listed(&self.tallies[index].outcome()));
        Ok(())
    }

    fn settle_failed_list(&mut self, index: usize, error: &FetchError) -> Result<(), StoreError> {
        let source = &self.config.sources[index];
        self.tallies[index].failed(error);
        let outcome = self.tallies[index].outcome();
        let state = visit::after_failure(&self.states[index], source, error, &outcome, (self.clock)());
        self.kept.save_source_state(&source.id, &state)?;
        self.states[index] = state;
        (self.progress)(Event::Listed(&outcome));
        Ok(())
    }

    fn settle_page(&mut self, index: usize, visit: Visit, result: Result<Reply, FetchError>) -> Result<(), StoreError> {
        let What::Page { article, tries, .. } = visit.what else { return Ok(()) };
        let now = (self.clock)();
        let source = &self.config.sources[index];
        let refused = visit.hops == 0 && result.as_ref().is_err_and(FetchError::is_refusal);
        let error = match result.map(|reply| visit::page(&visit.first, reply, now)) {
            Ok(Ok(page)) => {
                self.kept.save_page(article, &page)?;
                self.tallies[index].pages += 1;
                None
            }
            Ok(Err(what)) => Some((what, true, now)),
            Err(FetchError::LeftAlone) => {
                self.tallies[index].page_left();
                return Ok(());
            }
            Err(error) => {
                let (permanent, not_before) = visit::page_again(&error, tries, now);
                Some((error.to_string(), permanent, not_before))
            }
        };
        if let Some((reason, permanent, not_before)) = &error {
            self.kept.save_page_failure(article, reason, *permanent, Some(*not_before))?;
            self.tallies[index].page_failed(&visit.first, reason, refused);
        }
        (self.progress)(Event::Page { source, url: &visit.first, error: error.as_ref().map(|(reason, ..)| reason.as_str()) });
        Ok(())
    }
}

//! Articles that are asked for again in their first days: news is corrected, and figures grow.

use super::Round;
use super::came::Told;
use super::visit::{self, Visit, What};
use crate::fetch::{Fetch, FetchError, Reply};
use crate::model::article::{Article, Page};
use crate::page::{self, Hint};
use crate::store::StoreError;
use crate::store::kept::{KeptPage, Recheck};

/// The most articles of one source that are asked for again in one round.
const MOST: usize = 200;

/// An article that is another than it was.
#[derive(Debug)]
pub(super) struct Changed {
    /// What it was.
    before: Article,
    /// Its page as it is now.
    page: Page,
}

impl<F: Fetch + 'static> Round<'_, F> {
    /// Puts the articles in line that are due to be asked for again.
    pub(super) fn queue_again(&mut self, now: jiff::Timestamp) -> Result<(), StoreError> {
        if self.bounds.lists_only {
            return Ok(());
        }
        for due in self.kept.to_recheck(&self.config.settings.recheck, now, MOST)? {
            let of_source = |source: &crate::model::source::Source| source.enabled && source.id == due.source;
            let Some(index) = self.config.sources.iter().position(of_source) else { continue };
            self.queue(Visit::new(due.url.clone(), What::Again { index, of: Box::new(due) }))?;
        }
        Ok(())
    }

    /// Takes in the answer for such an article. What could not be had, or is no article any more, leaves it as it was.
    pub(super) fn settle_again(
        &mut self,
        index: usize,
        of: &Recheck,
        result: Result<Option<Changed>, FetchError>,
    ) -> Result<(), StoreError> {
        match result {
            Ok(Some(Changed { before, page })) => {
                self.kept.save_version(&before, &page, of.done)?;
                self.tallies[index].changed += 1;
                self.untold.push(Told::Page { index, url: of.url.clone(), error: None });
            }
            Err(FetchError::LeftAlone) => {}
            Ok(None) | Err(_) => self.came.rechecks.push((of.article, of.done, (self.clock)())),
        }
        Ok(())
    }
}

/// Compares what came with what was kept; None if it reads the same, or as no article.
pub(super) fn compare(kept: &KeptPage, of: &Recheck, reply: Reply, now: jiff::Timestamp) -> Option<Changed> {
    let old = kept.page.as_ref()?;
    let page = visit::page(&of.url, reply, now).ok()?;
    let read = |page: &Page| page::read(page, &Hint::of(&kept.item, kept.body.as_deref()), &kept.source, kept.article).ok();
    let (before, after) = (read(old)?, read(&page)?);
    (before.text != after.text || before.title != after.title).then_some(Changed { before, page })
}

//! Articles whose address somebody gave by hand: asked for with the manners of a round, and kept as they come. No list is asked for.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::visit::{Visit, What};
use super::{Bounds, Event, Round};
use crate::fetch::{Fetch, FetchError};
use crate::model::article::FeedItem;
use crate::model::config::Config;
use crate::store::StoreError;
use crate::store::kept::{Handed, Kept, Packed};

/// What became of an address, or why its page was not had.
pub type Asked = Result<Handed, String>;

/// Asks for the page of each address, which belongs to the source of the same place in the configuration, and returns what became of
/// them in their order. Only the store can make it fail. What is not had is not noted: it is asked for when it is given again.
pub async fn articles<F: Fetch + 'static>(
    config: &Config,
    urls: &[Url],
    bounds: Bounds,
    kept: &mut Kept,
    fetch: Arc<F>,
    clock: &dyn Fn() -> Timestamp,
    progress: &mut dyn FnMut(Event<'_>),
) -> Result<Vec<Asked>, StoreError> {
    let mut round = Round::new(config, bounds, kept, fetch, clock, progress)?;
    round.given = vec![Err("its turn did not come before the deadline".to_owned()); urls.len()];
    round.begin_given(urls)?;
    round.run().await?;
    Ok(round.given)
}

impl<F: Fetch + 'static> Round<'_, F> {
    fn begin_given(&mut self, urls: &[Url]) -> Result<(), StoreError> {
        self.leave_alone_who_asked()?;
        (self.progress)(Event::Begun { sources: 0, waiting: urls.len() });
        for (index, url) in urls.iter().enumerate() {
            self.queue(Visit::new(url.clone(), What::Given(index)))?;
        }
        Ok(())
    }

    pub(super) fn settle_given(
        &mut self,
        index: usize,
        url: Url,
        result: Result<Result<Packed, String>, FetchError>,
    ) -> Result<(), StoreError> {
        let source = &self.config.sources[index];
        let asked = match result {
            Ok(Ok(page)) => Ok(self.kept.save_given(source, &FeedItem::of(url.clone()), &page)?),
            Ok(Err(what)) => Err(what),
            Err(FetchError::LeftAlone) => Err("not asked: its host does not answer, or asked to be left alone".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        (self.progress)(Event::Page { source, url: &url, error: asked.as_ref().err().map(String::as_str) });
        self.given[index] = asked;
        Ok(())
    }
}

//! What came is kept and then told: the answers of one moment in one commit, since each waits for the disk.

use url::Url;

use super::{Event, Round};
use crate::fetch::Fetch;
use crate::store::StoreError;

/// What is told when it is kept, and not before: who looks on may rely on it. Sources by their index.
pub(super) enum Told {
    Listed(usize),
    Page { index: usize, url: Url, error: Option<String> },
}

impl<F: Fetch + 'static> Round<'_, F> {
    /// Keeps what came since the last commit, and tells it.
    pub(super) fn keep(&mut self) -> Result<(), StoreError> {
        if !self.came.is_empty() {
            self.kept.save_answers(&std::mem::take(&mut self.came))?;
        }
        for told in std::mem::take(&mut self.untold) {
            match told {
                Told::Listed(index) => (self.progress)(Event::Listed(&self.tallies[index].outcome())),
                Told::Page { index, url, error } => {
                    (self.progress)(Event::Page { source: &self.config.sources[index], url: &url, error: error.as_deref() });
                }
            }
        }
        Ok(())
    }
}

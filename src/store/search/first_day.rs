//! The documents whose first day lies between two days. Every segment is sorted by that day, the newest first, so they are a run of
//! documents whose ends are found by halving.

use tantivy::{DocId, SegmentReader};

use super::memory::Memory;
use super::schema;

/// Asks for first days from one day to another, both included, as days since 1970; None is no bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstDay {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl FirstDay {
    /// Returns the first document of the run and the one behind its last; None where there is none.
    pub(super) fn run(self, reader: &SegmentReader, memory: &Memory) -> tantivy::Result<Option<(DocId, DocId)>> {
        let days = memory.days(reader, schema::DAY)?;
        let end = reader.max_doc();
        // Newest first: what is too new stands before the run, what is too old behind it.
        let first = self.to.map_or(0, |to| halve(0, end, |doc| days.first(doc).is_some_and(|day| day > to)));
        let last = self.from.map_or(end, |from| halve(0, end, |doc| days.first(doc).is_some_and(|day| day >= from)));
        Ok((first < last).then_some((first, last)))
    }
}

/// Returns the first document, of those from one on and before another, of which something does not hold that holds of all before it; `end`
/// if there is none.
pub(super) fn halve(from: DocId, end: DocId, holds: impl Fn(DocId) -> bool) -> DocId {
    let (mut low, mut high) = (from, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

//! What a query finds in a segment, taken in blocks: columns are read several times as fast for many documents at once as for one.

use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocId, SegmentReader};

/// Hands over the documents of a segment that a query finds and that were not deleted, in order and some at a time.
pub(super) fn in_blocks(weight: &dyn Weight, segment: &SegmentReader, mut take: impl FnMut(&[DocId])) -> tantivy::Result<()> {
    let Some(alive) = segment.alive_bitset() else { return weight.for_each_no_score(segment, &mut take) };
    let mut left = Vec::new();
    weight.for_each_no_score(segment, &mut |docs| {
        left.clear();
        left.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
        take(&left);
    })
}

/// Room for the first value of each document of a block.
pub(super) struct Firsts<T> {
    values: Vec<Option<T>>,
}

impl<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static> Firsts<T> {
    pub(super) fn new() -> Firsts<T> {
        Firsts { values: Vec::new() }
    }

    /// Returns the first value of each document; None for one that has none.
    pub(super) fn of(&mut self, column: &Column<T>, docs: &[DocId]) -> &[Option<T>] {
        self.values.clear();
        self.values.resize(docs.len(), None);
        column.first_vals(docs, &mut self.values);
        &self.values
    }
}

/// Room for all values of the documents of a block.
#[derive(Default)]
pub(super) struct RowValues {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl RowValues {
    /// Returns each value with the document that has it.
    #[inline]
    pub(super) fn of(&mut self, column: &Column<u64>, docs: &[DocId]) -> impl Iterator<Item = (DocId, u64)> {
        self.docs.clear();
        self.rows.clear();
        column.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.values.resize(self.rows.len(), 0);
        column.values.get_vals(&self.rows, &mut self.values);
        self.docs.iter().copied().zip(self.values.iter().copied())
    }
}

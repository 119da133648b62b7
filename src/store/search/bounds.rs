//! Documents whose value of a column lies between two bounds.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::marks::Marks;
use super::memory::Memory;

/// What a value of a document has to lie between, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bounds {
    Numbers { column: String, from: u64, to: u64 },
    Days { column: String, from: i64, to: i64 },
}

/// Bounds with the column of a segment.
pub(super) enum Test {
    Numbers(Column<u64>, u64, u64),
    Days(Column<i64>, i64, i64),
}

impl Bounds {
    pub(super) fn open(&self, reader: &SegmentReader, memory: &Memory) -> tantivy::Result<Test> {
        Ok(match self {
            Bounds::Numbers { column, from, to } => Test::Numbers(memory.numbers(reader, column)?, *from, *to),
            Bounds::Days { column, from, to } => Test::Days(memory.days(reader, column)?, *from, *to),
        })
    }
}

impl Test {
    /// Tells whether one document lies within the bounds.
    pub(super) fn holds(&self, doc: DocId) -> bool {
        match self {
            Test::Numbers(column, from, to) => column.first(doc).is_some_and(|value| (*from..=*to).contains(&value)),
            Test::Days(column, from, to) => column.first(doc).is_some_and(|value| (*from..=*to).contains(&value)),
        }
    }

    /// Reads the whole column.
    pub(super) fn marks(&self, docs: u32) -> Marks {
        let mut within = Vec::new();
        match self {
            Test::Numbers(column, from, to) => column.get_docids_for_value_range(*from..=*to, 0..docs, &mut within),
            Test::Days(column, from, to) => column.get_docids_for_value_range(*from..=*to, 0..docs, &mut within),
        }
        let mut marks = Marks::none(docs);
        marks.mark_all(&within);
        marks
    }
}

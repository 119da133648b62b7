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
        let within = match self {
            Test::Numbers(column, from, to) => within(column, *from, *to, docs),
            Test::Days(column, from, to) => within(column, *from, *to, docs),
        };
        let mut marks = Marks::none(docs);
        marks.mark_all(&within);
        marks
    }
}

fn within<T>(column: &Column<T>, from: T, to: T, docs: u32) -> Vec<DocId>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    let mut within = Vec::new();
    // Where all values are larger than the last bound, tantivy 0.27 takes the smallest of them to lie within.
    if column.min_value() <= to {
        column.get_docids_for_value_range(from..=to, 0..docs, &mut within);
    }
    within
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{FAST, Schema};
    use tantivy::{Index, doc};

    use super::*;

    #[test]
    fn what_all_values_lie_outside_of_holds_none() {
        let mut schema = Schema::builder();
        let (numbers, days) = (schema.add_u64_field("numbers", FAST), schema.add_i64_field("days", FAST));
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20 << 20).expect("a writer");
        for n in [40_u64, 42, 46, 42] {
            writer.add_document(doc!(numbers => n, days => n.cast_signed() - 50)).expect("a document");
        }
        writer.add_document(doc!()).expect("a document without values");
        writer.commit().expect("a commit");
        let searcher = index.reader().expect("a reader").searcher();
        let reader = searcher.segment_reader(0);
        for (from, to, expected) in
            [(0_u64, 39_u64, vec![]), (0, 40, vec![0]), (41, 45, vec![1, 3]), (47, 90, vec![]), (46, 90, vec![2])]
        {
            let of_numbers = Bounds::Numbers { column: "numbers".to_owned(), from, to };
            let of_days = Bounds::Days { column: "days".to_owned(), from: from.cast_signed() - 50, to: to.cast_signed() - 50 };
            for bounds in [of_numbers, of_days] {
                let test = bounds.open(reader, &Memory::default()).expect("a column");
                let (marks, docs) = (test.marks(reader.max_doc()), 0..reader.max_doc());
                let laid_out: Vec<DocId> = docs.clone().filter(|doc| marks.has(*doc)).collect();
                let looked_up: Vec<DocId> = docs.filter(|doc| test.holds(*doc)).collect();
                assert_eq!((&laid_out, &looked_up), (&expected, &expected), "{bounds:?}");
            }
        }
    }
}

//! Counting what a query finds by the values of columns.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::blocks::{RowValues, in_blocks};
use super::count::Tally;
use super::memory::Memory;
use super::schema;
use super::values::Values;

/// Counts by the values of some columns.
pub(super) struct ByValue<'m> {
    /// The columns, with the values that they have in all segments.
    pub columns: Vec<(&'static str, Arc<Values>)>,
    /// Whether figures are summed as well.
    pub sums: bool,
    pub memory: &'m Memory,
}

/// What the values of each column count for, by their numbers; those that were not seen are left out.
type Counts = Vec<Vec<(u32, Tally)>>;

pub(super) struct ByValueOfSegment {
    records: Option<Column<u64>>,
    values: RowValues,
    columns: Vec<Counting>,
}

struct Counting {
    column: Option<StrColumn>,
    values: Arc<Values>,
    segment: tantivy::index::SegmentId,
    /// What each value of the segment counts for.
    tallies: Vec<Tally>,
}

impl Collector for ByValue<'_> {
    type Fruit = Counts;
    type Child = ByValueOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByValueOfSegment> {
        let counting = |(name, values): &(&'static str, Arc<Values>)| {
            let column = self.memory.words(segment, name)?;
            let tallies = vec![Tally::default(); column.as_ref().map_or(0, |column| column.num_terms())];
            Ok(Counting { column, values: Arc::clone(values), segment: segment.segment_id(), tallies })
        };
        let columns = self.columns.iter().map(counting).collect::<tantivy::Result<_>>()?;
        let records = if self.sums { Some(self.memory.numbers(segment, schema::RECORDS)?) } else { None };
        Ok(ByValueOfSegment { records, values: RowValues::default(), columns })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ord: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<tantivy::Result<Counts>> {
        let mut counted = self.for_segment(ord, segment)?;
        in_blocks(weight, segment, |docs| counted.collect_block(docs))?;
        Ok(counted.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Counts>>) -> tantivy::Result<Counts> {
        let mut sums: Vec<Vec<Tally>> = self.columns.iter().map(|(_, values)| vec![Tally::default(); values.len()]).collect();
        for fruit in fruits {
            for (sums, counts) in sums.iter_mut().zip(fruit?) {
                counts.into_iter().for_each(|(number, tally)| sums[number as usize].add(tally));
            }
        }
        Ok(sums.into_iter().map(|sums| seen((0..).zip(sums))).collect())
    }
}

fn seen(counts: impl Iterator<Item = (u32, Tally)>) -> Vec<(u32, Tally)> {
    counts.filter(|(_, tally)| tally.count > 0).collect()
}

impl SegmentCollector for ByValueOfSegment {
    type Fruit = tantivy::Result<Counts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let records = self.records.as_ref();
        for Counting { column, tallies, .. } in &mut self.columns {
            let Some(column) = column else { continue };
            for (doc, value) in self.values.of(column.ords(), docs) {
                if let Some(tally) = tallies.get_mut(value as usize) {
                    let records = records.and_then(|records| records.first(doc)).unwrap_or(0);
                    tally.add(Tally { count: 1, records });
                }
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let numbered =
            |Counting { values, segment, tallies, .. }: Counting| Ok(seen(values.numbers(segment)?.iter().copied().zip(tallies)));
        self.columns.into_iter().map(numbered).collect()
    }
}

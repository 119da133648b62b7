//! Counting what a query finds by the values of columns.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::blocks::{Values, in_blocks};
use super::count::Tally;
use super::schema;

/// Counts by the values of some columns.
pub(super) struct ByValue {
    pub columns: Vec<&'static str>,
    /// Whether figures are summed as well.
    pub sums: bool,
}

pub(super) struct ByValueOfSegment {
    records: Option<Column<u64>>,
    values: Values,
    /// For each column its values, and what each counts for.
    columns: Vec<(Option<StrColumn>, Vec<Tally>)>,
}

impl Collector for ByValue {
    type Fruit = Vec<HashMap<String, Tally>>;
    type Child = ByValueOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByValueOfSegment> {
        let mut columns = Vec::new();
        for name in &self.columns {
            let column = segment.fast_fields().str(name)?;
            let values = column.as_ref().map_or(0, |column| column.num_terms());
            columns.push((column, vec![Tally::default(); values]));
        }
        let records = if self.sums { Some(segment.fast_fields().u64(schema::RECORDS)?) } else { None };
        Ok(ByValueOfSegment { records, values: Values::default(), columns })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ord: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<tantivy::Result<Vec<HashMap<String, Tally>>>> {
        let mut counted = self.for_segment(ord, segment)?;
        in_blocks(weight, segment, |docs| counted.collect_block(docs))?;
        Ok(counted.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Vec<HashMap<String, Tally>>>>) -> tantivy::Result<Self::Fruit> {
        let mut all = vec![HashMap::new(); self.columns.len()];
        for fruit in fruits {
            for (sums, counts) in all.iter_mut().zip(fruit?) {
                counts.into_iter().for_each(|(value, tally)| sums.entry(value).or_insert_with(Tally::default).add(tally));
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for ByValueOfSegment {
    type Fruit = tantivy::Result<Vec<HashMap<String, Tally>>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let records = self.records.as_ref();
        for (column, tallies) in &mut self.columns {
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
        self.columns.into_iter().map(|(column, tallies)| named(column.as_ref(), &tallies)).collect()
    }
}

/// Gives the values that were seen their names.
fn named(column: Option<&StrColumn>, tallies: &[Tally]) -> tantivy::Result<HashMap<String, Tally>> {
    let Some(column) = column else { return Ok(HashMap::new()) };
    let seen: Vec<u64> = tallies.iter().enumerate().filter(|(_, tally)| tally.count > 0).map(|(value, _)| value as u64).collect();
    let mut named = HashMap::with_capacity(seen.len());
    let mut at = seen.iter();
    column.dictionary().sorted_ords_to_term_cb(&seen, |name| {
        if let Some(tally) = at.next().and_then(|value| tallies.get(*value as usize)) {
            named.insert(String::from_utf8_lossy(name).into_owned(), *tally);
        }
    })?;
    Ok(named)
}

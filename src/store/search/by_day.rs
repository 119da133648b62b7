//! Counting what a query finds by its first day. Segments are sorted by that day, so that one day comes after the other.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::blocks::{Firsts, RowValues, in_blocks};
use super::count::Tally;
use super::memory::Memory;
use super::schema;
use crate::model::report::Kind;

/// What counts for each kind, in the order of [`Kind::ALL`].
pub(super) type OfKinds = [Tally; Kind::ALL.len()];

/// Counts by first day and kind.
pub(super) struct ByDay<'m>(pub &'m Memory);

pub(super) struct ByDayOfSegment {
    days: (Column<i64>, Firsts<i64>),
    kinds: Option<(StrColumn, Firsts<u64>)>,
    records: (Column<u64>, RowValues),
    /// The place in [`Kind::ALL`] of each kind of the segment.
    places: Vec<usize>,
    counts: Vec<(i64, OfKinds)>,
}

/// The place of a kind that is none of those that are known.
const OTHER: usize = Kind::ALL.len() - 1;

impl Collector for ByDay<'_> {
    type Fruit = BTreeMap<i64, OfKinds>;
    type Child = ByDayOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByDayOfSegment> {
        let kinds = self.0.words(segment, schema::KIND)?;
        let mut places = Vec::new();
        if let Some(kinds) = &kinds {
            let mut stream = kinds.dictionary().stream()?;
            while stream.advance() {
                let place = Kind::ALL.iter().position(|kind| kind.word().as_bytes() == stream.key());
                places.push(place.unwrap_or(OTHER));
            }
        }
        Ok(ByDayOfSegment {
            days: (self.0.days(segment, schema::DAY)?, Firsts::new()),
            kinds: kinds.map(|kinds| (kinds, Firsts::new())),
            records: (self.0.numbers(segment, schema::RECORDS)?, RowValues::default()),
            places,
            counts: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ord: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<(i64, OfKinds)>> {
        let mut counted = self.for_segment(ord, segment)?;
        in_blocks(weight, segment, |docs| counted.collect_block(docs))?;
        Ok(counted.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(i64, OfKinds)>>) -> tantivy::Result<Self::Fruit> {
        let mut all = BTreeMap::new();
        for (day, kinds) in fruits.into_iter().flatten() {
            let sums: &mut OfKinds = all.entry(day).or_default();
            sums.iter_mut().zip(kinds).for_each(|(sum, tally)| sum.add(tally));
        }
        Ok(all)
    }
}

impl SegmentCollector for ByDayOfSegment {
    type Fruit = Vec<(i64, OfKinds)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let days = self.days.1.of(&self.days.0, docs);
        let kinds = self.kinds.as_mut().map_or(&[] as &[_], |(kinds, values)| values.of(kinds.ords(), docs));
        let mut records = self.records.1.of(&self.records.0, docs).peekable();
        for (i, (doc, day)) in docs.iter().zip(days).enumerate() {
            let records = records.next_if(|(of, _)| of == doc).map_or(0, |(_, records)| records);
            let Some(day) = *day else { continue };
            let kind = kinds.get(i).copied().flatten().and_then(|kind| self.places.get(kind as usize));
            if self.counts.last().is_none_or(|(last, _)| *last != day) {
                self.counts.push((day, OfKinds::default()));
            }
            if let Some((_, tallies)) = self.counts.last_mut() {
                tallies[kind.copied().unwrap_or(OTHER)].add(Tally { count: 1, records });
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.counts
    }
}

/// Counts by first day alone.
pub(super) struct ByFirstDay<'m>(pub &'m Memory);

pub(super) struct ByFirstDayOfSegment {
    days: (Column<i64>, Firsts<i64>),
    records: (Column<u64>, Firsts<u64>),
    tallies: Vec<(i64, Tally)>,
}

impl Collector for ByFirstDay<'_> {
    type Fruit = Vec<(i64, Tally)>;
    type Child = ByFirstDayOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByFirstDayOfSegment> {
        let (days, records) = (self.0.days(segment, schema::DAY)?, self.0.numbers(segment, schema::RECORDS)?);
        Ok(ByFirstDayOfSegment { days: (days, Firsts::new()), records: (records, Firsts::new()), tallies: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ord: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<(i64, Tally)>> {
        let mut counted = self.for_segment(ord, segment)?;
        in_blocks(weight, segment, |docs| counted.collect_block(docs))?;
        Ok(counted.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(i64, Tally)>>) -> tantivy::Result<Vec<(i64, Tally)>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for ByFirstDayOfSegment {
    type Fruit = Vec<(i64, Tally)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let days = self.days.1.of(&self.days.0, docs);
        let records = self.records.1.of(&self.records.0, docs);
        for (day, records) in days.iter().zip(records) {
            let Some(day) = *day else { continue };
            let one = Tally { count: 1, records: records.unwrap_or(0) };
            match self.tallies.last_mut() {
                Some((last, tally)) if *last == day => tally.add(one),
                _ => self.tallies.push((day, one)),
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.tallies
    }
}

//! Counting what a query finds by its first day. Segments are sorted by that day, the newest first, so that one day comes after the other and a
//! year is a run of documents.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::blocks::{Firsts, RowValues, in_blocks};
use super::count::Tally;
use super::first_day::halve;
use super::memory::Memory;
use super::schema;
use crate::base::day::Day;
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

/// Counts by the period that the first day is in.
pub(super) struct ByPeriod<'m> {
    /// Returns the day that a period begins with, of any of its days.
    pub begin: fn(Day) -> Day,
    pub memory: &'m Memory,
}

pub(super) struct ByPeriodOfSegment {
    begin: fn(Day) -> Day,
    days: Column<i64>,
    records: (Column<u64>, Firsts<u64>),
    docs: DocId,
    /// The document behind the last one of the period that is counted.
    end: DocId,
    /// The day that each period begins with, and what counts.
    tallies: Vec<(Day, Tally)>,
}

impl Collector for ByPeriod<'_> {
    type Fruit = Vec<(Day, Tally)>;
    type Child = ByPeriodOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByPeriodOfSegment> {
        Ok(ByPeriodOfSegment {
            begin: self.begin,
            days: self.memory.days(segment, schema::DAY)?,
            records: (self.memory.numbers(segment, schema::RECORDS)?, Firsts::new()),
            docs: segment.max_doc(),
            end: 0,
            tallies: Vec::new(),
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
    ) -> tantivy::Result<Vec<(Day, Tally)>> {
        let mut counted = self.for_segment(ord, segment)?;
        in_blocks(weight, segment, |docs| counted.collect_block(docs))?;
        Ok(counted.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(Day, Tally)>>) -> tantivy::Result<Vec<(Day, Tally)>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl ByPeriodOfSegment {
    /// Begins the period that a document is in: a run of documents, of which only the end is looked for.
    fn begin(&mut self, doc: DocId) {
        let Some(day) = self.days.first(doc) else { return };
        let begin = (self.begin)(Day::from_epoch(day));
        let since = begin.since_epoch();
        self.end = halve(doc, self.docs, |doc| self.days.first(doc).is_some_and(|day| day >= since));
        self.tallies.push((begin, Tally::default()));
    }
}

impl SegmentCollector for ByPeriodOfSegment {
    type Fruit = Vec<(Day, Tally)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let mut from = 0;
        while let Some(first) = docs.get(from) {
            if *first >= self.end {
                self.begin(*first);
            }
            // A document without a day is in no period.
            let run = docs[from..].partition_point(|doc| *doc < self.end).max(1);
            if *first < self.end
                && let Some((_, tally)) = self.tallies.last_mut()
            {
                let records = self.records.1.of(&self.records.0, &docs[from..from + run]);
                let records = records.iter().flatten().fold(0, |sum: u64, records| sum.saturating_add(*records));
                tally.add(Tally { count: run as u64, records });
            }
            from += run;
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.tallies
    }
}

//! The first of what a query finds, in the order that is wanted, with the number of all.
//!
//! Segments are sorted by day, so for the newest each is left as soon as it has given enough. Ids settle what is equal otherwise.

use std::cmp::Reverse;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED};

use super::blocks::{Firsts, in_blocks};
use super::marks::Marked;
use super::memory::Memory;
use super::row::Packed;
use super::schema;
use crate::store::query::Sort;

/// Collects the first `most` in an order. What is equal by it is ordered newest first, then by figure, largest first, then by id.
pub(super) struct Ranked<'m> {
    pub sort: Sort,
    pub most: usize,
    pub memory: &'m Memory,
}

/// What was collected: all that may be among the first `most`.
pub(super) struct Candidates {
    most: usize,
    found: Vec<Candidate>,
}

#[derive(Clone, Copy)]
pub(super) struct Candidate {
    /// What the order goes by before the day; the larger, the earlier.
    rank: Option<u64>,
    day: i64,
    records: Option<u64>,
    address: DocAddress,
}

impl Candidate {
    fn key(&self) -> Reverse<(Option<u64>, i64, Option<u64>)> {
        Reverse((self.rank, self.day, self.records))
    }
}

impl Candidates {
    /// Returns the rows of the first `most` in order, from `offset` on. Rows tell ids sooner than the dictionary of all ids does.
    pub(super) fn rows<R: Packed>(
        mut self,
        offset: usize,
        row: impl Fn(DocAddress) -> tantivy::Result<R>,
    ) -> tantivy::Result<Vec<R>> {
        self.found.sort_unstable_by_key(Candidate::key);
        let (mut rows, mut first) = (Vec::new(), 0);
        for same in self.found.chunk_by(|one, other| one.key() == other.key()) {
            if first >= self.most {
                break;
            }
            let behind = first + same.len();
            if behind > offset {
                let mut equal = same.iter().map(|found| row(found.address)).collect::<tantivy::Result<Vec<R>>>()?;
                equal.sort_by(Packed::by_id);
                rows.extend(equal.into_iter().take(self.most - first).skip(offset.saturating_sub(first)));
            }
            first = behind;
        }
        Ok(rows)
    }
}

impl Collector for Ranked<'_> {
    type Fruit = (usize, Candidates);
    type Child = RankedOfSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<RankedOfSegment> {
        let ranks = match self.sort {
            Sort::Date => Ranks::None,
            Sort::Records => Ranks::Records,
            Sort::Relevance => Ranks::Score,
            Sort::Updated => Ranks::Updated(self.memory.days(reader, schema::UPDATED)?),
        };
        let (days, records) = (self.memory.days(reader, schema::DAY)?, self.memory.numbers(reader, schema::RECORDS)?);
        Ok(RankedOfSegment {
            segment,
            ranks,
            days,
            records,
            count: 0,
            best: Best::new(self.most),
            room: Vec::new(),
            numbers: Firsts::new(),
            days_updated: Firsts::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<(usize, Vec<Candidate>)>) -> tantivy::Result<(usize, Candidates)> {
        let total = fruits.iter().map(|(count, _)| count).sum();
        let found = fruits.into_iter().flat_map(|(_, found)| found).collect();
        Ok((total, Candidates { most: self.most, found }))
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<(usize, Vec<Candidate>)> {
        let mut collected = self.for_segment(segment, reader)?;
        if let Ranks::Records | Ranks::Updated(_) = collected.ranks {
            in_blocks(weight, reader, |docs| collected.collect_block(docs))?;
            return Ok(collected.harvest());
        }
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED && collected.may_take(doc) {
            if reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                let score = if self.requires_scoring() { scorer.score() } else { 0.0 };
                collected.collect(doc, score);
            }
            doc = scorer.advance();
        }
        let count = match reader.alive_bitset() {
            _ if doc == TERMINATED => collected.count,
            // What was deleted is not laid out.
            Some(alive) if !scorer.is::<Marked>() => collected.count + scorer.count(alive) as usize,
            _ => collected.count + scorer.count_including_deleted() as usize,
        };
        Ok((count, collected.harvest().1))
    }
}

enum Ranks {
    /// The order is that of days.
    None,
    Records,
    Score,
    Updated(Column<i64>),
}

pub(super) struct RankedOfSegment {
    segment: SegmentOrdinal,
    ranks: Ranks,
    days: Column<i64>,
    records: Column<u64>,
    count: usize,
    best: Best,
    /// Room for the ranks of a block.
    room: Vec<Option<u64>>,
    numbers: Firsts<u64>,
    days_updated: Firsts<i64>,
}

impl RankedOfSegment {
    /// Tells whether a document, or any after it, may be among the first: there are too few; or they are not ordered by day; or it is of the
    /// same day as the last of them.
    fn may_take(&self, doc: DocId) -> bool {
        let Best { most, found, .. } = &self.best;
        found.len() < *most
            || !matches!(self.ranks, Ranks::None)
            || found.last().is_none_or(|last| self.days.first(doc) == Some(last.day))
    }

    fn take(&mut self, doc: DocId, rank: Option<u64>) {
        if self.best.floor.is_some_and(|floor| rank < floor) {
            return;
        }
        let Some(day) = self.days.first(doc) else { return };
        let address = DocAddress { segment_ord: self.segment, doc_id: doc };
        self.best.found.push(Candidate { rank, day, records: self.records.first(doc), address });
        if !matches!(self.ranks, Ranks::None) {
            self.best.make_room();
        }
    }
}

/// The candidates of a segment.
struct Best {
    most: usize,
    found: Vec<Candidate>,
    /// So many are held before the rest is dropped.
    enough: usize,
    /// The rank of the last that was kept when some were dropped: what ranks lower is none of the first.
    floor: Option<Option<u64>>,
}

impl Best {
    /// Candidates beyond those that are wanted before the rest is dropped.
    const SPARE: usize = 512;

    fn new(most: usize) -> Best {
        Best { most, found: Vec::new(), enough: most.saturating_mul(2).saturating_add(Best::SPARE), floor: None }
    }

    /// Drops what is none of the first where there are many; tells whether it looked.
    fn make_room(&mut self) -> bool {
        let is_full = self.found.len() >= self.enough;
        if is_full {
            self.drop_the_rest();
            // What is equal to the last stays: where that is much, looking again at each that comes would take for ever.
            self.enough = self.enough.max(self.found.len().saturating_mul(2));
        }
        is_full
    }

    fn drop_the_rest(&mut self) {
        self.found.sort_unstable_by_key(Candidate::key);
        let Some(last) = self.found.get(self.most - 1).map(Candidate::key) else { return };
        let kept = self.found.partition_point(|found| found.key() <= last);
        self.found.truncate(kept);
        self.floor = self.found.last().map(|found| found.rank);
    }
}

impl SegmentCollector for RankedOfSegment {
    type Fruit = (usize, Vec<Candidate>);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.count += 1;
        // Of floats that are not negative the larger has the larger bits.
        let rank = matches!(self.ranks, Ranks::Score).then(|| u64::from(score.max(0.0).to_bits()));
        self.take(doc, rank);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.count += docs.len();
        let mut ranks = std::mem::take(&mut self.room);
        ranks.clear();
        match &self.ranks {
            Ranks::None | Ranks::Score => ranks.resize(docs.len(), None),
            Ranks::Records => ranks.extend_from_slice(self.numbers.of(&self.records, docs)),
            Ranks::Updated(days) => {
                let days = self.days_updated.of(days, docs).iter();
                ranks.extend(days.map(|day| day.map(|day| day.cast_unsigned() ^ (1 << 63))));
            }
        }
        for (doc, rank) in docs.iter().zip(&ranks) {
            self.take(*doc, *rank);
        }
        self.room = ranks;
    }

    fn harvest(mut self) -> Self::Fruit {
        if self.best.found.len() > self.best.most {
            self.best.drop_the_rest();
        }
        (self.count, self.best.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes in candidates of these days, all of one rank; returns how often it was looked which are the first three, and the days of those left.
    fn taken(days: impl Iterator<Item = i64>) -> (usize, Vec<i64>) {
        let (mut best, mut looks) = (Best::new(3), 0);
        for (doc, day) in (0..).zip(days) {
            best.found.push(Candidate { rank: None, day, records: None, address: DocAddress::new(0, doc) });
            looks += usize::from(best.make_room());
        }
        best.drop_the_rest();
        (looks, best.found.iter().map(|found| found.day).collect())
    }

    #[test]
    fn what_is_equal_to_the_last_is_kept_without_looking_at_it_again_and_again() {
        assert_eq!(taken(0..10_000).1, [9999, 9998, 9997]);
        let (looks, left) = taken(std::iter::repeat_n(7, 10_000));
        assert_eq!(left.len(), 10_000);
        assert!(looks < 10, "looked {looks} times");
        assert_eq!(taken((0..10_000).map(|n| n % 2)).1, [1; 5000]);
    }
}

//! What is remembered of segments from one search to the next: columns that were opened, and sets that were laid out. Segments never change,
//! so what was true once stays true; what was deleted since is asked for by the number of the last deletion.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{Opstamp, SegmentReader, TantivyError, Term};

use super::bounds::Bounds;
use super::marks::Marks;
use super::values::Values;

/// The most that is remembered, in bytes: 64 sets over a million documents.
const MOST: usize = 8 << 20;
/// About what a set takes besides its bits: its name and its place in the map. Without it, sets over few documents would seem to take nothing.
const BESIDES: usize = 256;

/// What a set of documents is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Filter {
    /// Documents that have a term.
    Term(Term),
    /// Documents within bounds.
    Within(Bounds),
    /// Documents that were not deleted until then.
    Alive(Option<Opstamp>),
}

/// A column that was opened: to open one reads what stands before each of its blocks.
#[derive(Clone)]
enum Opened {
    Numbers(Column<u64>),
    Days(Column<i64>),
    Words(Option<StrColumn>),
}

/// What is remembered of the segments of one index.
#[derive(Default)]
pub(super) struct Memory {
    /// The sets of documents that were used last.
    known: Mutex<Known>,
    columns: Mutex<HashMap<(SegmentId, String), Opened>>,
    /// The values of columns over all segments.
    values: Mutex<HashMap<&'static str, Arc<Values>>>,
}

#[derive(Debug, Default)]
struct Known {
    sets: HashMap<(SegmentId, Filter), Used>,
    bytes: usize,
    /// Counts every use.
    clock: u64,
}

#[derive(Debug)]
struct Used {
    at: u64,
    marks: Arc<Marks>,
}

impl Used {
    fn bytes(&self) -> usize {
        self.marks.bytes() + BESIDES
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_of_its_kind(name: &str) -> TantivyError {
    TantivyError::SchemaError(format!("the column {name} is of another kind"))
}

impl Memory {
    /// Returns a column of numbers.
    pub(super) fn numbers(&self, segment: &SegmentReader, name: &str) -> tantivy::Result<Column<u64>> {
        match self.column(segment, name, || Ok(Opened::Numbers(segment.fast_fields().u64(name)?)))? {
            Opened::Numbers(column) => Ok(column),
            _ => Err(not_of_its_kind(name)),
        }
    }

    /// Returns a column of days.
    pub(super) fn days(&self, segment: &SegmentReader, name: &str) -> tantivy::Result<Column<i64>> {
        match self.column(segment, name, || Ok(Opened::Days(segment.fast_fields().i64(name)?)))? {
            Opened::Days(column) => Ok(column),
            _ => Err(not_of_its_kind(name)),
        }
    }

    /// Returns a column of words; None where no document of the segment has any.
    pub(super) fn words(&self, segment: &SegmentReader, name: &str) -> tantivy::Result<Option<StrColumn>> {
        match self.column(segment, name, || Ok(Opened::Words(segment.fast_fields().str(name)?)))? {
            Opened::Words(column) => Ok(column),
            _ => Err(not_of_its_kind(name)),
        }
    }

    fn column(
        &self,
        segment: &SegmentReader,
        name: &str,
        open: impl FnOnce() -> tantivy::Result<Opened>,
    ) -> tantivy::Result<Opened> {
        let key = (segment.segment_id(), name.to_owned());
        if let Some(column) = locked(&self.columns).get(&key) {
            return Ok(column.clone());
        }
        let column = open()?;
        locked(&self.columns).insert(key, column.clone());
        Ok(column)
    }

    /// Returns the values of a column over all segments.
    pub(super) fn values(&self, segments: &[SegmentReader], column: &'static str) -> tantivy::Result<Arc<Values>> {
        if let Some(values) = locked(&self.values).get(column).filter(|values| values.are_of(segments)) {
            return Ok(Arc::clone(values));
        }
        let values = Arc::new(Values::read(segments, column, self)?);
        locked(&self.values).insert(column, Arc::clone(&values));
        Ok(values)
    }

    /// Forgets segments that are no more, so that the disk gets back what they took.
    pub(super) fn forget_all_but(&self, segments: &[SegmentReader]) {
        let left: HashSet<SegmentId> = segments.iter().map(SegmentReader::segment_id).collect();
        locked(&self.columns).retain(|(segment, _), _| left.contains(segment));
        locked(&self.known).forget_all_but(&left);
        locked(&self.values).retain(|_, values| values.are_of(segments));
    }

    /// Returns a set that is remembered.
    pub(super) fn recall(&self, segment: &SegmentReader, filter: &Filter) -> Option<Arc<Marks>> {
        let mut known = locked(&self.known);
        known.clock += 1;
        let at = known.clock;
        let used = known.sets.get_mut(&(segment.segment_id(), filter.clone()))?;
        used.at = at;
        Some(Arc::clone(&used.marks))
    }

    /// Returns a set; one that is not remembered is laid out, and is from now on.
    pub(super) fn of(
        &self,
        segment: &SegmentReader,
        filter: &Filter,
        lay_out: impl FnOnce() -> tantivy::Result<Marks>,
    ) -> tantivy::Result<Arc<Marks>> {
        if let Some(marks) = self.recall(segment, filter) {
            return Ok(marks);
        }
        let marks = Arc::new(lay_out()?);
        locked(&self.known).take_in((segment.segment_id(), filter.clone()), &marks, MOST);
        Ok(marks)
    }
}

impl Known {
    /// Takes in a set. Where there are too many, the half that was not used for longest is forgotten.
    fn take_in(&mut self, key: (SegmentId, Filter), marks: &Arc<Marks>, most: usize) {
        self.clock += 1;
        let used = Used { at: self.clock, marks: Arc::clone(marks) };
        self.bytes += used.bytes();
        if let Some(before) = self.sets.insert(key, used) {
            self.bytes -= before.bytes();
        }
        if self.bytes <= most {
            return;
        }
        let mut uses: Vec<(u64, usize)> = self.sets.values().map(|used| (used.at, used.bytes())).collect();
        uses.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = 0;
        let kept = uses.iter().take_while(|(_, of)| {
            bytes += of;
            bytes <= most / 2
        });
        let oldest = kept.last().map_or(u64::MAX, |(at, _)| *at);
        self.sets.retain(|_, used| used.at >= oldest);
        self.weigh();
    }

    fn forget_all_but(&mut self, left: &HashSet<SegmentId>) {
        self.sets.retain(|(segment, _), _| left.contains(segment));
        self.weigh();
    }

    fn weigh(&mut self) {
        self.bytes = self.sets.values().map(Used::bytes).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_is_forgotten() {
        let (mut known, segment) = (Known::default(), SegmentId::generate_random());
        let key = |n| (segment, Filter::Alive(Some(n)));
        let marks = Arc::new(Marks::none(640)); // 80 bytes
        let (one, most) = (80 + BESIDES, 10 * (80 + BESIDES));
        for n in 0..10 {
            known.take_in(key(n), &marks, most);
        }
        assert_eq!((known.sets.len(), known.bytes), (10, most));
        known.take_in(key(9), &marks, most);
        assert_eq!((known.sets.len(), known.bytes), (10, most));
        known.clock += 1;
        known.sets.get_mut(&key(0)).expect("a set").at = known.clock;
        known.take_in(key(10), &marks, most);
        let mut left: Vec<u64> = (0..=10).filter(|n| known.sets.contains_key(&key(*n))).collect();
        left.sort_unstable();
        assert_eq!((left.as_slice(), known.bytes), ([0, 7, 8, 9, 10].as_slice(), 5 * one));
        let other = SegmentId::generate_random();
        known.take_in((other, Filter::Alive(None)), &marks, most);
        known.forget_all_but(&HashSet::from([segment]));
        assert_eq!((known.sets.len(), known.bytes), (5, 5 * one));
        known.take_in(key(11), &marks, 10);
        assert_eq!((known.sets.len(), known.bytes), (0, 0));
    }

    #[test]
    fn sets_over_no_documents_are_not_taken_in_without_end() {
        let (mut known, segment, marks) = (Known::default(), SegmentId::generate_random(), Arc::new(Marks::none(0)));
        for from in 0..1000 {
            let bounds = Bounds::Numbers { column: "records".to_owned(), from, to: u64::MAX };
            known.take_in((segment, Filter::Within(bounds)), &marks, 100 * BESIDES);
        }
        assert!(known.sets.len() <= 100, "{} sets", known.sets.len());
    }
}

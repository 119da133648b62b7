//! The documents whose first day lies between two days. Every segment is sorted by that day, the newest first, so they are a run of
//! documents whose ends are found by halving.

use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::schema;

/// Asks for first days from one day to another, both included, as days since 1970; None is no bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstDay {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl Query for FirstDay {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(*self))
    }
}

impl Weight for FirstDay {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(self.run(reader)?, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.run(reader)?.seek(doc) == doc {
            true => Ok(Explanation::new("FirstDay", 1.0)),
            false => Err(TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let mut run = self.run(reader)?;
        Ok(match reader.alive_bitset() {
            Some(alive) => run.count(alive),
            None => run.size_hint(),
        })
    }
}

impl FirstDay {
    fn run(self, reader: &SegmentReader) -> tantivy::Result<Run> {
        let days: Column<i64> = reader.fast_fields().i64(schema::DAY)?;
        let end = reader.max_doc();
        // Newest first: what is too new stands before the run, what is too old behind it.
        let first = self.to.map_or(0, |to| halve(end, |doc| days.first(doc).is_some_and(|day| day > to)));
        let last = self.from.map_or(end, |from| halve(end, |doc| days.first(doc).is_some_and(|day| day >= from)));
        Ok(Run { doc: if first < last { first } else { TERMINATED }, end: last })
    }
}

/// Returns the first document of which something does not hold that holds of all before it.
fn halve(end: DocId, holds: impl Fn(DocId) -> bool) -> DocId {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Documents one after the other.
pub(super) struct Run {
    doc: DocId,
    end: DocId,
}

impl DocSet for Run {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = if target < self.end { target } else { TERMINATED };
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end.saturating_sub(self.doc)
    }
}

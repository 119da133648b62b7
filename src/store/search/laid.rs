//! What a query finds, laid out as sets of documents, for all orders but that by how well something matches.
//!
//! tantivy goes from document to document and asks each condition for its next one; that pays where the best few are wanted. Here all are
//! counted, and counting is quickest where each condition is a set of bits: over a million incidents, a kind since a year takes an eighth.

use std::fmt;
use std::sync::Arc;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, Term};

use super::beginning::Beginning;
use super::bounds::Bounds;
use super::first_day::FirstDay;
use super::marks::{Marked, Marks};
use super::matching::Matching;
use super::memory::{Filter, Memory};
use super::opened::Segment;

/// A condition.
#[derive(Clone)]
pub(super) enum Laid {
    All,
    /// One of these terms is there; none where there are no terms.
    Terms(Vec<Term>),
    /// A term that many searches ask for.
    Filter(Term),
    Beginning(Beginning),
    Matching(Matching),
    FirstDay(FirstDay),
    Within(Bounds),
    Any(Vec<Laid>),
    /// All of the first hold and none of the second. Where there is nothing to hold, everything does.
    Both(Vec<Laid>, Vec<Laid>),
    /// What tantivy has to find.
    Other(Arc<dyn Weight>),
}

impl Laid {
    /// Tells whether it looks at more than lists of documents.
    pub(super) fn is_slow(&self) -> bool {
        match self {
            Laid::Beginning(_) | Laid::Matching(_) | Laid::Other(_) | Laid::Within(_) => true,
            Laid::Any(any) => any.iter().any(Laid::is_slow),
            Laid::Both(wanted, unwanted) => wanted.iter().chain(unwanted).any(Laid::is_slow),
            Laid::All | Laid::Terms(_) | Laid::Filter(_) | Laid::FirstDay(_) => false,
        }
    }
}

/// A condition as a query. Each document that it finds scores the same.
#[derive(Clone)]
pub(super) struct LaidOut {
    pub laid: Laid,
    pub memory: Arc<Memory>,
}

impl fmt::Debug for LaidOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaidOut")
    }
}

impl Query for LaidOut {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl LaidOut {
    /// Lays out what is found and was not deleted.
    fn marks(&self, reader: &SegmentReader) -> tantivy::Result<Arc<Marks>> {
        let segment = Segment { reader, memory: &self.memory, is_less: u64::lt };
        let Some(alive) = reader.alive_bitset() else { return segment.open(&self.laid)?.marks(&segment) };
        let alive = self.memory.of(reader, &Filter::Alive(reader.delete_opstamp()), || {
            let mut marks = Marks::none(reader.max_doc());
            alive.iter_alive().for_each(|doc| marks.mark(doc));
            Ok(marks)
        })?;
        if matches!(self.laid, Laid::All) {
            return Ok(alive);
        }
        let mut found = segment.open(&self.laid)?.marks(&segment)?;
        Arc::make_mut(&mut found).keep(&alive);
        Ok(found)
    }
}

impl Weight for LaidOut {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(Marked::new(self.marks(reader)?, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.marks(reader)?.has(doc) {
            true => Ok(Explanation::new("LaidOut", 1.0)),
            false => Err(tantivy::TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        Ok(self.marks(reader)?.count())
    }
}

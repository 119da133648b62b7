//! A query whose documents are only ever gone through forwards.
//!
//! What is excluded is asked by tantivy 0.27 for documents before the one at which it stands (`Exclude::new` calls `seek_danger`, which
//! promises only to go on): a range then subtracts the larger number from the smaller, a phrase fails its own check.

use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader};

use super::translate::Boxed;

/// What the query within finds, without saying how well.
#[derive(Debug)]
pub(super) struct Forward(pub Boxed);

impl Clone for Forward {
    fn clone(&self) -> Forward {
        Forward(self.0.box_clone())
    }
}

struct ForwardWeight(Box<dyn Weight>);

impl Query for Forward {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ForwardWeight(self.0.weight(scoring)?)))
    }
}

impl Weight for ForwardWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(ForwardDocs(self.0.scorer(reader, boost)?), 0.0)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        self.0.count(reader)
    }
}

/// Leaves out `seek_danger`, so that the usual one stands, which does not mind where it is asked for.
struct ForwardDocs(Box<dyn Scorer>);

impl DocSet for ForwardDocs {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.seek(target)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }

    fn cost(&self) -> u64 {
        self.0.cost()
    }
}

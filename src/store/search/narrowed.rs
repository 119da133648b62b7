//! What a query finds, as far as figures and days of it lie within bounds.
//!
//! tantivy counts what two conditions have in common by laying both out, and to lay out a range it reads the column of all documents.
//! Where the rest of a query finds few, those few are looked up instead: over a million incidents,
//! "kind:breach word records:>=10k after:2015" takes a quarter of the time.

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader};

use super::translate::Boxed;

/// Where the rest finds more than one document in so many, ranges are laid out after all.
const FEW: u64 = 4;

/// What a value of a document has to lie between, both ends included.
#[derive(Clone, Debug)]
pub(super) enum Bounds {
    Numbers { column: String, from: u64, to: u64 },
    Days { column: String, from: i64, to: i64 },
}

/// Finds what `rest` finds and lies within all bounds; `all` asks for both at once and finds the same.
#[derive(Debug)]
pub(super) struct Narrowed {
    pub rest: Boxed,
    pub bounds: Vec<Bounds>,
    pub all: Boxed,
}

impl Clone for Narrowed {
    fn clone(&self) -> Narrowed {
        Narrowed { rest: self.rest.box_clone(), bounds: self.bounds.clone(), all: self.all.box_clone() }
    }
}

impl Query for Narrowed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let (rest, all) = (self.rest.weight(scoring)?, self.all.weight(scoring)?);
        Ok(Box::new(NarrowedWeight { rest, bounds: self.bounds.clone(), all }))
    }
}

struct NarrowedWeight {
    rest: Box<dyn Weight>,
    bounds: Vec<Bounds>,
    all: Box<dyn Weight>,
}

impl Weight for NarrowedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let rest = self.rest.scorer(reader, boost)?;
        if rest.cost().saturating_mul(FEW) > u64::from(reader.max_doc()) {
            return self.all.scorer(reader, boost);
        }
        let tests = self.bounds.iter().map(|bounds| bounds.open(reader)).collect::<tantivy::Result<_>>()?;
        let mut within = Within { rest, tests };
        within.go_on();
        Ok(Box::new(within))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.all.explain(reader, doc)
    }
}

/// Bounds with the column of a segment.
enum Test {
    Numbers(Column<u64>, u64, u64),
    Days(Column<i64>, i64, i64),
}

impl Bounds {
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Test> {
        let fields = reader.fast_fields();
        Ok(match self {
            Bounds::Numbers { column, from, to } => Test::Numbers(fields.u64(column)?, *from, *to),
            Bounds::Days { column, from, to } => Test::Days(fields.i64(column)?, *from, *to),
        })
    }
}

impl Test {
    fn holds(&self, doc: DocId) -> bool {
        match self {
            Test::Numbers(column, from, to) => column.first(doc).is_some_and(|value| (*from..=*to).contains(&value)),
            Test::Days(column, from, to) => column.first(doc).is_some_and(|value| (*from..=*to).contains(&value)),
        }
    }
}

/// The documents of a segment that lie within the bounds.
struct Within {
    rest: Box<dyn Scorer>,
    tests: Vec<Test>,
}

impl Within {
    /// Goes on from where the rest stands to the first document within the bounds.
    fn go_on(&mut self) -> DocId {
        let mut doc = self.rest.doc();
        while doc != tantivy::TERMINATED && !self.tests.iter().all(|test| test.holds(doc)) {
            doc = self.rest.advance();
        }
        doc
    }
}

impl DocSet for Within {
    fn advance(&mut self) -> DocId {
        self.rest.advance();
        self.go_on()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rest.seek(target);
        self.go_on()
    }

    fn doc(&self) -> DocId {
        self.rest.doc()
    }

    fn size_hint(&self) -> u32 {
        self.rest.size_hint()
    }

    fn cost(&self) -> u64 {
        self.rest.cost()
    }
}

impl Scorer for Within {
    fn score(&mut self) -> Score {
        self.rest.score()
    }
}

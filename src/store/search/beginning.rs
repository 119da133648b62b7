//! What holds a word that begins in some way, in any of some fields.
//!
//! While somebody types, "co" stands for thousands of words. tantivy has a regular expression for that, which opens the documents of each word
//! anew and makes a union of the fields afterwards; here all are marked in one set, and room for documents is made once a field.

use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Asks for words, as the index holds them, that begin with `prefix`. Each document that has one scores the same.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    pub fields: Vec<Field>,
    pub prefix: String,
}

impl Query for Beginning {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Beginning {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut marks = vec![0; reader.max_doc().div_ceil(u64::BITS) as usize];
        for field in &self.fields {
            mark(reader, *field, self.prefix.as_bytes(), &mut marks)?;
        }
        Ok(Box::new(Marked::new(marks, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.scorer(reader, 1.0)?.seek(doc) == doc {
            true => Ok(Explanation::new("Beginning", 1.0)),
            false => Err(TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }
}

/// Marks the documents that have a word of a field that begins so.
fn mark(reader: &SegmentReader, field: Field, prefix: &[u8], marks: &mut [u64]) -> tantivy::Result<()> {
    let inverted = reader.inverted_index(field)?;
    let mut words = inverted.terms().range().ge(prefix).into_stream()?;
    let mut room: Option<BlockSegmentPostings> = None;
    while words.advance() && words.key().starts_with(prefix) {
        match &mut room {
            Some(docs) => inverted.reset_block_postings_from_terminfo(words.value(), docs)?,
            None => room = Some(inverted.read_block_postings_from_terminfo(words.value(), IndexRecordOption::Basic)?),
        }
        let Some(docs) = &mut room else { continue };
        while !docs.docs().is_empty() {
            for doc in docs.docs() {
                if let Some(word) = marks.get_mut((doc / u64::BITS) as usize) {
                    *word |= 1 << (doc % u64::BITS);
                }
            }
            docs.advance();
        }
    }
    Ok(())
}

/// Documents that are marked, one bit each.
struct Marked {
    marks: Vec<u64>,
    /// Where it stands in `marks`, and the bits there that come after `doc`.
    at: usize,
    rest: u64,
    doc: DocId,
    count: u32,
    score: Score,
}

impl Marked {
    fn new(marks: Vec<u64>, score: Score) -> Marked {
        let (count, rest) = (ones(&marks), marks.first().copied().unwrap_or(0));
        let mut marked = Marked { marks, at: 0, rest, doc: 0, count, score };
        marked.advance();
        marked
    }
}

fn ones(marks: &[u64]) -> u32 {
    marks.iter().map(|word| word.count_ones()).sum()
}

impl DocSet for Marked {
    fn advance(&mut self) -> DocId {
        while self.rest == 0 {
            self.at += 1;
            match self.marks.get(self.at) {
                Some(word) => self.rest = *word,
                None => {
                    self.doc = TERMINATED;
                    return TERMINATED;
                }
            }
        }
        self.doc = self.at as DocId * u64::BITS + self.rest.trailing_zeros();
        self.rest &= self.rest - 1;
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.at = (target / u64::BITS) as usize;
        self.rest = self.marks.get(self.at).map_or(0, |word| word & (u64::MAX << (target % u64::BITS)));
        self.advance()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.count
    }

    fn count_including_deleted(&mut self) -> u32 {
        if self.doc == TERMINATED {
            return 0;
        }
        self.doc = TERMINATED;
        1 + self.rest.count_ones() + self.marks.get(self.at + 1..).map_or(0, ones)
    }
}

impl Scorer for Marked {
    fn score(&mut self) -> Score {
        self.score
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(docs: &[DocId]) -> Marked {
        let mut marks = vec![0_u64; 4];
        docs.iter().for_each(|doc| marks[(doc / 64) as usize] |= 1 << (doc % 64));
        Marked::new(marks, 1.0)
    }

    #[test]
    fn marks_are_gone_through_in_order_sought_and_counted() {
        let docs = [0, 1, 63, 64, 130, 255];
        let mut all = marked(&docs);
        let mut seen = vec![all.doc()];
        while all.advance() != TERMINATED {
            seen.push(all.doc());
        }
        assert_eq!(seen, docs);
        assert_eq!((all.advance(), all.count_including_deleted()), (TERMINATED, 0));
        for from in 0..=docs.len() {
            for target in 0..300 {
                let mut marked = marked(&docs);
                (0..from).for_each(|_| {
                    marked.advance();
                });
                let expected = docs.iter().copied().find(|doc| *doc >= target.max(docs.get(from).copied().unwrap_or(TERMINATED)));
                assert_eq!(marked.seek(target), expected.unwrap_or(TERMINATED), "{target} from {from}");
                let left = docs.iter().filter(|doc| Some(**doc) >= expected).count();
                assert_eq!(marked.count_including_deleted() as usize, if expected.is_some() { left } else { 0 });
            }
        }
        assert_eq!((marked(&[]).doc(), marked(&[]).size_hint(), marked(&docs).size_hint()), (TERMINATED, 0, 6));
        assert_eq!(Marked::new(Vec::new(), 1.0).doc(), TERMINATED);
    }
}

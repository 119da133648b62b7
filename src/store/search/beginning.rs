//! What holds a word that begins in some way, in any of some fields.
//!
//! While somebody types, "co" stands for thousands of words. tantivy has a regular expression for that, which opens the documents of each word
//! anew and makes a union of the fields afterwards; here all are marked in one set, and room for documents is made once a field.

use tantivy::SegmentReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use super::marks::Marks;

/// Asks for words, as the index holds them, that begin with `prefix`.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    pub fields: Vec<Field>,
    pub prefix: String,
}

impl Beginning {
    pub(super) fn marks(&self, reader: &SegmentReader) -> tantivy::Result<Marks> {
        let mut marks = Marks::none(reader.max_doc());
        for field in &self.fields {
            mark(reader, *field, self.prefix.as_bytes(), &mut marks)?;
        }
        Ok(marks)
    }
}

/// Marks the documents that have a word of a field that begins so.
fn mark(reader: &SegmentReader, field: Field, prefix: &[u8], marks: &mut Marks) -> tantivy::Result<()> {
    let inverted = reader.inverted_index(field)?;
    let mut words = inverted.terms().range().ge(prefix).into_stream()?;
    let mut room = Room::default();
    while words.advance() && words.key().starts_with(prefix) {
        room.mark(&inverted, words.value(), marks)?;
    }
    Ok(())
}

/// Room for the documents of one term of a field after the other.
#[derive(Default)]
pub(super) struct Room(Option<BlockSegmentPostings>);

impl Room {
    /// Marks all documents of a term.
    pub(super) fn mark(&mut self, index: &InvertedIndexReader, info: &TermInfo, marks: &mut Marks) -> tantivy::Result<()> {
        match &mut self.0 {
            Some(docs) => index.reset_block_postings_from_terminfo(info, docs)?,
            None => self.0 = Some(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?),
        }
        if let Some(docs) = &mut self.0 {
            mark_postings(docs, marks);
        }
        Ok(())
    }
}

/// Marks all documents of a term.
pub(super) fn mark_postings(postings: &mut BlockSegmentPostings, marks: &mut Marks) {
    while !postings.docs().is_empty() {
        marks.mark_all(postings.docs());
        postings.advance();
    }
}

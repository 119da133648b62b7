//! What holds a word that begins in some way, in any of some fields.
//!
//! While somebody types, "co" stands for thousands of words. tantivy has a regular expression for that, which opens the documents of each word
//! anew and makes a union of the fields afterwards; here all are marked in one set, and room for documents is made once a field.

use tantivy::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
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
    let mut room: Option<BlockSegmentPostings> = None;
    while words.advance() && words.key().starts_with(prefix) {
        match &mut room {
            Some(docs) => inverted.reset_block_postings_from_terminfo(words.value(), docs)?,
            None => room = Some(inverted.read_block_postings_from_terminfo(words.value(), IndexRecordOption::Basic)?),
        }
        let Some(docs) = &mut room else { continue };
        mark_postings(docs, marks);
    }
    Ok(())
}

/// Marks all documents of a term.
pub(super) fn mark_postings(postings: &mut BlockSegmentPostings, marks: &mut Marks) {
    while !postings.docs().is_empty() {
        marks.mark_all(postings.docs());
        postings.advance();
    }
}

//! What has a term in which a regular expression matches. There may be as many terms as documents: they are read one after the other, and
//! none is kept.

use regex::Regex;
use tantivy::SegmentReader;
use tantivy::schema::Field;

use super::beginning::Room;
use super::marks::Marks;

/// Asks for terms of a field, as the index holds them, in which `regex` matches.
#[derive(Clone, Debug)]
pub(super) struct Matching {
    pub field: Field,
    pub regex: Regex,
}

impl Matching {
    pub(super) fn marks(&self, reader: &SegmentReader) -> tantivy::Result<Marks> {
        let mut marks = Marks::none(reader.max_doc());
        let inverted = reader.inverted_index(self.field)?;
        let mut terms = inverted.terms().stream()?;
        let mut room = Room::default();
        while terms.advance() {
            if std::str::from_utf8(terms.key()).is_ok_and(|term| self.regex.is_match(term)) {
                room.mark(&inverted, terms.value(), &mut marks)?;
            }
        }
        Ok(marks)
    }
}

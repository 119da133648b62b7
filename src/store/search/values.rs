//! The values of a column over all segments. Each segment numbers its own; what is counted by value in several of them needs one numbering.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::index::SegmentId;
use tantivy::{SegmentReader, TantivyError};

use super::memory::Memory;

/// The values of a column, numbered from 0 in their order.
pub(super) struct Values {
    /// For each segment the numbers of its values.
    numbers: HashMap<SegmentId, Vec<u32>>,
    /// All values one after the other, and where each ends.
    text: String,
    ends: Vec<usize>,
}

impl Values {
    /// Reads the values of a column of some segments.
    pub(super) fn read(segments: &[SegmentReader], column: &str, memory: &Memory) -> tantivy::Result<Values> {
        let columns = segments.iter().map(|segment| memory.words(segment, column)).collect::<tantivy::Result<Vec<_>>>()?;
        let mut streams = Vec::with_capacity(segments.len());
        for words in &columns {
            streams.push(words.as_ref().map(|words| words.dictionary().stream()).transpose()?);
        }
        let mut numbers: Vec<Vec<u32>> =
            columns.iter().map(|words| Vec::with_capacity(words.as_ref().map_or(0, |words| words.num_terms()))).collect();
        let (mut heads, mut last, mut text, mut ends) = (BinaryHeap::new(), Vec::new(), String::new(), Vec::new());
        for (at, stream) in streams.iter_mut().enumerate() {
            if let Some(stream) = stream
                && stream.advance()
            {
                heads.push(Reverse((stream.key().to_vec(), at)));
            }
        }
        while let Some(Reverse((mut value, at))) = heads.pop() {
            if ends.is_empty() || last != value {
                text += &String::from_utf8_lossy(&value);
                ends.push(text.len());
                last.clone_from(&value);
            }
            numbers[at].push(ends.len() as u32 - 1);
            if let Some(stream) = &mut streams[at]
                && stream.advance()
            {
                value.clear();
                value.extend_from_slice(stream.key());
                heads.push(Reverse((value, at)));
            }
        }
        Ok(Values { numbers: segments.iter().map(SegmentReader::segment_id).zip(numbers).collect(), text, ends })
    }

    /// Tells whether these are the values of some segments.
    pub(super) fn are_of(&self, segments: &[SegmentReader]) -> bool {
        self.numbers.len() == segments.len() && segments.iter().all(|segment| self.numbers.contains_key(&segment.segment_id()))
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the numbers of a segment's values, in the order of that segment.
    pub(super) fn numbers(&self, segment: SegmentId) -> tantivy::Result<&[u32]> {
        let numbers = self.numbers.get(&segment).map(Vec::as_slice);
        numbers.ok_or_else(|| TantivyError::InternalError("a segment is searched that was not there".to_owned()))
    }

    /// Returns the value of a number.
    pub(super) fn name(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[number]]
    }
}

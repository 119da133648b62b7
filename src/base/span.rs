//! A byte range in one text. Evidence is kept as spans, so that a quote is always a slice of what was read.

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets, `start..end`, both on character boundaries of the text it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Ends")]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just after the last byte.
    pub end: usize,
}

/// A span as it is read, its ends in any order.
#[derive(Deserialize)]
struct Ends {
    start: usize,
    end: usize,
}

impl From<Ends> for Span {
    fn from(ends: Ends) -> Span {
        Span { start: ends.start.min(ends.end), end: ends.start.max(ends.end) }
    }
}

impl Span {
    /// Makes the span `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span ends before it starts: {start}..{end}");
        Span { start, end }
    }

    /// Returns the words of `text` that this span covers; empty if the span is not one of this text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Returns the smallest span that covers both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Tells whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Tells whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Tells whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Returns the sentence of a text around a span, within its line; empty if the span is not one of this text.
pub fn sentence_around(text: &str, span: Span) -> &str {
    let (Some(before), Some(after)) = (text.get(..span.start), text.get(span.end..)) else { return "" };
    let ends = [". ", "! ", "? ", ".\u{201d} ", ".\" ", "\n"];
    let start = ends.iter().filter_map(|end| before.rfind(end).map(|at| at + end.len())).max().unwrap_or(0);
    let stop = ends.iter().filter_map(|end| after.find(end).map(|at| at + end.trim_end().len())).min().unwrap_or(after.len());
    text.get(start..span.end + stop).unwrap_or("").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_shown_in_its_sentence() {
        let text = "First one. Sega said 1,290,755 customers were hit! Then more.\nNext line";
        let around = |quote: &str| {
            let at = text.find(quote).unwrap();
            sentence_around(text, Span::new(at, at + quote.len()))
        };
        assert_eq!(around("1,290,755 customers"), "Sega said 1,290,755 customers were hit!");
        assert_eq!(around("First"), "First one.");
        assert_eq!(around("more"), "Then more.");
        assert_eq!(around("Next line"), "Next line");
        assert_eq!(sentence_around(text, Span::new(5, 4000)), "");
    }
}

//! Sums: of "another 2.5 million people … That brings the total to 145.5 million", the 145.5 million.

use std::ops::Range;

use crate::model::report::Figure;
use crate::rules::Rules;

use super::super::text::Text;
use super::{Count, Reader};

/// Tokens before a number in which a word may say that it is that of all.
const REACH: usize = 6;

/// Tokens from the end of a count to the sentence that adds it up without saying what is counted: little more than the rest of its own.
const MOST_BETWEEN: usize = 40;

/// Returns the sum of which a count is said to be a later part, the first that follows it; None where the count is no such part.
pub fn total_of(part: &Count, counts: &[Count], text: &Text<'_>, rules: &Rules) -> Option<Count> {
    if !is_further(part, text) {
        return None;
    }
    let fits =
        |figure: &Figure| figure.value > part.figure.value && figure.unit.counts_persons() == part.figure.unit.counts_persons();
    let after = counts.iter().filter(|count| count.tokens.start >= part.tokens.end && fits(&count.figure));
    let counted = after.clone().find(|count| says_total(count.tokens.start, count.sentence, text));
    bare(part, text, rules).or_else(|| counted.cloned())
}

/// Finds a sum that is a bare number, of what the part counts.
fn bare(part: &Count, text: &Text<'_>, rules: &Rules) -> Option<Count> {
    let near = part.tokens.end..(part.tokens.end + MOST_BETWEEN).min(text.tokens.len());
    for (number, sentence) in text.sentences.iter().enumerate().skip(part.sentence) {
        if sentence.tokens.start >= near.end {
            break;
        }
        let reader = Reader { text, rules, sentence };
        let mut at = sentence.tokens.start.max(near.start);
        while at < sentence.tokens.end {
            let Some(range) = reader.number_range(at) else {
                at += 1;
                continue;
            };
            at = range.tokens.end;
            let begin = range.tokens.start;
            let said = begin > sentence.tokens.start && matches!(text.small(begin - 1), "to" | "at" | "is" | "now" | ":");
            let plain = !reader.is_money(&range) && reader.stands_alone(&range) && range.value > part.figure.value as f64;
            if said && plain && says_total(begin, number, text) {
                let figure = Figure { value: range.value.round().clamp(0.0, 1e18) as u64, max: None, ..part.figure };
                return Some(Count { sentence: number, tokens: range.tokens, figure, has_noun: false });
            }
        }
    }
    None
}

/// Tells whether a count comes on top of what was counted before: "another 2.5 million people", "1,200 more patients".
fn is_further(count: &Count, text: &Text<'_>) -> bool {
    let Range { start, end } = text.sentences[count.sentence].tokens;
    let before = start.max(count.tokens.start.saturating_sub(2))..count.tokens.end.min(end);
    let after = count.tokens.start + 1..(count.tokens.end + 1).min(end);
    let adds = |at: usize| matches!(text.small(at), "another" | "additional" | "further");
    let more = |at: usize| text.small(at) == "more" && (at + 1 == end || text.small(at + 1) != "than");
    before.into_iter().any(adds) || after.into_iter().any(more)
}

/// Tells whether the number that begins at a token is said to be that of all.
fn says_total(start: usize, sentence: usize, text: &Text<'_>) -> bool {
    let first = text.sentences[sentence].tokens.start.max(start.saturating_sub(REACH));
    (first..start).any(|at| matches!(text.small(at), "total" | "tally" | "toll"))
}

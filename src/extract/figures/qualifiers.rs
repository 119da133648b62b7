//! How a number is meant: "more than", "nearly", "up to".

use crate::model::report::Qualifier;

use super::Reader;
use super::numbers::NumberRange;

impl Reader<'_, '_> {
    /// Reads "more than", "nearly", "up to" before a number: where it begins, and how the number is meant.
    pub(super) fn qualifier(&self, range: &NumberRange) -> (usize, Qualifier) {
        let start = range.tokens.start;
        let after = (self.lower(range.tokens.end), self.lower(range.tokens.end + 1));
        match (after.0, after.1) {
            ("or", "more") | ("plus", _) => return (start, Qualifier::AtLeast),
            ("or", "so") => return (start, Qualifier::About),
            _ if range.plus => return (start, Qualifier::AtLeast),
            _ => {}
        }
        let first = self.sentence.tokens.start;
        let word = |back: usize| start.checked_sub(back).filter(|at| *at >= first).map(|at| self.lower(at)).unwrap_or_default();
        for skip in 0..2 {
            if skip == 1 && !matches!(word(1), "the" | "all" | "an" | "a" | "another" | "additional" | "of") {
                break;
            }
            let (one, two, three) = (word(1 + skip), word(2 + skip), word(3 + skip));
            for (words, qualifier) in QUALIFIERS {
                let matches = match words {
                    [a] => *a == one,
                    [a, b] => *a == two && *b == one,
                    [a, b, c] => *a == three && *b == two && *c == one,
                    _ => false,
                };
                if matches {
                    return (start - words.len() - skip, *qualifier);
                }
            }
        }
        (start, Qualifier::Exact)
    }
}

/// How words before a number say that it is meant; the longer phrases first.
const QUALIFIERS: &[(&[&str], Qualifier)] = &[
    (&["as", "many", "as"], Qualifier::AtMost),
    (&["as", "much", "as"], Qualifier::AtMost),
    (&["no", "more", "than"], Qualifier::AtMost),
    (&["no", "fewer", "than"], Qualifier::AtLeast),
    (&["no", "less", "than"], Qualifier::AtLeast),
    (&["in", "excess", "of"], Qualifier::AtLeast),
    (&["a", "minimum", "of"], Qualifier::AtLeast),
    (&["a", "maximum", "of"], Qualifier::AtMost),
    (&["well", "over"], Qualifier::AtLeast),
    (&["just", "under"], Qualifier::About),
    (&["more", "than"], Qualifier::AtLeast),
    (&["greater", "than"], Qualifier::AtLeast),
    (&["at", "least"], Qualifier::AtLeast),
    (&["upwards", "of"], Qualifier::AtLeast),
    (&["upward", "of"], Qualifier::AtLeast),
    (&["north", "of"], Qualifier::AtLeast),
    (&["up", "to"], Qualifier::AtMost),
    (&["fewer", "than"], Qualifier::AtMost),
    (&["less", "than"], Qualifier::AtMost),
    (&["at", "most"], Qualifier::AtMost),
    (&["close", "to"], Qualifier::About),
    (&["an", "estimated"], Qualifier::About),
    (&["over"], Qualifier::AtLeast),
    (&["exceeding"], Qualifier::AtLeast),
    (&["under"], Qualifier::AtMost),
    (&["nearly"], Qualifier::About),
    (&["almost"], Qualifier::About),
    (&["about"], Qualifier::About),
    (&["around"], Qualifier::About),
    (&["approximately"], Qualifier::About),
    (&["approx"], Qualifier::About),
    (&["roughly"], Qualifier::About),
    (&["some"], Qualifier::About),
    (&["estimated"], Qualifier::About),
    (&["circa"], Qualifier::About),
    (&["~"], Qualifier::About),
    (&["≈"], Qualifier::About),
    (&[">"], Qualifier::AtLeast),
    (&["<"], Qualifier::AtMost),
];

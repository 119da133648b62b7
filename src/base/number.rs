//! Words for small numbers.

/// Returns a whole number from zero to twenty, or one of the tens up to ninety, by its English word in lower case.
pub fn small(word: &str) -> Option<u8> {
    const TO_TWENTY: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    const TENS: [&str; 7] = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |words: &[&str]| words.iter().position(|known| *known == word).and_then(|at| u8::try_from(at).ok());
    at(&TO_TWENTY).or_else(|| at(&TENS).map(|at| (at + 3) * 10))
}

#[cfg(test)]
mod tests {
    use super::small;

    #[test]
    fn words_are_numbers() {
        let cases = [("zero", 0), ("one", 1), ("twenty", 20), ("thirty", 30), ("ninety", 90)];
        for (word, number) in cases {
            assert_eq!(small(word), Some(number), "{word}");
        }
        for word in ["hundred", "One", "", "tens"] {
            assert_eq!(small(word), None, "{word}");
        }
    }
}

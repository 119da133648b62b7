//! Words for small numbers.

/// Returns a whole number from zero to twenty, or one of the tens up to ninety, by its English word in lower case.
pub fn small(word: &str) -> Option<u8> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
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

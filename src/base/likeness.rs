//! How much of one text stands in another: both as sets of short runs of words. For copies that were cut, headed or signed otherwise.

use super::hash::fnv;

/// Words of one run. Shorter ones stand in any two texts on one subject, longer ones are broken by every small edit.
const RUN: usize = 5;
/// Fewer runs than this tell nothing of a text.
const LEAST: usize = 20;
/// Runs by which a text is looked for among others.
const SKETCH: usize = 8;

/// The runs of words of a text, each as a number, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs(Vec<u64>);

impl Runs {
    /// Reads the runs of a text; case and whatever is no letter or digit do not count.
    pub fn of(text: &str) -> Runs {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<u64> = words.map(word_number).collect();
        let mut runs: Vec<u64> = words.windows(RUN).map(|run| run.iter().fold(SEED, |sum, word| mix(sum ^ word))).collect();
        runs.sort_unstable();
        runs.dedup();
        Runs(if runs.len() < LEAST { Vec::new() } else { runs })
    }

    /// Returns the few smallest numbers: texts that share most of their runs share most of these, and others hardly ever two.
    pub fn sketch(&self) -> &[u64] {
        &self.0[..self.0.len().min(SKETCH)]
    }

    /// Returns which part of the shorter text stands in the other, 0 to 1; 0 where one is too short to tell.
    pub fn shared(&self, other: &Runs) -> f64 {
        let (short, long) = if self.0.len() <= other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        if short.is_empty() {
            return 0.0;
        }
        let held = short.iter().filter(|run| long.binary_search(run).is_ok()).count();
        held as f64 / short.len() as f64
    }
}

/// Any fixed number; the numbers are kept, so that it must never change.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns the number of a word: the hash of its characters in lower case.
fn word_number(word: &str) -> u64 {
    if word.is_ascii() {
        return fnv(word.bytes().map(|byte| byte.to_ascii_lowercase()));
    }
    fnv(word.chars().flat_map(char::to_lowercase))
}

/// Spreads a number over all 64 bits (the finaliser of SplitMix64).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("Word{n} and number {} stand here. ", n * 7)).collect()
    }

    #[test]
    fn words_have_the_numbers_that_are_kept() {
        let words = ["sega", "SEGA", "1290755", "société", "SOCIÉTÉ", "İstanbul"];
        let kept = [151_660_413, 151_660_413, 864_613_730, 103_946_766, 103_946_766, 944_172_722];
        assert_eq!(words.map(|word| word_number(word) % 1_000_000_007), kept);
    }

    #[test]
    fn copies_are_alike_and_other_texts_are_not() {
        let whole = Runs::of(&story(0, 100));
        assert!((whole.shared(&Runs::of(&story(0, 100).to_uppercase())) - 1.0).abs() < 1e-9, "case does not count");
        let cut = Runs::of(&format!("By our own reporter. {} More to follow.", story(0, 50)));
        assert!(whole.shared(&cut) > 0.9 && whole.shared(&cut) == cut.shared(&whole));
        assert!(whole.sketch().iter().filter(|run| cut.sketch().contains(run)).count() >= 2, "found by the sketch");
        let other = Runs::of(&story(200, 300));
        assert!(whole.shared(&other) < 0.05);
        assert_eq!(whole.sketch().iter().filter(|run| other.sketch().contains(run)).count(), 0);
        assert_eq!(Runs::of("Too short to tell").shared(&Runs::of("Too short to tell")), 0.0);
    }
}

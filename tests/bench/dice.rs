//! What benches are made of: numbers and words that are the same every time.

#![allow(dead_code, reason = "each bench uses some of it")]

/// A generator of numbers that are the same every time (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    pub fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Returns the word of a number, in syllables.
pub fn word(n: usize) -> String {
    const PARTS: [&str; 24] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qi", "ro", "su", "ta", "ve", "wi", "xo", "yu",
        "za", "bre", "tri", "sto",
    ];
    let mut word = String::new();
    let mut rest = n + 24;
    while rest > 0 {
        word += PARTS[rest % 24];
        rest /= 24;
    }
    word
}

/// Returns a word with a capital letter.
pub fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

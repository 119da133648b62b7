//! The value of a number: "1,290,755", "2.2m", "half a million", "200,000 to 300,000", "9 GB".

use std::ops::Range;

use crate::base::number;
use crate::base::token::Shape;
use crate::rules::lexicon::opener;

use super::Reader;

/// One number, or two that bound a range.
#[derive(Clone, Debug)]
pub(super) struct NumberRange {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The number, or the lower of the two.
    pub value: f64,
    /// The higher one.
    pub max: Option<f64>,
    /// Whether a "+" says that there are more.
    pub plus: bool,
    /// The bytes of one unit where a unit of data is written in the number's last token.
    pub bytes: Option<f64>,
}

/// A number, and what was written with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// Its value, scale words reckoned in.
    pub value: f64,
    /// The product of the scale words: 1,000,000 in "1.3 million".
    scale: f64,
    /// The token after it.
    end: usize,
    plus: bool,
    bytes: Option<f64>,
}

impl Reader<'_, '_> {
    /// Reads "200,000 to 300,000", "between 1 and 2 million", "130-135 million", "1.3 million".
    pub(super) fn number_range(&self, at: usize) -> Option<NumberRange> {
        if let Some(range) = self.dashed(at) {
            return Some(range);
        }
        let first = self.number(at)?;
        let before = if at > self.sentence.tokens.start { self.lower(at - 1) } else { "" };
        let joined = match self.raw(first.end) {
            // "from 5,000 to 8,000" is a change.
            "to" => before != "from",
            "-" | "–" | "—" => true,
            "and" => before == "between",
            _ => false,
        };
        let plus = first.plus || self.raw(first.end) == "+";
        let end = first.end + usize::from(!first.plus && plus);
        let alone = NumberRange { tokens: at..end, value: first.value, max: None, plus, bytes: first.bytes };
        let Some(second) = self.number(first.end + 1).filter(|_| joined && !plus) else { return Some(alone) };
        let scaled = first.scale == 1.0 && first.bytes.is_none() && first.value * second.scale < second.value;
        let value = if scaled { first.value * second.scale } else { first.value };
        if second.value <= value {
            return Some(alone);
        }
        Some(NumberRange { tokens: at..second.end, value, max: Some(second.value), plus: second.plus, bytes: second.bytes })
    }

    /// Reads a range in one word: "130-135 million". Two years and numbers of telephones are none.
    fn dashed(&self, at: usize) -> Option<NumberRange> {
        let token = self.token(at).filter(|token| token.shape == Shape::Number)?;
        let (first, second) = token.raw.split_once('-')?;
        let (low, high) = (digits(first)?, digits(second)?);
        let (scale, end) = self.scales(at + 1);
        let shared = if low.scale == 1.0 { high.scale } else { 1.0 };
        let (value, max) = (low.value * shared * scale, high.value * scale);
        let year = first.len() == 4 && !first.contains([',', '.']);
        let telephone = second.len() == 4 && !second.contains([',', '.']) && first.len() == 3;
        (value < max && !year && !telephone).then_some(NumberRange {
            tokens: at..end,
            value,
            max: Some(max),
            plus: false,
            bytes: high.bytes,
        })
    }

    /// Reads one number and the scale words behind it.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        let token = self.token(at)?;
        let digital = token.raw.starts_with(|c: char| c.is_ascii_digit());
        if !digital && token.word.opens & opener::NUMBER == 0 && !token.raw.as_bytes().contains(&b'-') {
            return None;
        }
        let (written, end) = if digital { (digits(token.raw)?, at + 1) } else { self.number_words(at)? };
        let (mut value, mut end) = match self.grouped(at, end) {
            Some((value, end)) if digital => (value, end),
            _ => (written.value, end),
        };
        let half = self.raw(end) == "and" && self.raw(end + 1) == "a" && self.raw(end + 2) == "half";
        if half && self.scale(end + 3).is_some() {
            value += 0.5;
            end += 3;
        }
        let (scale, end) = self.scales(end);
        let scale = scale * written.scale;
        Some(Number { value: value * scale / written.scale, scale, end, plus: written.plus, bytes: written.bytes })
    }

    /// Reads groups of three digits behind a number that spaces set apart: "143 000", "1 290 755".
    fn grouped(&self, at: usize, end: usize) -> Option<(f64, usize)> {
        let first = self.raw(at);
        if first.len() > 3 || !first.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut value = first.parse::<f64>().ok()?;
        let mut next = end;
        while let Some(group) = self.token(next).filter(|_| next < end + 3) {
            let touches = group.span.start - self.token(next - 1)?.span.end <= 3;
            if group.raw.len() != 3 || !touches || !group.raw.bytes().all(|byte| byte.is_ascii_digit()) {
                break;
            }
            value = value * 1000.0 + group.raw.parse::<f64>().ok()?;
            next += 1;
        }
        // One group that is not "000" may be another number.
        let sure = next > end + 1 || next > end && self.raw(end) == "000";
        (sure && value >= 1000.0).then_some((value, next))
    }

    /// Returns the product of the scale words from a token on, and the token after them.
    fn scales(&self, mut at: usize) -> (f64, usize) {
        let mut product = 1.0;
        for _ in 0..3 {
            let dash = usize::from(self.raw(at) == "-");
            let Some(scale) = self.scale(at + dash) else { break };
            product *= scale;
            at += dash + 1;
        }
        (product, at)
    }

    fn scale(&self, at: usize) -> Option<f64> {
        Some(match self.raw(at) {
            "M" | "m" | "mn" | "mln" => 1e6,
            "B" | "bn" => 1e9,
            "K" | "k" => 1e3,
            _ => match self.lower(at) {
                "hundred" => 1e2,
                "thousand" => 1e3,
                "million" => 1e6,
                "billion" => 1e9,
                "trillion" => 1e12,
                "lakh" | "lakhs" => 1e5,
                "crore" | "crores" => 1e7,
                _ => return None,
            },
        })
    }

    /// Reads "forty-two", "two hundred and fifty", "half a million", "a million", "a terabyte".
    fn number_words(&self, at: usize) -> Option<(Digits, usize)> {
        let word = self.lower(at);
        let plain = |value: f64, end: usize| Some((Digits { value, scale: 1.0, plus: false, bytes: None }, end));
        let scaled = |at: usize| self.scale(at).is_some() || byte_scale(self.lower(at)).is_some();
        let part = match word {
            "half" => 0.5,
            "quarter" => 0.25,
            _ => 0.0,
        };
        if part > 0.0 {
            let next = at + 1 + usize::from(matches!(self.raw(at + 1), "of" | "-"));
            let next = next + usize::from(self.raw(next) == "a");
            return if scaled(next) { plain(part, next) } else { None };
        }
        if let Some(scale) = word.strip_prefix("half-").or_else(|| word.strip_prefix("quarter-")) {
            let part = if word.starts_with("half") { 0.5 } else { 0.25 };
            return if scale == "million" { plain(part * 1e6, at + 1) } else { None };
        }
        if matches!(word, "a" | "one") && scaled(at + 1) {
            return plain(1.0, at + 1);
        }
        let (value, end) = self.below_hundred(at)?;
        if self.lower(end) != "hundred" || value >= 100.0 {
            return plain(value, end);
        }
        let rest = end + 1 + usize::from(self.raw(end + 1) == "and");
        match self.below_hundred(rest) {
            Some((rest, end)) => plain(value * 100.0 + rest, end),
            None => plain(value, end),
        }
    }

    /// Reads "forty", "forty-two" and "forty two".
    fn below_hundred(&self, at: usize) -> Option<(f64, usize)> {
        let word = self.lower(at);
        let value = word.split('-').map(small_number).try_fold(0.0, |sum, part| part.map(|part| sum + part))?;
        let ones = at + 1 + usize::from(self.raw(at + 1) == "-");
        if value >= 20.0
            && value % 10.0 == 0.0
            && let Some(unit) = small_number(self.lower(ones)).filter(|unit| *unit < 10.0)
        {
            return Some((value + unit, ones + 1));
        }
        Some((value, at + 1))
    }
}

/// What a word that begins with digits says.
#[derive(Clone, Copy, Debug)]
struct Digits {
    value: f64,
    scale: f64,
    plus: bool,
    bytes: Option<f64>,
}

/// Reads "1,290,755", "2.2m", "148million", "5.22GB", "5,000-plus"; also the number in "1,000-patient".
fn digits(raw: &str) -> Option<Digits> {
    let end = raw.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(raw.len());
    let (number, ending) = raw.split_at(end);
    let lower = ending.to_lowercase();
    let lower = lower.trim_start_matches('-');
    let value = number.replace(',', "").trim_end_matches('.').parse::<f64>().ok()?;
    let mut read = Digits { value, scale: 1.0, plus: lower == "plus", bytes: byte_scale(lower) };
    read.scale = match lower {
        "" | "plus" => 1.0,
        "k" | "thousand" => 1e3,
        "m" | "mn" | "mln" | "million" => 1e6,
        "b" | "bn" | "billion" => 1e9,
        _ if read.bytes.is_some() => 1.0,
        // What is left may be the noun; a small number with one is a name, as in "23andMe".
        word if value >= 100.0 && word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()) => 1.0,
        _ => return None,
    };
    read.value *= read.scale;
    Some(read)
}

/// Returns the bytes of one unit of data volume. Decimal, as the guidelines reckon: 9 GB is 9,000,000,000.
/// The unit is given in small letters.
pub(super) fn byte_scale(unit: &str) -> Option<f64> {
    Some(match unit {
        "kb" | "kilobyte" | "kilobytes" => 1e3,
        "mb" | "mbs" | "megabyte" | "megabytes" => 1e6,
        "gb" | "gbs" | "gig" | "gigs" | "gigabyte" | "gigabytes" => 1e9,
        "tb" | "tbs" | "terabyte" | "terabytes" => 1e12,
        "pb" | "petabyte" | "petabytes" => 1e15,
        _ => return None,
    })
}

fn small_number(word: &str) -> Option<f64> {
    number::small(word).map(f64::from)
}

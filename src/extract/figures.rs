//! Numbers in words and digits, and what they count: people, records, cards, files, bytes, systems. Money and shares are none.

use std::ops::Range;

use crate::base::token::Shape;
use crate::model::report::{Figure, Qualifier, Unit};
use crate::rules::Rules;
use crate::rules::lexicon::Classes;

use super::text::{Sentence, Text, Token};

/// A number that counts something.
#[derive(Clone, Debug)]
pub struct Count {
    /// Its sentence, by number.
    pub sentence: usize,
    /// The tokens from the qualifier to the noun, by number in the text.
    pub tokens: Range<usize>,
    /// The number.
    pub figure: Figure,
    /// Whether a noun says what is counted; otherwise `unit` is only a guess.
    pub has_noun: bool,
}

/// Finds the counts of a text, in order.
pub fn find(text: &Text<'_>, rules: &Rules) -> Vec<Count> {
    let mut counts = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate() {
        let reader = Reader { text, rules, sentence };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let Some(range) = reader.number_range(at) else {
                at += 1;
                continue;
            };
            at = range.tokens.end;
            if let Some(count) = reader.count(number, &range) {
                at = at.max(count.tokens.end.min(at + 1));
                counts.push(count);
            }
        }
    }
    counts
}

/// One number, or two that bound a range.
struct NumberRange {
    tokens: Range<usize>,
    value: f64,
    max: Option<f64>,
    plus: bool,
}

struct Reader<'r, 't> {
    text: &'r Text<'t>,
    rules: &'r Rules,
    sentence: &'r Sentence,
}

impl Reader<'_, '_> {
    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.sentence.tokens.contains(&at).then(|| &self.text.tokens[at])
    }

    fn raw(&self, at: usize) -> &str {
        self.token(at).map_or("", |token| token.raw)
    }

    fn lower(&self, at: usize) -> String {
        self.raw(at).to_lowercase()
    }

    fn is(&self, at: usize, class: Classes) -> bool {
        self.token(at).is_some_and(|token| token.word.classes & class != 0)
    }

    /// Reads "200,000 to 300,000", "between 1 and 2 million", "1.3 million".
    fn number_range(&self, at: usize) -> Option<NumberRange> {
        let (first, end) = self.number(at)?;
        let joined = match self.lower(end).as_str() {
            "to" | "-" | "–" => true,
            "and" => at > 0 && self.lower(at.wrapping_sub(1)) == "between",
            _ => false,
        };
        let plus = self.raw(end) == "+";
        if !joined || self.is_money(at, end + 1) {
            return Some(NumberRange { tokens: at..end + usize::from(plus), value: first, max: None, plus });
        }
        let Some((second, last)) = self.number(end + 1) else {
            return Some(NumberRange { tokens: at..end, value: first, max: None, plus });
        };
        let scale = if first < 1000.0 && second >= 1000.0 { scale_of(second) } else { 1.0 };
        let value = first * scale;
        let max = (second > value).then_some(second);
        Some(NumberRange { tokens: at..last, value, max, plus })
    }

    /// Reads one number and the scale words behind it: its value and the token after it.
    fn number(&self, at: usize) -> Option<(f64, usize)> {
        let token = self.token(at)?;
        let (mut value, mut end) = match token.shape {
            Shape::Number => (digits(token.raw)?, at + 1),
            _ => self.number_words(at)?,
        };
        while let Some(scale) = self.scale(end) {
            value *= scale;
            end += 1;
        }
        Some((value, end))
    }

    fn scale(&self, at: usize) -> Option<f64> {
        Some(match self.raw(at) {
            "M" | "m" | "mn" | "mln" => 1e6,
            "B" | "bn" => 1e9,
            "K" | "k" => 1e3,
            _ => match self.lower(at).as_str() {
                "hundred" => 1e2,
                "thousand" => 1e3,
                "million" => 1e6,
                "billion" => 1e9,
                "trillion" => 1e12,
                "lakh" => 1e5,
                "crore" => 1e7,
                _ => return None,
            },
        })
    }

    /// Reads "forty-two", "two hundred", "half a million", "a million".
    fn number_words(&self, at: usize) -> Option<(f64, usize)> {
        let word = self.lower(at);
        if word == "half" && matches!(self.lower(at + 1).as_str(), "a" | "of") && self.scale(at + 2).is_some() {
            return Some((0.5, at + 2));
        }
        if matches!(word.as_str(), "a" | "one") && self.scale(at + 1).is_some() {
            return Some((1.0, at + 1));
        }
        let value = word.split('-').map(small_number).try_fold(0.0, |sum, part| part.map(|part| sum + part))?;
        let dash = self.raw(at + 1) == "-";
        if value >= 20.0
            && dash
            && let Some(unit) = small_number(&self.lower(at + 2)).filter(|unit| *unit < 10.0)
        {
            return Some((value + unit, at + 3));
        }
        Some((value, at + 1))
    }

    fn is_money(&self, start: usize, end: usize) -> bool {
        let before = self.sentence.tokens.start < start && {
            let sign = self.raw(start - 1);
            matches!(sign, "$" | "€" | "£" | "¥" | "₹")
                || sign.ends_with(['$', '£', '€'])
                || matches!(sign, "USD" | "EUR" | "GBP" | "Rs")
        };
        let after = self.raw(end);
        before
            || matches!(after, "%" | "$" | "€" | "USD" | "BTC" | "ETH" | "XMR")
            || self.is(end, self.rules.class.money)
            || self.is(end, self.rules.class.share_word)
            || (end..end + 3).any(|at| self.is(at, self.rules.class.money))
    }

    fn count(&self, number: usize, range: &NumberRange) -> Option<Count> {
        if range.value < 1.0 || self.is_money(range.tokens.start, range.tokens.end) || self.is_other(range) {
            return None;
        }
        let noun = self.noun(range.tokens.end);
        let (start, qualifier) = self.qualifier(range);
        let (unit, scale, end) = match noun {
            Some(noun) => noun,
            None if self.affected_before(start) => (Unit::People, 1.0, range.tokens.end),
            None => return None,
        };
        let whole = |value: f64| (value * scale).round().clamp(0.0, 1e18) as u64;
        let figure = Figure { value: whole(range.value), max: range.max.map(whole), unit, qualifier };
        if figure.value < 2 {
            return None;
        }
        Some(Count { sentence: number, tokens: start..end, figure, has_noun: noun.is_some() })
    }

    /// Tells whether a number is a year, a time, an ordinal or part of a name rather than a count.
    fn is_other(&self, range: &NumberRange) -> bool {
        let raw = self.raw(range.tokens.start);
        let year = raw.len() == 4 && range.tokens.len() == 1 && (1900.0..2100.0).contains(&range.value);
        let ordinal = raw.ends_with("st") || raw.ends_with("nd") || raw.ends_with("rd") || raw.ends_with("th");
        let sign = range.tokens.start.checked_sub(1).map_or("", |at| self.raw(at));
        year || ordinal || raw.contains([':', '/']) || matches!(sign, "#" | "version" | "v" | "Windows" | "section" | "CVE")
    }

    /// Tells whether the words before say that people were hit, so that a bare number counts them: "affecting 36,000".
    fn affected_before(&self, start: usize) -> bool {
        let before = start.saturating_sub(1);
        start > self.sentence.tokens.start && self.is(before, self.rules.class.affect)
    }

    /// Reads the noun that says what is counted: its unit, what one of it is worth, and the token after it.
    fn noun(&self, from: usize) -> Option<(Unit, f64, usize)> {
        let mut found: Option<(Unit, f64, usize)> = None;
        let mut gap = 0;
        for at in from..(from + 9).min(self.sentence.tokens.end) {
            let token = &self.text.tokens[at];
            if let Some(scale) = byte_scale(token.raw).filter(|_| at == from) {
                return Some((Unit::Bytes, scale, at + 1));
            }
            let unit = self.unit(token);
            match unit {
                Some(unit) => {
                    found = Some((better(found.map(|(unit, ..)| unit), unit), 1.0, at + 1));
                    gap = 0;
                }
                None if found.is_some() => break,
                None if self.passes(at, from) && gap < 6 => gap += 1,
                None => break,
            }
        }
        found
    }

    /// Tells whether a token may stand between the number and its noun.
    fn passes(&self, at: usize, from: usize) -> bool {
        let class = &self.rules.class;
        let token = &self.text.tokens[at];
        if token.shape == Shape::Mark {
            return matches!(token.raw, "-" | "'s" | "’s" | "/") || token.raw == "," && at > from;
        }
        let lower = token.raw.to_lowercase();
        if matches!(
            lower.as_str(),
            "of" | "the" | "its" | "their" | "his" | "our" | "and" | "or" | "or more" | "more" | "other" | "'s"
        ) {
            return true;
        }
        token.word.classes & (class.prep | class.conj | class.be | class.have | class.modal | class.pronoun | class.say) == 0
            && token.shape != Shape::Number
    }

    fn unit(&self, token: &Token<'_>) -> Option<Unit> {
        let class = &self.rules.class;
        let classes = token.word.classes;
        if classes & class.card != 0 {
            Some(Unit::Cards)
        } else if classes & class.people != 0 {
            Some(Unit::People)
        } else if classes & class.file_thing != 0 {
            Some(Unit::Files)
        } else if classes & class.record_thing != 0 {
            Some(Unit::Records)
        } else if classes & class.system_thing != 0 {
            Some(Unit::Systems)
        } else {
            None
        }
    }

    /// Reads "more than", "nearly", "up to" before a number: where it begins, and how the number is meant.
    fn qualifier(&self, range: &NumberRange) -> (usize, Qualifier) {
        let start = range.tokens.start;
        if range.plus || self.lower(range.tokens.end) == "or" && self.lower(range.tokens.end + 1) == "more" {
            return (start, Qualifier::AtLeast);
        }
        let first = self.sentence.tokens.start;
        let word = |back: usize| start.checked_sub(back).filter(|at| *at >= first).map(|at| self.lower(at)).unwrap_or_default();
        for skip in 0..2 {
            if skip == 1 && !matches!(word(1).as_str(), "the" | "all" | "an" | "a" | "another" | "additional" | "of") {
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
    (&["well", "over"], Qualifier::AtLeast),
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
];

/// Of two nouns in one phrase, the one that says what is counted: cards win, a later noun replaces an earlier one.
fn better(found: Option<Unit>, unit: Unit) -> Unit {
    match (found, unit) {
        (Some(Unit::Cards), _) | (_, Unit::Cards) => Unit::Cards,
        (Some(Unit::People), Unit::Systems) => Unit::People,
        (_, unit) => unit,
    }
}

fn digits(raw: &str) -> Option<f64> {
    let lower = raw.to_lowercase();
    let end = lower.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(lower.len());
    let (number, ending) = lower.split_at(end);
    let scale = match ending {
        "" => 1.0,
        "k" => 1e3,
        "m" | "mn" => 1e6,
        "b" | "bn" => 1e9,
        _ => return byte_scale(ending).and_then(|_| number.replace(',', "").parse::<f64>().ok()),
    };
    number.replace(',', "").trim_end_matches('.').parse::<f64>().ok().map(|value| value * scale)
}

/// Returns the bytes of one unit of data volume. Decimal, as the guidelines reckon: 9 GB is 9,000,000,000.
fn byte_scale(raw: &str) -> Option<f64> {
    let lower = raw.to_lowercase();
    let ending = lower.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    Some(match ending {
        "kb" | "kilobyte" | "kilobytes" => 1e3,
        "mb" | "megabyte" | "megabytes" | "mbs" => 1e6,
        "gb" | "gbs" | "gigabyte" | "gigabytes" | "gigs" => 1e9,
        "tb" | "tbs" | "terabyte" | "terabytes" => 1e12,
        "pb" | "petabyte" | "petabytes" => 1e15,
        _ => return None,
    })
}

fn scale_of(value: f64) -> f64 {
    [1e12, 1e9, 1e6, 1e3].into_iter().find(|scale| value >= *scale).unwrap_or(1.0)
}

fn small_number(word: &str) -> Option<f64> {
    const WORDS: [&str; 28] = [
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
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ];
    let at = WORDS.iter().position(|known| *known == word)?;
    Some(if at <= 20 { at as f64 } else { ((at - 18) * 10) as f64 })
}

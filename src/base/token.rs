//! A line becomes words, numbers and marks. Knows letters and digits, not what any word means.

use crate::base::span::Span;

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Small letters only.
    Lower,
    /// A capital first, then small letters.
    Capital,
    /// Capitals only, two or more letters.
    Upper,
    /// Capitals and small letters or digits in any other order: "iPhone", "23andMe", "T-Mobile".
    Mixed,
    /// Begins with a digit and holds no letter but an ending: "1,290,755", "3.5", "19th", "2011".
    Number,
    /// Anything else: marks, symbols.
    Mark,
}

/// Calls `found` for each token of a line, in order, with its place in the line and how it is written.
pub fn tokens<'t>(line: &'t str, mut found: impl FnMut(&'t str, Span, Shape)) {
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let length = if c.is_alphanumeric() { word_length(&line[at..]) } else { mark_length(&line[at..], at > 0) };
        let raw = &line[at..at + length];
        found(raw, Span::new(at, at + length), if c.is_alphanumeric() { shape(raw) } else { Shape::Mark });
        at += length;
    }
}

/// Writes the lower-case form of a token into `lower`: quotes and dashes are made plain ones.
pub fn fold_token(raw: &str, lower: &mut String) {
    lower.clear();
    for c in raw.chars() {
        match c {
            '’' | '‘' => lower.push('\''),
            '“' | '”' => lower.push('"'),
            '–' | '—' | '‑' => lower.push('-'),
            c if c.is_ascii() => lower.push(c.to_ascii_lowercase()),
            c => lower.extend(c.to_lowercase()),
        }
    }
}

/// Returns the length in bytes of the word that a text begins with.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut last = ' ';
    for (start, c) in text.char_indices() {
        if start < at {
            continue;
        }
        let next = text[start + c.len_utf8()..].chars().next().unwrap_or(' ');
        let joins = match c {
            c if c.is_alphanumeric() => true,
            '-' | '_' | '@' | '&' | '‑' => next.is_alphanumeric(),
            '\'' | '’' => next.is_alphanumeric() && !is_possessive(&text[start..]),
            '.' if dotted_letter(bytes, start) => true,
            '.' => next.is_alphanumeric() && !(last.is_lowercase() && next.is_uppercase()),
            ',' => last.is_ascii_digit() && three_digits(&bytes[start + 1..]),
            '/' | ':' => last.is_ascii_digit() && next.is_ascii_digit(),
            '$' => last.is_alphabetic() && !next.is_alphanumeric(),
            _ => is_combining(c),
        };
        if !joins {
            return start;
        }
        at = start + c.len_utf8();
        last = c;
    }
    text.len()
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0f}')
}

/// Tells whether the full stop at `at` belongs to an abbreviation by letters: "U.S." but not "the end."
fn dotted_letter(bytes: &[u8], at: usize) -> bool {
    at >= 3
        && bytes[at - 1].is_ascii_alphabetic()
        && bytes[at - 2] == b'.'
        && bytes[at - 3].is_ascii_alphabetic()
        && (at == 3 || !bytes[at - 4].is_ascii_alphanumeric())
}

fn three_digits(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes[..3].iter().all(u8::is_ascii_digit) && !bytes.get(3).is_some_and(u8::is_ascii_digit)
}

/// Tells whether a text begins with `'s` and nothing more of a word.
fn is_possessive(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    matches!(chars.next(), Some('s' | 'S')) && !chars.next().is_some_and(char::is_alphanumeric)
}

fn mark_length(text: &str, inside: bool) -> usize {
    let first = text.chars().next().map_or(1, char::len_utf8);
    if inside && text.starts_with(['\'', '’']) && is_possessive(text) { first + 1 } else { first }
}

fn shape(raw: &str) -> Shape {
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
    if raw.starts_with(|c: char| c.is_numeric()) {
        let ending = raw.trim_start_matches(|c: char| c.is_numeric() || matches!(c, ',' | '.' | ':' | '/' | '-'));
        let plain = matches!(
            ending.to_ascii_lowercase().as_str(),
            "" | "st"
                | "nd"
                | "rd"
                | "th"
                | "k"
                | "m"
                | "mn"
                | "b"
                | "bn"
                | "s"
                | "million"
                | "billion"
                | "thousand"
                | "gb"
                | "tb"
                | "mb"
                | "kb"
                | "pb"
                | "am"
                | "pm"
        );
        return if plain { Shape::Number } else { Shape::Mixed };
    }
    let Some(first) = letters.next() else { return Shape::Mark };
    let (mut upper, mut lower) = (0, 0);
    for c in letters {
        if c.is_uppercase() { upper += 1 } else { lower += 1 }
    }
    match (first.is_uppercase(), upper, lower) {
        (false, 0, _) => Shape::Lower,
        (true, 0, _) => Shape::Capital,
        (true, _, 0) => Shape::Upper,
        _ => Shape::Mixed,
    }
}

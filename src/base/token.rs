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

/// Adds a text in small letters, byte for byte in the same places: a letter whose small form takes another number of bytes stays.
pub fn push_small(text: &str, small: &mut String) {
    let start = small.len();
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let Some(c) = rest[at..].chars().next() else { break };
        small.push_str(&rest[..at]);
        let mut forms = c.to_lowercase();
        let form = forms.next().filter(|form| forms.len() == 0 && form.len_utf8() == c.len_utf8());
        small.push(form.unwrap_or(c));
        rest = &rest[at + c.len_utf8()..];
    }
    small.push_str(rest);
    if let Some(added) = small.get_mut(start..) {
        added.make_ascii_lowercase();
    }
}

/// Returns the length in bytes of the word that a text begins with.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    // Most words are plain letters up to a space or comma.
    let mut at = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if bytes.get(at).is_none_or(|next| next.is_ascii() && !JOINTS.contains(next)) && at > 0 {
        return at;
    }
    let mut last = text[..at].chars().next_back().unwrap_or(' ');
    while let Some(c) = text[at..].chars().next() {
        let after = at + c.len_utf8();
        let next = text[after..].chars().next().unwrap_or(' ');
        let joins = match c {
            c if c.is_alphanumeric() => true,
            '-' | '_' | '@' | '&' | '‑' => next.is_alphanumeric(),
            '\'' | '’' => next.is_alphanumeric() && !is_possessive(&text[at..]),
            '.' if dotted_letter(bytes, at) => true,
            '.' => next.is_alphanumeric() && !(last.is_lowercase() && next.is_uppercase()),
            ',' => last.is_ascii_digit() && three_digits(&bytes[after..]),
            '/' | ':' => last.is_ascii_digit() && next.is_ascii_digit(),
            '$' => last.is_alphabetic() && !next.is_alphanumeric(),
            _ => is_combining(c),
        };
        if !joins {
            return at;
        }
        (at, last) = (after, c);
    }
    text.len()
}

/// The marks that may be part of a word.
const JOINTS: &[u8] = b"-_@&'.,/:$";

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

/// What may stand behind the digits of a number.
const ENDINGS: [&str; 21] = [
    "", "st", "nd", "rd", "th", "k", "m", "mn", "b", "bn", "s", "million", "billion", "thousand", "gb", "tb", "mb", "kb", "pb",
    "am", "pm",
];

/// Tells how a token is written.
pub fn shape(raw: &str) -> Shape {
    // Nearly all words are one of these two; the rest takes all letters into account.
    match raw.as_bytes() {
        [first, rest @ ..] if rest.iter().all(u8::is_ascii_lowercase) => match first {
            b'a'..=b'z' => return Shape::Lower,
            b'A'..=b'Z' => return Shape::Capital,
            _ => {}
        },
        _ => {}
    }
    if raw.starts_with(|c: char| c.is_numeric()) {
        let ending = raw.trim_start_matches(|c: char| c.is_numeric() || matches!(c, ',' | '.' | ':' | '/' | '-'));
        let plain = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
        return if plain { Shape::Number } else { Shape::Mixed };
    }
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
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

#[cfg(test)]
mod tests {
    use super::push_small;

    #[test]
    fn small_letters_stand_in_the_same_places() {
        // The Kelvin sign and the dotted capital I have small forms of another length.
        let cases = [
            ("Sony's PSN", "sony's psn"),
            ("ÉCOLE “Ørsted”", "école “ørsted”"),
            ("300 \u{212a} in İzmir", "300 \u{212a} in İzmir"),
            ("", ""),
        ];
        for (text, expected) in cases {
            let mut small = String::from("before ");
            push_small(text, &mut small);
            assert_eq!(small, format!("before {expected}"), "{text}");
            assert_eq!(small.len(), "before ".len() + text.len(), "{text}");
        }
    }
}

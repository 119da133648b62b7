//! Character references (`&amp;`, `&#8217;`, `&#x2019;`) in text and attribute values, read as browsers read them.

use std::borrow::Cow;

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name of a character reference, with its semicolon.
const LONGEST_NAME: usize = 33;

/// Returns the text with its character references decoded once.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    decode_into(text, &mut out);
    Cow::Owned(out)
}

/// Appends the text with its character references decoded once.
pub(super) fn decode_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        let used = if reference.starts_with('#') { number(reference, out) } else { name(reference, out) };
        if used == 0 {
            out.push('&');
        }
        rest = &reference[used..];
    }
    out.push_str(rest);
}

/// Reads `#39;` or `#x27;` (the semicolon may be missing); returns the bytes used, 0 if it is no reference.
fn number(reference: &str, out: &mut String) -> usize {
    let bytes = reference.as_bytes();
    let (from, radix) = if matches!(bytes.get(1), Some(b'x' | b'X')) { (2, 16) } else { (1, 10) };
    let digits = bytes[from..].iter().take_while(|byte| char::from(**byte).is_digit(radix)).count();
    if digits == 0 {
        return 0;
    }
    let value = u32::from_str_radix(&reference[from..from + digits], radix).unwrap_or(u32::MAX);
    out.push(character(value));
    let end = from + digits;
    if bytes.get(end) == Some(&b';') { end + 1 } else { end }
}

/// Returns the character that a number stands for: windows-1252 in the C1 range, U+FFFD for what is no character.
fn character(value: u32) -> char {
    match value {
        0 => '\u{fffd}',
        0x80..=0x9f => C1_REPLACEMENTS[(value - 0x80) as usize].or(char::from_u32(value)).unwrap_or('\u{fffd}'),
        _ => char::from_u32(value).unwrap_or('\u{fffd}'),
    }
}

/// Reads `amp;`, or the longest name known without a semicolon; returns the bytes used, 0 if there is none.
fn name(reference: &str, out: &mut String) -> usize {
    let bytes = reference.as_bytes();
    let length = bytes.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let whole = if bytes.get(length) == Some(&b';') { length + 1 } else { length };
    for end in (2..=whole).rev() {
        if let Some(&(first, second)) = NAMED_ENTITIES.get(&reference[..end])
            && first != 0
        {
            out.extend([first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32));
            return end;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references_are_decoded_once() {
        let cases = [
            ("AT&T", "AT&T"),
            ("AT&amp;T &amp;amp;", "AT&T &amp;"),
            ("&ldquo;x&rdquo; &#8217;&#x2019;&#146;", "“x” ’’’"),
            ("caf&eacute &notit; &nosuch; &", "café ¬it; &nosuch; &"),
            ("&#0;&#xD800;&#99999999999;&#;&#x;", "\u{fffd}\u{fffd}\u{fffd}&#;&#x;"),
        ];
        for (text, expected) in cases {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}

//! Character references (`&amp;`, `&#8217;`, `&#x2019;`) in text and attribute values, read as browsers read them.

use std::borrow::Cow;

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name of a character reference, with its semicolon.
const LONGEST_NAME: usize = 33;

/// Returns the text with its character references decoded once, those without a semicolon too where HTML knows them so.
pub fn decode(text: &str) -> Cow<'_, str> {
    decode_with(text, name)
}

/// Like [`decode`], but a name counts only with its semicolon, so that the bare `&copy=1` of an address stays what it is.
pub fn decode_strict(text: &str) -> Cow<'_, str> {
    decode_with(text, |reference, out| match reference.bytes().take(LONGEST_NAME).position(|byte| byte == b';') {
        Some(end) => exact_name(&reference[..=end], out),
        None => 0,
    })
}

/// Tells whether HTML knows a reference of this name, written without `&` and `;`.
pub fn is_known(name: &str) -> bool {
    NAMED_ENTITIES.get(&*format!("{name};")).is_some_and(|(first, _)| *first != 0)
}

/// Appends the text with its character references decoded once, as [`decode`] does.
pub fn decode_into(text: &str, out: &mut String) {
    decode_all(text, out, name);
}

fn decode_with(text: &str, name: impl Fn(&str, &mut String) -> usize) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    decode_all(text, &mut out, name);
    Cow::Owned(out)
}

fn decode_all(text: &str, out: &mut String, name: impl Fn(&str, &mut String) -> usize) {
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
pub fn character(value: u32) -> char {
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
    (2..=whole).rev().find(|end| exact_name(&reference[..*end], out) != 0).unwrap_or(0)
}

fn exact_name(name: &str, out: &mut String) -> usize {
    match NAMED_ENTITIES.get(name) {
        Some(&(first, second)) if first != 0 => {
            out.extend([first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32));
            name.len()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_strict};

    #[test]
    fn references_are_decoded_once() {
        let cases = [
            ("AT&T", "AT&T", "AT&T"),
            ("AT&amp;T &amp;amp;", "AT&T &amp;", "AT&T &amp;"),
            ("&ldquo;x&rdquo; &#8217;&#x2019;&#146;", "“x” ’’’", "“x” ’’’"),
            ("caf&eacute &notit; &nosuch; &", "café ¬it; &nosuch; &", "caf&eacute &notit; &nosuch; &"),
            ("?a=1&copy=2;", "?a=1©=2;", "?a=1&copy=2;"),
            ("&#0;&#xD800;&#99999999999;&#;&#x;", "\u{fffd}\u{fffd}\u{fffd}&#;&#x;", "\u{fffd}\u{fffd}\u{fffd}&#;&#x;"),
        ];
        for (text, as_html, as_xml) in cases {
            assert_eq!(decode(text), as_html, "{text}");
            assert_eq!(decode_strict(text), as_xml, "{text}");
        }
    }
}

//! Text that can do nothing to a terminal, a log line or an export: no control, escape or direction-changing characters.

use std::borrow::Cow;

/// Tells whether a character may change what a terminal does, the direction of text, or hide itself.
///
/// C0 (but tab and line feed), DEL, C1; bidirectional marks, embeddings, overrides and isolates (CVE-2021-42574); zero-width
/// characters but the joiners that scripts and emoji need; line and paragraph separators; tag and interlinear characters; U+FEFF.
pub fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text without unsafe characters; a carriage return becomes a line feed where none follows it.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() != Some(&'\n') => out.push('\n'),
            '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if is_unsafe(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Returns the text as one clean line: every run of white space is a single space, none at the ends, at most `most` characters.
///
/// A longer text is cut and ends in `…`.
pub fn line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word = clean(word);
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
            length += 1;
        }
        for c in word.chars() {
            if length >= most {
                out.pop();
                out.push('…');
                return out;
            }
            out.push(c);
            length += 1;
        }
    }
    out
}

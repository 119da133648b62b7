//! Names folded for comparing: case, accents, quotes, dashes and punctuation make no difference.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns the text in lower case, without accents, its words (letters and digits) joined by single spaces.
///
/// Two names with the same folded form are written the same for every purpose of ours: "Société Générale", "SOCIETE-GENERALE".
/// Scripts without case or accents stay as they are. Homoglyphs are *not* folded: a Cyrillic "а" is another letter.
pub fn fold(text: &str) -> String {
    // Nothing in ASCII is taken apart, and most names are no more than that.
    if text.is_ascii() { joined(text.chars(), text.len()) } else { joined(text.nfkd(), text.len()) }
}

/// Joins the words of a text whose accents stand by themselves.
fn joined(text: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    let mut gap = false;
    for c in text.filter(|c| !matches!(c, '\'' | '’' | '‘' | '`') && (c.is_ascii() || !is_combining_mark(*c))) {
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        if c.is_ascii() { folded.push(c.to_ascii_lowercase()) } else { folded.extend(c.to_lowercase()) }
    }
    folded
}

/// Returns the folded text with dashes for spaces, for use in identifiers: `bank-of-america`.
pub fn slug(text: &str) -> String {
    fold(text).replace(' ', "-")
}

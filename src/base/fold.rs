//! Names folded for comparing: case, accents, quotes, dashes and punctuation make no difference.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns the text in lower case, without accents, its words (letters and digits) joined by single spaces.
///
/// Two names with the same folded form are written the same for every purpose of ours: "Société Générale", "SOCIETE-GENERALE".
/// Scripts without case or accents stay as they are. Homoglyphs are *not* folded: a Cyrillic "а" is another letter.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd() {
        if is_combining_mark(c) || matches!(c, '\'' | '’' | '‘' | '`') {
            continue;
        }
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    folded
}

/// Returns the folded text with dashes for spaces, for use in identifiers: `bank-of-america`.
pub fn slug(text: &str) -> String {
    fold(text).replace(' ', "-")
}

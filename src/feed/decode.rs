//! Bytes to text: the byte order mark, then the HTTP header, then the XML declaration, then a guess.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Collector;
use crate::base::{entity, safe};

/// How many bytes a guess looks at.
const GUESSED_FROM: usize = 256 * 1024;

/// Returns the text of a document. What cannot be decoded becomes U+FFFD and is said.
///
/// Control characters of the C1 range are what windows-1252 has in their places, as in browsers: nobody writes the others.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>, found: &mut Collector) -> Cow<'b, str> {
    let text = decode_as_said(bytes, content_type, found);
    if text.contains(is_c1) { Cow::Owned(without_c1(&text).into_owned()) } else { text }
}

/// Replaces control characters of the C1 range by what windows-1252 has in their places.
pub(super) fn without_c1(text: &str) -> Cow<'_, str> {
    match text.contains(is_c1) {
        true => Cow::Owned(text.chars().map(|c| if is_c1(c) { entity::character(c.into()) } else { c }).collect()),
        false => Cow::Borrowed(text),
    }
}

fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

fn decode_as_said<'b>(bytes: &'b [u8], content_type: Option<&str>, found: &mut Collector) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return finish(encoding, &bytes[length..], found);
    }
    if let Some(encoding) = utf16_by_pattern(bytes) {
        return finish(encoding, bytes, found);
    }
    let label = content_type.and_then(charset_of_header).or_else(|| declared(bytes));
    let said = label.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    if let (Some(label), None) = (&label, said) {
        found.fault("the encoding", format!("{} is not known", safe::line(label, 40)));
    }
    // Bytes that are UTF-8 though something else was said are UTF-8: by chance that does not come about. Only an encoding in which
    // all bytes are ASCII, or two make one character, can be mistaken for it.
    let is_utf8 = std::str::from_utf8(bytes);
    match said {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => finish(encoding, bytes, found),
        Some(encoding) if !encoding.is_ascii_compatible() => finish(encoding, bytes, found),
        Some(encoding) if encoding != UTF_8 && is_utf8.is_err() => finish(encoding, bytes, found),
        _ => match is_utf8 {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if mostly_utf8(bytes) => finish(UTF_8, bytes, found),
            Err(_) => guess(bytes, found),
        },
    }
}

fn finish<'b>(encoding: &'static Encoding, bytes: &'b [u8], found: &mut Collector) -> Cow<'b, str> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        found.fault("the encoding", format!("is said to be {}, but holds bytes that are not", encoding.name()));
    }
    text
}

fn guess<'b>(bytes: &'b [u8], found: &mut Collector) -> Cow<'b, str> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED_FROM)], true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    found.fault("the encoding", format!("is not said truly; it was read as {}", encoding.name()));
    encoding.decode_without_bom_handling(bytes).0
}

/// Tells UTF-16 without a mark by its first two characters, `<?` or `<` and a letter.
fn utf16_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads the character set of a Content-Type header.
fn charset_of_header(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let rest = lower.split("charset").nth(1)?.trim_start().strip_prefix('=')?;
    let label = rest.trim_start_matches(['"', '\'', ' ']).split(['"', '\'', ';', ' ', ',']).next()?;
    (!label.is_empty()).then(|| label.to_owned())
}

/// Reads the encoding of an XML declaration, or of a `<meta>` element near the start.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let xml = start.find("<?xml").and_then(|at| start[at..].split("?>").next());
    let rest = match xml.and_then(|declaration| declaration.split("encoding").nth(1)) {
        Some(rest) => rest,
        None => start.split("<meta").skip(1).find_map(|meta| meta.split('>').next()?.split("charset").nth(1))?,
    };
    let label = rest.trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
    let label = label.split(['"', '\'', ' ', '?', ';', '/', '>']).next()?;
    (!label.is_empty()).then(|| label.to_owned())
}

/// Tells whether the bytes are UTF-8 but for a few: of what is not ASCII, at least nine in ten bytes.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    good >= bad * 9
}

//! Bytes to text: the byte order mark, then the HTTP header, then what the page says of itself, then a guess.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr2;
use unicode_normalization::UnicodeNormalization;

/// How far into a page its declaration of a character set is looked for, in bytes.
const PRESCAN: usize = 4096;

/// How many bytes a guess looks at.
const GUESSED_FROM: usize = 256 * 1024;

/// Returns the text of a page. What cannot be decoded becomes U+FFFD; nothing fails.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    let declared =
        content_type.and_then(charset_of_header).or_else(|| declared_in_page(bytes)).or_else(|| utf16_by_pattern(bytes));
    if let Some(encoding) = declared {
        // A page said to be Latin-1 whose bytes happen to be UTF-8 is UTF-8: by chance that does not come about.
        if encoding == WINDOWS_1252
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Cow::Borrowed(text);
        }
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken || encoding != UTF_8 {
            return text;
        }
        return if mostly_utf8(bytes) { text } else { guess(bytes).decode_without_bom_handling(bytes).0 };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if mostly_utf8(bytes) => String::from_utf8_lossy(bytes),
        Err(_) => guess(bytes).decode_without_bom_handling(bytes).0,
    }
}

/// Returns a text with each letter and its accent as one character, as people type and search it; some programs write them apart.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    let has_accents =
        memchr2(0xcc, 0xcd, text.as_bytes()).is_some() && text.contains(|c: char| ('\u{300}'..='\u{36f}').contains(&c));
    if has_accents { Cow::Owned(text.nfc().collect()) } else { Cow::Borrowed(text) }
}

/// Reads the character set of a Content-Type header.
fn charset_of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")?;
    let label = lower[at + 8..].trim_start_matches(['"', '\'', ' ']);
    let label = label.split(['"', '\'', ';', ' ', ',']).next()?;
    Encoding::for_label(label.as_bytes())
}

/// Looks for `<?xml encoding=…>`, `<meta charset=…>` or `<meta http-equiv content="…; charset=…">` at the start of the page.
///
/// A page that was found to be ASCII-compatible cannot be UTF-16, whatever it says: then it is UTF-8, as in browsers.
fn declared_in_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let xml =
        start.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()).and_then(|rest| label_after(rest, "encoding="));
    let found = xml.or_else(|| {
        let metas = start.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
        metas.filter_map(|meta| label_after(meta, "charset=")).next()
    })?;
    if found == UTF_16LE || found == UTF_16BE { Some(UTF_8) } else { Some(found) }
}

fn label_after(text: &str, key: &str) -> Option<&'static Encoding> {
    let label = text[text.find(key)? + key.len()..].trim_start_matches(['"', '\'', ' ']);
    let label = label.split(['"', '\'', ';', ' ', '/']).next()?;
    Encoding::for_label(label.as_bytes())
}

/// Tells whether the bytes are UTF-16, by their mark or by their pattern.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || utf16_by_pattern(bytes).is_some()
}

/// Recognises UTF-16 without a byte order mark: by `<` and another ASCII character as its first two characters, or by the zeros of a
/// text that is mostly ASCII.
fn utf16_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [b'<', 0, second, 0] if *second != 0 => return Some(UTF_16LE),
        [0, b'<', 0, second] if *second != 0 => return Some(UTF_16BE),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(512) & !1];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    match () {
        () if half >= 8 && odd * 10 >= half * 9 && even * 20 <= half => Some(UTF_16LE),
        () if half >= 8 && even * 10 >= half * 9 && odd * 20 <= half => Some(UTF_16BE),
        () => None,
    }
}

/// Tells whether the bytes are UTF-8 but for a few: a page in UTF-8 into which something else was pasted or that was cut.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut beyond_ascii) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        beyond_ascii += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    broken * 10 <= beyond_ascii
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let part = &bytes[..bytes.len().min(GUESSED_FROM)];
    detector.feed(part, true);
    let found = detector.guess(None, Utf8Detection::Allow);
    if found == UTF_8 { WINDOWS_1252 } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_certain_source_of_the_character_set_wins() {
        let russian = "<p>Больница подверглась атаке вымогателей, данные пациентов украдены.</p>";
        let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        let utf16 = |bom: bool| -> Vec<u8> {
            let mark = if bom { vec![0xff, 0xfe] } else { Vec::new() };
            mark.into_iter().chain(russian.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        };
        let labelled = [b"<meta charset=\"windows-1251\">", windows.as_ref()].concat();
        let lying = [b"<meta charset=utf-8>", windows.as_ref()].concat();
        let english = "The clinic said on Monday. ".repeat(20) + "Больница подверглась";
        let cases: [(&str, Vec<u8>, Option<&str>); 9] = [
            ("zeros of UTF-16", english.encode_utf16().flat_map(u16::to_be_bytes).collect(), None),
            ("byte order mark", utf16(true), Some("text/html; charset=utf-8")),
            ("pattern of UTF-16", utf16(false), None),
            ("header", windows.to_vec(), Some("text/html; charset=\"windows-1251\"")),
            ("meta", labelled, Some("text/html")),
            ("a header that names nothing known", windows.to_vec(), Some("text/html; charset=klingon")),
            ("guess", windows.to_vec(), None),
            ("a page that lies", lying, None),
            ("UTF-8 unsaid", russian.as_bytes().to_vec(), None),
        ];
        for (what, bytes, header) in cases {
            assert!(decode(&bytes, header).contains("Больница подверглась"), "{what}");
        }
    }

    #[test]
    fn a_stray_byte_does_not_turn_the_page_into_another_character_set() {
        let mut bytes = "Café, naïve, “quoted” – and é again and again: é é é é é é é é".as_bytes().to_vec();
        bytes.push(0xff);
        assert!(decode(&bytes, None).starts_with("Café, naïve, “quoted”"));
    }
}

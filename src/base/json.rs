//! JSON for programs, one value a line, that is harmless also when a person sends it to a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::base::safe::is_unsafe;

/// Writes unsafe characters as `\uXXXX`: the value stays what it is, the terminal sees only ASCII there.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_unsafe) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut after = rest[at..].chars();
            if let Some(found) = after.next() {
                for unit in found.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = after.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// Returns the value as one line of JSON, with its line feed.
pub fn line(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = inline(value);
    bytes.push(b'\n');
    bytes
}

/// Returns the value as JSON on one line, without a line feed.
pub fn inline(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, Harmless));
    debug_assert!(written.is_ok(), "plain data always has a JSON form");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_read_back_whole() {
        let text = "a\u{1b}]0;x\u{7}\u{202e}b\u{9b}\u{e0041}\"é\n😀";
        let line = String::from_utf8(line(&text)).unwrap();
        assert_eq!(line, "\"a\\u001b]0;x\\u0007\\u202eb\\u009b\\udb40\\udc41\\\"é\\n😀\"\n");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}

//! The HTTP answer that a record holds, undone of its transfer coding and packing.

use url::Url;

use crate::fetch::Reply;
use crate::fetch::unpack::Unpacker;

/// The most headers of a saved answer; as many as are taken from the network.
const MOST_HEADERS: usize = 200;

/// Why a saved answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It does not begin as an HTTP answer does.
    #[error("it is no HTTP answer")]
    NotHttp,
    /// Its body cannot be unpacked within the bound.
    #[error("{0}")]
    Packed(String),
}

/// Reads a saved answer; the body is at most `most` bytes after unpacking.
///
/// Some archives undo the codings and keep the headers that speak of them: a body that is not as its headers say is taken as it is.
pub fn answer(url: Url, bytes: &[u8], most: u64) -> Result<Reply, Unusable> {
    let mut space = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut reply = httparse::Response::new(&mut space);
    let Ok(httparse::Status::Complete(length)) = reply.parse(bytes) else { return Err(Unusable::NotHttp) };
    let status = reply.code.ok_or(Unusable::NotHttp)?;
    let text = |value: &[u8]| value.iter().map(|&byte| char::from(byte)).collect::<String>();
    let headers = reply.headers.iter().map(|header| (header.name.to_ascii_lowercase(), text(header.value))).collect();
    let mut saved = Reply { url, moved: None, status, headers, body: Vec::new() };
    let sent = &bytes[length..];
    let is_chunked = saved.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let joined = if is_chunked { joined(sent) } else { None };
    let sent = joined.as_deref().unwrap_or(sent);
    saved.body = unpacked(sent, saved.header("content-encoding"), most)?;
    Ok(saved)
}

fn unpacked(sent: &[u8], encoding: Option<&str>, most: u64) -> Result<Vec<u8>, Unusable> {
    let whole = |encoding| {
        let mut unpacker = Unpacker::new(encoding, most)?;
        unpacker.push(sent)?;
        unpacker.finish()
    };
    let is_packed = encoding.is_some() && !looks_like_text(sent);
    whole(encoding.filter(|_| is_packed)).map_err(|error| Unusable::Packed(error.to_string()))
}

/// Tells whether bytes that are said to be packed begin as a page does.
fn looks_like_text(bytes: &[u8]) -> bool {
    let start = bytes[..bytes.len().min(64)].trim_ascii_start();
    start.starts_with(b"<") || start.starts_with(b"\xef\xbb\xbf")
}

/// Joins the chunks of a body (RFC 9112, 7.1); None where it does not begin with the length of a chunk. A body that was cut off gives
/// what is there.
fn joined(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut first = true;
    loop {
        let end = memchr::memchr(b'\n', &bytes[..bytes.len().min(1024)]);
        let length = end.and_then(|end| chunk_length(&bytes[..end]));
        let (Some(end), Some(length)) = (end, length) else { return if first { None } else { Some(whole) } };
        bytes = &bytes[end + 1..];
        let here = length.min(bytes.len());
        whole.extend_from_slice(&bytes[..here]);
        bytes = bytes[here..].strip_prefix(b"\r\n").or_else(|| bytes[here..].strip_prefix(b"\n")).unwrap_or(&bytes[here..]);
        first = false;
        if length == 0 || bytes.is_empty() {
            return Some(whole);
        }
    }
}

fn chunk_length(line: &[u8]) -> Option<usize> {
    let digits = line.split(|&byte| byte == b';').next()?.trim_ascii();
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_what_is_not_chunked_is_left_alone() {
        let cases: [(&[u8], Option<&[u8]>); 6] = [
            (b"5\r\nhello\r\n0\r\n\r\n", Some(b"hello")),
            (b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", Some(b"hello world")),
            (b"ffffffff\r\ncut", Some(b"cut")),
            (b"0\r\n\r\n", Some(b"")),
            (b"<html>not chunked</html>\n", None),
            (b"", None),
        ];
        for (sent, expected) in cases {
            assert_eq!(joined(sent).as_deref(), expected, "{}", String::from_utf8_lossy(sent));
        }
    }
}

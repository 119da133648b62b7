//! How values lie in columns: moments as microseconds, structures as JSON, long ones deflated.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::trouble::{Tried, Trouble};

/// The most that a packed column may unpack to; no page that was fetched within the largest `max_body` comes near.
const MOST: u64 = 1 << 30;

/// Returns the bytes deflated.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    deflate_as(bytes, Compression::new(6))
}

/// Returns the bytes of a page deflated, for a page is dropped in time: in a third of the time and a sixth more space.
pub(super) fn deflate_page(bytes: &[u8]) -> Vec<u8> {
    deflate_as(bytes, Compression::new(2))
}

thread_local! {
    /// The deflaters of this thread, by level. Making one clears a quarter of a megabyte, which for a short value is most of the work.
    static DEFLATERS: RefCell<BTreeMap<u32, Compress>> = const { RefCell::new(BTreeMap::new()) };
}

fn deflate_as(bytes: &[u8], how: Compression) -> Vec<u8> {
    DEFLATERS.with_borrow_mut(|deflaters| {
        let deflater = deflaters.entry(how.level()).or_insert_with(|| Compress::new(how, true));
        deflater.reset();
        let mut packed = Vec::with_capacity(bytes.len() / 3 + 64);
        loop {
            let rest = &bytes[deflater.total_in() as usize..];
            match deflater.compress_vec(rest, &mut packed, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return packed,
                Ok(_) => packed.reserve(packed.len() + 64),
                Err(_) => unreachable!("a deflater that was reset takes any bytes"),
            }
        }
    })
}

/// Returns the bytes that were deflated.
pub(super) fn inflate(packed: &[u8]) -> Tried<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed).take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns a value as JSON.
pub(super) fn json(value: &impl Serialize) -> Tried<String> {
    Ok(serde_json::to_string(value)?)
}

/// Returns a value as deflated JSON.
pub(super) fn json_z(value: &impl Serialize) -> Tried<Vec<u8>> {
    Ok(deflate(&serde_json::to_vec(value)?))
}

/// Reads a value from JSON.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Tried<T> {
    Ok(serde_json::from_str(text)?)
}

/// Reads a value from deflated JSON.
pub(super) fn from_json_z<T: DeserializeOwned>(packed: &[u8]) -> Tried<T> {
    Ok(serde_json::from_slice(&inflate(packed)?)?)
}

/// Returns a moment from its column.
pub(super) fn moment(microseconds: i64) -> Tried<Timestamp> {
    Timestamp::from_microsecond(microseconds).map_err(|_| Trouble::Row(format!("{microseconds} is no moment")))
}

/// Returns an address from its column.
pub(super) fn address(text: &str) -> Tried<url::Url> {
    url::Url::parse(text).map_err(|error| Trouble::Row(format!("{text} is no address: {error}")))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::ZlibEncoder;

    use super::*;

    #[test]
    fn what_a_thread_has_packed_before_makes_no_difference() {
        let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let text = "Sega said on Friday that 1,290,755 customers were affected. ".repeat(700);
        for bytes in [b"".as_slice(), b"Sega", text.as_bytes(), &noise, text.as_bytes(), b"Sega"] {
            for (packed, level) in [(deflate(bytes), 6), (deflate_page(bytes), 2)] {
                let mut fresh = ZlibEncoder::new(Vec::new(), Compression::new(level));
                fresh.write_all(bytes).unwrap();
                assert_eq!(packed, fresh.finish().unwrap());
                assert_eq!(inflate(&packed).unwrap(), bytes);
            }
        }
    }
}

//! How values lie in columns: moments as microseconds, structures as JSON, long ones deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
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

fn deflate_as(bytes: &[u8], how: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3 + 64), how);
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_else(|_| unreachable!("writing into memory does not fail"))
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

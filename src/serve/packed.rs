//! Long answers in a smaller form, for those who can read it (RFC 9110, 12.5.3).

use std::io::Write;

use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter answers go in a packet or few anyway.
const SHORT: usize = 8 << 10;

/// Returns a text packed with gzip; None where it is short, or the asker does not say that he can unpack it.
pub(super) fn packed(body: &[u8], asker: &HeaderMap) -> Option<Vec<u8>> {
    if body.len() < SHORT || !takes_gzip(asker) {
        return None;
    }
    let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    packer.write_all(body).and_then(|()| packer.finish()).ok()
}

fn takes_gzip(asker: &HeaderMap) -> bool {
    let said = asker.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, ""));
        let none = quality.trim().strip_prefix("q=").is_some_and(|quality| quality.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !none
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_long_is_packed_and_only_for_those_who_can_unpack_it() {
        let long = vec![b'x'; 2 * SHORT];
        for (said, taken) in [("gzip, deflate", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false), ("", false)]
        {
            let asker = HeaderMap::from_iter([(header::ACCEPT_ENCODING, said.parse().unwrap())]);
            assert_eq!(packed(&long, &asker).is_some(), taken, "{said}");
            assert_eq!(packed(b"short", &asker), None, "{said}");
        }
        assert_eq!(packed(&long, &HeaderMap::new()), None);
    }
}

//! A number for a text that is the same with every compiler and on every machine, so that it may be kept.

/// Returns the FNV-1a hash, 64 bits, of bytes or of the numbers of characters: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub fn fnv<N: Into<u64>>(units: impl IntoIterator<Item = N>) -> u64 {
    units.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, unit| (hash ^ unit.into()).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_its_authors() {
        for (text, hash) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)] {
            assert_eq!(fnv(text.bytes()), hash, "{text}");
        }
    }
}

//! gzip, to the byte as Go writes it: what is stored compressed must not change because another
//! program compresses it. So the search for repetitions, the blocks and their codes are those of Go's
//! compress/flate at its default level.

use super::deflate::deflated;

/// The header: deflate, no flags, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

pub(super) fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let mut out = HEADER.to_vec();
    out.extend(deflated(bytes));
    out.extend(crc.sum().to_le_bytes());
    out.extend(crc.amount().to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::compressed;

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn large_texts_come_back() {
        let lines: String = (0..9_000u64).map(|it| format!("line {}\n", it * it % 7919)).collect();
        assert_eq!(unpacked(&compressed(lines.as_bytes())), lines.as_bytes());
        let same = vec![b'x'; 150_000];
        assert_eq!(unpacked(&compressed(&same)), same);
        let mut seed = 1u32;
        let noise: Vec<u8> = (0..80_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect();
        assert_eq!(unpacked(&compressed(&noise)), noise);
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(bytes in proptest::collection::vec(0u8..8, 0..600)) {
            prop_assert_eq!(unpacked(&compressed(&bytes)), bytes);
        }
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(unpacked(&compressed(&bytes)), bytes);
        }
    }
}

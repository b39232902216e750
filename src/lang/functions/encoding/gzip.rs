//! gzip with the frame that Go gives it: no name, no time, flushed before its end.

use flate2::{Compress, Compression, FlushCompress};

/// The header: deflate, no flags, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// An empty stored block, the last one.
const END: [u8; 5] = [1, 0, 0, 0xff, 0xff];

pub(super) fn compressed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut deflated = Vec::with_capacity(bytes.len() + 64);
    let mut deflate = Compress::new(Compression::default(), false);
    loop {
        let done = usize::try_from(deflate.total_in()).unwrap_or(bytes.len());
        let before = deflated.len();
        deflated.reserve(bytes.len() / 2 + 64);
        deflate
            .compress_vec(&bytes[done..], &mut deflated, FlushCompress::Sync)
            .map_err(|why| why.to_string())?;
        if deflate.total_in() as usize == bytes.len()
            && (deflated.len() < deflated.capacity() || deflated.len() == before)
        {
            break;
        }
    }
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let mut out = HEADER.to_vec();
    out.extend(deflated);
    out.extend(END);
    out.extend(crc.sum().to_le_bytes());
    out.extend(crc.amount().to_le_bytes());
    Ok(out)
}

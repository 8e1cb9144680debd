//! The bytes of a response: bounded, and unpacked in one go.

use bytes::{Bytes, BytesMut};
use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::CONTENT_ENCODING;
use std::io::Read;

/// Why a body could not be had.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The connection ended inside the body.
    Broken(reqwest::Error),
    /// The body is larger than the client allows.
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// The body is not the gzip that it says it is.
    BadGzip,
}

/// Reads a body of at most `limit` bytes, unpacked.
pub(crate) async fn read(mut response: reqwest::Response, limit: usize) -> Result<Bytes, BodyError> {
    let gzip = response
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"gzip"));
    let expected = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    if expected > limit {
        return Err(BodyError::TooLarge { limit });
    }
    let mut body = BytesMut::with_capacity(expected);
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    if gzip {
        unpacked_at_once(&body, limit).map_or_else(|| unpack(&body, limit), Ok)
    } else {
        Ok(body.freeze())
    }
}

/// The body, where it is packed as services do: in one part with the plainest of headers, and as large as it says.
///
/// None of any other: what it is, is for [`unpack`] to say.
fn unpacked_at_once(packed: &[u8], limit: usize) -> Option<Bytes> {
    const DEFLATED: u8 = 8;
    const NO_MORE_HEADERS: u8 = 0;
    let (header, rest) = packed.split_first_chunk::<10>()?;
    let (deflated, trailer) = rest.split_last_chunk::<8>()?;
    let [0x1f, 0x8b, DEFLATED, NO_MORE_HEADERS, ..] = *header else {
        return None;
    };
    let [checksum @ .., _, _, _, _] = *trailer;
    let size = expected_size(packed);
    if size > limit {
        return None;
    }
    // A byte more than expected, so that a longer body is told from one of this size.
    let mut body = Vec::with_capacity(size + 1);
    let mut inflater = Decompress::new(false);
    let status = inflater.decompress_vec(deflated, &mut body, FlushDecompress::Finish);
    let is_whole = matches!(status, Ok(Status::StreamEnd))
        && usize::try_from(inflater.total_in()) == Ok(deflated.len())
        && body.len() == size
        && crc32fast::hash(&body) == u32::from_le_bytes(checksum);
    is_whole.then(|| body.into())
}

fn unpack(packed: &[u8], limit: usize) -> Result<Bytes, BodyError> {
    let mut decoder = MultiGzDecoder::new(packed);
    // A byte more than expected: where it stays free, all is unpacked in one go.
    let mut body = vec![0; expected_size(packed).min(limit) + 1];
    let mut filled = 0;
    loop {
        match decoder
            .read(&mut body[filled..])
            .map_err(|_| BodyError::BadGzip)?
        {
            0 => break,
            read => filled += read,
        }
        if filled > limit {
            return Err(BodyError::TooLarge { limit });
        }
        if filled == body.len() {
            body.resize((filled * 2).min(limit + 1), 0);
        }
    }
    body.truncate(filled);
    Ok(body.into())
}

/// The size that the trailer tells; no more than so few bytes can hold, whatever it tells.
fn expected_size(packed: &[u8]) -> usize {
    const LARGEST_RATIO: usize = 1_032;
    let told = packed
        .last_chunk()
        .map_or(0, |trailer| u32::from_le_bytes(*trailer));
    usize::try_from(told)
        .unwrap_or(usize::MAX)
        .min(packed.len().saturating_mul(LARGEST_RATIO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = packed(&vec![0; 1_000_000]);
        assert!(matches!(
            unpack(&bomb, 999_999),
            Err(BodyError::TooLarge { limit: 999_999 })
        ));
        assert_eq!(unpack(&bomb, 1_000_000).unwrap().len(), 1_000_000);
    }

    #[test]
    fn truncated_and_corrupt_gzip_are_errors() {
        let whole = packed(b"{\"a\": 1}");
        assert_eq!(&unpack(&whole, 100).unwrap()[..], b"{\"a\": 1}");
        assert!(matches!(
            unpack(&whole[..whole.len() - 3], 100),
            Err(BodyError::BadGzip)
        ));
        assert!(matches!(unpack(b"plain", 100), Err(BodyError::BadGzip)));
    }

    #[test]
    fn a_body_in_one_part_is_unpacked_at_once() {
        for size in [0, 1, 40_000, 400_000] {
            let body: Vec<u8> = (0..size).map(|at: u32| (at % 251 * at % 7) as u8).collect();
            let whole = packed(&body);
            assert_eq!(unpacked_at_once(&whole, size as usize).unwrap(), body);
            assert_eq!(unpack(&whole, size as usize).unwrap(), body);
            for limit in 0..(size as usize).min(3) {
                assert_eq!(unpacked_at_once(&whole, limit), None);
            }
        }
    }

    #[test]
    fn what_is_unusual_is_not_unpacked_at_once() {
        let words = b"so many words ".repeat(100);
        let whole = packed(&words);
        let several = whole.repeat(2);
        let mut named = flate2::GzBuilder::new()
            .filename("page.json")
            .write(Vec::new(), Compression::default());
        named.write_all(&words).unwrap();
        let longer = [&whole[..], b"more"].concat();
        for unusual in [
            &several[..],
            &named.finish().unwrap(),
            &longer,
            &whole[..whole.len() - 1],
            &whole[..17],
            b"",
            b"plain",
        ] {
            assert_eq!(unpacked_at_once(unusual, 1 << 20), None);
        }
        // Every bit counts, but those of the time and of the system in the header.
        for at in (0..whole.len()).filter(|at| !(4..10).contains(at)) {
            for bit in 0..8 {
                let mut corrupt = whole.clone();
                corrupt[at] ^= 1 << bit;
                let unpacked = unpacked_at_once(&corrupt, 1 << 20);
                assert!(unpacked.is_none_or(|body| body == words), "{at} {bit}");
            }
        }
    }

    #[test]
    fn a_trailer_that_tells_another_size_costs_no_byte() {
        let words = "so many words ".repeat(1_000);
        for parts in [1, 2, 5] {
            let body = words.repeat(parts);
            let several = packed(words.as_bytes()).repeat(parts);
            assert_eq!(unpack(&several, body.len()).unwrap(), body);
            assert!(matches!(
                unpack(&several, body.len() - 1),
                Err(BodyError::TooLarge { .. })
            ));
        }
        assert_eq!(expected_size(&[0xff; 10]), 10_320);
        assert!(unpack(&packed(b""), 0).unwrap().is_empty());
    }
}

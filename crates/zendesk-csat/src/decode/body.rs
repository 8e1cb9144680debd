//! The bytes of a response: bounded, and unpacked in one go.

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
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
        unpack(&body, limit)
    } else {
        Ok(body.freeze())
    }
}

fn unpack(packed: &[u8], limit: usize) -> Result<Bytes, BodyError> {
    let mut body = Vec::with_capacity((packed.len() * 8).min(limit));
    let mut bounded = MultiGzDecoder::new(packed).take(limit as u64 + 1);
    bounded.read_to_end(&mut body).map_err(|_| BodyError::BadGzip)?;
    if body.len() > limit {
        Err(BodyError::TooLarge { limit })
    } else {
        Ok(body.into())
    }
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
}

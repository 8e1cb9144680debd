//! Packing an answer for the wire, and the faults that happen there.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::channel::Channel;
use http_body_util::{BodyExt as _, Full, combinators::UnsyncBoxBody};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, VARY};
use hyper::{Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::faults::{Fault, Met};
use crate::reply::Reply;

/// Shorter answers are not worth packing.
const SMALLEST_PACKED: usize = 256;
const DRIPS: usize = 20;
const DRIP_INTERVAL: Duration = Duration::from_millis(25);

pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A connection that can be cut instead of closed.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    cut: Arc<AtomicBool>,
}

impl Connection {
    /// The connection, and what cuts it off when it ends.
    pub(crate) fn new(stream: TcpStream) -> (Self, Arc<AtomicBool>) {
        let cut = Arc::new(AtomicBool::new(false));
        (
            Self {
                stream,
                cut: Arc::clone(&cut),
            },
            cut,
        )
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.cut.load(Ordering::Acquire) {
            let _unsupported = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    // Without it every body would be copied once more, behind its headers.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The error that ends a connection without an answer.
pub(crate) fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "cut off on purpose")
}

/// Packs an answer, with a fault of the wire where it meets one.
pub(crate) fn pack(
    reply: Reply,
    accepts_gzip: bool,
    met: Option<Met>,
    cut: &Arc<AtomicBool>,
) -> Response<Body> {
    let fault = met.map(|met| met.fault);
    let must_pack = matches!(fault, Some(Fault::TruncatedGzip | Fault::CorruptGzip));
    let worth_packing = reply.body.len() >= SMALLEST_PACKED || must_pack;
    let packed = (accepts_gzip && worth_packing)
        .then(|| gzip(&reply.body))
        .flatten();
    let is_packed = packed.is_some();
    let mut body = packed.unwrap_or(reply.body);
    match fault {
        Some(Fault::TruncatedGzip) => body.truncate(body.len() / 2),
        Some(Fault::CorruptGzip) => {
            let middle = body.len() / 2;
            body.iter_mut()
                .skip(middle)
                .take(8)
                .for_each(|byte| *byte ^= 0x5A);
        }
        _ => {}
    }
    let length = body.len();
    let sent = match fault {
        Some(Fault::ResetInBody) => partly(body, Arc::clone(cut)),
        Some(Fault::SlowDrip) => in_drips(body),
        _ => Full::new(Bytes::from(body)).map_err(never).boxed_unsync(),
    };
    let mut response = Response::new(sent);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(content_type) = reply.content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if is_packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

fn never(never: Infallible) -> io::Error {
    match never {}
}

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 6), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

/// Half of the body, then the connection is cut.
fn partly(body: Vec<u8>, cut: Arc<AtomicBool>) -> Body {
    let (mut sender, channel) = Channel::<Bytes, io::Error>::new(1);
    tokio::spawn(async move {
        let mut rest = Bytes::from(body);
        let _gone = sender.send_data(rest.split_to(rest.len() / 2)).await;
        // Time for the half to leave, so that the client sees an answer begun.
        tokio::time::sleep(DRIP_INTERVAL).await;
        cut.store(true, Ordering::Release);
        sender.abort(cut_off());
    });
    channel.boxed_unsync()
}

/// The whole body, slowly.
fn in_drips(body: Vec<u8>) -> Body {
    let (mut sender, channel) = Channel::<Bytes, io::Error>::new(1);
    tokio::spawn(async move {
        let mut rest = Bytes::from(body);
        let size = rest.len() / DRIPS + 1;
        while !rest.is_empty() {
            let drip = rest.split_to(size.min(rest.len()));
            if sender.send_data(drip).await.is_err() {
                return;
            }
            tokio::time::sleep(DRIP_INTERVAL).await;
        }
    });
    channel.boxed_unsync()
}

//! The HTTP server: reads a request, lets the account answer, packs and sends the answer.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderValue, VARY,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::sync::oneshot;

use crate::account::ids::{domain, mix};
use crate::auth::Refusal;
use crate::control;
use crate::journal::JournalEntry;
use crate::reply::{Reply, described, unknown_endpoint};
use crate::request::{Query, Request};
use crate::routes;
use crate::zendesk::Zendesk;

/// The largest request body taken.
const BODY_LIMIT: usize = 1 << 20;
/// Shorter answers are not worth packing.
const SMALLEST_PACKED: usize = 256;

/// Serves until told to stop.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    zendesk: Arc<Zendesk>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        // An accept fails for one connection, or for want of file descriptors: the next may do.
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            continue;
        };
        let _unsupported = stream.set_nodelay(true);
        let zendesk = Arc::clone(&zendesk);
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(Arc::clone(&zendesk), request));
            // A client that goes away ends its connection with an error: nothing to tell.
            let _ended = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn handle(
    zendesk: Arc<Zendesk>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let accepts_gzip = parts
        .headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(takes_gzip));
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return Ok(pack(
            described(413, "PayloadTooLarge", "The request body is too large"),
            false,
        ));
    };
    let path = parts.uri.path().to_owned();
    let base_url = parts
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .map_or_else(
            || zendesk.info.base_url.clone(),
            |host| format!("http://{host}"),
        );
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let mut request = Request {
        segments: segments(&path),
        path,
        query: Query::parse(&raw_query),
        raw_query,
        method: parts.method,
        headers: parts.headers,
        body: body.to_bytes().to_vec(),
        base_url,
        now: 0,
        paging_fault: None,
    };
    if request
        .segments
        .first()
        .is_some_and(|part| part == "_emulator")
    {
        return Ok(pack(
            control::answer(&zendesk, &request).unwrap_or_else(|error| error),
            accepts_gzip,
        ));
    }
    let reply = answer(&zendesk, &mut request);
    zendesk.journal.add(JournalEntry {
        method: request.method.to_string(),
        bucket: request.bucket(),
        path: request.path,
        query: request.raw_query,
        status: reply.status,
    });
    Ok(pack(reply, accepts_gzip))
}

fn takes_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    matches!(parts.next(), Some("gzip" | "*"))
        && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0"))
}

/// The parts of a path, decoded, the last one without `.json`.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

/// Lets the account answer a request to its API.
fn answer(zendesk: &Zendesk, request: &mut Request) -> Reply {
    let (account, now) = zendesk.look();
    request.now = now;
    let reply = if request.bucket() == "oauth" {
        if request.method == Method::POST && request.segments == ["oauth", "tokens"] {
            request
                .json()
                .map_or_else(|error| error, |body| zendesk.credentials.mint(&body, now))
        } else {
            unknown_endpoint()
        }
    } else {
        match zendesk.credentials.caller(
            &account,
            request.header(AUTHORIZATION.as_str()),
            request.header("x-on-behalf-of"),
            now,
        ) {
            Ok(caller) => routes::read(&account, &caller, request).unwrap_or_else(|error| error),
            // This one endpoint knows nobody rather than refuse anybody.
            Err(refusal)
                if refusal != Refusal::Forbidden
                    && request.segments == ["api", "v2", "users", "me"] =>
            {
                Reply::json(
                    200,
                    &json!({"user": {"id": null, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user", "verified": false}}),
                )
            }
            Err(refusal) => refusal.reply(request.in_help_center()),
        }
    };
    let number = zendesk.journal.number();
    let request_id = mix(account.seed, domain::REQUEST, number);
    reply
        .with("x-request-id", format!("{request_id:016x}"))
        .with(
            "zendesk-service",
            if request.in_help_center() {
                "guide-rest"
            } else {
                "classic"
            },
        )
}

/// Packs an answer for the wire.
fn pack(reply: Reply, accepts_gzip: bool) -> Response<Full<Bytes>> {
    let packed = (accepts_gzip && reply.body.len() >= SMALLEST_PACKED)
        .then(|| gzip(&reply.body))
        .flatten();
    let is_packed = packed.is_some();
    let mut response = Response::new(Full::new(Bytes::from(packed.unwrap_or(reply.body))));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
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

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 6), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

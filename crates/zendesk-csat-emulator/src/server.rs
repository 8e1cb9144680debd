//! The HTTP server: connections, and the faults that a request meets on its way.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::DateTime;
use http_body_util::{BodyExt as _, Limited};
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, DATE, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::sync::oneshot;

use crate::api;
use crate::control;
use crate::faults::{Fault, Met, answers, capital_scores, half_emoji, one_group, records};
use crate::journal::JournalEntry;
use crate::limits::{Exceeded, http_date, too_many_requests};
use crate::reply::{Reply, described};
use crate::request::{Query, Request};
use crate::wire::{Body, Connection, cut_off, pack};
use crate::zendesk::Zendesk;

/// The largest request body taken.
const BODY_LIMIT: usize = 1 << 20;

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
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let _unsupported = stream.set_nodelay(true);
        let (connection, cut) = Connection::new(stream);
        let zendesk = Arc::clone(&zendesk);
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(Arc::clone(&zendesk), Arc::clone(&cut), request));
            // A client that goes away ends its connection with an error: nothing to tell.
            let _ended = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(connection), service)
                .await;
        });
    }
}

/// Answers a request, dated by the account's clock rather than the machine's.
async fn handle(
    zendesk: Arc<Zendesk>,
    cut: Arc<AtomicBool>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<Body>> {
    let mut response = respond(&zendesk, &cut, request).await?;
    if let Ok(date) = HeaderValue::from_str(&date_at(zendesk.clock.now())) {
        response.headers_mut().insert(DATE, date);
    }
    Ok(response)
}

/// A time in milliseconds since the epoch as HTTP headers write it.
fn date_at(now: i64) -> String {
    http_date(DateTime::from_timestamp_millis(now).unwrap_or_default())
}

async fn respond(
    zendesk: &Zendesk,
    cut: &Arc<AtomicBool>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    if let Err(refused) = zendesk.names.check(&parts.headers) {
        return Ok(pack(refused, false, None, cut));
    }
    let accepts_gzip = parts
        .headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(takes_gzip));
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return Ok(pack(
            described(413, "PayloadTooLarge", "The request body is too large"),
            false,
            None,
            cut,
        ));
    };
    let path = parts.uri.path().to_owned();
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let mut request = Request {
        base_url: host.map_or_else(|| zendesk.info.base_url.clone(), address),
        segments: segments(&path),
        path,
        query: Query::parse(&raw_query),
        raw_query,
        method: parts.method,
        headers: parts.headers,
        body: body.to_bytes().to_vec(),
        now: 0,
        paging_fault: None,
        narrowed: None,
    };
    if request.segments.first().is_none_or(|part| part == "_emulator") {
        let mut reply = control::answer(zendesk, &request).unwrap_or_else(|error| error);
        reply.body = zendesk.on_the_wire(reply.body);
        return Ok(pack(reply, accepts_gzip, None, cut));
    }
    request.narrowed = zendesk.faults.narrowed(zendesk.clock.now());
    let met = zendesk.faults.meet(&request);
    let reply = answer(zendesk, &mut request, met).await;
    zendesk.journal.add(JournalEntry {
        method: request.method.to_string(),
        bucket: request.bucket(),
        path: request.path,
        query: request.raw_query,
        status: reply.as_ref().map_or(0, |reply| reply.status),
    });
    match reply {
        Some(mut reply) => {
            reply.body = zendesk.on_the_wire(reply.body);
            Ok(pack(reply, accepts_gzip, met, cut))
        }
        None => {
            cut.store(true, Ordering::Release);
            Err(cut_off())
        }
    }
}

/// Answers a request, or not, with whatever it meets.
async fn answer(zendesk: &Zendesk, request: &mut Request, met: Option<Met>) -> Option<Reply> {
    let Some(met) = met else {
        return Some(api::answer(zendesk, request));
    };
    match met.fault {
        Fault::ResetBefore => return None,
        Fault::TooManyRequests => return Some(burst(met.draw, zendesk.clock.now())),
        Fault::ServerError => return Some(failure(met.draw)),
        Fault::Latency => tokio::time::sleep(Duration::from_millis(50 + met.draw % 450)).await,
        Fault::TokenRevoked => {
            if let Some(token) = request
                .header(AUTHORIZATION.as_str())
                .and_then(|header| header.strip_prefix("Bearer "))
            {
                zendesk.credentials.revoke(token.trim());
            }
        }
        Fault::NarrowRole => request.narrowed = Some(one_group(met.draw)),
        fault => request.paging_fault = fault.of_paging(),
    }
    let mut reply = api::answer(zendesk, request);
    match met.fault {
        Fault::ResetAfter => return None,
        Fault::Html => {
            reply = Reply::html(
                200,
                "<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>".to_owned(),
            )
        }
        Fault::EmptyBody => reply.body.clear(),
        Fault::CapitalScores => {
            if let Some(body) = capital_scores::in_capitals(&reply, met.draw) {
                reply.body = body;
            }
        }
        Fault::HalfEmoji => {
            if let Some(body) = half_emoji::cut(zendesk, &reply, met.draw) {
                reply.body = body;
            }
        }
        _ => {
            reply = answers::spoil(reply, met);
            if let Some(body) = records::spoil_if_fits(&reply, met) {
                reply.body = body;
            }
        }
    }
    Some(reply)
}

/// 429 in all the forms that it comes in; a date is a second after that of the answer.
fn burst(draw: u64, now: i64) -> Reply {
    let reply = too_many_requests(Exceeded::Account, draw >> 4);
    match draw % 4 {
        0 => reply.with("retry-after", "1"),
        1 => reply.with("retry-after", "0.5"),
        2 => reply.with("retry-after", date_at(now + 1_000)),
        _ => reply,
    }
}

/// A failure of the service, as JSON, as text, as a page or with nothing to read.
fn failure(draw: u64) -> Reply {
    let status = [500, 502, 503, 504][usize::try_from(draw % 4).unwrap_or_default()];
    let reply = match (draw >> 4) % 4 {
        0 => described(status, "InternalError", "Something went wrong"),
        1 => Reply::text(status, "upstream request timeout"),
        2 => Reply::html(
            status,
            format!("<html><head><title>{status}</title></head><body>Sorry</body></html>"),
        ),
        _ => Reply {
            status,
            headers: Vec::new(),
            content_type: None,
            body: Vec::new(),
        },
    };
    if status == 503 {
        reply.with("retry-after", "1")
    } else {
        reply
    }
}

/// How a client that names this host reaches the account: one that takes the emulator for the real thing speaks HTTPS.
fn address(host: &str) -> String {
    let scheme = if host.ends_with(".zendesk.com") {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}")
}

fn takes_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    matches!(parts.next(), Some("gzip" | "*")) && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0"))
}

/// The parts of a path, decoded, the last one without `.json`.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

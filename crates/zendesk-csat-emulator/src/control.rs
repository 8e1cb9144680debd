//! `/_emulator/…`: what tests and tools may do beside the API.

use hyper::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::render::{Each, iso_millis};
use crate::reply::{Answer, Reply, described, unknown_endpoint};
use crate::request::Request;
use crate::truth;
use crate::zendesk::Zendesk;

pub(crate) fn answer(zendesk: &Zendesk, request: &Request) -> Answer {
    let path: Vec<&str> = request
        .segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .collect();
    match (request.method.clone(), path.as_slice()) {
        (Method::GET, ["account"]) => Ok(Reply::json(200, &zendesk.info)),
        (Method::GET, ["truth"]) => Ok(truth(zendesk)),
        (Method::GET, ["journal"]) => Ok(Reply::json(
            200,
            &json!({"requests": zendesk.journal.entries()}),
        )),
        (Method::DELETE, ["journal"]) => {
            zendesk.journal.clear();
            Ok(Reply::json(200, &json!({"requests": []})))
        }
        (Method::GET, ["clock"]) => Ok(clock(zendesk.clock.now())),
        (Method::POST, ["clock"]) => advance(zendesk, &request.json()?),
        _ => Err(unknown_endpoint()),
    }
}

fn truth(zendesk: &Zendesk) -> Reply {
    #[derive(Serialize)]
    struct Rows<T> {
        rows: T,
    }
    let (account, _) = zendesk.look();
    Reply::json(
        200,
        &Rows {
            rows: Each(truth::rows(&account)),
        },
    )
}

fn clock(now: i64) -> Reply {
    Reply::json(200, &json!({"now": iso_millis(now)}))
}

fn advance(zendesk: &Zendesk, body: &Value) -> Answer {
    let seconds = body.get("advance_seconds").and_then(Value::as_u64);
    let seconds = seconds.ok_or_else(|| {
        described(
            400,
            "InvalidValue",
            "advance_seconds must be a whole number, 0 or more",
        )
    })?;
    Ok(clock(zendesk.advance(seconds)))
}

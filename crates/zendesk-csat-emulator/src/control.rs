//! `/_emulator/…`: what tests and tools may do beside the API.

use hyper::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::account::MOST_SECONDS;
use crate::page;
use crate::put;
use crate::render::{Each, iso_millis, user};
use crate::reply::{Answer, Reply, described, not_kept, record_not_found, unknown_endpoint};
use crate::request::Request;
use crate::truth;
use crate::truth_names;
use crate::zendesk::Zendesk;

pub(crate) fn answer(zendesk: &Zendesk, request: &Request) -> Answer {
    let path: Vec<&str> = request.segments.iter().skip(1).map(String::as_str).collect();
    match (request.method.clone(), path.as_slice()) {
        (Method::GET, []) if request.segments.is_empty() => Ok(page::show(zendesk)),
        (Method::GET, ["account"]) => Ok(Reply::json(200, &zendesk.info)),
        (Method::GET, ["truth"]) => Ok(truth(zendesk)),
        (Method::GET, ["journal"]) => Ok(Reply::json(200, &json!({"requests": zendesk.journal.entries()}))),
        (Method::DELETE, ["journal"]) => {
            zendesk.journal.clear();
            Ok(Reply::json(200, &json!({"requests": []})))
        }
        (Method::GET, ["clock"]) => Ok(clock(zendesk.clock.now())),
        (Method::POST, ["clock"]) => advance(zendesk, &request.json()?),
        (Method::GET, ["users", id]) => user(zendesk, id),
        (Method::GET, ["faults"]) => Ok(Reply::json(200, &zendesk.faults.shown())),
        (Method::PUT, ["faults"]) => {
            zendesk
                .faults
                .set(&request.json()?)
                .map_err(|problem| described(400, "InvalidValue", &problem.to_string()))?;
            Ok(Reply::json(200, &zendesk.faults.shown()))
        }
        (Method::DELETE, ["faults"]) => {
            zendesk.clear_faults();
            Ok(Reply::json(200, &zendesk.faults.shown()))
        }
        (Method::POST, path) => put(zendesk, path, &request.json()?),
        _ => Err(unknown_endpoint()),
    }
}

pub(crate) fn put(zendesk: &Zendesk, path: &[&str], body: &Value) -> Answer {
    let (mut account, now) = zendesk.change();
    let (change, written) = put::check(&account, path, body, now)?;
    let index = zendesk
        .apply(&mut account, change, now)
        .map_err(|problem| not_kept(&problem))?;
    Ok(written(&account, index))
}

/// A user and the token to act as them.
fn user(zendesk: &Zendesk, id: &str) -> Answer {
    let (account, _) = zendesk.look();
    let id = id.parse().map_err(|_| record_not_found())?;
    let found = account.user_of_id(id).ok_or_else(record_not_found)?;
    let mut user = user::user(&account, found);
    user["oauth_token"] = json!(zendesk.credentials.oauth_token(id));
    Ok(Reply::json(200, &json!({"user": user})))
}

fn truth(zendesk: &Zendesk) -> Reply {
    #[derive(Serialize)]
    struct Truth<R, C, O> {
        rows: R,
        copies: C,
        open: O,
        names: truth_names::Names,
    }
    let (account, now) = zendesk.look();
    Reply::json(
        200,
        &Truth {
            rows: Each(truth::rows(&account)),
            copies: Each(truth::copies(&account)),
            open: Each(truth::open(&account, now)),
            names: truth_names::names(&account),
        },
    )
}

fn clock(now: i64) -> Reply {
    Reply::json(200, &json!({"now": iso_millis(now)}))
}

fn advance(zendesk: &Zendesk, body: &Value) -> Answer {
    let seconds = body
        .get("advance_seconds")
        .and_then(Value::as_u64)
        .filter(|seconds| *seconds <= MOST_SECONDS.unsigned_abs());
    let seconds = seconds.ok_or_else(|| {
        let expected =
            format!("advance_seconds must be a whole number from 0 to {MOST_SECONDS}, which is ten years");
        described(400, "InvalidValue", &expected)
    })?;
    zendesk
        .advance(seconds)
        .map(clock)
        .map_err(|problem| not_kept(&problem))
}

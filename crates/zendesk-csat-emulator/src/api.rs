//! The account's answer to a request to its API: limits, credentials, then the endpoint.

use hyper::Method;
use hyper::header::AUTHORIZATION;
use serde_json::json;

use crate::account::ids::{domain, mix};
use crate::auth::{Caller, Refusal};
use crate::reply::{Reply, not_kept, unknown_endpoint};
use crate::request::Request;
use crate::routes;
use crate::zendesk::Zendesk;

pub(crate) fn answer(zendesk: &Zendesk, request: &mut Request) -> Reply {
    request.now = zendesk.clock.now();
    let draw = mix(zendesk.seed, domain::REQUEST, zendesk.journal.number());
    let bucket = request.bucket();
    let reply = if bucket == "oauth" {
        mint(zendesk, request)
    } else {
        let budget = zendesk.limits.count(bucket, &zendesk.clock);
        let reply = match budget.exceeded {
            Some(exceeded) => budget.refusal(exceeded, draw),
            None => endpoint(zendesk, request),
        };
        budget.tell(reply)
    };
    reply.with("x-request-id", format!("{draw:016x}")).with(
        "zendesk-service",
        if request.in_help_center() {
            "guide-rest"
        } else {
            "classic"
        },
    )
}

fn mint(zendesk: &Zendesk, request: &Request) -> Reply {
    if request.method == Method::POST && request.segments == ["oauth", "tokens"] {
        request
            .json()
            .map_or_else(|error| error, |body| zendesk.credentials.mint(&body, request.now))
    } else {
        unknown_endpoint()
    }
}

fn endpoint(zendesk: &Zendesk, request: &mut Request) -> Reply {
    if request.method == Method::POST {
        return write(zendesk, request).unwrap_or_else(|error| error);
    }
    let (account, now) = zendesk.look();
    request.now = now;
    match caller(zendesk, &account, request) {
        Ok(caller) => routes::read(&account, &caller, request).unwrap_or_else(|error| error),
        // This one endpoint knows nobody rather than refuse anybody.
        Err(refusal) if refusal != Refusal::Forbidden && request.segments == ["api", "v2", "users", "me"] => {
            let nobody = json!({"id": null, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user", "verified": false});
            Reply::json(200, &json!({"user": nobody}))
        }
        Err(refusal) => refusal.reply(request.in_help_center()),
    }
}

fn write(zendesk: &Zendesk, request: &mut Request) -> Result<Reply, Reply> {
    let (mut account, now) = zendesk.change();
    request.now = now;
    let allowed = routes::writes::check(&account, caller(zendesk, &account, request), request)?;
    let index = zendesk
        .apply(&mut account, allowed.change, now)
        .map_err(|problem| not_kept(&problem))?;
    Ok((allowed.written)(&account, index, &allowed.body))
}

fn caller(
    zendesk: &Zendesk,
    account: &crate::account::Account,
    request: &Request,
) -> Result<Caller, Refusal> {
    zendesk.credentials.caller(
        account,
        request.header(AUTHORIZATION.as_str()),
        request.header("x-on-behalf-of"),
        request.narrowed,
        request.now,
    )
}

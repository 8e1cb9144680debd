//! The endpoints: one file a resource.

mod exports;
mod listed;
mod names;
mod ratings;
mod reasons;
mod responses;
mod tickets;
pub(crate) mod writes;

use hyper::Method;

use crate::account::Account;
use crate::account::people::Role;
use crate::auth::{Caller, Refusal, forbidden};
use crate::reply::{Answer, Reply, unknown_endpoint};
use crate::request::Request;

/// Every endpoint of the API, as its documentation names it.
pub(crate) const ENDPOINTS: [(&str, &str); 23] = [
    ("GET", "/api/v2/satisfaction_ratings"),
    ("GET", "/api/v2/satisfaction_ratings/count"),
    ("GET", "/api/v2/satisfaction_ratings/{satisfaction_rating_id}"),
    ("POST", "/api/v2/tickets/{ticket_id}/satisfaction_rating"),
    ("GET", "/api/v2/satisfaction_reasons"),
    ("GET", "/api/v2/satisfaction_reasons/{satisfaction_reason_id}"),
    ("GET", "/api/v2/guide/survey_responses"),
    ("POST", "/api/v2/guide/survey_responses"),
    ("POST", "/api/v2/guide/survey_responses/{id}"),
    ("GET", "/api/v2/guide/{locale}/survey_responses/{id}"),
    ("GET", "/api/v2/guide/{locale}/surveys"),
    ("GET", "/api/v2/incremental/tickets/cursor"),
    ("GET", "/api/v2/incremental/tickets"),
    ("GET", "/api/v2/tickets/{ticket_id}/audits"),
    ("GET", "/api/v2/tickets/show_many"),
    ("GET", "/api/v2/groups"),
    ("GET", "/api/v2/users"),
    ("GET", "/api/v2/users/show_many"),
    ("GET", "/api/v2/users/me"),
    ("GET", "/api/v2/brands"),
    ("GET", "/api/v2/ticket_forms"),
    ("GET", "/api/v2/organizations/show_many"),
    ("POST", "/oauth/tokens"),
];

/// Reads of the account, each a method and a path.
pub(crate) fn read(account: &Account, caller: &Caller, request: &Request) -> Answer {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let Some(path) = segments.strip_prefix(&["api", "v2"]) else {
        return Err(unknown_endpoint());
    };
    if request.method != Method::GET {
        return Err(unknown_endpoint());
    }
    match path {
        ["satisfaction_ratings"] => ratings::list(account, caller, request),
        ["satisfaction_ratings", "count"] => ratings::count(account, caller, request),
        ["satisfaction_ratings", id] => ratings::show(account, caller, id),
        ["satisfaction_reasons"] => reasons::list(account, caller),
        ["satisfaction_reasons", id] => reasons::show(account, caller, id),
        ["guide", "survey_responses"] => responses::list(account, caller, request),
        ["guide", locale, "survey_responses", id] => responses::show(account, caller, locale, id),
        ["guide", locale, "surveys"] => responses::surveys(account, caller, request, locale),
        ["incremental", "tickets", "cursor"] => exports::by_cursor(account, caller, request),
        ["incremental", "tickets"] => exports::by_time(account, caller, request),
        ["tickets", "show_many"] => tickets::show_many(account, caller, request),
        ["tickets", id, "audits"] => tickets::audits(account, caller, request, id),
        ["groups"] => names::groups(account, caller, request),
        ["users"] => names::users(account, caller, request),
        ["users", "show_many"] => names::many_users(account, caller, request),
        ["users", "me"] => names::me(account, caller),
        ["brands"] => names::brands(account, caller, request),
        ["ticket_forms"] => names::ticket_forms(account, caller),
        ["organizations", "show_many"] => names::many_organizations(account, caller, request),
        _ => Err(unknown_endpoint()),
    }
}

/// A single legacy rating.
pub(crate) fn rating_reply(account: &Account, index: u32) -> Reply {
    ratings::one(account, index)
}

/// A single survey response, with its questions in short.
pub(crate) fn response_reply(account: &Account, index: u32) -> Reply {
    responses::in_short(account, index)
}

fn admins_only(caller: &Caller) -> Result<(), Reply> {
    if caller.role == Role::Admin {
        Ok(())
    } else {
        Err(forbidden())
    }
}

fn staff_only(caller: &Caller) -> Result<(), Reply> {
    if caller.role == Role::EndUser {
        Err(forbidden())
    } else {
        Ok(())
    }
}

fn forbidden_in_help_center() -> Reply {
    Refusal::Forbidden.reply(true)
}

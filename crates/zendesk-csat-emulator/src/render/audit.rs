//! A ticket's audits: its history, told again from the records.

use serde_json::{Value, json};
use ulid::Ulid;

use super::iso_seconds;
use super::rating::{assignee_id, group_id, reason_of};
use crate::account::Account;
use crate::account::ids::{domain, mix};
use crate::account::people::UserRef;
use crate::account::records::{NO_AGENT, Rating, Response, Score, Ticket};

/// Who an automation is, in an audit.
const SYSTEM: i64 = -1;

/// One audit before its ids are given.
struct Entry {
    at: u32,
    author: i64,
    events: Vec<Value>,
}

/// All audits of a ticket, oldest first.
pub(crate) fn audits(account: &Account, index: u32) -> Vec<Value> {
    let Some(ticket) = account.tickets.get(index as usize) else {
        return Vec::new();
    };
    let mut entries = life(account, index, ticket);
    ratings(account, ticket, &mut entries);
    responses(account, ticket, &mut entries);
    entries.sort_by_key(|entry| entry.at);
    entries
        .into_iter()
        .zip(0_u64..)
        .map(|(entry, ordinal)| audit(account, index, entry, ordinal))
        .collect()
}

fn audit(account: &Account, index: u32, entry: Entry, ordinal: u64) -> Value {
    let spread = mix(account.seed, domain::AUDIT, u64::from(index)) % 8_000;
    let id = u64::from(entry.at) * 10_000 + spread + ordinal * 16;
    let events: Vec<Value> = entry
        .events
        .into_iter()
        .zip(1_u64..)
        .map(|(mut event, place)| {
            event["id"] = json!(id + place);
            event
        })
        .collect();
    json!({
        "id": id,
        "ticket_id": account.ticket_id(index),
        "created_at": iso_seconds(entry.at),
        "author_id": entry.author,
        "metadata": {"system": {"client": "Mozilla/5.0", "ip_address": "192.0.2.7"}, "custom": {}},
        "events": events,
        "via": {"channel": if entry.author == SYSTEM { "rule" } else { "web" }, "source": {"from": {}, "to": {}, "rel": null}},
    })
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn change(field: &str, previous: impl Into<Value>, value: impl Into<Value>) -> Value {
    json!({"type": "Change", "field_name": field, "previous_value": previous.into(), "value": value.into()})
}

fn life(account: &Account, index: u32, ticket: &Ticket) -> Vec<Entry> {
    let requester = signed(account.person_id(ticket.requester));
    let agent = if ticket.assignee == NO_AGENT {
        SYSTEM
    } else {
        signed(account.user_id(UserRef::Staff(ticket.assignee)))
    };
    let assignee = assignee_id(account, ticket.assignee);
    let mut entries = vec![
        Entry {
            at: ticket.created,
            author: requester,
            events: vec![
                json!({"type": "Comment", "author_id": requester, "body": account.subject(index), "public": true, "attachments": []}),
                json!({"type": "Create", "field_name": "subject", "value": account.subject(index)}),
                json!({"type": "Create", "field_name": "status", "value": "new"}),
                json!({"type": "Create", "field_name": "priority", "value": null}),
                json!({"type": "Create", "field_name": "tags", "value": ["mail"]}),
            ],
        },
        Entry {
            at: ticket.created.saturating_add(60),
            author: SYSTEM,
            events: vec![
                change("assignee_id", Value::Null, assignee.map(|id| id.to_string())),
                change(
                    "group_id",
                    Value::Null,
                    group_id(account, ticket.group).map(|id| id.to_string()),
                ),
                json!({"type": "Notification", "subject": "Request received", "body": "We are on it.", "recipients": [requester]}),
            ],
        },
    ];
    if ticket.was_solved() {
        entries.push(Entry {
            at: ticket.solved,
            author: agent,
            events: vec![
                json!({"type": "Comment", "author_id": agent, "body": "This should be solved now.", "public": true, "attachments": []}),
                change("status", "open", "solved"),
            ],
        });
    }
    if ticket.closed != 0 {
        entries.push(Entry {
            at: ticket.closed,
            author: SYSTEM,
            events: vec![change("status", "solved", "closed")],
        });
    }
    entries
}

fn ratings(account: &Account, ticket: &Ticket, entries: &mut Vec<Entry>) {
    let mut chain: Vec<&Rating> = Vec::new();
    let mut next = ticket.last_rating;
    while let Some(rating) = account.ratings.get(next as usize) {
        chain.push(rating);
        next = rating.previous;
    }
    let mut former = "unoffered";
    for rating in chain.into_iter().rev().filter(|rating| !rating.is_mirror()) {
        let answered = rating.last_changed();
        let offered = if rating.is_undated() {
            answered
        } else {
            rating.created
        };
        if answered > offered || !rating.score.is_received() {
            entries.push(Entry {
                at: offered,
                author: SYSTEM,
                events: vec![change("satisfaction_score", former, "offered")],
            });
            former = "offered";
        }
        if rating.score == Score::Offered {
            continue;
        }
        let author = if rating.score.is_received() {
            signed(account.person_id(rating.requester))
        } else {
            SYSTEM
        };
        let mut events = vec![change("satisfaction_score", former, rating.score.name())];
        if let Some(comment) = rating.comment.text() {
            events.push(change("satisfaction_comment", Value::Null, comment));
        }
        if let (_, Some(reason_id)) = reason_of(account, rating) {
            events.push(change("satisfaction_reason_code", Value::Null, reason_id));
        }
        former = rating.score.name();
        entries.push(Entry {
            at: answered,
            author,
            events,
        });
    }
}

fn responses(account: &Account, ticket: &Ticket, entries: &mut Vec<Entry>) {
    let mut next = ticket.last_response;
    while let Some(response) = account.responses.get(next as usize) {
        next = response.previous;
        let sent = u32::try_from(response.sent() / 1_000).unwrap_or(u32::MAX);
        entries.push(Entry {
            at: sent,
            author: SYSTEM,
            events: vec![json!({"type": "SurveyOffered", "survey_type": "CustomerSatisfaction"})],
        });
        submissions(account, ticket, response, entries);
    }
}

/// One audit for each time that a response was submitted: the first, and the edits that still show.
fn submissions(account: &Account, ticket: &Ticket, response: &Response, entries: &mut Vec<Entry>) {
    let mut times: Vec<i64> = response
        .answers
        .iter()
        .flat_map(|answer| [answer.created, answer.updated])
        .collect();
    times.sort_unstable();
    times.dedup();
    let mirror = account.ratings.get(response.mirror as usize);
    let (assignee, group) = mirror.map_or((ticket.assignee, ticket.group), |rating| {
        (rating.assignee, rating.group)
    });
    for at in times {
        entries.push(Entry {
            at: u32::try_from(at / 1_000).unwrap_or(u32::MAX),
            author: signed(account.person_id(response.responder)),
            events: vec![json!({
                "type": "SurveyResponseSubmitted",
                "survey_type": "CustomerSatisfaction",
                "survey_response_id": Ulid(response.id).to_string(),
                "assigned_user_id": assignee_id(account, assignee),
                "assigned_group_id": group_id(account, group),
            })],
        });
    }
}

/// The audits that hold an event of one of those types, narrowed to these events.
pub(crate) fn with_events(audits: Vec<Value>, types: &[&str]) -> Vec<Value> {
    audits
        .into_iter()
        .filter_map(|mut audit| {
            let events = audit.get_mut("events")?.as_array_mut()?;
            events.retain(|event| event["type"].as_str().is_some_and(|kind| types.contains(&kind)));
            (!events.is_empty()).then_some(audit)
        })
        .collect()
}

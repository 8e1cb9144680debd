//! `tickets/{id}/audits` and `tickets/show_many`.

use serde_json::{Value, json};

use super::{listed, staff_only};
use crate::account::Account;
use crate::account::records::Status;
use crate::auth::{Caller, forbidden};
use crate::paging::{Asked, Envelope, PageJson, asked, take_places};
use crate::render::Each;
use crate::render::audit;
use crate::render::ticket::TicketJson;
use crate::reply::{Answer, Reply, record_not_found};
use crate::request::Request;

/// A ticket that agents can see: deleted ones cannot be seen.
pub(super) fn visible(account: &Account, id: &str) -> Result<u32, Reply> {
    let index = id
        .parse()
        .ok()
        .and_then(|id| account.ticket_index(id))
        .ok_or_else(record_not_found)?;
    if account.tickets[index as usize].status == Status::Deleted {
        Err(record_not_found())
    } else {
        Ok(index)
    }
}

pub(super) fn audits(account: &Account, caller: &Caller, request: &Request, id: &str) -> Answer {
    staff_only(caller)?;
    // A narrower scope such as `tickets:read` is not enough here.
    caller.requires_scope("read", None)?;
    let index = visible(account, id)?;
    if !caller.sees(&account.tickets[index as usize]) {
        return Err(forbidden());
    }
    let mut audits = audit::audits(account, index);
    let mut types: Vec<&str> = request.query.all("filter_events[]").collect();
    types.extend(request.query.all("filter_events"));
    if !types.is_empty() {
        audits = audit::with_events(audits, &types);
    }
    if account.is_archived(&account.tickets[index as usize], request.now) {
        return Ok(Reply::json(
            200,
            &json!({"count": audits.len(), "audits": audits, "next_page": null, "previous_page": null}),
        ));
    }
    let descending = request
        .query
        .get("sort")
        .is_some_and(|sort| sort.starts_with('-'))
        || request.query.get("sort_order") == Some("desc");
    if descending {
        audits.reverse();
    }
    let list = if descending { "audits-" } else { "audits" };
    let (items, envelope): (Vec<Value>, Envelope) = match asked(request, listed::MOST, list)? {
        Asked::Offset { page, size } => {
            let count = audits.len();
            (
                audits.into_iter().skip((page - 1) * size).take(size).collect(),
                Envelope::of_offset(request, page, size, count),
            )
        }
        Asked::Cursor { size, from } => {
            let (page, ends) = take_places(audits.len(), size, from, list);
            let envelope = Envelope::of_cursor(request, page.has_more, ends, true);
            (
                page.items
                    .into_iter()
                    .map(|place| std::mem::take(&mut audits[place]))
                    .collect(),
                envelope,
            )
        }
    };
    Ok(Reply::json(
        200,
        &PageJson {
            name: "audits",
            items,
            envelope: &envelope,
        },
    ))
}

pub(super) fn show_many(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", Some("tickets"))?;
    let found: Vec<u32> = listed::ids(request, "tickets")?
        .into_iter()
        .filter_map(|id| visible(account, id).ok())
        .filter(|index| caller.sees(&account.tickets[*index as usize]))
        .collect();
    let with_metrics = request
        .query
        .get("include")
        .is_some_and(|include| include.split(',').any(|part| part.trim() == "metric_sets"));
    let envelope = Envelope::Offset {
        next: None,
        previous: None,
        count: found.len(),
    };
    let items = Each(found.iter().map(|index| TicketJson {
        account,
        index: *index,
        with_metrics,
    }));
    Ok(Reply::json(
        200,
        &PageJson {
            name: "tickets",
            items,
            envelope: &envelope,
        },
    ))
}

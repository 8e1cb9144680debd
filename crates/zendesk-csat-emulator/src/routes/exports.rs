//! `incremental/tickets`, by cursor and by time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::admins_only;
use crate::account::Account;
use crate::account::life::SECOND;
use crate::account::records::{Status, Ticket};
use crate::auth::Caller;
use crate::paging::invalid_cursor;
use crate::render::Each;
use crate::render::ticket::{TicketJson, side_loads};
use crate::reply::{Answer, Reply, described, invalid_attribute};
use crate::request::{PagingFault, Request};

const MOST: i64 = 1_000;
/// What changed in the last minute is not exported yet, in seconds.
const DELAY: i64 = 60;

/// Where an export goes on: after the ticket with that index among those of that second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    generated: u32,
    index: u32,
    nonce: u32,
}

impl Place {
    fn encode(self) -> String {
        let Self {
            generated,
            index,
            nonce,
        } = self;
        STANDARD.encode(if nonce == 0 {
            format!("{generated}.0||{index}")
        } else {
            format!("{generated}.0||{index}|{nonce}")
        })
    }

    fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let (generated, rest) = text.split_once(".0||")?;
        let (index, nonce) = rest.split_once('|').unwrap_or((rest, "0"));
        Some(Self {
            generated: generated.parse().ok()?,
            index: index.parse().ok()?,
            nonce: nonce.parse().ok()?,
        })
    }
}

/// The parameters that both exports share.
struct Scope {
    size: usize,
    without_deleted: bool,
    ai_agents: bool,
    agents: bool,
}

impl Scope {
    fn read(request: &Request) -> Result<Self, Reply> {
        let size = request.query.integer("per_page")?.unwrap_or(MOST);
        if !(1..=MOST).contains(&size) {
            return Err(invalid_attribute("per_page", "an integer between 1 and 1000"));
        }
        let (agents, ai_agents) = match request.query.get("support_type_scope").unwrap_or("agent") {
            "agent" => (true, false),
            "ai_agent" => (false, true),
            "all" => (true, true),
            _ => {
                return Err(invalid_attribute(
                    "support_type_scope",
                    "one of agent, ai_agent, all",
                ));
            }
        };
        Ok(Self {
            size: usize::try_from(size).unwrap_or(1),
            without_deleted: request.query.is_true("exclude_deleted"),
            ai_agents,
            agents,
        })
    }

    fn lets_through(&self, ticket: &Ticket) -> bool {
        (if ticket.ai_agent {
            self.ai_agents
        } else {
            self.agents
        }) && !(self.without_deleted && ticket.status == Status::Deleted)
    }
}

/// One who was an admin still exports, but less.
fn admins_or_narrowed_only(caller: &Caller) -> Result<(), Reply> {
    if caller.group.is_some() {
        Ok(())
    } else {
        admins_only(caller)
    }
}

fn start_time(request: &Request) -> Result<u32, Reply> {
    let start = request
        .query
        .integer("start_time")?
        .ok_or_else(|| described(400, "InvalidValue", "Missing start_time parameter"))?;
    if start > request.now / SECOND - DELAY {
        return Err(described(
            400,
            "StartTimeTooRecent",
            "Too recent start_time. Use a start_time older than 60 seconds",
        ));
    }
    u32::try_from(start).map_err(|_| described(400, "InvalidValue", "Invalid start_time parameter"))
}

/// One part of the export: what was walked over, and what of it is given.
struct Part {
    walked: Vec<u32>,
    given: Vec<u32>,
    has_more: bool,
}

fn part(
    account: &Account,
    caller: &Caller,
    request: &Request,
    scope: &Scope,
    generated: u32,
    index: u32,
) -> Part {
    let newest = u32::try_from(request.now / SECOND - DELAY).unwrap_or_default();
    let mut walk = account
        .exported_from(generated, index)
        .take_while(|index| account.tickets[*index as usize].generated <= newest)
        .peekable();
    let walked: Vec<u32> = walk.by_ref().take(scope.size).collect();
    let has_more = walk.peek().is_some();
    // Tickets outside the scope leave gaps: a page may come short, or empty, before the end.
    let given = walked
        .iter()
        .copied()
        .filter(|index| {
            let ticket = &account.tickets[*index as usize];
            scope.lets_through(ticket) && caller.sees(ticket)
        })
        .collect();
    Part {
        walked,
        given,
        has_more,
    }
}

pub(super) fn by_cursor(account: &Account, caller: &Caller, request: &Request) -> Answer {
    admins_or_narrowed_only(caller)?;
    caller.requires_scope("read", Some("tickets"))?;
    let scope = Scope::read(request)?;
    let asked = request.query.get("cursor").filter(|cursor| !cursor.is_empty());
    let from = match asked {
        Some(_) if request.paging_fault == Some(PagingFault::ExpiredCursor) => {
            return Err(invalid_cursor("cursor"));
        }
        Some(cursor) => Place::decode(cursor).ok_or_else(|| invalid_cursor("cursor"))?,
        // The place before the first ticket of that second is the end of the second before.
        None => Place {
            generated: start_time(request)?.saturating_sub(1),
            index: u32::MAX,
            nonce: 0,
        },
    };
    let (next_second, next_index) = if from.index == u32::MAX {
        (from.generated.saturating_add(1), 0)
    } else {
        (from.generated, from.index + 1)
    };
    let mut part = part(account, caller, request, &scope, next_second, next_index);
    let last = part.walked.last().map(|index| Place {
        generated: account.tickets[*index as usize].generated,
        index: *index,
        nonce: 0,
    });
    let mut after = last.unwrap_or(from);
    match request.paging_fault {
        Some(PagingFault::EmptyPage) => {
            part = Part {
                walked: Vec::new(),
                given: Vec::new(),
                has_more: true,
            };
            after = Place {
                nonce: from.nonce + 1,
                ..from
            };
        }
        Some(PagingFault::RepeatedCursor) if asked.is_some() => {
            part.has_more = true;
            after = from;
        }
        _ => {}
    }
    let cursor = after.encode();
    let url = request.url_with(
        &request
            .query
            .with(&["cursor", "start_time"], &[("cursor", &cursor)]),
    );
    let envelope = [
        ("after_cursor", json!(cursor)),
        ("after_url", json!(url)),
        ("before_cursor", Value::Null),
        ("before_url", Value::Null),
        ("end_of_stream", json!(!part.has_more)),
    ];
    written(account, request, &part.given, envelope)
}

pub(super) fn by_time(account: &Account, caller: &Caller, request: &Request) -> Answer {
    admins_or_narrowed_only(caller)?;
    caller.requires_scope("read", Some("tickets"))?;
    let scope = Scope::read(request)?;
    let start = start_time(request)?;
    let mut part = part(account, caller, request, &scope, start, 0);
    let mut end_time = part
        .walked
        .last()
        .map(|index| account.tickets[*index as usize].generated);
    if request.paging_fault == Some(PagingFault::EmptyPage) {
        part = Part {
            walked: Vec::new(),
            given: Vec::new(),
            has_more: true,
        };
        end_time = Some(start);
    }
    // At the end the next page is given all the same; it is this page again.
    let next = request.url_with(&request.query.with(
        &["start_time"],
        &[("start_time", &end_time.unwrap_or(start).to_string())],
    ));
    let envelope = [
        ("count", json!(part.given.len())),
        ("next_page", json!(next)),
        ("end_time", json!(end_time)),
        ("end_of_stream", json!(!part.has_more)),
    ];
    written(account, request, &part.given, envelope)
}

/// A page of tickets with its side loads and whatever else stands around it.
struct ExportJson<'a> {
    account: &'a Account,
    tickets: &'a [u32],
    with_metrics: bool,
    around: Vec<(&'static str, Value)>,
}

impl Serialize for ExportJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            account,
            with_metrics,
            ..
        } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(
            "tickets",
            &Each(self.tickets.iter().map(|index| TicketJson {
                account,
                index: *index,
                with_metrics,
            })),
        )?;
        for (name, value) in &self.around {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn written<const N: usize>(
    account: &Account,
    request: &Request,
    tickets: &[u32],
    envelope: [(&'static str, Value); N],
) -> Answer {
    let include = request.query.get("include").unwrap_or_default();
    let with_metrics = include.split(',').any(|part| part.trim() == "metric_sets");
    let mut around = side_loads(account, tickets, include);
    around.extend(envelope);
    Ok(Reply::json(
        200,
        &ExportJson {
            account,
            tickets,
            with_metrics,
            around,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_cursor() {
        for place in [
            Place {
                generated: 1_780_000_000,
                index: 12,
                nonce: 0,
            },
            Place {
                generated: 5,
                index: u32::MAX,
                nonce: 3,
            },
        ] {
            assert_eq!(Place::decode(&place.encode()), Some(place));
        }
        assert_eq!(Place::decode("bm8="), None);
    }

    proptest::proptest! {
        #[test]
        fn any_place_survives_and_any_text_is_read(generated: u32, index: u32, nonce: u32, text in ".*") {
            let place = Place { generated, index, nonce };
            proptest::prop_assert_eq!(Place::decode(&place.encode()), Some(place));
            if let Some(read) = Place::decode(&text) {
                proptest::prop_assert_eq!(Place::decode(&read.encode()), Some(read));
            }
        }
    }
}

//! `guide/survey_responses` and `guide/{locale}/surveys`.

use serde::Serialize;
use ulid::Ulid;

use super::forbidden_in_help_center;
use crate::account::Account;
use crate::account::people::{Role, UserRef};
use crate::account::records::{NONE, Named, Response};
use crate::auth::Caller;
use crate::paging::{Asked, Cursor, Envelope, From, PageJson, asked_by_cursor, take, take_places};
use crate::render::Each;
use crate::render::response::{ResponseJson, conversation_uuid};
use crate::render::survey::SurveyJson;
use crate::reply::{Answer, Reply, invalid_attribute, listed};
use crate::request::{PagingFault, Request};

const MOST: usize = 50;

/// What of the list was asked for.
struct Filter {
    responders: Option<Vec<Option<u32>>>,
    subjects: Option<Vec<Subject>>,
    /// Milliseconds since the epoch, both included.
    sent: (Option<i64>, Option<i64>),
}

enum Subject {
    Ticket(u32),
    Conversation(String),
    Unknown,
}

impl Subject {
    fn parse(account: &Account, zrn: &str) -> Self {
        let mut parts = zrn.trim().splitn(3, ':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("zen" | "zrn"), Some("ticket" | "request"), Some(id)) => id
                .parse()
                .ok()
                .and_then(|id| account.ticket_index(id))
                .map_or(Self::Unknown, Self::Ticket),
            (Some("zen" | "zrn"), Some("conversation"), Some(id)) => {
                Self::Conversation(id.to_ascii_lowercase())
            }
            _ => Self::Unknown,
        }
    }

    fn is_of(&self, account: &Account, response: &Response) -> bool {
        match self {
            Self::Ticket(ticket) => response.named != Named::Nowhere && response.ticket == *ticket,
            Self::Conversation(uuid) => {
                response.conversation != 0 && conversation_uuid(account, response.conversation) == *uuid
            }
            Self::Unknown => false,
        }
    }
}

impl Filter {
    fn read(account: &Account, request: &Request) -> Result<Self, Reply> {
        let query = &request.query;
        let filled = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Ok(Self {
            responders: filled("filter[responder_ids]").map(|ids| {
                ids.split(',')
                    .map(|id| {
                        id.trim()
                            .parse()
                            .ok()
                            .and_then(|id| account.user_of_id(id))
                            .map(|user| account.person_of(user))
                    })
                    .collect()
            }),
            subjects: filled("filter[subject_zrns]")
                .map(|zrns| zrns.split(',').map(|zrn| Subject::parse(account, zrn)).collect()),
            sent: (
                query.integer("filter[created_at_start]")?,
                query.integer("filter[created_at_end]")?,
            ),
        })
    }

    fn lets_through(&self, account: &Account, response: &Response) -> bool {
        self.responders
            .as_ref()
            .is_none_or(|responders| responders.contains(&Some(response.responder)))
            && self
                .subjects
                .as_ref()
                .is_none_or(|subjects| subjects.iter().any(|subject| subject.is_of(account, response)))
    }

    /// Where the responses sent in that time stand.
    fn range(&self, responses: &[Response]) -> std::ops::Range<usize> {
        let start = self.sent.0.map_or(0, |start| {
            responses.partition_point(|response| response.sent() < start)
        });
        let end = self.sent.1.map_or(responses.len(), |end| {
            responses.partition_point(|response| response.sent() <= end)
        });
        start..end.max(start)
    }

    /// Responses of a few tickets, without a walk through all.
    fn of_tickets(&self, account: &Account) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        for subject in self.subjects.as_ref()? {
            match subject {
                Subject::Ticket(ticket) => {
                    let mut next = account
                        .tickets
                        .get(*ticket as usize)
                        .map_or(NONE, |ticket| ticket.last_response);
                    while let Some(response) = account.responses.get(next as usize) {
                        if response.named != Named::Nowhere {
                            found.push(next as usize);
                        }
                        next = response.previous;
                    }
                }
                Subject::Conversation(_) => return None,
                Subject::Unknown => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

/// Cursors are ULIDs: the place of a record, or between two.
fn decode(text: &str) -> Option<Cursor> {
    Some(Cursor {
        key: Ulid::from_string(text).ok()?.0,
        nonce: 0,
    })
}

pub(super) fn list(account: &Account, caller: &Caller, request: &Request) -> Answer {
    caller.requires_scope("read", Some("survey_responses"))?;
    let own = match (caller.role, caller.user) {
        (Role::Admin, _) => None,
        (Role::EndUser, UserRef::Customer(customer)) => Some(customer),
        _ => return Err(forbidden_in_help_center()),
    };
    let filter = Filter::read(account, request)?;
    let descending = match request
        .query
        .get("sort")
        .filter(|sort| !sort.is_empty())
        .unwrap_or("-id")
    {
        "id" => false,
        "-id" => true,
        _ => return Err(invalid_attribute("sort", "one of id, -id")),
    };
    let Asked::Cursor { size, from } = asked_by_cursor(request, MOST, MOST, decode)? else {
        return Err(invalid_attribute("page", "a cursor page"));
    };
    let responses = &account.responses;
    let backwards = matches!(from, From::Before(_));
    let up = descending == backwards;
    let mut range = filter.range(responses);
    if let From::After(cursor) | From::Before(cursor) = from {
        if up {
            range.start = range
                .start
                .max(responses.partition_point(|response| response.id <= cursor.key));
        } else {
            range.end = range
                .end
                .min(responses.partition_point(|response| response.id < cursor.key));
        }
        range.end = range.end.max(range.start);
    }
    let passes = |index: &usize| {
        let response = &responses[*index];
        own.is_none_or(|customer| response.responder == customer) && filter.lets_through(account, response)
    };
    let few = filter.of_tickets(account);
    let candidates: Box<dyn DoubleEndedIterator<Item = usize>> = match few {
        Some(few) => Box::new(few.into_iter().filter(move |index| range.contains(index))),
        None => Box::new(range),
    };
    let page = if up {
        take(candidates.filter(passes), size, backwards)
    } else {
        take(candidates.rev().filter(passes), size, backwards)
    };
    let cursor = |index: &usize| Ulid(responses[*index].id).to_string();
    let (items, envelope) = match (request.paging_fault, from) {
        (Some(PagingFault::EmptyPage), From::Start | From::After(_)) => {
            let cursor = match from {
                From::After(cursor) => cursor,
                _ => Cursor {
                    key: if up { 0 } else { u128::MAX },
                    nonce: 0,
                },
            };
            let beside = if up {
                cursor.key.saturating_add(1)
            } else {
                cursor.key.saturating_sub(1)
            };
            let beside = if responses
                .binary_search_by_key(&beside, |response| response.id)
                .is_ok()
            {
                cursor.key
            } else {
                beside
            };
            let again = Ulid(beside).to_string();
            (
                Vec::new(),
                Envelope::of_cursor(request, true, Some((again.clone(), again)), false),
            )
        }
        _ => {
            let ends = page.items.first().map(cursor).zip(page.items.last().map(cursor));
            (
                page.items,
                Envelope::of_cursor(request, page.has_more, ends, false),
            )
        }
    };
    let items = Each(items.iter().map(|index| ResponseJson {
        account,
        response: &responses[*index],
        locale: None,
    }));
    Ok(Reply::json(
        200,
        &PageJson {
            name: "survey_responses",
            items,
            envelope: &envelope,
        },
    ))
}

pub(super) fn not_found() -> Reply {
    listed(404, "NotFound", "The survey response could not be found")
}

/// The response with that id, by its place.
pub(super) fn find(account: &Account, id: &str) -> Result<u32, Reply> {
    Ulid::from_string(id)
        .ok()
        .and_then(|id| account.response_index(id.0))
        .ok_or_else(not_found)
}

pub(super) fn show(account: &Account, caller: &Caller, locale: &str, id: &str) -> Answer {
    caller.requires_scope("read", Some("survey_responses"))?;
    let index = find(account, id)?;
    let response = &account.responses[index as usize];
    if caller.role != Role::Admin && caller.user != account.person(response.responder) {
        return Err(forbidden_in_help_center());
    }
    Ok(one(account, response, Some(locale)))
}

#[derive(Serialize)]
struct One<T> {
    survey_response: T,
}

fn one(account: &Account, response: &Response, locale: Option<&str>) -> Reply {
    Reply::json(
        200,
        &One {
            survey_response: ResponseJson {
                account,
                response,
                locale,
            },
        },
    )
}

/// A response with its questions in short, as a submission is answered.
pub(super) fn in_short(account: &Account, index: u32) -> Reply {
    one(account, &account.responses[index as usize], None)
}

pub(super) fn surveys(account: &Account, caller: &Caller, request: &Request, locale: &str) -> Answer {
    caller.requires_scope("read", Some("surveys"))?;
    if caller.role != Role::Admin {
        return Err(forbidden_in_help_center());
    }
    let Asked::Cursor { size, from } =
        asked_by_cursor(request, MOST, 100, |text| Cursor::decode(text, "surveys"))?
    else {
        return Err(invalid_attribute("page", "a cursor page"));
    };
    let (page, ends) = take_places(account.surveys.surveys.len(), size, from, "surveys");
    let envelope = Envelope::of_cursor(request, page.has_more, ends, false);
    let surveys = &account.surveys;
    let current = page.items.iter().filter_map(|survey| {
        surveys
            .versions
            .get(usize::from(surveys.in_force(*survey, request.now)?))
    });
    let items: Vec<_> = current
        .map(|version| SurveyJson {
            surveys,
            version,
            locale,
        })
        .collect();
    Ok(Reply::json(
        200,
        &PageJson {
            name: "surveys",
            items,
            envelope: &envelope,
        },
    ))
}

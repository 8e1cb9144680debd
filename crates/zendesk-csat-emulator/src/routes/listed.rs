//! Lists that are short enough to be whole in memory, and records by their ids.

use serde_json::{Value, json};

use crate::paging::{Asked, Cursor, Envelope, From, PageJson, asked, take_places};
use crate::reply::{Answer, Reply, described};
use crate::request::{PagingFault, Request};

pub(super) const MOST: usize = 100;
/// The key of a cursor to before the first record.
const START: u128 = u128::MAX;

/// A page of a list of so many records, by cursor or by offset.
pub(super) fn page(
    request: &Request,
    name: &'static str,
    all: usize,
    record: impl Fn(usize) -> Value,
) -> Answer {
    let (places, envelope): (Vec<usize>, Envelope) = match asked(request, MOST, name)? {
        Asked::Offset { page, size } => (
            (0..all).skip((page - 1) * size).take(size).collect(),
            Envelope::of_offset(request, page, size, all),
        ),
        Asked::Cursor { size, from } => {
            let from = match from {
                From::After(cursor) if cursor.key == START => From::Start,
                from => from,
            };
            if request.paging_fault == Some(PagingFault::EmptyPage) && !matches!(from, From::Before(_)) {
                let place = match from {
                    From::After(cursor) => cursor,
                    _ => Cursor { key: START, nonce: 0 },
                };
                let again = Cursor {
                    nonce: place.nonce.wrapping_add(1),
                    ..place
                }
                .encode(name);
                let ends = Some((again.clone(), again));
                (Vec::new(), Envelope::of_cursor(request, true, ends, true))
            } else {
                let (page, ends) = take_places(all, size, from, name);
                (
                    page.items,
                    Envelope::of_cursor(request, page.has_more, ends, true),
                )
            }
        }
    };
    let items: Vec<Value> = places.into_iter().map(record).collect();
    Ok(Reply::json(
        200,
        &PageJson {
            name,
            items,
            envelope: &envelope,
        },
    ))
}

/// The ids that `ids` lists: a hundred at most.
pub(super) fn ids<'a>(request: &'a Request, name: &str) -> Result<Vec<&'a str>, Reply> {
    let ids = request
        .query
        .get("ids")
        .ok_or_else(|| described(400, "InvalidValue", "Missing ids parameter"))?;
    let ids: Vec<&str> = ids
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .collect();
    if ids.len() > MOST {
        let most = format!("You can show at most 100 {name}");
        return Err(described(400, "TooManyValues", &most));
    }
    Ok(ids)
}

/// The records of those ids; what is not found is left out.
pub(super) fn by_ids(request: &Request, name: &'static str, find: impl Fn(u64) -> Option<Value>) -> Answer {
    let mut found: Vec<(u64, Value)> = ids(request, name)?
        .into_iter()
        .filter_map(|id| id.parse().ok())
        .filter_map(|id| Some((id, find(id)?)))
        .collect();
    found.sort_by_key(|(id, _)| *id);
    found.dedup_by_key(|(id, _)| *id);
    let records: Vec<Value> = found.into_iter().map(|(_, record)| record).collect();
    Ok(Reply::json(
        200,
        &json!({"count": records.len(), name: records, "next_page": null, "previous_page": null}),
    ))
}

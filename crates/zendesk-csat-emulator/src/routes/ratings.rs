//! `satisfaction_ratings`.

use std::ops::Range;

use serde_json::json;

use super::admins_only;
use crate::account::Account;
use crate::account::life::{DAY, SECOND};
use crate::account::records::{Rating, Score};
use crate::auth::Caller;
use crate::paging::{Asked, Cursor, Envelope, From, PageJson, asked, take};
use crate::render::rating::RatingJson;
use crate::render::{Each, iso_seconds};
use crate::reply::{Answer, Reply, invalid_attribute, record_not_found};
use crate::request::{PagingFault, Request};

const MOST: usize = 100;
/// The key of a cursor to before the first record.
const START: u128 = u128::MAX;
/// Above this the count is a cached one.
const EXACT_COUNTS: usize = 100_000;
/// How long after midnight the cached count is being made, in milliseconds.
const COUNTING: i64 = 300 * SECOND;

/// What of the list was asked for.
struct Filter {
    score: Option<(&'static [Score], Option<bool>)>,
    start: Option<i64>,
    end: Option<i64>,
}

impl Filter {
    fn read(request: &Request) -> Result<Self, Reply> {
        Ok(Self {
            score: request
                .query
                .get("score")
                .filter(|score| !score.is_empty())
                .map(scores)
                .transpose()?,
            start: request.query.integer("start_time")?,
            end: request.query.integer("end_time")?,
        })
    }

    fn lets_through(&self, rating: &Rating) -> bool {
        let created = i64::from(rating.created);
        // One without a time of creation is within any.
        let is_within = rating.is_undated()
            || self.start.is_none_or(|start| created >= start) && self.end.is_none_or(|end| created <= end);
        is_within
            && self.score.is_none_or(|(scores, commented)| {
                scores.contains(&rating.score)
                    && commented.is_none_or(|commented| rating.comment.is_written() == commented)
            })
    }
}

/// The scores that a filter stands for, and whether there must or must not be a comment.
fn scores(name: &str) -> Result<(&'static [Score], Option<bool>), Reply> {
    let (base, commented) = if let Some(base) = name.strip_suffix("_with_comment") {
        (base, Some(true))
    } else if let Some(base) = name.strip_suffix("_without_comment") {
        (base, Some(false))
    } else {
        (name, None)
    };
    let scores: &'static [Score] = match (base, commented) {
        ("offered", None) => &[Score::Offered],
        ("unoffered", None) => &[Score::Unoffered],
        ("received", _) => &[Score::Good, Score::Bad],
        ("good", _) => &[Score::Good],
        ("bad", _) => &[Score::Bad],
        _ => return Err(invalid_attribute("score", "one of the documented scores")),
    };
    Ok((scores, commented))
}

/// The index of the rating with that key.
fn index_of(key: u64) -> u32 {
    key as u32
}

pub(super) fn list(account: &Account, caller: &Caller, request: &Request) -> Answer {
    admins_only(caller)?;
    caller.requires_scope("read", Some("satisfaction_ratings"))?;
    let filter = Filter::read(request)?;
    let order = match request.query.get("sort").unwrap_or("id") {
        "id" | "created_at" => "id",
        "-id" | "-created_at" => "-id",
        _ => {
            return Err(invalid_attribute(
                "sort",
                "one of id, -id, created_at, -created_at",
            ));
        }
    };
    let passes = |key: &u64| {
        let rating = &account.ratings[index_of(*key) as usize];
        account.is_listed(rating) && filter.lets_through(rating)
    };
    let walk = |range: Range<u64>, up: bool| -> Box<dyn Iterator<Item = u64>> {
        let keys = account.rating_keys(range).filter(passes);
        if up { Box::new(keys) } else { Box::new(keys.rev()) }
    };
    let all = 0..u64::MAX;
    let (items, envelope) = match asked(request, MOST, order)? {
        Asked::Offset { page, size } => {
            let matching: Vec<u64> = walk(all, order == "id").collect();
            let items = matching
                .iter()
                .copied()
                .skip((page - 1) * size)
                .take(size)
                .collect();
            (items, Envelope::of_offset(request, page, size, matching.len()))
        }
        Asked::Cursor { size, from } => {
            let ascending = order == "id";
            let backwards = matches!(from, From::Before(_));
            // Walking up the keys, or down, from the cursor's record.
            let up = ascending != backwards;
            let range = match from {
                From::Start => all,
                From::After(cursor) if cursor.key == START => all,
                From::After(cursor) | From::Before(cursor) if up => {
                    u64::try_from(cursor.key).unwrap_or(u64::MAX).saturating_add(1)..all.end
                }
                From::After(cursor) | From::Before(cursor) => {
                    0..u64::try_from(cursor.key).unwrap_or(u64::MAX)
                }
            };
            if request.paging_fault == Some(PagingFault::EmptyPage) && !backwards {
                let place = match from {
                    From::After(cursor) => cursor,
                    _ => Cursor { key: START, nonce: 0 },
                };
                let again = Cursor {
                    nonce: place.nonce + 1,
                    ..place
                }
                .encode(order);
                (
                    Vec::new(),
                    Envelope::of_cursor(request, true, Some((again.clone(), again)), true),
                )
            } else {
                let page = take(walk(range, up), size, backwards);
                let cursor = |key: &u64| {
                    Cursor {
                        key: u128::from(*key),
                        nonce: 0,
                    }
                    .encode(order)
                };
                let ends = page.items.first().map(cursor).zip(page.items.last().map(cursor));
                (
                    page.items,
                    Envelope::of_cursor(request, page.has_more, ends, true),
                )
            }
        }
    };
    let items = Each(items.iter().map(|key| RatingJson {
        account,
        index: index_of(*key),
    }));
    Ok(Reply::json(
        200,
        &PageJson {
            name: "satisfaction_ratings",
            items,
            envelope: &envelope,
        },
    ))
}

pub(super) fn count(account: &Account, caller: &Caller, request: &Request) -> Answer {
    admins_only(caller)?;
    caller.requires_scope("read", Some("satisfaction_ratings"))?;
    let midnight = request.now / DAY * DAY;
    let until = |end: i64| {
        let end = u32::try_from(end / SECOND).unwrap_or(u32::MAX);
        let listed = account.ratings.iter().filter(|rating| account.is_listed(rating));
        listed.filter(|rating| rating.created <= end).count()
    };
    let exact = until(request.now);
    let (refreshed, value) = if exact <= EXACT_COUNTS {
        (Some(request.now), exact)
    } else if request.now - midnight < COUNTING {
        (None, EXACT_COUNTS)
    } else {
        (Some(midnight), until(midnight))
    };
    let refreshed_at = refreshed.map(|at| iso_seconds(u32::try_from(at / SECOND).unwrap_or_default()));
    Ok(Reply::json(
        200,
        &json!({"count": {"refreshed_at": refreshed_at, "value": value}}),
    ))
}

pub(super) fn show(account: &Account, caller: &Caller, id: &str) -> Answer {
    admins_only(caller)?;
    caller.requires_scope("read", Some("satisfaction_ratings"))?;
    let index = id
        .parse()
        .ok()
        .and_then(|id| account.rating_index(id))
        .ok_or_else(record_not_found)?;
    Ok(one(account, index))
}

/// A single rating: an object, though the page shows an array of one.
pub(super) fn one(account: &Account, index: u32) -> Reply {
    #[derive(serde::Serialize)]
    struct One<T> {
        satisfaction_rating: T,
    }
    Reply::json(
        200,
        &One {
            satisfaction_rating: RatingJson { account, index },
        },
    )
}

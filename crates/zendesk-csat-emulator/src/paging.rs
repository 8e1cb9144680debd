//! Cursor and offset pages, their envelopes, limits and errors.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;

use crate::reply::{Reply, invalid_attribute, titled};
use crate::request::{PagingFault, Request};

/// The last record that offset pages reach.
const OFFSET_WALL: i64 = 10_000;

/// A place in a list: after or before the record with that key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) key: u128,
    /// Tells cursors to the same place apart.
    pub(crate) nonce: u32,
}

impl Cursor {
    /// The opaque text of the cursor in the list of that name and order.
    pub(crate) fn encode(self, list: &str) -> String {
        STANDARD.encode(json!({"o": list, "v": format!("{:x}", self.key), "n": self.nonce}).to_string())
    }

    pub(crate) fn decode(text: &str, list: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
        if value["o"].as_str()? != list {
            return None;
        }
        Some(Self {
            key: u128::from_str_radix(value["v"].as_str()?, 16).ok()?,
            nonce: u32::try_from(value["n"].as_u64()?).ok()?,
        })
    }
}

/// What part of a list was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Cursor { size: usize, from: From },
    Offset { page: usize, size: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Start,
    After(Cursor),
    Before(Cursor),
}

/// The error for a cursor that leads nowhere.
pub(crate) fn invalid_cursor(name: &str) -> Reply {
    titled(
        400,
        "Invalid attribute",
        &format!(
            "You passed an invalid value for the {name} attribute. The cursor is invalid or has expired"
        ),
    )
}

/// Reads `page[size]`, within the list's limit.
pub(crate) fn cursor_size(request: &Request, default: usize, most: usize) -> Result<usize, Reply> {
    let wrong = || invalid_attribute("page.size", &format!("an integer between 1 and {most}"));
    match request.query.get("page[size]") {
        None => Ok(default),
        Some(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|size| (1..=most).contains(size))
            .ok_or_else(wrong),
    }
}

/// Reads the parameters of a cursor page, with cursors read by `decode`.
pub(crate) fn asked_by_cursor(
    request: &Request,
    default: usize,
    most: usize,
    decode: impl Fn(&str) -> Option<Cursor>,
) -> Result<Asked, Reply> {
    let size = cursor_size(request, default, most)?;
    let cursor = |name: &str| -> Result<Option<Cursor>, Reply> {
        let Some(text) = request.query.get(name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        if request.paging_fault == Some(PagingFault::ExpiredCursor) {
            return Err(invalid_cursor(name));
        }
        decode(text).map(Some).ok_or_else(|| invalid_cursor(name))
    };
    let from = match (cursor("page[after]")?, cursor("page[before]")?) {
        (Some(after), _) => From::After(after),
        (None, Some(before)) => From::Before(before),
        (None, None) => From::Start,
    };
    Ok(Asked::Cursor { size, from })
}

/// Reads the parameters of a page: by cursor where `page[…]` is given, else by offset.
pub(crate) fn asked(request: &Request, most: usize, list: &str) -> Result<Asked, Reply> {
    let query = &request.query;
    if ["page[size]", "page[after]", "page[before]"]
        .iter()
        .any(|name| query.get(name).is_some())
    {
        return asked_by_cursor(request, most, most, |text| Cursor::decode(text, list));
    }
    let size = query
        .integer("per_page")?
        .unwrap_or(100)
        .clamp(1, i64::try_from(most).unwrap_or(i64::MAX));
    let page = query.integer("page")?.unwrap_or(1).max(1);
    if page.saturating_mul(size) > OFFSET_WALL {
        return Err(Reply::json(
            400,
            &json!({"errors": [{
                "code": "InvalidPaginationDepth",
                "title": "Requested response size was greater than Offset Pagination Limits",
                "detail": "Offset pagination reaches the first 10,000 records. Use cursor pagination for the rest",
            }]}),
        ));
    }
    Ok(Asked::Offset {
        page: usize::try_from(page).unwrap_or(1),
        size: usize::try_from(size).unwrap_or(1),
    })
}

/// The records of a page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) has_more: bool,
}

/// Takes a page from records in walking order; for pages before a cursor the walk goes backwards.
pub(crate) fn take<T>(walk: impl Iterator<Item = T>, size: usize, backwards: bool) -> Page<T> {
    let mut walk = walk.peekable();
    let mut items: Vec<T> = walk.by_ref().take(size).collect();
    let has_more = walk.peek().is_some();
    if backwards {
        items.reverse();
    }
    Page { items, has_more }
}

/// Takes a page of a list that is whole in memory, as places in it; its cursors hold places too.
pub(crate) fn take_places(
    all: usize,
    size: usize,
    from: From,
    list: &str,
) -> (Page<usize>, Option<(String, String)>) {
    let place = |cursor: Cursor| usize::try_from(cursor.key).unwrap_or(usize::MAX).min(all);
    let page = match from {
        From::Start => take(0..all, size, false),
        From::After(cursor) => take((place(cursor) + 1).min(all)..all, size, false),
        From::Before(cursor) => take((0..place(cursor)).rev(), size, true),
    };
    let cursor = |place: &usize| {
        Cursor {
            key: *place as u128,
            nonce: 0,
        }
        .encode(list)
    };
    let ends = page.items.first().map(cursor).zip(page.items.last().map(cursor));
    (page, ends)
}

/// What stands around the records of a page.
#[derive(Debug)]
pub(crate) enum Envelope {
    Cursor {
        has_more: bool,
        after: Option<String>,
        before: Option<String>,
        links: Option<(Option<String>, Option<String>)>,
    },
    Offset {
        next: Option<String>,
        previous: Option<String>,
        count: usize,
    },
}

impl Envelope {
    /// The envelope of a cursor page whose first and last records have those cursors.
    pub(crate) fn of_cursor(
        request: &Request,
        has_more: bool,
        ends: Option<(String, String)>,
        with_links: bool,
    ) -> Self {
        let (mut before, mut after) = ends.map_or((None, None), |(first, last)| (Some(first), Some(last)));
        if request.paging_fault == Some(PagingFault::RepeatedCursor)
            && let Some(sent) = request.query.get("page[after]")
        {
            after = Some(sent.to_owned());
            before = before.or(Some(sent.to_owned()));
        }
        let link = |name: &str, cursor: &Option<String>| {
            let cursor = cursor.as_ref()?;
            Some(
                request.url_with(
                    &request
                        .query
                        .with(&["page[after]", "page[before]"], &[(name, cursor)]),
                ),
            )
        };
        // The link to the next page is set on the last page too, as `after_cursor` is.
        let links = with_links.then(|| (link("page[after]", &after), link("page[before]", &before)));
        Self::Cursor {
            has_more: has_more || request.paging_fault == Some(PagingFault::RepeatedCursor),
            after,
            before,
            links,
        }
    }

    pub(crate) fn of_offset(request: &Request, page: usize, size: usize, count: usize) -> Self {
        let link = |number: usize| {
            Some(request.url_with(&request.query.with(&["page"], &[("page", &number.to_string())])))
        };
        Self::Offset {
            next: if page * size < count { link(page + 1) } else { None },
            previous: if page > 1 { link(page - 1) } else { None },
            count,
        }
    }
}

/// A page as it is written: the records under their name, and the envelope.
pub(crate) struct PageJson<'a, I> {
    pub(crate) name: &'static str,
    pub(crate) items: I,
    pub(crate) envelope: &'a Envelope,
}

impl<I: Serialize> Serialize for PageJson<'_, I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.name, &self.items)?;
        match self.envelope {
            Envelope::Cursor {
                has_more,
                after,
                before,
                links,
            } => {
                map.serialize_entry(
                    "meta",
                    &json!({"has_more": has_more, "after_cursor": after, "before_cursor": before}),
                )?;
                if let Some((next, previous)) = links {
                    map.serialize_entry("links", &json!({"next": next, "prev": previous}))?;
                }
            }
            Envelope::Offset {
                next,
                previous,
                count,
            } => {
                map.serialize_entry("next_page", next)?;
                map.serialize_entry("previous_page", previous)?;
                map.serialize_entry("count", count)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_in_its_own_list_only() {
        let cursor = Cursor { key: 42, nonce: 0 };
        let text = cursor.encode("id");
        assert_eq!(Cursor::decode(&text, "id"), Some(cursor));
        assert_eq!(Cursor::decode(&text, "-id"), None);
        assert_eq!(Cursor::decode("nonsense", "id"), None);
    }

    #[test]
    fn a_backwards_page_comes_in_the_lists_order() {
        let page = take([3, 2, 1].into_iter(), 2, true);
        assert_eq!(page.items, [2, 3]);
        assert!(page.has_more);
    }

    proptest::proptest! {
        #[test]
        fn any_cursor_survives_and_any_text_is_read(key: u128, nonce: u32, text in ".*") {
            let cursor = Cursor { key, nonce };
            proptest::prop_assert_eq!(Cursor::decode(&cursor.encode("list"), "list"), Some(cursor));
            let _read = Cursor::decode(&text, "list");
        }

        #[test]
        fn pages_of_any_size_give_every_record_once(records: u16, size in 1_usize..200) {
            let (mut seen, mut from) = (Vec::new(), 0);
            loop {
                let page = take(from..records, size, false);
                from = page.items.last().map_or(from, |last| last + 1);
                seen.extend(page.items);
                if !page.has_more {
                    break;
                }
            }
            proptest::prop_assert!(seen.into_iter().eq(0..records));
        }
    }
}

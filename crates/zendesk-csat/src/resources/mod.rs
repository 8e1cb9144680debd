//! One file a resource, named as the documentation names it; one request type an operation.

pub(crate) mod brands;
mod by_ids;
pub(crate) mod groups;
pub(crate) mod oauth;
mod offset;
pub(crate) mod organizations;
mod page_number;
pub(crate) mod satisfaction_ratings;
pub(crate) mod satisfaction_reasons;
pub(crate) mod survey_responses;
pub(crate) mod surveys;
pub(crate) mod ticket_forms;
pub(crate) mod tickets;
pub(crate) mod users;

use crate::decode::page::Next;
use crate::operation::Operation;
use crate::transport::host_guard::path_segment;
use crate::transport::query_size::comma_lists;
use crate::{Error, Extra, types};
use offset::OffsetPage;
use std::fmt::Display;
use std::sync::Arc;

/// Gives a request its setters of optional parameters.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)+) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(mut self, $name: impl Into<$type>) -> Self {
                self.$name = Some($name.into());
                self
            }
        )+
    };
}
use setters;

/// How a page says where its listing goes on, where the service pages it as most of its listings.
macro_rules! cursor_pages {
    ($page:ty => $item:ty, $operation:ident) => {
        impl $crate::decode::page::Envelope for $page {
            type Item = $item;
            const OPERATION: &'static $crate::operation::Operation = &$crate::operation::$operation;

            fn into_next(self) -> $crate::decode::page::Next {
                $crate::resources::cursor(self.meta, self.next_page, self.extra)
            }

            fn stated_cursor(&self) -> Option<&str> {
                $crate::resources::stated_cursor(self.meta.as_ref())
            }
        }
    };
}
use cursor_pages;

/// How the service pages most of its listings.
fn cursor(meta: Option<types::CursorMeta>, next_page: Option<String>, extra: Extra) -> Next {
    match meta {
        Some(meta) => Next {
            // An empty cursor would lead back to the first page.
            cursor: meta.after_cursor.filter(|cursor| !cursor.is_empty()),
            has_more: meta.has_more,
            extra,
        },
        // Offset pages although cursor pages were asked for.
        None => Next {
            cursor: next_page
                .as_deref()
                .and_then(OffsetPage::of_address)
                .map(OffsetPage::to_cursor),
            has_more: next_page.is_some(),
            extra,
        },
    }
}

/// The cursor of the next page, where `meta` says that there is one.
fn stated_cursor(meta: Option<&types::CursorMeta>) -> Option<&str> {
    let cursor = meta.filter(|meta| meta.has_more)?.after_cursor.as_deref();
    cursor.filter(|cursor| !cursor.is_empty())
}

/// The page size to ask for: the caller's where the endpoint allows it, else the largest.
fn page_size(operation: &'static Operation, asked: Option<u32>) -> Result<Option<i32>, Error> {
    let Some(asked) = asked else {
        return Ok(operation.max_page_size);
    };
    let size = i32::try_from(asked).ok().filter(|size| *size >= 1);
    match (size, operation.max_page_size) {
        (Some(size), Some(max)) if size <= max => Ok(Some(size)),
        (Some(size), None) => Ok(Some(size)),
        (_, max) => {
            let max = max.map_or("any number".to_owned(), |max| max.to_string());
            Err(Error::misused(
                operation,
                format!("page_size is {asked}, and can be 1 to {max}"),
            ))
        }
    }
}

/// Refuses what would not stay one segment of the path.
fn segment<'a>(name: &str, value: &'a str) -> Result<&'a str, Error> {
    path_segment(value).map_err(|error| Error::configuration(format!("{name}: {error}")))
}

/// Several values as the comma list that the service reads, in one call.
fn comma_list(name: &str, values: &[impl Display]) -> Result<Option<String>, Error> {
    match &*Parts::of(name, values)?.0 {
        [] => Ok(None),
        [list] => Ok(Some(list.clone())),
        _ => Err(Error::configuration(format!(
            "{name}: more than one call takes; ask for fewer at once"
        ))),
    }
}

/// A listing whose comma list is too long for one address: a part a call, one after the other.
///
/// The cursor of such a listing is the number of the part, a colon, and the service's own cursor.
#[derive(Debug, Clone)]
struct Parts(Arc<[String]>);

impl Parts {
    fn of(name: &str, values: &[impl Display]) -> Result<Self, Error> {
        let parts = comma_lists(values, usize::MAX)
            .map_err(|error| Error::configuration(format!("{name}: {error}")))?;
        Ok(Self(parts.into()))
    }

    /// The part that a cursor stands in, and the service's own cursor.
    fn at<'a>(&self, cursor: Option<&'a str>) -> Result<(usize, Option<&'a str>), Error> {
        if self.0.len() < 2 {
            return Ok((0, cursor));
        }
        let Some(cursor) = cursor else {
            return Ok((0, None));
        };
        let (part, rest) = cursor.split_once(':').unwrap_or((cursor, ""));
        match part.parse() {
            Ok(part) if part < self.0.len() => Ok((part, Some(rest).filter(|rest| !rest.is_empty()))),
            _ => Err(Error::configuration(format!(
                "cursor {cursor:?}: not one of this listing"
            ))),
        }
    }

    fn get(&self, part: usize) -> Option<&str> {
        self.0.get(part).map(String::as_str)
    }

    /// Makes the end of a part's last page the way to the next part.
    fn way_on(&self, part: usize, said: Next) -> Next {
        if self.0.len() < 2 {
            return said;
        }
        if said.has_more {
            let cursor = said.cursor.map(|cursor| format!("{part}:{cursor}"));
            return Next { cursor, ..said };
        }
        let next = part + 1;
        let has_more = next < self.0.len();
        Next {
            cursor: has_more.then(|| format!("{next}:")),
            has_more,
            ..said
        }
    }
}

//! One file a resource, named as the documentation names it; one request type an operation.

pub(crate) mod oauth;
pub(crate) mod satisfaction_ratings;
pub(crate) mod satisfaction_reasons;
pub(crate) mod survey_responses;
pub(crate) mod surveys;
pub(crate) mod tickets;

use crate::decode::page::Next;
use crate::operation::Operation;
use crate::transport::host_guard::plain_path_segment;
use crate::{Error, types};

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

/// How the service pages most of its listings.
fn cursor(meta: Option<types::CursorMeta>, next_page: Option<String>) -> Next {
    match meta {
        Some(meta) => Next {
            cursor: meta.after_cursor,
            has_more: meta.has_more.unwrap_or(false),
        },
        // Offset pages although cursor pages were asked for: more than this page is out of reach.
        None => Next {
            cursor: None,
            has_more: next_page.is_some(),
        },
    }
}

/// The page size to ask for: the caller's where the endpoint allows it, else the largest.
fn page_size(operation: &Operation, asked: Option<u32>) -> Result<Option<i32>, Error> {
    let Some(asked) = asked else {
        return Ok(operation.max_page_size);
    };
    let size = i32::try_from(asked).ok().filter(|size| *size >= 1);
    match (size, operation.max_page_size) {
        (Some(size), Some(max)) if size <= max => Ok(Some(size)),
        (Some(size), None) => Ok(Some(size)),
        (_, max) => {
            let max = max.map_or("any number".to_owned(), |max| max.to_string());
            Err(Error::configuration(format!(
                "page_size {asked}: {} takes 1 to {max}",
                operation.id
            )))
        }
    }
}

/// Refuses what would not stay one segment of the path.
fn segment<'a>(name: &str, value: &'a str) -> Result<&'a str, Error> {
    plain_path_segment(value).map_err(|error| Error::configuration(format!("{name}: {error}")))
}

/// Several values as the comma list that the service reads.
fn comma_list(name: &str, values: &[String]) -> Result<Option<String>, Error> {
    if let Some(value) = values
        .iter()
        .find(|value| value.is_empty() || value.contains(','))
    {
        return Err(Error::configuration(format!(
            "{name}: {value:?} cannot stand in a comma list"
        )));
    }
    Ok((!values.is_empty()).then(|| values.join(",")))
}

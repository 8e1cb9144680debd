//! Records by their ids, a hundred a call, as a listing whose cursor is a place in the list of ids.

use crate::Error;
use crate::decode::page::Next;
use crate::operation::Operation;
use std::fmt::Display;

/// The service takes this many ids a call.
const IDS_A_CALL: usize = 100;

/// The ids asked for, and how far they have been.
#[derive(Debug, Clone)]
pub(super) struct ByIds<T> {
    operation: &'static Operation,
    ids: Vec<T>,
    pub(super) after: Option<String>,
}

impl<T: Display> ByIds<T> {
    pub(super) fn new(operation: &'static Operation, ids: Vec<T>) -> Self {
        Self {
            operation,
            ids,
            after: None,
        }
    }

    fn start(&self) -> Result<usize, Error> {
        let Some(after) = &self.after else { return Ok(0) };
        after.parse().map_err(|_| {
            Error::misused(
                self.operation,
                format!("cursor {after:?}: not one of this listing"),
            )
        })
    }

    /// The comma list of the next call.
    pub(super) fn comma_list(&self) -> Result<String, Error> {
        let start = self.start()?;
        let rest = self.ids.get(start..).unwrap_or_default();
        if rest.is_empty() {
            return Err(Error::misused(self.operation, "give at least one id"));
        }
        let ids: Vec<_> = rest.iter().take(IDS_A_CALL).map(T::to_string).collect();
        Ok(ids.join(","))
    }

    pub(super) fn way_on(&self, said: Next) -> Next {
        let next = self.start().map_or(self.ids.len(), |start| start + IDS_A_CALL);
        let has_more = next < self.ids.len();
        Next {
            cursor: has_more.then(|| next.to_string()),
            has_more,
            ..said
        }
    }
}

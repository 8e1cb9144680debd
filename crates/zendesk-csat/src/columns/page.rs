//! A page of columns.

use super::Columns;
use crate::decode::page::Malformed;
use crate::decode::sink::Sink;
use crate::paging::{Listing, PageOf};
use crate::response::{CallMeta, Response};
use crate::{Error, Extra};

/// One page of a listing as columns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ColumnPage<C> {
    /// The records that could be read, in the service's order.
    pub columns: C,
    /// The records that could not, each with its path.
    pub malformed: Vec<Malformed>,
    /// Where the next page starts, or where a later run goes on. Keep it as it is.
    pub cursor: Option<String>,
    /// Whether the service has more. A page may be empty and still have more after it.
    pub has_more: bool,
    /// What came beside the records and has no field of its own, such as side-loaded lists.
    pub extra: Extra,
    /// The call that brought the page.
    pub meta: CallMeta,
}

impl<C: Columns> ColumnPage<C> {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The record in this row, counted from 0.
    pub fn row(&self, row: usize) -> Option<C::Row<'_>> {
        self.columns.row(row)
    }

    /// Every record, as a view of the columns.
    pub fn rows(&self) -> impl Iterator<Item = C::Row<'_>> {
        (0..self.len()).filter_map(|row| self.columns.row(row))
    }
}

impl<L: Listing, C: Columns + Sink> PageOf<L> for ColumnPage<C> {
    fn check(listing: &L) -> Result<(), Error> {
        let beyond = listing
            .selection()
            .and_then(|selection| selection.beyond(C::NAMES));
        match beyond {
            Some(name) => Err(Error::configuration(format!(
                "fields: there is no column {name:?}; the columns are {}",
                C::NAMES.join(", ")
            ))),
            None => Ok(()),
        }
    }

    fn read(listing: &L, response: Response) -> Result<Self, Error> {
        let mut columns = C::default();
        let rest = response.read_into::<L::Envelope, C>(&mut columns, listing.selection())?;
        let next = listing.way_on(rest.next);
        Ok(Self {
            columns,
            malformed: rest.malformed,
            cursor: next.cursor,
            has_more: next.has_more,
            extra: next.extra,
            meta: response.meta,
        })
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    fn has_more(&self) -> bool {
        self.has_more
    }
}

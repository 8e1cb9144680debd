//! The incremental ticket export by cursor.

use crate::columns::TicketColumns;
use crate::decode::page::{Envelope, Next};
use crate::decode::selected::Selection;
use crate::generated::parameters;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::resources::{page_size, setters};
use crate::response::Response;
use crate::types::{SupportTypeScope, Ticket, TicketExportPage};
use crate::{Client, Error};
use chrono::{DateTime, Utc};

/// Exports tickets; see [`Tickets::export`](super::Tickets::export).
#[derive(Debug, Clone)]
pub struct ExportTickets {
    client: Client,
    start_time: Option<DateTime<Utc>>,
    cursor: Option<String>,
    page_size: Option<u32>,
    include: Option<String>,
    exclude_deleted: Option<bool>,
    support_type_scope: Option<SupportTypeScope>,
    fields: Option<Selection>,
}

impl ExportTickets {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            start_time: None,
            cursor: None,
            page_size: None,
            include: None,
            exclude_deleted: None,
            support_type_scope: None,
            fields: None,
        }
    }

    ticket_fields!();

    setters! {
        /// Only what changed at or after this time, to the second; over a minute in the past.
        start_time: DateTime<Utc>;
        /// Goes on from the cursor of an earlier [`Page`](crate::Page), of this run or a former one.
        cursor: String;
        /// Tickets a page, 1 to 1,000; 1,000 where not given.
        page_size: u32;
        /// What to side-load, as a comma list.
        include: String;
        /// Whether to leave deleted tickets out; by default they come with the status `deleted`.
        exclude_deleted: bool;
        /// Whose tickets; those of human agents where not given.
        support_type_scope: SupportTypeScope;
    }
}

listing!(ExportTickets => Ticket, TicketColumns);

impl Listing for ExportTickets {
    type Envelope = TicketExportPage;

    async fn fetch(&self) -> Result<Response, Error> {
        if let Some(fields) = &self.fields {
            fields.check::<Ticket>(&operation::EXPORT_TICKETS)?;
        }
        let operation = &operation::EXPORT_TICKETS;
        let page_size = page_size(operation, self.page_size)?;
        // The start counts on the first call only.
        let start_time = match (&self.cursor, self.start_time) {
            (Some(_), _) => None,
            (None, Some(time)) => Some(time.timestamp()),
            (None, None) => {
                return Err(Error::misused(operation, "give a start_time or a cursor"));
            }
        };
        self.client
            .call(operation, |api| async move {
                api.export_tickets(parameters::ExportTickets {
                    cursor: self.cursor.as_deref(),
                    exclude_deleted: self.exclude_deleted,
                    include: self.include.as_deref(),
                    per_page: page_size,
                    start_time,
                    support_type_scope: self.support_type_scope.as_ref(),
                })
                .await
            })
            .await
    }

    fn selection(&self) -> Option<&Selection> {
        self.fields.as_ref()
    }

    fn at(self, cursor: String) -> Self {
        self.cursor(cursor)
    }
}

impl Envelope for TicketExportPage {
    type Item = Ticket;
    const OPERATION: &'static Operation = &operation::EXPORT_TICKETS;

    fn into_next(self) -> Next {
        Next {
            cursor: self.after_cursor.filter(|cursor| !cursor.is_empty()),
            has_more: !self.end_of_stream,
            extra: self.extra,
        }
    }

    fn stated_cursor(&self) -> Option<&str> {
        let cursor = self.after_cursor.as_deref().filter(|_| !self.end_of_stream);
        cursor.filter(|cursor| !cursor.is_empty())
    }
}

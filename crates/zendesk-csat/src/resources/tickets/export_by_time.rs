//! The incremental ticket export by time.

use crate::columns::TicketColumns;
use crate::decode::page::{Envelope, Next};
use crate::generated::parameters;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::resources::{page_size, setters};
use crate::response::Response;
use crate::types::{SupportTypeScope, Ticket, TicketTimeExportPage};
use crate::{Client, Error};
use chrono::{DateTime, Utc};

/// Exports tickets by time; see [`Tickets::export_by_time`](super::Tickets::export_by_time).
#[derive(Debug, Clone)]
pub struct ExportTicketsByTime {
    client: Client,
    start_time: Option<DateTime<Utc>>,
    page_size: Option<u32>,
    include: Option<String>,
    exclude_deleted: Option<bool>,
    support_type_scope: Option<SupportTypeScope>,
    after: Option<String>,
}

impl ExportTicketsByTime {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            start_time: None,
            page_size: None,
            include: None,
            exclude_deleted: None,
            support_type_scope: None,
            after: None,
        }
    }

    setters! {
        /// Only what changed at or after this time, to the second; over a minute in the past.
        start_time: DateTime<Utc>;
        /// Tickets a page, 1 to 1,000; a hint to the service.
        page_size: u32;
        /// What to side-load, as a comma list.
        include: String;
        /// Whether to leave deleted tickets out; by default they come with the status `deleted`.
        exclude_deleted: bool;
        /// Whose tickets; those of human agents where not given.
        support_type_scope: SupportTypeScope;
        /// Goes on from the cursor of an earlier [`Page`](crate::Page): a time, in seconds since the Unix epoch.
        after: String;
    }
}

listing!(ExportTicketsByTime => Ticket, TicketColumns);

impl Listing for ExportTicketsByTime {
    type Envelope = TicketTimeExportPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::EXPORT_TICKETS_BY_TIME;
        let page_size = page_size(operation, self.page_size)?;
        let start_time = match (&self.after, self.start_time) {
            (Some(after), _) => after.parse().map_err(|_| {
                Error::misused(operation, format!("cursor {after:?}: not one of this listing"))
            })?,
            (None, Some(time)) => time.timestamp(),
            (None, None) => return Err(Error::misused(operation, "give a start_time")),
        };
        self.client
            .call(operation, |api| async move {
                api.export_tickets_by_time(parameters::ExportTicketsByTime {
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

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for TicketTimeExportPage {
    type Item = Ticket;
    const OPERATION: &'static Operation = &operation::EXPORT_TICKETS_BY_TIME;

    fn into_next(self) -> Next {
        // `next_page` is set at the end too.
        Next {
            cursor: self.end_time.map(|time| time.to_string()),
            has_more: !self.end_of_stream,
            extra: self.extra,
        }
    }
}

//! The audits of a ticket.

use crate::decode::page::Next;
use crate::generated::parameters;
use crate::operation;
use crate::paging::{Listing, listing};
use crate::resources::offset::At;
use crate::resources::{cursor_pages, page_size, setters};
use crate::response::Response;
use crate::types::{AuditEventType, TicketAudit, TicketAuditsPage, TicketId};
use crate::{Client, Error};

/// Lists audits; see [`Tickets::audits`](super::Tickets::audits).
#[derive(Debug, Clone)]
pub struct ListTicketAudits {
    client: Client,
    ticket_id: TicketId,
    events: Option<Vec<AuditEventType>>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListTicketAudits {
    pub(super) fn new(client: Client, ticket_id: TicketId) -> Self {
        Self {
            client,
            ticket_id,
            events: None,
            page_size: None,
            after: None,
        }
    }

    /// Only audits with events of these types, such as `SurveyResponseSubmitted`.
    #[must_use]
    pub fn events<I>(mut self, types: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<AuditEventType>,
    {
        self.events = Some(types.into_iter().map(Into::into).collect());
        self
    }

    setters! {
        /// Audits a page, 1 to 100; 100 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListTicketAudits => TicketAudit);

impl Listing for ListTicketAudits {
    type Envelope = TicketAuditsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_TICKET_AUDITS;
        let page_size = page_size(operation, self.page_size)?;
        let at = At::of(self.after.as_deref());
        self.client
            .call(operation, |api| async move {
                api.list_ticket_audits(parameters::ListTicketAudits {
                    ticket_id: &self.ticket_id,
                    filter_events: self.events.as_ref(),
                    page: at.page().map(|page| page.number),
                    page_after: at.after(),
                    page_before: None,
                    page_size: at.cursor_size(page_size),
                    per_page: at.page().and_then(|page| page.size),
                })
                .await
            })
            .await
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }

    fn way_on(&self, said: Next) -> Next {
        At::of(self.after.as_deref()).way_on(said)
    }
}

cursor_pages!(TicketAuditsPage => TicketAudit, LIST_TICKET_AUDITS);

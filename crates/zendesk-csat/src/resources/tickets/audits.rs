//! The audits of a ticket.

use crate::decode::page::{Envelope, Next};
use crate::paging::{Listing, listing};
use crate::resources::{cursor, page_size, setters};
use crate::types::{AuditEventType, TicketAudit, TicketAuditsPage, TicketId};
use crate::{Client, Error, Page, operation};

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
        /// Starts at the cursor of an earlier [`Page`].
        after: String;
    }
}

listing!(ListTicketAudits => TicketAudit);

impl Listing for ListTicketAudits {
    type Item = TicketAudit;

    async fn fetch(&self) -> Result<Page<TicketAudit>, Error> {
        let operation = &operation::LIST_TICKET_AUDITS;
        let page_size = page_size(operation, self.page_size)?;
        let response = self
            .client
            .call(operation, |api| async move {
                api.list_ticket_audits(
                    &self.ticket_id,
                    self.events.as_ref(),
                    None,
                    self.after.as_deref(),
                    None,
                    page_size,
                    None,
                )
                .await
            })
            .await?;
        response.page::<TicketAuditsPage>()
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for TicketAuditsPage {
    type Item = TicketAudit;
    const ITEMS: &'static str = "audits";

    fn into_items(self) -> (Vec<TicketAudit>, Next) {
        (self.audits.unwrap_or_default(), cursor(self.meta, self.next_page))
    }
}

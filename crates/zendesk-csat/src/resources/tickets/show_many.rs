//! Tickets by their ids.

use crate::decode::page::{Envelope, Next};
use crate::paging::{Listing, listing};
use crate::resources::setters;
use crate::types::{Ticket, TicketId, TicketsPage};
use crate::{Client, Error, Page, operation};

/// The service takes this many ids a call.
const IDS_A_CALL: usize = 100;

/// Shows tickets; see [`Tickets::show_many`](super::Tickets::show_many).
#[derive(Debug, Clone)]
pub struct ShowManyTickets {
    client: Client,
    ids: Vec<TicketId>,
    after: Option<String>,
}

impl ShowManyTickets {
    pub(super) fn new(client: Client, ids: Vec<TicketId>) -> Self {
        Self {
            client,
            ids,
            after: None,
        }
    }

    setters! {
        /// Starts at the cursor of an earlier [`Page`]: a place in the list of ids.
        after: String;
    }
}

listing!(ShowManyTickets => Ticket);

impl Listing for ShowManyTickets {
    type Item = Ticket;

    async fn fetch(&self) -> Result<Page<Ticket>, Error> {
        let start = match &self.after {
            Some(after) => after.parse().map_err(|_| {
                Error::configuration(format!("cursor {after:?}: not one of show_many_tickets"))
            })?,
            None => 0,
        };
        let rest = self.ids.get(start..).unwrap_or_default();
        let chunk = &rest[..rest.len().min(IDS_A_CALL)];
        if chunk.is_empty() {
            return Err(Error::configuration("show_many_tickets: give at least one id"));
        }
        let ids = &chunk
            .iter()
            .map(TicketId::to_string)
            .collect::<Vec<_>>()
            .join(",");
        let response = self
            .client
            .call(&operation::SHOW_MANY_TICKETS, |api| async move {
                api.show_many_tickets(ids).await
            })
            .await?;
        let mut page = response.page::<TicketsPage>()?;
        page.has_more = rest.len() > chunk.len();
        page.cursor = page.has_more.then(|| (start + chunk.len()).to_string());
        Ok(page)
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for TicketsPage {
    type Item = Ticket;
    const ITEMS: &'static str = "tickets";

    fn into_items(self) -> (Vec<Ticket>, Next) {
        (self.tickets.unwrap_or_default(), Next::default())
    }
}

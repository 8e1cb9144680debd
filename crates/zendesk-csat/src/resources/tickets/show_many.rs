//! Tickets by their ids.

use crate::columns::TicketColumns;
use crate::decode::page::{Envelope, Next};
use crate::decode::selected::Selection;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::resources::by_ids::ByIds;
use crate::response::Response;
use crate::types::{Ticket, TicketId, TicketsPage};
use crate::{Client, Error};

/// Shows tickets; see [`Tickets::show_many`](super::Tickets::show_many).
#[derive(Debug, Clone)]
pub struct ShowManyTickets {
    client: Client,
    ids: ByIds<TicketId>,
    fields: Option<Selection>,
}

impl ShowManyTickets {
    pub(super) fn new(client: Client, ids: Vec<TicketId>) -> Self {
        Self {
            client,
            ids: ByIds::new(&operation::SHOW_MANY_TICKETS, ids),
            fields: None,
        }
    }

    ticket_fields!();

    /// Starts at the cursor of an earlier [`Page`](crate::Page): a place in the list of ids.
    #[must_use]
    pub fn after(mut self, after: impl Into<String>) -> Self {
        self.ids.after = Some(after.into());
        self
    }
}

listing!(ShowManyTickets => Ticket, TicketColumns);

impl Listing for ShowManyTickets {
    type Envelope = TicketsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        if let Some(fields) = &self.fields {
            fields.check::<Ticket>(&operation::SHOW_MANY_TICKETS)?;
        }
        let ids = &self.ids.comma_list()?;
        self.client
            .call(&operation::SHOW_MANY_TICKETS, |api| async move {
                api.show_many_tickets(ids).await
            })
            .await
    }

    fn way_on(&self, said: Next) -> Next {
        self.ids.way_on(said)
    }

    fn selection(&self) -> Option<&Selection> {
        self.fields.as_ref()
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for TicketsPage {
    type Item = Ticket;
    const OPERATION: &'static Operation = &operation::SHOW_MANY_TICKETS;

    fn into_next(self) -> Next {
        Next {
            extra: self.extra,
            ..Next::default()
        }
    }
}

//! Tickets by their ids.

use crate::columns::TicketColumns;
use crate::decode::page::{Envelope, Next};
use crate::decode::selected::Selection;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::resources::setters;
use crate::response::Response;
use crate::types::{Ticket, TicketId, TicketsPage};
use crate::{Client, Error};

/// The service takes this many ids a call.
const IDS_A_CALL: usize = 100;

/// Shows tickets; see [`Tickets::show_many`](super::Tickets::show_many).
#[derive(Debug, Clone)]
pub struct ShowManyTickets {
    client: Client,
    ids: Vec<TicketId>,
    after: Option<String>,
    fields: Option<Selection>,
}

impl ShowManyTickets {
    pub(super) fn new(client: Client, ids: Vec<TicketId>) -> Self {
        Self {
            client,
            ids,
            after: None,
            fields: None,
        }
    }

    ticket_fields!();

    setters! {
        /// Starts at the cursor of an earlier [`Page`](crate::Page): a place in the list of ids.
        after: String;
    }

    fn start(&self) -> Result<usize, Error> {
        let Some(after) = &self.after else { return Ok(0) };
        after.parse().map_err(|_| {
            Error::misused(
                &operation::SHOW_MANY_TICKETS,
                format!("cursor {after:?}: not one of this listing"),
            )
        })
    }
}

listing!(ShowManyTickets => Ticket, TicketColumns);

impl Listing for ShowManyTickets {
    type Envelope = TicketsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        if let Some(fields) = &self.fields {
            fields.check::<Ticket>(&operation::SHOW_MANY_TICKETS)?;
        }
        let start = self.start()?;
        let rest = self.ids.get(start..).unwrap_or_default();
        let ids = &rest
            .iter()
            .take(IDS_A_CALL)
            .map(TicketId::to_string)
            .collect::<Vec<_>>()
            .join(",");
        if ids.is_empty() {
            return Err(Error::misused(
                &operation::SHOW_MANY_TICKETS,
                "give at least one id",
            ));
        }
        self.client
            .call(&operation::SHOW_MANY_TICKETS, |api| async move {
                api.show_many_tickets(ids).await
            })
            .await
    }

    fn way_on(&self, said: Next) -> Next {
        let next = self.start().map_or(self.ids.len(), |start| start + IDS_A_CALL);
        let has_more = next < self.ids.len();
        Next {
            cursor: has_more.then(|| next.to_string()),
            has_more,
            ..said
        }
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

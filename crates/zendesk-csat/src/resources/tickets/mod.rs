//! Tickets: what a report on satisfaction needs to know of them.

/// Gives a request for tickets its choice of properties.
macro_rules! ticket_fields {
    () => {
        /// Decodes only these properties of each ticket, by their names on the wire; the others stay `None`. All
        /// where not given.
        ///
        /// `id` is always among them. A name that a ticket does not have, or that [`columns`](Self::columns) have not,
        /// is an error of kind [`Configuration`](crate::ErrorKind::Configuration) when the request is made.
        #[must_use]
        pub fn fields<I>(mut self, names: I) -> Self
        where
            I: IntoIterator,
            I::Item: Into<String>,
        {
            let names = names.into_iter().map(Into::into);
            self.fields = Some($crate::decode::selected::Selection::new(
                names.chain(["id".to_owned()]),
            ));
            self
        }
    };
}
mod audits;
mod export;
mod export_by_time;
mod show_many;

pub use audits::ListTicketAudits;
pub use export::ExportTickets;
pub use export_by_time::ExportTicketsByTime;
pub use show_many::ShowManyTickets;

use crate::Client;
use crate::types::TicketId;

/// Tickets by bulk export and by id, and their audits.
#[derive(Debug, Clone)]
pub struct Tickets {
    client: Client,
}

impl Tickets {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every ticket that changed since a time or a cursor, by cursor. For admins.
    ///
    /// Start with [`start_time`](ExportTickets::start_time), go on with [`cursor`](ExportTickets::cursor).
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/#incremental-ticket-export-cursor-based)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// let page = client.tickets().export().start_time(chrono::DateTime::UNIX_EPOCH).send().await?;
    /// let kept_for_the_next_run = page.cursor;
    /// # assert!(kept_for_the_next_run.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn export(&self) -> ExportTickets {
        ExportTickets::new(self.client.clone())
    }

    /// Every ticket that changed since a time, by time. For admins. Prefer [`export`](Self::export).
    ///
    /// The same ticket may come on two pages.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/#incremental-ticket-export-time-based)
    pub fn export_by_time(&self) -> ExportTicketsByTime {
        ExportTicketsByTime::new(self.client.clone())
    }

    /// What happened to a ticket, change by change. For agents.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/#list-audits-for-a-ticket)
    pub fn audits(&self, ticket_id: impl Into<TicketId>) -> ListTicketAudits {
        ListTicketAudits::new(self.client.clone(), ticket_id.into())
    }

    /// Tickets by their ids, a hundred a call. For agents. Ids without a ticket are left out.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-multiple-tickets)
    pub fn show_many<I>(&self, ids: I) -> ShowManyTickets
    where
        I: IntoIterator,
        I::Item: Into<TicketId>,
    {
        ShowManyTickets::new(self.client.clone(), ids.into_iter().map(Into::into).collect())
    }
}

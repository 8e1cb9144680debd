//! [Ticket forms](https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_forms/): by which forms tickets are made.

use super::page_number::{page_number, to_page};
use super::setters;
use crate::decode::page::{Envelope, Next};
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{TicketForm, TicketFormsPage};
use crate::{Client, Error};

/// The forms by which tickets are made.
#[derive(Debug, Clone)]
pub struct TicketForms {
    client: Client,
}

impl TicketForms {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every form of the account, those that are not active too. For agents, on plans with several forms.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_forms/#list-ticket-forms)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let forms: Vec<_> = client.ticket_forms().list().items().try_collect().await?;
    /// assert!(forms.iter().any(|form| form.default == Some(true)));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListTicketForms {
        ListTicketForms {
            client: self.client.clone(),
            after: None,
        }
    }
}

/// Lists ticket forms; see [`TicketForms::list`].
#[derive(Debug, Clone)]
pub struct ListTicketForms {
    client: Client,
    after: Option<String>,
}

impl ListTicketForms {
    setters! {
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListTicketForms => TicketForm);

impl Listing for ListTicketForms {
    type Envelope = TicketFormsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_TICKET_FORMS;
        let page = to_page(operation, self.after.as_deref())?;
        self.client
            .call(operation, |api| async move { api.list_ticket_forms(page).await })
            .await
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for TicketFormsPage {
    type Item = TicketForm;
    const OPERATION: &'static Operation = &operation::LIST_TICKET_FORMS;

    fn into_next(self) -> Next {
        Next {
            cursor: self.next_page.as_deref().and_then(page_number),
            has_more: self.next_page.is_some(),
            extra: self.extra,
        }
    }
}

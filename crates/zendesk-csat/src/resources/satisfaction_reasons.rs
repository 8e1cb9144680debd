//! [Satisfaction Reasons](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_reasons/):
//! why customers give bad legacy ratings.

use super::page_number::{page_number, to_page};
use super::setters;
use crate::decode::page::{Envelope, Next};
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{
    SatisfactionReason, SatisfactionReasonEnvelope, SatisfactionReasonId, SatisfactionReasonsPage,
};
use crate::{Client, Error};

/// The reasons that a customer can pick for a bad rating.
#[derive(Debug, Clone)]
pub struct SatisfactionReasons {
    client: Client,
}

impl SatisfactionReasons {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every reason of the account, deleted ones with the time of their deletion. For admins.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_reasons/#list-reasons-for-satisfaction-rating)
    pub fn list(&self) -> ListSatisfactionReasons {
        ListSatisfactionReasons {
            client: self.client.clone(),
            after: None,
        }
    }

    /// One reason by its id, the `reason_id` of a rating. For admins.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_reasons/#show-reason-for-satisfaction-rating)
    pub fn show(&self, id: impl Into<SatisfactionReasonId>) -> ShowSatisfactionReason {
        ShowSatisfactionReason {
            client: self.client.clone(),
            id: id.into(),
        }
    }
}

/// Lists reasons; see [`SatisfactionReasons::list`].
#[derive(Debug, Clone)]
pub struct ListSatisfactionReasons {
    client: Client,
    after: Option<String>,
}

impl ListSatisfactionReasons {
    setters! {
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListSatisfactionReasons => SatisfactionReason);

impl Listing for ListSatisfactionReasons {
    type Envelope = SatisfactionReasonsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_SATISFACTION_REASONS;
        let page = to_page(operation, self.after.as_deref())?;
        self.client
            .call(operation, |api| async move {
                api.list_satisfaction_reasons(page).await
            })
            .await
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for SatisfactionReasonsPage {
    type Item = SatisfactionReason;
    const OPERATION: &'static Operation = &operation::LIST_SATISFACTION_REASONS;

    fn into_next(self) -> Next {
        Next {
            cursor: self.next_page.as_deref().and_then(page_number),
            has_more: self.next_page.is_some(),
            extra: self.extra,
        }
    }
}

/// Shows a reason; see [`SatisfactionReasons::show`].
#[derive(Debug, Clone)]
pub struct ShowSatisfactionReason {
    client: Client,
    id: SatisfactionReasonId,
}

impl ShowSatisfactionReason {
    /// Makes the call.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such reason, and whatever else
    /// kept it from coming.
    pub async fn send(self) -> Result<SatisfactionReason, Error> {
        let operation = &operation::SHOW_SATISFACTION_REASON;
        let response = self
            .client
            .call(operation, |api| async move {
                api.show_satisfaction_reason(&self.id).await
            })
            .await?;
        Ok(response
            .record::<SatisfactionReasonEnvelope>()?
            .reason
            .into_inner())
    }
}

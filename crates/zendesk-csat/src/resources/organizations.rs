//! [Organizations](https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/): where customers belong.

use super::by_ids::ByIds;
use crate::decode::page::{Envelope, Next};
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{Organization, OrganizationId, OrganizationsPage};
use crate::{Client, Error};

/// The organizations that customers belong to.
#[derive(Debug, Clone)]
pub struct Organizations {
    client: Client,
}

impl Organizations {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Organizations by their ids, a hundred a call. For agents. Ids without an organization are left out.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#show-many-organizations)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let mut tickets = client.tickets().export().start_time(chrono::DateTime::UNIX_EPOCH).send().await?.items;
    /// tickets.retain(|ticket| ticket.organization_id.is_some());
    /// let id = tickets[0].organization_id;
    /// let found: Vec<_> = client.organizations().show_many(id).items().try_collect().await?;
    /// assert_eq!(Some(found[0].id), id);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn show_many<I>(&self, ids: I) -> ShowManyOrganizations
    where
        I: IntoIterator,
        I::Item: Into<OrganizationId>,
    {
        ShowManyOrganizations {
            client: self.client.clone(),
            ids: ByIds::new(
                &operation::SHOW_MANY_ORGANIZATIONS,
                ids.into_iter().map(Into::into).collect(),
            ),
        }
    }
}

/// Shows organizations; see [`Organizations::show_many`].
#[derive(Debug, Clone)]
pub struct ShowManyOrganizations {
    client: Client,
    ids: ByIds<OrganizationId>,
}

impl ShowManyOrganizations {
    /// Starts at the cursor of an earlier [`Page`](crate::Page): a place in the list of ids.
    #[must_use]
    pub fn after(mut self, after: impl Into<String>) -> Self {
        self.ids.after = Some(after.into());
        self
    }
}

listing!(ShowManyOrganizations => Organization);

impl Listing for ShowManyOrganizations {
    type Envelope = OrganizationsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let ids = &self.ids.comma_list()?;
        self.client
            .call(&operation::SHOW_MANY_ORGANIZATIONS, |api| async move {
                api.show_many_organizations(ids).await
            })
            .await
    }

    fn way_on(&self, said: Next) -> Next {
        self.ids.way_on(said)
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for OrganizationsPage {
    type Item = Organization;
    const OPERATION: &'static Operation = &operation::SHOW_MANY_ORGANIZATIONS;

    fn into_next(self) -> Next {
        Next {
            extra: self.extra,
            ..Next::default()
        }
    }
}

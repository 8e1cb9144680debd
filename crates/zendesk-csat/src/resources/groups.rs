//! [Groups](https://developer.zendesk.com/api-reference/ticketing/groups/groups/): the groups that agents work in.

use super::offset::At;
use super::{cursor_pages, page_size, setters};
use crate::decode::page::Next;
use crate::generated::parameters;
use crate::operation;
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{Group, GroupsPage};
use crate::{Client, Error};

/// The groups that agents work in.
#[derive(Debug, Clone)]
pub struct Groups {
    client: Client,
}

impl Groups {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every group of the account. For agents.
    ///
    /// Deleted groups come only where [`exclude_deleted`](ListGroups::exclude_deleted) is false.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let groups: Vec<_> = client.groups().list().exclude_deleted(false).items().try_collect().await?;
    /// assert!(groups.iter().any(|group| group.deleted == Some(true)));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListGroups {
        ListGroups {
            client: self.client.clone(),
            exclude_deleted: None,
            page_size: None,
            after: None,
        }
    }
}

/// Lists groups; see [`Groups::list`].
#[derive(Debug, Clone)]
pub struct ListGroups {
    client: Client,
    exclude_deleted: Option<bool>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListGroups {
    setters! {
        /// Whether to leave deleted groups out; the service leaves them out where not given.
        exclude_deleted: bool;
    }

    setters! {
        /// Records a page, 1 to 100; 100 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListGroups => Group);

impl Listing for ListGroups {
    type Envelope = GroupsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_GROUPS;
        let page_size = page_size(operation, self.page_size)?;
        let at = At::of(self.after.as_deref());
        self.client
            .call(operation, |api| async move {
                api.list_groups(parameters::ListGroups {
                    exclude_deleted: self.exclude_deleted,
                    page: at.page().map(|page| page.number),
                    page_after: at.after(),
                    page_size: at.cursor_size(page_size),
                    per_page: at.page().and_then(|page| page.size),
                    ..Default::default()
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

cursor_pages!(GroupsPage => Group, LIST_GROUPS);

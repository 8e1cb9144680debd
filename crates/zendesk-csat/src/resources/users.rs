//! [Users](https://developer.zendesk.com/api-reference/ticketing/users/users/): who agents are, and whose credentials are used.

use super::by_ids::ByIds;
use super::offset::At;
use super::{cursor_pages, page_size, setters};
use crate::decode::page::{Envelope, Next};
use crate::generated::parameters;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{CurrentUser, CurrentUserEnvelope, User, UserId, UserRole, UsersByIdPage, UsersPage};
use crate::{Client, Error};

/// Agents, admins and end users.
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The users of the account; those of some roles by [`role`](ListUsers::role). For agents.
    ///
    /// Users that are deleted are not among them: [`show_many`](Self::show_many) has those.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/users/users/#list-users)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let agents: Vec<_> = client.users().list().role(["agent", "admin"]).items().try_collect().await?;
    /// assert!(agents.iter().all(|user| user.active == Some(true)));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListUsers {
        ListUsers {
            client: self.client.clone(),
            role: None,
            page_size: None,
            after: None,
        }
    }

    /// Users by their ids, a hundred a call. For agents. Ids without a user are left out.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let me = client.users().me().send().await?;
    /// let users: Vec<_> = client.users().show_many(me.id).items().try_collect().await?;
    /// assert_eq!(users[0].name, me.name);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn show_many<I>(&self, ids: I) -> ShowManyUsers
    where
        I: IntoIterator,
        I::Item: Into<UserId>,
    {
        ShowManyUsers {
            client: self.client.clone(),
            ids: ByIds::new(
                &operation::SHOW_MANY_USERS,
                ids.into_iter().map(Into::into).collect(),
            ),
        }
    }

    /// Whose credentials these are.
    ///
    /// The service does not refuse wrong credentials here: it answers with an anonymous user, whose `id` is none.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// let me = client.users().me().send().await?;
    /// assert!(me.id.is_some());
    /// assert_eq!(me.role, Some("admin".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn me(&self) -> ShowCurrentUser {
        ShowCurrentUser {
            client: self.client.clone(),
        }
    }
}

/// Lists users; see [`Users::list`].
#[derive(Debug, Clone)]
pub struct ListUsers {
    client: Client,
    role: Option<Vec<UserRole>>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListUsers {
    /// Only users of these roles, such as `agent` and `admin`.
    #[must_use]
    pub fn role<I>(mut self, roles: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<UserRole>,
    {
        self.role = Some(roles.into_iter().map(Into::into).collect());
        self
    }

    setters! {
        /// Records a page, 1 to 100; 100 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListUsers => User);

impl Listing for ListUsers {
    type Envelope = UsersPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_USERS;
        let page_size = page_size(operation, self.page_size)?;
        let at = At::of(self.after.as_deref());
        self.client
            .call(operation, |api| async move {
                api.list_users(parameters::ListUsers {
                    page: at.page().map(|page| page.number),
                    page_after: at.after(),
                    page_size: at.cursor_size(page_size),
                    per_page: at.page().and_then(|page| page.size),
                    role: self.role.as_ref(),
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

cursor_pages!(UsersPage => User, LIST_USERS);

/// Shows users; see [`Users::show_many`].
#[derive(Debug, Clone)]
pub struct ShowManyUsers {
    client: Client,
    ids: ByIds<UserId>,
}

impl ShowManyUsers {
    /// Starts at the cursor of an earlier [`Page`](crate::Page): a place in the list of ids.
    #[must_use]
    pub fn after(mut self, after: impl Into<String>) -> Self {
        self.ids.after = Some(after.into());
        self
    }
}

listing!(ShowManyUsers => User);

impl Listing for ShowManyUsers {
    type Envelope = UsersByIdPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let ids = &self.ids.comma_list()?;
        self.client
            .call(&operation::SHOW_MANY_USERS, |api| async move {
                api.show_many_users(ids).await
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

impl Envelope for UsersByIdPage {
    type Item = User;
    const OPERATION: &'static Operation = &operation::SHOW_MANY_USERS;

    fn into_next(self) -> Next {
        Next {
            extra: self.extra,
            ..Next::default()
        }
    }
}

/// Tells whose credentials are used; see [`Users::me`].
#[derive(Debug, Clone)]
pub struct ShowCurrentUser {
    client: Client,
}

impl ShowCurrentUser {
    /// Makes the call.
    ///
    /// # Errors
    /// Whatever kept the answer from coming. Credentials that are nobody's are no error here.
    pub async fn send(self) -> Result<CurrentUser, Error> {
        let response = self
            .client
            .call(&operation::SHOW_CURRENT_USER, |api| async move {
                api.show_current_user().await
            })
            .await?;
        Ok(response.record::<CurrentUserEnvelope>()?.user)
    }
}

//! [Brands](https://developer.zendesk.com/api-reference/ticketing/account-configuration/brands/): under which names the account answers.

use super::offset::At;
use super::{cursor_pages, page_size, setters};
use crate::decode::page::Next;
use crate::generated::parameters;
use crate::operation;
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{Brand, BrandsPage};
use crate::{Client, Error};

/// The brands of the account.
#[derive(Debug, Clone)]
pub struct Brands {
    client: Client,
}

impl Brands {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every brand of the account, those that are not active too. For agents.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/account-configuration/brands/#list-brands)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    ///
    /// let brands: Vec<_> = client.brands().list().items().try_collect().await?;
    /// assert!(brands.iter().any(|brand| brand.name.as_deref() == Some("Acme Pro")));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListBrands {
        ListBrands {
            client: self.client.clone(),
            page_size: None,
            after: None,
        }
    }
}

/// Lists brands; see [`Brands::list`].
#[derive(Debug, Clone)]
pub struct ListBrands {
    client: Client,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListBrands {
    setters! {
        /// Records a page, 1 to 100; 100 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListBrands => Brand);

impl Listing for ListBrands {
    type Envelope = BrandsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_BRANDS;
        let page_size = page_size(operation, self.page_size)?;
        let at = At::of(self.after.as_deref());
        self.client
            .call(operation, |api| async move {
                api.list_brands(parameters::ListBrands {
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

cursor_pages!(BrandsPage => Brand, LIST_BRANDS);

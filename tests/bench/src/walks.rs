//! The ways to walk a listing that are compared.

use crate::pages;
use crate::service::Service;
use futures::TryStreamExt;
use tokio::runtime::Runtime;
use zendesk_csat::{Client, Credentials};

/// One listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Legacy ratings, 100 a page.
    Ratings,
    /// Survey responses, 50 a page.
    SurveyResponses,
}

/// One way to walk it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The same pages by reqwest, unpacked by it, one after the other, and not read.
    RawBytes,
    /// Every record as its type.
    Typed,
    /// Every page as columns.
    Columns,
}

impl Listing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ratings, Self::SurveyResponses];

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ratings => "ratings",
            Self::SurveyResponses => "survey responses",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Ratings => "/api/v2/satisfaction_ratings",
            Self::SurveyResponses => "/api/v2/guide/survey_responses",
        }
    }

    fn page_size(self) -> usize {
        match self {
            Self::Ratings => pages::RATINGS,
            Self::SurveyResponses => pages::SURVEY_RESPONSES,
        }
    }
}

impl Way {
    /// All, the one that the others are compared with first.
    pub const ALL: [Self; 3] = [Self::RawBytes, Self::Typed, Self::Columns];

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RawBytes => "raw bytes",
            Self::Typed => "typed",
            Self::Columns => "columns",
        }
    }
}

/// The walks, with their connections open.
#[derive(Debug)]
pub struct Walks {
    runtime: Runtime,
    client: Client,
    http: reqwest::Client,
    base_url: String,
    records: usize,
}

impl Walks {
    /// Walks over this service.
    pub fn new(service: &Service) -> Self {
        let client = Client::builder("acme")
            .base_url(service.base_url())
            .credentials(Credentials::oauth_token("token"))
            .build()
            .unwrap();
        Self {
            runtime: Runtime::new().unwrap(),
            client,
            http: reqwest::Client::builder()
                .tls_certs_only([])
                .no_proxy()
                .build()
                .unwrap(),
            base_url: service.base_url().to_owned(),
            records: service.records(),
        }
    }

    /// Walks the whole listing.
    pub fn walk(&self, listing: Listing, way: Way) {
        let counted = self.runtime.block_on(async {
            match (way, listing) {
                (Way::RawBytes, _) => self.raw_bytes(listing).await,
                (Way::Typed, Listing::Ratings) => {
                    let items = self.client.satisfaction_ratings().list().items();
                    count(items.try_fold(0, |count, rating| async move {
                        Ok(count + usize::from(rating.id.get() > 0))
                    }))
                    .await
                }
                (Way::Typed, Listing::SurveyResponses) => {
                    let items = self.client.survey_responses().list().items();
                    count(items.try_fold(0, |count, response| async move {
                        Ok(count + usize::from(!response.id.as_str().is_empty()))
                    }))
                    .await
                }
                (Way::Columns, Listing::Ratings) => {
                    let pages = self.client.satisfaction_ratings().list().columns();
                    count(pages.try_fold(0, |count, page| async move { Ok(count + page.len()) })).await
                }
                (Way::Columns, Listing::SurveyResponses) => {
                    let pages = self.client.survey_responses().list().columns();
                    count(pages.try_fold(0, |count, page| async move { Ok(count + page.len()) })).await
                }
            }
        });
        assert_eq!(counted, self.records, "{} by {}", listing.name(), way.name());
    }

    async fn raw_bytes(&self, listing: Listing) -> usize {
        let size = listing.page_size();
        for page in 0..self.records / size {
            let url = format!(
                "{}{}?page[size]={size}&page[after]={page}",
                self.base_url,
                listing.path()
            );
            let response = self.http.get(url).bearer_auth("token").send().await.unwrap();
            assert!(response.bytes().await.unwrap().len() > size);
        }
        self.records
    }
}

async fn count(walk: impl Future<Output = Result<usize, zendesk_csat::Error>>) -> usize {
    walk.await.unwrap()
}

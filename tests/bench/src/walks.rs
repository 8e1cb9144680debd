//! The ways to walk a listing that are compared.

use crate::listing::Listing;
use futures::{Stream, TryStreamExt};
use tokio::runtime::Runtime;
use zendesk_csat::columns::{ColumnPage, Columns};
use zendesk_csat::{Client, Credentials, Error};

/// What a report on satisfaction reads of a ticket.
const FIELDS: [&str; 12] = [
    "id",
    "subject",
    "status",
    "priority",
    "requester_id",
    "assignee_id",
    "group_id",
    "organization_id",
    "brand_id",
    "created_at",
    "updated_at",
    "generated_timestamp",
];

/// One way to walk a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The same pages by reqwest, unpacked by its feature `gzip`, one after the other, and not read. In this program
    /// flate2 unpacks for it with zlib-rs, as for the SDK: faster than with what reqwest alone brings.
    RawBytes,
    /// Every record as its type.
    Typed,
    /// Of every record the fields that a report reads.
    Fields,
    /// Every page as columns.
    Columns,
}

impl Way {
    /// The ways of a listing, the one that the others are compared with first.
    pub fn of(listing: Listing) -> &'static [Self] {
        match listing {
            Listing::Ratings | Listing::SurveyResponses => &[Self::RawBytes, Self::Typed, Self::Columns],
            Listing::Tickets => &[Self::RawBytes, Self::Typed, Self::Fields, Self::Columns],
        }
    }

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RawBytes => "raw bytes",
            Self::Typed => "typed",
            Self::Fields => "12 fields",
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
    /// Walks over the service at this address.
    pub fn new(base_url: &str, records: usize) -> Self {
        let client = Client::builder("acme")
            .base_url(base_url)
            .credentials(Credentials::oauth_token("token"))
            .build()
            .unwrap();
        let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build();
        Self {
            runtime: Runtime::new().unwrap(),
            client,
            http: http.unwrap(),
            base_url: base_url.to_owned(),
            records,
        }
    }

    /// Walks the whole listing.
    pub fn walk(&self, listing: Listing, way: Way) {
        let counted = self.runtime.block_on(async {
            match way {
                Way::RawBytes => self.raw_bytes(listing).await,
                Way::Columns => self.columns(listing).await,
                Way::Typed | Way::Fields => self.records(listing, way).await,
            }
        });
        assert_eq!(counted, self.records, "{} by {}", listing.name(), way.name());
    }

    async fn raw_bytes(&self, listing: Listing) -> usize {
        let (base_url, path, size) = (&self.base_url, listing.path(), listing.page_size());
        for page in 0..self.records / size {
            let url = format!("{base_url}{path}?{}", listing.query(page));
            let response = self.http.get(url).bearer_auth("token").send().await.unwrap();
            assert!(response.bytes().await.unwrap().len() > size);
        }
        self.records
    }

    async fn records(&self, listing: Listing, way: Way) -> usize {
        match listing {
            Listing::Ratings => {
                let ratings = self.client.satisfaction_ratings().list().items();
                counted(ratings, |rating| rating.id.get() > 0).await
            }
            Listing::SurveyResponses => {
                let responses = self.client.survey_responses().list().items();
                counted(responses, |response| !response.id.as_str().is_empty()).await
            }
            Listing::Tickets => {
                let mut export = self.client.tickets().export().cursor("0");
                if way == Way::Fields {
                    export = export.fields(FIELDS);
                }
                counted(export.items(), |ticket| ticket.id.get() > 0).await
            }
        }
    }

    async fn columns(&self, listing: Listing) -> usize {
        match listing {
            Listing::Ratings => rows(self.client.satisfaction_ratings().list().columns()).await,
            Listing::SurveyResponses => rows(self.client.survey_responses().list().columns()).await,
            Listing::Tickets => rows(self.client.tickets().export().cursor("0").columns()).await,
        }
    }
}

async fn counted<T>(records: impl Stream<Item = Result<T, Error>>, is_one: impl Fn(&T) -> bool) -> usize {
    let mut records = std::pin::pin!(records);
    let mut count = 0;
    while let Some(record) = records.try_next().await.unwrap() {
        count += usize::from(is_one(&record));
    }
    count
}

async fn rows<C: Columns>(pages: impl Stream<Item = Result<ColumnPage<C>, Error>>) -> usize {
    let mut pages = std::pin::pin!(pages);
    let mut count = 0;
    while let Some(page) = pages.try_next().await.unwrap() {
        count += page.len();
    }
    count
}

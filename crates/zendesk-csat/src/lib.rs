//! The client for Zendesk's customer satisfaction (CSAT) APIs: the legacy satisfaction ratings, and
//! the survey responses that replace them.
//!
//! ```
//! use zendesk_csat::{Client, Credentials};
//!
//! let client = Client::builder("acme")
//!     .credentials(Credentials::oauth_client("csat-report", "a-client-secret"))
//!     .build()?;
//! # Ok::<(), zendesk_csat::Error>(())
//! ```
//!
//! # What people do with it
//!
//! List: one page, with what its filters keep.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(300).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use zendesk_csat::types::RatingFilter;
//!
//! let page = client.satisfaction_ratings().list().score(RatingFilter::BadWithComment).page_size(10u32).send().await?;
//! for rating in &page.items {
//!     println!("{:?}: {:?}", rating.ticket_id, rating.comment);
//! }
//! # assert!(!page.items.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Walk: every record, page after page.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(300).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use futures::TryStreamExt;
//!
//! let mut responses = client.survey_responses().list().items();
//! while let Some(response) = responses.try_next().await? {
//!     if let Some(answer) = response.csat_answer() {
//!         println!("{:?}: {:?}", response.ticket_id(), answer.rating_category);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Offer a survey. The links of the answer are secrets: whoever holds one can answer for the customer.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(300).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use zendesk_csat::Zrn;
//!
//! # let mut surveys = client.surveys().list().send().await?.items;
//! # surveys.retain(|survey| survey.state == Some(zendesk_csat::types::SurveyState::Enabled));
//! # let truth = zendesk.truth();
//! # let row = truth.iter().rfind(|row| row["source"] == "survey" && row["ticket_id"].is_i64()).unwrap();
//! # let (survey, requester_id) = (surveys.pop().unwrap(), row["requester_id"].as_i64().unwrap());
//! # let ticket_id = row["ticket_id"].as_i64().unwrap();
//! let offered = client.survey_responses().create(survey.id, requester_id, [Zrn::ticket(ticket_id)]).send().await?;
//! println!("{}", offered.id);
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Submit the answers of a survey, here by the token of its link.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(300).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use zendesk_csat::{SecretText, types::AnswerInput};
//!
//! # let mut surveys = client.surveys().list().send().await?.items;
//! # surveys.retain(|survey| survey.state == Some(zendesk_csat::types::SurveyState::Enabled));
//! # let truth = zendesk.truth();
//! # let row = truth.iter().rfind(|row| row["source"] == "survey" && row["ticket_id"].is_i64()).unwrap();
//! # let survey = surveys.pop().unwrap();
//! # let question = survey.questions.iter().flatten().find(|question| question.sub_type.is_some()).unwrap().id.clone();
//! # let zrn = zendesk_csat::Zrn::ticket(row["ticket_id"].as_i64().unwrap());
//! # let offered = client.survey_responses().create(survey.id, row["requester_id"].as_i64().unwrap(), [zrn]).send().await?;
//! # let link = offered.links.unwrap().url_path.unwrap();
//! # let token = SecretText::from(link.expose().split("access_token=").nth(1).unwrap());
//! let submit = client.survey_responses().submit(&offered.id, [AnswerInput::rating(&question, 1)]);
//! let response = submit.access_token(token).send().await?;
//! assert_eq!(response.csat_answer().and_then(|answer| answer.rating), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Export the tickets that changed, and keep the cursor for the next run.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(300).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use futures::TryStreamExt;
//!
//! let mut pages = client.tickets().export().start_time(chrono::DateTime::UNIX_EPOCH).pages();
//! let mut cursor = None;
//! while let Some(page) = pages.try_next().await? {
//!     println!("{} tickets", page.items.len());
//!     cursor = page.cursor;
//! }
//! # assert!(cursor.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! `rustls` is on by default: TLS with ring. `native-tls` in its place takes the system's library. `arrow` gives
//! [`columns`] as record batches. `schemars` gives the JSON Schema of every model, by
//! `types::json_schemas()`. Rust 1.95 or newer.
//!
//! # How it is made
//!
//! Models and the wire format are generated from an OpenAPI spec that is written by hand from
//! Zendesk's documentation; [`types`] has them. What people touch is written by hand: a
//! [`Client`] with one method a resource, requests with one method a parameter, listings that
//! page by themselves, and one [`Error`].

mod attempt;
mod builder;
mod call;
mod client;
pub mod columns;
mod credentials;
mod decode;
mod environment;
mod error;
mod extra;
mod generated;
mod headers;
mod locale;
mod one_or_many;
mod operation;
mod paging;
mod read_ahead;
mod resources;
mod response;
mod secret;
mod sent_secrets;
mod transport;
pub mod types;
mod views;
mod visible;
mod vocabulary;
mod zrn;

pub use builder::ClientBuilder;
pub use client::Client;
pub use credentials::Credentials;
pub use decode::page::Malformed;
pub use error::{Error, ErrorKind};
pub use extra::Extra;
pub use headers::Headers;
pub use locale::{InvalidLocale, Locale};
pub use one_or_many::OneOrMany;
pub use paging::Page;
pub use response::{CallMeta, CallRecorder};
pub use secret::SecretText;
pub use transport::bucket::{Bucket, CallCounts, Limits};
pub use transport::waits::{Wait, WaitReason};
pub use views::{AnswerKind, AuditEventKind};
pub use visible::{is_bidi_control, visible};
pub use zrn::Zrn;

#[doc(hidden)]
pub mod testing {
    //! What the tests of this project put in the place of time.
    pub use crate::transport::clock::Clock;
    pub use crate::transport::test_clock::TestClock;
}

/// Requests, one type an operation, made by the methods of the resources.
pub mod requests {
    pub use crate::resources::brands::{Brands, ListBrands};
    pub use crate::resources::groups::{Groups, ListGroups};
    pub use crate::resources::oauth::{CreateOAuthToken, OAuth};
    pub use crate::resources::organizations::{Organizations, ShowManyOrganizations};
    pub use crate::resources::satisfaction_ratings::{
        CountSatisfactionRatings, CreateSatisfactionRating, ListSatisfactionRatings, SatisfactionRatings,
        ShowSatisfactionRating,
    };
    pub use crate::resources::satisfaction_reasons::{
        ListSatisfactionReasons, SatisfactionReasons, ShowSatisfactionReason,
    };
    pub use crate::resources::survey_responses::{
        CreateSurveyResponse, ListSurveyResponses, ShowSurveyResponse, SubmitSurveyResponse, SurveyResponses,
    };
    pub use crate::resources::surveys::{ListSurveys, Surveys};
    pub use crate::resources::ticket_forms::{ListTicketForms, TicketForms};
    pub use crate::resources::tickets::{
        ExportTickets, ExportTicketsByTime, ListTicketAudits, ShowManyTickets, Tickets,
    };
    pub use crate::resources::users::{ListUsers, ShowCurrentUser, ShowManyUsers, Users};
}

/// The locale of texts where the caller names none.
pub const DEFAULT_LOCALE: &str = "en-us";

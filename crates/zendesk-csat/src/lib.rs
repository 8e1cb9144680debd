//! The client for Zendesk's customer satisfaction (CSAT) APIs: the legacy satisfaction ratings, and
//! the survey responses that replace them.
//!
//! ```no_run
//! # async fn run() -> Result<(), zendesk_csat::Error> {
//! use futures::TryStreamExt;
//! use zendesk_csat::{Client, Credentials};
//!
//! let client = Client::builder("acme").credentials(Credentials::oauth_token("…")).build()?;
//! let mut responses = client.survey_responses().list().items();
//! while let Some(response) = responses.try_next().await? {
//!     if let Some(answer) = response.csat_answer() {
//!         println!("{:?}: {:?}", response.ticket_id(), answer.rating_category);
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! Models and the wire format are generated from an OpenAPI spec that is written by hand from
//! Zendesk's documentation; [`types`] has them. What people touch is written by hand: a
//! [`Client`] with one method a resource, requests with one method a parameter, listings that
//! page by themselves, and one [`Error`].

mod attempt;
mod call;
mod client;
mod credentials;
mod decode;
mod environment;
mod error;
mod generated;
mod one_or_many;
mod operation;
mod paging;
mod resources;
mod response;
mod secret;
#[allow(dead_code, unreachable_pub)]
mod transport;
pub mod types;
mod views;
mod vocabulary;

pub use client::{Client, ClientBuilder};
pub use credentials::Credentials;
pub use decode::page::Malformed;
pub use error::{Error, ErrorKind};
pub use one_or_many::OneOrMany;
pub use paging::Page;
pub use response::CallMeta;
pub use secret::SecretText;
pub use transport::bucket::{Bucket, CallCounts};
pub use views::{AnswerKind, AuditEventKind};

#[doc(hidden)]
pub mod testing {
    //! What the tests of this project put in the place of time.
    pub use crate::transport::clock::Clock;
    pub use crate::transport::test_clock::TestClock;
}

/// Requests, one type an operation, made by the methods of the resources.
pub mod requests {
    pub use crate::resources::oauth::{CreateOAuthToken, OAuth};
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
    pub use crate::resources::tickets::{
        ExportTickets, ExportTicketsByTime, ListTicketAudits, ShowManyTickets, Tickets,
    };
}

/// The locale of texts where the caller names none.
pub const DEFAULT_LOCALE: &str = "en-us";

//! Every CSAT rating of a Zendesk account in one SQLite table, with scores and reports.
//!
//! A [`History`] is a file. [`History::sync`] brings an account's ratings into it, from both of Zendesk's systems;
//! [`History::csat`] gives them back as rows, and [`History::report`] as scores.
//!
//! ```
//! use zendesk_csat::{Client, Credentials};
//! use zendesk_csat_history::{CsatQuery, History, NoProgress, SyncOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(50).start()?;
//! # let account = zendesk.account();
//! # let (subdomain, base_url, token) = (account.subdomain.as_str(), zendesk.base_url(), account.oauth_token.as_str());
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("csat.db");
//! let client = Client::builder(subdomain)
//!     .base_url(base_url)
//!     .credentials(Credentials::oauth_token(token))
//!     .build()?;
//! let mut history = History::open(&file)?;
//! let summary = history.sync(&client, SyncOptions::default(), &mut NoProgress).await?;
//! println!("{summary}");
//! for row in history.csat(&CsatQuery::default())? {
//!     println!("{:?} {:?} {:?}", row.sent_at, row.score, row.comment);
//! }
//! # assert_eq!(summary.reconciliation.sent as usize, zendesk.truth().len());
//! # Ok(())
//! # }
//! ```
//!
//! Any SQLite tool can read the file. Its view `csat` is the one table: the columns of [`CsatRow`], with times as text;
//! `csat_ms` is the same with times in milliseconds since the Unix epoch. The tables beneath are one a kind of record.

mod accounts;
mod calendar;
mod csat;
mod derived;
mod error;
pub mod export;
mod filter;
#[cfg(test)]
mod fixtures;
mod lock_file;
mod migrations;
mod period;
mod progress;
pub mod report;
mod rows;
mod store;
mod sync;
mod ticket_url;
mod time_text;
mod workbook;

pub use accounts::AccountInfo;
pub use calendar::{Calendar, UnknownZone, WeekStart, Zone};
pub use csat::{Attribution, CsatQuery, CsatReason, CsatRow, Source};
pub use error::HistoryError;
pub use filter::{Filter, FilterBy, FilterError, Filtered};
pub use period::{Compare, InvalidCompare, InvalidPeriod, Period};
pub use progress::{NoProgress, Progress, Step};
pub use store::History;
pub use sync::{
    AttributeBy, Because, Category, Explained, Gap, GapKind, Plan, ReasonQuestions, Reconciliation, Rows,
    Since, SyncOptions, SyncSummary, TicketField, TicketFieldError, TicketsChoice, TicketsVia, Unavailable,
    Via,
};
pub use time_text::{InvalidTime, NoSuchTime, TimeText};

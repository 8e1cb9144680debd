//! Every CSAT rating of a Zendesk account in one SQLite table, with scores and reports.

mod csat;
mod error;
#[cfg(test)]
mod fixtures;
mod lock_file;
mod migrations;
mod progress;
pub mod report;
mod rows;
mod store;
mod sync;

pub use csat::{Attribution, CsatQuery, CsatRow, Source};
pub use error::HistoryError;
pub use progress::{NoProgress, Progress, Step};
pub use store::History;
pub use sync::{Reconciliation, Rows, SyncOptions, SyncSummary, Unavailable};

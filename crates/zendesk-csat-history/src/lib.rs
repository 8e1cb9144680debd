//! Every CSAT rating of a Zendesk account in one SQLite table, with scores and reports.

#![cfg_attr(not(test), expect(dead_code, reason = "what the sync writes with"))]

mod csat;
mod error;
#[cfg(test)]
mod fixtures;
mod migrations;
pub mod report;
mod rows;
mod store;

pub use csat::{Attribution, CsatQuery, CsatRow, Source};
pub use error::HistoryError;
pub use store::History;

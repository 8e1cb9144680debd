//! What comes out of a history for other tools.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests are tests too"
)]

mod file;

mod batches;
mod columns;
mod files;
mod spreadsheets;

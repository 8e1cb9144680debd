//! How fast the client lists, measured against a service in another process.
#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement: whatever goes wrong ends it"
)]

pub mod account;
pub mod calls;
pub mod instructions;
pub mod listing;
pub mod memory;
mod pages;
pub mod process;
pub mod report;
pub mod service;
pub mod sync;
pub mod table;
pub mod walks;

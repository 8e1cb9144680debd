//! How fast the client lists, measured against a service in another process.
#![allow(clippy::unwrap_used, reason = "a measurement: whatever goes wrong ends it")]

pub mod memory;
pub mod pages;
pub mod process;
pub mod service;
pub mod table;
pub mod walks;

//! A sync ends in the table that the account says is true, whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod account;
mod audits;
mod faults;
mod fields;
mod incremental;
mod interrupted;
mod killed;
mod late;
mod names;
mod odd;
mod patience;
mod plan;
mod reasons;
mod service;
mod several;
mod summary;
mod tickets;
mod tolerance;
mod truth;
mod whole;

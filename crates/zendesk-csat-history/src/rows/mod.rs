//! What the tables hold, one file a kind of record: its columns, and how a newer version of it replaces an older one.
//! What a record says is for the SDK to tell.
//!
//! Every write may be repeated, and those of one sync may come in any order: the table is the same in the end. What a later
//! sync has read replaces what an earlier one read, so that no time in a record keeps a newer version out.

pub(crate) mod account;
pub(crate) mod follow_up;
pub(crate) mod inaccessible;
pub(crate) mod malformed;
pub(crate) mod name;
pub(crate) mod question;
pub(crate) mod rating;
pub(crate) mod reading;
pub(crate) mod reason;
pub(crate) mod run;
pub(crate) mod score;
pub(crate) mod shown_ticket;
pub(crate) mod survey_response;
pub(crate) mod ticket;
pub(crate) mod ticket_field;
pub(crate) mod walk;

use chrono::{DateTime, Utc};

/// How the tables hold a time.
pub(crate) fn milliseconds(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

#[cfg(test)]
mod tests;

//! What records say only together: the score that a number stands for, which ratings are copies of a survey's answer, and
//! which answer is a ticket's latest.
//!
//! All of it is worked out from the records as they are stored: neither the order in which they came nor how often they
//! came changes it. Only what differs is written.

mod copies;
mod latest;
mod scores;

use rusqlite::Transaction;

/// Brings the columns that follow from other records up to date.
pub(crate) fn derive(transaction: &Transaction<'_>, account: i64) -> rusqlite::Result<()> {
    scores::derive(transaction, account)?;
    copies::derive(transaction, account)?;
    latest::derive(transaction, account)
}

//! What records say only together: the score that a number stands for, which answer tells the reasons, which ratings are copies
//! of a survey's answer, and which answer is a ticket's latest.
//!
//! All of it is worked out from the records as they are stored: neither the order in which they came nor how often they
//! came changes it. Only what differs is written.

mod copies;
mod latest;
mod reasons;
mod scope;
mod scores;

use rusqlite::Transaction;

use scope::Scope;

/// Brings the columns that follow from other records up to date, as far as the records were read since the last time.
pub(crate) fn derive(transaction: &Transaction<'_>, account: i64) -> rusqlite::Result<()> {
    let derived = transaction
        .prepare_cached("SELECT derived_run FROM accounts WHERE id = ?1")?
        .query_row([account], |row| row.get(0))?;
    reasons::derive(transaction, account, derived)?;
    let earlier_score = scores::derive(transaction, account, derived)?;
    let scope = Scope::since(transaction, account, if earlier_score { 0 } else { derived })?;
    copies::derive(transaction, account, scope)?;
    latest::derive(transaction, account, scope, derived)?;
    transaction
        .prepare_cached("UPDATE accounts SET derived_run = run WHERE id = ?1")?
        .execute([account])?;
    Ok(())
}

#[cfg(test)]
mod tests;

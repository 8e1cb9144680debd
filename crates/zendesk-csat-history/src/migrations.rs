//! The schema of the file: tables by one SQL script a version, views as they read now.

mod views;

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::derived::derive;
use crate::error::HistoryError;

/// "zcsa": tells a history from any other SQLite database.
const APPLICATION_ID: i64 = 0x7A63_7361;

/// Script `n` takes a file from version `n` to `n + 1`.
const SCRIPTS: &[&str] = &[
    include_str!("migrations/0001_history.sql"),
    include_str!("migrations/0002_attribution_and_channel.sql"),
    include_str!("migrations/0003_runs.sql"),
    include_str!("migrations/0004_table_in_less_time.sql"),
    include_str!("migrations/0005_what_a_sync_goes_by.sql"),
    include_str!("migrations/0006_what_counts.sql"),
    include_str!("migrations/0007_who_and_where.sql"),
    include_str!("migrations/0008_reason_questions.sql"),
    include_str!("migrations/0009_ticket_fields.sql"),
];

/// The version that this crate reads and writes.
pub(crate) const VERSION: i64 = SCRIPTS.len() as i64;

/// Of a file that is made now, in bytes: twice what SQLite takes by itself, since a sync writes many rows side by side.
const PAGE_SIZE: i64 = 8_192;

/// Brings the file to [`VERSION`]; refuses a file that is not a history or is of a later version.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), HistoryError> {
    let failed = |source| HistoryError::from_sqlite(path, source);
    if is_current(connection, path)? {
        return Ok(());
    }
    // Says nothing to a file that has pages already.
    connection
        .pragma_update(None, "page_size", PAGE_SIZE)
        .map_err(failed)?;
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Another process may have migrated while this one waited for the lock.
    if is_current(&transaction, path)? {
        return Ok(());
    }
    let from: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    for script in SCRIPTS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(script).map_err(failed)?;
    }
    views::make(&transaction).map_err(failed)?;
    let accounts: Vec<i64> = transaction
        .prepare("SELECT id FROM accounts")
        .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
        .map_err(failed)?;
    for account in accounts {
        derive(&transaction, account).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
        .and_then(|()| transaction.commit())
        .map_err(failed)
}

/// Whether nothing is to be done; an error where nothing may be done.
pub(crate) fn is_current(connection: &Connection, path: &Path) -> Result<bool, HistoryError> {
    let failed = |source| HistoryError::from_sqlite(path, source);
    // One statement sees one moment of a file that another process may be migrating.
    let (application_id, version, tables): (i64, i64, i64) = connection
        .query_row(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
             FROM pragma_application_id, pragma_user_version",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(failed)?;
    if application_id != APPLICATION_ID && (application_id, version, tables) != (0, 0, 0) {
        return Err(HistoryError::NotAHistory {
            path: path.to_path_buf(),
        });
    }
    if version > VERSION {
        return Err(HistoryError::NewerSchema {
            path: path.to_path_buf(),
            found: version,
            supported: VERSION,
        });
    }
    Ok(application_id == APPLICATION_ID && version == VERSION)
}

#[cfg(test)]
mod tests;

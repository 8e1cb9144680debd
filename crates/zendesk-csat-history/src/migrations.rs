//! The schema of the file, one SQL script a version.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::HistoryError;

/// "zcsa": tells a history from any other SQLite database.
const APPLICATION_ID: i64 = 0x7A63_7361;

/// Script `n` takes a file from version `n` to `n + 1`.
const SCRIPTS: &[&str] = &[include_str!("migrations/0001_history.sql")];

/// The version that this crate reads and writes.
pub(crate) const VERSION: i64 = SCRIPTS.len() as i64;

/// Brings the file to [`VERSION`]; refuses a file that is not a history or is of a later version.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), HistoryError> {
    let failed = |source| HistoryError::from_sqlite(path, source);
    if is_current(connection, path)? {
        return Ok(());
    }
    // Readers go on while a sync writes, and no reader sees half a page.
    connection
        .pragma_update(None, "journal_mode", "wal")
        .map_err(failed)?;
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Another process may have migrated while this one waited for the lock.
    if is_current(&transaction, path)? {
        return Ok(());
    }
    let from = pragma(&transaction, "user_version").map_err(failed)?;
    for script in SCRIPTS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(script).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
        .and_then(|()| transaction.commit())
        .map_err(failed)
}

/// Whether nothing is to be done; an error where nothing may be done.
fn is_current(connection: &Connection, path: &Path) -> Result<bool, HistoryError> {
    let failed = |source| HistoryError::from_sqlite(path, source);
    let application_id = pragma(connection, "application_id").map_err(failed)?;
    let version = pragma(connection, "user_version").map_err(failed)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
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

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

//! Records that were asked for by their id and that the service did not show.

use rusqlite::{Transaction, params};

/// Notes that the service did not show the record.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    record: &str,
    error: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO withheld (account_id, kind, record, error) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![account, table, record, error])?;
    Ok(())
}

/// Forgets it, now that the record was shown.
pub(crate) fn forget(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    record: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM withheld WHERE account_id = ?1 AND kind = ?2 AND record = ?3")?
        .execute(params![account, table, record])?;
    Ok(())
}

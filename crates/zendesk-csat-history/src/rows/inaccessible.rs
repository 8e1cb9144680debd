//! What the service did not give: records that were asked for by their ids, and whole parts of the API.

use rusqlite::{Connection, Transaction, params};

/// How many syncs ask for a record that is not given; then it stays noted, and a listing may still bring it.
pub(crate) const ATTEMPTS: u32 = 10;

/// What stands for a whole part of the API in the place of a record.
const PART: &str = "";

/// Notes that the service did not give the record.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    record: &str,
    error: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO inaccessible (account_id, kind, record, error, attempts) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT DO UPDATE SET error = excluded.error, attempts = attempts + 1",
        )?
        .execute(params![account, table, record, error])?;
    Ok(())
}

/// Notes that the service does not give this part of the API.
pub(crate) fn note_part(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    error: &str,
) -> rusqlite::Result<()> {
    note(transaction, account, table, PART, error)
}

/// Forgets the parts that earlier syncs did not get.
pub(crate) fn forget_parts(transaction: &Transaction<'_>, account: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM inaccessible WHERE account_id = ?1 AND record = ?2")?
        .execute(params![account, PART])?;
    Ok(())
}

/// The parts that the last sync did not get, each with what the service said.
pub(crate) fn parts(connection: &Connection, account: i64) -> rusqlite::Result<Vec<(String, String)>> {
    connection
        .prepare_cached(
            "SELECT kind, error FROM inaccessible WHERE account_id = ?1 AND record = ?2 ORDER BY kind",
        )?
        .query_map(params![account, PART], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Forgets records, now that they came.
pub(crate) fn forget(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    records: impl Iterator<Item = String>,
) -> rusqlite::Result<()> {
    if !any(transaction, account, table)? {
        return Ok(());
    }
    let mut delete = transaction
        .prepare_cached("DELETE FROM inaccessible WHERE account_id = ?1 AND kind = ?2 AND record = ?3")?;
    for record in records {
        delete.execute(params![account, table, record])?;
    }
    Ok(())
}

/// The records of a table to ask for once more, in the order of their ids.
pub(crate) fn to_ask_for(
    connection: &Connection,
    account: i64,
    table: &str,
) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT record FROM inaccessible
             WHERE account_id = ?1 AND kind = ?2 AND record <> ?3 AND attempts < ?4
             ORDER BY record",
        )?
        .query_map(params![account, table, PART, ATTEMPTS], |row| row.get(0))?
        .collect()
}

/// Whether any record of the table is noted.
pub(crate) fn any(connection: &Connection, account: i64, table: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM inaccessible WHERE account_id = ?1 AND kind = ?2 AND record <> ?3 LIMIT 1",
        )?
        .exists(params![account, table, PART])
}

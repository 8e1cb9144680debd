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

/// A part of the API that the last sync did not get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The step that asks for it.
    pub(crate) step: String,
    /// What the service said.
    pub(crate) error: String,
    /// Whether earlier syncs did not get it either, and nothing of it ever came.
    pub(crate) lasting: bool,
}

/// Notes the parts of the API that the service does not give now, each with what it says, and forgets all others.
pub(crate) fn note_parts(
    transaction: &Transaction<'_>,
    account: i64,
    parts: &[(&str, String)],
) -> rusqlite::Result<()> {
    let mut select =
        transaction.prepare_cached("SELECT kind FROM inaccessible WHERE account_id = ?1 AND record = ?2")?;
    let noted: Vec<String> = select
        .query_map(params![account, PART], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for kind in noted {
        if parts.iter().all(|(part, _)| *part != kind) {
            forget(transaction, account, &kind, [PART.to_owned()].into_iter())?;
        }
    }
    parts
        .iter()
        .try_for_each(|(part, error)| note(transaction, account, part, PART, error))
}

/// The parts that the last sync did not get.
pub(crate) fn parts(connection: &Connection, account: i64) -> rusqlite::Result<Vec<Part>> {
    connection
        .prepare_cached(
            "SELECT kind, error, attempts > 1 AND NOT EXISTS (
                SELECT 1 FROM walks WHERE walks.account_id = ?1 AND walks.kind = inaccessible.kind
             )
             FROM inaccessible WHERE account_id = ?1 AND record = ?2
             ORDER BY kind",
        )?
        .query_map(params![account, PART], |row| {
            Ok(Part {
                step: row.get(0)?,
                error: row.get(1)?,
                lasting: row.get(2)?,
            })
        })?
        .collect()
}

/// Forgets records, now that they came, where any are noted.
pub(crate) fn forget_if_any(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    records: impl Iterator<Item = String>,
) -> rusqlite::Result<()> {
    if any(transaction, account, table)? {
        forget(transaction, account, table, records)
    } else {
        Ok(())
    }
}

fn forget(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    records: impl Iterator<Item = String>,
) -> rusqlite::Result<()> {
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

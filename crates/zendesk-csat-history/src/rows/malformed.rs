//! Records that could not be read: kept as they came, so that nothing is lost, with the page that brought them, so that
//! it can be asked for again.

use rusqlite::{Connection, Transaction, params};

/// A record that could not be read.
#[derive(Debug, Clone)]
pub(crate) struct Malformed {
    /// Its place in its page, from 0.
    pub(crate) index: usize,
    /// Where in the record the fault is.
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) raw: String,
}

/// What a page was asked for by; time in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageKey {
    pub(crate) start_at: Option<i64>,
    pub(crate) cursor: Option<String>,
}

/// Keeps the records of a page that could not be read, in place of what the same page had before.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    page: &PageKey,
    attempts: u32,
    records: &[Malformed],
) -> rusqlite::Result<()> {
    if !any(transaction, account, table)? && records.is_empty() {
        return Ok(());
    }
    transaction
        .prepare_cached(
            "DELETE FROM malformed WHERE account_id = ?1 AND kind = ?2 AND start_at IS ?3 AND cursor IS ?4",
        )?
        .execute(params![account, table, page.start_at, page.cursor])?;
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO malformed (account_id, kind, record, path, message, raw, start_at, cursor, attempts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET
            path = excluded.path,
            message = excluded.message,
            raw = excluded.raw,
            start_at = excluded.start_at,
            cursor = excluded.cursor",
    )?;
    for record in records {
        let name = id_of(&record.raw).unwrap_or_else(|| name_of(page, record.index));
        upsert.execute(params![
            account,
            table,
            name,
            record.path,
            record.message,
            record.raw,
            page.start_at,
            page.cursor,
            attempts,
        ])?;
    }
    Ok(())
}

/// Forgets what was kept of records that have now been read.
pub(crate) fn forget(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    ids: impl Iterator<Item = String>,
) -> rusqlite::Result<()> {
    if !any(transaction, account, table)? {
        return Ok(());
    }
    let mut delete = transaction
        .prepare_cached("DELETE FROM malformed WHERE account_id = ?1 AND kind = ?2 AND record = ?3")?;
    for id in ids {
        delete.execute(params![account, table, id])?;
    }
    Ok(())
}

/// The pages that brought records that could not be read and were asked for again fewer times than this, and how often
/// they were.
pub(crate) fn pages(
    connection: &Connection,
    account: i64,
    table: &str,
    attempts: u32,
) -> rusqlite::Result<Vec<(PageKey, u32)>> {
    connection
        .prepare_cached(
            "SELECT start_at, cursor, max(attempts) AS most
             FROM malformed
             WHERE account_id = ?1 AND kind = ?2
             GROUP BY start_at, cursor
             HAVING most < ?3",
        )?
        .query_map(params![account, table, attempts], |row| {
            let page = PageKey {
                start_at: row.get(0)?,
                cursor: row.get(1)?,
            };
            Ok((page, row.get(2)?))
        })?
        .collect()
}

/// Notes that a page was asked for once more, in vain.
pub(crate) fn attempted(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    page: &PageKey,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE malformed SET attempts = attempts + 1
             WHERE account_id = ?1 AND kind = ?2 AND start_at IS ?3 AND cursor IS ?4",
        )?
        .execute(params![account, table, page.start_at, page.cursor])?;
    Ok(())
}

fn any(connection: &Connection, account: i64, table: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM malformed WHERE account_id = ?1 AND kind = ?2 LIMIT 1")?
        .exists(params![account, table])
}

/// The id that the record shows.
pub(crate) fn id_of(raw: &str) -> Option<String> {
    let record: serde_json::Value = serde_json::from_str(raw).ok()?;
    match record.get("id")? {
        serde_json::Value::String(id) => Some(id.clone()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// What shows no id is named by its place.
fn name_of(page: &PageKey, index: usize) -> String {
    let start_at = page
        .start_at
        .map(|start_at| start_at.to_string())
        .unwrap_or_default();
    format!(
        "{start_at}/{}/{index}",
        page.cursor.as_deref().unwrap_or_default()
    )
}

//! Records that could not be read: kept as they came, so that nothing is lost.

use rusqlite::{Transaction, params};

/// A record that could not be read.
#[derive(Debug, Clone)]
pub(crate) struct Malformed {
    /// Where in the record the fault is.
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) raw: String,
}

/// Keeps the records, each once.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    records: &[Malformed],
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO malformed (account_id, kind, record, path, message, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for record in records {
        let id = id_of(&record.raw);
        upsert.execute(params![
            account,
            table,
            id.as_deref().unwrap_or(&record.raw),
            record.path,
            record.message,
            record.raw,
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
    let kept_any: bool = transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM malformed WHERE account_id = ?1 AND kind = ?2)")?
        .query_row(params![account, table], |row| row.get(0))?;
    if !kept_any {
        return Ok(());
    }
    let mut delete = transaction
        .prepare_cached("DELETE FROM malformed WHERE account_id = ?1 AND kind = ?2 AND record = ?3")?;
    for id in ids {
        delete.execute(params![account, table, id])?;
    }
    Ok(())
}

fn id_of(raw: &str) -> Option<String> {
    let record: serde_json::Value = serde_json::from_str(raw).ok()?;
    match record.get("id")? {
        serde_json::Value::String(id) => Some(id.clone()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

//! Records that could not be read, kept as they came so that nothing is lost, and those that could but have a time that
//! cannot be. The page that brought them is kept with them, so that it can be asked for again.

use rusqlite::{Connection, Transaction, params};

/// A record that could not be read, or that is not believed.
#[derive(Debug, Clone)]
pub(crate) struct Malformed {
    /// Its id, or its place in its page, from 0, where it shows none.
    pub(crate) name: Name,
    /// Where in the record the fault is.
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) raw: String,
    /// Whether it is in its table all the same.
    pub(crate) stored: bool,
}

/// What tells a record from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Id(String),
    Place(usize),
}

/// What a page was asked for by; time in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageKey {
    pub(crate) start_at: Option<i64>,
    pub(crate) cursor: Option<String>,
}

/// Keeps the records of a page. Those that the page had before and shows no longer stay, and count one more attempt.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    page: &PageKey,
    attempts: u32,
    records: &[Malformed],
) -> rusqlite::Result<()> {
    if records.is_empty() && !any(transaction, account, table)? {
        return Ok(());
    }
    // What shows no id is told by its place, and stands there again if it still cannot be read.
    transaction
        .prepare_cached(
            "DELETE FROM malformed
             WHERE account_id = ?1 AND kind = ?2 AND start_at IS ?3 AND cursor IS ?4 AND record LIKE '%/%'",
        )?
        .execute(params![account, table, page.start_at, page.cursor])?;
    if attempts > 0 {
        attempted(transaction, account, table, page)?;
    }
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO malformed (account_id, kind, record, path, message, raw, start_at, cursor, attempts, stored)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT DO UPDATE SET
            path = excluded.path,
            message = excluded.message,
            raw = excluded.raw,
            start_at = excluded.start_at,
            cursor = excluded.cursor,
            stored = excluded.stored",
    )?;
    for record in records {
        let name = match &record.name {
            Name::Id(id) => id.clone(),
            Name::Place(index) => name_of(page, *index),
        };
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
            record.stored,
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

impl Malformed {
    /// A record that could be read, with a time that cannot be.
    pub(crate) fn doubtful(id: String, property: &str) -> Self {
        Self {
            name: Name::Id(id),
            path: format!("$.{property}"),
            message: "expected a time that is not after the answer's own".to_owned(),
            raw: String::new(),
            stored: true,
        }
    }
}

impl Name {
    /// The record's id where it shows one, else its place.
    pub(crate) fn of(raw: &str, index: usize) -> Self {
        id_of(raw).map_or(Self::Place(index), Self::Id)
    }
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

//! How far each listing was read: stored with the rows that it covers.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// The state of one listing; times in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    /// How far back the rows reach; `None` for all there is.
    pub(crate) since: Option<i64>,
    /// From when on this walk lists; `None` for all there is.
    pub(crate) start_at: Option<i64>,
    /// Where to go on.
    pub(crate) cursor: Option<String>,
    pub(crate) finished: bool,
    /// The latest moment of the service's clock known not to be after what the walk must read again.
    pub(crate) horizon: Option<i64>,
}

/// The stored state of the walk that fills `table`.
pub(crate) fn load(connection: &Connection, account: i64, table: &str) -> rusqlite::Result<Option<Walk>> {
    connection
        .prepare_cached(
            "SELECT since, start_at, cursor, finished, horizon FROM walks WHERE account_id = ?1 AND kind = ?2",
        )?
        .query_row(params![account, table], |row| {
            Ok(Walk {
                since: row.get(0)?,
                start_at: row.get(1)?,
                cursor: row.get(2)?,
                finished: row.get(3)?,
                horizon: row.get(4)?,
            })
        })
        .optional()
}

/// Stores the state of the walk that fills `table`.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    walk: &Walk,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO walks (account_id, kind, since, start_at, cursor, finished, horizon)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            account,
            table,
            walk.since,
            walk.start_at,
            walk.cursor,
            walk.finished,
            walk.horizon,
        ])?;
    Ok(())
}

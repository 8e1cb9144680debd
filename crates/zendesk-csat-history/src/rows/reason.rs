//! The reasons that a legacy rating can have.

use rusqlite::{Transaction, params};

/// A reason as the service lists it; times in milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Reason {
    pub(crate) id: i64,
    pub(crate) reason_code: Option<i64>,
    pub(crate) value: Option<String>,
    pub(crate) deleted_at: Option<i64>,
}

const UPSERT: &str = "
    INSERT INTO reasons (account_id, id, reason_code, value, deleted_at)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (account_id, id) DO UPDATE SET
        reason_code = excluded.reason_code,
        value = excluded.value,
        deleted_at = excluded.deleted_at";

/// Stores the reasons. A reason that is listed no longer stays: old ratings name it.
pub(crate) fn store(transaction: &Transaction<'_>, account: i64, reasons: &[Reason]) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for reason in reasons {
        upsert.execute(params![
            account,
            reason.id,
            reason.reason_code,
            reason.value,
            reason.deleted_at,
        ])?;
    }
    Ok(())
}

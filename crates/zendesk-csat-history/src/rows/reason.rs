//! The reasons that a legacy rating can have.

use rusqlite::{Transaction, params};
use zendesk_csat::types::SatisfactionReason;

use super::milliseconds;

const UPSERT: &str = "
    INSERT INTO reasons (account_id, id, reason_code, value, deleted_at)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (account_id, id) DO UPDATE SET
        reason_code = excluded.reason_code,
        value = excluded.value,
        deleted_at = excluded.deleted_at";

/// Stores the reasons. A reason that is listed no longer stays: old ratings name it.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reasons: &[SatisfactionReason],
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for reason in reasons {
        upsert.execute(params![
            account,
            reason.id.get(),
            reason.reason_code.as_ref().map(|code| code.0),
            reason.value,
            reason.deleted_at.map(milliseconds),
        ])?;
    }
    Ok(())
}

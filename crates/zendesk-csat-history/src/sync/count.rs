//! The service's own count of ratings beside those that were listed.

use rusqlite::Connection;

use super::ratings::{OVERLAP, Ratings};
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::account;
use crate::rows::walk::Walk;

/// The service counts no further.
const COUNTED_TO: i64 = 100_000;

const LISTED: &str = "
    SELECT
        (SELECT count(*) FROM ratings WHERE account_id = ?1)
        + (SELECT count(*) FROM malformed WHERE account_id = ?1 AND kind = 'ratings' AND stored = 0)";

/// Notes how many ratings the service counts beyond those that were listed, where it counts all that a history has.
pub(super) async fn compare(run: &Run<'_>) -> Result<(), HistoryError> {
    if run.since.is_some() || run.lacks(Step::Ratings) {
        return Ok(());
    }
    let Ok(Some(count)) = *run.count_ratings().await else {
        return Ok(());
    };
    if count >= COUNTED_TO {
        return Ok(());
    }
    let mut missing = missing(run, count)?;
    if missing > 0 {
        // Some of them may have been made since the list was read.
        let new = Walk::next(run.walked::<Ratings>()?, run.since, OVERLAP);
        run.available(run.walk::<Ratings>(new).await)?;
        missing = self::missing(run, count)?;
    }
    run.write(move |transaction, account| account::set_ratings_missing(transaction, account, missing))
        .await
}

/// What is listed and gone since counts for another: there may be more missing, never fewer.
fn missing(run: &Run<'_>, count: i64) -> Result<i64, HistoryError> {
    let listed = |connection: &Connection| -> rusqlite::Result<i64> {
        connection
            .prepare_cached(LISTED)?
            .query_row([run.account], |row| row.get(0))
    };
    Ok(count.saturating_sub(run.history.read(listed)?).max(0))
}

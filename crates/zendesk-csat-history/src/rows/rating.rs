//! Ratings of the legacy system.

use rusqlite::{Transaction, params};
use zendesk_csat::types::SatisfactionRating;

use super::milliseconds;
use super::reading::Reading;

/// Whole seconds are compared: the service gives the times of ratings in seconds and of surveys in milliseconds.
const UPSERT: &str = "
    INSERT INTO ratings (
        account_id, id, ticket_id, requester_id, assignee_id, group_id,
        score, comment, reason, reason_id, created_at, updated_at, run, mirror
    )
    VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
        EXISTS (
            SELECT 1 FROM survey_responses
            WHERE account_id = ?1 AND ticket_id = ?3 AND sent_at < (?11 / 1000 + 1) * 1000
        )
    )
    ON CONFLICT (account_id, id) DO UPDATE SET
        ticket_id = excluded.ticket_id,
        requester_id = excluded.requester_id,
        assignee_id = excluded.assignee_id,
        group_id = excluded.group_id,
        score = excluded.score,
        comment = excluded.comment,
        reason = excluded.reason,
        reason_id = excluded.reason_id,
        created_at = excluded.created_at,
        updated_at = excluded.updated_at,
        run = excluded.run,
        mirror = excluded.mirror
    WHERE excluded.run > ratings.run
        OR coalesce(ratings.updated_at, ratings.created_at, 0) > ?14
        OR coalesce(excluded.updated_at, excluded.created_at, 0) >= coalesce(ratings.updated_at, ratings.created_at, 0)";

/// Stores the ratings; of a rating that this sync has read before, the version that was updated last.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reading: &Reading,
    ratings: &[SatisfactionRating],
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for rating in ratings {
        upsert.execute(params![
            account,
            rating.id.get(),
            rating.ticket_id.map(i64::from),
            rating.requester_id.map(i64::from),
            rating.assignee_id.map(i64::from),
            rating.group_id.map(i64::from),
            rating.score.as_ref().map(|score| score.as_str()),
            rating.comment,
            rating.reason,
            rating.reason_id.map(i64::from),
            rating.created_at.map(milliseconds),
            rating.updated_at.map(milliseconds),
            reading.run,
            reading.latest,
        ])?;
    }
    Ok(())
}

/// The property with a time that cannot be.
pub(crate) fn doubtful(rating: &SatisfactionRating, reading: &Reading) -> Option<&'static str> {
    reading.doubtful([
        ("created_at", rating.created_at.map(milliseconds)),
        ("updated_at", rating.updated_at.map(milliseconds)),
    ])
}

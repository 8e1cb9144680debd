//! Ratings of the legacy system.

use rusqlite::{Transaction, params};
use zendesk_csat::types::SatisfactionRating;

use super::reading::Reading;
use super::{milliseconds, score};

/// A record that was ever seen offered, or has changed since it was made, began as an offer: what a customer rates of his
/// own accord is made with its score. The first rating is that of the earliest version that was seen with a score.
const UPSERT: &str = "
    INSERT INTO ratings (
        account_id, id, ticket_id, requester_id, assignee_id, group_id,
        score, comment, reason, reason_id, created_at, updated_at, run, first_rated_at, is_offer
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15, ?16)
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
        first_rated_at = coalesce(min(excluded.first_rated_at, ratings.first_rated_at),
            excluded.first_rated_at, ratings.first_rated_at),
        is_offer = max(excluded.is_offer, ratings.is_offer)
    WHERE excluded.run > ratings.run
        OR coalesce(ratings.updated_at, ratings.created_at, 0) > ?14
        OR coalesce(excluded.updated_at, excluded.created_at, 0) >= coalesce(ratings.updated_at, ratings.created_at, 0)";

/// What a version that is not taken tells nevertheless.
const BEGINNING: &str = "
    UPDATE ratings SET
        first_rated_at = coalesce(min(?3, first_rated_at), ?3, first_rated_at),
        is_offer = max(?4, is_offer)
    WHERE account_id = ?1 AND id = ?2";

/// Stores the ratings; of a rating that this sync has read before, the version that was updated last.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reading: &Reading,
    ratings: &[SatisfactionRating],
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    let mut beginning = transaction.prepare_cached(BEGINNING)?;
    for rating in ratings {
        let id = rating.id.get();
        let score = rating.score.as_ref().map(|value| score::normal(value.as_str()));
        let is_scored = score.is_some_and(|score| !score::UNRATED.contains(&score));
        let (created_at, updated_at) = (
            rating.created_at.map(milliseconds),
            rating.updated_at.map(milliseconds),
        );
        let first_rated_at = updated_at.or(created_at).filter(|_| is_scored);
        let is_offer = score == Some("offered")
            || created_at
                .zip(updated_at)
                .is_some_and(|(created, updated)| created != updated);
        let taken = upsert.execute(params![
            account,
            id,
            rating.ticket_id.map(i64::from),
            rating.requester_id.map(i64::from),
            rating.assignee_id.map(i64::from),
            rating.group_id.map(i64::from),
            score,
            rating.comment,
            rating.reason,
            rating.reason_id.map(i64::from),
            created_at,
            updated_at,
            reading.run,
            reading.latest,
            first_rated_at,
            is_offer,
        ])?;
        if taken == 0 {
            beginning.execute(params![account, id, first_rated_at, is_offer])?;
        }
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

//! Which answer is the latest of its ticket.

use rusqlite::{Transaction, params};

use super::scope::Scope;

/// The answers that are rows, by ticket, the latest first. Ties go by id.
const ANSWERS: &str = "
    SELECT ticket_id, source, key, is_latest
    FROM (
        SELECT
            r.ticket_id AS ticket_id,
            coalesce(r.updated_at, r.created_at) AS rated_at,
            'rating' AS source,
            r.id AS key,
            CAST(r.id AS TEXT) AS id,
            r.is_latest AS is_latest
        FROM {temp.touched_tickets AS touched CROSS JOIN} ratings AS r
        JOIN accounts AS a ON a.id = r.account_id
        WHERE r.account_id = ?1{ AND r.ticket_id = touched.ticket}
            AND r.score NOT IN ('offered', 'unoffered')
            AND r.copy_of IS NULL
            AND coalesce(r.created_at >= a.since, true)
        UNION ALL
        SELECT coalesce(s.ticket_id, c.ticket_id), s.rated_at, 'survey', s.rowid, s.id, s.is_latest
        FROM survey_responses AS s
        JOIN accounts AS a ON a.id = s.account_id
        LEFT JOIN ratings AS c ON c.account_id = s.account_id AND c.id = s.copy_id
        WHERE s.account_id = ?1
            AND (s.score IS NOT NULL OR s.rated_at IS NOT NULL)
            AND coalesce(s.sent_at >= a.since, true)
            {AND s.ticket_id IS NULL
            AND (s.run > ?2 OR s.responder_id IN (SELECT customer FROM temp.touched_customers))}
        {UNION ALL
        SELECT s.ticket_id, s.rated_at, 'survey', s.rowid, s.id, s.is_latest
        FROM temp.touched_tickets AS touched
        CROSS JOIN survey_responses AS s ON s.account_id = ?1 AND s.ticket_id = touched.ticket
        JOIN accounts AS a ON a.id = s.account_id
        WHERE (s.score IS NOT NULL OR s.rated_at IS NOT NULL) AND coalesce(s.sent_at >= a.since, true)}
    )
    [WHERE ?2 IS NOT NULL]
    ORDER BY ticket_id, rated_at DESC, id DESC";

/// What no longer is an answer, or no row.
const FORGET_RATINGS: &str = "
    UPDATE ratings SET is_latest = 0
    WHERE account_id = ?1 AND is_latest = 1
        {AND ticket_id IN (SELECT ticket FROM temp.touched_tickets)}
        AND (coalesce(score IN ('offered', 'unoffered'), true) OR copy_of IS NOT NULL)";

const FORGET_RESPONSES: &str = "
    UPDATE survey_responses SET is_latest = 0
    WHERE account_id = ?1 AND is_latest = 1 AND score IS NULL AND rated_at IS NULL";

/// `derived` is the sync after which this was last done.
pub(super) fn derive(
    transaction: &Transaction<'_>,
    account: i64,
    scope: Scope,
    derived: i64,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(&scope.of(FORGET_RATINGS))?
        .execute([account])?;
    transaction.prepare_cached(FORGET_RESPONSES)?.execute([account])?;
    let mut mark_rating =
        transaction.prepare_cached("UPDATE ratings SET is_latest = ?3 WHERE account_id = ?1 AND id = ?2")?;
    let mut mark_response =
        transaction.prepare_cached("UPDATE survey_responses SET is_latest = ?2 WHERE rowid = ?1")?;
    let mut differ: Vec<(bool, i64, bool)> = Vec::new();
    let mut select = transaction.prepare_cached(&scope.of(ANSWERS))?;
    let mut answers = select.query([account, derived])?;
    let mut before: Option<i64> = None;
    while let Some(answer) = answers.next()? {
        let ticket: Option<i64> = answer.get(0)?;
        let is_latest = ticket.is_none() || ticket != before;
        before = ticket;
        if is_latest != answer.get::<_, bool>(3)? {
            differ.push((
                answer.get_ref(1)?.as_str()? == "rating",
                answer.get(2)?,
                is_latest,
            ));
        }
    }
    drop(answers);
    for (is_rating, key, is_latest) in differ {
        if is_rating {
            mark_rating.execute(params![account, key, is_latest])?;
        } else {
            mark_response.execute(params![key, is_latest])?;
        }
    }
    Ok(())
}

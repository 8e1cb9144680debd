//! The score of an answer that came with a number alone: it follows from how many numbers there were.

use rusqlite::Transaction;

/// As Zendesk sorts them: of two, 1 is bad; of three, 2 is neutral; of five, 1 and 2 are bad and 3 is neutral. Of another
/// scale nobody has said it.
const DERIVE: &str = "
    UPDATE survey_responses AS s SET score = (
        SELECT CASE q.option_count
            WHEN 2 THEN CASE s.rating WHEN 1 THEN 'bad' WHEN 2 THEN 'good' END
            WHEN 3 THEN CASE s.rating WHEN 1 THEN 'bad' WHEN 2 THEN 'neutral' WHEN 3 THEN 'good' END
            WHEN 5 THEN CASE
                WHEN s.rating IN (1, 2) THEN 'bad'
                WHEN s.rating = 3 THEN 'neutral'
                WHEN s.rating IN (4, 5) THEN 'good'
            END
        END
        FROM questions AS q
        WHERE q.account_id = s.account_id
            AND q.survey_id = s.survey_id
            AND q.survey_version = s.survey_version
            AND q.id = s.csat_question_id
            AND q.option_count IS NOT NULL
    )
    WHERE account_id = ?1 AND score IS NULL AND rating IS NOT NULL
    RETURNING run, score";

/// Whether an answer that was read no later than the sync `derived` has got a score.
pub(super) fn derive(transaction: &Transaction<'_>, account: i64, derived: i64) -> rusqlite::Result<bool> {
    let mut update = transaction.prepare_cached(DERIVE)?;
    let mut scores = update.query([account])?;
    let mut earlier = false;
    while let Some(row) = scores.next()? {
        earlier |= row.get::<_, i64>(0)? <= derived && row.get::<_, Option<String>>(1)?.is_some();
    }
    Ok(earlier)
}

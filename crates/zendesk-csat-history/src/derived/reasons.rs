//! Which answer tells the reasons, where a survey has several closed questions: that to a question which the user names, else to
//! the one that follows ratings which are not good, else to one that follows ratings, else the first after the rating.

use rusqlite::{Transaction, params};

/// The versions of surveys whose reasons a response by itself does not tell, each with the questions to go by; with none where
/// that is not known.
const MAKE: &str = "
    CREATE TEMP TABLE IF NOT EXISTS reason_versions (
        survey_id TEXT NOT NULL,
        survey_version INTEGER NOT NULL,
        is_known INTEGER NOT NULL,
        PRIMARY KEY (survey_id, survey_version)
    ) STRICT, WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS reason_questions (
        survey_id TEXT NOT NULL,
        survey_version INTEGER NOT NULL,
        question_id TEXT NOT NULL,
        rank INTEGER NOT NULL,
        PRIMARY KEY (survey_id, survey_version, question_id)
    ) STRICT, WITHOUT ROWID;
    DELETE FROM temp.reason_versions;
    DELETE FROM temp.reason_questions;";

/// A question that was named comes first. A survey keeps the ids of its questions from version to version: those that follow
/// ratings are taken to do so wherever they are asked.
const CANDIDATES: &str = "
    WITH named AS (
        SELECT value FROM accounts, json_each(accounts.reason_questions) WHERE accounts.id = ?1
    )
    INSERT INTO temp.reason_questions (survey_id, survey_version, question_id, rank)
    SELECT q.survey_id, q.survey_version, q.id, CASE
        WHEN q.id IN named OR q.alias IN named THEN 0
        WHEN f.asks_why THEN 1
        ELSE 2
    END
    FROM questions AS q
    LEFT JOIN follow_ups AS f
        ON f.account_id = q.account_id AND f.survey_id = q.survey_id AND f.question_id = q.id
    WHERE q.account_id = ?1 AND q.type = 'closed_ended'
        AND (f.question_id IS NOT NULL OR q.id IN named OR q.alias IN named)
    UNION
    SELECT survey_id, survey_version, question_id, iif(asks_why, 1, 2)
    FROM follow_ups
    WHERE account_id = ?1
    ON CONFLICT DO NOTHING";

const BEST: &str = "
    DELETE FROM temp.reason_questions AS worse
    WHERE EXISTS (
        SELECT 1 FROM temp.reason_questions AS better
        WHERE better.survey_id = worse.survey_id
            AND better.survey_version = worse.survey_version
            AND better.rank < worse.rank
    )";

const VERSIONS: &str = "
    INSERT INTO temp.reason_versions (survey_id, survey_version, is_known)
    SELECT survey_id, survey_version, max(q.is_reason)
    FROM (
        SELECT survey_id, survey_version, id, EXISTS (
            SELECT 1 FROM temp.reason_questions AS chosen
            WHERE chosen.survey_id = questions.survey_id AND chosen.survey_version = questions.survey_version
        ) AS is_reason
        FROM questions
        WHERE account_id = ?1 AND type = 'closed_ended'
    ) AS q
    GROUP BY survey_id, survey_version
    HAVING max(q.is_reason) OR count(*) > 1";

const ANY: &str = "SELECT EXISTS (SELECT 1 FROM temp.reason_versions)";

const APPLY: &str = "
    UPDATE survey_responses AS s
    SET (reason_question_id, reason_option_ids) = (
        SELECT a.question_id, a.option_ids
        FROM answers AS a
        WHERE a.account_id = s.account_id AND a.survey_response_id = s.id
            AND a.type = 'closed_ended'
            AND (NOT v.is_known OR EXISTS (
                SELECT 1 FROM temp.reason_questions AS chosen
                WHERE chosen.survey_id = v.survey_id
                    AND chosen.survey_version = v.survey_version
                    AND chosen.question_id = a.question_id
            ))
        ORDER BY a.position < coalesce((
            SELECT csat.position FROM answers AS csat
            WHERE csat.account_id = s.account_id
                AND csat.survey_response_id = s.id
                AND csat.question_id = s.csat_question_id
        ), 0), a.position
        LIMIT 1
    )
    FROM temp.reason_versions AS v
    WHERE s.account_id = ?1 AND s.run > ?2
        AND s.survey_id = v.survey_id AND s.survey_version = v.survey_version";

/// `derived` is the sync after which this was last done.
pub(super) fn derive(transaction: &Transaction<'_>, account: i64, derived: i64) -> rusqlite::Result<()> {
    transaction.execute_batch(MAKE)?;
    transaction.prepare_cached(CANDIDATES)?.execute([account])?;
    transaction.prepare_cached(BEST)?.execute([])?;
    transaction.prepare_cached(VERSIONS)?.execute([account])?;
    let any: bool = transaction.prepare_cached(ANY)?.query_row([], |row| row.get(0))?;
    if any {
        transaction
            .prepare_cached(APPLY)?
            .execute(params![account, derived])?;
    }
    Ok(())
}

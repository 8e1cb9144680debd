//! Which question follows which rating, and which questions ask for reasons.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};
use zendesk_csat::types::{Question, QuestionType, Survey};

/// The surveys with versions that have several closed questions, and the newest version that was answered; those alone that
/// were not listed since.
const UNCLEAR: &str = "
    SELECT several.survey_id, several.newest
    FROM (
        SELECT survey_id, max(survey_version) AS newest, max(closed) AS closed
        FROM (
            SELECT survey_id, survey_version, sum(type = 'closed_ended') AS closed
            FROM questions
            WHERE account_id = ?1
            GROUP BY survey_id, survey_version
        )
        GROUP BY survey_id
    ) AS several
    LEFT JOIN surveys_listed AS listed ON listed.account_id = ?1 AND listed.survey_id = several.survey_id
    WHERE several.closed > 1 AND coalesce(listed.survey_version < several.newest, true)";

/// The surveys of which it is not clear which question asks for reasons, each with the newest version that was answered.
pub(crate) fn unclear(connection: &Connection, account: i64) -> rusqlite::Result<Vec<(String, i64)>> {
    connection
        .prepare_cached(UNCLEAR)?
        .query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Stores what the survey says now of the questions that follow ratings; one that is not listed says no more than before.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    survey_id: &str,
    newest: i64,
    survey: Option<&Survey>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO surveys_listed (account_id, survey_id, survey_version) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![account, survey_id, newest])?;
    let Some(survey) = survey else {
        return Ok(());
    };
    transaction
        .prepare_cached("DELETE FROM follow_ups WHERE account_id = ?1 AND survey_id = ?2")?
        .execute(params![account, survey_id])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO follow_ups (account_id, survey_id, survey_version, question_id, asks_why) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (question, asks_why) in follow_ups(survey.questions.as_deref().unwrap_or_default()) {
        insert.execute(params![
            account,
            survey_id,
            survey.version.unwrap_or(newest),
            question,
            asks_why
        ])?;
    }
    // All responses are looked at again.
    transaction
        .prepare_cached("UPDATE accounts SET derived_run = 0 WHERE id = ?1")?
        .execute([account])?;
    Ok(())
}

/// The closed questions that follow ratings, and whether they follow those alone that are not the best.
fn follow_ups(questions: &[Question]) -> Vec<(&str, bool)> {
    let is_closed = |id: &str| {
        questions
            .iter()
            .any(|question| question.id.as_str() == id && question.type_ == QuestionType::ClosedEnded)
    };
    let (mut after_any, mut after_best) = (BTreeSet::new(), BTreeSet::new());
    let csat = questions.iter().filter(|question| {
        let sub_type = question.sub_type.as_ref().map(|sub_type| sub_type.as_str());
        sub_type == Some("customer_satisfaction")
    });
    for options in csat.filter_map(|question| question.options.as_deref()) {
        let best = options.iter().filter_map(|option| option.rating).max();
        for option in options {
            let follow_up = option.follow_up.as_ref();
            if let Some(next) = follow_up.and_then(|follow_up| follow_up.question_id.as_ref())
                && is_closed(next.as_str())
            {
                after_any.insert(next.as_str());
                if option.rating == best {
                    after_best.insert(next.as_str());
                }
            }
        }
    }
    after_any
        .into_iter()
        .map(|question| (question, !after_best.contains(question)))
        .collect()
}

/// A closed question that was answered: its id, and its alias where it has one.
pub(crate) fn closed(
    connection: &Connection,
    account: i64,
) -> rusqlite::Result<Vec<(String, Option<String>)>> {
    connection
        .prepare_cached(
            "SELECT id, max(alias) FROM questions WHERE account_id = ?1 AND type = 'closed_ended' GROUP BY id ORDER BY id",
        )?
        .query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Keeps which questions ask for reasons, by their ids or aliases; none of them for whatever the surveys say.
pub(crate) fn name(
    transaction: &Transaction<'_>,
    account: i64,
    questions: &[String],
) -> rusqlite::Result<()> {
    let named = (!questions.is_empty()).then(|| serde_json::Value::from(questions).to_string());
    transaction
        .prepare_cached(
            "UPDATE accounts SET reason_questions = ?2, derived_run = 0 WHERE id = ?1 AND reason_questions IS NOT ?2",
        )?
        .execute(params![account, named])?;
    Ok(())
}

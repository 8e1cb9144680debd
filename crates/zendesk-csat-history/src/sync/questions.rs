//! What questions and options say: one response of a survey version is shown in full, and has the texts of all.

use std::collections::HashSet;

use rusqlite::{Connection, Row, params};
use zendesk_csat::types::Question;

use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::inaccessible::ATTEMPTS;
use crate::rows::question::{self, SurveyVersion};
use crate::rows::survey_response;

/// How many more responses to show for a question that the first one has not.
const FURTHER_ATTEMPTS: i64 = 3;

/// The responses that unknown questions were first seen in, those that answer most of them first.
const SEEN_IN: &str = "
    SELECT DISTINCT unknown.survey_id, unknown.survey_version, unknown.seen_in, (
        SELECT count(*)
        FROM answers
        JOIN questions AS answered
            ON answered.account_id = answers.account_id
            AND answered.survey_id = unknown.survey_id
            AND answered.survey_version = unknown.survey_version
            AND answered.id = answers.question_id
            AND (answered.option_count IS NULL OR answered.locale <> (SELECT locale FROM accounts WHERE id = ?1))
        WHERE answers.account_id = unknown.account_id AND answers.survey_response_id = unknown.seen_in
    ) AS answers
    FROM questions AS unknown
    WHERE unknown.account_id = ?1 AND unknown.seen_in IS NOT NULL
        AND (unknown.option_count IS NULL OR unknown.locale <> (SELECT locale FROM accounts WHERE id = ?1))
        AND unknown.attempts < ?2
    ORDER BY answers DESC, unknown.seen_in";

const UNKNOWN: &str = "
    SELECT survey_id, survey_version, id FROM questions
    WHERE account_id = ?1 AND attempts < ?2
        AND (option_count IS NULL OR locale <> (SELECT locale FROM accounts WHERE id = ?1))";

const ANSWERED_IN: &str = "
    SELECT responses.id
    FROM answers
    JOIN survey_responses AS responses
        ON responses.account_id = answers.account_id AND responses.id = answers.survey_response_id
    WHERE answers.account_id = ?1
        AND responses.survey_id = ?2
        AND responses.survey_version = ?3
        AND answers.question_id = ?4
    LIMIT ?5";

/// A response that was not shown is missed only as long as its survey has questions with unknown texts.
const FORGET: &str = "
    DELETE FROM inaccessible
    WHERE account_id = ?1 AND kind = 'questions' AND NOT EXISTS (
        SELECT 1
        FROM survey_responses AS responses
        JOIN questions AS unknown
            ON unknown.account_id = responses.account_id
            AND unknown.survey_id = responses.survey_id
            AND unknown.survey_version = responses.survey_version
            AND (unknown.option_count IS NULL OR unknown.locale <> (SELECT locale FROM accounts WHERE id = ?1))
        WHERE responses.account_id = ?1 AND responses.id = inaccessible.record
    )";

/// Reads the texts of the questions that were answered and whose texts are not known.
pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    run.available_by_id(read_unknown(run).await)?;
    run.finished(Step::Questions);
    Ok(())
}

async fn read_unknown(run: &Run<'_>) -> Result<(), HistoryError> {
    let mut shown = HashSet::new();
    let Some(mut next) = best(run, &shown)? else {
        return Ok(());
    };
    run.started(Step::Questions);
    loop {
        let (survey, response) = next;
        show(run, &survey, &response).await?;
        shown.insert(response);
        next = match best(run, &shown)? {
            Some(next) => next,
            None => break,
        };
    }
    read_what_is_left(run, &mut shown).await?;
    run.write(|transaction, account| transaction.prepare_cached(FORGET)?.execute([account]))
        .await?;
    Ok(())
}

/// Where the response that a question was first seen in cannot be shown, or has it no longer, another one may.
async fn read_what_is_left(run: &Run<'_>, shown: &mut HashSet<String>) -> Result<(), HistoryError> {
    for (survey, question) in run
        .history
        .read(|connection| surveys_and(connection, UNKNOWN, run.account))?
    {
        let responses = run
            .history
            .read(|connection| answered_in(connection, run.account, &survey, &question))?;
        for response in responses {
            if !shown.contains(&response)
                && run
                    .history
                    .read(|connection| is_unknown(connection, run.account, &survey, &question))?
            {
                show(run, &survey, &response).await?;
                shown.insert(response);
            }
        }
    }
    Ok(())
}

async fn show(run: &Run<'_>, survey: &SurveyVersion, response: &str) -> Result<(), HistoryError> {
    let show = || {
        let responses = run.client.survey_responses();
        responses.show(response).locale(&run.locale).send()
    };
    let Some(shown) = run
        .shown(Step::Questions, "questions", response.to_owned(), show)
        .await?
    else {
        return Ok(());
    };
    let (survey, response, reading) = (survey.clone(), response.to_owned(), run.reading_now());
    let count = run
        .write(move |transaction, account| {
            // It is what the service said last of the response, too, if it can be believed.
            if survey_response::doubtful(&shown, &reading).is_none() {
                survey_response::store(transaction, account, &reading, std::slice::from_ref(&shown))?;
            }
            let answers = shown.answers.into_iter().flatten();
            let questions: Vec<Question> = answers.filter_map(|answer| answer.question).collect();
            question::store(transaction, account, &survey, &response, &questions)?;
            Ok(questions.len())
        })
        .await?;
    run.advanced(Step::Questions, count);
    Ok(())
}

fn best(run: &Run<'_>, shown: &HashSet<String>) -> Result<Option<(SurveyVersion, String)>, HistoryError> {
    let seen_in = run
        .history
        .read(|connection| surveys_and(connection, SEEN_IN, run.account))?;
    Ok(seen_in
        .into_iter()
        .find(|(_, response)| !shown.contains(response)))
}

/// Rows of a survey, its version, and something of it.
fn surveys_and(
    connection: &Connection,
    sql: &str,
    account: i64,
) -> rusqlite::Result<Vec<(SurveyVersion, String)>> {
    let read = |row: &Row<'_>| -> rusqlite::Result<_> {
        Ok((
            SurveyVersion {
                survey_id: row.get(0)?,
                version: row.get(1)?,
            },
            row.get(2)?,
        ))
    };
    connection
        .prepare_cached(sql)?
        .query_map(params![account, ATTEMPTS], read)?
        .collect()
}

fn answered_in(
    connection: &Connection,
    account: i64,
    survey: &SurveyVersion,
    question: &str,
) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(ANSWERED_IN)?
        .query_map(
            params![
                account,
                survey.survey_id,
                survey.version,
                question,
                FURTHER_ATTEMPTS + 1
            ],
            |row| row.get(0),
        )?
        .collect()
}

fn is_unknown(
    connection: &Connection,
    account: i64,
    survey: &SurveyVersion,
    question: &str,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(&format!(
            "{UNKNOWN} AND survey_id = ?3 AND survey_version = ?4 AND id = ?5"
        ))?
        .exists(params![
            account,
            ATTEMPTS,
            survey.survey_id,
            survey.version,
            question
        ])
}

//! The texts of questions and options, by survey, version and locale.

use rusqlite::{Transaction, params};

use super::survey_response::SurveyResponse;

/// A question of one version of a survey.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) kind: Option<String>,
    pub(crate) sub_type: Option<String>,
    pub(crate) alias: Option<String>,
    pub(crate) headline: Option<String>,
    pub(crate) options: Vec<QuestionOption>,
}

/// What can be chosen as an answer; an option of a rating scale has a rating, any other an id.
#[derive(Debug, Clone)]
pub(crate) struct QuestionOption {
    pub(crate) id: Option<String>,
    pub(crate) rating: Option<i64>,
    pub(crate) label: Option<String>,
}

/// A version of a survey. Its questions never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SurveyVersion {
    pub(crate) survey_id: String,
    pub(crate) version: i64,
}

/// The response with the most answers is the one to show: it has the texts of the most questions.
const NOTE: &str = "
    INSERT INTO questions (account_id, survey_id, survey_version, locale, id, type, sub_type, seen_in, seen_among)
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8 FROM accounts WHERE id = ?1
    ON CONFLICT DO UPDATE SET seen_in = excluded.seen_in, seen_among = excluded.seen_among
    WHERE questions.option_count IS NULL AND excluded.seen_among > questions.seen_among";

const UPSERT_QUESTION: &str = "
    INSERT INTO questions (
        account_id, survey_id, survey_version, locale, id, type, sub_type, alias, headline, option_count, seen_in
    )
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM accounts WHERE id = ?1
    ON CONFLICT DO UPDATE SET
        type = excluded.type,
        sub_type = excluded.sub_type,
        alias = excluded.alias,
        headline = excluded.headline,
        option_count = excluded.option_count";

const UPSERT_OPTION: &str = "
    INSERT OR REPLACE INTO options (
        account_id, survey_id, survey_version, locale, question_id, position, id, rating, label
    )
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8 FROM accounts WHERE id = ?1";

/// Notes the questions that a survey response answers, so that their texts are read; those known already stay as they are.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    account: i64,
    response: &SurveyResponse,
) -> rusqlite::Result<()> {
    let (Some(survey_id), Some(version)) = (&response.survey_id, response.survey_version) else {
        return Ok(());
    };
    let mut note = transaction.prepare_cached(NOTE)?;
    for answer in &response.answers {
        if let Some(question_id) = &answer.question_id {
            note.execute(params![
                account,
                survey_id,
                version,
                question_id,
                answer.question_kind,
                answer.question_sub_type,
                response.id,
                count(&response.answers),
            ])?;
        }
    }
    Ok(())
}

/// Stores questions as they read in the account's locale.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    survey: &SurveyVersion,
    seen_in: &str,
    questions: &[Question],
) -> rusqlite::Result<()> {
    let mut upsert_question = transaction.prepare_cached(UPSERT_QUESTION)?;
    let mut upsert_option = transaction.prepare_cached(UPSERT_OPTION)?;
    for question in questions {
        upsert_question.execute(params![
            account,
            survey.survey_id,
            survey.version,
            question.id,
            question.kind,
            question.sub_type,
            question.alias,
            question.headline,
            count(&question.options),
            seen_in,
        ])?;
        for (position, option) in (0_i64..).zip(&question.options) {
            upsert_option.execute(params![
                account,
                survey.survey_id,
                survey.version,
                question.id,
                position,
                option.id,
                option.rating,
                option.label,
            ])?;
        }
    }
    Ok(())
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

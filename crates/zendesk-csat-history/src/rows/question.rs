//! The texts of questions and options, by survey, version and locale.

use rusqlite::{Transaction, params};

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

const UPSERT_QUESTION: &str = "
    INSERT OR REPLACE INTO questions (
        account_id, survey_id, survey_version, locale, id, type, sub_type, alias, headline, option_count
    )
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8, ?9 FROM accounts WHERE id = ?1";

const UPSERT_OPTION: &str = "
    INSERT OR REPLACE INTO options (
        account_id, survey_id, survey_version, locale, question_id, position, id, rating, label
    )
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8 FROM accounts WHERE id = ?1";

/// Stores questions as they read in the account's locale.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    survey: &SurveyVersion,
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
            i64::try_from(question.options.len()).unwrap_or(i64::MAX),
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

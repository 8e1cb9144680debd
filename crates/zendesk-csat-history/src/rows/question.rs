//! The texts of questions and options, by survey and version: in the locale in which they were read last.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use zendesk_csat::types::{Question, QuestionType, SurveyResponse};

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
    WHERE (questions.option_count IS NULL OR questions.locale <> excluded.locale)
        AND excluded.seen_among > questions.seen_among";

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
        locale = iif(excluded.option_count IS NULL, questions.locale, excluded.locale),
        option_count = coalesce(excluded.option_count, questions.option_count),
        attempts = questions.attempts + (excluded.option_count IS NULL)";

const UPSERT_OPTION: &str = "
    INSERT OR REPLACE INTO options (
        account_id, survey_id, survey_version, locale, question_id, position, id, rating, label
    )
    SELECT ?1, ?2, ?3, locale, ?4, ?5, ?6, ?7, ?8 FROM accounts WHERE id = ?1";

/// Notes the questions that a page of survey responses answers, so that their texts are read; those known already stay as they are.
pub(crate) fn note<'r>(
    transaction: &Transaction<'_>,
    account: i64,
    responses: impl Iterator<Item = &'r SurveyResponse>,
) -> rusqlite::Result<()> {
    let mut seen: BTreeMap<_, (&Question, &SurveyResponse, i64)> = BTreeMap::new();
    for response in responses {
        let (Some(survey_id), Some(version)) = (response.survey_id(), response.survey_version()) else {
            continue;
        };
        let answers = response.answers.as_deref().unwrap_or_default();
        let among = count(answers);
        for question in answers.iter().filter_map(|answer| answer.question.as_ref()) {
            let best = seen
                .entry((survey_id.as_str(), version, question.id.as_str()))
                .or_insert((question, response, among));
            if among > best.2 {
                *best = (question, response, among);
            }
        }
    }
    let mut note = transaction.prepare_cached(NOTE)?;
    for ((survey_id, version, question_id), (question, response, among)) in seen {
        note.execute(params![
            account,
            survey_id,
            version,
            question_id,
            question.type_.as_str(),
            sub_type(question),
            response.id.as_str(),
            among,
        ])?;
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
        let options = question.options.as_deref().unwrap_or_default();
        let headline = question.headline.as_ref();
        upsert_question.execute(params![
            account,
            survey.survey_id,
            survey.version,
            question.id.as_str(),
            question.type_.as_str(),
            sub_type(question),
            question.alias,
            headline.and_then(|headline| headline.value.as_deref()),
            option_count(question),
            seen_in,
        ])?;
        for (position, option) in (0_i64..).zip(options) {
            upsert_option.execute(params![
                account,
                survey.survey_id,
                survey.version,
                question.id.as_str(),
                position,
                option.id.as_ref().map(|id| id.as_str()),
                option.rating,
                option.label.as_ref().and_then(|label| label.value.as_deref()),
            ])?;
        }
    }
    Ok(())
}

/// How many options it offers; none where it must have some and none were shown, so that they are asked for again.
fn option_count(question: &Question) -> Option<i64> {
    let options = question.options.as_deref().unwrap_or_default();
    let offers_options = matches!(
        question.type_,
        QuestionType::RatingScaleNumeric
            | QuestionType::RatingScaleEmoji
            | QuestionType::RatingScaleCustomText
            | QuestionType::ClosedEnded
    );
    (!options.is_empty() || !offers_options).then(|| count(options))
}

fn sub_type(question: &Question) -> Option<&str> {
    question.sub_type.as_ref().map(|sub_type| sub_type.as_str())
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

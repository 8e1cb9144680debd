//! Survey responses and their answers.

use rusqlite::{CachedStatement, Transaction, params};
use zendesk_csat::types::{Answer, OptionId, SurveyResponse};

use super::reading::Reading;
use super::{account, milliseconds, question, score};

const INSERT: &str = "
    INSERT INTO survey_responses (
        account_id, id, ticket_id, responder_id, sent_at, expires_at, survey_id, survey_version, answered_at,
        csat_question_id, score, rating, rated_at, reason_question_id, reason_option_ids, comment, run, first_rated_at
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
    ON CONFLICT (account_id, id) DO NOTHING";

const UPDATE: &str = "
    UPDATE survey_responses SET
        ticket_id = ?3,
        responder_id = ?4,
        sent_at = ?5,
        expires_at = ?6,
        survey_id = ?7,
        survey_version = ?8,
        answered_at = ?9,
        csat_question_id = ?10,
        score = ?11,
        rating = ?12,
        rated_at = ?13,
        reason_question_id = ?14,
        reason_option_ids = ?15,
        comment = ?16,
        run = ?17,
        first_rated_at = ?18
    WHERE account_id = ?1 AND id = ?2
        AND (?17 > run OR answered_at > ?19 OR coalesce(?9, 0) >= coalesce(answered_at, 0))";

const FORGET_ANSWERS: &str = "DELETE FROM answers WHERE account_id = ?1 AND survey_response_id = ?2";

const INSERT_ANSWER: &str = "
    INSERT INTO answers (
        account_id, survey_response_id, position, type, question_id, question_type, question_sub_type,
        rating, rating_category, option_ids, value, created_at, updated_at
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Stores the responses; of a response that this sync has read before, the version whose answers changed last.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reading: &Reading,
    responses: &[SurveyResponse],
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(INSERT)?;
    let mut update = transaction.prepare_cached(UPDATE)?;
    let mut forget_answers = transaction.prepare_cached(FORGET_ANSWERS)?;
    let mut insert_answer = transaction.prepare_cached(INSERT_ANSWER)?;
    let mut taken = Vec::with_capacity(responses.len());
    // The newest comes first, and rows that are stored in the order of their ids fill the file's pages better.
    for response in responses.iter().rev() {
        let row = Row::of(response);
        // Most are new, and what is new has no answers to forget.
        if !row.write(&mut insert, account, reading)? {
            if !row.write(&mut update, account, reading)? {
                continue;
            }
            forget_answers.execute(params![account, response.id.as_str()])?;
        }
        insert_answers(&mut insert_answer, account, response)?;
        if reading.since.is_none_or(|since| row.sent_at >= Some(since)) {
            taken.push(response);
        }
    }
    let longest = responses
        .iter()
        .filter_map(|response| answer_period(response, reading));
    if let Some(longest) = longest.max() {
        account::widen_answer_period(transaction, account, longest)?;
    }
    question::note(transaction, account, taken.into_iter().rev())
}

/// How long the survey can be answered, in milliseconds; none where that is more than can be.
fn answer_period(response: &SurveyResponse, reading: &Reading) -> Option<i64> {
    let sent_at = reading.believed(sent_at(response))?;
    let period = milliseconds(response.expires_at?).saturating_sub(sent_at);
    (period <= account::LONGEST_ANSWER_PERIOD).then_some(period)
}

/// The property with a time that cannot be.
pub(crate) fn doubtful(response: &SurveyResponse, reading: &Reading) -> Option<&'static str> {
    let answers = response.answers.iter().flatten();
    let changed_at = answers.filter_map(Answer::changed_at).max().map(milliseconds);
    let times = [("id", sent_at(response)), ("answers", changed_at)];
    reading.doubtful(times).or_else(|| {
        let expires = response.expires_at.is_some() && answer_period(response, reading).is_none();
        expires.then_some("expires_at")
    })
}

/// When the survey was sent, in milliseconds.
pub(crate) fn sent_at(response: &SurveyResponse) -> Option<i64> {
    response.sent_at().map(milliseconds)
}

/// What the table needs of a response, put together once.
struct Row<'r> {
    response: &'r SurveyResponse,
    ticket_id: Option<i64>,
    sent_at: Option<i64>,
}

impl<'r> Row<'r> {
    fn of(response: &'r SurveyResponse) -> Self {
        Self {
            response,
            ticket_id: response.ticket_id().map(i64::from),
            sent_at: sent_at(response),
        }
    }

    /// Whether the table took it.
    fn write(
        &self,
        statement: &mut CachedStatement<'_>,
        account: i64,
        reading: &Reading,
    ) -> rusqlite::Result<bool> {
        let response = self.response;
        let answers = response.answers.iter().flatten();
        let csat = response.csat_answer();
        let values = params![
            account,
            response.id.as_str(),
            self.ticket_id,
            response.responder_id.map(i64::from),
            self.sent_at,
            response.expires_at.map(milliseconds),
            response.survey_id().map(|id| id.as_str()),
            response.survey_version(),
            answers.filter_map(Answer::changed_at).max().map(milliseconds),
            csat.and_then(question_id),
            csat.and_then(|answer| answer.rating_category.as_ref())
                .map(|category| score::normal(category.as_str())),
            csat.and_then(|answer| answer.rating),
            response.answered_at().map(milliseconds),
            response.reason_answer().and_then(question_id),
            as_json(response.reason_ids()),
            response.comment(),
            reading.run,
            csat.and_then(|answer| answer.created_at.or(answer.updated_at))
                .map(milliseconds),
            reading.latest,
        ];
        // The insert has no use for the last.
        let count = statement.parameter_count();
        Ok(statement.execute(&values[..count.min(values.len())])? > 0)
    }
}

fn insert_answers(
    insert: &mut CachedStatement<'_>,
    account: i64,
    response: &SurveyResponse,
) -> rusqlite::Result<()> {
    for (position, answer) in (0_i64..).zip(response.answers.iter().flatten()) {
        let question = answer.question.as_ref();
        insert.execute(params![
            account,
            response.id.as_str(),
            position,
            answer.type_.as_str(),
            question_id(answer),
            question.map(|question| question.type_.as_str()),
            question
                .and_then(|question| question.sub_type.as_ref())
                .map(|sub_type| sub_type.as_str()),
            answer.rating,
            answer.rating_category.as_ref().map(|category| category.as_str()),
            as_json(answer.option_ids()),
            answer.value,
            answer.created_at.map(milliseconds),
            answer.updated_at.map(milliseconds),
        ])?;
    }
    Ok(())
}

fn question_id(answer: &Answer) -> Option<&str> {
    answer.question.as_ref().map(|question| question.id.as_str())
}

/// The ids as a JSON array; nothing where there are none.
fn as_json<'a>(ids: impl Iterator<Item = &'a OptionId>) -> Option<String> {
    let ids: Vec<_> = ids.map(OptionId::as_str).collect();
    (!ids.is_empty()).then(|| serde_json::Value::from(ids).to_string())
}

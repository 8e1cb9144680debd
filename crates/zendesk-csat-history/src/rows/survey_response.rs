//! Survey responses and their answers.

use rusqlite::{CachedStatement, Transaction, params};

use super::question;

/// A survey response as the service lists it; times in milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct SurveyResponse {
    pub(crate) id: String,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) responder_id: Option<i64>,
    pub(crate) sent_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) survey_id: Option<String>,
    pub(crate) survey_version: Option<i64>,
    pub(crate) answers: Vec<Answer>,
}

/// An answer; which members it has depends on its type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) kind: Option<String>,
    /// Whether it is the rating that counts.
    pub(crate) is_csat: bool,
    pub(crate) question_id: Option<String>,
    pub(crate) question_kind: Option<String>,
    pub(crate) question_sub_type: Option<String>,
    pub(crate) rating: Option<i64>,
    pub(crate) rating_category: Option<String>,
    pub(crate) option_ids: Vec<String>,
    pub(crate) value: Option<String>,
    pub(crate) created_at: Option<i64>,
    pub(crate) updated_at: Option<i64>,
}

impl Answer {
    fn changed_at(&self) -> Option<i64> {
        self.updated_at.or(self.created_at)
    }

    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    fn option_ids_json(&self) -> Option<String> {
        (!self.option_ids.is_empty()).then(|| serde_json::Value::from(self.option_ids.clone()).to_string())
    }
}

impl SurveyResponse {
    fn csat_answer(&self) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.is_csat)
    }

    fn comment(&self) -> Option<&str> {
        self.answers
            .iter()
            .filter(|answer| answer.is("open_ended"))
            .filter_map(|answer| answer.value.as_deref())
            .find(|value| !value.is_empty())
    }
}

const UPSERT: &str = "
    INSERT INTO survey_responses (
        account_id, id, ticket_id, responder_id, sent_at, expires_at, survey_id, survey_version, answered_at,
        csat_question_id, score, rating, rated_at, reason_question_id, reason_option_ids, comment
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
    ON CONFLICT (account_id, id) DO UPDATE SET
        ticket_id = excluded.ticket_id,
        responder_id = excluded.responder_id,
        sent_at = excluded.sent_at,
        expires_at = excluded.expires_at,
        survey_id = excluded.survey_id,
        survey_version = excluded.survey_version,
        answered_at = excluded.answered_at,
        csat_question_id = excluded.csat_question_id,
        score = excluded.score,
        rating = excluded.rating,
        rated_at = excluded.rated_at,
        reason_question_id = excluded.reason_question_id,
        reason_option_ids = excluded.reason_option_ids,
        comment = excluded.comment
    WHERE coalesce(excluded.answered_at, 0) >= coalesce(survey_responses.answered_at, 0)";

const FORGET_ANSWERS: &str = "DELETE FROM answers WHERE account_id = ?1 AND survey_response_id = ?2";

const INSERT_ANSWER: &str = "
    INSERT INTO answers (
        account_id, survey_response_id, position, type, question_id, question_type, question_sub_type,
        rating, rating_category, option_ids, value, created_at, updated_at
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// A survey that was sent before a rating of its ticket makes that rating a mirror, whichever of the two is stored first.
const MARK_MIRRORS: &str = "
    UPDATE ratings SET mirror = 1
    WHERE account_id = ?1 AND ticket_id = ?2 AND created_at >= ?3 / 1000 * 1000 AND mirror = 0";

/// Stores the responses; of a response that is known already, the version whose answers changed last.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    responses: &[SurveyResponse],
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    let mut forget_answers = transaction.prepare_cached(FORGET_ANSWERS)?;
    let mut insert_answer = transaction.prepare_cached(INSERT_ANSWER)?;
    let mut mark_mirrors = transaction.prepare_cached(MARK_MIRRORS)?;
    for response in responses {
        if upsert_response(&mut upsert, account, response)? {
            forget_answers.execute(params![account, response.id])?;
            insert_answers(&mut insert_answer, account, response)?;
            question::note(transaction, account, response)?;
            mark_mirrors.execute(params![account, response.ticket_id, response.sent_at])?;
        }
    }
    Ok(())
}

/// Whether the table took it.
fn upsert_response(
    upsert: &mut CachedStatement<'_>,
    account: i64,
    response: &SurveyResponse,
) -> rusqlite::Result<bool> {
    let csat = response.csat_answer();
    let reason = response.answers.iter().find(|answer| answer.is("closed_ended"));
    let taken = upsert.execute(params![
        account,
        response.id,
        response.ticket_id,
        response.responder_id,
        response.sent_at,
        response.expires_at,
        response.survey_id,
        response.survey_version,
        response.answers.iter().filter_map(Answer::changed_at).max(),
        csat.and_then(|answer| answer.question_id.as_deref()),
        csat.and_then(|answer| answer.rating_category.as_deref()),
        csat.and_then(|answer| answer.rating),
        csat.and_then(Answer::changed_at),
        reason.and_then(|answer| answer.question_id.as_deref()),
        reason.and_then(Answer::option_ids_json),
        response.comment(),
    ])?;
    Ok(taken > 0)
}

fn insert_answers(
    insert: &mut CachedStatement<'_>,
    account: i64,
    response: &SurveyResponse,
) -> rusqlite::Result<()> {
    for (position, answer) in (0_i64..).zip(&response.answers) {
        insert.execute(params![
            account,
            response.id,
            position,
            answer.kind,
            answer.question_id,
            answer.question_kind,
            answer.question_sub_type,
            answer.rating,
            answer.rating_category,
            answer.option_ids_json(),
            answer.value,
            answer.created_at,
            answer.updated_at,
        ])?;
    }
    Ok(())
}

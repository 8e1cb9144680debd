//! The way that the documentation describes: the audits of each ticket, then each answered survey by its id.
//!
//! It asks for every ticket that shows an offer or a rating: one that was answered and offered again shows the offer.
//! It finds answers, not surveys without one, and only of tickets that can be seen: what listing survey responses finds
//! in a small part of the calls, for accounts that cannot list them, and to check the one by the other.

use futures::{StreamExt, TryStreamExt, stream};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use zendesk_csat::types::{Question, SurveyResponse};

use super::run::Run;
use super::submissions::{self, AT_ONCE, STORED_AT_ONCE, Submission};
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::inaccessible::ATTEMPTS;
use crate::rows::question::{self, SurveyVersion};
use crate::rows::survey_response;
use crate::rows::walk::{self, Walk};

/// The walk over offered tickets, in the order of their versions: its horizon is the last second that was read to its end.
const TABLE: &str = submissions::TABLE;

/// Where survey responses that were not given are noted.
const RESPONSES: &str = "survey_responses";

const OFFERED: &str = "
    SELECT id, generated_at
    FROM tickets
    WHERE account_id = ?1
        AND generated_at > ?2
        AND rating_score <> 'unoffered'
        AND status IS NOT 'deleted'
    ORDER BY generated_at, id";

/// Tickets whose audits were not given, to be asked for once more.
const NOTED: &str = "
    SELECT id, NULL
    FROM tickets
    WHERE account_id = ?1
        AND generated_at <= ?2
        AND status IS NOT 'deleted'
        AND CAST(id AS TEXT) IN (
            SELECT record FROM inaccessible WHERE account_id = ?1 AND kind = ?3 AND record <> '' AND attempts < ?4
        )
    ORDER BY id";

/// A ticket's answers that are not in the history, or have changed since.
struct Answers {
    /// How far the walk comes with it; none where the walk has passed the ticket.
    generated_at: Option<i64>,
    responses: Vec<SurveyResponse>,
}

/// Reads the answers to the surveys of every offered ticket that has changed since this was done last.
pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    let walked = run
        .history
        .read(|connection| walk::load(connection, run.account, TABLE))?;
    let reached = walked.filter(|walk| walk.reaches(run.since));
    let since = reached.as_ref().map_or(run.since, |walk| walk.since);
    let from = reached.and_then(|walk| walk.horizon).or(run.since).unwrap_or(0);
    let tickets = run
        .history
        .read(|connection| offered(connection, run.account, from / 1_000))?;
    let last = tickets.last().and_then(|(_, generated_at)| *generated_at);
    run.started(Step::Audits);
    run.started(Step::SurveyResponses);
    let read = stream::iter(tickets)
        .map(|(ticket, generated_at)| answers(run, ticket, generated_at))
        .buffered(AT_ONCE)
        .ready_chunks(STORED_AT_ONCE)
        .map(Ok)
        .try_for_each(|read| store(run, since, read))
        .await;
    let read = match read {
        Ok(()) => show_noted(run).await,
        refused => refused,
    };
    if run.available_by_id(read)?.is_some()
        && let Some(last) = last
    {
        run.write(move |transaction, account| reach(transaction, account, since, last))
            .await?;
    }
    run.finished(Step::SurveyResponses);
    run.finished(Step::Audits);
    Ok(())
}

/// Those that were not given first: the walk has passed them.
fn offered(connection: &Connection, account: i64, from: i64) -> rusqlite::Result<Vec<(i64, Option<i64>)>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut noted = connection.prepare_cached(NOTED)?;
    let noted = noted.query_map(params![account, from, TABLE, ATTEMPTS], read)?;
    let mut offered = connection.prepare_cached(OFFERED)?;
    let offered = offered.query_map([account, from], read)?;
    noted.chain(offered).collect()
}

async fn answers(run: &Run<'_>, ticket: i64, generated_at: Option<i64>) -> Result<Answers, HistoryError> {
    let audits = || submissions::of_ticket(run.client, ticket);
    let submissions = run
        .shown(Step::Audits, TABLE, ticket.to_string(), audits)
        .await?
        .unwrap_or_default();
    let mut responses = Vec::new();
    for submission in submissions {
        if run
            .history
            .read(|connection| is_stored(connection, run.account, &submission))?
        {
            continue;
        }
        responses.extend(show(run, submission.survey_response_id).await?);
    }
    Ok(Answers {
        generated_at,
        responses,
    })
}

async fn show(run: &Run<'_>, id: String) -> Result<Option<SurveyResponse>, HistoryError> {
    let show = || {
        let responses = run.client.survey_responses();
        responses.show(id.as_str()).locale(&run.locale).send()
    };
    run.shown(Step::SurveyResponses, RESPONSES, id.clone(), show)
        .await
}

/// The responses that earlier syncs were not given.
async fn show_noted(run: &Run<'_>) -> Result<(), HistoryError> {
    let mut responses = Vec::new();
    for id in run.to_ask_for(RESPONSES)? {
        responses.extend(show(run, id).await?);
    }
    let read = Answers {
        generated_at: None,
        responses,
    };
    store(run, None, vec![Ok(read)]).await
}

/// Whether the history holds the answers as of the submission, which is known to the second.
fn is_stored(connection: &Connection, account: i64, submission: &Submission) -> rusqlite::Result<bool> {
    let answered_at: Option<i64> = connection
        .prepare_cached("SELECT answered_at FROM survey_responses WHERE account_id = ?1 AND id = ?2")?
        .query_row(params![account, submission.survey_response_id], |row| row.get(0))
        .optional()?
        .flatten();
    let submitted_at = submission.at.map(|time| time.timestamp_millis());
    Ok(
        matches!((answered_at, submitted_at), (Some(answered), Some(submitted)) if answered >= submitted.saturating_add(1_000)),
    )
}

/// What was read is stored up to the first call that failed.
async fn store(
    run: &Run<'_>,
    since: Option<i64>,
    read: Vec<Result<Answers, HistoryError>>,
) -> Result<(), HistoryError> {
    let (mut failed, mut responses, mut passed, mut tickets) = (None, Vec::new(), None, 0);
    for answers in read {
        match answers {
            Ok(answers) => {
                tickets += usize::from(answers.generated_at.is_some());
                passed = answers.generated_at.or(passed);
                responses.extend(answers.responses);
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    let (reading, count) = (run.reading_now(), responses.len());
    run.write(move |transaction, account| {
        survey_response::store(transaction, account, &reading, &responses)?;
        for response in responses {
            store_questions(transaction, account, response)?;
        }
        // Another version of the same second may be among those that come next.
        passed.map_or(Ok(()), |second| reach(transaction, account, since, second - 1))
    })
    .await?;
    run.advanced(Step::Audits, tickets);
    run.advanced(Step::SurveyResponses, count);
    failed.map_or(Ok(()), Err)
}

fn reach(
    transaction: &Transaction<'_>,
    account: i64,
    since: Option<i64>,
    second: i64,
) -> rusqlite::Result<()> {
    let walk = Walk {
        since,
        horizon: Some(second.saturating_mul(1_000)),
        ..Walk::default()
    };
    walk::store(transaction, account, TABLE, &walk)
}

/// A response that is shown has the texts of its questions.
fn store_questions(
    transaction: &Transaction<'_>,
    account: i64,
    response: SurveyResponse,
) -> rusqlite::Result<()> {
    let (Some(survey_id), Some(version)) = (
        response.survey_id().map(ToString::to_string),
        response.survey_version(),
    ) else {
        return Ok(());
    };
    let survey = SurveyVersion { survey_id, version };
    let id = response.id.to_string();
    let answers = response.answers.into_iter().flatten();
    let questions: Vec<Question> = answers.filter_map(|answer| answer.question).collect();
    question::store(transaction, account, &survey, &id, &questions)
}

//! Who had the ticket when the customer answered: by the audits of the tickets of which no more is known.

use std::fmt;
use std::str::FromStr;

use futures::{StreamExt, TryStreamExt, stream};
use rusqlite::{Connection, Transaction, params};

use super::run::Run;
use super::submissions::{self, AT_ONCE, STORED_AT_ONCE, Submission};
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::inaccessible::ATTEMPTS;

/// Where the assignee and the group of a survey's answer come from. Those of a legacy rating come with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeBy {
    /// The ticket, as it is now: costs no call.
    #[default]
    Ticket,
    /// The ticket's audits, as it was then: a call for each ticket with an answer that is new or has changed.
    Audit,
}

impl AttributeBy {
    /// The name, as a person gives it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Audit => "audit",
        }
    }
}

impl fmt::Display for AttributeBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for AttributeBy {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Ticket, Self::Audit]
            .into_iter()
            .find(|by| by.as_str() == name)
            .ok_or_else(|| format!("{name:?} is neither ticket nor audit"))
    }
}

/// Tickets whose audits say more than was read of them. A deleted ticket has none to show; others may not be given, and are
/// asked for so many times.
const UNREAD: &str = "
    SELECT DISTINCT s.ticket_id
    FROM survey_responses AS s
    LEFT JOIN tickets AS t ON t.account_id = s.account_id AND t.id = s.ticket_id
    WHERE s.account_id = ?1
        AND s.ticket_id IS NOT NULL
        AND s.rated_at IS NOT NULL
        AND (s.audited_at IS NULL OR s.audited_at < s.answered_at)
        AND t.status IS NOT 'deleted'
        AND coalesce(s.sent_at >= (SELECT since FROM accounts WHERE id = ?1), true)
        AND NOT EXISTS (
            SELECT 1 FROM inaccessible AS audits
            WHERE audits.account_id = ?1 AND audits.kind = ?2 AND audits.record = CAST(s.ticket_id AS TEXT)
                AND audits.attempts >= ?3
        )
    ORDER BY s.ticket_id";

const ATTRIBUTE: &str = "
    UPDATE survey_responses SET audit_assignee_id = ?3, audit_group_id = ?4
    WHERE account_id = ?1 AND id = ?2";

const READ: &str = "
    UPDATE survey_responses SET audited_at = answered_at
    WHERE account_id = ?1 AND ticket_id = ?2 AND rated_at IS NOT NULL";

/// Reads the audits of each ticket with an answer that they were not read for.
pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    let tickets = run.history.read(|connection| unread(connection, run.account))?;
    if tickets.is_empty() {
        return Ok(());
    }
    run.started(Step::Audits);
    run.available_by_id(read_each(run, tickets).await)?;
    run.finished(Step::Audits);
    Ok(())
}

/// How many tickets [`read`] would ask for.
pub(super) fn unread(connection: &Connection, account: i64) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached(UNREAD)?
        .query_map(params![account, submissions::TABLE, ATTEMPTS], |row| row.get(0))?
        .collect()
}

type Submissions = Vec<Submission>;

async fn read_each(run: &Run<'_>, tickets: Vec<i64>) -> Result<(), HistoryError> {
    stream::iter(tickets)
        .map(|ticket| async move {
            let audits = || submissions::of_ticket(run.client, ticket);
            let read = run
                .shown(Step::Audits, submissions::TABLE, ticket.to_string(), audits)
                .await;
            (ticket, read)
        })
        .buffer_unordered(AT_ONCE)
        .ready_chunks(STORED_AT_ONCE)
        .map(Ok)
        .try_for_each(|read| store(run, read))
        .await
}

/// What was read is stored also where one of the calls failed.
async fn store(
    run: &Run<'_>,
    read: Vec<(i64, Result<Option<Submissions>, HistoryError>)>,
) -> Result<(), HistoryError> {
    let mut failed = None;
    let mut tickets = Vec::with_capacity(read.len());
    for (ticket, submissions) in read {
        match submissions {
            Ok(Some(submissions)) => tickets.push((ticket, submissions)),
            Ok(None) => {}
            Err(error) => failed = Some(error),
        }
    }
    let count = tickets.len();
    run.write(move |transaction, account| {
        tickets
            .iter()
            .try_for_each(|(ticket, submissions)| attribute(transaction, account, *ticket, submissions))
    })
    .await?;
    run.advanced(Step::Audits, count);
    failed.map_or(Ok(()), Err)
}

fn attribute(
    transaction: &Transaction<'_>,
    account: i64,
    ticket: i64,
    submissions: &[Submission],
) -> rusqlite::Result<()> {
    let mut attribute = transaction.prepare_cached(ATTRIBUTE)?;
    for submission in submissions {
        attribute.execute(params![
            account,
            submission.survey_response_id,
            submission.assignee_id,
            submission.group_id,
        ])?;
    }
    transaction
        .prepare_cached(READ)?
        .execute(params![account, ticket])?;
    Ok(())
}

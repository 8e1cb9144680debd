//! What each sync that came to its end needed.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zendesk_csat::{Bucket, CallCounts, Limits};

/// A sync that came to its end; times in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) number: i64,
    pub(crate) via: &'static str,
    pub(crate) since: Option<i64>,
    /// Whether it was the first to reach that far back.
    pub(crate) first: bool,
    /// The service's time when it began, or the latest that a record has told of it.
    pub(crate) as_of: Option<i64>,
    pub(crate) calls: CallCounts,
    /// Those of them that names took.
    pub(crate) names: u64,
    pub(crate) ratings: u64,
    pub(crate) survey_responses: u64,
    pub(crate) tickets: u64,
}

/// How many tickets the service shows a call.
const SHOWN_A_CALL: u64 = 100;

/// How much a later sync needed, and for how long a time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Later {
    /// Without those that showed tickets or names.
    pub(crate) support: u64,
    /// Tickets; `None` where they were shown by their ids.
    pub(crate) exported: Option<u64>,
    pub(crate) elapsed: i64,
}

/// Appends the run, with the limits that it has seen.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    run: &Run,
    limits: &Limits,
) -> rusqlite::Result<()> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "INSERT INTO runs (
                account_id, number, via, since, first, as_of, support, help_center, incremental, oauth,
                ratings, survey_responses, tickets, names
            )
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            account,
            run.number,
            run.via,
            run.since,
            run.first,
            run.as_of,
            number(run.calls.support),
            number(run.calls.help_center),
            number(run.calls.incremental),
            number(run.calls.oauth),
            number(run.ratings),
            number(run.survey_responses),
            number(run.tickets),
            number(run.names),
        ])?;
    let mut upsert = transaction
        .prepare_cached("INSERT OR REPLACE INTO limits (account_id, bucket, a_minute) VALUES (?1, ?2, ?3)")?;
    for bucket in Bucket::ALL {
        if let Some(a_minute) = limits[bucket] {
            upsert.execute(params![account, bucket.as_str(), a_minute])?;
        }
    }
    Ok(())
}

/// The last sync that came to its end: its number, and the service's time that it is as of.
pub(crate) fn last(connection: &Connection, account: i64) -> rusqlite::Result<Option<(i64, Option<i64>)>> {
    connection
        .prepare_cached("SELECT number, as_of FROM runs WHERE account_id = ?1 ORDER BY number DESC LIMIT 1")?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// The limits that were seen last.
pub(crate) fn limits(connection: &Connection, account: i64) -> rusqlite::Result<Limits> {
    let mut select =
        connection.prepare_cached("SELECT a_minute FROM limits WHERE account_id = ?1 AND bucket = ?2")?;
    let mut limit = |bucket: Bucket| {
        select
            .query_row(params![account, bucket.as_str()], |row| row.get(0))
            .optional()
    };
    let mut limits = Limits::default();
    limits.support = limit(Bucket::Support)?;
    limits.help_center = limit(Bucket::HelpCenter)?;
    limits.incremental = limit(Bucket::Incremental)?;
    Ok(limits)
}

/// The last sync that followed another one by listings.
pub(crate) fn last_later(connection: &Connection, account: i64) -> rusqlite::Result<Option<Later>> {
    connection
        .prepare_cached(
            "SELECT last.support - last.names, last.tickets, last.as_of - before.as_of, last.incremental > 0
             FROM runs AS last
             JOIN runs AS before ON before.account_id = last.account_id AND before.number = (
                SELECT max(number) FROM runs WHERE account_id = last.account_id AND number < last.number
             )
             WHERE last.account_id = ?1 AND last.first = 0 AND last.via = 'listings' AND last.as_of > before.as_of
             ORDER BY last.number DESC
             LIMIT 1",
        )?
        .query_row([account], |row| {
            let (support, tickets) = (row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs());
            let shown = if row.get(3)? { 0 } else { tickets.div_ceil(SHOWN_A_CALL) };
            Ok(Later {
                support: support.saturating_sub(shown),
                exported: (shown == 0).then_some(tickets),
                elapsed: row.get(2)?,
            })
        })
        .optional()
}

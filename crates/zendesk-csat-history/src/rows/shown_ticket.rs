//! Tickets that are asked for by their ids: those that rows are about.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zendesk_csat::types::Ticket;

use super::reading::Reading;
use super::ticket;

/// The tickets that rows are about, in order. The copy of an answer has the ticket of its survey, or
/// lends it that.
const ABOUT: &str = "
    SELECT ticket_id FROM survey_responses
    WHERE account_id = ?1 AND ticket_id > ?2
        AND coalesce(sent_at >= (SELECT since FROM accounts WHERE id = ?1), true)
    UNION
    SELECT ticket_id FROM ratings WHERE account_id = ?1 AND ticket_id > ?2
    ORDER BY ticket_id";

/// Those of them of which nothing is known.
const UNKNOWN: &str = "
    SELECT ticket_id FROM survey_responses AS row
    WHERE account_id = ?1 AND ticket_id > ?2
        AND coalesce(sent_at >= (SELECT since FROM accounts WHERE id = ?1), true)
        AND NOT EXISTS (SELECT 1 FROM tickets WHERE tickets.account_id = ?1 AND tickets.id = row.ticket_id)
    UNION
    SELECT ticket_id FROM ratings AS row
    WHERE account_id = ?1 AND ticket_id > ?2
        AND NOT EXISTS (SELECT 1 FROM tickets WHERE tickets.account_id = ?1 AND tickets.id = row.ticket_id)
    ORDER BY ticket_id";

/// What is known of it stays. Where that is nothing, any version that an export brings is a later one.
const DELETED: &str = "
    INSERT INTO tickets (account_id, id, generated_at, status) VALUES (?1, ?2, 0, 'deleted')
    ON CONFLICT (account_id, id) DO UPDATE SET status = excluded.status, inaccessible = 0";

/// What is known of it stays, and where that is nothing, nothing is.
const INACCESSIBLE: &str = "
    UPDATE tickets SET inaccessible = 1 WHERE account_id = ?1 AND id = ?2 AND status IS NOT 'deleted'";

/// Which tickets to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All that rows are about.
    All,
    /// Those of which nothing is known.
    Unknown,
}

/// The next tickets in order, after one of them.
pub(crate) fn after(
    connection: &Connection,
    account: i64,
    wanted: Wanted,
    after: i64,
    most: u32,
) -> rusqlite::Result<Vec<i64>> {
    let select = match wanted {
        Wanted::All => ABOUT,
        Wanted::Unknown => UNKNOWN,
    };
    connection
        .prepare_cached(&format!("{select} LIMIT ?3"))?
        .query_map(params![account, after, most], |row| row.get(0))?
        .collect()
}

/// How many tickets rows are about, counted no further than `most`.
pub(crate) fn count(connection: &Connection, account: i64, most: i64) -> rusqlite::Result<u64> {
    connection
        .prepare_cached(&format!("SELECT count(*) FROM ({ABOUT} LIMIT ?3)"))?
        .query_row(params![account, i64::MIN, most], |row| row.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

/// The ticket with this place in their order, from 0.
pub(crate) fn nth(connection: &Connection, account: i64, place: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(&format!("{ABOUT} LIMIT 1 OFFSET ?3"))?
        .query_row(params![account, i64::MIN, place], |row| row.get(0))
        .optional()
}

/// A ticket beside those asked for that was there when it was asked for last.
pub(crate) fn witness(connection: &Connection, account: i64, asked: &[i64]) -> rusqlite::Result<Option<i64>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM tickets
         WHERE account_id = ?1 AND inaccessible = 0 AND status IS NOT 'deleted'
         ORDER BY id DESC",
    )?;
    let mut tickets = select.query([account])?;
    while let Some(ticket) = tickets.next()? {
        let id = ticket.get(0)?;
        if !asked.contains(&id) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Whether nothing but its deletion is known of a ticket.
pub(crate) fn has_unknown(connection: &Connection, account: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM tickets
             WHERE account_id = ?1 AND status = 'deleted' AND generated_at = 0 AND subject IS NULL LIMIT 1",
        )?
        .exists([account])
}

/// Stores tickets as they are now.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reading: &Reading,
    mut tickets: Vec<Ticket>,
) -> rusqlite::Result<()> {
    let mut stored =
        transaction.prepare_cached("SELECT generated_at FROM tickets WHERE account_id = ?1 AND id = ?2")?;
    for ticket in &mut tickets {
        // Where the service does not say which version it shows, it is no earlier than the one that is known.
        let known: Option<i64> = stored
            .query_row(params![account, ticket.id.get()], |row| row.get(0))
            .optional()?;
        let known = known.filter(|known| *known <= reading.latest.div_euclid(1_000));
        ticket.generated_timestamp = known.max(Some(ticket::generated_at(ticket)));
    }
    ticket::store(transaction, account, reading, &tickets)
}

/// Notes that tickets are there no more.
pub(crate) fn store_deleted(
    transaction: &Transaction<'_>,
    account: i64,
    ids: &[i64],
) -> rusqlite::Result<()> {
    each(transaction, account, DELETED, ids)
}

/// Notes that the service did not show tickets that may be there.
pub(crate) fn store_inaccessible(
    transaction: &Transaction<'_>,
    account: i64,
    ids: &[i64],
) -> rusqlite::Result<()> {
    each(transaction, account, INACCESSIBLE, ids)
}

fn each(transaction: &Transaction<'_>, account: i64, sql: &str, ids: &[i64]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(sql)?;
    for id in ids {
        statement.execute([account, *id])?;
    }
    Ok(())
}

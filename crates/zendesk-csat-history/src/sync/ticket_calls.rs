//! How many calls either way to the tickets takes, by what is stored.

use rusqlite::Connection;

use super::{show_many, tickets};
use crate::rows::{run, shown_ticket};

/// What the two ways take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Calls {
    pub(super) export: u64,
    pub(super) show_many: u64,
}

/// The latest that is known of the account.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Latest {
    /// A moment of the service's clock, in milliseconds.
    pub(super) moment: Option<i64>,
    /// The highest id of a ticket. The service numbers tickets one after the other.
    pub(super) ticket: Option<i64>,
}

/// What the two ways take, the export from there on; the tickets to show are counted no further than the
/// choice needs.
pub(super) fn calls(
    connection: &Connection,
    account: i64,
    since: Option<i64>,
    latest: Latest,
    from: tickets::From,
) -> rusqlite::Result<Calls> {
    let tickets = to_export(connection, account, since, latest, from)?;
    against(connection, account, pages(tickets, tickets::PAGE_SIZE))
}

fn against(connection: &Connection, account: i64, export: u64) -> rusqlite::Result<Calls> {
    let enough = export.saturating_mul(u64::from(show_many::PAGE_SIZE));
    let tickets = shown_ticket::count(connection, account, i64::try_from(enough).unwrap_or(i64::MAX))?;
    Ok(Calls {
        export,
        show_many: tickets.div_ceil(u64::from(show_many::PAGE_SIZE)),
    })
}

/// What the two ways take, once the lists have come so far that showing the tickets takes no fewer calls whatever else they
/// bring; how many more rows to wait for, if they have not.
pub(super) fn export_is_sure(
    connection: &Connection,
    account: i64,
    since: Option<i64>,
    rows: u64,
) -> rusqlite::Result<Result<Calls, u64>> {
    let latest = Latest {
        moment: latest_moment(connection, account)?,
        ticket: None,
    };
    let next = tickets::next(connection, account, since, tickets::From::WhereLeft)?;
    let so_far = match (next.known_to, next.walk.start_at) {
        (None, Some(start_at)) => listed_part(connection, account, start_at, latest)?,
        _ => 1.0,
    };
    let tickets = to_export(connection, account, since, latest, tickets::From::WhereLeft)? as f64 / so_far;
    let calls = against(connection, account, pages(tickets as u64, tickets::PAGE_SIZE))?;
    if calls.show_many >= calls.export {
        return Ok(Ok(calls));
    }
    let missing = (calls.export - calls.show_many - 1).saturating_mul(u64::from(show_many::PAGE_SIZE));
    // An estimate gets better as the lists go on.
    let missing = if so_far < 1.0 {
        missing.min(rows / 4)
    } else {
        missing
    };
    Ok(Err(missing.max(1)))
}

/// The calls of the way that takes fewer, where all tickets are to be read again.
pub(super) fn again(
    connection: &Connection,
    account: i64,
    since: Option<i64>,
) -> rusqlite::Result<Option<u64>> {
    if !tickets::are_to_be_read_again(connection, account)? {
        return Ok(None);
    }
    let latest = Latest {
        moment: latest_moment(connection, account)?,
        ticket: None,
    };
    let calls = calls(connection, account, since, latest, tickets::From::WhereLeft)?;
    Ok(Some(calls.export.min(calls.show_many)))
}

/// How much of the time since then the survey responses cover that were listed, which come newest first: from 0 to 1.
fn listed_part(connection: &Connection, account: i64, since: i64, latest: Latest) -> rusqlite::Result<f64> {
    let oldest: Option<i64> = connection
        .prepare_cached("SELECT min(sent_at) FROM survey_responses WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))?;
    let Some((moment, oldest)) = latest.moment.zip(oldest) else {
        return Ok(f64::MIN_POSITIVE);
    };
    let part = moment.saturating_sub(oldest) as f64 / (moment.saturating_sub(since) as f64).max(1.0);
    Ok(part.clamp(f64::MIN_POSITIVE, 1.0))
}

/// The latest moment of the service's clock that the walks know of.
pub(super) fn latest_moment(connection: &Connection, account: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT max(horizon) FROM walks WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))
}

/// How many tickets the export brings.
fn to_export(
    connection: &Connection,
    account: i64,
    since: Option<i64>,
    latest: Latest,
    from: tickets::From,
) -> rusqlite::Result<u64> {
    let next = tickets::next(connection, account, since, from)?;
    let highest = highest(connection, account)?.max(latest.ticket).unwrap_or(0);
    let tickets = if let Some(known_to) = next.known_to {
        changed(connection, account, known_to, highest, latest)?
    } else {
        let lowest = match next.walk.start_at {
            Some(_) => lowest(connection, account)?,
            None => 1,
        };
        let exported = match next.walk.cursor {
            Some(_) => exported(connection, account)?,
            None => 0,
        };
        highest
            .saturating_sub(lowest)
            .saturating_add(1)
            .saturating_sub(exported)
    };
    Ok(tickets.max(0).unsigned_abs())
}

/// A listing of nothing is a page, too.
pub(super) fn pages(records: u64, size: u32) -> u64 {
    records.div_ceil(u64::from(size)).max(1)
}

/// Tickets that have changed since a moment: in the time as many as before the last export, else twice as many as are new.
fn changed(
    connection: &Connection,
    account: i64,
    known_to: i64,
    highest: i64,
    latest: Latest,
) -> rusqlite::Result<i64> {
    if let Some(later) = run::last_later(connection, account)?
        && let Some(exported) = later.exported
    {
        let elapsed = latest
            .moment
            .map_or(0, |moment| moment.saturating_sub(known_to).max(0));
        return Ok((exported as f64 * elapsed as f64 / later.elapsed as f64) as i64);
    }
    let known: Option<i64> = connection
        .prepare_cached("SELECT max(id) FROM tickets WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))?;
    Ok(highest.saturating_sub(known.unwrap_or(0)).saturating_mul(2))
}

/// The highest id of a ticket that a row is about.
fn highest(connection: &Connection, account: i64) -> rusqlite::Result<Option<i64>> {
    let highest = |table| -> rusqlite::Result<Option<i64>> {
        connection
            .prepare_cached(&format!(
                "SELECT max(ticket_id) FROM {table} WHERE account_id = ?1"
            ))?
            .query_row([account], |row| row.get(0))
    };
    Ok(highest("survey_responses")?.max(highest("ratings")?))
}

/// The lowest id but for a twentieth: some customers are asked about tickets that are old.
fn lowest(connection: &Connection, account: i64) -> rusqlite::Result<i64> {
    let tickets = shown_ticket::count(connection, account, i64::MAX)?;
    let skipped = i64::try_from(tickets / 20).unwrap_or(0);
    Ok(shown_ticket::nth(connection, account, skipped)?.unwrap_or(1))
}

fn exported(connection: &Connection, account: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT count(*) FROM tickets WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{Account, MARCH};

    #[test]
    fn ids_at_the_ends_of_their_range_are_counted_with() {
        for ids in [[i64::MIN, i64::MAX], [0, i64::MAX], [i64::MIN, -1]] {
            let account = Account::new("acme");
            account.write(move |transaction, account| {
                for id in ids {
                    transaction.execute(
                        "INSERT INTO ratings (account_id, id, ticket_id) VALUES (?1, ?2, ?2)",
                        [account, id],
                    )?;
                }
                transaction.execute(
                    "INSERT INTO tickets (account_id, id, generated_at) VALUES (?1, ?2, 0)",
                    [account, ids[0]],
                )?;
                Ok(())
            });
            let count = |connection: &Connection| {
                for since in [None, Some(MARCH)] {
                    calls(
                        connection,
                        account.id,
                        since,
                        Latest::default(),
                        tickets::From::WhereLeft,
                    )?;
                }
                changed(connection, account.id, 0, ids[1], Latest::default())
            };
            let changed = account.history.read(count).unwrap();
            assert!(changed >= 0, "{ids:?}");
        }
    }
}

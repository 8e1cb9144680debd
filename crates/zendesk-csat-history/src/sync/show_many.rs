//! Tickets by their ids: those that rows are about, as they are now.

use std::collections::HashSet;

use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use rusqlite::Connection;
use zendesk_csat::types::{Ticket, TicketId};
use zendesk_csat::{Client, Error, ErrorKind, Page};

use super::again;
use super::listing::Listing;
use super::run::Run;
use super::tickets::Tickets;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::malformed::{self, Malformed, PageKey};
use crate::rows::shown_ticket::{self, Wanted};
use crate::rows::ticket;
use crate::rows::walk::{self, Walk};

/// How many tickets the service shows a call.
pub(super) const PAGE_SIZE: u32 = 100;

/// How many calls are under way at a time.
const AT_ONCE: usize = 4;

/// How many pages are looked up in the file at a time.
const A_ROUND: u32 = 32;

/// What is kept of when they were shown, beside the walks of listings: its horizon is a moment before the first was.
const TABLE: &str = "shown_tickets";

/// What stands in the place of a cursor before the ids of a page.
const MARK: &str = "ids:";

/// When all tickets of rows were shown last.
pub(super) fn shown(connection: &Connection, account: i64) -> rusqlite::Result<Option<Walk>> {
    walk::load(connection, account, TABLE)
}

/// Shows every ticket that a row is about. Gives a moment up to which all their changes are known, in milliseconds; none
/// where the service refused some of them.
pub(super) async fn read(run: &Run<'_>) -> Result<Option<i64>, HistoryError> {
    let begun = run.history.as_of(Some(run.client.subdomain()))?;
    let begun = begun.map(|time| time.timestamp_millis());
    run.started(Step::Tickets);
    let all = all(run).await?;
    again::read::<Tickets>(run).await?;
    run.finished(Step::Tickets);
    if !all || begun.is_none() {
        return Ok(None);
    }
    let walk = Walk {
        since: run.since,
        horizon: begun,
        finished: true,
        ..Walk::default()
    };
    run.write(move |transaction, account| walk::store(transaction, account, TABLE, &walk))
        .await?;
    Ok(begun)
}

/// Shows the tickets of rows of which nothing is known, but for those on pages that have a second look coming.
pub(super) async fn read_unknown(run: &Run<'_>) -> Result<(), HistoryError> {
    let unknown = |after| {
        run.history.read(|connection| {
            shown_ticket::after(connection, run.account, Wanted::Unknown, after, PAGE_SIZE)
        })
    };
    let mut ids = unknown(i64::MIN)?;
    if ids.is_empty() {
        return Ok(());
    }
    let asked = run
        .history
        .read(|connection| malformed::pages(connection, run.account, Tickets::TABLE, u32::MAX))?;
    let asked: HashSet<i64> = asked
        .iter()
        .filter_map(|(page, _)| ids_of(page.cursor.as_deref()?))
        .flatten()
        .collect();
    run.started(Step::Tickets);
    let mut refused = None;
    while let Some(last) = ids.last().copied() {
        ids.retain(|id| !asked.contains(id));
        if !ids.is_empty() {
            refused = refused.or(show(run, ids).await?);
        }
        ids = unknown(last)?;
    }
    run.finished(Step::Tickets);
    note(run, refused)
}

/// Whether the service refused none.
async fn all(run: &Run<'_>) -> Result<bool, HistoryError> {
    let (mut refused, mut last) = (None, i64::MIN);
    loop {
        let ids = run.history.read(|connection| {
            shown_ticket::after(connection, run.account, Wanted::All, last, PAGE_SIZE * A_ROUND)
        })?;
        let Some(next) = ids.last() else { break };
        last = *next;
        let pages: Vec<Vec<i64>> = ids.chunks(PAGE_SIZE as usize).map(<[i64]>::to_vec).collect();
        let shown: Vec<Option<Error>> = stream::iter(pages)
            .map(|ids| show(run, ids))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        refused = refused.or(shown.into_iter().flatten().next());
    }
    let all = refused.is_none();
    note(run, refused)?;
    Ok(all)
}

/// Notes that the service does not show tickets.
fn note(run: &Run<'_>, refused: Option<Error>) -> Result<(), HistoryError> {
    let step = Step::Tickets;
    let refused = refused.map_or(Ok(()), |source| Err(HistoryError::Api { step, source }));
    run.available(refused).map(|_| ())
}

/// Shows one page. What it says if it does not show it; the other pages can be shown all the same.
async fn show(run: &Run<'_>, ids: Vec<i64>) -> Result<Option<Error>, HistoryError> {
    match pages(run.client, &ids).next().await {
        None => Ok(None),
        Some(Ok(page)) => store(run, ids, page).await.map(|()| None),
        Some(Err(error)) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound) => {
            Ok(Some(error))
        }
        Some(Err(source)) => Err(HistoryError::Api {
            step: Step::Tickets,
            source,
        }),
    }
}

async fn store(run: &Run<'_>, asked: Vec<i64>, page: Page<Ticket>) -> Result<(), HistoryError> {
    let malformed: Vec<Malformed> = page.malformed.iter().map(Malformed::from).collect();
    let unreadable = malformed
        .iter()
        .map(|record| malformed::id_of(&record.raw)?.parse().ok());
    let found = page.items.iter().map(|ticket| Some(ticket.id.get()));
    // With a record that tells no id, nobody knows which ticket is missing.
    let found: Option<HashSet<i64>> = found.chain(unreadable).collect();
    let count = page.items.len();
    let key = PageKey {
        start_at: None,
        cursor: Some(cursor_of(&asked)),
    };
    run.write(move |transaction, account| {
        malformed::store(transaction, account, Tickets::TABLE, &key, 0, &malformed)?;
        malformed::forget(
            transaction,
            account,
            Tickets::TABLE,
            page.items.iter().map(Tickets::id),
        )?;
        shown_ticket::store(transaction, account, page.items)?;
        found.map_or(Ok(()), |found| {
            shown_ticket::store_deleted(transaction, account, &asked, &found)
        })
    })
    .await?;
    run.advanced(Step::Tickets, count);
    Ok(())
}

/// Tickets by their ids; one page where they are at most [`PAGE_SIZE`].
pub(super) fn pages(client: &Client, ids: &[i64]) -> BoxStream<'static, Result<Page<Ticket>, Error>> {
    client
        .tickets()
        .show_many(ids.iter().copied().map(TicketId::new))
        .fields(ticket::PROPERTIES)
        .pages()
}

/// The ids of a page, in the place of a cursor.
fn cursor_of(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("{MARK}{}", ids.join(","))
}

/// The ids of such a page; none where the cursor is the service's.
pub(super) fn ids_of(cursor: &str) -> Option<Vec<i64>> {
    cursor
        .strip_prefix(MARK)?
        .split(',')
        .map(|id| id.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_again_by_its_ids() {
        let ids = vec![3, 12_345_678_901_234];
        assert_eq!(ids_of(&cursor_of(&ids)), Some(ids));
        assert_eq!(ids_of("MTU3NjYxMzUzOS4wfHw0NTk="), None);
        assert_eq!(ids_of("ids:3,x"), None);
    }
}

//! Tickets by their ids: those that rows are about, as they are now.

use std::collections::HashSet;

use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use rusqlite::Connection;
use zendesk_csat::types::{Ticket, TicketId};
use zendesk_csat::{Client, Error, Page};

use super::again;
use super::listing::Listing;
use super::run::{Run, is_refused};
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

/// What showing tickets came to.
#[derive(Debug, Default)]
struct Shown {
    /// What the service said where it refused.
    refused: Option<Error>,
    /// Left out of pages that had others.
    absent: Vec<i64>,
    /// Asked for on pages that had none.
    in_doubt: Vec<i64>,
}

impl Shown {
    fn add(&mut self, other: Self) {
        self.refused = self.refused.take().or(other.refused);
        self.absent.extend(other.absent);
        self.in_doubt.extend(other.in_doubt);
    }
}

/// Shows every ticket that a row is about. Gives a moment up to which all their changes are known, in milliseconds; none
/// where the service refused some of them.
pub(super) async fn read(run: &Run<'_>) -> Result<Option<i64>, HistoryError> {
    let begun = run.history.as_of(Some(run.client.subdomain()))?;
    let begun = begun.map(|time| time.timestamp_millis());
    run.started(Step::Tickets);
    let shown = all(run).await?;
    let complete = settle(run, shown).await?;
    again::read::<Tickets>(run).await?;
    run.finished(Step::Tickets);
    if !complete || begun.is_none() {
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
    let mut shown = Shown::default();
    while let Some(last) = ids.last().copied() {
        ids.retain(|id| !asked.contains(id));
        if !ids.is_empty() {
            shown.add(show(run, ids).await?);
        }
        ids = unknown(last)?;
    }
    settle(run, shown).await?;
    run.finished(Step::Tickets);
    Ok(())
}

async fn all(run: &Run<'_>) -> Result<Shown, HistoryError> {
    let (mut all, mut last) = (Shown::default(), i64::MIN);
    loop {
        let ids = run.history.read(|connection| {
            shown_ticket::after(connection, run.account, Wanted::All, last, PAGE_SIZE * A_ROUND)
        })?;
        let Some(next) = ids.last() else { break };
        last = *next;
        let pages: Vec<Vec<i64>> = ids.chunks(PAGE_SIZE as usize).map(<[i64]>::to_vec).collect();
        let shown: Vec<Shown> = stream::iter(pages)
            .map(|ids| show(run, ids))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        shown.into_iter().for_each(|shown| all.add(shown));
    }
    Ok(all)
}

/// Decides which of the tickets that were not shown are deleted, and notes what was refused. Whether nothing was.
///
/// Left out of a page that shows others, a ticket is deleted for whoever sees all there are; for anyone else it may be
/// there. A page without any ticket tells nothing, until one that is there is asked for with them.
async fn settle(run: &Run<'_>, shown: Shown) -> Result<bool, HistoryError> {
    let Shown {
        mut refused,
        mut absent,
        in_doubt,
    } = shown;
    let mut inaccessible = Vec::new();
    for ids in in_doubt.chunks(PAGE_SIZE as usize - 1) {
        let witness = run
            .history
            .read(|connection| shown_ticket::witness(connection, run.account, ids))?;
        let again = match witness {
            Some(witness) => show(run, ids.iter().copied().chain([witness]).collect()).await?,
            None => Shown::default(),
        };
        refused = refused.or(again.refused);
        inaccessible.extend(ids.iter().filter(|id| !again.absent.contains(id)));
        absent.extend(again.absent);
    }
    if !absent.is_empty() && !run.sees_all_tickets().await? {
        inaccessible.append(&mut absent);
    }
    if !(absent.is_empty() && inaccessible.is_empty()) {
        run.write(move |transaction, account| {
            shown_ticket::store_deleted(transaction, account, &absent)?;
            shown_ticket::store_inaccessible(transaction, account, &inaccessible)
        })
        .await?;
    }
    let complete = refused.is_none();
    let step = Step::Tickets;
    run.available(refused.map_or(Ok(()), |source| Err(HistoryError::Api { step, source })))?;
    Ok(complete)
}

/// Shows one page. The other pages can be shown although the service refuses it.
async fn show(run: &Run<'_>, ids: Vec<i64>) -> Result<Shown, HistoryError> {
    match pages(run, &run.patient, &ids).next().await {
        None => Ok(Shown::default()),
        Some(Ok(page)) => store(run, ids, page).await,
        Some(Err(error)) if is_refused(&error) => Ok(Shown {
            refused: Some(error),
            ..Shown::default()
        }),
        Some(Err(source)) => Err(HistoryError::Api {
            step: Step::Tickets,
            source,
        }),
    }
}

async fn store(run: &Run<'_>, mut asked: Vec<i64>, page: Page<Ticket>) -> Result<Shown, HistoryError> {
    let reading = run.reading(&page.meta);
    let unreadable = page.malformed.iter().map(Malformed::from);
    let doubtful = page.items.iter().filter_map(|ticket| {
        let property = ticket::doubtful(ticket, &reading)?;
        Some(Malformed::doubtful(Tickets::id(ticket), property))
    });
    let malformed: Vec<Malformed> = unreadable.chain(doubtful).collect();
    let unreadable = page
        .malformed
        .iter()
        .map(|record| malformed::id_of(record.raw())?.parse().ok());
    let found = page.items.iter().map(|ticket| Some(ticket.id.get()));
    // With a record that tells no id, nobody knows which ticket is missing.
    let found: Option<HashSet<i64>> = found.chain(unreadable).collect();
    let count = page.items.len();
    let key = PageKey {
        start_at: None,
        cursor: Some(cursor_of(&asked)),
    };
    run.write(move |transaction, account| {
        let items = page.items;
        malformed::forget(
            transaction,
            account,
            Tickets::TABLE,
            items.iter().map(Tickets::id),
        )?;
        malformed::store(transaction, account, Tickets::TABLE, &key, 0, &malformed)?;
        shown_ticket::store(transaction, account, &reading, items)
    })
    .await?;
    run.advanced(Step::Tickets, count);
    let mut shown = Shown::default();
    if let Some(found) = found {
        asked.retain(|id| !found.contains(id));
        if found.is_empty() {
            shown.in_doubt = asked;
        } else {
            shown.absent = asked;
        }
    }
    Ok(shown)
}

/// Tickets by their ids; one page where they are at most [`PAGE_SIZE`].
pub(super) fn pages(
    run: &Run<'_>,
    client: &Client,
    ids: &[i64],
) -> BoxStream<'static, Result<Page<Ticket>, Error>> {
    client
        .tickets()
        .show_many(ids.iter().copied().map(TicketId::new))
        .fields(ticket::properties(run.has_custom_fields))
        .pages()
}

/// The ids of a page, in the place of a cursor.
pub(super) fn cursor_of(ids: &[i64]) -> String {
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

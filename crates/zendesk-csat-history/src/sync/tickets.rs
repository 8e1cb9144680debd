//! Tickets, by cursor export: each run goes on where the last one ended.

use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use rusqlite::{Connection, Transaction};
use zendesk_csat::types::{SupportTypeScope, Ticket};
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use super::show_many;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::reading::Reading;
use crate::rows::walk::{self, Walk};
use crate::rows::{account, shown_ticket, ticket};

pub(super) const PAGE_SIZE: u32 = 1_000;

/// The export takes no time to start from that is less than a minute ago, in milliseconds.
const DELAY: i64 = 61_000;

pub(super) struct Tickets;

/// From where an export for rows begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// Where the last one, or showing tickets, left off.
    WhereLeft,
    /// There too, by all that it can tell, for it was asked for.
    WhereLeftAsAsked,
    /// The first ticket: all are to be read again.
    Anew,
}

/// The export to make now.
pub(super) struct Next {
    pub(super) walk: Walk,
    /// What changed before then is known already, in milliseconds; `None` where it was not read yet.
    pub(super) known_to: Option<i64>,
}

/// What is known of how far changes of tickets were read, to be gone back to.
pub(super) struct Reached {
    walk: Option<Walk>,
    ratings_current_to: Option<i64>,
}

pub(super) fn reached(run: &Run<'_>) -> Result<Reached, HistoryError> {
    run.history.read(|connection| {
        Ok(Reached {
            walk: walk::load(connection, run.account, Tickets::TABLE)?,
            ratings_current_to: account::ratings_current_to(connection, run.account)?,
        })
    })
}

/// Goes back to before an export that did not show all: the next sync reads its changes again.
pub(super) async fn go_back(run: &Run<'_>, reached: Reached) -> Result<(), HistoryError> {
    run.write(move |transaction, account| {
        account::set_ratings_current_to(transaction, account, reached.ratings_current_to)?;
        match &reached.walk {
            Some(walk) => walk::store(transaction, account, Tickets::TABLE, walk),
            None => walk::forget(transaction, account, Tickets::TABLE),
        }
    })
    .await
}

/// The export of all tickets, from where it was left.
pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    let walk = match run.walked::<Tickets>()? {
        Some(walk) if walk.reaches(run.since) => gone_on(walk),
        walked => Walk::next(walked, run.since, 0),
    };
    run.walk::<Tickets>(walk).await
}

/// The export of what rows still need to know, by all that it can tell where it was `asked` for.
pub(super) async fn read_for_rows(run: &Run<'_>, asked: bool) -> Result<(), HistoryError> {
    let next = run
        .history
        .read(|connection| next(connection, run.account, run.since, From::asked(asked)))?;
    run.walk::<Tickets>(next.walk).await
}

/// The export of what rows still need to know, from where it goes on or begins.
///
/// Only the export tells what a ticket was about that was deleted before it was first shown: where it is `asked` for, and
/// there are such, it begins with the first ticket.
pub(super) fn next(
    connection: &Connection,
    account: i64,
    since: Option<i64>,
    from: From,
) -> rusqlite::Result<Next> {
    if from == From::Anew {
        return Ok(Next {
            walk: Walk::next(None, since, 0),
            known_to: None,
        });
    }
    let walked = walk::load(connection, account, Tickets::TABLE)?;
    if let Some(walk) = walked.clone().filter(|walk| walk.reaches(since)) {
        return Ok(Next {
            known_to: walk.horizon.filter(|_| walk.finished),
            walk: gone_on(walk),
        });
    }
    let begins_anew = from == From::WhereLeftAsAsked && shown_ticket::has_unknown(connection, account)?;
    let shown_to = show_many::shown(connection, account)?
        .filter(|shown| shown.reaches(since) && !begins_anew)
        .and_then(|shown| shown.horizon);
    let Some(shown_to) = shown_to else {
        return Ok(Next {
            walk: Walk::next(walked, since, 0),
            known_to: None,
        });
    };
    let begins_in_time = |walk: &Walk| walk.since.is_some_and(|begun| begun <= shown_to);
    let (walk, known_to) = match walked.filter(|walk| begins_in_time(walk)) {
        Some(walk) => (gone_on(walk.clone()), walk.horizon.max(walk.since)),
        None => {
            let start_at = Some(shown_to.saturating_sub(DELAY));
            let walk = Walk {
                since: start_at,
                start_at,
                ..Walk::default()
            };
            (walk, Some(shown_to))
        }
    };
    Ok(Next { walk, known_to })
}

/// Whether the tickets of rows are here, but were read without what is to be known of them by now: all of them are to be read again.
pub(super) fn are_to_be_read_again(connection: &Connection, account: i64) -> rusqlite::Result<bool> {
    let shown = show_many::shown(connection, account)?;
    Ok(shown.is_some_and(|shown| shown.horizon.is_none())
        && walk::load(connection, account, Tickets::TABLE)?.is_none())
}

impl From {
    pub(super) fn asked(asked: bool) -> Self {
        if asked {
            Self::WhereLeftAsAsked
        } else {
            Self::WhereLeft
        }
    }
}

fn gone_on(mut walk: Walk) -> Walk {
    if walk.cursor.is_none() {
        Tickets::restart(&mut walk);
    }
    walk
}

impl Listing for Tickets {
    const STEP: Step = Step::Tickets;
    const TABLE: &'static str = "tickets";
    const PAGES_AT_ONCE: usize = 1;
    type Item = Ticket;

    fn pages(run: &Run<'_>, client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<Ticket>, Error>> {
        if let Some(ids) = walk.cursor.as_deref().and_then(show_many::ids_of) {
            return show_many::pages(run, client, &ids);
        }
        // Customers also rate what AI agents did; the service leaves their tickets out unless asked.
        let export = client
            .tickets()
            .export()
            .page_size(PAGE_SIZE)
            .fields(ticket::properties(run.has_custom_fields))
            .support_type_scope(SupportTypeScope::All);
        let start = walk
            .start_at
            .and_then(DateTime::from_timestamp_millis)
            .unwrap_or(DateTime::UNIX_EPOCH);
        match &walk.cursor {
            Some(cursor) => export.cursor(cursor.clone()).pages(),
            None => export.start_time(start).pages(),
        }
    }

    fn id(row: &Ticket) -> String {
        row.id.to_string()
    }

    fn store(
        transaction: &Transaction<'_>,
        account: i64,
        reading: &Reading,
        rows: &[Ticket],
    ) -> rusqlite::Result<()> {
        ticket::store(transaction, account, reading, rows)
    }

    fn doubtful(row: &Ticket, reading: &Reading) -> Option<&'static str> {
        ticket::doubtful(row, reading)
    }

    /// The export goes by the time of the versions: all up to the horizon have been seen.
    fn witness(walk: &mut Walk, rows: &[Ticket], _page: PageOf, reading: &Reading) {
        let generated = rows
            .iter()
            .map(|ticket| ticket::generated_at(ticket).saturating_mul(1_000));
        walk.horizon = walk.horizon.max(
            generated
                .filter_map(|generated| reading.believed(Some(generated)))
                .max(),
        );
    }

    /// The export takes no time to start from that is less than a minute ago.
    fn prepare(walk: &mut Walk, now: DateTime<Utc>) {
        let latest = now.timestamp_millis().saturating_sub(DELAY);
        walk.start_at = walk.start_at.map(|start_at| start_at.min(latest));
    }

    fn restart(walk: &mut Walk) {
        walk.cursor = None;
        walk.start_at = walk.horizon.or(walk.start_at);
    }
}

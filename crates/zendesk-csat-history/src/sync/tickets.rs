//! Tickets, by cursor export: each run goes on where the last one ended.

use chrono::DateTime;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::types::{SupportTypeScope, Ticket};
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::ticket;
use crate::rows::walk::Walk;

pub(super) const PAGE_SIZE: u32 = 1_000;

pub(super) struct Tickets;

pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    let walk = match run.walked::<Tickets>()? {
        Some(mut walk) if walk.reaches(run.since) => {
            if walk.cursor.is_none() {
                Tickets::restart(&mut walk);
            }
            walk
        }
        walked => Walk::next(walked, run.since, 0),
    };
    run.walk::<Tickets>(walk).await
}

impl Listing for Tickets {
    const STEP: Step = Step::Tickets;
    const TABLE: &'static str = "tickets";
    const PAGES_AT_ONCE: usize = 1;
    type Item = Ticket;

    fn pages(client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<Ticket>, Error>> {
        // Customers also rate what AI agents did; the service leaves their tickets out unless asked.
        let export = client
            .tickets()
            .export()
            .page_size(PAGE_SIZE)
            .fields(ticket::PROPERTIES)
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

    fn store(transaction: &Transaction<'_>, account: i64, rows: &[Ticket]) -> rusqlite::Result<()> {
        ticket::store(transaction, account, rows)
    }

    /// The export goes by the time of the versions: all up to the horizon have been seen.
    fn witness(walk: &mut Walk, rows: &[Ticket], _page: PageOf) {
        walk.horizon = walk.horizon.max(
            rows.iter()
                .map(ticket::generated_at)
                .max()
                .map(|seconds| seconds * 1_000),
        );
    }

    fn restart(walk: &mut Walk) {
        walk.cursor = None;
        walk.start_at = walk.horizon.or(walk.start_at);
    }
}

//! Tickets, by cursor export: each run goes on where the last one ended.

use chrono::DateTime;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::types::{SupportTypeScope, TicketSatisfactionRating};
use zendesk_csat::{Client, Error, Page, types};

use super::listing::{Listing, PageOf};
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::ticket::{self, Ticket, TicketRating};
use crate::rows::walk::Walk;

const PAGE_SIZE: u32 = 1_000;

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
    type Item = types::Ticket;
    type Row = Ticket;

    fn pages(client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<types::Ticket>, Error>> {
        // Customers also rate what AI agents did; the service leaves their tickets out unless asked.
        let export = client
            .tickets()
            .export()
            .page_size(PAGE_SIZE)
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

    fn row(item: types::Ticket) -> Ticket {
        Ticket::from(item)
    }

    fn id(row: &Ticket) -> String {
        row.id.to_string()
    }

    fn store(transaction: &Transaction<'_>, account: i64, rows: &[Ticket]) -> rusqlite::Result<()> {
        ticket::store(transaction, account, rows)
    }

    /// The export goes by the time of the versions: all up to the horizon have been seen.
    fn witness(walk: &mut Walk, rows: &[Ticket], _page: PageOf) {
        walk.horizon = walk
            .horizon
            .max(rows.iter().map(|row| row.generated_at * 1_000).max());
    }

    fn restart(walk: &mut Walk) {
        walk.cursor = None;
        walk.start_at = walk.horizon.or(walk.start_at);
    }
}

impl From<types::Ticket> for Ticket {
    fn from(ticket: types::Ticket) -> Self {
        let updated_at = ticket.updated_at.map(|time| time.timestamp());
        Self {
            id: ticket.id.get(),
            generated_at: ticket.generated_timestamp.or(updated_at).unwrap_or(0),
            subject: ticket.subject,
            status: ticket.status.map(|status| status.as_str().to_owned()),
            channel: ticket
                .via
                .and_then(|via| via.channel)
                .map(|channel| channel.as_str().to_owned()),
            assignee_id: ticket.assignee_id.map(|id| id.get()),
            group_id: ticket.group_id.map(|id| id.get()),
            rating: ticket.satisfaction_rating.map(TicketRating::from),
        }
    }
}

impl From<TicketSatisfactionRating> for TicketRating {
    fn from(rating: TicketSatisfactionRating) -> Self {
        Self {
            id: rating.id.map(|id| id.get()),
            score: rating.score.map(|score| score.as_str().to_owned()),
            comment: rating.comment,
        }
    }
}

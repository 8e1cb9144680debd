//! Tickets, with no more of them than the one table needs.

use rusqlite::{Transaction, params};

/// A version of a ticket as the export gives it.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    /// In whole seconds.
    pub(crate) generated_at: i64,
    pub(crate) subject: Option<String>,
    pub(crate) status: Option<String>,
    /// How it came in.
    pub(crate) channel: Option<String>,
    pub(crate) assignee_id: Option<i64>,
    pub(crate) group_id: Option<i64>,
    pub(crate) rating: Option<TicketRating>,
}

/// The latest legacy rating of a ticket, as the ticket shows it.
#[derive(Debug, Clone)]
pub(crate) struct TicketRating {
    /// Not shown while there is no answer.
    pub(crate) id: Option<i64>,
    pub(crate) score: Option<String>,
    pub(crate) comment: Option<String>,
}

const UPSERT: &str = "
    INSERT INTO tickets (
        account_id, id, generated_at, subject, status, assignee_id, group_id, rating_id, rating_score, rating_comment,
        channel
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    ON CONFLICT (account_id, id) DO UPDATE SET
        generated_at = excluded.generated_at,
        subject = excluded.subject,
        status = excluded.status,
        assignee_id = excluded.assignee_id,
        group_id = excluded.group_id,
        rating_id = excluded.rating_id,
        rating_score = excluded.rating_score,
        rating_comment = excluded.rating_comment,
        channel = excluded.channel
    WHERE excluded.generated_at >= tickets.generated_at";

/// Stores the tickets; of a ticket that is known already, the version that was generated last.
pub(crate) fn store(transaction: &Transaction<'_>, account: i64, tickets: &[Ticket]) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for ticket in tickets {
        let rating = ticket.rating.as_ref();
        upsert.execute(params![
            account,
            ticket.id,
            ticket.generated_at,
            ticket.subject,
            ticket.status,
            ticket.assignee_id,
            ticket.group_id,
            rating.and_then(|rating| rating.id),
            rating.and_then(|rating| rating.score.as_deref()),
            rating.and_then(|rating| rating.comment.as_deref()),
            ticket.channel,
        ])?;
    }
    Ok(())
}

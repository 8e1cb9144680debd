//! `tickets`: the export, audits, and tickets by their ids.

use super::listing::{self, cell, text, time};
use crate::arguments::{ExportTickets, ListAudits, ShowTickets, Tickets};
use crate::exit::Failure;
use crate::output;
use futures::{StreamExt, TryStreamExt, stream};
use std::sync::{Arc, Mutex, PoisonError};
use zendesk_csat::types::{Ticket, TicketAudit};

pub(crate) async fn run(command: Tickets) -> Result<(), Failure> {
    match command {
        Tickets::Export(arguments) => export(arguments).await,
        Tickets::Audits(arguments) => audits(arguments).await,
        Tickets::Show(arguments) => show(arguments).await,
    }
}

async fn export(arguments: ExportTickets) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut request = client.tickets().export();
    if let Some(start) = arguments.start_time {
        request = request.start_time(start);
    }
    if let Some(cursor) = arguments.cursor {
        request = request.cursor(cursor);
    }
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let cursor = Arc::new(Mutex::new(None));
    let last_cursor = cursor.clone();
    let tickets = request
        .pages()
        .map_ok(move |page| {
            *last_cursor.lock().unwrap_or_else(PoisonError::into_inner) = page.cursor.clone();
            stream::iter(page.into_results())
        })
        .try_flatten()
        .boxed();
    listing::print(tickets, &arguments.listing.output, &ticket_header(), ticket).await?;
    let cursor = cursor.lock().unwrap_or_else(PoisonError::into_inner).take();
    // A walk that was cut short has not covered its last page.
    if let (Some(cursor), None) = (cursor, arguments.listing.output.limit) {
        output::say(&format!("cursor: {cursor}"));
    }
    Ok(())
}

async fn show(arguments: ShowTickets) -> Result<(), Failure> {
    let tickets = arguments
        .connection
        .client()?
        .tickets()
        .show_many(arguments.ids)
        .items();
    listing::print(tickets, &arguments.output, &ticket_header(), ticket).await
}

async fn audits(arguments: ListAudits) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut request = client.tickets().audits(arguments.ticket);
    if !arguments.events.is_empty() {
        request = request.events(arguments.events.iter().map(String::as_str));
    }
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let header = audit_row(["AUDIT", "CREATED", "AUTHOR", "EVENTS"].map(String::from));
    listing::print(
        request.items(),
        &arguments.listing.output,
        header.trim_end(),
        audit,
    )
    .await
}

fn audit(audit: &TicketAudit) -> String {
    let events: Vec<_> = audit
        .events
        .iter()
        .flatten()
        .map(|event| event.type_.as_str())
        .collect();
    audit_row([
        audit.id.to_string(),
        time(audit.created_at),
        cell(audit.author_id),
        text(Some(&events.join(", ")), 40),
    ])
}

fn audit_row([id, created, author, events]: [String; 4]) -> String {
    format!("{id:>14}  {created:<20}  {author:>14}  {events}")
}

fn ticket(ticket: &Ticket) -> String {
    let rating = ticket
        .satisfaction_rating
        .as_ref()
        .and_then(|rating| rating.score.as_ref());
    ticket_row([
        ticket.id.to_string(),
        cell(ticket.status.as_ref()),
        cell(rating),
        time(ticket.updated_at),
        text(ticket.subject.as_deref(), 46),
    ])
}

fn ticket_header() -> String {
    ticket_row(["TICKET", "STATUS", "RATING", "UPDATED", "SUBJECT"].map(String::from))
}

fn ticket_row([id, status, rating, updated, subject]: [String; 5]) -> String {
    format!("{id:>10}  {status:<8}  {rating:<9}  {updated:<20}  {subject}")
}

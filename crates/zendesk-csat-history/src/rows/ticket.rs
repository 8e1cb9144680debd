//! Tickets, with no more of them than the one table needs.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use serde_json::Value;
use zendesk_csat::types::Ticket;

use super::reading::Reading;
use super::{milliseconds, score, ticket_field};

/// The properties that are stored always, by their names in the API.
const PROPERTIES: [&str; 15] = [
    "subject",
    "status",
    "via",
    "assignee_id",
    "group_id",
    "satisfaction_rating",
    "generated_timestamp",
    "updated_at",
    "brand_id",
    "organization_id",
    "ticket_form_id",
    "priority",
    "type",
    "tags",
    "created_at",
];

/// The properties to ask for: custom fields only where some are named, since every ticket has all of them.
pub(crate) fn properties(with_custom_fields: bool) -> impl Iterator<Item = &'static str> {
    PROPERTIES
        .into_iter()
        .chain(with_custom_fields.then_some("custom_fields"))
}

const UPSERT: &str = "
    INSERT INTO tickets (
        account_id, id, generated_at, subject, status, assignee_id, group_id, rating_id, rating_score, rating_comment,
        channel, brand_id, organization_id, ticket_form_id, priority, type, tags, created_at, run,
        custom_fields
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
    ON CONFLICT (account_id, id) DO UPDATE SET
        generated_at = excluded.generated_at,
        subject = excluded.subject,
        status = excluded.status,
        assignee_id = excluded.assignee_id,
        group_id = excluded.group_id,
        rating_id = excluded.rating_id,
        rating_score = excluded.rating_score,
        rating_comment = excluded.rating_comment,
        channel = excluded.channel,
        brand_id = excluded.brand_id,
        organization_id = excluded.organization_id,
        ticket_form_id = excluded.ticket_form_id,
        priority = excluded.priority,
        type = excluded.type,
        tags = excluded.tags,
        created_at = excluded.created_at,
        run = excluded.run,
        custom_fields = excluded.custom_fields,
        inaccessible = 0
    WHERE excluded.run > tickets.run
        OR tickets.generated_at > ?21
        OR excluded.generated_at >= tickets.generated_at";

/// The last second of the year 9999: what lies beyond is no time that SQLite knows.
const LATEST: i64 = 253_402_300_799;

/// When this version of the ticket was made, in whole seconds.
pub(crate) fn generated_at(ticket: &Ticket) -> i64 {
    let updated_at = ticket.updated_at.map(|time| time.timestamp());
    let generated_at = ticket.generated_timestamp.or(updated_at).unwrap_or(0);
    generated_at.clamp(-LATEST, LATEST)
}

/// The property with a time that cannot be.
pub(crate) fn doubtful(ticket: &Ticket, reading: &Reading) -> Option<&'static str> {
    reading.doubtful([(
        "generated_timestamp",
        Some(generated_at(ticket).saturating_mul(1_000)),
    )])
}

/// The tags as a JSON array; none where the record has no list of them.
fn tags(ticket: &Ticket) -> rusqlite::Result<Option<String>> {
    let written = ticket.tags.as_ref().map(serde_json::to_string).transpose();
    written.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The values of the named fields as a JSON object by their ids; empty where no field is named or the record has no fields.
fn custom_fields(ticket: &Ticket, named: &BTreeMap<i64, String>) -> rusqlite::Result<String> {
    let fields = ticket.custom_fields.iter().flatten();
    let values: BTreeMap<i64, &Value> = fields
        .filter(|field| named.contains_key(&field.id))
        .filter_map(|field| Some((field.id, field.value.as_ref().filter(|value| !value.is_null())?)))
        .collect();
    serde_json::to_string(&values).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Stores the tickets; of a ticket that this sync has read before, the version that was generated last.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    reading: &Reading,
    tickets: &[Ticket],
) -> rusqlite::Result<()> {
    let fields = ticket_field::named(transaction, account)?;
    let mut upsert = transaction.prepare_cached(UPSERT)?;
    for ticket in tickets {
        let rating = ticket.satisfaction_rating.as_ref();
        let channel = ticket.via.as_ref().and_then(|via| via.channel.as_ref());
        upsert.execute(params![
            account,
            ticket.id.get(),
            generated_at(ticket),
            ticket.subject,
            ticket.status.as_ref().map(|status| status.as_str()),
            ticket.assignee_id.map(i64::from),
            ticket.group_id.map(i64::from),
            rating.and_then(|rating| rating.id).map(i64::from),
            rating
                .and_then(|rating| rating.score.as_ref())
                .map(|value| score::normal(value.as_str())),
            rating.and_then(|rating| rating.comment.as_deref()),
            channel.map(|channel| channel.as_str()),
            ticket.brand_id.map(i64::from),
            ticket.organization_id.map(i64::from),
            ticket.ticket_form_id.map(i64::from),
            ticket.priority.as_ref().map(|priority| priority.as_str()),
            ticket.type_.as_ref().map(|kind| kind.as_str()),
            tags(ticket)?,
            ticket.created_at.map(milliseconds),
            reading.run,
            custom_fields(ticket, &fields)?,
            reading.latest.div_euclid(1_000),
        ])?;
    }
    Ok(())
}

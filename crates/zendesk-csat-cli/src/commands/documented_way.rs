//! The way of the documentation's guide: one call for each rated ticket's audits, one for each response.
//!
//! <https://developer.zendesk.com/documentation/ticketing/managing-tickets/getting-csat-ratings-of-tickets/>

use crate::exit::Failure;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use zendesk_csat::types::{RatingScore, SurveyResponseId, Ticket, TicketId};
use zendesk_csat::{Client, ErrorKind};

/// Walks the account as the guide does; whoever listens on the other side counts the calls.
///
/// The guide makes one call after another and ends at the first ticket without audits; this goes
/// on, and makes several calls at once. Neither changes how many there are.
pub(super) async fn walk(client: &Client, since: DateTime<Utc>) -> Result<(), Failure> {
    let tickets = client.tickets().export().start_time(since).items();
    let rated = tickets.try_filter_map(|ticket| async move { Ok(is_rated(&ticket).then_some(ticket.id)) });
    let rated: Vec<TicketId> = rated.try_collect().await?;
    stream::iter(rated)
        .map(|ticket_id| one_ticket(client, ticket_id))
        .buffer_unordered(8)
        .try_collect::<()>()
        .await
}

fn is_rated(ticket: &Ticket) -> bool {
    let score = ticket
        .satisfaction_rating
        .as_ref()
        .and_then(|rating| rating.score.as_ref());
    !matches!(score, None | Some(RatingScore::Offered | RatingScore::Unoffered))
}

async fn one_ticket(client: &Client, ticket_id: TicketId) -> Result<(), Failure> {
    let audits = match client.tickets().audits(ticket_id).send().await {
        Ok(page) => page.items,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let events = audits
        .into_iter()
        .flat_map(|audit| audit.events.unwrap_or_default());
    let response: Option<SurveyResponseId> = events.filter_map(|event| event.survey_response_id).next();
    if let Some(id) = response {
        client.survey_responses().show(&id).send().await?;
    }
    Ok(())
}

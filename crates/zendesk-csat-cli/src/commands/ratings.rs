//! `ratings`: legacy satisfaction ratings.

use super::listing::{self, cell, time};
use crate::arguments::ListRatings;
use crate::exit::Failure;
use crate::output::excerpt;
use zendesk_csat::types::{RatingFilter, SatisfactionRating};

pub(crate) async fn list(arguments: ListRatings) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut request = client.satisfaction_ratings().list();
    if let Some(score) = &arguments.score {
        request = request.score(RatingFilter::from(score.as_str()));
    }
    if let Some(start) = arguments.start_time {
        request = request.start_time(start);
    }
    if let Some(end) = arguments.end_time {
        request = request.end_time(end);
    }
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let header = row(["RATING", "TICKET", "SCORE", "CREATED", "COMMENT"].map(String::from));
    listing::print(request.items(), &arguments.listing, header.trim_end(), columns).await
}

fn columns(rating: &SatisfactionRating) -> String {
    row([
        rating.id.to_string(),
        cell(rating.ticket_id),
        cell(rating.score.as_ref()),
        time(rating.created_at),
        excerpt(rating.comment.as_deref().unwrap_or_default(), 40),
    ])
}

fn row([id, ticket, score, created, comment]: [String; 5]) -> String {
    format!("{id:>14}  {ticket:>10}  {score:<9}  {created:<20}  {comment}")
}

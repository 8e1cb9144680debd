//! `ratings`: legacy satisfaction ratings.

use super::listing::{self, cell, text, time};
use crate::arguments::{CreateRating, ListRatings, Ratings, Score};
use crate::exit::Failure;
use crate::output;
use zendesk_csat::types::{RatingFilter, RatingScoreInput, SatisfactionRating};

pub(crate) async fn run(command: Ratings) -> Result<(), Failure> {
    match command {
        Ratings::List(arguments) => list(arguments).await,
        Ratings::Count(arguments) => {
            let client = arguments.connection.client()?;
            output::record(
                &client.satisfaction_ratings().count().send().await?,
                &arguments.output,
            )
        }
        Ratings::Show(arguments) => {
            let client = arguments.connection.client()?;
            output::record(
                &client.satisfaction_ratings().show(arguments.id).send().await?,
                &arguments.output,
            )
        }
        Ratings::Create(arguments) => create(arguments).await,
    }
}

async fn create(arguments: CreateRating) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let score = match arguments.score {
        Score::Good => RatingScoreInput::Good,
        Score::Bad => RatingScoreInput::Bad,
    };
    let mut request = client.satisfaction_ratings().create(arguments.ticket, score);
    if let Some(comment) = arguments.comment {
        request = request.comment(comment);
    }
    if let Some(code) = arguments.reason_code {
        request = request.reason_code(code);
    }
    if let Some(email) = arguments.on_behalf_of {
        request = request.on_behalf_of(email);
    }
    output::record(&request.send().await?, &arguments.output)
}

async fn list(arguments: ListRatings) -> Result<(), Failure> {
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
    listing::print(
        request.items(),
        &arguments.listing.output,
        header.trim_end(),
        columns,
    )
    .await
}

fn columns(rating: &SatisfactionRating) -> String {
    row([
        rating.id.to_string(),
        cell(rating.ticket_id),
        cell(rating.score.as_ref()),
        time(rating.created_at),
        text(rating.comment.as_deref(), 40),
    ])
}

fn row([id, ticket, score, created, comment]: [String; 5]) -> String {
    format!("{id:>14}  {ticket:>10}  {score:<9}  {created:<20}  {comment}")
}

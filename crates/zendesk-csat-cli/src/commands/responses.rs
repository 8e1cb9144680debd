//! `responses`: survey responses.

use super::listing::{self, cell, text, time};
use crate::arguments::{ListResponses, Order, Responses};
use crate::exit::Failure;
use crate::output;
use zendesk_csat::types::{AnswerInput, SurveyResponse, SurveyResponseSort};

pub(crate) async fn run(command: Responses) -> Result<(), Failure> {
    match command {
        Responses::List(arguments) => list(arguments).await,
        Responses::Show(arguments) => {
            let client = arguments.connection.client()?;
            let request = client
                .survey_responses()
                .show(arguments.id)
                .locale(arguments.locale.locale);
            output::record(&request.send().await?, &arguments.output)
        }
        Responses::Create(arguments) => {
            let client = arguments.connection.client()?;
            let responses = client.survey_responses();
            let request = responses.create(
                arguments.survey_id,
                arguments.responder_id,
                arguments.subject_zrns,
            );
            output::record(
                &request.locale(arguments.locale.locale).send().await?,
                &arguments.output,
            )
        }
        Responses::Submit(arguments) => {
            let client = arguments.connection.client()?;
            let answers: Vec<AnswerInput> =
                serde_json::from_reader(std::io::stdin().lock()).map_err(Failure::Answers)?;
            let request = client
                .survey_responses()
                .submit(arguments.id, answers)
                .locale(arguments.locale.locale);
            output::record(&request.send().await?, &arguments.output)
        }
    }
}

async fn list(arguments: ListResponses) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut request = client
        .survey_responses()
        .list()
        .responder_ids(arguments.responder_ids)
        .subject_zrns(arguments.subject_zrns)
        .sort(match arguments.sort {
            Order::Oldest => SurveyResponseSort::IdAscending,
            Order::Newest => SurveyResponseSort::IdDescending,
        });
    if let Some(start) = arguments.created_at_start {
        request = request.created_at_start(start);
    }
    if let Some(end) = arguments.created_at_end {
        request = request.created_at_end(end);
    }
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let header = row(["RESPONSE", "TICKET", "SCORE", "SENT", "COMMENT"].map(String::from));
    listing::print(
        request.items(),
        &arguments.listing.output,
        header.trim_end(),
        columns,
    )
    .await
}

fn columns(response: &SurveyResponse) -> String {
    let category = response
        .csat_answer()
        .and_then(|answer| answer.rating_category.as_ref());
    row([
        response.id.to_string(),
        cell(response.ticket_id()),
        cell(category),
        time(response.sent_at()),
        text(response.comment(), 30),
    ])
}

fn row([id, ticket, score, sent, comment]: [String; 5]) -> String {
    format!("{id:<26}  {ticket:>10}  {score:<7}  {sent:<20}  {comment}")
}

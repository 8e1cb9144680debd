//! `surveys`: what customers are asked.

use super::listing::{self, cell, time};
use crate::arguments::Surveys;
use crate::exit::Failure;
use zendesk_csat::types::Survey;

pub(crate) async fn run(Surveys::List(arguments): Surveys) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut request = client.surveys().list().locale(arguments.locale.locale);
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let header = row(["SURVEY", "VERSION", "STATE", "QUESTIONS", "UPDATED"].map(String::from));
    listing::print(
        request.items(),
        &arguments.listing.output,
        header.trim_end(),
        columns,
    )
    .await
}

fn columns(survey: &Survey) -> String {
    row([
        survey.id.to_string(),
        cell(survey.version),
        cell(survey.state.as_ref()),
        cell(survey.questions.as_ref().map(Vec::len)),
        time(survey.updated_at),
    ])
}

fn row([id, version, state, questions, updated]: [String; 5]) -> String {
    format!("{id:<26}  {version:>7}  {state:<8}  {questions:>9}  {updated}")
}

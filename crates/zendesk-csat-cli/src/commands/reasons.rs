//! `reasons`: why customers give bad legacy ratings.

use super::listing::{self, cell, text, time};
use crate::arguments::Reasons;
use crate::exit::Failure;
use crate::output;
use zendesk_csat::types::SatisfactionReason;

pub(crate) async fn run(command: Reasons) -> Result<(), Failure> {
    match command {
        Reasons::List(arguments) => {
            let reasons = arguments
                .connection
                .client()?
                .satisfaction_reasons()
                .list()
                .items();
            let header = row(["REASON", "CODE", "DELETED", "TEXT"].map(String::from));
            listing::print(reasons, &arguments.output, header.trim_end(), columns).await
        }
        Reasons::Show(arguments) => {
            let client = arguments.connection.client()?;
            output::record(
                &client.satisfaction_reasons().show(arguments.id).send().await?,
                &arguments.output,
            )
        }
    }
}

fn columns(reason: &SatisfactionReason) -> String {
    row([
        reason.id.to_string(),
        cell(reason.reason_code.as_ref().map(|code| code.0)),
        time(reason.deleted_at),
        text(reason.value.as_deref(), 46),
    ])
}

fn row([id, code, deleted, text]: [String; 4]) -> String {
    format!("{id:>14}  {code:>6}  {deleted:<20}  {text}")
}

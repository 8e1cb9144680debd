//! What rows need to know of their tickets, by the way that takes fewer calls.

use super::run::{Run, is_refused};
use super::ticket_calls::{self, Latest};
use super::tickets;
use super::tickets_via::{Because, TicketsChoice, TicketsVia};
use crate::error::HistoryError;
use crate::progress::Step;

/// Exports the tickets while the lists are read, as soon as nothing that they still bring can make showing them take fewer
/// calls. `None` where that is not so before their end.
pub(super) async fn export_when_sure(
    run: &Run<'_>,
    via: TicketsVia,
) -> Result<Option<TicketsChoice>, HistoryError> {
    match via {
        TicketsVia::ShowMany => return Ok(None),
        TicketsVia::Export => {
            return export(run, TicketsChoice::without(via, Because::Asked))
                .await
                .map(Some);
        }
        TicketsVia::Auto => {}
    }
    let mut rows = 0;
    while run.heard.wait(rows).await {
        let heard = run.heard.count();
        let sure = run
            .history
            .read(|connection| ticket_calls::export_is_sure(connection, run.account, run.since, heard))?;
        match sure {
            Ok(calls) => return export(run, TicketsChoice::by_calls(calls)).await.map(Some),
            Err(missing) => rows = heard.saturating_add(missing),
        }
    }
    Ok(None)
}

/// Chooses when all is listed; exports the tickets if that is the way.
pub(super) async fn choose(run: &Run<'_>, via: TicketsVia) -> Result<TicketsChoice, HistoryError> {
    let asked = TicketsChoice::without(via, Because::Asked);
    match via {
        TicketsVia::Export => return export(run, asked).await,
        TicketsVia::ShowMany => return Ok(asked),
        TicketsVia::Auto => {}
    }
    let calls = run.history.read(|connection| {
        let latest = Latest {
            moment: ticket_calls::latest_moment(connection, run.account)?,
            ticket: None,
        };
        ticket_calls::calls(
            connection,
            run.account,
            run.since,
            latest,
            tickets::From::WhereLeft,
        )
    })?;
    let choice = TicketsChoice::by_calls(calls);
    if choice.is_show_many() {
        Ok(choice)
    } else {
        export(run, choice).await
    }
}

/// Exports the tickets. Where the service refuses that they are shown by their ids: not every role may export.
async fn export(run: &Run<'_>, choice: TicketsChoice) -> Result<TicketsChoice, HistoryError> {
    match tickets::read_for_rows(run, choice.because == Because::Asked).await {
        Ok(()) => Ok(choice),
        Err(HistoryError::Api { source, .. }) if is_refused(&source) => {
            tracing::warn!(error = %source, "the export is refused: tickets are shown by their ids");
            run.finished(Step::Tickets);
            Ok(TicketsChoice::without(TicketsVia::ShowMany, Because::Refused))
        }
        Err(error) => Err(error),
    }
}

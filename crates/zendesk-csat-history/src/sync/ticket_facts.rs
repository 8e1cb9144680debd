//! What rows need to know of their tickets, by the way that takes fewer calls.

use super::run::Run;
use super::ticket_calls::{self, Latest};
use super::tickets;
use super::tickets_via::{Because, TicketsChoice, TicketsVia};
use crate::error::HistoryError;

/// Exports the tickets while the lists are read, as soon as nothing that they still bring can make showing them take fewer
/// calls. `None` where that is not so before their end.
pub(super) async fn export_when_sure(
    run: &Run<'_>,
    via: TicketsVia,
) -> Result<Option<TicketsChoice>, HistoryError> {
    match via {
        TicketsVia::ShowMany => return Ok(None),
        TicketsVia::Export => {
            tickets::read_for_rows(run).await?;
            return Ok(Some(TicketsChoice::without(via, Because::Asked)));
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
            Ok(calls) => {
                tickets::read_for_rows(run).await?;
                return Ok(Some(TicketsChoice::by_calls(calls)));
            }
            Err(missing) => rows = heard.saturating_add(missing),
        }
    }
    Ok(None)
}

/// Chooses when all is listed; exports the tickets if that is the way.
pub(super) async fn choose(run: &Run<'_>, via: TicketsVia) -> Result<TicketsChoice, HistoryError> {
    if via != TicketsVia::Auto {
        return Ok(TicketsChoice::without(via, Because::Asked));
    }
    let calls = run.history.read(|connection| {
        let latest = Latest {
            moment: ticket_calls::latest_moment(connection, run.account)?,
            ticket: None,
        };
        ticket_calls::calls(connection, run.account, run.since, latest)
    })?;
    let choice = TicketsChoice::by_calls(calls);
    if !choice.is_show_many() {
        tickets::read_for_rows(run).await?;
    }
    Ok(choice)
}

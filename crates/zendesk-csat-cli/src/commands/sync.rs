//! `sync`: the account into the history.

use crate::arguments::Sync;
use crate::events::{self, Event};
use crate::exit::Failure;
use crate::output;
use crate::progress::{self, Shown};
use zendesk_csat::Client;
use zendesk_csat_history::{History, SyncOptions, SyncSummary};

pub(crate) async fn run(arguments: Sync) -> Result<(), Failure> {
    let Sync {
        history,
        what,
        full,
        explain,
        json,
        connection,
    } = arguments;
    let client = connection.client()?;
    let mut history = History::open(&history.path)?;
    let shown = if json {
        events::print(&Event::Started {
            subdomain: client.subdomain(),
            history: history.path(),
        })?;
        Shown::Events
    } else {
        Shown::new()
    };
    let options = SyncOptions { full, ..what.into() };
    let summary = progress::sync(&mut history, &client, options, shown).await?;
    if json {
        explain_each(explain, &history, &client, |explained| {
            events::print(&Event::Explained(&explained))
        })?;
        events::print(&Event::Finished {
            complete: summary.is_complete(),
            summary: &summary,
        })?;
    } else {
        output::line(summary.to_string().trim_end())?;
        explain_each(explain, &history, &client, |explained| {
            output::line(&explained.to_string())
        })?;
    }
    complete(&summary)
}

fn explain_each(
    explain: bool,
    history: &History,
    client: &Client,
    each: impl FnMut(zendesk_csat_history::Explained) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if explain {
        history.explain(client.subdomain(), each)
    } else {
        Ok(())
    }
}

/// An error where something of the account is not in the history.
fn complete(summary: &SyncSummary) -> Result<(), Failure> {
    if summary.is_complete() {
        return Ok(());
    }
    let found = &summary.reconciliation;
    let mut left_out: Vec<String> = [
        (found.malformed, "records that could not be read"),
        (found.forbidden, "records that the service did not give"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let refused = summary.unavailable.iter().filter(|part| !part.lasting);
    left_out.extend(refused.map(|part| part.step.to_string()));
    Err(Failure::Partial(left_out.join(", ")))
}

//! Bringing a history up to date: what is listed, in which order, and what runs at the same time.

mod again;
mod changed;
mod explanation;
mod listing;
mod questions;
mod ratings;
mod reasons;
mod run;
mod summary;
mod survey_responses;
mod tickets;

use chrono::{DateTime, Utc};
use zendesk_csat::Client;

use crate::error::HistoryError;
use crate::progress::Progress;
use crate::store::History;
use run::{Findings, Run};

pub use explanation::{Category, Explained};
pub use summary::{Reconciliation, Rows, SyncSummary, Unavailable};

/// What to sync; everything by default.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Only what was sent then or later. What is in the history already stays and is kept up to date.
    pub since: Option<DateTime<Utc>>,
}

impl History {
    /// Brings the account's part of the history up to date, in as few calls as the API allows.
    ///
    /// Everything is listed; nothing is asked for ticket by ticket. A later sync reads what is new, and what can have
    /// changed: survey responses that had not expired when they were read last, and legacy ratings whose ticket shows
    /// something else by now.
    ///
    /// Each page is stored together with the place where the next one begins. A sync that ends early, however it
    /// ends, loses at most the page it was on: the next one goes on from there.
    ///
    /// A part of the API that the account or the credentials do not have is left out and named in the summary.
    ///
    /// Must run on a Tokio runtime.
    ///
    /// # Errors
    /// Another sync is writing to the file, the service refuses or cannot be reached, or the file cannot be written.
    pub async fn sync(
        &mut self,
        client: &Client,
        options: SyncOptions,
        progress: &mut dyn Progress,
    ) -> Result<SyncSummary, HistoryError> {
        let calls_before = client.call_counts();
        let run = Run::begin(self, client, options.since, progress).await?;
        everything(&run).await?;
        self.checkpoint()?;
        let Findings { rows, unavailable } = run.end()?;
        Ok(SyncSummary {
            subdomain: client.subdomain().to_owned(),
            rows,
            calls: client.call_counts() - calls_before,
            reconciliation: Reconciliation::of(self, client.subdomain())?,
            unavailable,
        })
    }
}

/// The buckets have limits of their own: what one of them holds up does not hold up the others.
async fn everything(run: &Run<'_>) -> Result<(), HistoryError> {
    let legacy = async {
        reasons::read(run).await?;
        ratings::read(run).await
    };
    let surveys = async {
        survey_responses::read(run).await?;
        questions::read(run).await
    };
    let (listed, surveys, tickets) = futures::join!(legacy, surveys, tickets::read(run));
    let listed = listed?;
    surveys?;
    tickets?;
    // The tickets tell which ratings have changed, the surveys which of them count.
    changed::read(run, listed).await
}

//! `sync`: the account into the history.

use crate::arguments::Sync;
use crate::exit::Failure;
use crate::output;
use crate::progress::Bars;
use zendesk_csat_history::{History, SyncOptions};

pub(crate) async fn run(arguments: Sync) -> Result<(), Failure> {
    let client = arguments.connection.client()?;
    let mut history = History::open(&arguments.history.path)?;
    let options = SyncOptions {
        since: arguments.since,
    };
    let summary = history.sync(&client, options, &mut Bars::new()).await?;
    if arguments.json {
        output::json_document(&summary)
    } else {
        output::line(&summary.to_string())
    }
}

//! What `sync` takes.

use super::HistoryFile;
use crate::connection::Connection;
use crate::time;
use chrono::{DateTime, Utc};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    #[command(flatten)]
    pub(crate) what: What,
    /// List by id what the summary counts apart: without a ticket, deleted, forbidden, malformed, …
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print one JSON object a line for each event: started, progress, finished, failed
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// What to sync.
#[derive(Debug, Args)]
pub(crate) struct What {
    /// Only what was sent then or later: a day, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) since: Option<DateTime<Utc>>,
}

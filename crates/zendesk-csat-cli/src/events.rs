//! What `sync --json` prints: one object a line, for a scheduler.

use crate::exit::Failure;
use crate::output;
use serde::Serialize;
use std::path::Path;
use zendesk_csat_history::{Explained, Step, SyncSummary};

/// Something that happened; its name is the object's `event`.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event<'a> {
    /// The first, unless the settings are wrong.
    Started { subdomain: &'a str, history: &'a Path },
    /// Once a minute for each step that runs, and when it is done.
    Progress { step: Step, rows: u64, done: bool },
    /// A call waits for a limit, or for trouble to pass, up to so many seconds.
    Waiting { seconds: f64, reason: String },
    /// All tickets are read once more, at about so many calls: the file was made before what they belong to was read.
    TicketsAgain { calls: u64 },
    /// A record that the summary counts apart.
    Explained(&'a Explained),
    /// The account is in the history, all of it where `complete`.
    Finished {
        complete: bool,
        summary: &'a SyncSummary,
    },
    /// The last where the exit code is not 0; with 7, after `finished`.
    Failed { exit_code: u8, error: Option<String> },
}

impl Event<'_> {
    pub(crate) fn failed(failure: &Failure) -> Self {
        Self::Failed {
            exit_code: failure.code(),
            error: failure.line(false),
        }
    }
}

pub(crate) fn print(event: &Event<'_>) -> Result<(), Failure> {
    output::json_line(event)
}

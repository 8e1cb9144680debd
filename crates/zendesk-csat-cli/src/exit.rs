//! How the command ends: one line for a person, one number for a script.

use std::path::PathBuf;
use zendesk_csat::{Error, ErrorKind, visible};
use zendesk_csat_emulator::EmulatorError;
use zendesk_csat_history::report::ReportError;
use zendesk_csat_history::{FilterError, HistoryError};

/// The exit codes, as `--help` lists them.
pub(crate) mod exit_code {
    pub(crate) const FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const CREDENTIALS: u8 = 3;
    pub(crate) const NOT_FOUND: u8 = 4;
    pub(crate) const UNAVAILABLE: u8 = 5;
    pub(crate) const FILE: u8 = 6;
    pub(crate) const PARTIAL: u8 = 7;
    pub(crate) const FELL: u8 = 8;
    pub(crate) const INTERRUPTED: u8 = 130;

    pub(crate) const HELP: &str = "\
Exit codes:
    0  done
    1  failed
    2  wrong arguments or settings
    3  credentials refused
    4  no such account or record
    5  no connection, or a limit
    6  a file cannot be read or written
    7  synced, except what was refused or could not be read
    8  the score fell (report --fail-if-drop)
  130  interrupted";
}

/// No line that is said is longer, in characters.
const MAX_LINE: usize = 2_000;

/// Why the command did not finish.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Zendesk(#[from] Error),
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{}: no history there; run `zendesk-csat sync` first", .0.display())]
    NoHistory(PathBuf),
    #[error("{}: the demo did not make it and leaves it as it is; name another page with --html", .0.display())]
    NotOfTheDemo(PathBuf),
    #[error("the rows differ from the account's own truth: {0}")]
    Untrue(String),
    #[error("standard input holds no answers, such as [{{\"type\": \"rating_scale\", …}}]: {0}")]
    Answers(serde_json::Error),
    #[error("these credentials are nobody's: the service answers as to an anonymous user; check them")]
    Nobody,
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
    /// All that could be read is in the history.
    #[error("synced, except {0}; `zendesk-csat sync --explain` lists it")]
    Partial(String),
    #[error("no browser was found to open {}: open it by hand", path.display())]
    Browser { path: PathBuf, source: std::io::Error },
    #[error("the score fell: {0}")]
    Fell(String),
    /// Whoever read our output has left; that is not worth a word.
    #[error("the output was closed")]
    OutputClosed,
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// What to tell the person at the terminal, on one line; where they want it, with what a person who mends it asks for.
    pub(crate) fn line(&self, verbose: bool) -> Option<String> {
        let line = match self {
            Self::OutputClosed => return None,
            Self::Zendesk(error) | Self::History(HistoryError::Api { source: error, .. }) if verbose => {
                format!("{error:#}")
            }
            _ => self.to_string(),
        };
        Some(visible(&line, MAX_LINE).into_owned())
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Zendesk(error) | Self::History(HistoryError::Api { source: error, .. }) => {
                of_service(error)
            }
            Self::History(
                HistoryError::UnknownSuffix { .. }
                | HistoryError::NotForSpreadsheets { .. }
                | HistoryError::NotInTime { .. }
                | HistoryError::NotFiltered { .. }
                | HistoryError::NoSuchTime(_)
                | HistoryError::TicketField(_)
                | HistoryError::Filter(
                    FilterError::Unknown { .. }
                    | FilterError::UnknownField { .. }
                    | FilterError::UnknownValue { .. },
                )
                | HistoryError::IsADatabase { .. }
                | HistoryError::IsAFolder { .. }
                | HistoryError::UnknownAccount { .. }
                | HistoryError::UnknownQuestion { .. }
                | HistoryError::AccountName { .. }
                | HistoryError::Report {
                    source:
                        ReportError::EmptyPeriod { .. }
                        | ReportError::Compare { .. }
                        | ReportError::UnknownDimension { .. }
                        | ReportError::Filter(
                            FilterError::Unknown { .. }
                            | FilterError::UnknownField { .. }
                            | FilterError::UnknownValue { .. },
                        )
                        | ReportError::NoSuchTime(_),
                    ..
                },
            ) => exit_code::USAGE,
            Self::History(_) | Self::Write { .. } | Self::NoHistory(_) => exit_code::FILE,
            Self::Answers(_) | Self::NotOfTheDemo(_) => exit_code::USAGE,
            Self::Emulator(_) | Self::Untrue(_) | Self::Runtime(_) | Self::Browser { .. } => {
                exit_code::FAILED
            }
            Self::Nobody => exit_code::CREDENTIALS,
            Self::Partial(_) => exit_code::PARTIAL,
            Self::Fell(_) => exit_code::FELL,
            Self::OutputClosed => 0,
            Self::Interrupted => exit_code::INTERRUPTED,
        }
    }
}

fn of_service(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Configuration => exit_code::USAGE,
        ErrorKind::Authentication | ErrorKind::PermissionDenied => exit_code::CREDENTIALS,
        ErrorKind::NotFound => exit_code::NOT_FOUND,
        // The account is elsewhere.
        ErrorKind::UnexpectedStatus if matches!(error.status(), Some(300..=399)) => exit_code::NOT_FOUND,
        ErrorKind::RateLimit | ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Server => {
            exit_code::UNAVAILABLE
        }
        _ => exit_code::FAILED,
    }
}

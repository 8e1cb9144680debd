//! What can go wrong with a history.

use std::path::{Path, PathBuf};

use arrow_schema::ArrowError;

use crate::export::{Format, Table};
use crate::filter::FilterError;
use crate::progress::Step;
use crate::report::ReportError;
use crate::store::open::advice;
use crate::sync::TicketFieldError;
use crate::time_text::NoSuchTime;

/// An error of a history. The message names the file, or what was asked of the service.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The file could not be opened or made.
    #[error("cannot open {}: {source}{}", path.display(), advice(source))]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file could not be made.
    #[error("cannot make {}: {source}", path.display())]
    Make {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not a SQLite database.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a SQLite database of another program. It was not touched.
    #[error("{} is a SQLite database, but not a CSAT history", path.display())]
    NotAHistory {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version of this program. It was not touched.
    #[error(
        "{} has schema version {found}, this program knows up to {supported}: update the program",
        path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The file's schema version.
        found: i64,
        /// The latest schema version that this program knows.
        supported: i64,
    },
    /// The file has no account of this name.
    #[error("{} has no account {subdomain:?}: {}", path.display(), accounts(known))]
    UnknownAccount {
        /// The file.
        path: PathBuf,
        /// The name.
        subdomain: String,
        /// The accounts that it has.
        known: Vec<String>,
    },
    /// No survey has a closed question of this id or alias that was answered.
    #[error("{}: no closed question {question:?} was answered; those that were: {}", path.display(), known.join(", "))]
    UnknownQuestion {
        /// The file.
        path: PathBuf,
        /// The id or alias.
        question: String,
        /// Those that it has, by id and alias.
        known: Vec<String>,
    },
    /// An account of the file cannot have this name.
    #[error("{}: no account can be named {name:?}: it is empty, or another has it", path.display())]
    AccountName {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Another sync is writing to the file.
    #[error("another sync is writing to {}", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The lock file beside the history could not be made.
    #[error("cannot lock {}: {source}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A read or a write failed.
    #[error("{}: {source}{}", path.display(), advice(source))]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A hard link gives the file another name, under which another sync would not see this one.
    #[error("{} has another name, a hard link: copy it and sync the copy, or remove the other name", path.display())]
    AnotherName {
        /// The file.
        path: PathBuf,
    },
    /// A sync began while the file was read: what was read may be of two moments. The next call reads beside it.
    #[error("{} was written to while it was read: run this again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Rows of the table have no time at which a customer was asked.
    #[error("the table {table} has no date sent: leave out since and until, and what else names a period")]
    NotInTime {
        /// The table.
        table: Table,
    },
    /// Rows of the table cannot be picked by who or what they are about.
    #[error("{table} cannot be filtered: only the table csat can")]
    NotFiltered {
        /// The table.
        table: Table,
    },
    /// A word of the period means no time that the calendar knows.
    #[error(transparent)]
    NoSuchTime(#[from] NoSuchTime),
    /// A custom field cannot be named so.
    #[error(transparent)]
    TicketField(#[from] TicketFieldError),
    /// Rows cannot be picked.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// Neither the file's suffix nor the caller says the format.
    #[error(
        "{}: the suffix tells no format; end the name in .xlsx, .csv, .jsonl, .parquet or .arrow, or say which of {} it is",
        path.display(),
        Format::names()
    )]
    UnknownSuffix {
        /// The file.
        path: PathBuf,
    },
    /// What is for spreadsheets is CSV; a workbook is one of theirs as it is.
    #[error(
        "{format} is the same for every reader: only CSV can be written for spreadsheets, and a workbook is one of theirs as it is"
    )]
    NotForSpreadsheets {
        /// The format.
        format: Format,
    },
    /// The file to write is a SQLite database, such as the history itself, or a journal of one.
    #[error("{} is a SQLite database, which this would replace: name another file", path.display())]
    IsADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file to write is a folder.
    #[error("{} is a folder: name a file in it", path.display())]
    IsAFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder of the file to write is not there.
    #[error("cannot write {}: there is no folder {}; make it first", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The folder takes no new file.
    #[error("cannot write into the folder {}: {source}; choose another or change its permissions", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file could not be written. What stood there is still there.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The rows could not be put into the file's format. What stood there is still there.
    #[error("cannot write {}: {source}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        source: ArrowError,
    },
    /// The thread that reads could not be started.
    #[error("cannot start to read: {source}")]
    Thread {
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no report.
    #[error("{}: {source}", path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReportError,
    },
    /// The service refused a call or could not be reached. What was read before stands; the next sync goes on from there.
    #[error("{source}")]
    Api {
        /// The part of the sync.
        step: Step,
        /// What went wrong.
        source: zendesk_csat::Error,
    },
    /// The runtime stopped before a write was done. What was written before stands.
    #[error("{}: stopped before a write was done", path.display())]
    Stopped {
        /// The file.
        path: PathBuf,
    },
}

fn accounts(known: &[String]) -> String {
    if known.is_empty() {
        "it has none yet; sync one first".to_owned()
    } else {
        format!("it has {}", known.join(", "))
    }
}

impl HistoryError {
    pub(crate) fn from_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(
                rusqlite::ErrorCode::CannotOpen
                | rusqlite::ErrorCode::ReadOnly
                | rusqlite::ErrorCode::PermissionDenied,
            ) => Self::Open { path, source },
            _ => Self::Sqlite { path, source },
        }
    }
}

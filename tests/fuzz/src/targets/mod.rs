//! What is attacked, one file a target.

mod answers;
mod csv;
mod cursors;
mod damaged_files;
mod neighbours;
mod operations;
mod syncs;
mod times;
mod values;

use crate::case::{Case, Checked};

/// A target: most of what comes from outside is the body of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Any answer to any operation.
    Answers,
    /// Pages with one spoilt record.
    Neighbours,
    /// Where a listing goes on.
    Cursors,
    /// Times of records.
    Times,
    /// Values of the command's options, locales and names.
    Values,
    /// Texts in CSV.
    Csv,
    /// A sync of spoilt answers, and what is read of its file.
    Syncs,
    /// A spoilt file.
    Files,
}

impl Target {
    /// What a case with this seed is about.
    pub(crate) fn of(seed: u64) -> Self {
        match seed % 200 {
            0 => Self::Syncs,
            1 => Self::Files,
            2..8 => Self::Times,
            8..16 => Self::Values,
            16..24 => Self::Csv,
            24..44 => Self::Cursors,
            44..100 => Self::Neighbours,
            _ => Self::Answers,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Neighbours => "neighbours",
            Self::Cursors => "cursors",
            Self::Times => "times",
            Self::Values => "values",
            Self::Csv => "csv",
            Self::Syncs => "syncs",
            Self::Files => "files",
        }
    }

    pub(crate) async fn run(self, case: &mut Case<'_>) -> Checked {
        match self {
            Self::Answers => answers::run(case).await,
            Self::Neighbours => neighbours::run(case).await,
            Self::Cursors => cursors::run(case).await,
            Self::Times => times::run(case).await,
            Self::Values => values::run(case),
            Self::Csv => csv::run(case),
            Self::Syncs => syncs::run(case).await,
            Self::Files => damaged_files::run(case).await,
        }?;
        case.service.check_hosts()
    }
}

pub(crate) use syncs::filled as filled_history;

//! The formats of exported files, and how a file's name tells its format.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The format of an exported file.
///
/// ```
/// use std::path::Path;
/// use zendesk_csat_history::export::Format;
///
/// assert_eq!("jsonl".parse::<Format>().unwrap(), Format::JsonLines);
/// assert_eq!(Format::of_file(Path::new("csat.parquet")), Some(Format::Parquet));
/// assert_eq!(Format::of_file(Path::new("csat.txt")), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma separated values, RFC 4180 in UTF-8, with a header; see [`csv_text`](super::csv_text).
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet, compressed by Snappy.
    Parquet,
    /// Apache Arrow's IPC file, which is Feather version 2 as well.
    Arrow,
    /// A workbook of Excel 2007 and later, with real dates, ids as text and links to tickets.
    Xlsx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Csv, Self::JsonLines, Self::Parquet, Self::Arrow, Self::Xlsx];

    /// The name that [`FromStr`] reads, and the first of its [`suffixes`](Format::suffixes).
    pub const fn as_str(self) -> &'static str {
        self.suffixes()[0]
    }

    /// The suffixes of files in this format.
    pub const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv"],
            Self::JsonLines => &["jsonl", "ndjson"],
            Self::Parquet => &["parquet"],
            Self::Arrow => &["arrow", "feather", "ipc"],
            Self::Xlsx => &["xlsx"],
        }
    }

    /// The format that a file's suffix tells, if it tells one.
    pub fn of_file(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| format.suffixes().contains(&suffix.as_str()))
    }

    pub(crate) fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// No format has this name. The message lists those there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no format {0:?}: choose one of {names}", names = Format::names())]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

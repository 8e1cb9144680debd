//! Why an answer as a whole is not what its operation gives.

use super::json::Misfit;
use std::fmt;

/// What came in place of an answer. Holds nothing of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Broken {
    Empty,
    Html,
    NotJson,
    NotUtf8,
    BreaksOff,
    NotAnObject,
    /// The list or the record that the answer is for is not there.
    Lacks(&'static str),
    /// It is there more than once.
    Twice(&'static str),
    /// The list is there, and no word on whether it ends here.
    NoEnd,
    /// An error, in the service's words, under a status of success.
    Error(Option<String>),
    /// Another part of the answer does not fit.
    Misfit(Misfit),
}

impl Broken {
    /// Where in the body.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Lacks(holder) | Self::Twice(holder) => format!("$.{holder}"),
            Self::Misfit(misfit) => misfit.path.clone(),
            _ => "$".into(),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an empty answer"),
            Self::Html => f.write_str("an HTML page, from a proxy perhaps"),
            Self::NotJson => f.write_str("an answer that is no JSON"),
            Self::NotUtf8 => f.write_str("an answer that is no UTF-8"),
            Self::BreaksOff => f.write_str("JSON that breaks off"),
            Self::NotAnObject => f.write_str("JSON that is no object"),
            Self::Lacks(holder) => write!(f, "no `{holder}` in the answer"),
            Self::Twice(holder) => write!(f, "`{holder}` twice in the answer"),
            Self::NoEnd => f.write_str("the answer does not say whether there is more"),
            Self::Error(Some(words)) => write!(f, "an error in an answer that says success: {words}"),
            Self::Error(None) => f.write_str("an error in an answer that says success"),
            Self::Misfit(misfit) => misfit.fmt(f),
        }
    }
}

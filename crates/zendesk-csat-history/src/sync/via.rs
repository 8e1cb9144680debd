//! The ways to the answers of surveys.

use std::fmt;
use std::str::FromStr;

/// How a sync reads the answers to surveys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Via {
    /// The list of survey responses: every survey that was sent, 50 a call.
    #[default]
    Listings,
    /// The audits of each ticket that was offered a survey, then each response by its id, as the documentation describes
    /// it: two calls for an answer, and nothing of surveys that were not answered, are about no ticket, or about a
    /// deleted one.
    Audits,
}

impl Via {
    /// The name, as a person gives it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Audits => "audits",
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Via {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Listings, Self::Audits]
            .into_iter()
            .find(|via| via.as_str() == name)
            .ok_or_else(|| format!("{name:?} is neither listings nor audits"))
    }
}

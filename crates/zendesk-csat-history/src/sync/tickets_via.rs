//! The ways to the tickets, and which of them a sync takes.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::ticket_calls::Calls;
use crate::report::format;

/// How a sync reads the tickets that its rows are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TicketsVia {
    /// The way that takes fewer calls, as far as can be told; the export where they take the same.
    #[default]
    Auto,
    /// The export: every ticket of the account that has changed, 1,000 a call.
    Export,
    /// By their ids, 100 a call: every ticket that a row is about, and no other.
    ///
    /// What is not shown is deleted. Of a ticket that was deleted before it was first read, neither subject nor assignee
    /// can be known.
    ShowMany,
}

impl TicketsVia {
    /// The name, as a person gives it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Export => "export",
            Self::ShowMany => "show-many",
        }
    }
}

impl fmt::Display for TicketsVia {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for TicketsVia {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Auto, Self::Export, Self::ShowMany]
            .into_iter()
            .find(|via| via.as_str() == name)
            .ok_or_else(|| format!("{name:?} is none of auto, export and show-many"))
    }
}

/// Which way to the tickets a sync takes, and why. Its `Display` says it in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TicketsChoice {
    /// The export, or by their ids.
    pub via: TicketsVia,
    /// Why.
    pub because: Because,
    /// The calls that the export takes, as far as can be told before it; `None` where nothing had to be chosen.
    pub export_calls: Option<u64>,
    /// The calls that showing the tickets takes; at least so many where the export was chosen, which ends the counting.
    /// `None` where nothing had to be chosen.
    pub show_many_calls: Option<u64>,
}

/// Why tickets are read one way and not the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Because {
    /// The other way takes more calls, or as many.
    Calls,
    /// It was asked for.
    Asked,
    /// Only the export tells whose audits to read; see [`Via::Audits`](super::Via::Audits).
    Audits,
    /// The service refuses the export to these credentials.
    Refused,
    /// The service refuses what it gave before: whoever sees less would take for changed what is not shown.
    NarrowRole,
}

impl Because {
    /// The name as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Asked => "asked",
            Self::Audits => "audits",
            Self::Refused => "refused",
            Self::NarrowRole => "narrow_role",
        }
    }
}

impl TicketsChoice {
    pub(super) fn by_calls(calls: Calls) -> Self {
        Self {
            via: if calls.show_many < calls.export {
                TicketsVia::ShowMany
            } else {
                TicketsVia::Export
            },
            because: Because::Calls,
            export_calls: Some(calls.export),
            show_many_calls: Some(calls.show_many),
        }
    }

    pub(super) fn without(via: TicketsVia, because: Because) -> Self {
        Self {
            via,
            because,
            export_calls: None,
            show_many_calls: None,
        }
    }

    pub(super) fn is_show_many(&self) -> bool {
        self.via == TicketsVia::ShowMany
    }
}

impl fmt::Display for TicketsChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.is_show_many() {
            "by their ids"
        } else {
            "by export"
        };
        let calls = |calls: Option<u64>| match calls.unwrap_or(0) {
            1 => "1 call".to_owned(),
            calls => format!("{} calls", format::count(calls)),
        };
        let (exported, shown) = (calls(self.export_calls), calls(self.show_many_calls));
        match self.because {
            Because::Asked => write!(formatter, "{way}, as asked"),
            Because::Audits => write!(formatter, "{way}, which tells whose audits to read"),
            Because::Refused => write!(formatter, "{way}, since the export is refused"),
            Because::NarrowRole => write!(
                formatter,
                "left as they are: the credentials see less than before"
            ),
            Because::Calls if self.is_show_many() => {
                write!(formatter, "{way}, {shown}; the export takes about {exported}")
            }
            Because::Calls => write!(formatter, "{way}, about {exported}; by their ids {shown} or more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(export: u64, show_many: u64) -> TicketsChoice {
        TicketsChoice::by_calls(Calls { export, show_many })
    }

    #[test]
    fn fewer_calls_win_and_the_export_where_they_are_the_same() {
        for (export, show_many, via) in [
            (1, 1, TicketsVia::Export),
            (2, 1, TicketsVia::ShowMany),
            (2, 2, TicketsVia::Export),
            (1, 0, TicketsVia::ShowMany),
            (10, 100, TicketsVia::Export),
        ] {
            assert_eq!(chosen(export, show_many).via, via, "{export}, {show_many}");
        }
    }

    #[test]
    fn a_choice_says_why() {
        assert_eq!(
            chosen(1_200, 1).to_string(),
            "by their ids, 1 call; the export takes about 1,200 calls"
        );
        assert_eq!(
            chosen(1, 1).to_string(),
            "by export, about 1 call; by their ids 1 call or more"
        );
        let asked = TicketsChoice::without(TicketsVia::ShowMany, Because::Asked);
        assert_eq!(asked.to_string(), "by their ids, as asked");
        assert_eq!(
            serde_json::to_value(asked).unwrap(),
            serde_json::json!({"via": "show-many", "because": "asked", "export_calls": null, "show_many_calls": null})
        );
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for via in [TicketsVia::Auto, TicketsVia::Export, TicketsVia::ShowMany] {
            assert_eq!(via.to_string().parse(), Ok(via));
            assert_eq!(serde_json::to_value(via).unwrap(), via.as_str());
        }
        assert!("mail".parse::<TicketsVia>().unwrap_err().contains("show-many"));
    }
}

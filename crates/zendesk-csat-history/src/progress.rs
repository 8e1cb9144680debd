//! What a sync tells of itself while it runs.

use std::fmt;

use serde::Serialize;
use zendesk_csat::Wait;

/// A part of a sync. Some run at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// The reasons of legacy ratings.
    Reasons,
    /// Legacy ratings.
    Ratings,
    /// Survey responses with their answers.
    SurveyResponses,
    /// The texts of questions and options.
    Questions,
    /// Tickets.
    Tickets,
    /// The audits of tickets, where they are asked for.
    Audits,
    /// The names of agents.
    Agents,
    /// The names of groups.
    Groups,
    /// The names of brands.
    Brands,
    /// The names of organizations.
    Organizations,
    /// The names of ticket forms.
    TicketForms,
    /// The names of customers, where they are asked for.
    Requesters,
}

impl Step {
    /// The name as it is written in JSON; that of the table which the step fills, where it fills one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reasons => "reasons",
            Self::Ratings => "ratings",
            Self::SurveyResponses => "survey_responses",
            Self::Questions => "questions",
            Self::Tickets => "tickets",
            Self::Audits => "audits",
            Self::Agents => "agents",
            Self::Groups => "groups",
            Self::Brands => "brands",
            Self::Organizations => "organizations",
            Self::TicketForms => "ticket_forms",
            Self::Requesters => "requesters",
        }
    }

    /// Whether the step reads names: what it lacks, no number lacks.
    #[must_use]
    pub const fn is_of_names(self) -> bool {
        matches!(
            self,
            Self::Agents
                | Self::Groups
                | Self::Brands
                | Self::Organizations
                | Self::TicketForms
                | Self::Requesters
        )
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Reasons => "reasons",
            Self::Ratings => "ratings",
            Self::SurveyResponses => "survey responses",
            Self::Questions => "questions",
            Self::Tickets => "tickets",
            Self::Audits => "audits",
            Self::Agents => "agents",
            Self::Groups => "groups",
            Self::Brands => "brands",
            Self::Organizations => "organizations",
            Self::TicketForms => "ticket forms",
            Self::Requesters => "requesters",
        })
    }
}

/// Is told how a sync goes. A step may start and finish more than once.
///
/// ```
/// use zendesk_csat_history::{Progress, Step};
///
/// #[derive(Default)]
/// struct Rows(u64);
///
/// impl Progress for Rows {
///     fn advanced(&mut self, _step: Step, rows: u64) {
///         self.0 += rows;
///     }
/// }
/// ```
pub trait Progress: Send {
    /// The step begins to read.
    fn started(&mut self, step: Step) {
        let _ = step;
    }

    /// The step has stored so many more rows.
    fn advanced(&mut self, step: Step, rows: u64) {
        let _ = (step, rows);
    }

    /// The step has read all there was.
    fn finished(&mut self, step: Step) {
        let _ = step;
    }

    /// The tickets are read once more, at about so many calls: they were read without what is to be known of them by now, by an
    /// earlier version of this program or before a custom field was named.
    fn reads_tickets_again(&mut self, calls: u64) {
        let _ = calls;
    }

    /// A call waits for a limit, or for trouble to pass; told where that takes seconds.
    fn waiting(&mut self, wait: &Wait) {
        let _ = wait;
    }
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {}

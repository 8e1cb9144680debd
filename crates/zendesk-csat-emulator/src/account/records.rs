//! Tickets, legacy ratings and survey responses as the account keeps them: small, and joined by index.

use super::texts::Comment;

/// No record, where an index is expected.
pub(crate) const NONE: u32 = u32::MAX;
/// No agent, where an agent's index is expected.
pub(crate) const NO_AGENT: u16 = u16::MAX;
/// No group, where a group's index is expected.
pub(crate) const NO_GROUP: u8 = u8::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    New,
    Open,
    Pending,
    Hold,
    Solved,
    Closed,
    Deleted,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Hold => "hold",
            Self::Solved => "solved",
            Self::Closed => "closed",
            Self::Deleted => "deleted",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [
            Self::New,
            Self::Open,
            Self::Pending,
            Self::Hold,
            Self::Solved,
            Self::Closed,
            Self::Deleted,
        ]
        .into_iter()
        .find(|status| status.name() == name)
    }
}

/// Times are seconds since the epoch; 0 stands for never.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) created: u32,
    pub(crate) updated: u32,
    pub(crate) generated: u32,
    pub(crate) solved: u32,
    pub(crate) closed: u32,
    pub(crate) requester: u32,
    pub(crate) last_rating: u32,
    pub(crate) last_response: u32,
    pub(crate) assignee: u16,
    pub(crate) group: u8,
    pub(crate) status: Status,
    pub(crate) messaging: bool,
    /// Closed because it was merged into another.
    pub(crate) merged: bool,
    /// Handled by a bot: not in the default scope of the export, and never surveyed.
    pub(crate) ai_agent: bool,
}

impl Ticket {
    pub(crate) fn was_solved(&self) -> bool {
        self.solved != 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Score {
    Offered,
    Unoffered,
    Good,
    Bad,
}

impl Score {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Unoffered => "unoffered",
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }

    pub(crate) fn is_received(self) -> bool {
        matches!(self, Self::Good | Self::Bad)
    }
}

/// How a legacy rating came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// The customer was asked; an answer changes the record in place.
    Offered,
    /// The customer rated without being asked by this record.
    Unasked,
    /// Zendesk wrote it when the survey response with that index was answered.
    CopyOf(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RatingReason {
    /// Reasons were off: the record has neither key.
    Off,
    /// Both null.
    Unset,
    /// One of the account's reasons; some records carry its id only.
    Listed { reason: u8, with_text: bool },
    /// The option chosen in the survey that this rating mirrors.
    Option { version: u8, question: u8, choice: u8 },
}

/// Times are seconds since the epoch; 0 is null. One of them is always given.
#[derive(Debug, Clone)]
pub(crate) struct Rating {
    /// [`NONE`] once the answer that this repeats was taken back: then the rating is gone.
    pub(crate) ticket: u32,
    pub(crate) requester: u32,
    pub(crate) created: u32,
    pub(crate) updated: u32,
    /// The ticket's rating before this one.
    pub(crate) previous: u32,
    pub(crate) made: Made,
    /// When the customer first rated.
    pub(crate) rated: u32,
    /// Which of the account's answers it last was, from 1; 0 where there is none.
    pub(crate) answer: u32,
    pub(crate) assignee: u16,
    pub(crate) group: u8,
    pub(crate) score: Score,
    pub(crate) reason: RatingReason,
    pub(crate) comment: Comment,
}

impl Rating {
    /// When it was rated; when it was offered, where it was not rated.
    pub(crate) fn last_changed(&self) -> u32 {
        if self.updated == 0 {
            self.created
        } else {
            self.updated
        }
    }

    /// Whether it lists with `created_at: null`.
    pub(crate) fn is_undated(&self) -> bool {
        self.created == 0
    }

    pub(crate) fn is_mirror(&self) -> bool {
        matches!(self.made, Made::CopyOf(_))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnswerValue {
    Rating(u8),
    /// The chosen options by their place in the question, in the order chosen.
    Selections(Box<[u8]>),
    Text(Comment),
    Skipped,
}

/// Times are milliseconds since the epoch.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) value: AnswerValue,
    /// The question's place in its survey version.
    pub(crate) question: u8,
}

/// How a response names the ticket it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Ticket,
    Request,
    /// It names a conversation only, whether or not that has a ticket.
    Nowhere,
}

#[derive(Debug, Clone)]
pub(crate) struct Response {
    /// A ULID; its time is when the survey was sent.
    pub(crate) id: u128,
    pub(crate) responder: u32,
    /// [`NONE`] where the survey is about a conversation that never became a ticket.
    pub(crate) ticket: u32,
    pub(crate) named: Named,
    /// The ticket's response before this one.
    pub(crate) previous: u32,
    /// The legacy rating that repeats this response's answer.
    pub(crate) mirror: u32,
    /// Makes the conversation's UUID; 0 where there is none.
    pub(crate) conversation: u64,
    /// By place among the account's survey versions.
    pub(crate) version: u8,
    /// Flat `survey_id` and `survey_version`, no `subjects`, and `zrn:` for `zen:`.
    pub(crate) old_shape: bool,
    /// Which of the account's answers it last was, from 1; 0 where there is none.
    pub(crate) answer: u32,
    pub(crate) answers: Vec<Answer>,
}

impl Response {
    pub(crate) fn sent(&self) -> i64 {
        super::ids::ulid_millis(self.id)
    }
}

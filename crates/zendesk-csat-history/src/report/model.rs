//! The report as data.

use std::borrow::Borrow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::dimension::Dimension;
use super::score::{Change, Score};
use super::{CountBasis, DateBasis, Like};
use crate::calendar::{WeekStart, Zone};
use crate::filter::{FilterBy, Filtered};
use crate::sync::Gap;

/// A CSAT report. Serialized, its fields carry their units in their names; times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What the history lacks, which every number here may lack too; nothing where it is whole.
    pub gaps: Vec<Gap>,
    /// What the report is of, where that is not what one would think: a sentence each.
    pub scope: Vec<String>,
    /// What the ratings were picked by: a ticket by its latest answer. None if all of them are in.
    pub filters: Vec<Filtered>,
    /// The accounts that the ratings come from.
    pub subdomains: Vec<String>,
    /// The zone in which days begin, by its IANA name; times are UTC all the same.
    pub time_zone: Zone,
    /// The first day of a week.
    pub week_start: WeekStart,
    /// Which date ratings go by.
    pub date: DateBasis,
    /// What counts once.
    pub count: CountBasis,
    /// The tool whose way of counting this is.
    pub like: Option<Like>,
    /// The period's begin; none for all ratings.
    pub since: Option<DateTime<Utc>>,
    /// The period's end, which is not part of it.
    pub until: Option<DateTime<Utc>>,
    /// Until when the table is known; none if it is empty.
    pub as_of: Option<DateTime<Utc>>,
    /// When the first customer in the table was asked, whatever the period.
    pub first_sent_at: Option<DateTime<Utc>>,
    /// When the last customer in the table was asked, whatever the period.
    pub last_sent_at: Option<DateTime<Utc>>,
    /// The seam between the two systems: when the first survey was sent, if there were legacy ratings before it.
    pub surveys_began_at: Option<DateTime<Utc>>,
    /// What the period's answers were chosen from: numbers of points, and `legacy` for good or bad. Where there are several,
    /// one score adds up answers to different questions.
    pub scales: Vec<String>,
    /// All ratings of the period.
    pub total: Score,
    /// How the score moved: the period, or the last 28 days where it has no begin, against another, by default the one before.
    pub comparison: Option<Comparison>,
    /// One for each grouping asked for.
    pub breakdowns: Vec<Breakdown>,
    /// The latest bad ratings of the period that came with a comment, latest first.
    pub latest_bad_comments: Vec<Comment>,
    /// The latest comments of the period, agent by agent, of every score; none unless ratings are grouped by agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agent_comments: Vec<AgentComments>,
    /// Scores over fewer answers than this are marked `small_sample`.
    pub small_sample_below_answers: u64,
}

/// A span of time; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TimeSpan {
    /// Its begin.
    pub since: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
}

/// Two spans seen at the same age, the earlier of which ends before the later begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The earlier span.
    pub previous: TimeSpan,
    /// Answers of the earlier span count if they were there by then, as those of the later span are there by `as_of`. None
    /// where ratings go by the date rated.
    pub previous_as_of: Option<DateTime<Utc>>,
    /// Answers of the earlier span that came later than that, and do not count here.
    pub previous_answered_later: u64,
    /// Answers of the earlier span that count.
    pub previous_answered: u64,
    /// The later span.
    pub current: TimeSpan,
    /// Answers of the later span.
    pub current_answered: u64,
    /// The difference in score; none from or to fewer than 30 answers.
    pub change: Option<Change>,
}

/// The ratings of the period, grouped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breakdown {
    /// By what.
    pub by: Dimension,
    /// The groups: those of time in order, reasons by their bad ratings, all others by their answers, most first.
    pub buckets: Vec<Bucket>,
}

/// One group of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bucket {
    /// The id, text, or ISO name (`2026-W10`, `2026-03`, `2026-03-02`) of the group; none for ratings that have none.
    pub key: Option<String>,
    /// What a key that is an id stands for: the newest label of a reason; the last name of an agent, group, brand, organization or
    /// ticket form, with the id behind it where two of the breakdown have one name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The first day of a group by time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// Whether customers of this group by time can still answer: its numbers are not final.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_open: bool,
    /// Whether the first survey was sent in this group by time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub surveys_began: bool,
    /// Its score.
    #[serde(flatten)]
    pub score: Score,
    /// Groups by time: against the group before, where neither is open. Others: between the spans of the report's
    /// comparison. None from or to fewer than 30 answers, and none for reasons.
    pub change: Option<Change>,
}

/// What customers wrote about one agent's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentComments {
    /// The agent's user id; none for what was assigned to nobody.
    pub assignee_id: Option<i64>,
    /// How many comments there are in the period, with those that are not here.
    pub comments: u64,
    /// Latest first.
    pub latest: Vec<Comment>,
}

/// A rating with what the customer wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// The account.
    pub subdomain: String,
    /// `rating` or `survey`.
    pub source: String,
    /// The rating's or the survey response's id.
    pub id: String,
    /// The ticket, if there is one.
    pub ticket_id: Option<i64>,
    /// What the ticket is about, where that is known.
    pub ticket_subject: Option<String>,
    /// `good`, `neutral` or `bad`; none for a score of another name.
    pub score: Option<String>,
    /// When the customer answered.
    pub rated_at: Option<DateTime<Utc>>,
    /// The agent's user id.
    pub assignee_id: Option<i64>,
    /// The group's id.
    pub group_id: Option<i64>,
    /// The agent's name, where it is known.
    pub agent: Option<String>,
    /// The group's name, where it is known.
    pub group: Option<String>,
    /// The reasons that the customer chose, in words.
    pub reason: Option<String>,
    /// The customer's words.
    pub comment: String,
}

impl Report {
    /// The breakdown by this dimension, if it was asked for.
    pub fn breakdown(&self, by: impl Borrow<Dimension>) -> Option<&Breakdown> {
        let by = by.borrow();
        self.breakdowns.iter().find(|breakdown| breakdown.by == *by)
    }

    /// The comments of this agent, or of nobody's tickets.
    pub(super) fn comments_of(&self, agent: Option<&str>) -> Option<&AgentComments> {
        let agent = agent.map(str::parse).transpose().ok()?;
        self.agent_comments.iter().find(|of| of.assignee_id == agent)
    }

    /// Whether it tells how many of those asked have answered: not of answers alone.
    pub(super) fn has_response_rate(&self) -> bool {
        self.date == DateBasis::Sent && self.filters.iter().all(|filter| filter.by != FilterBy::Score)
    }

    /// Whether the period holds no rating at all.
    pub fn is_empty(&self) -> bool {
        self.total.sent == 0 && self.total.answered == 0
    }
}

impl Breakdown {
    /// The groups to show first, and the others: in time the last, else the first; those without a key are always shown.
    pub(super) fn first(&self, number: usize) -> (Vec<&Bucket>, Vec<&Bucket>) {
        let (keyed, without_key): (Vec<&Bucket>, Vec<&Bucket>) =
            self.buckets.iter().partition(|bucket| bucket.key.is_some());
        let (mut shown, hidden) = if self.by.is_time() {
            let (earlier, last) = keyed.split_at(keyed.len().saturating_sub(number));
            (last.to_vec(), earlier.to_vec())
        } else {
            let (first, others) = keyed.split_at(keyed.len().min(number));
            (first.to_vec(), others.to_vec())
        };
        shown.extend(without_key);
        (shown, hidden)
    }
}

//! The columns of legacy ratings.

use super::declare::{columns, read_by_name};
use crate::types::{GroupId, RatingScore, SatisfactionRatingId, SatisfactionReasonId, TicketId, UserId};
use chrono::{DateTime, Utc};

columns! {
    /// Legacy ratings as columns.
    SatisfactionRatingColumns;
    /// One of them.
    SatisfactionRatingRow;
    /// The rating.
    id: Integers => SatisfactionRatingId;
    /// The ticket that was rated.
    ticket_id: Integers => TicketId;
    /// The customer who rated.
    requester_id: Integers => UserId;
    /// The agent who was rated.
    assignee_id: Integers => UserId;
    /// The group that was rated.
    group_id: Integers => GroupId;
    /// The rating itself.
    score: Texts => RatingScore;
    /// The customer's words.
    comment: Texts => &'a str;
    /// Why the rating is bad, as a text.
    reason: Texts => &'a str;
    /// Why the rating is bad.
    reason_id: Integers => SatisfactionReasonId;
    /// When the record was made.
    created_at: Times => DateTime<Utc>;
    /// When it changed last.
    updated_at: Times => DateTime<Utc>;
}

read_by_name!(SatisfactionRatingColumns {
    ticket_id requester_id assignee_id group_id score comment reason reason_id created_at updated_at
});

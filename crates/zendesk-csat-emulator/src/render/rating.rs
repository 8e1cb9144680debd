//! A legacy rating, on its own and inside its ticket.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{iso_seconds, record_url};
use crate::account::Account;
use crate::account::ids::{domain, mix};
use crate::account::records::{NO_AGENT, NO_GROUP, Rating, RatingReason, Score};

/// A rating as `satisfaction_ratings` gives it.
pub(crate) struct RatingJson<'a> {
    pub(crate) account: &'a Account,
    pub(crate) index: u32,
}

impl Serialize for RatingJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { account, index } = *self;
        let rating = &account.ratings[index as usize];
        let id = account.ids.ratings.id(index);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("url", &record_url(&format!("satisfaction_ratings/{id}")))?;
        map.serialize_entry("id", &id)?;
        map.serialize_entry("assignee_id", &assignee_id(account, rating.assignee))?;
        map.serialize_entry("group_id", &group_id(account, rating.group))?;
        map.serialize_entry("requester_id", &account.person_id(rating.requester))?;
        map.serialize_entry("ticket_id", &account.ticket_id(rating.ticket))?;
        map.serialize_entry("score", score_of(account, index))?;
        map.serialize_entry(
            "created_at",
            &(!rating.is_undated()).then(|| iso_seconds(rating.created)),
        )?;
        map.serialize_entry(
            "updated_at",
            &(rating.updated != 0).then(|| iso_seconds(rating.updated)),
        )?;
        map.serialize_entry("comment", &rating.comment.text())?;
        if rating.reason != RatingReason::Off {
            let (reason, reason_id) = reason_of(account, rating);
            map.serialize_entry("reason", &reason)?;
            map.serialize_entry("reason_id", &reason_id)?;
        }
        map.end()
    }
}

/// A rating as it stands in its ticket.
pub(crate) struct TicketRatingJson<'a> {
    pub(crate) account: &'a Account,
    pub(crate) index: u32,
}

impl Serialize for TicketRatingJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { account, index } = *self;
        let rating = &account.ratings[index as usize];
        let (reason, reason_id) = reason_of(account, rating);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("score", score_of(account, index))?;
        map.serialize_entry("id", &account.ids.ratings.id(index))?;
        map.serialize_entry("comment", &rating.comment.text())?;
        map.serialize_entry("reason", &reason)?;
        map.serialize_entry("reason_id", &reason_id)?;
        map.end()
    }
}

/// A rating's score as its record spells it: some verdicts are in capitals.
fn score_of(account: &Account, index: u32) -> &'static str {
    let score = account.ratings[index as usize].score;
    match (score, mix(account.seed, domain::SPELLING, u64::from(index)) % 60) {
        (Score::Good, 0) => "Good",
        (Score::Good, 1) => "GOOD",
        (Score::Bad, 0 | 2) => "Bad",
        (Score::Bad, 1 | 3) => "BAD",
        _ => score.name(),
    }
}

pub(crate) fn assignee_id(account: &Account, assignee: u16) -> Option<u64> {
    (assignee != NO_AGENT).then(|| account.ids.staff.id(u32::from(assignee)))
}

pub(crate) fn group_id(account: &Account, group: u8) -> Option<u64> {
    (group != NO_GROUP).then(|| account.ids.groups.id(u32::from(group)))
}

/// The text and id of a rating's reason as its record holds them.
pub(crate) fn reason_of(account: &Account, rating: &Rating) -> (Option<String>, Option<u64>) {
    match rating.reason {
        RatingReason::Off | RatingReason::Unset => (None, None),
        RatingReason::Listed { reason, with_text } => {
            let at = rating.last_changed();
            let text = with_text.then(|| account.reasons[usize::from(reason)].value_at(at).to_owned());
            (text, Some(account.ids.reasons.id(u32::from(reason))))
        }
        RatingReason::Option {
            version,
            question,
            choice,
        } => {
            let label = &account.surveys.versions[usize::from(version)].questions[usize::from(question)]
                .choices[usize::from(choice)]
            .label;
            let place = (u64::from(version) << 16) | (u64::from(question) << 8) | u64::from(choice);
            let id = 10_990_000_000_000 + mix(account.seed, domain::SURVEY, place) % 9_000_000_000;
            (Some(label.in_locale("en-us").to_owned()), Some(id))
        }
    }
}

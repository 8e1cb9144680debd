//! Events in the audits of a ticket.

use crate::types::{AuditEvent, AuditEventType, GroupId, RatingScore, SurveyResponseId, UserId};
use serde_json::Value;

/// What an [`AuditEvent`] records, by its type.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum AuditEventKind<'a> {
    /// A customer answered a survey.
    SurveyResponseSubmitted {
        /// The survey response; [`show`](crate::requests::SurveyResponses::show) has its answers.
        survey_response_id: Option<&'a SurveyResponseId>,
        /// Who the ticket was assigned to at that time.
        assigned_user_id: Option<UserId>,
        /// The group that the ticket was assigned to at that time.
        assigned_group_id: Option<GroupId>,
    },
    /// A survey was sent.
    SurveyOffered,
    /// A legacy rating was offered or given.
    SatisfactionRating {
        /// What it says.
        score: Option<&'a RatingScore>,
        /// The agent who was rated.
        assignee_id: Option<UserId>,
        /// The customer's words.
        comment: Option<&'a str>,
    },
    /// A property of the ticket was set, when it was made or later.
    Change {
        /// The property.
        field_name: Option<&'a str>,
        /// What it is now.
        value: Option<&'a Value>,
        /// What it was before.
        previous_value: Option<&'a Value>,
    },
    /// Somebody wrote a comment.
    Comment {
        /// The words.
        body: Option<&'a str>,
    },
    /// Any other event, as it came; what this crate does not know of it is in `extra`.
    Other(&'a AuditEvent),
}

impl AuditEvent {
    /// What the event records, by its type.
    ///
    /// ```
    /// use zendesk_csat::{AuditEventKind, types::AuditEvent};
    ///
    /// let event: AuditEvent = serde_json::from_str(r#"{"id": 1, "type": "Comment", "body": "Hello"}"#)?;
    /// assert_eq!(event.kind(), AuditEventKind::Comment { body: Some("Hello") });
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn kind(&self) -> AuditEventKind<'_> {
        match &self.type_ {
            AuditEventType::SurveyResponseSubmitted => AuditEventKind::SurveyResponseSubmitted {
                survey_response_id: self.survey_response_id.as_ref(),
                assigned_user_id: self.assigned_user_id,
                assigned_group_id: self.assigned_group_id,
            },
            AuditEventType::SurveyOffered => AuditEventKind::SurveyOffered,
            AuditEventType::SatisfactionRating => AuditEventKind::SatisfactionRating {
                score: self.score.as_ref(),
                assignee_id: self.assignee_id,
                comment: self.body.as_deref(),
            },
            AuditEventType::Create | AuditEventType::Change => AuditEventKind::Change {
                field_name: self.field_name.as_deref(),
                value: self.value.as_ref(),
                previous_value: self.previous_value.as_ref(),
            },
            AuditEventType::Comment => AuditEventKind::Comment {
                body: self.body.as_deref(),
            },
            _ => AuditEventKind::Other(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_type_keeps_all_that_came() {
        let event: AuditEvent =
            serde_json::from_str(r#"{"id": 1, "type": "Teleport", "value": 7, "to": {"x": 1}}"#).unwrap();
        let AuditEventKind::Other(event) = event.kind() else {
            panic!("{:?}", event.kind())
        };
        assert_eq!(event.type_.as_str(), "Teleport");
        assert_eq!(event.value, Some(7.into()));
        assert_eq!(event.extra["to"]["x"], 1);
    }
}

//! What people look for in a survey response.

use crate::AnswerKind;
use crate::types::{Answer, AnswerType, OptionId, SubjectType, SurveyId, SurveyResponse, TicketId};
use crate::zrn;
use chrono::{DateTime, TimeDelta, Utc};

/// How long a survey can be answered after it was sent.
const ANSWERABLE: TimeDelta = TimeDelta::days(28);

impl SurveyResponse {
    /// The answer that counts for CSAT; none where the customer gave none.
    pub fn csat_answer(&self) -> Option<&Answer> {
        self.answers.iter().flatten().find(|answer| answer.is_csat())
    }

    /// The ticket that the survey is about; none where it is about a conversation only.
    ///
    /// ```
    /// use zendesk_csat::types::{SurveyResponse, TicketId};
    ///
    /// let response: SurveyResponse =
    ///     serde_json::from_str(r#"{"id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "subject_zrns": ["zen:ticket:7"]}"#)?;
    /// assert_eq!(response.ticket_id(), Some(TicketId::new(7)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn ticket_id(&self) -> Option<TicketId> {
        let subjects = self.subjects.iter().flatten();
        let by_subject = subjects
            .filter(|subject| subject.type_ == Some(SubjectType::Ticket))
            .find_map(|subject| subject.id.as_deref()?.parse().ok());
        by_subject.or_else(|| {
            self.subject_zrns
                .iter()
                .flatten()
                .find_map(|zrn| zrn::ticket_id(zrn))
        })
    }

    /// When the survey was sent: 28 days before it expires, else the time in its id.
    pub fn sent_at(&self) -> Option<DateTime<Utc>> {
        let by_expiry = self
            .expires_at
            .and_then(|expiry| expiry.checked_sub_signed(ANSWERABLE));
        by_expiry.or_else(|| {
            let id: ulid::Ulid = self.id.as_str().parse().ok()?;
            DateTime::from_timestamp_millis(i64::try_from(id.timestamp_ms()).ok()?)
        })
    }

    /// When the rating that counts was given, or changed last; none while there is none.
    pub fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.csat_answer()?.changed_at()
    }

    /// What the customer wrote: the first open answer with any words in it.
    pub fn comment(&self) -> Option<&str> {
        self.answers
            .iter()
            .flatten()
            .find_map(|answer| match answer.kind() {
                AnswerKind::OpenEnded { value } if !value.is_empty() => Some(value),
                _ => None,
            })
    }

    /// The answer that tells the reasons: the first with options to pick.
    pub fn reason_answer(&self) -> Option<&Answer> {
        self.answers
            .iter()
            .flatten()
            .find(|answer| answer.type_ == AnswerType::ClosedEnded)
    }

    /// The options that the customer picked as reasons, by their ids.
    pub fn reason_ids(&self) -> impl Iterator<Item = &OptionId> {
        self.reason_answer().into_iter().flat_map(Answer::option_ids)
    }

    /// The reasons that the customer picked, as they read. Only a response that was
    /// [shown](crate::requests::SurveyResponses::show) knows the texts of its options.
    ///
    /// ```
    /// use zendesk_csat::types::SurveyResponse;
    ///
    /// let response: SurveyResponse = serde_json::from_str(
    ///     r#"{"id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "answers": [{
    ///         "type": "closed_ended", "selections": [{"type": "predefined", "option_id": "O2"}],
    ///         "question": {"id": "Q", "type": "closed_ended", "options": [
    ///             {"id": "O1", "label": {"type": "static", "value": "Slow"}},
    ///             {"id": "O2", "label": {"type": "static", "value": "Not solved"}}
    ///         ]}
    ///     }]}"#,
    /// )?;
    /// assert_eq!(response.reason_labels().collect::<Vec<_>>(), ["Not solved"]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn reason_labels(&self) -> impl Iterator<Item = &str> {
        let question = self.reason_answer().and_then(|answer| answer.question.as_ref());
        let options = question
            .and_then(|question| question.options.as_deref())
            .unwrap_or_default();
        self.reason_ids().filter_map(move |id| {
            let option = options.iter().find(|option| option.id.as_ref() == Some(id))?;
            option
                .label
                .as_ref()?
                .value
                .as_deref()
                .filter(|label| !label.is_empty())
        })
    }

    /// The survey that was sent, in either shape of the record.
    pub fn survey_id(&self) -> Option<&SurveyId> {
        self.survey
            .as_ref()
            .map(|survey| &survey.id)
            .or(self.survey_id.as_ref())
    }

    /// The version of the survey that was sent, in either shape of the record.
    pub fn survey_version(&self) -> Option<i64> {
        self.survey
            .as_ref()
            .and_then(|survey| survey.version)
            .or(self.survey_version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(json: &str) -> SurveyResponse {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_older_shape_says_the_same() {
        let new = response(
            r#"{"id": "01J0Z3NDEKTSV4RRFFQ69G5FAV", "subjects": [{"id": "7", "type": "ticket"}],
                "survey": {"id": "S", "version": 3}, "expires_at": "2024-08-14T12:00:00.000Z"}"#,
        );
        let old = response(
            r#"{"id": "01J0Z3NDEKTSV4RRFFQ69G5FAV", "subject_zrns": ["zrn:conversation:x", "zrn:ticket:7"],
                "survey_id": "S", "survey_version": 3, "expires_at": "2024-08-14T12:00:00.000Z"}"#,
        );
        for response in [new, old] {
            assert_eq!(response.ticket_id().map(TicketId::get), Some(7));
            assert_eq!(response.survey_id().map(SurveyId::as_str), Some("S"));
            assert_eq!(response.survey_version(), Some(3));
            assert_eq!(
                response.sent_at().unwrap().to_rfc3339(),
                "2024-07-17T12:00:00+00:00"
            );
        }
    }

    #[test]
    fn without_an_expiry_the_id_knows_the_time() {
        let sent_at = |id: &str| response(&format!(r#"{{"id": "{id}"}}"#)).sent_at();
        assert_eq!(
            sent_at("01ARZ3NDEKTSV4RRFFQ69G5FAV").map(|time| time.timestamp_millis()),
            Some(1_469_922_850_259)
        );
        assert_eq!(sent_at("not a ULID"), None);
    }

    #[test]
    fn a_conversation_has_no_ticket() {
        let conversation = r#"{"id": "01J", "subject_zrns": ["zen:conversation:4295a81b"],
            "subjects": [{"id": "4295a81b", "type": "conversation"}]}"#;
        assert_eq!(response(conversation).ticket_id(), None);
    }
}

//! What people look for in a survey response.

use crate::AnswerKind;
use crate::types::{Answer, AnswerType, OptionId, SurveyId, SurveyResponse, SurveyResponseId, TicketId};
use crate::zrn;
use chrono::{DateTime, TimeDelta, Utc};

/// How long a survey can be answered after it was sent.
const ANSWERABLE: TimeDelta = TimeDelta::days(28);

/// The rule of [`SurveyResponse::reason_answer`], for answers as records and as columns read them.
pub(crate) fn reason_answer<A>(
    answers: &[A],
    is_csat: impl Fn(&A) -> bool,
    is_closed: impl Fn(&A) -> bool,
) -> Option<&A> {
    let csat = answers.iter().position(is_csat).unwrap_or_default();
    let after = answers.get(csat..).unwrap_or_default();
    let closed = |answers: &[A]| answers.iter().position(&is_closed);
    let place = closed(after)
        .map(|place| csat + place)
        .or_else(|| closed(answers));
    answers.get(place?)
}

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
            .filter(|subject| subject.type_.as_ref().is_some_and(zrn::is_ticket))
            .find_map(|subject| subject.id.as_deref()?.parse().ok());
        by_subject.or_else(|| {
            self.subject_zrns
                .iter()
                .flatten()
                .find_map(|zrn| zrn::ticket_id(zrn))
        })
    }

    /// When the survey was sent: the time in its id. Where the id is no ULID, 28 days before it expires.
    ///
    /// ```
    /// use zendesk_csat::types::SurveyResponse;
    ///
    /// let response: SurveyResponse = serde_json::from_str(
    ///     r#"{"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "expires_at": "2016-08-10T00:00:00Z"}"#,
    /// )?;
    /// assert_eq!(response.sent_at().unwrap().to_rfc3339(), "2016-07-30T23:54:10.259+00:00");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sent_at(&self) -> Option<DateTime<Utc>> {
        time_in(&self.id).or_else(|| self.expires_at?.checked_sub_signed(ANSWERABLE))
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

    /// The answer that tells the reasons, as far as a response by itself shows it: the first with options to pick after that
    /// about customer satisfaction, else the first of all. Which question follows a bad rating,
    /// [surveys](crate::requests::Surveys::list) tell.
    pub fn reason_answer(&self) -> Option<&Answer> {
        let answers = self.answers.as_deref().unwrap_or_default();
        reason_answer(answers, Answer::is_csat, |answer| {
            answer.type_ == AnswerType::ClosedEnded
        })
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

/// The time in a ULID; none in any other id.
fn time_in(id: &SurveyResponseId) -> Option<DateTime<Utc>> {
    /// Of the first of 26 characters of 5 bits, only 3 are left for 128.
    const HIGHEST: u8 = b'7';
    let id = id.as_str();
    let ulid: ulid::Ulid = id.parse().ok()?;
    if id.bytes().next()? > HIGHEST {
        return None;
    }
    DateTime::from_timestamp_millis(i64::try_from(ulid.timestamp_ms()).ok()?)
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
        }
    }

    #[test]
    fn the_id_knows_when_a_survey_was_sent() {
        let sent_at = |id: &str, expires_at: &str| {
            let response = response(&format!(r#"{{"id": "{id}", "expires_at": {expires_at}}}"#));
            response.sent_at().map(|time| time.timestamp_millis())
        };
        let expiry = r#""2024-08-14T12:00:00.000Z""#;
        // The account may have set another time to answer than 28 days.
        for expires_at in ["null", expiry] {
            let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
            assert_eq!(sent_at(id, expires_at), Some(1_469_922_850_259), "{expires_at}");
        }
        for no_ulid in [
            "4711",
            "",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "01ARZ3NDEKTSV4RRFFQ69G5FA\u{fffd}",
        ] {
            assert_eq!(sent_at(no_ulid, "null"), None, "{no_ulid}");
            assert_eq!(sent_at(no_ulid, expiry), Some(1_721_217_600_000), "{no_ulid}");
        }
        // The last of all ULIDs, and the first of all times.
        assert_eq!(sent_at("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "null"), Some((1 << 48) - 1));
        let mut first = response(r#"{"id": "x"}"#);
        first.expires_at = Some(DateTime::<Utc>::MIN_UTC);
        assert_eq!(first.sent_at(), None);
    }

    #[test]
    fn a_ticket_is_one_in_any_letters_and_as_a_request() {
        for (subjects, zrns) in [
            (r#"[{"id": "72", "type": "request"}]"#, "null"),
            (r#"[{"id": 72, "type": "Ticket"}]"#, r#"["zen:ticket:72:more"]"#),
            ("null", r#"["zen:request:72"]"#),
            (
                "[null]",
                r#"[null, "zen:conversation:4295a81b", "zrn:Request:72"]"#,
            ),
        ] {
            let json = format!(r#"{{"id": "01J", "subjects": {subjects}, "subject_zrns": {zrns}}}"#);
            assert_eq!(response(&json).ticket_id(), Some(TicketId::new(72)), "{json}");
        }
    }

    #[test]
    fn a_conversation_has_no_ticket() {
        let conversation = r#"{"id": "01J", "subject_zrns": ["zen:conversation:4295a81b"],
            "subjects": [{"id": "4295a81b", "type": "conversation"}]}"#;
        assert_eq!(response(conversation).ticket_id(), None);
    }
}

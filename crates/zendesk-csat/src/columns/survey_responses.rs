//! The columns of survey responses: what a report needs of them, the answers laid flat.

use super::buffers::Buffer;
use super::declare::columns;
use crate::decode::borrowed::Text;
use crate::decode::sink::Sink;
use crate::decode::tolerant::{self, Tolerant};
use crate::types::{
    AnswerType, QuestionSubType, RatingCategory, SubjectType, SurveyId, SurveyResponseId, TicketId, UserId,
};
use crate::views::survey_response::reason_answer;
use crate::zrn;
use chrono::{DateTime, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// What stands between several ids in one text.
const SEPARATOR: &str = "; ";

columns! {
    /// Survey responses as columns.
    SurveyResponseColumns;
    /// One of them.
    SurveyResponseRow;
    /// The survey response.
    id: Texts => SurveyResponseId;
    /// Whom the survey was sent to.
    responder_id: Integers => UserId;
    /// The ticket that it is about; missing where it is about a conversation only.
    ticket_id: Integers => TicketId;
    /// The resource name of what it is about, the first where there are several.
    subject: Texts => &'a str;
    /// The survey that was sent.
    survey_id: Texts => SurveyId;
    /// Its version.
    survey_version: Integers => i64;
    /// When it can be answered no more: 28 days after it was sent.
    expires_at: Times => DateTime<Utc>;
    /// The point on the scale of the rating that counts; missing while there is none.
    rating: Integers => i64;
    /// What the point counts as.
    rating_category: Texts => RatingCategory;
    /// When that rating was given first.
    rating_created_at: Times => DateTime<Utc>;
    /// When it changed last.
    rating_updated_at: Times => DateTime<Utc>;
    /// The ids of the options picked as reasons, with `; ` between them.
    reason_option_ids: Texts => &'a str;
    /// The customer's words.
    comment: Texts => &'a str;
}

#[derive(Deserialize)]
struct Response<'t> {
    #[serde(borrow, deserialize_with = "tolerant::read")]
    id: Text<'t>,
    #[serde(default, deserialize_with = "tolerant::read")]
    responder_id: Option<UserId>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    subjects: Option<Vec<Subject<'t>>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    subject_zrns: Option<Vec<Text<'t>>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    survey: Option<Survey<'t>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    survey_id: Option<Text<'t>>,
    #[serde(default, deserialize_with = "tolerant::read")]
    survey_version: Option<i64>,
    #[serde(default, deserialize_with = "tolerant::read")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    answers: Option<Vec<Answer<'t>>>,
}

#[derive(Deserialize)]
struct Subject<'t> {
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    id: Option<Text<'t>>,
    #[serde(rename = "type", default, deserialize_with = "tolerant::read")]
    type_: Option<SubjectType>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    zrn: Option<Text<'t>>,
}

#[derive(Deserialize)]
struct Survey<'t> {
    #[serde(borrow, deserialize_with = "tolerant::read")]
    id: Text<'t>,
    #[serde(default, deserialize_with = "tolerant::read")]
    version: Option<i64>,
}

#[derive(Deserialize)]
struct Answer<'t> {
    #[serde(rename = "type", deserialize_with = "tolerant::read")]
    type_: AnswerType,
    #[serde(default, deserialize_with = "tolerant::read")]
    question: Option<Question>,
    #[serde(default, deserialize_with = "tolerant::read")]
    rating: Option<i64>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    rating_category: Option<Text<'t>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    selections: Option<Vec<Selection<'t>>>,
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    value: Option<Text<'t>>,
    #[serde(default, deserialize_with = "tolerant::read")]
    created_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "tolerant::read")]
    updated_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default, deserialize_with = "tolerant::read")]
    sub_type: Option<QuestionSubType>,
}

#[derive(Deserialize)]
struct Selection<'t> {
    #[serde(borrow, default, deserialize_with = "tolerant::read")]
    option_id: Option<Text<'t>>,
}

impl<'de: 't, 't> Tolerant<'de> for Subject<'t> {}
impl<'de: 't, 't> Tolerant<'de> for Survey<'t> {}
impl<'de: 't, 't> Tolerant<'de> for Answer<'t> {}
impl<'de> Tolerant<'de> for Question {}
impl<'de: 't, 't> Tolerant<'de> for Selection<'t> {}

impl Response<'_> {
    fn ticket_id(&self) -> Option<TicketId> {
        let tickets = self
            .subjects
            .iter()
            .flatten()
            .filter(|subject| subject.type_.as_ref().is_some_and(zrn::is_ticket));
        let mut ids = tickets.filter_map(|subject| subject.id.as_ref()?.parse().ok());
        let mut zrns = self.subject_zrns.iter().flatten();
        ids.next().or_else(|| zrns.find_map(|zrn| zrn::ticket_id(zrn)))
    }

    fn subject(&self) -> Option<&str> {
        let mut subjects = self.subjects.iter().flatten();
        let mut zrns = self.subject_zrns.iter().flatten();
        let zrn = subjects
            .find_map(|subject| subject.zrn.as_ref())
            .or_else(|| zrns.next());
        zrn.map(|zrn| &**zrn)
    }

    /// In the older shape of the record.
    fn survey_id(&self) -> Option<&Text<'_>> {
        self.survey_id.as_ref().filter(|id| !id.is_empty())
    }

    fn reasons(&self) -> Option<&Answer<'_>> {
        let answers = self.answers.as_deref().unwrap_or_default();
        reason_answer(answers, Answer::is_csat, |answer| {
            answer.type_ == AnswerType::ClosedEnded
        })
    }

    fn answer(&self, fits: impl Fn(&Answer<'_>) -> bool) -> Option<&Answer<'_>> {
        self.answers.iter().flatten().find(|answer| fits(answer))
    }
}

impl Answer<'_> {
    fn is_csat(&self) -> bool {
        let sub_type = self
            .question
            .as_ref()
            .and_then(|question| question.sub_type.as_ref());
        self.type_ == AnswerType::RatingScale && sub_type == Some(&QuestionSubType::CustomerSatisfaction)
    }

    fn words(&self) -> Option<&str> {
        let value = self
            .value
            .as_deref()
            .filter(|_| self.type_ == AnswerType::OpenEnded)?;
        Some(value).filter(|value| !value.is_empty())
    }
}

impl Sink for SurveyResponseColumns {
    fn push<'de, D: Deserializer<'de>>(&mut self, record: D) -> Result<(), D::Error> {
        let response = Response::deserialize(record)?;
        self.push_response(&response).map_err(D::Error::custom)
    }

    fn count(&self) -> usize {
        self.id.count()
    }

    fn truncate(&mut self, count: usize) {
        self.keep_rows(count);
    }
}

impl SurveyResponseColumns {
    fn push_response(&mut self, response: &Response<'_>) -> Result<(), super::buffers::TooMuchText> {
        self.id.push(&response.id)?;
        if let Some(id) = response.responder_id {
            self.responder_id.push(id.get());
        }
        if let Some(id) = response.ticket_id() {
            self.ticket_id.push(id.get());
        }
        if let Some(zrn) = response.subject() {
            self.subject.push(zrn)?;
        }
        let survey = response.survey.as_ref();
        let survey_id = survey.map(|survey| &survey.id).or(response.survey_id());
        if let Some(id) = survey_id {
            self.survey_id.push(id)?;
        }
        let version = survey.and_then(|survey| survey.version);
        if let Some(version) = version.or(response.survey_version) {
            self.survey_version.push(version);
        }
        if let Some(time) = response.expires_at {
            self.expires_at.push(time);
        }
        if let Some(answer) = response.answer(|answer| answer.is_csat()) {
            self.push_rating(answer)?;
        }
        if let Some(closed) = response.reasons() {
            let selections = closed.selections.iter().flatten();
            let ids =
                selections.filter_map(|selection| selection.option_id.as_deref().filter(|id| !id.is_empty()));
            self.reason_option_ids.push_joined(ids, SEPARATOR)?;
        }
        if let Some(words) = response.answers.iter().flatten().find_map(Answer::words) {
            self.comment.push(words)?;
        }
        self.end_row();
        Ok(())
    }

    fn push_rating(&mut self, answer: &Answer<'_>) -> Result<(), super::buffers::TooMuchText> {
        if let Some(rating) = answer.rating {
            self.rating.push(rating);
        }
        if let Some(category) = &answer.rating_category {
            self.rating_category.push(category)?;
        }
        if let Some(time) = answer.created_at {
            self.rating_created_at.push(time);
        }
        if let Some(time) = answer.updated_at {
            self.rating_updated_at.push(time);
        }
        Ok(())
    }
}

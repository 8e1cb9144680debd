//! [CSAT Survey Responses](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses/):
//! surveys sent to customers, and their answers.

use super::{Parts, comma_list, cursor, page_size, segment, setters, stated_cursor};
use crate::columns::SurveyResponseColumns;
use crate::decode::page::{Envelope, Next};
use crate::generated::parameters;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{
    AnswerInput, CreateSurveyResponseRequest, CreatedSurveyResponse, CreatedSurveyResponseEnvelope,
    SubmitSurveyResponseRequest, SurveyAnswersInput, SurveyId, SurveyResponse, SurveyResponseEnvelope,
    SurveyResponseId, SurveyResponseInput, SurveyResponseSort, SurveyResponsesPage, UserId,
};
use crate::{Client, Error, InvalidLocale, Locale, SecretText, Zrn};
use chrono::{DateTime, Utc};
use std::sync::OnceLock;

/// Survey responses: what was sent, answered or not.
#[derive(Debug, Clone)]
pub struct SurveyResponses {
    client: Client,
}

impl SurveyResponses {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every survey response, newest first. For admins; end users get their own only.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses/#list-survey-responses)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// let page = client.survey_responses().list().page_size(10u32).send().await?;
    /// for response in &page.items {
    ///     let score = response.csat_answer().and_then(|answer| answer.rating_category.as_ref());
    ///     println!("{}: {score:?}", response.id);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListSurveyResponses {
        ListSurveyResponses {
            client: self.client.clone(),
            responder_ids: Vec::new(),
            subject_zrns: Vec::new(),
            parts: OnceLock::new(),
            created_at_start: None,
            created_at_end: None,
            sort: None,
            page_size: None,
            after: None,
        }
    }

    /// One survey response with the texts of its questions. For admins and the responder.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses/#show-survey-response)
    pub fn show(&self, id: impl Into<SurveyResponseId>) -> ShowSurveyResponse {
        ShowSurveyResponse {
            client: self.client.clone(),
            id: id.into(),
            locale: Ok(Locale::default()),
        }
    }

    /// Offers a survey to a customer. For admins.
    ///
    /// `subject_zrns` are resource names such as `zen:ticket:7`.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses/#create-survey-response)
    pub fn create<I>(
        &self,
        survey_id: impl Into<SurveyId>,
        responder_id: impl Into<UserId>,
        subject_zrns: I,
    ) -> CreateSurveyResponse
    where
        I: IntoIterator,
        I::Item: Into<Zrn>,
    {
        CreateSurveyResponse {
            client: self.client.clone(),
            survey_id: survey_id.into(),
            responder_id: responder_id.into(),
            subject_zrns: subject_zrns.into_iter().map(Into::into).collect(),
            locale: Ok(Locale::default()),
        }
    }

    /// Answers a survey, signed in as its responder. Until it expires, answers can be edited this way.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses/#submit-survey-response)
    pub fn submit<I>(&self, id: impl Into<SurveyResponseId>, answers: I) -> SubmitSurveyResponse
    where
        I: IntoIterator,
        I::Item: Into<AnswerInput>,
    {
        SubmitSurveyResponse {
            client: self.client.clone(),
            id: id.into(),
            answers: answers.into_iter().map(Into::into).collect(),
            locale: Ok(Locale::default()),
            access_token: None,
        }
    }
}

/// Lists survey responses; see [`SurveyResponses::list`].
#[derive(Debug, Clone)]
pub struct ListSurveyResponses {
    client: Client,
    responder_ids: Vec<UserId>,
    subject_zrns: Vec<Zrn>,
    parts: OnceLock<Parts>,
    created_at_start: Option<DateTime<Utc>>,
    created_at_end: Option<DateTime<Utc>>,
    sort: Option<SurveyResponseSort>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListSurveyResponses {
    /// Only responses of these users.
    #[must_use]
    pub fn responder_ids<I>(mut self, ids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<UserId>,
    {
        self.responder_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only responses about these subjects, such as `zen:ticket:7`.
    ///
    /// More than fit in one address are asked for in several calls, one after the other.
    ///
    /// ```
    /// # use zendesk_csat::{Client, Credentials, Zrn};
    /// # let client = Client::builder("acme").credentials(Credentials::oauth_token("t")).build()?;
    /// let of_two_tickets = client.survey_responses().list().subject_zrns([Zrn::ticket(7), Zrn::ticket(8)]);
    /// # Ok::<(), zendesk_csat::Error>(())
    /// ```
    #[must_use]
    pub fn subject_zrns<I>(mut self, zrns: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Zrn>,
    {
        self.subject_zrns = zrns.into_iter().map(Into::into).collect();
        self.parts = OnceLock::new();
        self
    }

    fn parts(&self) -> Result<&Parts, Error> {
        if let Some(parts) = self.parts.get() {
            return Ok(parts);
        }
        let parts = Parts::of("subject_zrns", &self.subject_zrns)?;
        Ok(self.parts.get_or_init(|| parts))
    }

    setters! {
        /// Only surveys sent at or after this time, to the millisecond.
        created_at_start: DateTime<Utc>;
        /// Only surveys sent at or before this time, to the millisecond.
        created_at_end: DateTime<Utc>;
        /// Oldest or newest first.
        sort: SurveyResponseSort;
        /// Records a page, 1 to 50; 50 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListSurveyResponses => SurveyResponse, SurveyResponseColumns);

impl Listing for ListSurveyResponses {
    type Envelope = SurveyResponsesPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_SURVEY_RESPONSES;
        let page_size = page_size(operation, self.page_size)?;
        let responder_ids = &comma_list("responder_ids", &self.responder_ids)?;
        let parts = self.parts()?;
        let (part, after) = parts.at(self.after.as_deref())?;
        self.client
            .call(operation, |api| async move {
                api.list_survey_responses(parameters::ListSurveyResponses {
                    filter_created_at_end: self.created_at_end.map(|time| time.timestamp_millis()),
                    filter_created_at_start: self.created_at_start.map(|time| time.timestamp_millis()),
                    filter_responder_ids: responder_ids.as_deref(),
                    filter_subject_zrns: parts.get(part),
                    page_after: after,
                    page_size,
                    sort: self.sort.as_ref(),
                    ..Default::default()
                })
                .await
            })
            .await
    }

    fn way_on(&self, said: Next) -> Next {
        match self
            .parts()
            .and_then(|parts| Ok((parts, parts.at(self.after.as_deref())?)))
        {
            Ok((parts, (part, _))) => parts.way_on(part, said),
            // Such a listing has fetched no page.
            Err(_) => said,
        }
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for SurveyResponsesPage {
    type Item = SurveyResponse;
    const OPERATION: &'static Operation = &operation::LIST_SURVEY_RESPONSES;

    fn into_next(self) -> Next {
        cursor(Some(self.meta), None, self.extra)
    }

    fn stated_cursor(&self) -> Option<&str> {
        stated_cursor(Some(&self.meta))
    }
}

/// Shows a survey response; see [`SurveyResponses::show`].
#[derive(Debug, Clone)]
pub struct ShowSurveyResponse {
    client: Client,
    id: SurveyResponseId,
    locale: Result<Locale, InvalidLocale>,
}

impl ShowSurveyResponse {
    /// The locale of the questions' and options' texts; `en-us` where not given. A text that is no [`Locale`] fails
    /// when the request is made.
    #[must_use]
    pub fn locale(mut self, locale: impl TryInto<Locale, Error: Into<InvalidLocale>>) -> Self {
        self.locale = locale.try_into().map_err(Into::into);
        self
    }

    /// Makes the call.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such response, and whatever else
    /// kept it from coming.
    pub async fn send(self) -> Result<SurveyResponse, Error> {
        let locale = self.locale.as_ref()?.as_str();
        segment("survey response id", self.id.as_str())?;
        let response = self
            .client
            .call(&operation::SHOW_SURVEY_RESPONSE, |api| async move {
                api.show_survey_response(parameters::ShowSurveyResponse {
                    locale,
                    survey_response_id: &self.id,
                })
                .await
            })
            .await?;
        Ok(response.record::<SurveyResponseEnvelope>()?.survey_response)
    }
}

/// Offers a survey; see [`SurveyResponses::create`].
#[derive(Debug, Clone)]
pub struct CreateSurveyResponse {
    client: Client,
    survey_id: SurveyId,
    responder_id: UserId,
    subject_zrns: Vec<Zrn>,
    locale: Result<Locale, InvalidLocale>,
}

impl CreateSurveyResponse {
    /// The locale of the survey; `en-us` where not given. A text that is no [`Locale`] fails
    /// when the request is made.
    #[must_use]
    pub fn locale(mut self, locale: impl TryInto<Locale, Error: Into<InvalidLocale>>) -> Self {
        self.locale = locale.try_into().map_err(Into::into);
        self
    }

    /// Makes the call. It is not repeated once it may have arrived.
    ///
    /// Whoever holds the links of the answer can answer in the customer's name: they are secrets.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) where the survey is disabled, and whatever else kept
    /// it from being offered.
    pub async fn send(self) -> Result<CreatedSurveyResponse, Error> {
        let body = CreateSurveyResponseRequest {
            survey_response: SurveyResponseInput {
                survey_id: self.survey_id.clone(),
                responder_id: self.responder_id.to_string(),
                subject_zrns: self.subject_zrns.iter().map(Zrn::to_string).collect(),
                locale: self.locale.as_ref()?.to_string(),
            },
        };
        let body = &body;
        let response = self
            .client
            .call(&operation::CREATE_SURVEY_RESPONSE, |api| async move {
                api.create_survey_response(body).await
            })
            .await?;
        Ok(response
            .record::<CreatedSurveyResponseEnvelope>()?
            .survey_response)
    }
}

/// Answers a survey; see [`SurveyResponses::submit`].
#[derive(Debug, Clone)]
pub struct SubmitSurveyResponse {
    client: Client,
    id: SurveyResponseId,
    answers: Vec<AnswerInput>,
    locale: Result<Locale, InvalidLocale>,
    access_token: Option<SecretText>,
}

impl SubmitSurveyResponse {
    /// The locale of the answers; `en-us` where not given. A text that is no [`Locale`] fails
    /// when the request is made.
    #[must_use]
    pub fn locale(mut self, locale: impl TryInto<Locale, Error: Into<InvalidLocale>>) -> Self {
        self.locale = locale.try_into().map_err(Into::into);
        self
    }

    setters! {
        /// The `access_token` of the survey's link, which stands for the responder.
        access_token: SecretText;
    }

    /// Makes the call. It is not repeated once it may have arrived.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) where the survey is disabled, and whatever else kept
    /// the answers from being stored.
    pub async fn send(self) -> Result<SurveyResponse, Error> {
        segment("survey response id", self.id.as_str())?;
        let body = SubmitSurveyResponseRequest {
            survey_response: SurveyAnswersInput {
                answers: self.answers.clone(),
                locale: self.locale.as_ref()?.to_string(),
                id: None,
                access_token: self.access_token.clone(),
            },
        };
        let body = &body;
        let response = self
            .client
            .call(&operation::SUBMIT_SURVEY_RESPONSE, |api| async move {
                api.submit_survey_response(parameters::SubmitSurveyResponse {
                    survey_response_id: &self.id,
                    body,
                })
                .await
            })
            .await?;
        Ok(response.record::<SurveyResponseEnvelope>()?.survey_response)
    }
}

//! [CSAT Surveys](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_surveys/):
//! the questions and options that survey responses refer to.

use super::{cursor, page_size, setters, stated_cursor};
use crate::decode::page::{Envelope, Next};
use crate::generated::parameters;
use crate::operation::{self, Operation};
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{Survey, SurveysPage};
use crate::{Client, Error, InvalidLocale, Locale};

/// The surveys of the account.
#[derive(Debug, Clone)]
pub struct Surveys {
    client: Client,
}

impl Surveys {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every survey with its questions. For admins.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_surveys/)
    pub fn list(&self) -> ListSurveys {
        ListSurveys {
            client: self.client.clone(),
            locale: Ok(Locale::default()),
            page_size: None,
            after: None,
        }
    }
}

/// Lists surveys; see [`Surveys::list`].
#[derive(Debug, Clone)]
pub struct ListSurveys {
    client: Client,
    locale: Result<Locale, InvalidLocale>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListSurveys {
    /// The locale of the questions' and options' texts; `en-us` where not given. A text that is no [`Locale`] fails
    /// when the request is made.
    #[must_use]
    pub fn locale(mut self, locale: impl TryInto<Locale, Error: Into<InvalidLocale>>) -> Self {
        self.locale = locale.try_into().map_err(Into::into);
        self
    }

    setters! {
        /// Records a page; the service's own size where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListSurveys => Survey);

impl Listing for ListSurveys {
    type Envelope = SurveysPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_SURVEYS;
        let locale = self.locale.as_ref()?.as_str();
        let page_size = page_size(operation, self.page_size)?;
        self.client
            .call(operation, |api| async move {
                api.list_surveys(parameters::ListSurveys {
                    locale,
                    page_after: self.after.as_deref(),
                    page_before: None,
                    page_size,
                })
                .await
            })
            .await
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }
}

impl Envelope for SurveysPage {
    type Item = Survey;
    const OPERATION: &'static Operation = &operation::LIST_SURVEYS;

    fn into_next(self) -> Next {
        cursor(Some(self.meta), None, self.extra)
    }

    fn stated_cursor(&self) -> Option<&str> {
        stated_cursor(Some(&self.meta))
    }
}

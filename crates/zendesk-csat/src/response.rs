//! A successful answer: its body, and what is worth knowing of the call.

use crate::Error;
use crate::decode::broken::Broken;
use crate::decode::json;
use crate::decode::page::{Envelope, Records};
use crate::decode::selected::{Selected, Selection};
use crate::decode::sink::{self, Rest, Sink};
use crate::error::FailedCall;
use crate::headers::Headers;
use crate::operation::Operation;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// What is worth knowing of a call that succeeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallMeta {
    /// The HTTP status.
    pub status: u16,
    /// The id that Zendesk's support can find the request by.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// The time from the first request to the whole body.
    pub elapsed: Duration,
    /// The headers of the answer.
    pub headers: Headers,
}

impl CallMeta {
    /// The service's clock when it answered, to the second; none where the answer does not tell.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(20).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// let page = client.satisfaction_ratings().list().send().await?;
    /// if let Some(now) = page.meta.date() {
    ///     println!("the service's clock is {} ahead of this one", now - chrono::Utc::now());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let date = httpdate::parse_http_date(self.headers.get("date")?).ok()?;
        let since_epoch = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        DateTime::from_timestamp(i64::try_from(since_epoch.as_secs()).ok()?, 0)
    }
}

/// Notes what is worth knowing of a client's calls; see [`Client::recorded`](crate::Client::recorded).
#[derive(Debug, Clone, Default)]
pub struct CallRecorder(Arc<Mutex<Option<CallMeta>>>);

impl CallRecorder {
    /// The latest call that succeeded; none before the first.
    pub fn last(&self) -> Option<CallMeta> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note(&self, meta: &CallMeta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(meta.clone());
    }
}

/// The whole body of a successful call.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) operation: &'static Operation,
    pub(crate) body: Bytes,
    pub(crate) meta: CallMeta,
}

impl Response {
    /// The body as one record.
    pub(crate) fn record<T: DeserializeOwned>(&self) -> Result<T, Error> {
        json::decode(&self.body).map_err(|misfit| Error::decode(misfit, self.call()))
    }

    /// The body as a page of records, of which all properties are decoded where there is no selection.
    pub(crate) fn page<E: Envelope>(&self, selection: Option<&Selection>) -> Result<Records<E::Item>, Error> {
        let mut items = Vec::with_capacity(self.likely_records());
        let Rest { malformed, next } = self.read_into::<E, _>(&mut items, selection)?;
        Ok(Records {
            items,
            malformed,
            next,
        })
    }

    /// How many records a page of this body likely has, so that they need not be moved as they become more.
    fn likely_records(&self) -> usize {
        /// No record of a listing is smaller.
        const SMALL_RECORD: usize = 200;
        let full_page = self
            .operation
            .max_page_size
            .and_then(|size| usize::try_from(size).ok());
        full_page.unwrap_or(100).min(self.body.len() / SMALL_RECORD)
    }

    /// The records of the body, of which only some properties are decoded, into a sink.
    pub(crate) fn read_into<E: Envelope, S: Sink>(
        &self,
        sink: &mut S,
        selection: Option<&Selection>,
    ) -> Result<Rest, Error> {
        let rest = match selection {
            Some(selection) => sink::decode::<E, _>(&self.body, &mut Selected { sink, selection }),
            None => sink::decode::<E, _>(&self.body, sink),
        };
        rest.map_err(|broken| self.broken(&broken))
    }

    /// The error of a body that is no answer.
    fn broken(&self, broken: &Broken) -> Error {
        Error::broken(broken, self.call())
    }

    fn call(&self) -> FailedCall {
        FailedCall {
            operation: Some(self.operation),
            status: Some(self.meta.status),
            request_id: self.meta.request_id.clone(),
            retry_after: None,
            attempts: self.meta.attempts,
            elapsed: self.meta.elapsed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{DATE, HeaderMap, HeaderValue};

    #[test]
    fn the_date_of_an_answer_is_the_clock_of_the_service() {
        let date = |text: &'static str| {
            let headers: HeaderMap = [(DATE, HeaderValue::from_static(text))].into_iter().collect();
            let meta = CallMeta {
                headers: Headers::of(&headers),
                ..CallMeta::default()
            };
            meta.date().map(|date| date.timestamp())
        };
        assert_eq!(date("Tue, 15 Nov 1994 08:12:31 GMT"), Some(784_887_151));
        assert_eq!(date("Tue, 01 Jan 0001 00:00:00 GMT"), None);
        assert_eq!(date("yesterday"), None);
        assert_eq!(CallMeta::default().date(), None);
    }
}

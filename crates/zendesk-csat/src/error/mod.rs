//! What goes wrong, in one type: kind, status, code, message, request id, attempts, elapsed.

mod advice;
mod body;
mod kind;
mod redirect;
mod sentence;

use crate::decode::broken::Broken;
use crate::decode::json::Misfit;
use crate::decode::page::Malformed;
use crate::operation::Operation;
use crate::sent_secrets::SentSecrets;
use crate::visible;
use std::fmt;
use std::time::Duration;

pub(crate) use body::ApiMessage;
pub use kind::ErrorKind;
pub(crate) use redirect::Redirect;

/// The longest words of another that a message repeats, in characters.
const MAX_WORDS: usize = 300;
/// The longest message, in characters.
const MAX_MESSAGE: usize = 1_000;

/// Why a call failed.
///
/// `Display` is one line that says what cannot be done, why, and what to do next; with `{:#}` also by which operation,
/// after how many attempts and how long, and the request's id. What the service said is on it as [`visible`] text.
/// Neither it nor `Debug` holds secrets or anything of a response's records.
///
/// ```
/// use zendesk_csat::{Client, Credentials, ErrorKind};
///
/// let error = Client::builder("https://acme.zendesk.com")
///     .credentials(Credentials::oauth_token("secret"))
///     .build()
///     .unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// ```
#[derive(Clone)]
pub struct Error(Box<Failure>);

#[derive(Debug, Clone)]
struct Failure {
    kind: ErrorKind,
    message: String,
    code: Option<String>,
    details: Option<serde_json::Value>,
    json_path: Option<String>,
    is_broken_answer: bool,
    advice: Option<String>,
    call: Option<FailedCall>,
}

/// What is known of the call that failed.
#[derive(Debug, Clone, Default)]
pub(crate) struct FailedCall {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl FailedCall {
    /// A call that was not made.
    fn of(operation: &'static Operation) -> Self {
        Self {
            operation: Some(operation),
            ..Self::default()
        }
    }
}

impl Error {
    fn new(kind: ErrorKind, message: impl AsRef<str>, call: Option<FailedCall>) -> Self {
        let operation = call.as_ref().and_then(|call| call.operation);
        Self(Box::new(Failure {
            kind,
            message: visible(message.as_ref(), MAX_MESSAGE).into_owned(),
            code: None,
            details: None,
            json_path: None,
            is_broken_answer: false,
            advice: advice::advice(kind, None, operation),
            call,
        }))
    }

    pub(crate) fn configuration(message: impl AsRef<str>) -> Self {
        Self::new(ErrorKind::Configuration, message, None)
    }

    /// Something was given to a call that it cannot use.
    pub(crate) fn misused(operation: &'static Operation, message: impl AsRef<str>) -> Self {
        Self::new(ErrorKind::Configuration, message, Some(FailedCall::of(operation)))
    }

    pub(crate) fn pagination(operation: &'static Operation, message: impl AsRef<str>) -> Self {
        Self::new(ErrorKind::Pagination, message, Some(FailedCall::of(operation)))
    }

    pub(crate) fn runtime_ended() -> Self {
        Self::new(ErrorKind::Connection, "the async runtime is shutting down", None)
    }

    pub(crate) fn of_call(kind: ErrorKind, message: impl AsRef<str>, call: FailedCall) -> Self {
        Self::new(kind, message, Some(call))
    }

    /// The same error, in the call that it kept from being made where it tells of no other.
    pub(crate) fn in_call(mut self, call: FailedCall) -> Self {
        if self.operation().is_none() {
            self.0.call = Some(call);
        }
        self
    }

    /// No connection, for the reason that its layer gives.
    pub(crate) fn not_connected(reason: &str, call: FailedCall) -> Self {
        let mut error = Self::new(ErrorKind::Connection, reason, Some(call));
        if let Some(advice) = advice::of_connection(reason) {
            error.0.advice = Some(advice.to_owned());
        }
        error
    }

    /// An error status with whatever body came along.
    pub(crate) fn from_response(status: u16, body: &[u8], call: FailedCall) -> Self {
        let ApiMessage {
            code,
            message,
            details,
        } = ApiMessage::read(status, body);
        let kind = ErrorKind::from_status(status);
        let advice = advice::advice(kind, code.as_deref(), call.operation);
        let mut error = Self::new(kind, message, Some(call));
        error.0.advice = advice;
        error.0.code = code;
        error.0.details = details;
        error
    }

    /// An answer that points elsewhere, which is never followed.
    pub(crate) fn redirected(redirect: &Redirect, call: FailedCall) -> Self {
        let mut error = Self::new(ErrorKind::UnexpectedStatus, redirect.to_string(), Some(call));
        error.0.advice = Some(redirect.advice());
        error
    }

    /// One record that does not fit.
    pub(crate) fn decode(misfit: Misfit, call: FailedCall) -> Self {
        let mut error = Self::new(ErrorKind::Decode, misfit.to_string(), Some(call));
        error.0.is_broken_answer = misfit.path == "$";
        error.0.json_path = Some(visible(&misfit.path, MAX_WORDS).into_owned());
        error
    }

    /// An answer that is none of this operation.
    pub(crate) fn broken(broken: &Broken, call: FailedCall) -> Self {
        let mut error = Self::broken_answer(ErrorKind::Decode, broken.to_string(), call);
        error.0.json_path = Some(visible(&broken.path(), MAX_WORDS).into_owned());
        error
    }

    /// An answer whose body could not be had as it was sent.
    pub(crate) fn broken_answer(kind: ErrorKind, message: impl AsRef<str>, call: FailedCall) -> Self {
        let mut error = Self::new(kind, message, Some(call));
        error.0.is_broken_answer = true;
        error
    }

    /// The same error without what the call was signed with, should the service have repeated it.
    pub(crate) fn without(mut self, secrets: &SentSecrets) -> Self {
        let Failure {
            message,
            code,
            details,
            json_path,
            advice,
            call,
            ..
        } = &mut *self.0;
        let request_id = call.as_mut().and_then(|call| call.request_id.as_mut());
        let texts = [code, json_path, advice].into_iter().filter_map(Option::as_mut);
        for text in texts.chain(request_id).chain([message]) {
            *text = secrets.hide(text).into_owned();
        }
        if let Some(details) = details {
            secrets.hide_in_json(details);
        }
        self
    }

    /// The kind, to decide by.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.call().status
    }

    /// Zendesk's own code, such as `RecordNotFound`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id of the operation that was called, such as `list_satisfaction_ratings`; none where there was no call.
    pub fn operation(&self) -> Option<&'static str> {
        Some(self.0.call.as_ref()?.operation?.id)
    }

    /// What the service or the client says of it, as [`visible`] text; without the call and what to do next.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the service says field by field, as it came.
    pub fn details(&self) -> Option<&serde_json::Value> {
        self.0.details.as_ref()
    }

    /// The JSON path of what does not fit, for [`ErrorKind::Decode`].
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The id that Zendesk's support can find the request by.
    pub fn request_id(&self) -> Option<&str> {
        self.0.call.as_ref()?.request_id.as_deref()
    }

    /// How long the service asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.call().retry_after
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.call().attempts
    }

    /// The time from the first request to the error.
    pub fn elapsed(&self) -> Duration {
        self.call().elapsed
    }

    /// Whether the same call may succeed later, as it is.
    pub fn is_retryable(&self) -> bool {
        self.0.is_broken_answer
            || matches!(
                self.0.kind,
                ErrorKind::RateLimit | ErrorKind::Server | ErrorKind::Connection | ErrorKind::Timeout
            )
    }

    /// Whether an answer came that says success and as a whole is not what the operation gives: nothing, a proxy's page,
    /// JSON that breaks off, a list without a word on its end. The service or something before it failed, and no record is
    /// at fault: of kind [`Decode`](ErrorKind::Decode) this is the other one, that of a record is false here.
    ///
    /// A call that may be made twice was repeated, and this is what came in the end.
    ///
    /// ```
    /// use zendesk_csat::{Client, Credentials, Error, types::SatisfactionRating};
    ///
    /// /// The ratings of a page; none where the answer was broken, so that the caller asks again later.
    /// async fn ratings(client: &Client) -> Result<Option<Vec<SatisfactionRating>>, Error> {
    ///     match client.satisfaction_ratings().list().send().await {
    ///         Ok(page) => Ok(Some(page.items)),
    ///         Err(error) if error.is_broken_answer() => Ok(None),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    pub fn is_broken_answer(&self) -> bool {
        self.0.is_broken_answer
    }

    fn call(&self) -> FailedCall {
        self.0.call.clone().unwrap_or_default()
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        let mut error = Self::new(ErrorKind::Decode, malformed.to_string(), None);
        error.0.json_path = Some(visible(malformed.path(), MAX_WORDS).into_owned());
        error
    }
}

impl std::error::Error for Error {}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

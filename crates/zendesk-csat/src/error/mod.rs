//! What goes wrong, in one type: kind, status, code, message, request id, attempts, elapsed.

mod body;

use crate::decode::broken::Broken;
use crate::decode::json::Misfit;
use crate::decode::page::Malformed;
use std::fmt;
use std::time::Duration;

pub(crate) use body::ApiMessage;

/// The kinds of failure. What to do differs by kind; the rest is in [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 400: the service does not accept the request.
    BadRequest,
    /// 401: the credentials are not accepted.
    Authentication,
    /// 403: the credentials are good, but not for this; or the plan lacks it.
    PermissionDenied,
    /// 404: there is no such record, or no such account.
    NotFound,
    /// 409: on a survey response, the survey is disabled.
    Conflict,
    /// 422: the service understands the values and refuses them.
    Unprocessable,
    /// 429: a limit was met, and waiting it out would take longer than allowed.
    RateLimit,
    /// 5xx: the service failed.
    Server,
    /// Any other status.
    UnexpectedStatus,
    /// No connection, or it broke off.
    Connection,
    /// No answer within the timeout.
    Timeout,
    /// The answer is not what the API documents: as a whole, or one record of it;
    /// [`is_broken_answer`](Error::is_broken_answer) tells which.
    Decode,
    /// A listing cannot go on: its cursor repeats.
    Pagination,
    /// The client was given something that it cannot use.
    Configuration,
}

impl ErrorKind {
    pub(crate) fn from_status(status: u16) -> Self {
        match status {
            400 => Self::BadRequest,
            401 => Self::Authentication,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            409 => Self::Conflict,
            422 => Self::Unprocessable,
            429 => Self::RateLimit,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }

    /// What to do next, where there is something that helps most people.
    fn advice(self, code: Option<&str>) -> Option<&'static str> {
        Some(match self {
            // A record that is missing has a code.
            Self::NotFound if code.is_none() => {
                "check the subdomain, and that the account has this part of Zendesk"
            }
            Self::Authentication if code == Some("invalid_client") => {
                "check the identifier and the secret of the OAuth client, and the subdomain"
            }
            Self::Authentication if code == Some("invalid_token") => {
                "get a new token, or sign in with an OAuth client, which renews its own"
            }
            Self::Authentication => {
                "check the credentials, and that this way of signing in is switched on in the account"
            }
            Self::PermissionDenied => "check the role, the token's scopes, and that the plan has it",
            Self::RateLimit => "wait, or allow a longer max_wait",
            Self::Connection => "check the subdomain and the network",
            _ => return None,
        })
    }
}

/// Why a call failed.
///
/// `Display` is one line that says what, where, how often and what to do next. Neither it nor
/// `Debug` holds secrets or anything of a response's records.
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
    call: Option<FailedCall>,
}

/// What is known of the call that failed.
#[derive(Debug, Clone, Default)]
pub(crate) struct FailedCall {
    pub(crate) operation: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>, call: Option<FailedCall>) -> Self {
        let message = message.into();
        Self(Box::new(Failure {
            kind,
            message,
            code: None,
            details: None,
            json_path: None,
            is_broken_answer: false,
            call,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message, None)
    }

    pub(crate) fn pagination(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Pagination, message, None)
    }

    pub(crate) fn runtime_ended() -> Self {
        Self::new(ErrorKind::Connection, "the async runtime is shutting down", None)
    }

    pub(crate) fn of_call(kind: ErrorKind, message: impl Into<String>, call: FailedCall) -> Self {
        Self::new(kind, message, Some(call))
    }

    /// An error status with whatever body came along.
    pub(crate) fn from_response(status: u16, body: &[u8], call: FailedCall) -> Self {
        let ApiMessage {
            code,
            message,
            details,
        } = ApiMessage::read(status, body);
        let mut error = Self::new(ErrorKind::from_status(status), message, Some(call));
        error.0.code = code;
        error.0.details = details;
        error
    }

    /// One record that does not fit.
    pub(crate) fn decode(misfit: Misfit, call: FailedCall) -> Self {
        let mut error = Self::new(ErrorKind::Decode, misfit.to_string(), Some(call));
        error.0.is_broken_answer = misfit.path == "$";
        error.0.json_path = Some(misfit.path);
        error
    }

    /// An answer that is none of this operation.
    pub(crate) fn broken(broken: &Broken, call: FailedCall) -> Self {
        let mut error = Self::broken_answer(ErrorKind::Decode, broken.to_string(), call);
        error.0.json_path = Some(broken.path());
        error
    }

    /// An answer whose body could not be had as it was sent.
    pub(crate) fn broken_answer(kind: ErrorKind, message: impl Into<String>, call: FailedCall) -> Self {
        let mut error = Self::new(kind, message, Some(call));
        error.0.is_broken_answer = true;
        error
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

    /// What the service or the client says of it.
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
        error.0.json_path = Some(malformed.path().to_owned());
        error
    }
}

impl std::error::Error for Error {}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure {
            kind,
            message,
            code,
            call,
            ..
        } = &*self.0;
        if let Some(call) = call {
            write!(f, "{}: ", call.operation)?;
            if let Some(status) = call.status {
                write!(f, "{status} ")?;
            }
        }
        let advice = kind.advice(code.as_deref());
        let message = match advice {
            Some(_) => message.trim_end_matches('.'),
            None => message,
        };
        match code.as_deref() {
            Some(code) if code != message => write!(f, "{code}: {message}")?,
            _ => f.write_str(message)?,
        }
        if let Some(advice) = advice {
            write!(f, "; {advice}")?;
        }
        if let Some(call) = call {
            let attempts = if call.attempts == 1 { "attempt" } else { "attempts" };
            write!(
                f,
                " ({} {attempts}, {:.1} s",
                call.attempts,
                call.elapsed.as_secs_f64()
            )?;
            if let Some(request_id) = &call.request_id {
                write!(f, ", request {request_id}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_is_for_what_was_refused() {
        let said =
            |status, body: &[u8]| Error::from_response(status, body, FailedCall::default()).to_string();
        let client = said(
            401,
            br#"{"error":"invalid_client","error_description":"Unknown client."}"#,
        );
        assert!(
            client.contains("invalid_client: Unknown client; check the identifier"),
            "{client}"
        );
        let token = said(
            401,
            br#"{"error":"invalid_token","error_description":"Expired."}"#,
        );
        assert!(token.contains("get a new token"), "{token}");
        assert!(said(404, b"<html>").contains("check the subdomain"));
        assert!(!said(404, br#"{"error":"RecordNotFound","description":"Not found"}"#).contains("check"));
    }

    #[test]
    fn one_line_says_what_where_and_what_next() {
        let call = FailedCall {
            operation: "list_satisfaction_ratings",
            status: Some(401),
            request_id: Some("abc".into()),
            attempts: 1,
            elapsed: Duration::from_millis(120),
            ..FailedCall::default()
        };
        let error = Error::from_response(401, br#"{"error":"Couldn't authenticate you"}"#, call);
        assert_eq!(
            error.to_string(),
            "list_satisfaction_ratings: 401 Couldn't authenticate you; check the credentials, and that this way of \
             signing in is switched on in the account (1 attempt, 0.1 s, request abc)"
        );
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Authentication, Some(401))
        );
        assert!(!error.is_retryable());
    }
}

//! The kinds of failure.

/// The kinds of failure. What to do differs by kind; the rest is in [`Error`](crate::Error).
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
    /// Any other status, a redirect among them: none is followed.
    UnexpectedStatus,
    /// No connection, or it broke off.
    Connection,
    /// No answer within the timeout.
    Timeout,
    /// The answer is not what the API documents: as a whole, or one record of it;
    /// [`is_broken_answer`](crate::Error::is_broken_answer) tells which.
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
}

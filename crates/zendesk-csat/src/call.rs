//! The seam between the generated client and the transport: one context a call, two hooks.

use crate::client::Shared;
use crate::decode::body::{self, BodyError};
use crate::error::FailedCall;
use crate::generated;
use crate::operation::Operation;
use crate::response::{CallMeta, Response};
use crate::transport::bucket::Bucket;
use crate::transport::pacing::Route;
use crate::transport::rate_limit::RateLimits;
use crate::transport::retry::{Failure, GiveUp, Repetition};
use crate::transport::retry_after::retry_after;
use crate::transport::retry_loop::{Attempt, Call, Effort, Outcome, RetryLoop, Stopped};
use crate::{Error, ErrorKind};
use bytes::Bytes;
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// An error body is read up to here; no message is longer.
const MAX_ERROR_BODY: usize = 64 << 10;

/// What one call carries through the generated client, and where it leaves its answer.
#[derive(Clone)]
pub(crate) struct CallContext(Arc<State>);

struct State {
    client: Arc<Shared>,
    operation: &'static Operation,
    // The generated client can carry neither our error nor a body that was read already.
    answer: Mutex<Option<Result<Response, Error>>>,
}

impl CallContext {
    pub(crate) fn new(client: Arc<Shared>, operation: &'static Operation) -> Self {
        Self(Arc::new(State {
            client,
            operation,
            answer: Mutex::new(None),
        }))
    }

    /// The answer, if the call came as far as the transport.
    pub(crate) fn take_answer(&self) -> Option<Result<Response, Error>> {
        self.0
            .answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn leave_answer(&self, answer: Result<Response, Error>) {
        *self.0.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallContext").field(&self.0.operation.id).finish()
    }
}

impl ClientHooks<CallContext> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let State {
            client, operation, ..
        } = &*self.inner.0;
        let headers = request.headers_mut();
        headers.remove("api-version");
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if operation.bucket != Bucket::OAuth {
            headers.insert(AUTHORIZATION, client.authorization.clone());
        }
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let State {
            client, operation, ..
        } = &*self.inner.0;
        let retry_loop = RetryLoop {
            clock: &*client.clock,
            pacer: &client.pacer,
            policy: client.retry_policy,
            backoff: client.backoff,
            random: fastrand::f64,
        };
        let call = Call {
            route: Route {
                bucket: operation.bucket,
                endpoint: operation.id,
            },
            repetition: Repetition::from(request.method()),
            deadline: None,
        };
        let (result, effort) = retry_loop
            .run(call, |attempt| {
                // Bodies are JSON in memory: they can always be sent again.
                let again = request.try_clone();
                async move {
                    match again {
                        Some(request) => attempt_once(client, operation, request, attempt).await,
                        None => Outcome::Failed {
                            error: AttemptError::NotRepeatable,
                            failure: Failure::Final,
                            retry_after: None,
                            limits: RateLimits::default(),
                        },
                    }
                }
            })
            .await;
        self.inner.leave_answer(match result {
            Ok(answer) => Ok(answer.into_response(operation, effort)),
            Err(stopped) => Err(failed(operation, stopped, effort)),
        });
        Ok(reqwest::Response::from(http::Response::new(Bytes::new())))
    }
}

/// The error of a call that never came as far as the transport.
pub(crate) fn not_sent(operation: &Operation, error: Option<progenitor_client::Error<()>>) -> Error {
    // progenitor's own message may hold headers and bodies.
    let reason = match error {
        Some(progenitor_client::Error::InvalidRequest(_)) => {
            "a parameter cannot stand in a header or an address"
        }
        _ => "the request could not be made",
    };
    Error::configuration(format!("{}: {reason}", operation.id))
}

/// A whole answer with a success status.
struct Answer {
    status: u16,
    request_id: Option<String>,
    body: Bytes,
}

impl Answer {
    fn into_response(self, operation: &'static Operation, effort: Effort) -> Response {
        let Self {
            status,
            request_id,
            body,
        } = self;
        let meta = CallMeta {
            status,
            request_id,
            attempts: effort.attempts,
            elapsed: effort.elapsed,
        };
        Response {
            operation,
            body,
            meta,
        }
    }
}

#[derive(Debug)]
enum AttemptError {
    Status {
        status: u16,
        request_id: Option<String>,
        body: Bytes,
    },
    Body {
        status: u16,
        request_id: Option<String>,
        error: BodyError,
    },
    Connection(String),
    Timeout,
    NotRepeatable,
}

async fn attempt_once(
    client: &Shared,
    operation: &Operation,
    request: reqwest::Request,
    attempt: Attempt,
) -> Outcome<Answer, AttemptError> {
    client.counter.count(operation.bucket);
    let timeout = attempt
        .time_left
        .map_or(client.timeout, |left| left.min(client.timeout));
    let outcome = match tokio::time::timeout(timeout, send(client, request)).await {
        Ok(outcome) => outcome,
        Err(_) => not_answered(AttemptError::Timeout, Failure::Unanswered),
    };
    let (status, request_id) = match &outcome {
        Outcome::Done { value, .. } => (Some(value.status), value.request_id.as_deref()),
        Outcome::Failed {
            error: AttemptError::Status {
                status, request_id, ..
            },
            ..
        }
        | Outcome::Failed {
            error: AttemptError::Body {
                status, request_id, ..
            },
            ..
        } => (Some(*status), request_id.as_deref()),
        Outcome::Failed { .. } => (None, None),
    };
    tracing::debug!(
        operation = operation.id,
        bucket = %operation.bucket,
        attempt = attempt.number,
        status,
        request_id,
        "answered"
    );
    outcome
}

async fn send(client: &Shared, request: reqwest::Request) -> Outcome<Answer, AttemptError> {
    let response = match client.http.execute(request).await {
        Ok(response) => response,
        Err(error) if error.is_connect() => {
            return not_answered(AttemptError::Connection(reason(&error)), Failure::NotSent);
        }
        Err(error) => return not_answered(AttemptError::Connection(reason(&error)), Failure::Unanswered),
    };
    let status = response.status();
    let request_id = text_header(response.headers(), "x-request-id");
    let limits = RateLimits::read(response.headers());
    let retry_after = retry_after(response.headers(), client.clock.now());
    let max_body = if status.is_success() {
        client.max_body
    } else {
        client.max_body.min(MAX_ERROR_BODY)
    };
    let body = body::read(response, max_body).await;
    let status = status.as_u16();
    match body {
        Ok(body) if (200..300).contains(&status) => Outcome::Done {
            value: Answer {
                status,
                request_id,
                body,
            },
            limits,
        },
        Err(error) if (200..300).contains(&status) => {
            let failure = match error {
                BodyError::Broken(_) | BodyError::BadGzip => Failure::BodyBrokenOff,
                BodyError::TooLarge { .. } => Failure::Final,
            };
            let error = AttemptError::Body {
                status,
                request_id,
                error,
            };
            Outcome::Failed {
                error,
                failure,
                retry_after,
                limits,
            }
        }
        // An error without a readable body is still that error.
        body => {
            let error = AttemptError::Status {
                status,
                request_id,
                body: body.unwrap_or_default(),
            };
            Outcome::Failed {
                error,
                failure: Failure::Status(status),
                retry_after,
                limits,
            }
        }
    }
}

fn not_answered(error: AttemptError, failure: Failure) -> Outcome<Answer, AttemptError> {
    Outcome::Failed {
        error,
        failure,
        retry_after: None,
        limits: RateLimits::default(),
    }
}

fn text_header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The innermost reason: the outer ones only say that sending failed, and to which address.
fn reason(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn failed(operation: &Operation, stopped: Stopped<AttemptError>, effort: Effort) -> Error {
    let Stopped {
        error,
        reason,
        retry_after,
    } = stopped;
    let call = |status, request_id| FailedCall {
        operation: operation.id,
        status,
        request_id,
        retry_after,
        attempts: effort.attempts,
        elapsed: effort.elapsed,
    };
    let waiting = matches!(
        reason,
        GiveUp::WaitTooLong { .. } | GiveUp::DeadlineTooClose { .. }
    );
    match error {
        Some(AttemptError::Status {
            status,
            request_id,
            body,
        }) => Error::from_response(status, &body, call(Some(status), request_id)),
        _ if waiting => Error::of_call(ErrorKind::RateLimit, reason.to_string(), call(None, None)),
        Some(AttemptError::Body {
            status,
            request_id,
            error,
        }) => {
            let (kind, message) = match error {
                BodyError::Broken(error) => (
                    ErrorKind::Connection,
                    format!("the body broke off: {}", self::reason(&error)),
                ),
                BodyError::BadGzip => (
                    ErrorKind::Decode,
                    "the body is not the gzip that it says it is".into(),
                ),
                BodyError::TooLarge { limit } => (
                    ErrorKind::Decode,
                    format!("the body is larger than {limit} bytes, which max_body allows"),
                ),
            };
            Error::of_call(kind, message, call(Some(status), request_id))
        }
        Some(AttemptError::Connection(message)) => {
            Error::of_call(ErrorKind::Connection, message, call(None, None))
        }
        Some(AttemptError::Timeout) => Error::of_call(
            ErrorKind::Timeout,
            "no whole answer within the timeout",
            call(None, None),
        ),
        Some(AttemptError::NotRepeatable) | None => {
            Error::of_call(ErrorKind::Connection, reason.to_string(), call(None, None))
        }
    }
}

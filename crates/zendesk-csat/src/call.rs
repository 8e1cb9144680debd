//! The seam between the generated client and the transport: one context a call, two hooks.

use crate::attempt::{AttemptError, innermost_reason, signed_attempt};
use crate::client::Client;
use crate::decode::body::BodyError;
use crate::error::FailedCall;
use crate::generated;
use crate::operation::Operation;
use crate::response::Response;
use crate::sent_secrets::SentSecrets;
use crate::transport::pacing::Route;
use crate::transport::rate_limit::RateLimits;
use crate::transport::retry::{Failure, GiveUp, RetryPolicy};
use crate::transport::retry_loop::{Call, Effort, Outcome, RetryLoop, Stopped};
use crate::transport::waits::WaitListener;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What one call carries through the generated client, and where it leaves its answer.
#[derive(Clone)]
pub(crate) struct CallContext(Arc<State>);

struct State {
    client: Client,
    operation: &'static Operation,
    // The generated client can carry neither our error nor a body that was read already.
    answer: Mutex<Option<Result<Response, Error>>>,
}

impl CallContext {
    pub(crate) fn new(client: Client, operation: &'static Operation) -> Self {
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
        let headers = request.headers_mut();
        headers.remove("api-version");
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let State {
            client, operation, ..
        } = &*self.inner.0;
        let Client { connection, options } = client;
        let retry_loop = RetryLoop {
            clock: &*connection.clock,
            pacer: &connection.pacer,
            policy: RetryPolicy {
                max_retries: options.max_retries,
                max_wait: options.max_wait.max(options.patience),
            },
            backoff: connection.backoff,
            random: fastrand::f64,
            health: &connection.health,
            patience: options.patience,
            tell: &|wait| {
                if wait.is_long() {
                    tracing::warn!("{wait}");
                }
                if let Some(WaitListener(told)) = &options.wait_listener {
                    told(wait);
                }
            },
        };
        let call = Call {
            route: Route {
                bucket: operation.bucket,
                endpoint: operation.id,
            },
            idempotent: operation.idempotent,
            deadline: options
                .deadline
                .map(|deadline| connection.clock.monotonic().saturating_add(deadline)),
        };
        let secrets = &SentSecrets::of(&request);
        let (result, effort) = retry_loop
            .run(call, |attempt| {
                // Bodies are JSON in memory: they can always be sent again.
                let again = request.try_clone();
                async move {
                    match again {
                        Some(request) => signed_attempt(client, operation, request, attempt, secrets).await,
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
            Err(stopped) => Err(failed(operation, stopped, effort).without(secrets)),
        });
        Ok(reqwest::Response::from(http::Response::new(Bytes::new())))
    }
}

/// The error of a call that never came as far as the transport.
pub(crate) fn not_sent(operation: &'static Operation, error: Option<progenitor_client::Error<()>>) -> Error {
    // progenitor's own message may hold headers and bodies.
    let reason = match error {
        Some(progenitor_client::Error::InvalidRequest(_)) => {
            "a parameter cannot stand in a header or an address"
        }
        _ => "the request could not be made",
    };
    Error::misused(operation, reason)
}

fn failed(operation: &'static Operation, stopped: Stopped<AttemptError>, effort: Effort) -> Error {
    let Stopped {
        error,
        reason,
        retry_after,
    } = stopped;
    let call = |status, request_id| FailedCall {
        operation: Some(operation),
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
            redirect,
            body,
        }) => {
            let call = call(Some(status), request_id);
            match redirect {
                Some(redirect) => Error::redirected(&redirect, call),
                None => Error::from_response(status, &body, call),
            }
        }
        Some(AttemptError::NotSigned(error)) => error.in_call(call(None, None)),
        None if waiting => Error::of_call(ErrorKind::RateLimit, reason.to_string(), call(None, None)),
        Some(AttemptError::Body {
            status,
            request_id,
            error,
        }) => {
            let call = call(Some(status), request_id);
            match error {
                BodyError::Broken(error) => {
                    let message = format!("the body broke off: {}", innermost_reason(&error));
                    Error::broken_answer(ErrorKind::Connection, message, call)
                }
                BodyError::BadGzip => {
                    let message = "the body is not the gzip that it says it is";
                    Error::broken_answer(ErrorKind::Decode, message, call)
                }
                // As large it comes again.
                BodyError::TooLarge { limit } => {
                    let message = format!("the body is larger than {limit} bytes, which max_body allows");
                    Error::of_call(ErrorKind::Decode, message, call)
                }
            }
        }
        Some(AttemptError::Broken {
            status,
            request_id,
            broken,
        }) => Error::broken(&broken, call(Some(status), request_id)),
        Some(AttemptError::Connection(message)) => Error::not_connected(&message, call(None, None)),
        Some(AttemptError::Timeout) => Error::of_call(
            ErrorKind::Timeout,
            "no whole answer within the timeout",
            call(None, None),
        ),
        None if reason == GiveUp::DeadlinePassed => {
            Error::of_call(ErrorKind::Timeout, reason.to_string(), call(None, None))
        }
        Some(AttemptError::NotRepeatable) | None => {
            Error::of_call(ErrorKind::Connection, reason.to_string(), call(None, None))
        }
    }
}

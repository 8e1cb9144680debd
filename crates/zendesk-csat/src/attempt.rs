//! One attempt of a call: signed, sent, its body read, its limits noted.

use crate::client::Client;
use crate::credentials::{Signature, no_signature_within};
use crate::decode::body::{self, BodyError};
use crate::decode::broken::Broken;
use crate::decode::whole;
use crate::error::Redirect;
use crate::headers::Headers;
use crate::operation::Operation;
use crate::response::{CallMeta, Response};
use crate::sent_secrets::SentSecrets;
use crate::transport::bucket::Bucket;
use crate::transport::rate_limit::RateLimits;
use crate::transport::retry::Failure;
use crate::transport::retry_after::retry_after;
use crate::transport::retry_loop::{Attempt, Effort, Outcome};
use crate::{Error, visible};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};

/// An error body is read up to here; no message is longer.
const MAX_ERROR_BODY: usize = 64 << 10;

/// The longest header that is repeated, in characters.
const MAX_HEADER: usize = 300;

/// A whole answer with a success status.
pub(crate) struct Answer {
    status: u16,
    request_id: Option<String>,
    headers: Headers,
    body: Bytes,
}

impl Answer {
    pub(crate) fn into_response(self, operation: &'static Operation, effort: Effort) -> Response {
        let Self {
            status,
            request_id,
            headers,
            body,
        } = self;
        let meta = CallMeta {
            status,
            request_id,
            attempts: effort.attempts,
            elapsed: effort.elapsed,
            headers,
        };
        Response {
            operation,
            body,
            meta,
        }
    }
}

/// Why an attempt brought no such answer.
#[derive(Debug)]
pub(crate) enum AttemptError {
    Status {
        status: u16,
        request_id: Option<String>,
        /// Where it points, of a status that points elsewhere.
        redirect: Option<Redirect>,
        body: Bytes,
    },
    Body {
        status: u16,
        request_id: Option<String>,
        error: BodyError,
    },
    /// A whole body that is not what the operation gives.
    Broken {
        status: u16,
        request_id: Option<String>,
        broken: Broken,
    },
    Connection(String),
    Timeout,
    NotRepeatable,
    NotSigned(Error),
}

/// One attempt, signed. A signature that is refused and can be renewed is renewed once.
pub(crate) async fn signed_attempt(
    client: &Client,
    operation: &Operation,
    mut request: reqwest::Request,
    attempt: Attempt,
    secrets: &SentSecrets,
) -> Outcome<Answer, AttemptError> {
    if operation.bucket == Bucket::OAuth {
        return attempt_once(client, operation, request, attempt, secrets).await;
    }
    let again = request.try_clone();
    let started = client.clock().monotonic();
    // What signing takes is not left for the request.
    let left = || Attempt {
        time_left: attempt.time_left.map(|left| {
            let passed = client.clock().monotonic().saturating_sub(started);
            left.saturating_sub(passed)
        }),
        ..attempt
    };
    let signer = &client.connection.signer;
    let signature = match before_deadline(attempt, signer.sign(client)).await {
        Ok(signature) => signature,
        Err(error) => return not_signed(error),
    };
    sign(&mut request, &signature, secrets);
    let outcome = attempt_once(client, operation, request, left(), secrets).await;
    let refused = matches!(
        outcome,
        Outcome::Failed {
            failure: Failure::Status(401),
            ..
        }
    );
    let Some(mut again) = again.filter(|_| refused) else {
        return outcome;
    };
    match before_deadline(left(), signer.renew(client, &signature)).await {
        Ok(Some(renewed)) => {
            sign(&mut again, &renewed, secrets);
            attempt_once(client, operation, again, left(), secrets).await
        }
        Ok(None) => outcome,
        Err(error) => not_signed(error),
    }
}

/// Ends the signing of an attempt when its call is to end.
async fn before_deadline<T>(
    attempt: Attempt,
    signing: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match attempt.time_left {
        Some(left) => tokio::time::timeout(left, signing)
            .await
            .unwrap_or_else(|_| Err(no_signature_within("deadline"))),
        None => signing.await,
    }
}

fn sign(request: &mut reqwest::Request, signature: &Signature, secrets: &SentSecrets) {
    secrets.note(&signature.header);
    request
        .headers_mut()
        .insert(AUTHORIZATION, signature.header.clone());
}

fn not_signed(error: Error) -> Outcome<Answer, AttemptError> {
    not_answered(AttemptError::NotSigned(error), Failure::Final)
}

async fn attempt_once(
    client: &Client,
    operation: &Operation,
    request: reqwest::Request,
    attempt: Attempt,
    secrets: &SentSecrets,
) -> Outcome<Answer, AttemptError> {
    let Client { connection, options } = client;
    connection.counter.count(operation.bucket);
    let timeout = attempt
        .time_left
        .map_or(options.timeout, |left| left.min(options.timeout));
    let outcome = match tokio::time::timeout(timeout, send(client, operation, request, secrets)).await {
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
        }
        | Outcome::Failed {
            error: AttemptError::Broken {
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

async fn send(
    client: &Client,
    operation: &Operation,
    request: reqwest::Request,
    secrets: &SentSecrets,
) -> Outcome<Answer, AttemptError> {
    let Client { connection, options } = client;
    let response = match connection.http.execute(request).await {
        Ok(response) => response,
        Err(error) if error.is_connect() => {
            return not_answered(
                AttemptError::Connection(innermost_reason(&error)),
                Failure::NotSent,
            );
        }
        Err(error) => {
            return not_answered(
                AttemptError::Connection(innermost_reason(&error)),
                Failure::Unanswered,
            );
        }
    };
    let status = response.status();
    let request_id = text_header(response.headers(), "x-request-id").map(|id| secrets.hide(&id).into_owned());
    let limits = RateLimits::read(response.headers());
    let retry_after = retry_after(response.headers(), connection.clock.now());
    let max_body = if status.is_success() {
        options.max_body
    } else {
        options.max_body.min(MAX_ERROR_BODY)
    };
    let headers = if status.is_success() {
        Headers::of(response.headers())
    } else {
        Headers::default()
    };
    let redirect = Redirect::of(&response);
    let content_type = response.headers().get(CONTENT_TYPE).cloned();
    let body = body::read(response, max_body).await;
    let status = status.as_u16();
    match body {
        Ok(body) if (200..300).contains(&status) => {
            match whole::check(operation, content_type.as_ref(), &body) {
                Ok(()) => Outcome::Done {
                    value: Answer {
                        status,
                        request_id,
                        headers,
                        body,
                    },
                    limits,
                },
                Err(broken) => Outcome::Failed {
                    error: AttemptError::Broken {
                        status,
                        request_id,
                        // Its words are read anew, so that none is cut within a secret.
                        broken: match broken {
                            Broken::Error(_) => {
                                let hidden = secrets.hide_in_body(body);
                                whole::check(operation, content_type.as_ref(), &hidden)
                                    .err()
                                    .unwrap_or(broken)
                            }
                            broken => broken,
                        },
                    },
                    failure: Failure::BrokenAnswer,
                    retry_after,
                    limits,
                },
            }
        }
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
                redirect,
                body: secrets.hide_in_body(body.unwrap_or_default()),
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
    let text = headers.get(name)?.to_str().ok()?;
    Some(visible(text, MAX_HEADER).into_owned())
}

/// The innermost reason: the outer ones only say that sending failed, and to which address.
pub(crate) fn innermost_reason(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

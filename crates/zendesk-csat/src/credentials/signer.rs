//! The `Authorization` header of a call: made once, or renewed before it expires and when it is refused.

use super::{API_TOKENS_END, Credentials, Kind, Provider};
use crate::requests::OAuth;
use crate::{Client, Error, SecretText};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a token is to live.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// A token is renewed this long before it expires, or at a tenth of its life if that is less.
const AHEAD: Duration = Duration::from_secs(60);

/// Signs the calls of a client.
pub(crate) struct Signer(Way);

enum Way {
    Fixed(HeaderValue),
    Renewed {
        source: Source,
        current: Mutex<Option<Signature>>,
    },
}

enum Source {
    Client {
        client_id: String,
        client_secret: SecretText,
        scope: String,
    },
    Provider(Provider),
}

/// A header, and until when it is good.
#[derive(Clone, PartialEq)]
pub(crate) struct Signature {
    pub(crate) header: HeaderValue,
    /// On the clock's stopwatch; none where nobody said.
    renew_at: Option<Duration>,
}

impl Signer {
    pub(crate) fn new(credentials: Credentials) -> Result<Self, Error> {
        let source = match credentials.0 {
            Kind::ApiToken { email, token } => {
                tracing::warn!("Zendesk accepts no API token from {API_TOKENS_END} on; use an OAuth client");
                let pair = SecretText::from(format!("{email}/token:{}", token.expose()));
                let encoded = SecretText::from(BASE64_STANDARD.encode(pair.expose()));
                return Ok(Self(Way::Fixed(header("Basic", &encoded)?)));
            }
            Kind::OAuthToken(token) => return Ok(Self(Way::Fixed(header("Bearer", &token)?))),
            Kind::OAuthClient {
                client_id,
                client_secret,
                scope,
            } => Source::Client {
                client_id,
                client_secret,
                scope,
            },
            Kind::Provider(provider) => Source::Provider(provider),
        };
        Ok(Self(Way::Renewed {
            source,
            current: Mutex::new(None),
        }))
    }

    /// The header to send now.
    pub(crate) async fn sign(&self, client: &Client) -> Result<Signature, Error> {
        match &self.0 {
            Way::Fixed(header) => Ok(Signature {
                header: header.clone(),
                renew_at: None,
            }),
            Way::Renewed { source, current } => {
                // Whoever holds the lock asks for all: the others find what it got.
                let mut current = current.lock().await;
                let now = client.clock().monotonic();
                match &*current {
                    Some(signature) if signature.renew_at.is_none_or(|at| now < at) => Ok(signature.clone()),
                    _ => Ok(current.insert(source.ask(client).await?).clone()),
                }
            }
        }
    }

    /// The header to send after the service refused `refused`; none where there can be no other.
    pub(crate) async fn renew(
        &self,
        client: &Client,
        refused: &Signature,
    ) -> Option<Result<Signature, Error>> {
        let Way::Renewed { source, current } = &self.0 else {
            return None;
        };
        let mut current = current.lock().await;
        Some(match &*current {
            Some(newer) if newer != refused => Ok(newer.clone()),
            _ => source
                .ask(client)
                .await
                .map(|signature| current.insert(signature).clone()),
        })
    }
}

impl Source {
    async fn ask(&self, client: &Client) -> Result<Signature, Error> {
        match self {
            Self::Client {
                client_id,
                client_secret,
                scope,
            } => {
                let request = OAuth::new(client.clone())
                    .client_credentials(client_id, client_secret.clone())
                    .scope(scope)
                    .expires_in(LIFETIME);
                // Boxed: signing is part of every call, and this is one.
                let token = Box::pin(request.send()).await?;
                let lifetime = token.expires_in.and_then(|seconds| u64::try_from(seconds).ok());
                let renew_at = lifetime.map(Duration::from_secs).map(|lifetime| {
                    let ahead = AHEAD.min(lifetime / 10);
                    client
                        .clock()
                        .monotonic()
                        .saturating_add(lifetime.saturating_sub(ahead))
                });
                Ok(Signature {
                    header: header("Bearer", &token.access_token)?,
                    renew_at,
                })
            }
            Self::Provider(provider) => {
                let token = provider().await.map_err(|error| {
                    Error::configuration(format!("the source of tokens gave none: {error}"))
                })?;
                Ok(Signature {
                    header: header("Bearer", &token)?,
                    renew_at: None,
                })
            }
        }
    }
}

/// The header, marked sensitive so that no layer prints it.
fn header(scheme: &str, secret: &SecretText) -> Result<HeaderValue, Error> {
    if secret.expose().trim().is_empty() {
        return Err(Error::configuration("the credentials are empty"));
    }
    let value = SecretText::from(format!("{scheme} {}", secret.expose()));
    let mut header = HeaderValue::from_str(value.expose())
        .map_err(|_| Error::configuration("the credentials hold a character that no header can carry"))?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(credentials: Credentials) -> Result<HeaderValue, Error> {
        match Signer::new(credentials)?.0 {
            Way::Fixed(header) => Ok(header),
            Way::Renewed { .. } => panic!("not fixed"),
        }
    }

    #[test]
    fn headers_are_right_and_sensitive() {
        let basic = fixed(Credentials::api_token("ada@example.com", "t0ken")).unwrap();
        // base64 of ada@example.com/token:t0ken
        assert_eq!(
            basic.to_str().unwrap(),
            "Basic YWRhQGV4YW1wbGUuY29tL3Rva2VuOnQwa2Vu"
        );
        let bearer = fixed(Credentials::oauth_token("t0ken")).unwrap();
        assert_eq!(bearer.to_str().unwrap(), "Bearer t0ken");
        assert!(basic.is_sensitive() && bearer.is_sensitive());
        for unusable in ["line\nbreak", "", " "] {
            assert!(fixed(Credentials::oauth_token(unusable)).is_err());
        }
    }
}

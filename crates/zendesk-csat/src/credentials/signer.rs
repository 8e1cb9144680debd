//! The `Authorization` header of a call: made once, or renewed before it expires and when it is refused.

use super::{API_TOKENS_END, Credentials, Kind, Provider, Use, asking, given};
use crate::error::FailedCall;
use crate::requests::OAuth;
use crate::{Client, Error, ErrorKind, SecretText};
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
                let email = given("api_token: email", &email, Use::Text)?;
                let token = given("api_token: token", token.expose(), Use::Text)?;
                // The samples of Zendesk write the user of basic authentication whole.
                let email = email.strip_suffix("/token").unwrap_or(email);
                let pair = SecretText::from(format!("{email}/token:{token}"));
                let encoded = SecretText::from(BASE64_STANDARD.encode(pair.expose()));
                return Ok(Self(Way::Fixed(header("api_token: token", "Basic", &encoded)?)));
            }
            Kind::OAuthToken(token) => {
                return Ok(Self(Way::Fixed(header("oauth_token: token", "Bearer", &token)?)));
            }
            Kind::OAuthClient {
                client_id,
                client_secret,
                scope,
            } => Source::Client {
                client_id: given("oauth_client: client_id", &client_id, Use::Text)?.to_owned(),
                client_secret: given("oauth_client: client_secret", client_secret.expose(), Use::Text)?
                    .into(),
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
                asking::check(client)?;
                source
                    .in_time(client, async {
                        // Whoever holds the lock asks for all: the others find what it got.
                        let mut current = current.lock().await;
                        let now = client.clock().monotonic();
                        match &*current {
                            Some(signature) if signature.renew_at.is_none_or(|at| now < at) => {
                                Ok(signature.clone())
                            }
                            _ => Ok(current.insert(source.ask(client).await?).clone()),
                        }
                    })
                    .await
            }
        }
    }

    /// The header to send after the service refused `refused`; none where there can be no other.
    pub(crate) async fn renew(
        &self,
        client: &Client,
        refused: &Signature,
    ) -> Result<Option<Signature>, Error> {
        let Way::Renewed { source, current } = &self.0 else {
            return Ok(None);
        };
        let renewed = source.in_time(client, async {
            let mut current = current.lock().await;
            match &*current {
                Some(newer) if newer != refused => Ok(newer.clone()),
                _ => Ok(current.insert(source.ask(client).await?).clone()),
            }
        });
        renewed.await.map(Some)
    }
}

impl Source {
    /// Bounds a function of the caller's, whose patience nobody else bounds. The token endpoint is called as any other.
    async fn in_time(
        &self,
        client: &Client,
        signature: impl Future<Output = Result<Signature, Error>>,
    ) -> Result<Signature, Error> {
        match self {
            Self::Client { .. } => signature.await,
            Self::Provider(_) => tokio::time::timeout(client.options.timeout, signature)
                .await
                .unwrap_or_else(|_| Err(no_signature_within("timeout"))),
        }
    }

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
                // A token that never lived is one whose life nobody told.
                let lifetime = token.expires_in.and_then(|seconds| u64::try_from(seconds).ok());
                let lifetime = lifetime.filter(|seconds| *seconds > 0);
                let renew_at = lifetime.map(Duration::from_secs).map(|lifetime| {
                    let ahead = AHEAD.min(lifetime / 10);
                    client
                        .clock()
                        .monotonic()
                        .saturating_add(lifetime.saturating_sub(ahead))
                });
                Ok(Signature {
                    header: header("the service's access_token", "Bearer", &token.access_token)?,
                    renew_at,
                })
            }
            Self::Provider(provider) => {
                let token = asking::ask(client, provider).await.map_err(|error| {
                    Error::configuration(format!("the source of tokens gave none: {error}"))
                })?;
                Ok(Signature {
                    header: header("the token that the source gave", "Bearer", &token)?,
                    renew_at: None,
                })
            }
        }
    }
}

/// No signature came within what bounds it.
pub(crate) fn no_signature_within(bound: &str) -> Error {
    Error::of_call(
        ErrorKind::Timeout,
        format!("the source of tokens gave none within the {bound}"),
        FailedCall::default(),
    )
}

/// The header, marked sensitive so that no layer prints it.
fn header(name: &str, scheme: &str, secret: &SecretText) -> Result<HeaderValue, Error> {
    let secret = given(name, secret.expose(), Use::Header)?;
    let value = SecretText::from(format!("{scheme} {secret}"));
    let mut header = HeaderValue::from_str(value.expose())
        .map_err(|_| Error::configuration(format!("{name} cannot stand in a header")))?;
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

    #[test]
    fn the_user_of_an_api_token_may_be_written_whole() {
        let plain = fixed(Credentials::api_token("ada@example.com", "t0ken")).unwrap();
        for (email, token) in [
            ("ada@example.com/token", "t0ken"),
            (" ada@example.com\r\n", "t0ken\n"),
        ] {
            assert_eq!(
                fixed(Credentials::api_token(email, token)).unwrap(),
                plain,
                "{email:?}"
            );
        }
    }

    #[test]
    fn an_error_names_the_parameter_and_not_its_value() {
        for (credentials, says) in [
            (
                Credentials::oauth_token("PLA\nNTED"),
                "oauth_token: token has a line end",
            ),
            (
                Credentials::oauth_token("PLÄNTED"),
                "oauth_token: token has a character that is not ASCII",
            ),
            (
                Credentials::api_token("PLA\nNTED", "t"),
                "api_token: email has a line end",
            ),
            (
                Credentials::api_token("a@b.example", "PLA\nNTED"),
                "api_token: token has a line end",
            ),
            (
                Credentials::oauth_client("", "s"),
                "oauth_client: client_id is empty",
            ),
            (
                Credentials::oauth_client("c", "PLA\0NTED"),
                "oauth_client: client_secret has a control character",
            ),
        ] {
            let error = Signer::new(credentials).err().unwrap();
            assert!(error.to_string().starts_with(says), "{error}");
            assert!(!format!("{error:?}").contains("PL"), "{error:?}");
        }
    }
}

//! Who the client is to Zendesk.

mod asking;
mod given;
mod signer;

pub(crate) use given::{Use, given};
pub(crate) use signer::{Signature, Signer, no_signature_within};

use crate::SecretText;
use futures::future::BoxFuture;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// The day from which Zendesk accepts no API token.
const API_TOKENS_END: &str = "2027-04-30";

/// How requests are signed. `Debug` never shows a secret.
///
/// White space around a secret, such as the line end of a file, is not part of it.
///
/// ```
/// use zendesk_csat::Credentials;
///
/// let credentials = Credentials::oauth_client("csat-report", "a-client-secret");
/// assert_eq!(format!("{credentials:?}"), "OAuthClient");
/// ```
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    ApiToken {
        email: String,
        token: SecretText,
    },
    OAuthToken(SecretText),
    OAuthClient {
        client_id: String,
        client_secret: SecretText,
        scope: String,
    },
    Provider(Provider),
}

type Provider = Arc<dyn Fn() -> BoxFuture<'static, Result<SecretText, ProviderError>> + Send + Sync>;
type ProviderError = Box<dyn StdError + Send + Sync>;

impl Credentials {
    /// An agent's e-mail address and an API token. An address with `/token` after it, as Zendesk's own samples have it,
    /// is understood.
    ///
    /// Zendesk accepts no API token from 2027-04-30 on: use [`oauth_client`](Self::oauth_client).
    pub fn api_token(email: impl Into<String>, token: impl Into<SecretText>) -> Self {
        Self(Kind::ApiToken {
            email: email.into(),
            token: token.into(),
        })
    }

    /// An OAuth access token, which the client cannot renew.
    pub fn oauth_token(token: impl Into<SecretText>) -> Self {
        Self(Kind::OAuthToken(token.into()))
    }

    /// An OAuth client of the account, by the grant `client_credentials`.
    ///
    /// The client asks for a token with the first call, for the next one before it expires, and for
    /// another, once a call, when the service answers 401. Tasks share one token.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/)
    pub fn oauth_client(client_id: impl Into<String>, client_secret: impl Into<SecretText>) -> Self {
        Self(Kind::OAuthClient {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scope: "read".into(),
        })
    }

    /// With other scopes than `read`, separated by spaces. Only an OAuth client asks for scopes.
    #[must_use]
    pub fn scope(mut self, scopes: impl Into<String>) -> Self {
        if let Kind::OAuthClient { scope, .. } = &mut self.0 {
            *scope = scopes.into();
        }
        self
    }

    /// The caller's own source of OAuth access tokens.
    ///
    /// It is asked with the first call, and again, once a call, when the service answers 401. It has as long as an
    /// attempt has by [`timeout`](crate::ClientBuilder::timeout), and no longer than the call's deadline.
    ///
    /// It cannot use the client that it gives tokens to: that one waits for it, and its calls are an error there, but for
    /// those to the [token endpoint](crate::Client::oauth).
    ///
    /// ```
    /// use zendesk_csat::{Credentials, SecretText};
    ///
    /// let credentials = Credentials::provider(|| async {
    ///     Ok(SecretText::from(std::fs::read_to_string("/run/secrets/zendesk")?.trim()))
    /// });
    /// ```
    pub fn provider<F, R>(token: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<SecretText, ProviderError>> + Send + 'static,
    {
        Self(Kind::Provider(Arc::new(move || Box::pin(token()))))
    }

    /// As [`provider`](Self::provider), of a function that may block: it runs on a thread of its own.
    ///
    /// A function that takes too long is left to itself; the call ends.
    ///
    /// ```
    /// use zendesk_csat::{Credentials, SecretText};
    ///
    /// let credentials = Credentials::blocking_provider(|| {
    ///     let token = std::process::Command::new("vault").args(["read", "-field=token", "zendesk"]).output()?;
    ///     Ok(SecretText::from(String::from_utf8(token.stdout)?))
    /// });
    /// ```
    pub fn blocking_provider<F>(token: F) -> Self
    where
        F: Fn() -> Result<SecretText, ProviderError> + Send + Sync + 'static,
    {
        let token = Arc::new(token);
        Self(Kind::Provider(Arc::new(move || {
            Box::pin(asking::blocking(token.clone()))
        })))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::ApiToken { .. } => "ApiToken",
            Kind::OAuthToken(_) => "OAuthToken",
            Kind::OAuthClient { .. } => "OAuthClient",
            Kind::Provider(_) => "Provider",
        })
    }
}

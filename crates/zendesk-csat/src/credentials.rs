//! Who the client is to Zendesk.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// How requests are signed. `Debug` never shows a secret.
///
/// ```
/// use zendesk_csat::Credentials;
///
/// let credentials = Credentials::oauth_token("a-bearer-token");
/// assert_eq!(format!("{credentials:?}"), "OAuthToken");
/// ```
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    ApiToken { email: String, token: SecretString },
    OAuthToken(SecretString),
}

impl Credentials {
    /// An agent's e-mail address and an API token.
    ///
    /// Zendesk stops accepting API tokens on 2027-04-30; use OAuth from then on.
    pub fn api_token(email: impl Into<String>, token: impl Into<String>) -> Self {
        Self(Kind::ApiToken {
            email: email.into(),
            token: token.into().into(),
        })
    }

    /// An OAuth access token.
    pub fn oauth_token(token: impl Into<String>) -> Self {
        Self(Kind::OAuthToken(token.into().into()))
    }

    /// The `Authorization` header, marked sensitive so that no layer prints it.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let value = match &self.0 {
            Kind::ApiToken { email, token } => {
                let pair = SecretString::from(format!("{email}/token:{}", token.expose_secret()));
                format!("Basic {}", BASE64_STANDARD.encode(pair.expose_secret()))
            }
            Kind::OAuthToken(token) => format!("Bearer {}", token.expose_secret()),
        };
        let mut header = HeaderValue::from_str(&value).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::ApiToken { .. } => "ApiToken",
            Kind::OAuthToken(_) => "OAuthToken",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_right_and_sensitive() {
        let basic = Credentials::api_token("ada@example.com", "t0ken")
            .authorization()
            .unwrap();
        // base64 of ada@example.com/token:t0ken
        assert_eq!(
            basic.to_str().unwrap(),
            "Basic YWRhQGV4YW1wbGUuY29tL3Rva2VuOnQwa2Vu"
        );
        let bearer = Credentials::oauth_token("t0ken").authorization().unwrap();
        assert_eq!(bearer.to_str().unwrap(), "Bearer t0ken");
        assert!(basic.is_sensitive() && bearer.is_sensitive());
        assert!(Credentials::oauth_token("line\nbreak").authorization().is_none());
    }
}

//! [OAuth tokens](https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/).

use super::setters;
use crate::types::{GrantType, OAuthToken, OAuthTokenRequest};
use crate::{Client, Error, SecretText, operation};
use serde_json::Value;
use std::time::Duration;

/// The token endpoint.
#[derive(Debug, Clone)]
pub struct OAuth {
    client: Client,
}

impl OAuth {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks for an access token in the name of an OAuth client.
    ///
    /// The call is not signed with the client's credentials.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/)
    pub fn client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretText>,
    ) -> CreateOAuthToken {
        CreateOAuthToken {
            client: self.client.clone(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scope: None,
            expires_in: None,
        }
    }
}

/// Asks for a token; see [`OAuth::client_credentials`].
#[derive(Debug, Clone)]
pub struct CreateOAuthToken {
    client: Client,
    client_id: String,
    client_secret: SecretText,
    scope: Option<String>,
    expires_in: Option<Duration>,
}

impl CreateOAuthToken {
    setters! {
        /// Scopes, separated by spaces, such as `read`.
        scope: String;
        /// How long the token is to live, to the second.
        expires_in: Duration;
    }

    /// Makes the call. To ask again does no harm, so it is repeated like a read: each token ends by itself.
    ///
    /// # Errors
    /// [`Authentication`](crate::ErrorKind::Authentication) where id or secret are wrong, and whatever
    /// else kept the token from coming.
    pub async fn send(self) -> Result<OAuthToken, Error> {
        let body = OAuthTokenRequest {
            grant_type: GrantType::ClientCredentials,
            client_id: self.client_id.clone(),
            client_secret: Some(self.client_secret.clone()),
            scope: self.scope.clone(),
            expires_in: self
                .expires_in
                .and_then(|time| i64::try_from(time.as_secs()).ok()),
            code: None,
            code_verifier: None,
            redirect_uri: None,
            refresh_token: None,
            refresh_token_expires_in: None,
        };
        let body = &body;
        let response = self
            .client
            .call(&operation::CREATE_OAUTH_TOKEN, |api| async move {
                api.create_oauth_token(body).await
            })
            .await?;
        // A life that cannot be read is none that was told; the token is good all the same.
        response
            .record()
            .or_else(|error| readable(&response.body).ok_or(error))
    }
}

/// The longest life of a token that is believed, in seconds: ten years.
const LONGEST: i64 = 10 * 366 * 24 * 60 * 60;

/// A token whose numbers of seconds are read for what they say, or left out.
fn readable(body: &[u8]) -> Option<OAuthToken> {
    let mut token: Value = serde_json::from_slice(body).ok()?;
    for name in ["expires_in", "refresh_token_expires_in"] {
        if let Some(lifetime) = token.get_mut(name) {
            *lifetime = seconds(lifetime).map_or(Value::Null, Value::from);
        }
    }
    serde_json::from_value(token).ok()
}

/// Whole seconds of a number, or of one in a text.
#[expect(clippy::cast_possible_truncation, reason = "it is between two small integers")]
fn seconds(lifetime: &Value) -> Option<i64> {
    let seconds = match lifetime {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (seconds >= 0.0).then_some(seconds.min(LONGEST as f64) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_life_is_read_from_whatever_says_it() {
        for (said, read) in [
            (json!("1799.5"), Some(1_799)),
            (json!(1799.9), Some(1_799)),
            (json!(" 60 "), Some(60)),
            (json!("1e3"), Some(1_000)),
            (json!(1e300), Some(LONGEST)),
            (json!("inf"), Some(LONGEST)),
            (json!(u64::MAX), Some(LONGEST)),
            (json!(-1.5), None),
            (json!("NaN"), None),
            (json!("soon"), None),
            (json!({}), None),
            (json!(true), None),
        ] {
            let body = json!({"access_token": "T", "expires_in": said}).to_string();
            assert_eq!(readable(body.as_bytes()).unwrap().expires_in, read, "{body}");
        }
        assert!(readable(br#"{"access_token": 5, "expires_in": "soon"}"#).is_none());
    }
}

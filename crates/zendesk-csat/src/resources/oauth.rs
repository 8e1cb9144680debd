//! [OAuth tokens](https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/).

use super::setters;
use crate::types::{GrantType, OAuthToken, OAuthTokenRequest};
use crate::{Client, Error, SecretText, operation};
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
        response.record()
    }
}

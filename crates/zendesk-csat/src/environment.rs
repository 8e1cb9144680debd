//! The environment variables that a client can be made from.

use crate::{Client, ClientBuilder, Credentials, Error};

/// The variables, read through a function so that a test needs no environment of its own.
pub(crate) struct Environment<F>(F);

impl Environment<fn(&str) -> Option<String>> {
    pub(crate) fn of_process() -> Self {
        Self(|name| std::env::var(name).ok())
    }
}

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    /// A builder for the account that the caller names, else for the one in the environment.
    pub(crate) fn builder(&self, subdomain: Option<String>) -> Result<ClientBuilder, Error> {
        let subdomain = match subdomain {
            Some(subdomain) => subdomain,
            None => self.required("ZENDESK_SUBDOMAIN", "the account's name in its address")?,
        };
        let builder = Client::builder(subdomain).credentials(self.credentials()?);
        Ok(match self.read("ZENDESK_BASE_URL") {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    fn credentials(&self) -> Result<Credentials, Error> {
        if let Some(client_id) = self.read("ZENDESK_OAUTH_CLIENT_ID") {
            let secret = self.required(
                "ZENDESK_OAUTH_CLIENT_SECRET",
                "the secret of ZENDESK_OAUTH_CLIENT_ID",
            )?;
            return Ok(Credentials::oauth_client(client_id, secret));
        }
        if let Some(token) = self.read("ZENDESK_OAUTH_TOKEN") {
            return Ok(Credentials::oauth_token(token));
        }
        if self.read("ZENDESK_API_TOKEN").is_none() && self.read("ZENDESK_EMAIL").is_none() {
            return Err(Error::configuration(
                "no credentials: set ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, or ZENDESK_OAUTH_TOKEN, \
                 or ZENDESK_EMAIL and ZENDESK_API_TOKEN",
            ));
        }
        let token = self.required("ZENDESK_API_TOKEN", "the API token of ZENDESK_EMAIL")?;
        let email = self.required("ZENDESK_EMAIL", "the agent that ZENDESK_API_TOKEN belongs to")?;
        Ok(Credentials::api_token(email, token))
    }

    fn required(&self, name: &str, meaning: &str) -> Result<String, Error> {
        self.read(name)
            .ok_or_else(|| Error::configuration(format!("{name} is not set: {meaning}")))
    }

    /// A variable that is set to nothing is not set.
    fn read(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(variables: &[(&str, &str)]) -> Result<String, String> {
        let environment = Environment(|name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        });
        let client = environment.builder(None).and_then(ClientBuilder::build);
        client
            .map(|client| format!("{client:?}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn either_way_of_signing_in_makes_a_client() {
        let acme = "Client { base_url: \"https://acme.zendesk.com\", .. }";
        assert_eq!(
            built(&[("ZENDESK_SUBDOMAIN", "acme"), ("ZENDESK_OAUTH_TOKEN", "t")]),
            Ok(acme.into())
        );
        let token = [
            ("ZENDESK_SUBDOMAIN", "acme"),
            ("ZENDESK_EMAIL", "a@b.example"),
            ("ZENDESK_API_TOKEN", "t"),
        ];
        assert_eq!(built(&token), Ok(acme.into()));
    }

    #[test]
    fn an_oauth_client_needs_its_secret() {
        let client = [("ZENDESK_SUBDOMAIN", "acme"), ("ZENDESK_OAUTH_CLIENT_ID", "csat")];
        assert!(
            built(&client)
                .unwrap_err()
                .contains("ZENDESK_OAUTH_CLIENT_SECRET is not set")
        );
    }

    #[test]
    fn an_error_names_the_variable() {
        assert!(built(&[]).unwrap_err().contains("ZENDESK_SUBDOMAIN is not set"));
        assert!(
            built(&[("ZENDESK_SUBDOMAIN", "acme")])
                .unwrap_err()
                .contains("set ZENDESK_OAUTH_CLIENT_ID")
        );
        let no_email = [
            ("ZENDESK_SUBDOMAIN", "acme"),
            ("ZENDESK_API_TOKEN", "t"),
            ("ZENDESK_EMAIL", " "),
        ];
        assert!(built(&no_email).unwrap_err().contains("ZENDESK_EMAIL is not set"));
        let no_token = [("ZENDESK_SUBDOMAIN", "acme"), ("ZENDESK_EMAIL", "a@b.example")];
        assert!(
            built(&no_token)
                .unwrap_err()
                .contains("ZENDESK_API_TOKEN is not set")
        );
    }
}

//! The environment variables that a client can be made from.

use crate::credentials::{Use, given};
use crate::{Client, ClientBuilder, Credentials, Error};

/// The variables, read through a function so that a test needs no environment of its own.
pub(crate) struct Environment<F>(F);

impl Environment<fn(&str) -> Option<String>> {
    pub(crate) fn of_process() -> Self {
        // What is no text is refused by its name, not taken for unset.
        Self(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }
}

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    /// A builder for the account that the caller names, else for the one in the environment.
    pub(crate) fn builder(&self, subdomain: Option<String>) -> Result<ClientBuilder, Error> {
        let subdomain = match subdomain {
            Some(subdomain) => subdomain,
            None => self.required("ZENDESK_SUBDOMAIN", "the account's name in its address")?,
        };
        let mut builder = Client::builder(subdomain).credentials(self.credentials()?);
        if let Some(url) = self.read("ZENDESK_BASE_URL") {
            builder = builder.base_url(url);
        }
        if let Some(host) = self.read("ZENDESK_ALLOW_HTTP") {
            builder = builder.allow_http(host);
        }
        Ok(builder)
    }

    fn credentials(&self) -> Result<Credentials, Error> {
        if let Some(client_id) = self.given("ZENDESK_OAUTH_CLIENT_ID", Use::Text)? {
            let secret = self.required_value(
                "ZENDESK_OAUTH_CLIENT_SECRET",
                "the secret of ZENDESK_OAUTH_CLIENT_ID",
            )?;
            return Ok(Credentials::oauth_client(client_id, secret));
        }
        if let Some(token) = self.given("ZENDESK_OAUTH_TOKEN", Use::Header)? {
            return Ok(Credentials::oauth_token(token));
        }
        if self.read("ZENDESK_API_TOKEN").is_none() && self.read("ZENDESK_EMAIL").is_none() {
            return Err(Error::configuration(
                "no credentials: set ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, or ZENDESK_OAUTH_TOKEN, \
                 or ZENDESK_EMAIL and ZENDESK_API_TOKEN",
            ));
        }
        let token = self.required_value("ZENDESK_API_TOKEN", "the API token of ZENDESK_EMAIL")?;
        let email = self.required_value("ZENDESK_EMAIL", "the agent that ZENDESK_API_TOKEN belongs to")?;
        Ok(Credentials::api_token(email, token))
    }

    /// A value that becomes part of what signs requests, where it is set.
    fn given(&self, name: &str, is_for: Use) -> Result<Option<String>, Error> {
        let value = self.read(name);
        let value = value.as_deref().map(|value| given(name, value, is_for));
        Ok(value.transpose()?.map(str::to_owned))
    }

    fn required_value(&self, name: &str, meaning: &str) -> Result<String, Error> {
        let value = self.required(name, meaning)?;
        given(name, &value, Use::Text).map(str::to_owned)
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
    fn line_ends_around_values_are_not_meant() {
        let acme = "Client { base_url: \"https://acme.zendesk.com\", .. }";
        for variables in [
            [
                ("ZENDESK_SUBDOMAIN", "acme\n"),
                ("ZENDESK_OAUTH_TOKEN", "t\r\n"),
                ("", ""),
            ],
            [
                ("ZENDESK_SUBDOMAIN", "acme"),
                ("ZENDESK_EMAIL", "a@b.example\n"),
                ("ZENDESK_API_TOKEN", "t\n"),
            ],
            [
                ("ZENDESK_SUBDOMAIN", "acme"),
                ("ZENDESK_OAUTH_CLIENT_ID", " csat\n"),
                ("ZENDESK_OAUTH_CLIENT_SECRET", "s\n"),
            ],
        ] {
            assert_eq!(built(&variables), Ok(acme.into()), "{variables:?}");
        }
    }

    #[test]
    fn http_is_for_this_machine_and_for_the_host_that_is_named() {
        let emulator = [
            ("ZENDESK_SUBDOMAIN", "acme"),
            ("ZENDESK_OAUTH_TOKEN", "t"),
            ("ZENDESK_BASE_URL", "http://emulator:4000"),
            ("ZENDESK_ALLOW_HTTP", "emulator\n"),
        ];
        assert_eq!(
            built(&emulator),
            Ok("Client { base_url: \"http://emulator:4000\", .. }".into())
        );
        let error = built(&emulator[..3]).unwrap_err();
        assert!(error.contains("ZENDESK_ALLOW_HTTP"), "{error}");
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
        for (name, value) in [
            ("ZENDESK_OAUTH_TOKEN", "PLA\nNTED"),
            ("ZENDESK_OAUTH_TOKEN", "PLÄNTED"),
            ("ZENDESK_OAUTH_CLIENT_ID", "PLA\u{1b}NTED"),
        ] {
            let error = built(&[("ZENDESK_SUBDOMAIN", "acme"), (name, value)]).unwrap_err();
            assert!(
                error.starts_with(&format!("{name} has a ")) && !error.contains("PL"),
                "{error}"
            );
        }
        let secret = [
            ("ZENDESK_SUBDOMAIN", "acme"),
            ("ZENDESK_OAUTH_CLIENT_ID", "csat"),
            ("ZENDESK_OAUTH_CLIENT_SECRET", "PLA\nNTED"),
        ];
        let error = built(&secret).unwrap_err();
        assert!(
            error.starts_with("ZENDESK_OAUTH_CLIENT_SECRET has a line end"),
            "{error}"
        );
        let no_token = [("ZENDESK_SUBDOMAIN", "acme"), ("ZENDESK_EMAIL", "a@b.example")];
        assert!(
            built(&no_token)
                .unwrap_err()
                .contains("ZENDESK_API_TOKEN is not set")
        );
    }
}

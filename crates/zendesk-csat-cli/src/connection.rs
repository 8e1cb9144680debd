//! Which account, and who asks: flags or environment, never a secret in a flag.

use crate::exit::Failure;
use crate::output;
use clap::Args;
use std::path::PathBuf;
use zendesk_csat::{Client, ClientBuilder};

/// The account; credentials come from the environment, where no list of processes shows them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct Connection {
    /// The account's name in its address [env: ZENDESK_SUBDOMAIN]
    #[arg(long, value_name = "NAME")]
    subdomain: Option<String>,
    /// Where the account is, if not at Zendesk [env: ZENDESK_BASE_URL]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Certificates in PEM form to trust besides the system's; SSL_CERT_FILE names some in their place
    #[arg(long, value_name = "FILE")]
    ca_bundle: Option<PathBuf>,
}

impl Connection {
    pub(crate) fn client(self) -> Result<Client, Failure> {
        let client = self.builder()?.build()?;
        Ok(client.on_wait(|wait| {
            if wait.is_long() {
                output::say(&wait.to_string());
            }
        }))
    }

    fn builder(self) -> Result<ClientBuilder, Failure> {
        let builder = ClientBuilder::from_env(self.subdomain)?;
        let builder = match self.base_url {
            Some(url) => builder.base_url(url),
            None => builder,
        };
        Ok(match self.ca_bundle {
            Some(file) => builder.ca_bundle(file),
            None => builder,
        })
    }
}

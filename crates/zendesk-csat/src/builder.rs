//! Making a client: where it connects, as whom, and how patient it is.

use crate::client::{Connection, Options};
use crate::credentials::{Credentials, Signer, Use, given};
use crate::environment::Environment;
use crate::transport::backoff::Backoff;
use crate::transport::bucket::CallCounter;
use crate::transport::clock::{Clock, SystemClock};
use crate::transport::host_guard::{BaseUrl, SubdomainError, check_subdomain};
use crate::transport::pacing::Pacer;
use crate::transport::waits::Health;
use crate::{Client, Error};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
compile_error!("zendesk-csat needs TLS: switch on its feature `rustls` or `native-tls`");

/// Makes a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    subdomain: String,
    base_url: Option<String>,
    credentials: Option<Credentials>,
    options: Options,
    http_host: Option<String>,
    proxy: Option<String>,
    ca_bundle: Option<PathBuf>,
    user_agent: Option<String>,
    clock: Option<Arc<dyn Clock>>,
}

impl ClientBuilder {
    pub(crate) fn new(subdomain: String) -> Self {
        Self {
            subdomain,
            base_url: None,
            credentials: None,
            options: Options::default(),
            http_host: None,
            proxy: None,
            ca_bundle: None,
            user_agent: None,
            clock: None,
        }
    }

    /// A builder with what the environment says, as for [`Client::from_env`].
    ///
    /// A subdomain given here goes before the one in the environment.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the variable that is missing.
    pub fn from_env(subdomain: Option<String>) -> Result<Self, Error> {
        Environment::of_process().builder(subdomain)
    }

    /// Where the account is, if not at Zendesk: https, or http on this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Lets the base URL be http at one more host, such as that of the offline account in another container. Whoever
    /// stands between can read the credentials and the answers: name a host of tests only. None at Zendesk is let.
    ///
    /// ```
    /// use zendesk_csat::{Client, Credentials};
    ///
    /// let client = Client::builder("acme")
    ///     .base_url("http://emulator:4000")
    ///     .allow_http("emulator")
    ///     .credentials(Credentials::oauth_token("a-token-of-the-offline-account"))
    ///     .build()?;
    /// # Ok::<(), zendesk_csat::Error>(())
    /// ```
    pub fn allow_http(mut self, host: impl Into<String>) -> Self {
        self.http_host = Some(host.into());
        self
    }

    /// How requests are signed.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The longest time that one attempt may take with its body. 30 seconds where not given.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// How many attempts may follow the first. 2 where not given.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = retries;
        self
    }

    /// The longest time that a call may wait for a limit. 5 minutes where not given.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.options.max_wait = wait;
        self
    }

    /// The longest time that a call may take with all its attempts and waits. No end where not given.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// The largest body to read, unpacked, in bytes. 64 MiB where not given.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.options.max_body = bytes;
        self
    }

    /// The proxy to go through, such as `http://proxy.example:3128`. The environment's where not given.
    ///
    /// It carries what it cannot read. With an http base URL it could read all: none is used then, and one given here is
    /// an error.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A file of certificates in PEM form to trust besides the system's.
    pub fn ca_bundle(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(file.into());
        self
    }

    /// What the client calls itself.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Another clock than the computer's, so that a test never waits.
    #[doc(hidden)]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration), saying what to write instead.
    pub fn build(self) -> Result<Client, Error> {
        let unusable = |error: SubdomainError| {
            // What is an address may hold a password.
            let named = match &*self.subdomain {
                address if address.contains('@') => String::new(),
                subdomain => format!("{subdomain:?} "),
            };
            Error::configuration(format!("the subdomain {named}{error}"))
        };
        // Checked where a base URL is given too: it names the account.
        let subdomain = check_subdomain(&self.subdomain).map_err(unusable)?;
        let base_url = match &self.base_url {
            Some(url) => BaseUrl::parse(url, self.http_host.as_deref())
                .map_err(|error| Error::configuration(error.to_string()))?,
            None => BaseUrl::of_subdomain(&subdomain).map_err(unusable)?,
        };
        let http = self.http_client(&base_url)?;
        let credentials = self.credentials.ok_or_else(|| {
            Error::configuration("no credentials: give Credentials::oauth_client, oauth_token or api_token")
        })?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let connection = Connection {
            http,
            base_url,
            subdomain,
            signer: Signer::new(credentials)?,
            pacer: Pacer::new(clock.clone()),
            clock,
            backoff: Backoff::default(),
            health: Health::default(),
            counter: CallCounter::default(),
        };
        Ok(Client::new(connection, self.options))
    }

    fn http_client(&self, base_url: &BaseUrl) -> Result<reqwest::Client, Error> {
        install_tls_provider();
        let user_agent = match &self.user_agent {
            Some(user_agent) => given("user_agent", user_agent, Use::Header)?,
            None => concat!("zendesk-csat/", env!("CARGO_PKG_VERSION")),
        };
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            // Another crate of the program may switch the feature on; bodies are unpacked here, bounded.
            .no_gzip()
            .connect_timeout(Duration::from_secs(10));
        if base_url.is_http() {
            // Nothing to verify, and nobody between who may read along: no need for certificates, which a
            // container may lack, nor for a proxy.
            builder = builder.tls_certs_only([]).no_proxy();
        }
        if let Some(url) = &self.proxy {
            if base_url.is_http() {
                return Err(Error::configuration(
                    "a proxy could read the credentials on their way to an http base URL; leave the proxy out",
                ));
            }
            let proxy =
                reqwest::Proxy::all(url).map_err(|_| Error::configuration("the proxy is no address"))?;
            builder = builder.proxy(proxy);
        }
        if let Some(file) = &self.ca_bundle {
            let unusable = |reason: String| Error::configuration(format!("{}: {reason}", file.display()));
            let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| unusable("no certificates in PEM form".into()))?;
            if certificates.is_empty() {
                return Err(unusable("no certificates in PEM form".into()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        builder
            .build()
            .map_err(|error| Error::configuration(format!("no HTTP client: {error}")))
    }
}

/// Where another part of the program has installed a provider, that one serves as well.
fn install_tls_provider() {
    #[cfg(feature = "rustls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
}

//! The client: what it is made of, and its resources.

use crate::Error;
use crate::call::{self, CallContext};
use crate::credentials::{Credentials, Signer};
use crate::environment::Environment;
use crate::generated;
use crate::operation::Operation;
use crate::requests::{OAuth, SatisfactionRatings, SatisfactionReasons, SurveyResponses, Surveys, Tickets};
use crate::response::Response;
use crate::transport::backoff::Backoff;
use crate::transport::bucket::{CallCounter, CallCounts};
use crate::transport::clock::{Clock, SystemClock};
use crate::transport::host_guard::BaseUrl;
use crate::transport::pacing::Pacer;
use crate::transport::retry::RetryPolicy;
use progenitor_client::{ByteStream, ResponseValue};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// A Zendesk account as the holder of some credentials sees it.
///
/// Cheap to clone; clones share connections, limits and counts.
///
/// ```
/// use zendesk_csat::{Client, Credentials};
///
/// let client = Client::builder("acme")
///     .credentials(Credentials::api_token("ada@acme.example", "an-api-token"))
///     .build()?;
/// let ratings = client.satisfaction_ratings().list();
/// # Ok::<(), zendesk_csat::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Shared>);

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) signer: Signer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pacer: Pacer,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) backoff: Backoff,
    pub(crate) counter: CallCounter,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
    subdomain: String,
}

impl Client {
    /// A client of the account at `subdomain`.zendesk.com.
    pub fn builder(subdomain: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            subdomain: subdomain.into(),
            base_url: None,
            credentials: None,
            timeout: Duration::from_secs(30),
            max_retries: 2,
            max_wait: Duration::from_secs(5 * 60),
            max_body: 64 << 20,
            user_agent: None,
            clock: None,
        }
    }

    /// A client from the environment.
    ///
    /// `ZENDESK_SUBDOMAIN`, and one of `ZENDESK_OAUTH_CLIENT_ID` with `ZENDESK_OAUTH_CLIENT_SECRET`,
    /// `ZENDESK_OAUTH_TOKEN`, or `ZENDESK_EMAIL` with `ZENDESK_API_TOKEN`; `ZENDESK_BASE_URL` where the
    /// account is not at Zendesk.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env(None)?.build()
    }

    /// The account's name in its address.
    pub fn subdomain(&self) -> &str {
        &self.0.subdomain
    }

    /// The requests sent so far, by the limit that they count against.
    pub fn call_counts(&self) -> CallCounts {
        self.0.counter.counts()
    }

    /// Legacy satisfaction ratings.
    pub fn satisfaction_ratings(&self) -> SatisfactionRatings {
        SatisfactionRatings::new(self.clone())
    }

    /// The reasons that customers pick for bad legacy ratings.
    pub fn satisfaction_reasons(&self) -> SatisfactionReasons {
        SatisfactionReasons::new(self.clone())
    }

    /// Surveys sent to customers, and their answers.
    pub fn survey_responses(&self) -> SurveyResponses {
        SurveyResponses::new(self.clone())
    }

    /// The surveys themselves.
    pub fn surveys(&self) -> Surveys {
        Surveys::new(self.clone())
    }

    /// Tickets by bulk export and by id, and their audits.
    pub fn tickets(&self) -> Tickets {
        Tickets::new(self.clone())
    }

    /// The token endpoint.
    pub fn oauth(&self) -> OAuth {
        OAuth::new(self.clone())
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Makes a call through the generated client, and takes its answer from the call's context.
    pub(crate) async fn call<F, R>(&self, operation: &'static Operation, send: F) -> Result<Response, Error>
    where
        F: FnOnce(generated::Client) -> R,
        R: Future<Output = Result<ResponseValue<ByteStream>, progenitor_client::Error<()>>>,
    {
        let context = CallContext::new(self.clone(), operation);
        let base_url = self.0.base_url.as_str();
        let api = generated::Client::new_with_client(base_url, self.0.http.clone(), context.clone());
        let sent = send(api).await;
        context
            .take_answer()
            .unwrap_or_else(|| Err(call::not_sent(operation, sent.err())))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Makes a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    subdomain: String,
    base_url: Option<String>,
    credentials: Option<Credentials>,
    timeout: Duration,
    max_retries: u32,
    max_wait: Duration,
    max_body: usize,
    user_agent: Option<String>,
    clock: Option<Arc<dyn Clock>>,
}

impl ClientBuilder {
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

    /// How requests are signed.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The longest time that one attempt may take with its body. 30 seconds where not given.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many attempts may follow the first. 2 where not given.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest time that a call may wait for a limit. 5 minutes where not given.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The largest body to read, unpacked, in bytes. 64 MiB where not given.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
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
        let base_url = match &self.base_url {
            Some(url) => BaseUrl::parse(url).map_err(|error| Error::configuration(error.to_string()))?,
            None => BaseUrl::of_subdomain(&self.subdomain)
                .map_err(|error| Error::configuration(error.to_string()))?,
        };
        let credentials = self.credentials.ok_or_else(|| {
            Error::configuration("no credentials: give Credentials::oauth_client, oauth_token or api_token")
        })?;
        let signer = Signer::new(credentials)?;
        let own_name = || concat!("zendesk-csat/", env!("CARGO_PKG_VERSION")).to_owned();
        let http = http_client(&base_url, self.user_agent.unwrap_or_else(own_name))?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        Ok(Client(Arc::new(Shared {
            http,
            base_url,
            signer,
            pacer: Pacer::new(clock.clone()),
            clock,
            retry_policy: RetryPolicy {
                max_retries: self.max_retries,
                max_wait: self.max_wait,
            },
            backoff: Backoff::default(),
            counter: CallCounter::default(),
            timeout: self.timeout,
            max_body: self.max_body,
            subdomain: self.subdomain,
        })))
    }
}

fn http_client(base_url: &BaseUrl, user_agent: String) -> Result<reqwest::Client, Error> {
    // Where another part of the program has installed a provider, that one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10));
    if base_url.as_str().starts_with("http:") {
        // Nothing to verify: no need for the system's certificates, which a container may lack.
        builder = builder.tls_certs_only([]);
    }
    builder
        .build()
        .map_err(|error| Error::configuration(format!("no HTTP client: {error}")))
}

//! The client: what it is made of, and its resources.

use crate::call::{self, CallContext};
use crate::credentials::Signer;
use crate::generated;
use crate::operation::Operation;
use crate::requests::{
    Brands, Groups, OAuth, Organizations, SatisfactionRatings, SatisfactionReasons, SurveyResponses, Surveys,
    TicketForms, Tickets, Users,
};
use crate::response::{CallRecorder, Response};
use crate::transport::backoff::Backoff;
use crate::transport::bucket::{CallCounter, CallCounts, Limits};
use crate::transport::clock::Clock;
use crate::transport::host_guard::BaseUrl;
use crate::transport::pacing::Pacer;
use crate::transport::waits::{Health, Wait, WaitListener};
use crate::{ClientBuilder, Error};
use progenitor_client::{ByteStream, ResponseValue};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

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
pub struct Client {
    pub(crate) connection: Arc<Connection>,
    pub(crate) options: Options,
}

/// What all clones of a client share.
pub(crate) struct Connection {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) subdomain: String,
    pub(crate) signer: Signer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pacer: Pacer,
    pub(crate) backoff: Backoff,
    pub(crate) counter: CallCounter,
    pub(crate) health: Health,
}

/// How patient and how trusting a client is.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) max_wait: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) max_body: usize,
    pub(crate) recorder: Option<CallRecorder>,
    pub(crate) patience: Duration,
    pub(crate) wait_listener: Option<WaitListener>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            max_retries: 2,
            max_wait: Duration::from_secs(5 * 60),
            deadline: None,
            max_body: 64 << 20,
            recorder: None,
            patience: Duration::ZERO,
            wait_listener: None,
        }
    }
}

impl Client {
    /// A client of the account at `subdomain`.zendesk.com.
    ///
    /// The subdomain is taken in any letters, and with space around it. What cannot be one, such as an address, is an
    /// error of kind [`Configuration`](crate::ErrorKind::Configuration) when the client is built.
    ///
    /// ```
    /// use zendesk_csat::{Client, Credentials};
    ///
    /// let client = Client::builder(" Acme ").credentials(Credentials::oauth_token("t")).build()?;
    /// assert_eq!(client.subdomain(), "acme");
    /// # Ok::<(), zendesk_csat::Error>(())
    /// ```
    pub fn builder(subdomain: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(subdomain.into())
    }

    pub(crate) fn new(connection: Connection, options: Options) -> Self {
        Self {
            connection: Arc::new(connection),
            options,
        }
    }

    /// A client from the environment.
    ///
    /// `ZENDESK_SUBDOMAIN`, and one of `ZENDESK_OAUTH_CLIENT_ID` with `ZENDESK_OAUTH_CLIENT_SECRET`,
    /// `ZENDESK_OAUTH_TOKEN`, or `ZENDESK_EMAIL` with `ZENDESK_API_TOKEN`; `ZENDESK_BASE_URL` where the
    /// account is not at Zendesk, and `ZENDESK_ALLOW_HTTP` with the host of one in tests that is reached by http.
    /// White space around a value is not part of it.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env(None)?.build()
    }

    /// The account's name in its address, in small letters.
    pub fn subdomain(&self) -> &str {
        &self.connection.subdomain
    }

    /// The same connection, with another timeout of an attempt.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// The same connection, with another number of attempts after the first.
    #[must_use]
    pub fn with_max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = retries;
        self
    }

    /// The same connection, with another longest wait for a limit.
    #[must_use]
    pub fn with_max_wait(mut self, wait: Duration) -> Self {
        self.options.max_wait = wait;
        self
    }

    /// The same connection, with an end to each call, its attempts and waits included.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
    /// use std::time::Duration;
    ///
    /// let hurried = client.clone().with_deadline(Duration::from_secs(5)).with_max_retries(0);
    /// hurried.satisfaction_ratings().count().send().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// The same connection, with patience: where a call would end by a failure that passes, such as a lost connection or a
    /// 503, it goes on until no call of the client has succeeded for this long. None by default.
    ///
    /// It begins with the client's first success: before, trouble and a wrong address look the same. What must not be
    /// repeated is not.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
    /// use std::time::Duration;
    ///
    /// let nightly = client.with_patience(Duration::from_secs(10 * 60)).on_wait(|wait| eprintln!("{wait}"));
    /// nightly.satisfaction_ratings().count().send().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.options.patience = patience;
        self
    }

    /// The same connection, with a function that is told of each wait as it begins, for a limit or after a failure. It
    /// should return at once: the call waits for it.
    #[must_use]
    pub fn on_wait(mut self, told: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        self.options.wait_listener = Some(WaitListener(Arc::new(told)));
        self
    }

    /// The same connection, with a recorder of what came around its answers: status, headers, request id, attempts.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
    /// let (client, recorder) = client.recorded();
    /// client.satisfaction_ratings().count().send().await?;
    /// let meta = recorder.last().ok_or("no call")?;
    /// assert_eq!((meta.status, meta.headers.get("Content-Type")), (200, Some("application/json; charset=utf-8")));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn recorded(&self) -> (Self, CallRecorder) {
        let recorder = CallRecorder::default();
        let mut client = self.clone();
        client.options.recorder = Some(recorder.clone());
        (client, recorder)
    }

    /// Where requests go, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.connection.base_url.as_str()
    }

    /// The requests sent so far, by the limit that they count against.
    pub fn call_counts(&self) -> CallCounts {
        self.connection.counter.counts()
    }

    /// How many calls a minute the service allows, as far as its answers to this client have told.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().plan("suite-professional").start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
    /// assert_eq!(client.limits().support, None);
    /// client.satisfaction_ratings().count().send().await?;
    /// assert_eq!(client.limits().support, Some(400));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn limits(&self) -> Limits {
        self.connection.pacer.limits()
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

    /// The groups that agents work in.
    pub fn groups(&self) -> Groups {
        Groups::new(self.clone())
    }

    /// Agents, admins and end users, and whose credentials these are.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// The brands of the account.
    pub fn brands(&self) -> Brands {
        Brands::new(self.clone())
    }

    /// The forms by which tickets are made.
    pub fn ticket_forms(&self) -> TicketForms {
        TicketForms::new(self.clone())
    }

    /// The organizations that customers belong to.
    pub fn organizations(&self) -> Organizations {
        Organizations::new(self.clone())
    }

    /// The token endpoint.
    pub fn oauth(&self) -> OAuth {
        OAuth::new(self.clone())
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.connection.clock
    }

    /// Makes a call through the generated client, and takes its answer from the call's context.
    pub(crate) async fn call<F, R>(&self, operation: &'static Operation, send: F) -> Result<Response, Error>
    where
        F: FnOnce(generated::Client) -> R,
        R: Future<Output = Result<ResponseValue<ByteStream>, progenitor_client::Error<()>>>,
    {
        let context = CallContext::new(self.clone(), operation);
        let Connection { base_url, http, .. } = &*self.connection;
        let api = generated::Client::new_with_client(base_url.as_str(), http.clone(), context.clone());
        let span = tracing::debug_span!("call", operation = operation.id, bucket = %operation.bucket);
        let sent = send(api).instrument(span).await;
        let answer = context
            .take_answer()
            .unwrap_or_else(|| Err(call::not_sent(operation, sent.err())));
        if let (Ok(response), Some(recorder)) = (&answer, &self.options.recorder) {
            recorder.note(&response.meta);
        }
        answer
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.connection.base_url.as_str())
            .finish_non_exhaustive()
    }
}

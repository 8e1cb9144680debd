//! Starting and stopping an account.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::account::{Account, Origin, STARTS_AT, default_open_days};
use crate::clock::Clock;
use crate::control;
use crate::faults::{FaultsError, half_emoji};
use crate::journal::JournalEntry;
use crate::limits::{Limits, PLANS, Plan};
use crate::names::Names;
use crate::server;
use crate::state::{State, StateError};
use crate::truth;
use crate::truth_names;
use crate::zendesk::{AccountInfo, Zendesk};

const DEFAULT_SEED: u64 = 7;
const DEFAULT_TICKETS: u32 = 10_000;
const MOST_OPEN_DAYS: u16 = 365;

/// Why an account could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The port is taken, or may not be listened on.
    #[error("cannot listen on {host}, port {port}: {source}")]
    Listen {
        /// The address or name asked for.
        host: String,
        /// The port asked for; 0 is any.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server's thread could not be started.
    #[error("cannot start the server: {0}")]
    Thread(std::io::Error),
    /// More tickets than the emulator numbers.
    #[error("an account can have at most {most} tickets, not {asked}")]
    TooManyTickets {
        /// The most there can be.
        most: u32,
        /// How many were asked for.
        asked: u32,
    },
    /// So many days that no survey is open for.
    #[error("a survey can be open for 1 to {most} days, not {asked}")]
    OpenDays {
        /// The most there can be.
        most: u16,
        /// How many were asked for.
        asked: u16,
    },
    /// A speed that no clock has.
    #[error("the clock's speed must be 0 or more, not {0}")]
    ClockSpeed(f64),
    /// The file that keeps the account cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// A plan that there is not.
    #[error("there is no plan {0}; there are {plans}, each also with +high-volume", plans = plan_names())]
    UnknownPlan(String),
}

fn plan_names() -> String {
    PLANS.map(|(name, _)| name).join(", ")
}

/// A record that cannot be put in: why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PutError(String);

/// What account to start, and how.
#[derive(Debug, Clone)]
pub struct EmulatorBuilder {
    seed: u64,
    tickets: u32,
    bind: Option<String>,
    port: u16,
    clock_speed: f64,
    mirrors: bool,
    surveys: bool,
    open_days: u16,
    plan: Option<String>,
    state: Option<PathBuf>,
}

impl EmulatorBuilder {
    /// Chooses the account: the same seed and options make the same account, byte for byte. 7 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many tickets the account has when it starts; 10,000 by default.
    #[must_use]
    pub fn tickets(mut self, tickets: u32) -> Self {
        self.tickets = tickets;
        self
    }

    /// Listens on an address or name of this machine in place of the loopback address, so that another container reaches
    /// the account: `0.0.0.0` for all of them, or the container's own name.
    ///
    /// This is unsafe where others share the network: whoever reaches the port gets the account's credentials, and may
    /// change it, without any of their own. The account then answers to addresses, to names without a dot and to the one
    /// given here, by any port, and still to no page of another site.
    ///
    /// ```
    /// let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(20).bind("localhost").start()?;
    /// assert!(zendesk.base_url().starts_with("http://localhost:"));
    /// assert!(!zendesk.is_open());
    /// # Ok::<(), zendesk_csat_emulator::EmulatorError>(())
    /// ```
    #[must_use]
    pub fn bind(mut self, host: impl Into<String>) -> Self {
        self.bind = Some(host.into());
        self
    }

    /// The port on the loopback address; 0, the default, takes any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How many seconds pass in the account for each real one; 1 by default, 0 for a clock that only steps.
    #[must_use]
    pub fn clock_speed(mut self, speed: f64) -> Self {
        self.clock_speed = speed;
        self
    }

    /// Whether the legacy ratings that repeat a survey answer are listed; they are by default.
    #[must_use]
    pub fn mirrors(mut self, listed: bool) -> Self {
        self.mirrors = listed;
        self
    }

    /// Whether the account changed to surveys half-way through its past; it did by default. Without, legacy ratings are
    /// active to this day: the one case in which a customer can rate over the API.
    #[must_use]
    pub fn surveys(mut self, surveys: bool) -> Self {
        self.surveys = surveys;
        self
    }

    /// How many days a survey can be answered and edited after it was sent, 1 to 365; 28 by default, as in Zendesk.
    #[must_use]
    pub fn open_days(mut self, days: u16) -> Self {
        self.open_days = days;
        self
    }

    /// Limits calls as that plan does; no limits by default. One of `support-essential`, `support-team`,
    /// `support-professional`, `support-enterprise`, `suite-team`, `suite-growth`, `suite-professional`,
    /// `suite-enterprise`, `suite-enterprise-plus`, each with or without `+high-volume`.
    #[must_use]
    pub fn plan(mut self, plan: impl Into<String>) -> Self {
        self.plan = Some(plan.into());
        self
    }

    /// Keeps the account in that file: every change and step is written to it, and an account started with the same
    /// file goes on where the last one stopped. Tokens that were minted are not kept.
    #[must_use]
    pub fn state(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Makes the account and serves it from a thread of its own until the [`Emulator`] is dropped.
    ///
    /// # Errors
    /// Where the port cannot be listened on, or an option has a value that it cannot have.
    pub fn start(self) -> Result<Emulator, EmulatorError> {
        const MOST: u32 = 10_000_000;
        if self.tickets > MOST {
            return Err(EmulatorError::TooManyTickets {
                most: MOST,
                asked: self.tickets,
            });
        }
        if !(1..=MOST_OPEN_DAYS).contains(&self.open_days) {
            return Err(EmulatorError::OpenDays {
                most: MOST_OPEN_DAYS,
                asked: self.open_days,
            });
        }
        if !(self.clock_speed.is_finite() && self.clock_speed >= 0.0) {
            return Err(EmulatorError::ClockSpeed(self.clock_speed));
        }
        let plan = match self.plan {
            Some(name) => Some(Plan::parse(&name).ok_or(EmulatorError::UnknownPlan(name))?),
            None => None,
        };
        let bind = self.bind.as_deref().map(str::trim);
        // An address of version 6 is given with brackets or without.
        let bind = bind.map(|host| host.trim_start_matches('[').trim_end_matches(']').to_owned());
        let host = bind.clone().unwrap_or_else(|| Ipv4Addr::LOCALHOST.to_string());
        let failed = |source| EmulatorError::Listen {
            host: host.clone(),
            port: self.port,
            source,
        };
        let listener = TcpListener::bind((&*host, self.port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let names = Names::new(listener.local_addr().map_err(failed)?, bind);
        let origin = Origin {
            seed: self.seed,
            tickets: self.tickets,
            mirrors: self.mirrors,
            surveys: self.surveys,
            open_days: self.open_days,
        };
        let mut account = Account::generate(&origin);
        let (state, now) = match &self.state {
            Some(file) => State::open(file, &origin, &mut account).map(|(state, now)| (Some(state), now))?,
            None => (None, STARTS_AT),
        };
        let clock = Clock::new(now, self.clock_speed);
        let zendesk = Arc::new(Zendesk::new(account, clock, Limits::new(plan), state, names));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(EmulatorError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&zendesk);
        let thread = std::thread::Builder::new()
            .name("zendesk-csat-emulator".to_owned())
            .spawn(move || {
                runtime.block_on(server::serve(listener, served, stopped));
                runtime.shutdown_background();
            })
            .map_err(EmulatorError::Thread)?;
        Ok(Emulator {
            zendesk,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// An offline Zendesk account that listens on a loopback port until it is dropped.
///
/// ```
/// let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(200).start()?;
/// assert!(zendesk.base_url().starts_with("http://127.0.0.1:"));
/// assert!(!zendesk.truth().is_empty());
/// # Ok::<(), zendesk_csat_emulator::EmulatorError>(())
/// ```
#[derive(Debug)]
pub struct Emulator {
    zendesk: Arc<Zendesk>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// An account of seed 7 with 10,000 tickets on any free port, unless told otherwise.
    #[must_use]
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder {
            seed: DEFAULT_SEED,
            tickets: DEFAULT_TICKETS,
            bind: None,
            port: 0,
            clock_speed: 1.0,
            mirrors: true,
            surveys: true,
            open_days: default_open_days(),
            plan: None,
            state: None,
        }
    }

    /// The account's address, such as `http://127.0.0.1:4000`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.zendesk.info.base_url
    }

    /// Whether others than this machine can reach the account, as [`bind`](EmulatorBuilder::bind) lets them.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.zendesk.names.are_open()
    }

    /// The account's address and credentials.
    #[must_use]
    pub fn account(&self) -> &AccountInfo {
        &self.zendesk.info
    }

    /// The rows of the one table as they should come out of the account now, each an object with every column.
    #[must_use]
    pub fn truth(&self) -> Vec<Value> {
        let (account, _) = self.zendesk.look();
        truth::rows(&account)
            .filter_map(|row| serde_json::to_value(row).ok())
            .collect()
    }

    /// Which of the listed legacy ratings are copies of a survey's answer, and so no rows: objects with `rating_id` and
    /// `survey_response_id`.
    ///
    /// ```
    /// let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(300).start()?;
    /// let truth = zendesk.truth();
    /// for copy in zendesk.copies() {
    ///     assert!(truth.iter().all(|row| row["id"] != copy["rating_id"]));
    ///     assert!(truth.iter().any(|row| row["id"] == copy["survey_response_id"]));
    /// }
    /// # Ok::<(), zendesk_csat_emulator::EmulatorError>(())
    /// ```
    #[must_use]
    pub fn copies(&self) -> Vec<Value> {
        let (account, _) = self.zendesk.look();
        truth::copies(&account)
            .filter_map(|copy| serde_json::to_value(copy).ok())
            .collect()
    }

    /// Who and what ids stand for now: an object with `agents`, `groups`, `brands`, `organizations` and `ticket_forms`, each
    /// a list of objects with `id`, `name` and `is_active`.
    ///
    /// ```
    /// let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(20).start()?;
    /// let names = zendesk.names();
    /// assert!(names["groups"].as_array().unwrap().iter().any(|group| group["is_active"] == false));
    /// # Ok::<(), zendesk_csat_emulator::EmulatorError>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> Value {
        let (account, _) = self.zendesk.look();
        serde_json::to_value(truth_names::names(&account)).unwrap_or_default()
    }

    /// The requests so far, oldest first; at most the latest 200,000. Calls to `/_emulator/…` are not among them.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.zendesk.journal.entries()
    }

    /// Forgets the requests so far.
    pub fn clear_journal(&self) {
        self.zendesk.journal.clear();
    }

    /// Lets so many seconds pass in the account: tickets arrive, customers answer, edit and rate again.
    ///
    /// At most ten years a call. Where a state file cannot be written, time stands still.
    pub fn advance(&self, seconds: u64) {
        let _time = self.zendesk.advance(seconds);
    }

    /// The time in the account.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.zendesk.clock.now()).unwrap_or_default()
    }

    /// Sets what goes wrong, as `PUT /_emulator/faults` does: rates by kind, a seed, a script.
    ///
    /// ```
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(20).start()?;
    /// zendesk.set_faults(&serde_json::json!({"seed": 5, "server_error": 0.1}))?;
    /// zendesk.set_faults(&serde_json::json!({"script": ["html", null, {"kind": "latency", "path": "tickets", "times": 3}]}))?;
    /// assert!(zendesk.set_faults(&serde_json::json!({"gremlins": 1.0})).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where a kind is unknown or a value cannot be; what was in force before stays.
    pub fn set_faults(&self, faults: &Value) -> Result<(), FaultsError> {
        self.zendesk.faults.set(faults)
    }

    /// What goes wrong, as `GET /_emulator/faults` shows it: every kind and its rate, the seed, what is left of the script.
    #[must_use]
    pub fn faults(&self) -> Value {
        self.zendesk.faults.shown()
    }

    /// Lets nothing go wrong any more; tokens that were revoked are good again.
    pub fn clear_faults(&self) {
        self.zendesk.clear_faults();
    }

    /// Puts in a record by hand, without the rules of the API, as `POST /_emulator/{path}` does: `tickets`,
    /// `satisfaction_ratings`, `survey_responses`, or `survey_responses/{id}` to answer one, or to take its answers back.
    ///
    /// ```
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(20).start()?;
    /// let ticket = zendesk.put("tickets", &serde_json::json!({"subject": "Broken", "status": "solved"}))?;
    /// let about = serde_json::json!({"ticket_id": ticket["ticket"]["id"]});
    /// let sent = zendesk.put("survey_responses", &about)?;
    /// let id = sent["survey_response"]["id"].as_str().unwrap_or_default();
    /// let answered = zendesk.put(&format!("survey_responses/{id}"), &serde_json::json!({"rating": 1}))?;
    /// assert_eq!(answered["survey_response"]["answers"][0]["rating"], 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the path or a value cannot be; nothing is changed then.
    pub fn put(&self, path: &str, record: &Value) -> Result<Value, PutError> {
        let path: Vec<&str> = path.split('/').collect();
        let (Ok(reply) | Err(reply)) = control::put(&self.zendesk, &path, record);
        let answer: Value = serde_json::from_slice(&half_emoji::as_read(&reply.body)).unwrap_or_default();
        if reply.status < 300 {
            return Ok(answer);
        }
        let reason = answer.get("description").or_else(|| answer.get("error"));
        let reason = reason.and_then(Value::as_str).unwrap_or("it cannot be put in");
        Err(PutError(reason.to_owned()))
    }

    /// Waits until the server ends, which it does not by itself: for a process that only serves.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Without it the account goes on from its last change: no worse than a process that was killed.
        let _kept = self.zendesk.rest();
        if let Some(stop) = self.stop.take() {
            let _gone = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

//! The client that both Python clients stand on.

use crate::credentials::Credentials;
use crate::error::raised;
use crate::logging;
use crate::model::Model;
use crate::of_process::OfProcess;
use crate::within::Waiting;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use zendesk_csat::ClientBuilder;

/// The client that both Python clients stand on.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Client {
    builder: ClientBuilder,
    subdomain: String,
    base_url: String,
    /// The client of this process: connections do not survive a fork. None once it is closed.
    made: Mutex<Option<OfProcess<zendesk_csat::Client>>>,
    /// Told of every call before it is made.
    before_call: Option<Py<PyAny>>,
    /// The credentials, where a function gives them.
    waiting: Option<Waiting>,
}

impl Client {
    fn build(
        py: Python<'_>,
        builder: ClientBuilder,
        before_call: Option<Py<PyAny>>,
        waiting: Option<Waiting>,
    ) -> PyResult<Self> {
        logging::begin(py)?;
        logging::follow_level(py)?;
        let client = py
            .detach(|| builder.clone().build())
            .map_err(|error| raised(py, &error))?;
        Ok(Self::of(builder, client, before_call, waiting))
    }

    fn of(
        builder: ClientBuilder,
        client: zendesk_csat::Client,
        before_call: Option<Py<PyAny>>,
        waiting: Option<Waiting>,
    ) -> Self {
        Self {
            builder,
            subdomain: client.subdomain().to_owned(),
            base_url: client.base_url().to_owned(),
            made: Mutex::new(Some(OfProcess::new(client))),
            before_call,
            waiting,
        }
    }

    /// The SDK's client, for a call.
    pub(crate) fn sdk(&self, py: Python<'_>) -> PyResult<zendesk_csat::Client> {
        self.check_caller(py)?;
        self.of_this_process(py)
    }

    /// Refuses a call of the function that the client itself waits for: neither would ever end.
    pub(crate) fn check_caller(&self, py: Python<'_>) -> PyResult<()> {
        match self.waiting {
            Some(waiting) if waiting.waits_for_caller(py)? => Err(PyRuntimeError::new_err(
                "a function that gives a token cannot use the client that waits for the token: use another client",
            )),
            _ => Ok(()),
        }
    }

    /// The SDK's client, made anew in a forked child.
    fn of_this_process(&self, py: Python<'_>) -> PyResult<zendesk_csat::Client> {
        if let Some(before_call) = &self.before_call {
            before_call.call0(py)?;
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(client) = &*made else {
            return Err(PyRuntimeError::new_err("the client is closed"));
        };
        if let Some(client) = client.get() {
            return Ok(client.clone());
        }
        let client = self.builder.clone().build().map_err(|error| raised(py, &error))?;
        *made = Some(OfProcess::new(client.clone()));
        Ok(client)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
    #[pyo3(signature = (
        subdomain, *, credentials, base_url, timeout, max_retries, max_wait, deadline, proxy, ca_bundle, allow_http,
        user_agent
    ))]
    fn new(
        py: Python<'_>,
        subdomain: Option<String>,
        credentials: Option<&Credentials>,
        base_url: Option<String>,
        timeout: f64,
        max_retries: u32,
        max_wait: f64,
        deadline: Option<f64>,
        proxy: Option<String>,
        ca_bundle: Option<PathBuf>,
        allow_http: Option<String>,
        user_agent: Option<String>,
    ) -> PyResult<Self> {
        let patience = Patience::read(Some(timeout), Some(max_retries), Some(max_wait), deadline)?;
        // What is not given is in the environment.
        let builder = match (subdomain, credentials) {
            (Some(subdomain), Some(credentials)) => {
                zendesk_csat::Client::builder(subdomain).credentials(credentials.sdk())
            }
            (subdomain, _) => ClientBuilder::from_env(subdomain).map_err(|error| raised(py, &error))?,
        };
        let mut builder = patience.of_builder(builder);
        if let Some(url) = base_url {
            builder = builder.base_url(url);
        }
        if let Some(url) = proxy {
            builder = builder.proxy(url);
        }
        if let Some(file) = ca_bundle {
            builder = builder.ca_bundle(file);
        }
        if let Some(host) = allow_http {
            builder = builder.allow_http(host);
        }
        if let Some(user_agent) = user_agent {
            builder = builder.user_agent(user_agent);
        }
        let before_call = credentials.and_then(|credentials| credentials.before_call(py));
        let waiting = credentials.and_then(Credentials::waiting);
        Self::build(py, builder, before_call, waiting)
    }

    /// The same connections and limits, with other patience.
    #[pyo3(signature = (*, timeout, max_retries, max_wait, deadline))]
    fn with_options(
        &self,
        py: Python<'_>,
        timeout: Option<f64>,
        max_retries: Option<u32>,
        max_wait: Option<f64>,
        deadline: Option<f64>,
    ) -> PyResult<Self> {
        let patience = Patience::read(timeout, max_retries, max_wait, deadline)?;
        let client = patience.of_client(self.of_this_process(py)?);
        let builder = patience.of_builder(self.builder.clone());
        let before_call = self.before_call.as_ref().map(|told| told.clone_ref(py));
        Ok(Self::of(builder, client, before_call, self.waiting))
    }

    #[getter]
    fn subdomain(&self) -> &str {
        &self.subdomain
    }

    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    #[getter]
    fn call_counts(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Model::from_record(py, self.of_this_process(py)?.call_counts())
    }

    /// Drops the connections once the calls under way have ended.
    fn close(&self) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// How patient a client is, where anything is said of it.
struct Patience {
    timeout: Option<Duration>,
    max_retries: Option<u32>,
    max_wait: Option<Duration>,
    deadline: Option<Duration>,
}

impl Patience {
    fn read(
        timeout: Option<f64>,
        max_retries: Option<u32>,
        max_wait: Option<f64>,
        deadline: Option<f64>,
    ) -> PyResult<Self> {
        let duration = |name, given: Option<f64>| given.map(|value| seconds(name, value)).transpose();
        Ok(Self {
            timeout: duration("timeout", timeout)?,
            max_retries,
            max_wait: duration("max_wait", max_wait)?,
            deadline: duration("deadline", deadline)?,
        })
    }

    fn of_builder(&self, mut builder: ClientBuilder) -> ClientBuilder {
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(retries) = self.max_retries {
            builder = builder.max_retries(retries);
        }
        if let Some(wait) = self.max_wait {
            builder = builder.max_wait(wait);
        }
        match self.deadline {
            Some(deadline) => builder.deadline(deadline),
            None => builder,
        }
    }

    fn of_client(&self, mut client: zendesk_csat::Client) -> zendesk_csat::Client {
        if let Some(timeout) = self.timeout {
            client = client.with_timeout(timeout);
        }
        if let Some(retries) = self.max_retries {
            client = client.with_max_retries(retries);
        }
        if let Some(wait) = self.max_wait {
            client = client.with_max_wait(wait);
        }
        match self.deadline {
            Some(deadline) => client.with_deadline(deadline),
            None => client,
        }
    }
}

/// A number of seconds, as the argument of this name.
pub(crate) fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err(format!("{name}: a number of seconds, 0 or more, not {seconds}")))
}

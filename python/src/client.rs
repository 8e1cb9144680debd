//! The client that both Python clients stand on.

use crate::error::raised;
use crate::model::Model;
use crate::secret::TextOrSecret;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use zendesk_csat::ClientBuilder;

/// How requests are signed.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Credentials(zendesk_csat::Credentials);

#[pymethods]
impl Credentials {
    #[staticmethod]
    fn api_token(email: String, token: TextOrSecret) -> Self {
        Self(zendesk_csat::Credentials::api_token(email, token.expose()))
    }

    #[staticmethod]
    fn oauth_token(token: TextOrSecret) -> Self {
        Self(zendesk_csat::Credentials::oauth_token(token.expose()))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "credentials are secret: they are not pickled or copied",
        ))
    }
}

/// The client that both Python clients stand on.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Client {
    builder: ClientBuilder,
    subdomain: String,
    base_url: String,
    made: Mutex<Made>,
}

/// The client of one process: connections do not survive a fork.
struct Made {
    process: u32,
    /// None once it is closed.
    client: Option<zendesk_csat::Client>,
}

impl Client {
    fn build(py: Python<'_>, builder: ClientBuilder) -> PyResult<Self> {
        let client = builder.clone().build().map_err(|error| raised(py, &error))?;
        Ok(Self {
            builder,
            subdomain: client.subdomain().to_owned(),
            base_url: client.base_url().to_owned(),
            made: Mutex::new(Made {
                process: std::process::id(),
                client: Some(client),
            }),
        })
    }

    /// The SDK's client, made anew in a forked child.
    pub(crate) fn sdk(&self, py: Python<'_>) -> PyResult<zendesk_csat::Client> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(client) = &made.client else {
            return Err(PyRuntimeError::new_err("the client is closed"));
        };
        let process = std::process::id();
        if made.process == process {
            return Ok(client.clone());
        }
        let client = self.builder.clone().build().map_err(|error| raised(py, &error))?;
        // The parent's connections belong to threads that are not here.
        std::mem::forget(made.client.replace(client.clone()));
        made.process = process;
        Ok(client)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
    #[pyo3(signature = (subdomain, *, credentials, base_url, timeout, max_retries, max_wait, user_agent))]
    fn new(
        py: Python<'_>,
        subdomain: String,
        credentials: &Credentials,
        base_url: Option<String>,
        timeout: f64,
        max_retries: u32,
        max_wait: f64,
        user_agent: Option<String>,
    ) -> PyResult<Self> {
        let mut builder = zendesk_csat::Client::builder(subdomain).credentials(credentials.0.clone());
        if let Some(url) = base_url {
            builder = builder.base_url(url);
        }
        let options = Options {
            timeout: Some(timeout),
            max_retries: Some(max_retries),
            max_wait: Some(max_wait),
            user_agent,
        };
        Self::build(py, options.apply(builder)?)
    }

    #[staticmethod]
    fn from_env(py: Python<'_>) -> PyResult<Self> {
        Self::build(
            py,
            ClientBuilder::from_env(None).map_err(|error| raised(py, &error))?,
        )
    }

    #[pyo3(signature = (*, timeout, max_retries, max_wait, user_agent))]
    fn with_options(
        &self,
        py: Python<'_>,
        timeout: Option<f64>,
        max_retries: Option<u32>,
        max_wait: Option<f64>,
        user_agent: Option<String>,
    ) -> PyResult<Self> {
        let options = Options {
            timeout,
            max_retries,
            max_wait,
            user_agent,
        };
        Self::build(py, options.apply(self.builder.clone())?)
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
        Model::from_record(py, self.sdk(py)?.call_counts())
    }

    /// Drops the connections once the calls under way have ended.
    fn close(&self) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let client = made.client.take();
        if made.process != std::process::id() {
            std::mem::forget(client);
        }
    }
}

/// What can differ between two clients of one account.
struct Options {
    timeout: Option<f64>,
    max_retries: Option<u32>,
    max_wait: Option<f64>,
    user_agent: Option<String>,
}

impl Options {
    fn apply(self, mut builder: ClientBuilder) -> PyResult<ClientBuilder> {
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(seconds("timeout", timeout)?);
        }
        if let Some(retries) = self.max_retries {
            builder = builder.max_retries(retries);
        }
        if let Some(wait) = self.max_wait {
            builder = builder.max_wait(seconds("max_wait", wait)?);
        }
        if let Some(user_agent) = self.user_agent {
            builder = builder.user_agent(user_agent);
        }
        Ok(builder)
    }
}

fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err(format!("{name}: a number of seconds, 0 or more, not {seconds}")))
}

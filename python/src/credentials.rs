//! Who a client is to Zendesk.

use crate::interpreter::attach;
use crate::secret::TextOrSecret;
use crate::within::Waiting;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use std::error::Error;
use zendesk_csat::SecretText;

/// How requests are signed.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Credentials {
    sdk: zendesk_csat::Credentials,
    before_call: Option<Py<PyAny>>,
    /// Whoever waits for the function, where one gives the tokens.
    waiting: Option<Waiting>,
}

impl Credentials {
    pub(crate) fn sdk(&self) -> zendesk_csat::Credentials {
        self.sdk.clone()
    }

    /// What wants to be told of every call before it is made.
    pub(crate) fn before_call(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.before_call.as_ref().map(|told| told.clone_ref(py))
    }

    pub(crate) fn waiting(&self) -> Option<Waiting> {
        self.waiting
    }
}

impl From<zendesk_csat::Credentials> for Credentials {
    fn from(sdk: zendesk_csat::Credentials) -> Self {
        Self {
            sdk,
            before_call: None,
            waiting: None,
        }
    }
}

#[pymethods]
impl Credentials {
    #[staticmethod]
    fn api_token(email: String, token: TextOrSecret) -> Self {
        zendesk_csat::Credentials::api_token(email, token.expose()).into()
    }

    #[staticmethod]
    fn oauth_token(token: TextOrSecret) -> Self {
        zendesk_csat::Credentials::oauth_token(token.expose()).into()
    }

    #[staticmethod]
    fn oauth_client(client_id: String, client_secret: TextOrSecret, scope: String) -> Self {
        zendesk_csat::Credentials::oauth_client(client_id, client_secret.expose())
            .scope(scope)
            .into()
    }

    /// Tokens from a function without arguments; `before_call` is told of every call before it is made.
    #[staticmethod]
    #[pyo3(signature = (token, before_call=None))]
    fn provider(token: Py<PyAny>, before_call: Option<Py<PyAny>>) -> Self {
        let waiting = Waiting::new();
        // The function may take its time: it does not keep the requests of others waiting.
        let sdk = zendesk_csat::Credentials::blocking_provider(move || provided(&token, waiting));
        Self {
            sdk,
            before_call,
            waiting: Some(waiting),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "credentials are secret: they are not pickled or copied",
        ))
    }
}

/// What the function returns. Of what it raises, the type and the message are told.
fn provided(token: &Py<PyAny>, waiting: Waiting) -> Result<SecretText, Box<dyn Error + Send + Sync>> {
    let mut provided = Err("the interpreter is gone".to_owned());
    attach(|py| {
        let returned = waiting.call(py, || token.call0(py));
        let returned = returned.and_then(|token| text_or_secret(token.bind(py)));
        provided = match returned {
            Ok(token) => Ok(SecretText::from(token.expose())),
            Err(raised) => Err(raised.to_string()),
        };
    });
    provided.map_err(Into::into)
}

/// A token as functions return it.
fn text_or_secret(token: &Bound<'_, PyAny>) -> PyResult<TextOrSecret> {
    if token.hasattr(intern!(token.py(), "__await__"))? {
        // A coroutine that nobody awaits is complained of.
        let _other = token.call_method0(intern!(token.py(), "close"));
        return Err(PyTypeError::new_err(
            "it returned an awaitable: async functions are for AsyncClient",
        ));
    }
    let found = token.get_type();
    token
        .extract()
        .map_err(|_| PyTypeError::new_err(format!("a token is a str or Secret, not {found}")))
}

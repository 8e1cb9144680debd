//! Who a client is to Zendesk.

use crate::interpreter::attach;
use crate::secret::TextOrSecret;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::error::Error;
use std::sync::Arc;
use zendesk_csat::SecretText;

/// How requests are signed.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Credentials(zendesk_csat::Credentials);

impl Credentials {
    pub(crate) fn sdk(&self) -> zendesk_csat::Credentials {
        self.0.clone()
    }
}

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

    #[staticmethod]
    fn oauth_client(client_id: String, client_secret: TextOrSecret, scope: String) -> Self {
        Self(zendesk_csat::Credentials::oauth_client(client_id, client_secret.expose()).scope(scope))
    }

    /// Tokens from a function without arguments.
    #[staticmethod]
    fn provider(token: Py<PyAny>) -> Self {
        let token = Arc::new(token);
        Self(zendesk_csat::Credentials::provider(move || {
            let token = Arc::clone(&token);
            // The function may take its time: it does not keep the requests of others waiting.
            async { tokio::task::spawn_blocking(move || provided(&token)).await? }
        }))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "credentials are secret: they are not pickled or copied",
        ))
    }
}

/// What the function returns. Of what it raises, the type and the message are told.
fn provided(token: &Py<PyAny>) -> Result<SecretText, Box<dyn Error + Send + Sync>> {
    let mut provided = Err("the interpreter is gone".to_owned());
    attach(|py| {
        let returned = token
            .call0(py)
            .and_then(|token| token.extract::<TextOrSecret>(py));
        provided = match returned {
            Ok(token) => Ok(SecretText::from(token.expose())),
            Err(raised) => Err(raised.to_string()),
        };
    });
    provided.map_err(Into::into)
}

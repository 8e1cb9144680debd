//! Secrets for Python.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use zendesk_csat::SecretText;

/// A text that lets anyone who holds it act for somebody else. It never shows by itself.
///
/// Example:
///     >>> from zendesk_csat import Secret
///     >>> Secret("a-token"), Secret("a-token") == Secret("a-token")
///     (Secret('...'), True)
#[pyclass(frozen, eq, from_py_object, module = "zendesk_csat")]
#[derive(Clone, PartialEq)]
pub(crate) struct Secret(pub(crate) SecretText);

#[pymethods]
impl Secret {
    #[new]
    fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The secret in clear. Do not log it, do not store it.
    ///
    /// Example:
    ///     >>> from zendesk_csat import Secret
    ///     >>> Secret("a-token").expose()
    ///     'a-token'
    fn expose(&self) -> &str {
        self.0.expose()
    }

    fn __repr__(&self) -> &'static str {
        "Secret('...')"
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.0.expose().into_pyobject(py)?.hash()
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a secret is not pickled or copied"))
    }
}

/// A secret, or the text of one.
#[derive(FromPyObject)]
pub(crate) enum TextOrSecret {
    #[pyo3(annotation = "Secret")]
    Secret(Secret),
    #[pyo3(annotation = "str")]
    Text(String),
}

impl TextOrSecret {
    pub(crate) fn expose(&self) -> &str {
        match self {
            Self::Secret(secret) => secret.0.expose(),
            Self::Text(text) => text,
        }
    }
}

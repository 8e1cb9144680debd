//! From Rust to Python's own types.

use crate::secret::Secret;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMappingProxy};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use zendesk_csat::{Extra, SecretText};

/// What has a value among Python's own types.
pub(crate) trait ToPython {
    /// The value: a new reference.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;

    /// The same for dicts: of Python's own types and no subclass of them.
    fn to_plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_python(py)
    }
}

macro_rules! own_values {
    ($($type:ty),+) => {
        $(impl ToPython for $type {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.into_bound_py_any(py)
            }
        })+
    };
}
own_values!(i64, u32, u64, f64, bool, str, String);

/// Ids that are integers.
macro_rules! integer_values {
    ($($type:ident),* $(,)?) => {
        $(impl crate::values::ToPython for ::zendesk_csat::types::$type {
            fn to_python<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                self.get().to_python(py)
            }
        })*
    };
}
pub(crate) use integer_values;

/// Enumerations of our own, by the texts that they serialize to.
macro_rules! serialized_values {
    ($($type:ty),* $(,)?) => {
        $(impl crate::values::ToPython for $type {
            fn to_python<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                crate::values::serialized(py, self)
            }
        })*
    };
}
pub(crate) use serialized_values;

/// What a value serializes to.
pub(crate) fn serialized<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    serde_json::to_value(value)
        .map_err(|error| PyValueError::new_err(error.to_string()))?
        .to_python(py)
}

/// Numbers with a type of their own.
macro_rules! newtype_values {
    ($($type:ident),* $(,)?) => {
        $(impl crate::values::ToPython for ::zendesk_csat::types::$type {
            fn to_python<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                self.0.to_python(py)
            }
        })*
    };
}
pub(crate) use newtype_values;

/// Ids that are texts.
macro_rules! text_values {
    ($($type:ident),* $(,)?) => {
        $(impl crate::values::ToPython for ::zendesk_csat::types::$type {
            fn to_python<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                self.as_str().to_python(py)
            }
        })*
    };
}
pub(crate) use text_values;

impl<T: ToPython + ?Sized> ToPython for &T {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (**self).to_python(py)
    }

    fn to_plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (**self).to_plain(py)
    }
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.to_python(py),
            None => Ok(py.None().into_bound(py)),
        }
    }

    fn to_plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.to_plain(py),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

impl<T: ToPython> ToPython for Vec<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self
            .iter()
            .map(|item| item.to_python(py))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, items).map(Bound::into_any)
    }

    fn to_plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self
            .iter()
            .map(|item| item.to_plain(py))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, items).map(Bound::into_any)
    }
}

impl ToPython for SecretText {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Secret(self.clone()).into_bound_py_any(py)
    }
}

impl ToPython for Map<String, Value> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dict(py, self)
    }
}

impl<T: ToPython> ToPython for BTreeMap<String, T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dict(py, self)
    }
}

/// What has no attribute of its own, as a mapping that nobody can change.
pub(crate) fn read_only<'py>(py: Python<'py>, extra: &Extra) -> PyResult<Bound<'py, PyAny>> {
    let values = dict(py, extra)?;
    let mapping = PyMappingProxy::new(py, values.cast()?);
    Ok(mapping.into_any())
}

impl ToPython for Value {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Null => Ok(py.None().into_bound(py)),
            Self::Bool(value) => value.to_python(py),
            Self::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(value), _) => value.to_python(py),
                (None, Some(value)) => value.to_python(py),
                (None, None) => number.as_f64().to_python(py),
            },
            Self::String(text) => text.to_python(py),
            Self::Array(items) => items.to_python(py),
            Self::Object(entries) => entries.to_python(py),
        }
    }
}

fn dict<'py, 'a, T: ToPython + 'a>(
    py: Python<'py>,
    entries: impl IntoIterator<Item = (&'a String, &'a T)>,
) -> PyResult<Bound<'py, PyAny>> {
    let dict = PyDict::new(py);
    for (key, value) in entries {
        dict.set_item(key, value.to_python(py)?)?;
    }
    Ok(dict.into_any())
}

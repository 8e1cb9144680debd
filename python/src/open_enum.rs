//! Open enumerations: a known value is one Python object for the whole process, any other a new one of the same class.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The Python class of an enumeration, with its known values.
pub(crate) struct Members {
    class: &'static str,
    loaded: PyOnceLock<Loaded>,
}

struct Loaded {
    class: Py<PyAny>,
    members: Vec<(String, Py<PyAny>)>,
}

impl Members {
    pub(crate) const fn new(class: &'static str) -> Self {
        Self {
            class,
            loaded: PyOnceLock::new(),
        }
    }

    /// The object of a text.
    pub(crate) fn of<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let loaded = self.loaded.get_or_try_init(py, || self.load(py))?;
        // A handful of short texts: looking along them is faster than hashing.
        match loaded.members.iter().find(|(known, _)| known == text) {
            Some((_, member)) => Ok(member.bind(py).clone()),
            None => loaded.class.bind(py).call1((text,)),
        }
    }

    fn load(&self, py: Python<'_>) -> PyResult<Loaded> {
        let class = py.import("zendesk_csat._vocabulary")?.getattr(self.class)?;
        let members = class.call_method0(intern!(py, "members"))?.try_iter()?;
        Ok(Loaded {
            members: members
                .map(|member| member.and_then(|member| Ok((member.extract()?, member.unbind()))))
                .collect::<PyResult<_>>()?,
            class: class.unbind(),
        })
    }
}

/// Enumerations of the API.
macro_rules! open_enum_values {
    ($($type:ident),* $(,)?) => {
        $(impl crate::values::ToPython for ::zendesk_csat::types::$type {
            fn to_python<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                static MEMBERS: crate::open_enum::Members = crate::open_enum::Members::new(stringify!($type));
                MEMBERS.of(py, self.as_str())
            }

            fn to_plain<'py>(&self, py: ::pyo3::Python<'py>) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
                self.as_str().to_python(py)
            }
        })*
    };
}
pub(crate) use open_enum_values;

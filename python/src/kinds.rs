//! Models that come in kinds: each is a class under the model's, chosen by the record's `type`.

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use zendesk_csat::types::{Answer, AuditEvent, SurveyResponseLinks};

/// A record that says of what kind it is.
pub(crate) trait OfKind {
    /// Its `type`; empty where it says none.
    fn kind(&self) -> &str;
}

impl OfKind for Answer {
    fn kind(&self) -> &str {
        self.type_.as_str()
    }
}

impl OfKind for AuditEvent {
    fn kind(&self) -> &str {
        self.type_.as_str()
    }
}

impl OfKind for SurveyResponseLinks {
    fn kind(&self) -> &str {
        self.type_.as_ref().map_or("", |kind| kind.as_str())
    }
}

/// What `__match_args__` has to be.
pub(crate) fn match_args(py: Python<'_>, names: &[&str]) -> PyResult<Py<PyTuple>> {
    PyTuple::new(py, names).map(Bound::unbind)
}

/// The classes of a model's kinds, and which of them a record gets; the last takes what the others leave.
macro_rules! kinds {
    ($model:ident { $($(#[doc = $doc:literal])* $name:ident [$($kind:literal),*] [$($says:literal),*];)* }) => {
        $(
            $(#[doc = $doc])*
            #[::pyo3::pyclass(frozen, extends = $model, module = "zendesk_csat.types")]
            pub(crate) struct $name;

            #[::pyo3::pymethods]
            impl $name {
                #[classattr]
                #[allow(non_snake_case)]
                fn __match_args__(py: ::pyo3::Python<'_>) -> ::pyo3::PyResult<::pyo3::Py<::pyo3::types::PyTuple>> {
                    crate::kinds::match_args(py, &[$($says),*])
                }
            }
        )*

        impl $model {
            /// An object of the record's kind.
            fn made(
                py: ::pyo3::Python<'_>,
                shared: crate::model::Shared<::zendesk_csat::types::$model>,
            ) -> ::pyo3::PyResult<::pyo3::Bound<'_, ::pyo3::PyAny>> {
                let kind = crate::kinds::OfKind::kind(shared.get()).to_owned();
                let base = ::pyo3::PyClassInitializer::from(Self(shared));
                crate::kinds::kinds!(@choose py kind base $($name [$($kind),*])*)
            }
        }
    };
    (@choose $py:ident $kind:ident $base:ident $last:ident []) => {
        ::pyo3::Bound::new($py, $base.add_subclass($last)).map(::pyo3::Bound::into_any)
    };
    (@choose $py:ident $kind:ident $base:ident $name:ident [$($known:literal),+] $($rest:tt)+) => {
        if matches!($kind.as_str(), $($known)|+) {
            ::pyo3::Bound::new($py, $base.add_subclass($name)).map(::pyo3::Bound::into_any)
        } else {
            crate::kinds::kinds!(@choose $py $kind $base $($rest)+)
        }
    };
}
pub(crate) use kinds;

//! One page of a listing.

use crate::model::{Model, Shared};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;
use std::sync::Arc;

/// The records of a page, whatever they are.
trait Records: Send + Sync {
    fn len(&self) -> usize;
    fn objects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>>;
}

impl<M: Model + Send + Sync> Records for Arc<Vec<M>> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn objects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let records = (0..Vec::len(self)).filter_map(|index| Shared::of_page(self, index));
        let objects = records
            .map(|record| M::object(py, record))
            .collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, objects)
    }
}

/// One page of a listing.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Page {
    records: Box<dyn Records>,
    objects: PyOnceLock<Py<PyList>>,
    malformed: Vec<zendesk_csat::Malformed>,
    #[pyo3(get)]
    cursor: Option<String>,
    #[pyo3(get)]
    has_more: bool,
    meta: zendesk_csat::CallMeta,
}

impl Page {
    pub(crate) fn new<M: Model + Send + Sync>(page: zendesk_csat::Page<M>) -> Self {
        Self {
            records: Box::new(Arc::new(page.items)),
            objects: PyOnceLock::new(),
            malformed: page.malformed,
            cursor: page.cursor,
            has_more: page.has_more,
            meta: page.meta,
        }
    }
}

#[pymethods]
impl Page {
    #[getter]
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let objects = self
            .objects
            .get_or_try_init(py, || self.records.objects(py).map(Bound::unbind))?;
        Ok(objects.bind(py).clone())
    }

    #[getter]
    fn malformed(&self) -> Vec<Malformed> {
        self.malformed.iter().cloned().map(Malformed).collect()
    }

    #[getter]
    fn meta(&self) -> CallMeta {
        CallMeta(self.meta.clone())
    }

    fn __len__(&self) -> usize {
        self.records.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Page of {} records, {} malformed>",
            self.records.len(),
            self.malformed.len()
        )
    }
}

/// A record that could not be read, kept apart from its page.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Malformed(zendesk_csat::Malformed);

#[pymethods]
impl Malformed {
    #[getter]
    fn index(&self) -> usize {
        self.0.index()
    }

    #[getter]
    fn path(&self) -> &str {
        self.0.path()
    }

    #[getter]
    fn message(&self) -> &str {
        self.0.message()
    }

    #[getter]
    fn raw(&self) -> &str {
        self.0.raw()
    }

    fn __repr__(&self) -> String {
        format!("<Malformed: {}>", self.0)
    }
}

/// What is worth knowing of a call that succeeded.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct CallMeta(zendesk_csat::CallMeta);

#[pymethods]
impl CallMeta {
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts
    }

    #[getter]
    fn elapsed(&self) -> f64 {
        self.0.elapsed.as_secs_f64()
    }

    fn __repr__(&self) -> String {
        let request_id = self.0.request_id.as_deref().unwrap_or("none");
        let elapsed = self.0.elapsed.as_secs_f64();
        format!(
            "<CallMeta: {}, request {request_id}, {} attempts, {elapsed:.3} s>",
            self.0.status, self.0.attempts
        )
    }
}

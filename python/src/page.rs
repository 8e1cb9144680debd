//! One page of a listing.

use crate::html;
use crate::model::{Model, Shared};
use crate::values::ToPython;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList};
use std::sync::Arc;

/// The records of a page, whatever they are.
trait Records: Send + Sync {
    fn len(&self) -> usize;
    fn objects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>>;
    /// The first of them as dicts.
    fn dicts<'py>(&self, py: Python<'py>, most: usize) -> PyResult<Vec<Bound<'py, PyDict>>>;
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

    fn dicts<'py>(&self, py: Python<'py>, most: usize) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.iter().take(most).map(|record| record.dict(py)).collect()
    }
}

/// One page of a listing.
///
/// Example:
///     >>> page = next(client.satisfaction_ratings.list(page_size=2).pages())
///     >>> len(page.items), page.has_more, page.meta.status
///     (2, True, 200)
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Page {
    records: Box<dyn Records>,
    objects: PyOnceLock<Py<PyList>>,
    malformed: Vec<zendesk_csat::Malformed>,
    /// Where the next page starts, or where a later run goes on. Keep it as it is.
    #[pyo3(get)]
    cursor: Option<String>,
    /// Whether the service has more. A page may be empty and still have more after it.
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
    /// The records that could be read, in the service's order.
    #[getter]
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let objects = self
            .objects
            .get_or_try_init(py, || self.records.objects(py).map(Bound::unbind))?;
        Ok(objects.bind(py).clone())
    }

    /// The records that could not, each with its path.
    #[getter]
    fn malformed(&self) -> Vec<Malformed> {
        self.malformed.iter().cloned().map(Malformed).collect()
    }

    /// The call that brought the page.
    #[getter]
    fn meta(&self) -> CallMeta {
        CallMeta(self.meta.clone())
    }

    fn __len__(&self) -> usize {
        self.records.len()
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        html::table(py, self.records.dicts(py, html::ROWS)?, self.records.len())
    }

    fn __repr__(&self) -> String {
        format!(
            "<Page of {} records, {} malformed>",
            self.records.len(),
            self.malformed.len()
        )
    }
}

/// A record that could not be read, kept apart from its page. Its repr never shows what it holds.
///
/// Example:
///     >>> in_force = zendesk.faults(script=["malformed_record"])
///     >>> ratings = client.satisfaction_ratings.list(on_malformed="skip")
///     >>> read = len(ratings.collect())
///     >>> [malformed.path.partition("[")[0] for malformed in ratings.malformed]
///     ['$.satisfaction_ratings']
///     >>> zendesk.clear_faults()
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Malformed(pub(crate) zendesk_csat::Malformed);

#[pymethods]
impl Malformed {
    /// The record's place in its page, from 0.
    #[getter]
    fn index(&self) -> usize {
        self.0.index()
    }

    /// The JSON path of what does not fit.
    #[getter]
    fn path(&self) -> &str {
        self.0.path()
    }

    /// What was expected there.
    #[getter]
    fn message(&self) -> &str {
        self.0.message()
    }

    /// The record's own JSON. It may hold a customer's words: keep it out of logs.
    #[getter]
    fn raw(&self) -> &str {
        self.0.raw()
    }

    fn __repr__(&self) -> String {
        format!("<Malformed: {}>", self.0)
    }
}

/// What is worth knowing of a call that succeeded.
///
/// Example:
///     >>> meta = next(client.satisfaction_ratings.list().pages()).meta
///     >>> meta.status, meta.attempts, meta.headers["Content-Type"].partition(";")[0]
///     (200, 1, 'application/json')
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct CallMeta(pub(crate) zendesk_csat::CallMeta);

#[pymethods]
impl CallMeta {
    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// The id that Zendesk's support can find the request by.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How many requests were sent.
    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time from the first request to the whole body, in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.0.elapsed.as_secs_f64()
    }

    /// The service's clock when it answered, to the second; none where the answer does not tell.
    #[getter]
    fn date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.date().map(|date| date.to_python(py)).transpose()
    }

    /// The headers of the answer, without those that can hold credentials.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.import(py, "zendesk_csat._raw_response", "Headers")?;
        class.call1((self.0.headers.iter().collect::<Vec<_>>(),))
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

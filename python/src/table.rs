//! The one table as a sequence of rows; a row becomes an object when it is asked for.

use crate::history::row;
use crate::model::Model;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

type Rows = Arc<Vec<zendesk_csat_history::CsatRow>>;

/// Rows of the one table. A row becomes an object when it is asked for.
#[pyclass(frozen, sequence, module = "zendesk_csat")]
pub(crate) struct CsatTable(Rows);

impl CsatTable {
    pub(crate) fn new(rows: Vec<zendesk_csat_history::CsatRow>) -> Self {
        Self(Arc::new(rows))
    }
}

/// A place in a sequence, or a stretch of one.
#[derive(FromPyObject)]
enum Place<'py> {
    Index(isize),
    Stretch(Bound<'py, PySlice>),
}

#[pymethods]
impl CsatTable {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, place: Place<'py>) -> PyResult<Bound<'py, PyAny>> {
        let missing = || PyIndexError::new_err("the table has no such row");
        match place {
            Place::Index(index) => {
                let from_end = if index < 0 { self.0.len() } else { 0 };
                let index = from_end.checked_add_signed(index).ok_or_else(missing)?;
                row(py, &self.0, index)?.ok_or_else(missing)
            }
            Place::Stretch(slice) => {
                let indices = slice.indices(isize::try_from(self.0.len())?)?;
                let rows = (0..indices.slicelength)
                    .filter_map(|step| {
                        indices
                            .start
                            .checked_add(indices.step.checked_mul(step as isize)?)
                    })
                    .filter_map(|index| usize::try_from(index).ok())
                    .filter_map(|index| row(py, &self.0, index).transpose())
                    .collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, rows).map(Bound::into_any)
            }
        }
    }

    fn __iter__(&self) -> CsatRows {
        CsatRows {
            rows: Arc::clone(&self.0),
            next: AtomicUsize::new(0),
        }
    }

    /// The rows as dicts, for tables of other libraries.
    ///
    /// Example:
    ///     >>> dicts = history.csat().to_dicts()
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.0.iter().map(|row| row.dict(py)).collect()
    }

    fn __repr__(&self) -> String {
        format!("<CsatTable of {} rows>", self.0.len())
    }
}

/// A walk over the rows.
#[pyclass(frozen)]
struct CsatRows {
    rows: Rows,
    next: AtomicUsize,
}

#[pymethods]
impl CsatRows {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        row(py, &self.rows, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

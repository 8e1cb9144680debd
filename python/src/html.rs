//! Records as notebooks show them.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The most rows of a table that a notebook shows.
pub(crate) const ROWS: usize = 20;

/// A table of the first rows of so many.
pub(crate) fn table<'py>(
    py: Python<'py>,
    first: Vec<Bound<'py, PyDict>>,
    rows: usize,
) -> PyResult<Bound<'py, PyAny>> {
    of_package(py)?.call_method1(intern!(py, "table"), (first, rows))
}

/// Text whose columns line up.
pub(crate) fn text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    of_package(py)?.call_method1(intern!(py, "text"), (text,))
}

/// A whole page inside the notebook.
pub(crate) fn framed<'py>(py: Python<'py>, page: &str) -> PyResult<Bound<'py, PyAny>> {
    of_package(py)?.call_method1(intern!(py, "framed"), (page,))
}

fn of_package(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "zendesk_csat._html"))
}

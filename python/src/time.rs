//! Times as Python's own.

use chrono::{DateTime, Datelike, Timelike, Utc};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTzInfo};

use crate::values::ToPython;

impl ToPython for DateTime<Utc> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        match packed(self) {
            // What pickle makes times from: an object for each of the numbers takes four times as long.
            Some(packed) => CLASS
                .import(py, "datetime", "datetime")?
                .call1((PyBytes::new(py, &packed), PyTzInfo::utc(py)?)),
            None => self.into_bound_py_any(py),
        }
    }
}

/// The ten bytes that a `datetime` is pickled as; none for what it has no place for, such as a leap second.
fn packed(time: &DateTime<Utc>) -> Option<[u8; 10]> {
    let time = time.naive_utc();
    let year = u16::try_from(time.year())
        .ok()
        .filter(|year| (1..=9_999).contains(year))?;
    let [_, micros @ ..] = Some(time.nanosecond() / 1_000)
        .filter(|micros| *micros < 1_000_000)?
        .to_be_bytes();
    let small = |number: u32| u8::try_from(number).ok();
    let [century, of_century] = year.to_be_bytes();
    Some([
        century,
        of_century,
        small(time.month())?,
        small(time.day())?,
        small(time.hour())?,
        small(time.minute())?,
        small(time.second())?,
        micros[0],
        micros[1],
        micros[2],
    ])
}

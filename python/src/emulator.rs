//! The offline account, in this process.

use crate::values::ToPython;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use zendesk_csat_emulator::EmulatorError;

/// An offline Zendesk account that listens on a loopback port until it is stopped.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Emulator {
    process: u32,
    /// None once it is stopped.
    running: Mutex<Option<Arc<zendesk_csat_emulator::Emulator>>>,
}

impl Emulator {
    fn running(&self) -> PyResult<Arc<zendesk_csat_emulator::Emulator>> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running
            .clone()
            .ok_or_else(|| PyRuntimeError::new_err("the emulator is stopped"))
    }

    fn take(&self) -> Option<Arc<zendesk_csat_emulator::Emulator>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(signature = (*, seed, tickets, port, clock_speed, mirrors, surveys, open_days, plan, state))]
    #[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
    fn new(
        py: Python<'_>,
        seed: u64,
        tickets: u32,
        port: u16,
        clock_speed: f64,
        mirrors: bool,
        surveys: bool,
        open_days: u16,
        plan: Option<String>,
        state: Option<PathBuf>,
    ) -> PyResult<Self> {
        let mut builder = zendesk_csat_emulator::Emulator::builder()
            .seed(seed)
            .tickets(tickets)
            .port(port)
            .clock_speed(clock_speed)
            .mirrors(mirrors)
            .surveys(surveys)
            .open_days(open_days);
        if let Some(plan) = plan {
            builder = builder.plan(plan);
        }
        if let Some(file) = state {
            builder = builder.state(file);
        }
        let emulator = py.detach(|| builder.start()).map_err(|error| match error {
            EmulatorError::Listen { .. } | EmulatorError::Thread(_) | EmulatorError::State(_) => {
                PyOSError::new_err(error.to_string())
            }
            error => PyValueError::new_err(error.to_string()),
        })?;
        Ok(Self {
            process: std::process::id(),
            running: Mutex::new(Some(Arc::new(emulator))),
        })
    }

    #[getter]
    fn base_url(&self) -> PyResult<String> {
        Ok(self.running()?.base_url().to_owned())
    }

    /// The account's address and credentials.
    #[getter]
    fn account<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, self.running()?.account())
    }

    fn truth<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let emulator = self.running()?;
        py.detach(|| emulator.truth()).to_python(py)
    }

    fn names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let emulator = self.running()?;
        py.detach(|| emulator.names()).to_python(py)
    }

    fn journal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let emulator = self.running()?;
        let entries = py.detach(|| emulator.journal());
        plain(py, &entries)
    }

    fn clear_journal(&self) -> PyResult<()> {
        self.running()?.clear_journal();
        Ok(())
    }

    fn faults<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.running()?.faults().to_python(py)
    }

    /// Sets what goes wrong, as JSON.
    fn set_faults(&self, faults: &str) -> PyResult<()> {
        let faults = json(faults)?;
        let set = self.running()?.set_faults(&faults);
        set.map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn clear_faults(&self) -> PyResult<()> {
        self.running()?.clear_faults();
        Ok(())
    }

    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.running()?.now().to_python(py)
    }

    /// Puts in a record, both as JSON.
    fn put(&self, py: Python<'_>, path: &str, record: &str) -> PyResult<String> {
        let (emulator, record) = (self.running()?, json(record)?);
        let answer = py.detach(|| emulator.put(path, &record));
        answer
            .map(|answer| answer.to_string())
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn advance(&self, py: Python<'_>, seconds: u64) -> PyResult<()> {
        let emulator = self.running()?;
        py.detach(|| emulator.advance(seconds));
        Ok(())
    }

    /// Stops it. Stopping it again does nothing.
    fn stop(&self, py: Python<'_>) {
        let emulator = self.take();
        if self.process == std::process::id() {
            py.detach(|| drop(emulator));
        } else {
            // Its thread is the parent's, which goes on.
            std::mem::forget(emulator);
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.take());
        }
    }
}

fn json(text: &str) -> PyResult<serde_json::Value> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn plain<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    serde_json::to_value(value)
        .map_err(|error| PyValueError::new_err(error.to_string()))?
        .to_python(py)
}

//! The command, on a thread of its own: Python's main thread stays free to hear of signals.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::ffi::OsString;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often signals are asked for.
const STEP: Duration = Duration::from_millis(20);

/// How long an interrupted command has to end by itself; what reads a terminal or writes a large file does not.
const GRACE: Duration = Duration::from_millis(100);

/// As of the main thread, whatever the platform gives to others.
const STACK: usize = 8 << 20;

const INTERRUPTED: u8 = 130;
const PANICKED: u8 = 101;

/// Runs the command with these arguments, the program's name first, and returns its exit code.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    let (sender, mut ended) = channel();
    thread::Builder::new()
        .name("zendesk-csat".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            // Nobody may be left to tell.
            let _ = sender.send(zendesk_csat_cli::run(arguments));
        })?;
    let mut interrupted: Option<Instant> = None;
    loop {
        let told;
        (ended, told) = py.detach(move || {
            let told = ended.recv_timeout(STEP);
            (ended, told)
        });
        match told {
            Ok(code) => return Ok(code),
            Err(RecvTimeoutError::Disconnected) => return Ok(PANICKED),
            Err(RecvTimeoutError::Timeout) => {}
        }
        match py.check_signals() {
            Err(raised) if raised.is_instance_of::<PyKeyboardInterrupt>(py) => {
                interrupted.get_or_insert_with(Instant::now);
            }
            other => other?,
        }
        if interrupted.is_some_and(|since| since.elapsed() >= GRACE) {
            return Ok(INTERRUPTED);
        }
    }
}

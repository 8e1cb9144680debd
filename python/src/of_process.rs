//! What does not survive a fork: connections, open files, and what threads work on.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::mem::forget;
use std::process::id;

/// A value of the process that made it.
///
/// A forked child neither uses nor drops it: the threads that would answer are not there, and locks may be held for ever.
pub(crate) struct OfProcess<T> {
    process: u32,
    /// None once it is taken.
    value: Option<T>,
}

impl<T> OfProcess<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            process: id(),
            value: Some(value),
        }
    }

    /// The value, in the process that made it.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.process == id())
    }

    /// The value to change, in the process that made it.
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut().filter(|_| self.process == id())
    }

    /// The value by itself, in the process that made it.
    pub(crate) fn take(mut self) -> Option<T> {
        if self.process == id() {
            self.value.take()
        } else {
            None
        }
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if self.process != id() {
            forget(self.value.take());
        }
    }
}

/// What is raised in a forked child; `what` says what its parent has, and what to do about it.
pub(crate) fn not_here(what: &str) -> PyErr {
    PyRuntimeError::new_err(format!("{what} in this process"))
}

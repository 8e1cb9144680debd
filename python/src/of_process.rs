//! What does not survive a fork: connections, open files, and what threads work on.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::mem::forget;
use std::process::id;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// How many threads of which process do something: the process above, the number below. Atomic, since a fork copies a
/// lock as it is held.
pub(crate) struct Threads(AtomicU64);

impl Threads {
    pub(crate) const fn none() -> Self {
        Self(AtomicU64::new(0))
    }

    pub(crate) fn enter(&self) {
        self.change(|number| number + 1);
    }

    pub(crate) fn leave(&self) {
        self.change(|number| number.saturating_sub(1));
    }

    /// Those of this process.
    pub(crate) fn here(&self) -> u64 {
        of_process(self.0.load(Ordering::SeqCst))
    }

    /// Those of the process that this one was forked from, when it was; nobody knows once one of this process has entered.
    pub(crate) fn at_fork(&self) -> u64 {
        let threads = self.0.load(Ordering::SeqCst);
        (threads & NUMBER) - of_process(threads)
    }

    fn change(&self, change: impl Fn(u64) -> u64) {
        let mut now = self.0.load(Ordering::SeqCst);
        loop {
            let changed = (u64::from(id()) << 32) | change(of_process(now));
            match self
                .0
                .compare_exchange_weak(now, changed, Ordering::SeqCst, Ordering::SeqCst)
            {
                Ok(_) => return,
                Err(meanwhile) => now = meanwhile,
            }
        }
    }
}

const NUMBER: u64 = u32::MAX as u64;

fn of_process(threads: u64) -> u64 {
    if threads >> 32 == u64::from(id()) {
        threads & NUMBER
    } else {
        0
    }
}

//! The account's own clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Runs from where the account stands, at its own speed, and can be stepped forward.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    /// Account seconds a real second; 0 stands still but for steps.
    speed: f64,
    /// Milliseconds since the epoch that the clock showed when it started, and all steps since.
    base: AtomicI64,
}

impl Clock {
    pub(crate) fn new(starts_at: i64, speed: f64) -> Self {
        Self {
            started: Instant::now(),
            speed,
            base: AtomicI64::new(starts_at),
        }
    }

    /// Milliseconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        let ran = (self.started.elapsed().as_secs_f64() * self.speed * 1_000.0) as i64;
        self.base.load(Ordering::Acquire) + ran
    }

    /// How many real seconds those of the account take; as many where the clock only steps.
    pub(crate) fn real_seconds(&self, seconds: i64) -> i64 {
        if self.speed > 0.0 {
            (seconds as f64 / self.speed).ceil() as i64
        } else {
            seconds
        }
    }

    pub(crate) fn advance(&self, milliseconds: i64) {
        self.base.fetch_add(milliseconds.max(0), Ordering::AcqRel);
    }
}

//! Time as the client sees it, so that a test never waits.

use std::fmt::Debug;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

/// What the client asks of time: the date, a stopwatch and a sleep.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The date and time, to read what a service says about dates.
    fn now(&self) -> DateTime<Utc>;

    /// Time since a moment of the clock's choosing. It never goes back, whatever is done to the date.
    fn monotonic(&self) -> Duration;

    /// Completes when `duration` has passed since this call.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The computer's own time, on tokio's timer.
#[derive(Debug, Clone)]
pub(crate) struct SystemClock {
    started: tokio::time::Instant,
}

impl SystemClock {
    /// A clock whose stopwatch starts now.
    pub(crate) fn new() -> Self {
        Self {
            started: tokio::time::Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let timer_from_now = tokio::time::Instant::now();
        Box::pin(async move {
            match timer_from_now.checked_add(duration) {
                Some(end) => tokio::time::sleep_until(end).await,
                None => std::future::pending().await,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_stopwatch_runs_with_the_sleep() {
        let clock = SystemClock::new();
        let before = clock.monotonic();
        clock.sleep(Duration::from_millis(2)).await;
        assert!(clock.monotonic() >= before + Duration::from_millis(2));
    }

    #[tokio::test]
    async fn an_endless_sleep_does_not_panic() {
        let clock = SystemClock::new();
        let endless = clock.sleep(Duration::MAX);
        let short = clock.sleep(Duration::from_millis(1));
        let first = futures::future::select(endless, short).await;
        assert!(matches!(first, futures::future::Either::Right(_)));
    }
}

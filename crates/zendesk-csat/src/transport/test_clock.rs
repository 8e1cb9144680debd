//! A clock for tests: a sleep costs no time, and the earliest sleeper always wakes first.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;

use super::clock::Clock;

/// Polls that a sleeper gives the other tasks before it moves the time: they may want to wake earlier.
const SETTLING_POLLS: u32 = 32;

/// A clock whose time moves only by sleeping and by [`TestClock::advance`]. Clones share their time.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct TestClock {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    started_at: DateTime<Utc>,
    elapsed: Duration,
    slept: Vec<Duration>,
    sleepers: BTreeMap<SleeperKey, Option<Waker>>,
    next_sleeper: u64,
}

/// Sorted by the time of waking, then by who asked first.
type SleeperKey = (Duration, u64);

impl TestClock {
    /// A clock that stands at `started_at`.
    #[must_use]
    pub fn new(started_at: DateTime<Utc>) -> Self {
        Self {
            shared: Arc::new(Mutex::new(Shared {
                started_at,
                elapsed: Duration::ZERO,
                slept: Vec::new(),
                sleepers: BTreeMap::new(),
                next_sleeper: 0,
            })),
        }
    }

    /// Every sleep that ran to its end, in the order of waking.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.shared().slept.clone()
    }

    /// Lets time pass without a sleep.
    pub fn advance(&self, duration: Duration) {
        let mut shared = self.shared();
        shared.elapsed = shared.elapsed.saturating_add(duration);
        shared.wake_the_earliest();
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new(DateTime::UNIX_EPOCH)
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let shared = self.shared();
        TimeDelta::from_std(shared.elapsed)
            .ok()
            .and_then(|elapsed| shared.started_at.checked_add_signed(elapsed))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn monotonic(&self) -> Duration {
        self.shared().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut shared = self.shared();
        let key = (shared.elapsed.saturating_add(duration), shared.next_sleeper);
        shared.next_sleeper += 1;
        shared.sleepers.insert(key, None);
        Box::pin(Sleep {
            shared: Arc::clone(&self.shared),
            duration,
            key,
            settling: SETTLING_POLLS,
        })
    }
}

impl Shared {
    fn wake_the_earliest(&mut self) {
        if let Some(mut sleeper) = self.sleepers.first_entry()
            && let Some(waker) = sleeper.get_mut().take()
        {
            waker.wake();
        }
    }
}

struct Sleep {
    shared: Arc<Mutex<Shared>>,
    duration: Duration,
    key: SleeperKey,
    settling: u32,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut shared = lock(&this.shared);
        let earliest = shared.sleepers.first_key_value().map(|(key, _)| *key);
        let is_due = shared.elapsed >= this.key.0;
        if is_due || (this.settling == 0 && earliest == Some(this.key)) {
            shared.elapsed = shared.elapsed.max(this.key.0);
            shared.slept.push(this.duration);
            shared.sleepers.remove(&this.key);
            shared.wake_the_earliest();
            return Poll::Ready(());
        }
        if let Some(waker) = shared.sleepers.get_mut(&this.key) {
            *waker = Some(context.waker().clone());
        }
        if this.settling > 0 {
            this.settling -= 1;
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        if shared.sleepers.remove(&self.key).is_some() {
            shared.wake_the_earliest();
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_sleep_moves_both_times_and_is_recorded() {
        let clock = TestClock::default();
        clock.sleep(90 * SECOND).await;
        assert_eq!(clock.monotonic(), 90 * SECOND);
        assert_eq!(clock.now().to_rfc3339(), "1970-01-01T00:01:30+00:00");
        assert_eq!(clock.slept(), [90 * SECOND]);
    }

    #[tokio::test]
    async fn sleepers_wake_in_the_order_of_their_times() {
        let clock = TestClock::default();
        let woken = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = [30, 10, 20, 10]
            .into_iter()
            .map(|seconds| {
                let (clock, woken) = (clock.clone(), Arc::clone(&woken));
                tokio::spawn(async move {
                    clock.sleep(seconds * SECOND).await;
                    woken.lock().unwrap().push((seconds, clock.monotonic()));
                    clock.sleep(5 * SECOND).await;
                    woken.lock().unwrap().push((5, clock.monotonic()));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let expected = [
            (10, 10),
            (10, 10),
            (5, 15),
            (5, 15),
            (20, 20),
            (5, 25),
            (30, 30),
            (5, 35),
        ];
        let woken: Vec<_> = woken
            .lock()
            .unwrap()
            .iter()
            .map(|(slept, at)| (*slept, at.as_secs()))
            .collect();
        assert_eq!(woken, expected);
    }

    #[tokio::test]
    async fn a_dropped_sleep_moves_nothing_and_holds_nobody_up() {
        let clock = TestClock::default();
        let short = clock.sleep(SECOND);
        let long = tokio::spawn(clock.sleep(10 * SECOND));
        tokio::task::yield_now().await;
        drop(short);
        long.await.unwrap();
        assert_eq!(clock.slept(), [10 * SECOND]);
    }

    #[tokio::test]
    async fn advancing_wakes_who_is_due() {
        let clock = TestClock::default();
        let sleep = clock.sleep(10 * SECOND);
        clock.advance(12 * SECOND);
        sleep.await;
        assert_eq!(clock.monotonic(), 12 * SECOND);
    }
}

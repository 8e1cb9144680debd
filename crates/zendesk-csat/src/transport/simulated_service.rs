//! A service that counts calls by the minute, so that policies can be tested against limits and not against themselves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::clock::Clock;
use super::rate_limit::{RateLimitReading, RateLimits};
use super::test_clock::TestClock;

const MINUTE: Duration = Duration::from_secs(60);

/// Counts in fixed windows of a minute, of which the first began `offset` before the clock did. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct SimulatedService {
    pub(crate) clock: TestClock,
    pub(crate) limit: u32,
    pub(crate) offset: Duration,
    /// Whether answers tell when the window ends, as the ticketing APIs' do and the Help Center's do not.
    pub(crate) tells_reset: bool,
    pub(crate) latency: Duration,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    window: u64,
    used: u32,
    under_way: u32,
    pub(crate) served: u32,
    pub(crate) refused: u32,
    pub(crate) most_at_once: u32,
}

/// An answer: refused or not, and what its headers say.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) is_refused: bool,
    pub(crate) limits: RateLimits,
    pub(crate) resets_in: Duration,
}

impl SimulatedService {
    pub(crate) fn new(clock: &TestClock, limit: u32) -> Self {
        Self {
            clock: clock.clone(),
            limit,
            offset: Duration::from_secs(17),
            tells_reset: true,
            latency: Duration::from_millis(200),
            counts: Arc::default(),
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        *self.counts.lock().unwrap()
    }

    /// Serves a call: the first half of the latency on the way there, the rest on the way back.
    pub(crate) async fn call(&self) -> Answer {
        self.change(|counts| {
            counts.under_way += 1;
            counts.most_at_once = counts.most_at_once.max(counts.under_way);
        });
        self.clock.sleep(self.latency / 2).await;
        let answer = self.count();
        self.clock.sleep(self.latency / 2).await;
        self.change(|counts| counts.under_way -= 1);
        answer
    }

    /// Calls that another client of the account makes.
    pub(crate) fn use_elsewhere(&self, calls: u32) {
        let ours = self.counts();
        (0..calls).for_each(|_| drop(self.count()));
        self.change(|counts| (counts.served, counts.refused) = (ours.served, ours.refused));
    }

    fn count(&self) -> Answer {
        let time = self.clock.monotonic() + self.offset;
        let window = time.as_secs() / MINUTE.as_secs();
        let resets_in = MINUTE - Duration::from_secs(time.as_secs() % MINUTE.as_secs());
        self.change(|counts| {
            if counts.window != window {
                counts.window = window;
                counts.used = 0;
            }
            let is_refused = counts.used >= self.limit;
            if is_refused {
                counts.refused += 1;
            } else {
                counts.used += 1;
                counts.served += 1;
            }
            let reading = RateLimitReading {
                limit: Some(self.limit),
                remaining: Some(self.limit - counts.used),
                resets_in: self.tells_reset.then_some(resets_in),
            };
            Answer {
                is_refused,
                limits: RateLimits {
                    account: Some(reading),
                    endpoints: Vec::new(),
                },
                resets_in,
            }
        })
    }

    fn change<R>(&self, change: impl FnOnce(&mut Counts) -> R) -> R {
        change(&mut self.counts.lock().unwrap())
    }
}

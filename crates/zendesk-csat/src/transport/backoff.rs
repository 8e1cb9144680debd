//! How long to wait when the service does not say: exponential, with full jitter.

use std::time::Duration;

/// Waits that double from `base` up to `cap`, each drawn anew between nothing and that bound, so that
/// clients which failed together do not return together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
        }
    }
}

impl Backoff {
    /// The longest wait after `attempts` failed attempts.
    pub(crate) fn bound(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap)
    }

    /// The wait after `attempts` failed attempts; `random` is evenly distributed over 0 to 1.
    pub(crate) fn wait(&self, attempts: u32, random: f64) -> Duration {
        let share = if random.is_finite() {
            random.clamp(0.0, 1.0)
        } else {
            1.0
        };
        let bound = self.bound(attempts);
        Duration::try_from_secs_f64(bound.as_secs_f64() * share)
            .unwrap_or(bound)
            .min(bound)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_double_up_to_the_cap() {
        let backoff = Backoff {
            base: Duration::from_secs(1),
            cap: Duration::from_secs(5),
        };
        let bounds: Vec<u64> = (1..=5)
            .map(|attempts| backoff.bound(attempts).as_secs())
            .collect();
        assert_eq!(bounds, [1, 2, 4, 5, 5]);
        assert_eq!(backoff.wait(2, 0.25), Duration::from_millis(500));
    }

    fn backoffs() -> impl Strategy<Value = Backoff> {
        (any::<Duration>(), any::<Duration>()).prop_map(|(base, cap)| Backoff { base, cap })
    }

    proptest! {
        #[test]
        fn bounds_never_fall_and_never_pass_the_cap(backoff in backoffs(), attempts in any::<u32>()) {
            let bound = backoff.bound(attempts);
            prop_assert!(bound <= backoff.cap);
            prop_assert!(bound <= backoff.bound(attempts.saturating_add(1)));
        }

        #[test]
        fn a_wait_stays_within_its_bound(backoff in backoffs(), attempts in any::<u32>(), random in any::<f64>()) {
            prop_assert!(backoff.wait(attempts, random) <= backoff.bound(attempts));
        }

        #[test]
        fn a_greater_draw_never_waits_less(backoff in backoffs(), attempts in 0_u32..40, a in 0.0..1.0, b in 0.0..1.0) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(backoff.wait(attempts, low) <= backoff.wait(attempts, high));
        }
    }
}

//! Whether a failed attempt is made again, and after how long: a decision without any effect.

use std::time::Duration;

/// A told wait below this is no wait, and would turn a limit into a stream of refused calls.
const SHORTEST_TOLD_WAIT: Duration = Duration::from_millis(100);

/// A refused call that is not told when to come back waits at least so long.
const SHORTEST_REFUSED_WAIT: Duration = Duration::from_secs(1);

/// How one attempt failed, by what it tells about the request's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection came about: the request did not leave.
    NotSent,
    /// The connection broke or the time ran out after the request may have left: it may have arrived.
    Unanswered,
    /// The answer came with this status that is no success.
    Status(u16),
    /// The answer was a success, but its body broke off.
    BodyBrokenOff,
    /// The answer was a success with a whole body, which is not what the operation gives.
    BrokenAnswer,
    /// Nothing that another attempt could change, such as a body that is too large.
    Final,
}

/// What a caller allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryPolicy {
    /// Attempts after the first.
    pub(crate) max_retries: u32,
    /// The longest time that a call may spend, in all, waiting because the service asked it to.
    pub(crate) max_wait: Duration,
}

/// A call whose last attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FailedCall {
    pub(crate) failure: Failure,
    /// Whether making the request twice does no more than making it once.
    pub(crate) idempotent: bool,
    /// Attempts made, this one included.
    pub(crate) attempts: u32,
    /// The answer's `Retry-After`.
    pub(crate) retry_after: Option<Duration>,
    /// The time until the budgets that this answer says are used up are filled again.
    pub(crate) resets_in: Option<Duration>,
    /// The wait to take if the service names none.
    pub(crate) backoff: Duration,
    /// Time that this call has already waited because the service asked it to.
    pub(crate) waited: Duration,
    /// Time until the caller's deadline.
    pub(crate) time_left: Option<Duration>,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Make another attempt after `wait`.
    Retry {
        wait: Duration,
        /// Whether the wait is one that the service asked for, and counts against `max_wait`.
        is_limit: bool,
    },
    /// Hand the failure to the caller.
    GiveUp(GiveUp),
}

/// Why no other attempt is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GiveUp {
    /// The same would come again.
    #[error("another attempt would change nothing")]
    Futile,
    /// The request may have arrived, and must not arrive twice.
    #[error("the request may have arrived already")]
    MayHaveArrived,
    /// All attempts that the caller allows were made.
    #[error("no attempts are left")]
    AttemptsSpent,
    /// The service asks for a wait beyond the caller's `max_wait`.
    #[error("the service asks to wait {wait:?}, longer than max_wait allows")]
    WaitTooLong { wait: Duration },
    /// The caller's deadline would pass before the next attempt.
    #[error("the deadline would pass during a wait of {wait:?}")]
    DeadlineTooClose { wait: Duration },
    /// The caller's deadline passed before an attempt could be made.
    #[error("the deadline has passed")]
    DeadlinePassed,
}

impl RetryPolicy {
    /// Decides on the next step of a call. Takes no time, reads no clock, draws no lot.
    pub(crate) fn decide(&self, call: &FailedCall) -> Decision {
        if let Err(reason) = may_repeat(call) {
            return Decision::GiveUp(reason);
        }
        if call.attempts > self.max_retries {
            return Decision::GiveUp(GiveUp::AttemptsSpent);
        }
        let wait = call.wait();
        let is_limit = call.failure == Failure::Status(429) || call.told_wait().is_some();
        if is_limit && call.waited.saturating_add(wait) > self.max_wait {
            return Decision::GiveUp(GiveUp::WaitTooLong { wait });
        }
        if call.time_left.is_some_and(|left| left <= wait) {
            return Decision::GiveUp(GiveUp::DeadlineTooClose { wait });
        }
        Decision::Retry { wait, is_limit }
    }
}

impl FailedCall {
    /// The wait that the service asked for. The time until a window ends says so only where the window is the reason.
    pub(crate) fn told_wait(&self) -> Option<Duration> {
        match self.failure {
            Failure::Status(429) => self.retry_after.or(self.resets_in),
            Failure::Status(500..=599) => self.retry_after,
            _ => None,
        }
    }

    /// The wait before another attempt.
    pub(crate) fn wait(&self) -> Duration {
        match self.told_wait() {
            Some(told) if told < SHORTEST_TOLD_WAIT => told.max(self.backoff),
            Some(told) => told,
            None if self.failure == Failure::Status(429) => self.backoff.max(SHORTEST_REFUSED_WAIT),
            None => self.backoff,
        }
    }
}

fn may_repeat(call: &FailedCall) -> Result<(), GiveUp> {
    match call.failure {
        // A refused call did not get in, whatever it would have done.
        Failure::NotSent | Failure::Status(429) => Ok(()),
        Failure::Unanswered | Failure::BodyBrokenOff | Failure::BrokenAnswer => idempotent(call),
        // 520 to 524 are what Zendesk's content network says for 502 and 504.
        Failure::Status(408 | 500 | 502 | 503 | 504 | 520..=524) => idempotent(call),
        // 409 among them: the survey is disabled, and stays so.
        Failure::Status(_) | Failure::Final => Err(GiveUp::Futile),
    }
}

fn idempotent(call: &FailedCall) -> Result<(), GiveUp> {
    if call.idempotent {
        Ok(())
    } else {
        Err(GiveUp::MayHaveArrived)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const BACKOFF: Duration = Duration::from_millis(700);
    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 2,
        max_wait: Duration::from_secs(60),
    };

    fn failed(failure: Failure, idempotent: bool) -> FailedCall {
        FailedCall {
            failure,
            idempotent,
            attempts: 1,
            retry_after: None,
            resets_in: None,
            backoff: BACKOFF,
            waited: Duration::ZERO,
            time_left: None,
        }
    }

    fn get(failure: Failure) -> FailedCall {
        failed(failure, true)
    }

    fn post(failure: Failure) -> FailedCall {
        failed(failure, false)
    }

    fn retry(wait: Duration, is_limit: bool) -> Decision {
        Decision::Retry { wait, is_limit }
    }

    #[test]
    fn what_did_not_get_in_is_repeated_whatever_it_would_have_done() {
        for call in [get(Failure::NotSent), post(Failure::NotSent)] {
            assert_eq!(POLICY.decide(&call), retry(BACKOFF, false));
        }
        for call in [get(Failure::Status(429)), post(Failure::Status(429))] {
            assert_eq!(POLICY.decide(&call), retry(SECOND, true));
            let longer = FailedCall {
                backoff: 3 * SECOND,
                ..call
            };
            assert_eq!(POLICY.decide(&longer), retry(3 * SECOND, true));
        }
    }

    #[test]
    fn what_may_have_arrived_is_repeated_only_where_that_is_idempotent() {
        let statuses = [408, 500, 502, 503, 504, 520, 524].map(Failure::Status);
        let bodies = [Failure::Unanswered, Failure::BodyBrokenOff, Failure::BrokenAnswer];
        for failure in bodies.into_iter().chain(statuses) {
            assert_eq!(POLICY.decide(&get(failure)), retry(BACKOFF, false), "{failure:?}");
            let told = FailedCall {
                retry_after: Some(SECOND),
                ..post(failure)
            };
            assert_eq!(
                POLICY.decide(&told),
                Decision::GiveUp(GiveUp::MayHaveArrived),
                "{failure:?}"
            );
        }
    }

    #[test]
    fn what_would_fail_again_is_not_repeated() {
        for status in [300, 304, 400, 401, 403, 404, 409, 410, 422, 501, 505, 525] {
            let call = get(Failure::Status(status));
            assert_eq!(POLICY.decide(&call), Decision::GiveUp(GiveUp::Futile), "{status}");
        }
        assert_eq!(
            POLICY.decide(&get(Failure::Final)),
            Decision::GiveUp(GiveUp::Futile)
        );
        let conflict = FailedCall {
            retry_after: Some(SECOND),
            ..get(Failure::Status(409))
        };
        assert_eq!(POLICY.decide(&conflict), Decision::GiveUp(GiveUp::Futile));
    }

    #[test]
    fn a_500_that_names_a_time_is_repeated_then() {
        let told = FailedCall {
            retry_after: Some(3 * SECOND),
            ..get(Failure::Status(500))
        };
        assert_eq!(POLICY.decide(&told), retry(3 * SECOND, true));
    }

    #[test]
    fn retry_after_goes_before_the_reset_and_the_reset_before_the_backoff() {
        let limited = get(Failure::Status(429));
        let reset = FailedCall {
            resets_in: Some(9 * SECOND),
            ..limited
        };
        assert_eq!(POLICY.decide(&reset), retry(9 * SECOND, true));
        let both = FailedCall {
            retry_after: Some(4 * SECOND),
            ..reset
        };
        assert_eq!(POLICY.decide(&both), retry(4 * SECOND, true));
        let unavailable = FailedCall {
            resets_in: Some(9 * SECOND),
            ..get(Failure::Status(503))
        };
        assert_eq!(POLICY.decide(&unavailable), retry(BACKOFF, false));
        let told = FailedCall {
            retry_after: Some(4 * SECOND),
            ..unavailable
        };
        assert_eq!(POLICY.decide(&told), retry(4 * SECOND, true));
    }

    #[test]
    fn a_told_wait_of_nothing_backs_off_all_the_same() {
        let told = FailedCall {
            retry_after: Some(Duration::ZERO),
            ..get(Failure::Status(429))
        };
        assert_eq!(POLICY.decide(&told), retry(BACKOFF, true));
    }

    #[test]
    fn attempts_end() {
        for (attempts, max_retries, again) in [(1, 0, false), (1, 1, true), (2, 2, true), (3, 2, false)] {
            let call = FailedCall {
                attempts,
                ..get(Failure::NotSent)
            };
            let decision = RetryPolicy {
                max_retries,
                ..POLICY
            }
            .decide(&call);
            let expected = if again {
                retry(BACKOFF, false)
            } else {
                Decision::GiveUp(GiveUp::AttemptsSpent)
            };
            assert_eq!(decision, expected, "{attempts} attempts, {max_retries} retries");
        }
    }

    #[test]
    fn waiting_for_limits_ends_at_max_wait_in_all() {
        let limited = FailedCall {
            retry_after: Some(20 * SECOND),
            ..get(Failure::Status(429))
        };
        let waited = |seconds| FailedCall {
            waited: seconds * SECOND,
            ..limited
        };
        assert_eq!(POLICY.decide(&waited(40)), retry(20 * SECOND, true));
        let wait = 20 * SECOND;
        assert_eq!(
            POLICY.decide(&waited(41)),
            Decision::GiveUp(GiveUp::WaitTooLong { wait })
        );
        let broken = FailedCall {
            waited: 60 * SECOND,
            ..get(Failure::Unanswered)
        };
        assert_eq!(POLICY.decide(&broken), retry(BACKOFF, false));
    }

    #[test]
    fn nobody_waits_past_a_deadline() {
        let limited = FailedCall {
            retry_after: Some(20 * SECOND),
            ..get(Failure::Status(429))
        };
        let left = |seconds| FailedCall {
            time_left: Some(seconds * SECOND),
            ..limited
        };
        assert_eq!(POLICY.decide(&left(21)), retry(20 * SECOND, true));
        let wait = 20 * SECOND;
        assert_eq!(
            POLICY.decide(&left(20)),
            Decision::GiveUp(GiveUp::DeadlineTooClose { wait })
        );
        let over = FailedCall {
            time_left: Some(Duration::ZERO),
            backoff: Duration::ZERO,
            ..get(Failure::NotSent)
        };
        assert!(matches!(
            POLICY.decide(&over),
            Decision::GiveUp(GiveUp::DeadlineTooClose { .. })
        ));
    }

    fn failures() -> impl Strategy<Value = Failure> {
        prop_oneof![
            Just(Failure::NotSent),
            Just(Failure::Unanswered),
            Just(Failure::BodyBrokenOff),
            Just(Failure::BrokenAnswer),
            Just(Failure::Final),
            (100..600_u16).prop_map(Failure::Status),
            any::<u16>().prop_map(Failure::Status),
        ]
    }

    prop_compose! {
        fn calls()(
            failure in failures(),
            idempotent in any::<bool>(),
            attempts in 1..6_u32,
            retry_after in any::<Option<Duration>>(),
            resets_in in any::<Option<Duration>>(),
            backoff in any::<Duration>(),
            waited in any::<Duration>(),
            time_left in any::<Option<Duration>>(),
        ) -> FailedCall {
            FailedCall { failure, idempotent, attempts, retry_after, resets_in, backoff, waited, time_left }
        }
    }

    proptest! {
        #[test]
        fn no_bound_is_ever_passed(call in calls(), max_retries in 0..4_u32, max_wait in any::<Duration>()) {
            if let Decision::Retry { wait, is_limit } = (RetryPolicy { max_retries, max_wait }).decide(&call) {
                prop_assert!(call.attempts <= max_retries);
                prop_assert!(call.time_left.is_none_or(|left| wait < left));
                prop_assert!(!is_limit || call.waited.saturating_add(wait) <= max_wait);
            }
        }

        #[test]
        fn a_request_that_may_have_arrived_is_never_made_twice(call in calls()) {
            let generous = RetryPolicy { max_retries: u32::MAX, max_wait: Duration::MAX };
            let repeated = matches!(generous.decide(&call), Decision::Retry { .. });
            let stayed_out = matches!(call.failure, Failure::NotSent | Failure::Status(429));
            prop_assert!(!repeated || stayed_out || call.idempotent);
        }
    }
}

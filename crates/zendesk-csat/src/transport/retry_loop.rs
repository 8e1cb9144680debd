//! The life of a call: wait for a permit, attempt, decide, wait, attempt again.
//!
//! It knows no HTTP. The attempt is a closure, time is a [`Clock`] and chance is a function.

use std::future::Future;
use std::time::Duration;

use super::backoff::Backoff;
use super::clock::Clock;
use super::pacing::{Pacer, Permit, Route, TooLong, WaitBudget};
use super::rate_limit::RateLimits;
use super::retry::{Decision, FailedCall, Failure, GiveUp, RetryPolicy};
use super::waits::{Health, Wait, WaitReason};

/// What the calls of a client have in common.
#[derive(Clone, Copy)]
pub(crate) struct RetryLoop<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) pacer: &'a Pacer,
    pub(crate) policy: RetryPolicy,
    pub(crate) backoff: Backoff,
    /// Draws evenly from 0 to 1, as `fastrand::f64` does.
    pub(crate) random: fn() -> f64,
    pub(crate) health: &'a Health,
    /// How long trouble may last, from the client's last success on, before a call gives up whose attempts are spent.
    pub(crate) patience: Duration,
    pub(crate) tell: &'a (dyn Fn(&Wait) + Send + Sync),
}

/// What sets a call apart from others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) route: Route,
    /// Whether making it twice does no more than making it once.
    pub(crate) idempotent: bool,
    /// The time on the clock's stopwatch by which the caller wants an end.
    pub(crate) deadline: Option<Duration>,
}

/// One attempt that is about to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// Counted from 1.
    pub(crate) number: u32,
    /// Time until the caller's deadline. The attempt sees to it that it takes no longer.
    pub(crate) time_left: Option<Duration>,
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Outcome<T, E> {
    Done {
        value: T,
        limits: RateLimits,
    },
    Failed {
        error: E,
        failure: Failure,
        retry_after: Option<Duration>,
        limits: RateLimits,
    },
}

/// What a call took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Attempts made. None, if a budget was closed for longer than the caller wanted to wait.
    pub(crate) attempts: u32,
    /// Time from the call's start to its end.
    pub(crate) elapsed: Duration,
    /// The part of it that passed waiting because the service asked for it.
    pub(crate) waited: Duration,
}

/// A call that came to nothing.
#[derive(Debug)]
pub(crate) struct Stopped<E> {
    /// The last attempt's error; none, if there was no attempt.
    pub(crate) error: Option<E>,
    pub(crate) reason: GiveUp,
    /// The wait, from now, that the service asks for.
    pub(crate) retry_after: Option<Duration>,
}

impl RetryLoop<'_> {
    /// Makes a call. Dropped, it lets go of its attempt, its permit and its place in the queue.
    pub(crate) async fn run<T, E, F>(
        &self,
        call: Call,
        mut attempt: impl FnMut(Attempt) -> F,
    ) -> (Result<T, Stopped<E>>, Effort)
    where
        F: Future<Output = Outcome<T, E>>,
    {
        let started = self.clock.monotonic();
        let mut attempts = 0;
        let mut budget = WaitBudget {
            max_wait: self.policy.max_wait,
            waited: Duration::ZERO,
            deadline: call.deadline,
        };
        let mut last_error = None;
        let tell = |reason, duration| {
            (self.tell)(&Wait {
                reason,
                duration,
                bucket: call.route.bucket,
            });
        };
        let of_limit = |duration| tell(WaitReason::RateLimit, duration);
        let result = loop {
            let permit = match self.pacer.acquire(call.route, &mut budget, of_limit).await {
                Ok(permit) => permit,
                Err(too_long) => break Err(Stopped::before_an_attempt(too_long, last_error)),
            };
            attempts += 1;
            let outcome = attempt(Attempt {
                number: attempts,
                time_left: budget.time_left(self.clock.monotonic()),
            });
            let (error, failure, retry_after, limits) = match outcome.await {
                Outcome::Done { value, limits } => {
                    permit.answered(&limits);
                    self.health.succeeded(self.clock.monotonic());
                    break Ok(value);
                }
                Outcome::Failed {
                    error,
                    failure,
                    retry_after,
                    limits,
                } => (error, failure, retry_after, limits),
            };
            let failed = FailedCall {
                failure,
                idempotent: call.idempotent,
                attempts,
                retry_after,
                resets_in: limits.resets_in(),
                backoff: self.backoff.wait(attempts, (self.random)()),
                waited: budget.waited,
                time_left: budget.time_left(self.clock.monotonic()),
            };
            settle(permit, &failed, &limits);
            match self.bear(started, &failed, self.policy.decide(&failed)) {
                Decision::GiveUp(reason) => {
                    break Err(Stopped {
                        error: Some(error),
                        reason,
                        retry_after: failed.told_wait(),
                    });
                }
                Decision::Retry { wait, is_limit } => {
                    tracing::debug!(
                        attempt = attempts,
                        bucket = %call.route.bucket,
                        ?failure,
                        ?wait,
                        "another attempt follows"
                    );
                    // The pacer makes a refused call wait, together with all others of its kind.
                    if failure != Failure::Status(429) {
                        tell(WaitReason::of(failure), wait);
                        self.clock.sleep(wait).await;
                        if is_limit {
                            budget.waited = budget.waited.saturating_add(wait);
                        }
                    }
                    last_error = Some(error);
                }
            }
        };
        let effort = Effort {
            attempts,
            elapsed: self.clock.monotonic().saturating_sub(started),
            waited: budget.waited,
        };
        (result, effort)
    }

    /// The decision of a client that bears trouble for a while. Before its first success it cannot tell trouble from a wrong
    /// address, and goes by the policy alone.
    fn bear(&self, started: Duration, failed: &FailedCall, decision: Decision) -> Decision {
        let (Decision::GiveUp(GiveUp::AttemptsSpent), Some(last_success)) =
            (decision, self.health.last_success())
        else {
            return decision;
        };
        let wait = failed.wait();
        let lasted = self.clock.monotonic().saturating_sub(started.max(last_success));
        let is_borne = lasted.saturating_add(wait) <= self.patience;
        if is_borne && failed.time_left.is_none_or(|left| wait < left) {
            let is_limit = false;
            Decision::Retry { wait, is_limit }
        } else {
            decision
        }
    }
}

/// Tells the pacer how an attempt failed.
fn settle(permit: Permit, failed: &FailedCall, limits: &RateLimits) {
    match failed.failure {
        Failure::Status(429) => permit.refused(limits, failed.wait()),
        Failure::NotSent => permit.not_sent(),
        // An answer without a word on limits may come from a gateway that knows none.
        _ if *limits == RateLimits::default() => drop(permit),
        _ => permit.answered(limits),
    }
}

impl<E> Stopped<E> {
    fn before_an_attempt(too_long: TooLong, error: Option<E>) -> Self {
        let (reason, retry_after) = match too_long {
            TooLong::MaxWait { wait } => (GiveUp::WaitTooLong { wait }, Some(wait)),
            TooLong::Deadline { wait } => (GiveUp::DeadlineTooClose { wait }, Some(wait)),
            TooLong::DeadlinePassed => (GiveUp::DeadlinePassed, None),
        };
        Self {
            error,
            reason,
            retry_after,
        }
    }
}

#[cfg(test)]
mod tests;

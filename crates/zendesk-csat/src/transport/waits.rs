//! What a client waits for before it calls again, and whether it has been answered lately.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::bucket::Bucket;
use super::retry::Failure;

/// A wait that a client begins before it calls again.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
/// # let account = zendesk.account();
/// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
/// #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
/// use zendesk_csat::Wait;
///
/// let told = client.on_wait(|wait: &Wait| {
///     if wait.is_long() {
///         eprintln!("{wait}");
///     }
/// });
/// told.satisfaction_ratings().count().send().await?;
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// What it is for.
    pub reason: WaitReason,
    /// How long it takes at most.
    pub duration: Duration,
    /// The limit that the call counts against.
    pub bucket: Bucket,
}

/// What a client waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The service's limit of calls a minute.
    RateLimit,
    /// The service answered with this status.
    Status(u16),
    /// No connection came about.
    Connection,
    /// No whole answer came, or none that the service itself would give.
    Answer,
}

impl Wait {
    /// Whether it takes two seconds or more: worth a word to whoever watches.
    ///
    /// ```
    /// # fn told(wait: &zendesk_csat::Wait) {
    /// if wait.is_long() {
    ///     eprintln!("{wait}");
    /// }
    /// # }
    /// ```
    pub fn is_long(&self) -> bool {
        self.duration >= Duration::from_secs(2)
    }
}

impl WaitReason {
    pub(crate) fn of(failure: Failure) -> Self {
        match failure {
            Failure::Status(429) => Self::RateLimit,
            Failure::Status(status) => Self::Status(status),
            Failure::NotSent => Self::Connection,
            Failure::Unanswered | Failure::BodyBrokenOff | Failure::BrokenAnswer | Failure::Final => {
                Self::Answer
            }
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.duration.as_secs_f64().ceil();
        write!(formatter, "waiting {seconds} s: ")?;
        match self.reason {
            WaitReason::RateLimit => write!(formatter, "the rate limit ({}) is used up", self.bucket),
            WaitReason::Status(status) => write!(formatter, "the service answers {status}"),
            WaitReason::Connection => formatter.write_str("there is no connection"),
            WaitReason::Answer => formatter.write_str("the service does not answer whole"),
        }
    }
}

/// Who is told of waits.
#[derive(Clone)]
pub(crate) struct WaitListener(pub(crate) Arc<dyn Fn(&Wait) + Send + Sync>);

impl fmt::Debug for WaitListener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WaitListener")
    }
}

/// When a client was last given what it asked for, on the clock's stopwatch.
#[derive(Debug, Default)]
pub(crate) struct Health(Mutex<Option<Duration>>);

impl Health {
    pub(crate) fn succeeded(&self, now: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    pub(crate) fn last_success(&self) -> Option<Duration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_says_what_for_and_how_long() {
        let wait = |reason| Wait {
            reason,
            duration: Duration::from_millis(29_100),
            bucket: Bucket::Support,
        };
        let said = [
            WaitReason::RateLimit,
            WaitReason::of(Failure::Status(503)),
            WaitReason::of(Failure::NotSent),
            WaitReason::of(Failure::Unanswered),
        ]
        .map(|reason| wait(reason).to_string());
        assert_eq!(
            said,
            [
                "waiting 30 s: the rate limit (support) is used up",
                "waiting 30 s: the service answers 503",
                "waiting 30 s: there is no connection",
                "waiting 30 s: the service does not answer whole",
            ]
        );
    }
}

//! The counters against which the service charges a call, and how many calls went to each.

use std::fmt;
use std::ops::{Add, Index, Sub};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// A budget of calls a minute that the service keeps apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bucket {
    /// The ticketing APIs: ratings, reasons, tickets, audits.
    Support,
    /// The Help Center APIs, to which surveys and survey responses belong.
    HelpCenter,
    /// The incremental exports: a budget of their own, within the one of [`Bucket::Support`].
    Incremental,
    /// The token endpoint.
    #[serde(rename = "oauth")]
    OAuth,
}

impl Bucket {
    /// Every bucket, in the order of [`CallCounts`]' fields.
    pub const ALL: [Self; 4] = [Self::Support, Self::HelpCenter, Self::Incremental, Self::OAuth];

    /// The name as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::HelpCenter => "help_center",
            Self::Incremental => "incremental",
            Self::OAuth => "oauth",
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Requests sent, by bucket. Each attempt counts.
///
/// The difference of two counts is what happened between them. A difference below zero is zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CallCounts {
    /// Requests to the ticketing APIs.
    pub support: u64,
    /// Requests to the Help Center APIs.
    pub help_center: u64,
    /// Requests to the incremental exports.
    pub incremental: u64,
    /// Requests for tokens.
    pub oauth: u64,
}

impl CallCounts {
    /// Requests in all buckets together.
    #[must_use]
    pub fn total(&self) -> u64 {
        Bucket::ALL
            .into_iter()
            .fold(0, |sum, bucket| sum.saturating_add(self[bucket]))
    }

    fn by_bucket(count: impl Fn(Bucket) -> u64) -> Self {
        Self {
            support: count(Bucket::Support),
            help_center: count(Bucket::HelpCenter),
            incremental: count(Bucket::Incremental),
            oauth: count(Bucket::OAuth),
        }
    }
}

impl Index<Bucket> for CallCounts {
    type Output = u64;

    fn index(&self, bucket: Bucket) -> &u64 {
        match bucket {
            Bucket::Support => &self.support,
            Bucket::HelpCenter => &self.help_center,
            Bucket::Incremental => &self.incremental,
            Bucket::OAuth => &self.oauth,
        }
    }
}

impl Sub for CallCounts {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self::by_bucket(|bucket| self[bucket].saturating_sub(earlier[bucket]))
    }
}

impl Add for CallCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::by_bucket(|bucket| self[bucket].saturating_add(other[bucket]))
    }
}

/// How many calls a minute the service allows, as its answers have told last; `None` where no answer has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// Of the ticketing APIs, the incremental exports among them.
    pub support: Option<u32>,
    /// Of the Help Center APIs.
    pub help_center: Option<u32>,
    /// Of the incremental exports.
    pub incremental: Option<u32>,
    /// Of the token endpoint.
    pub oauth: Option<u32>,
}

impl Index<Bucket> for Limits {
    type Output = Option<u32>;

    fn index(&self, bucket: Bucket) -> &Option<u32> {
        match bucket {
            Bucket::Support => &self.support,
            Bucket::HelpCenter => &self.help_center,
            Bucket::Incremental => &self.incremental,
            Bucket::OAuth => &self.oauth,
        }
    }
}

/// Counts from many tasks at once.
#[derive(Debug, Default)]
pub(crate) struct CallCounter {
    support: AtomicU64,
    help_center: AtomicU64,
    incremental: AtomicU64,
    oauth: AtomicU64,
}

impl CallCounter {
    /// Counts one request as sent.
    pub(crate) fn count(&self, bucket: Bucket) {
        self.counter(bucket).fetch_add(1, Ordering::Relaxed);
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> CallCounts {
        CallCounts::by_bucket(|bucket| self.counter(bucket).load(Ordering::Relaxed))
    }

    fn counter(&self, bucket: Bucket) -> &AtomicU64 {
        match bucket {
            Bucket::Support => &self.support,
            Bucket::HelpCenter => &self.help_center,
            Bucket::Incremental => &self.incremental,
            Bucket::OAuth => &self.oauth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_text_and_in_json() {
        for bucket in Bucket::ALL {
            assert_eq!(serde_json::to_value(bucket).unwrap(), bucket.to_string().as_str());
        }
        assert_eq!(
            serde_json::to_value(CallCounts::default()).unwrap(),
            serde_json::json!({"support": 0, "help_center": 0, "incremental": 0, "oauth": 0})
        );
    }

    #[test]
    fn a_difference_is_what_happened_between() {
        let counter = CallCounter::default();
        counter.count(Bucket::Support);
        let before = counter.counts();
        counter.count(Bucket::HelpCenter);
        counter.count(Bucket::HelpCenter);
        counter.count(Bucket::Incremental);
        counter.count(Bucket::OAuth);
        let between = counter.counts() - before;
        let expected = CallCounts {
            support: 0,
            help_center: 2,
            incremental: 1,
            oauth: 1,
        };
        assert_eq!(between, expected);
        assert_eq!(between.total(), 4);
        assert_eq!(before + between, counter.counts());
        assert_eq!(before - counter.counts(), CallCounts::default());
    }

    #[test]
    fn tasks_count_together() {
        let counter = CallCounter::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| counter.count(Bucket::Support)));
            }
        });
        assert_eq!(counter.counts()[Bucket::Support], 4_000);
    }
}

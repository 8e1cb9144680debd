//! What a sync knows of an answer of the service beside its records: who reads it, and which times in it can be.

use chrono::{DateTime, Utc};

/// How far a record's time may lie beyond the time of the answer that has it, in milliseconds: the service has many clocks.
const CLOCKS_DIFFER: i64 = 5 * 60_000;

/// Where an answer has no time of its own, this machine's clock stands in for it, which may be off by that much.
const OWN_CLOCK_DIFFERS: i64 = 86_400_000;

/// An answer, as far as its records are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The number of the sync that reads.
    pub(crate) run: i64,
    /// From when on the history has rows, in milliseconds; what was sent before only tells which ratings are copies.
    pub(crate) since: Option<i64>,
    /// The latest time that a record of the answer can have, in milliseconds.
    pub(crate) latest: i64,
    /// When the answer came, in milliseconds.
    pub(crate) at: i64,
}

impl Reading {
    /// The reading of an answer with this `Date`.
    pub(crate) fn of(run: i64, since: Option<i64>, date: Option<DateTime<Utc>>) -> Self {
        let (at, differ) = match date {
            Some(date) => (date.timestamp_millis(), CLOCKS_DIFFER),
            None => (Utc::now().timestamp_millis(), OWN_CLOCK_DIFFERS),
        };
        Self {
            run,
            since,
            latest: at.saturating_add(differ),
            at,
        }
    }

    /// A time that a record can have; none where it lies beyond the answer that has it.
    pub(crate) fn believed(&self, time: Option<i64>) -> Option<i64> {
        time.filter(|time| *time <= self.latest)
    }

    /// The first of a record's times that cannot be, by the name of its property.
    pub(crate) fn doubtful(
        &self,
        times: impl IntoIterator<Item = (&'static str, Option<i64>)>,
    ) -> Option<&'static str> {
        times
            .into_iter()
            .find(|(_, time)| time.is_some_and(|time| time > self.latest))
            .map(|(property, _)| property)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_beyond_its_answer_is_not_believed() {
        let date = DateTime::from_timestamp_millis(1_000_000_000);
        let reading = Reading::of(1, None, date);
        assert_eq!(reading.believed(Some(1_000_299_999)), Some(1_000_299_999));
        assert_eq!(reading.believed(Some(1_000_300_001)), None);
        assert_eq!(reading.believed(Some(i64::MAX)), None);
        let doubtful = |created_at, updated_at| {
            reading.doubtful([("created_at", created_at), ("updated_at", updated_at)])
        };
        assert_eq!(doubtful(Some(5), None), None);
        assert_eq!(doubtful(Some(5), Some(i64::MAX)), Some("updated_at"));
    }

    #[test]
    fn without_a_date_the_own_clock_bounds_what_is_believed() {
        let reading = Reading::of(1, None, None);
        let now = Utc::now().timestamp_millis();
        assert_eq!(reading.believed(Some(now)), Some(now));
        assert_eq!(reading.believed(Some(now + 40 * 86_400_000)), None);
    }
}

//! How far back a history reaches, and who says so.

use chrono::{DateTime, Utc};

use crate::rows::account::Account;

/// From when on a history has rows of an account. A history never comes to reach less far back than it does.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use zendesk_csat_history::Since;
///
/// let march = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap();
/// assert_eq!(Since::from(march), Since::Time(march));
/// assert_eq!(Since::default(), Since::Remembered);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Since {
    /// As before; of an account that is new in the history, all there is.
    #[default]
    Remembered,
    /// All there is.
    All,
    /// What was sent then or later, or as before where that is further back.
    Time(DateTime<Utc>),
}

impl Since {
    /// From when on the account has rows from now on, in milliseconds; `None` for all there is.
    pub(crate) fn for_account(self, known: Option<&Account>) -> Option<i64> {
        match (self, known) {
            (Self::All, _) | (Self::Remembered, None) => None,
            (Self::Remembered, Some(known)) => known.since,
            (Self::Time(time), None) => Some(time.timestamp_millis()),
            (Self::Time(time), Some(known)) => known.since.map(|since| since.min(time.timestamp_millis())),
        }
    }
}

impl From<DateTime<Utc>> for Since {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Time(time)
    }
}

impl From<Option<DateTime<Utc>>> for Since {
    fn from(time: Option<DateTime<Utc>>) -> Self {
        time.map_or(Self::Remembered, Self::Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::account::ANSWER_PERIOD;

    fn account(since: Option<i64>) -> Account {
        Account {
            id: 1,
            since,
            run: 1,
            answer_period: ANSWER_PERIOD,
            ratings_missing: 0,
            locale: "en-us".to_owned(),
            reason_questions: Vec::new(),
        }
    }

    #[test]
    fn a_history_remembers_how_far_back_it_reaches_and_only_widens() {
        let time = |milliseconds| Since::Time(DateTime::from_timestamp_millis(milliseconds).unwrap());
        for (since, known, expected) in [
            (Since::Remembered, None, None),
            (Since::All, None, None),
            (time(50), None, Some(50)),
            (Since::Remembered, Some(Some(50)), Some(50)),
            (Since::Remembered, Some(None), None),
            (Since::All, Some(Some(50)), None),
            (time(40), Some(Some(50)), Some(40)),
            (time(60), Some(Some(50)), Some(50)),
            (time(60), Some(None), None),
        ] {
            let known = known.map(account);
            assert_eq!(
                since.for_account(known.as_ref()),
                expected,
                "{since:?}, {known:?}"
            );
        }
    }
}

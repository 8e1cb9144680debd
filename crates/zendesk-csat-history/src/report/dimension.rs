//! What ratings are grouped by, and the calendar behind the groupings by time. All calendar time is UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

pub(crate) const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// What to group ratings by.
///
/// ```
/// use zendesk_csat_history::report::Dimension;
///
/// assert_eq!("survey-version".parse::<Dimension>().unwrap(), Dimension::SurveyVersion);
/// assert_eq!(Dimension::Week.to_string(), "week");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// The UTC day that the rating was asked for.
    Day,
    /// The ISO week, from Monday 00:00 UTC.
    Week,
    /// The calendar month in UTC.
    Month,
    /// The agent's user id.
    Agent,
    /// The group's id.
    Group,
    /// The reason that the customer chose; a rating with several reasons counts under each.
    Reason,
    /// The survey and its version.
    SurveyVersion,
    /// `rating` (the legacy system) or `survey`.
    Source,
    /// How the ticket came in, such as `email` or `native_messaging`.
    Channel,
    /// The locale that the answer's texts were read in.
    Locale,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 10] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Agent,
        Self::Group,
        Self::Reason,
        Self::SurveyVersion,
        Self::Source,
        Self::Channel,
        Self::Locale,
    ];

    /// The name that [`FromStr`] reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Reason => "reason",
            Self::SurveyVersion => "survey-version",
            Self::Source => "source",
            Self::Channel => "channel",
            Self::Locale => "locale",
        }
    }

    /// Whether the buckets follow each other in time.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// Whether a rating that is not answered has no place in this grouping.
    pub(crate) const fn is_of_answers(self) -> bool {
        matches!(self, Self::Reason | Self::Locale)
    }

    /// The bucket of a grouping by time that holds this instant; buckets that follow each other differ by one.
    pub(crate) fn time_bucket(self, ms: i64) -> Option<i64> {
        let day = ms.div_euclid(MS_PER_DAY);
        match self {
            Self::Day => Some(day),
            // Day 0, 1970-01-01, was a Thursday.
            Self::Week => Some((day + 3).div_euclid(7)),
            Self::Month => {
                date_of_day(day).map(|date| i64::from(date.year()) * 12 + i64::from(date.month0()))
            }
            _ => None,
        }
    }

    /// The first day of a bucket.
    pub(crate) fn bucket_start(self, bucket: i64) -> Option<NaiveDate> {
        match self {
            Self::Day => date_of_day(bucket),
            Self::Week => date_of_day(bucket * 7 - 3),
            Self::Month => NaiveDate::from_ymd_opt(i32::try_from(bucket.div_euclid(12)).ok()?, 1, 1)?
                .checked_add_months(Months::new(u32::try_from(bucket.rem_euclid(12)).ok()?)),
            _ => None,
        }
    }

    /// The ISO name of the bucket that starts on this day: `2026-03-02`, `2026-W10`, `2026-03`.
    pub(crate) fn bucket_name(self, start: NaiveDate) -> String {
        match self {
            Self::Week => {
                let week = start.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => start.format("%Y-%m").to_string(),
            _ => start.format("%Y-%m-%d").to_string(),
        }
    }
}

fn date_of_day(day: i64) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let days = Days::new(day.unsigned_abs());
    if day < 0 {
        epoch.checked_sub_days(days)
    } else {
        epoch.checked_add_days(days)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no dimension.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot group by {0:?}: known are {names}", names = Dimension::ALL.map(Dimension::as_str).join(", "))]
pub struct UnknownDimension(String);

impl FromStr for Dimension {
    type Err = UnknownDimension;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == text)
            .ok_or_else(|| UnknownDimension(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc, Weekday};
    use proptest::prelude::*;

    use super::*;

    fn name(dimension: Dimension, time: &str) -> String {
        let ms = time.parse::<DateTime<Utc>>().unwrap().timestamp_millis();
        let start = dimension
            .bucket_start(dimension.time_bucket(ms).unwrap())
            .unwrap();
        dimension.bucket_name(start)
    }

    #[test]
    fn weeks_are_iso_weeks_from_monday() {
        assert_eq!(name(Dimension::Week, "2026-03-01T23:59:59.999Z"), "2026-W09");
        assert_eq!(name(Dimension::Week, "2026-03-02T00:00:00.000Z"), "2026-W10");
        // 2027-01-01 is a Friday: still week 53 of 2026.
        assert_eq!(name(Dimension::Week, "2027-01-01T12:00:00.000Z"), "2026-W53");
    }

    #[test]
    fn months_and_days_are_utc() {
        assert_eq!(name(Dimension::Month, "2026-02-28T23:30:00.000-01:00"), "2026-03");
        assert_eq!(
            name(Dimension::Day, "2026-02-28T23:30:00.000-01:00"),
            "2026-03-01"
        );
    }

    #[test]
    fn every_dimension_reads_its_own_name() {
        for dimension in Dimension::ALL {
            assert_eq!(dimension.as_str().parse(), Ok(dimension));
        }
        let error = "colour".parse::<Dimension>().unwrap_err().to_string();
        for dimension in Dimension::ALL {
            assert!(error.contains(dimension.as_str()), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_time_lies_between_the_start_of_its_bucket_and_of_the_next(ms in -4_000_000_000_000_i64..40_000_000_000_000) {
            for dimension in [Dimension::Day, Dimension::Week, Dimension::Month] {
                let bucket = dimension.time_bucket(ms).unwrap();
                let date = DateTime::from_timestamp_millis(ms).unwrap().date_naive();
                let (start, next) = (dimension.bucket_start(bucket).unwrap(), dimension.bucket_start(bucket + 1).unwrap());
                prop_assert!(start <= date && date < next);
                if dimension == Dimension::Week {
                    prop_assert_eq!(start.weekday(), Weekday::Mon);
                }
            }
        }
    }
}

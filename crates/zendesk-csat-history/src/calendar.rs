//! The calendar of a report: the time zone in which days begin, and the day on which weeks do.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Serialize, Serializer};

/// When days and weeks begin.
///
/// ```
/// use zendesk_csat_history::{Calendar, WeekStart};
///
/// let berlin = Calendar { zone: "Europe/Berlin".parse().unwrap(), week_start: WeekStart::Sunday };
/// assert_eq!(berlin.zone.name(), "Europe/Berlin");
/// assert_eq!(Calendar::default().zone.name(), "UTC");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// The zone in which days begin at midnight; UTC by default.
    pub zone: Zone,
    /// The first day of a week; Monday by default.
    pub week_start: WeekStart,
}

/// The first day of a week.
///
/// ```
/// use zendesk_csat_history::WeekStart;
///
/// assert_eq!("sunday".parse(), Ok(WeekStart::Sunday));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// Weeks are those of ISO 8601.
    #[default]
    Monday,
    /// As in the United States.
    Sunday,
}

impl WeekStart {
    /// The name that [`FromStr`] reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Sunday => "sunday",
        }
    }
}

impl fmt::Display for WeekStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for WeekStart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Monday, Self::Sunday]
            .into_iter()
            .find(|day| day.as_str() == text)
            .ok_or_else(|| format!("weeks begin on monday or sunday, not on {text:?}"))
    }
}

/// A time zone of the IANA database, which is part of this library: the same on every machine.
///
/// ```
/// use zendesk_csat_history::Zone;
///
/// let zone: Zone = "America/New_York".parse().unwrap();
/// assert_eq!(zone.to_string(), "America/New_York");
/// assert!("New York".parse::<Zone>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The name in the IANA database, such as `Europe/Berlin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The clock on the wall at this time.
    pub(crate) fn local(&self, time: DateTime<Utc>) -> NaiveDateTime {
        let offset = self.offset(time.timestamp_millis()).seconds;
        time.naive_utc()
            .checked_add_signed(chrono::TimeDelta::seconds(offset))
            .unwrap_or(time.naive_utc())
    }

    /// The day at this time.
    pub(crate) fn date(&self, time: DateTime<Utc>) -> Option<Date> {
        let timestamp = Timestamp::from_millisecond(time.timestamp_millis()).ok()?;
        Some(self.0.to_datetime(timestamp).date())
    }

    /// When this day begins; that need not be midnight where clocks change at it.
    pub(crate) fn start_of_day(&self, date: Date) -> Option<DateTime<Utc>> {
        let start = date.to_zoned(self.0.clone()).ok()?.start_of_day().ok()?;
        DateTime::from_timestamp_millis(start.timestamp().as_millisecond())
    }

    /// So many days earlier at the same time on the clock; where the clock has no such time, as jiff chooses.
    pub(crate) fn days_before(&self, time: DateTime<Utc>, days: i64) -> Option<DateTime<Utc>> {
        self.before(time, Span::new().try_days(days).ok()?)
    }

    /// So much earlier at the same time on the clock; where the calendar has no such day, on the last before it.
    pub(crate) fn before(&self, time: DateTime<Utc>, span: Span) -> Option<DateTime<Utc>> {
        let timestamp = Timestamp::from_millisecond(time.timestamp_millis()).ok()?;
        let earlier = timestamp.to_zoned(self.0.clone()).checked_sub(span).ok()?;
        DateTime::from_timestamp_millis(earlier.timestamp().as_millisecond())
    }

    /// Local time minus UTC, and how long it has been and stays so.
    pub(crate) fn offset(&self, ms: i64) -> Offset {
        let Ok(timestamp) = Timestamp::from_millisecond(ms) else {
            return Offset::ALWAYS_UTC;
        };
        let next = self.0.following(timestamp).next();
        // One that takes place at this time belongs to it.
        let last = timestamp
            .checked_add(Span::new().nanoseconds(1))
            .ok()
            .and_then(|after| self.0.preceding(after).next());
        Offset {
            seconds: i64::from(self.0.to_offset(timestamp).seconds()),
            since: last.map_or(i64::MIN, |change| change.timestamp().as_millisecond()),
            until: next.map_or(i64::MAX, |change| change.timestamp().as_millisecond()),
        }
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// No zone has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called {0:?}: write its IANA name, such as Europe/Berlin or America/New_York")]
pub struct UnknownZone(String);

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownZone(text.to_owned());
        let zone = TimeZone::get(text).map_err(|_| unknown())?;
        match zone.iana_name() {
            Some(_) if !zone.is_unknown() => Ok(Self(zone)),
            _ => Err(unknown()),
        }
    }
}

/// The difference between local time and UTC during a span of time, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    pub(crate) seconds: i64,
    since: i64,
    until: i64,
}

impl Offset {
    const ALWAYS_UTC: Self = Self {
        seconds: 0,
        since: i64::MIN,
        until: i64::MAX,
    };

    pub(crate) const fn holds(&self, ms: i64) -> bool {
        self.since <= ms && ms < self.until
    }
}

pub(crate) const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// Tells the days of many times: the offset is looked up where clocks changed, not for each.
#[derive(Debug)]
pub(crate) struct Days {
    zone: Zone,
    offset: Offset,
}

impl Days {
    pub(crate) fn new(zone: &Zone) -> Self {
        Self {
            zone: zone.clone(),
            offset: zone.offset(0),
        }
    }

    /// The day at this time, counted from 1970-01-01.
    pub(crate) fn number(&mut self, ms: i64) -> i64 {
        if !self.offset.holds(ms) {
            self.offset = self.zone.offset(ms);
        }
        ms.saturating_add(self.offset.seconds * 1000)
            .div_euclid(MS_PER_DAY)
    }
}

/// The day of this number, counted from 1970-01-01.
pub(crate) fn date_of_day(day: i64) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let days = chrono::Days::new(day.unsigned_abs());
    if day < 0 {
        epoch.checked_sub_days(days)
    } else {
        epoch.checked_add_days(days)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(zone: &Zone, at: &str) -> String {
        let number = Days::new(zone).number(time(at).timestamp_millis());
        date_of_day(number).unwrap().to_string()
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let (berlin, new_york) = (zone("Europe/Berlin"), zone("America/New_York"));
        // 22:30 UTC is past midnight in summer in Berlin, and not in winter.
        assert_eq!(day(&berlin, "2026-07-01T22:30:00Z"), "2026-07-02");
        assert_eq!(day(&berlin, "2026-01-01T22:30:00Z"), "2026-01-01");
        assert_eq!(day(&new_york, "2026-01-01T04:59:59Z"), "2025-12-31");
        assert_eq!(day(&zone("Asia/Kathmandu"), "2026-01-01T18:15:00Z"), "2026-01-02");
    }

    #[test]
    fn a_day_begins_where_its_clock_does() {
        let start = |zone: &str, year, month, day| {
            super::tests::zone(zone)
                .start_of_day(Date::new(year, month, day).unwrap())
                .unwrap()
        };
        assert_eq!(start("Europe/Berlin", 2026, 3, 30), time("2026-03-29T22:00:00Z"));
        // Clocks went from midnight to one: no 00:00 on that day.
        assert_eq!(
            start("America/Sao_Paulo", 2018, 11, 4),
            time("2018-11-04T03:00:00Z")
        );
    }

    #[test]
    fn days_before_are_days_of_the_clock() {
        // Over the change to summer time a day has 23 hours.
        assert_eq!(
            zone("Europe/Berlin").days_before(time("2026-03-29T22:00:00Z"), 1),
            Some(time("2026-03-28T23:00:00Z"))
        );
    }

    #[test]
    fn zones_have_names_of_the_database_only() {
        assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
        assert_eq!(zone("UTC"), Zone::default());
        for bad in [
            "",
            "Berlin",
            "+02:00",
            "EST5EDT,M3.2.0,M11.1.0",
            "Etc/Unknown",
            "local",
            "../etc/passwd",
        ] {
            let error = bad.parse::<Zone>().unwrap_err().to_string();
            assert!(error.contains("Europe/Berlin"), "{error}");
        }
    }

    #[test]
    fn weeks_begin_on_two_days() {
        assert_eq!("monday".parse(), Ok(WeekStart::Monday));
        assert!("friday".parse::<WeekStart>().unwrap_err().contains("sunday"));
    }

    proptest! {
        #[test]
        fn days_in_any_order_are_the_days_that_jiff_tells(
            name in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]),
            times in prop::collection::vec(-1_000_000_000_000_i64..4_000_000_000_000, 1..40),
        ) {
            let zone = zone(name);
            let mut days = Days::new(&zone);
            for ms in times {
                let date = zone.date(DateTime::from_timestamp_millis(ms).unwrap()).unwrap();
                prop_assert_eq!(date_of_day(days.number(ms)).unwrap().to_string(), date.to_string());
            }
        }
    }
}

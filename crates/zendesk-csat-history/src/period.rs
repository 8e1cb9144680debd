//! Periods of the calendar: a month, a week, the last 28 days, or what lies between two bounds.

use chrono::{DateTime, Utc};
use jiff::{Span, ToSpan};
use serde::Serialize;

use crate::calendar::{Calendar, Zone};
use crate::time_text::{Length, NoSuchTime, TimeText};

/// Of which time a report or an export is. What it means depends on the calendar, and where it counts from now, on the
/// history's own clock: the service's time at the last sync. So the same file gives the same answer on every day.
///
/// ```
/// use zendesk_csat_history::Period;
///
/// assert_eq!(Period::month("2026-05").unwrap().to_string(), "the month 2026-05");
/// assert_eq!(Period::last("4w").unwrap(), Period::last("28d").unwrap());
/// assert!(Period::week("2026-05").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    LastFullMonth,
    LastDays(u32),
    Around(Length, TimeText),
    Between(Option<TimeText>, Option<TimeText>),
}

impl Period {
    /// Everything.
    pub const ALL: Self = Self(Kind::All);

    /// The last month that is over. A report of it falls back to everything where the month has nothing, and says so.
    pub const LAST_FULL_MONTH: Self = Self(Kind::LastFullMonth);

    /// The last whole days, such as `28d` or `4w`: up to the day before that of the last sync, of which not all is known.
    ///
    /// # Errors
    /// It is no number of days or weeks, or 0.
    pub fn last(text: &str) -> Result<Self, InvalidPeriod> {
        let invalid = || InvalidPeriod {
            text: text.to_owned(),
            what: "number of days",
            example: "28d or 4w",
        };
        let days = text.parse::<TimeText>().ok().and_then(|text| text.days_ago());
        days.filter(|&days| days > 0 && text.ends_with(['d', 'w']))
            .map(|days| Self(Kind::LastDays(days)))
            .ok_or_else(invalid)
    }

    /// A week: `2026-W20`, `last-week`, or a day in it.
    ///
    /// # Errors
    /// The text is neither.
    pub fn week(text: &str) -> Result<Self, InvalidPeriod> {
        Self::around(Length::Week, text)
    }

    /// A month: `2026-05`, `last-month`, or a day in it.
    ///
    /// # Errors
    /// The text is neither.
    pub fn month(text: &str) -> Result<Self, InvalidPeriod> {
        Self::around(Length::Month, text)
    }

    /// A quarter: `2026-Q2`, `last-quarter`, or a month or a day in it.
    ///
    /// # Errors
    /// The text is neither.
    pub fn quarter(text: &str) -> Result<Self, InvalidPeriod> {
        Self::around(Length::Quarter, text)
    }

    /// A year: `2026`, `last-year`, or a quarter, a month or a day in it.
    ///
    /// # Errors
    /// The text is neither.
    pub fn year(text: &str) -> Result<Self, InvalidPeriod> {
        Self::around(Length::Year, text)
    }

    /// From where one text begins up to where another ends, as far as they are given.
    ///
    /// ```
    /// use zendesk_csat_history::Period;
    ///
    /// let spring = Period::between("2026-03".parse().ok(), "2026-05".parse().ok());
    /// assert_eq!(spring.to_string(), "from 2026-03 up to 2026-05");
    /// assert_eq!(Period::between(None, None), Period::ALL);
    /// ```
    pub const fn between(since: Option<TimeText>, until: Option<TimeText>) -> Self {
        match (since, until) {
            (None, None) => Self::ALL,
            _ => Self(Kind::Between(since, until)),
        }
    }

    fn around(length: Length, text: &str) -> Result<Self, InvalidPeriod> {
        let (what, example) = match length {
            Length::Week => ("week", "2026-W20, last-week, or a day in it (2026-05-13)"),
            Length::Month => ("month", "2026-05, last-month, or a day in it (2026-05-13)"),
            Length::Quarter => ("quarter", "2026-Q2, last-quarter, or a month in it (2026-05)"),
            Length::Year | Length::Day => ("year", "2026, last-year, or a month in it (2026-05)"),
        };
        // A week can lie in two months.
        let is_within = |inner: Length| match inner {
            Length::Day => true,
            Length::Week => length == Length::Week,
            Length::Month => matches!(length, Length::Month | Length::Quarter | Length::Year),
            Length::Quarter => matches!(length, Length::Quarter | Length::Year),
            Length::Year => length == Length::Year,
        };
        text.parse::<TimeText>()
            .ok()
            .filter(|text| is_within(text.length()))
            .map(|text| Self(Kind::Around(length, text)))
            .ok_or_else(|| InvalidPeriod {
                text: text.to_owned(),
                what,
                example,
            })
    }

    /// Whether a report of it is one of everything where it has nothing.
    pub(crate) fn falls_back(self) -> bool {
        self == Self::LAST_FULL_MONTH
    }

    /// When it begins and ends, and what of the calendar it is.
    pub(crate) fn bounds(self, calendar: &Calendar, now: DateTime<Utc>) -> Result<Bounds, NoSuchTime> {
        let zone = &calendar.zone;
        let around = |length: Length, text: TimeText| {
            let (first, next) = text.around(length, calendar, now)?;
            Some(Bounds {
                since: Some(zone.start_of_day(first)?),
                until: Some(zone.start_of_day(next)?),
                length: Some(length),
            })
        };
        match self.0 {
            Kind::All => Ok(Bounds::default()),
            Kind::LastFullMonth => around(Length::Month, TimeText::LAST_MONTH).ok_or(NoSuchTime),
            Kind::Around(length, text) => around(length, text).ok_or(NoSuchTime),
            Kind::LastDays(days) => {
                let today = zone.date(now).and_then(|today| zone.start_of_day(today));
                let until = today.ok_or(NoSuchTime)?;
                Ok(Bounds {
                    since: Some(zone.days_before(until, i64::from(days)).ok_or(NoSuchTime)?),
                    until: Some(until),
                    length: None,
                })
            }
            Kind::Between(since, until) => Ok(Bounds {
                since: since.map(|since| since.since(calendar, now)).transpose()?,
                until: until.map(|until| until.until(calendar, now)).transpose()?,
                length: None,
            }),
        }
    }
}

impl Default for Period {
    /// [`Period::ALL`].
    fn default() -> Self {
        Self::ALL
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Kind::All => f.write_str("everything"),
            Kind::LastFullMonth => f.write_str("the last full month"),
            Kind::LastDays(1) => f.write_str("the last whole day"),
            Kind::LastDays(days) => write!(f, "the last {days} whole days"),
            Kind::Around(length, text) => {
                let of = if text.length() == length { "" } else { "of " };
                write!(f, "the {} {of}{text}", length.name())
            }
            Kind::Between(Some(since), Some(until)) => write!(f, "from {since} up to {until}"),
            Kind::Between(Some(since), None) => write!(f, "since {since}"),
            Kind::Between(None, Some(until)) => write!(f, "until {until}"),
            Kind::Between(None, None) => f.write_str("everything"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text is no period of that kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what}: write {example}")]
pub struct InvalidPeriod {
    text: String,
    what: &'static str,
    example: &'static str,
}

/// A period as times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) until: Option<DateTime<Utc>>,
    /// The week, month, quarter or year that it is.
    pub(crate) length: Option<Length>,
}

/// What a report's period is compared with.
///
/// ```
/// use zendesk_csat_history::Compare;
///
/// assert_eq!("previous".parse(), Ok(Compare::Previous));
/// assert!(matches!("2026-04".parse(), Ok(Compare::With(_))));
/// assert!(matches!("2026-01-01..2026-01-31".parse(), Ok(Compare::With(_))));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compare {
    /// The month before a month, and so with weeks, quarters and years; as many days before any other.
    #[default]
    Previous,
    /// The same days a year earlier; of a week, 52 weeks earlier.
    Year,
    /// Another period, which has both ends.
    With(Period),
}

/// The text is nothing to compare with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is nothing to compare with: write previous, year, a month (2026-04), a week (2026-W19), a quarter, a year, or \
     both ends (2026-01-01..2026-01-31)"
)]
pub struct InvalidCompare(String);

impl std::str::FromStr for Compare {
    type Err = InvalidCompare;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let period = |since: &str, until: &str| {
            let (since, until) = (since.parse().ok()?, until.parse().ok()?);
            Some(Self::With(Period::between(Some(since), Some(until))))
        };
        match text {
            "previous" => Ok(Self::Previous),
            "year" => Ok(Self::Year),
            _ => match text.split_once("..") {
                Some((since, until)) => period(since, until),
                // A moment has no length.
                None => period(text, text).filter(|_| !text.contains('T')),
            }
            .ok_or_else(|| InvalidCompare(text.to_owned())),
        }
    }
}

/// Where a span begins, and where it ends.
type Ends = (DateTime<Utc>, DateTime<Utc>);

impl Compare {
    /// The span that is compared with this one.
    pub(crate) fn span(
        self,
        bounds: &Bounds,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Option<Ends>, NoSuchTime> {
        let zone = &calendar.zone;
        let earlier = |span: Span| Some((zone.before(since, span)?, zone.before(until, span)?));
        Ok(match self {
            Self::Previous => {
                let months = match bounds.length {
                    Some(Length::Month) => 1,
                    Some(Length::Quarter) => 3,
                    Some(Length::Year) => 12,
                    _ => 0,
                };
                let before = if months > 0 {
                    zone.before(since, months.months())
                } else {
                    as_long_before(zone, since, until)
                };
                before.map(|before| (before, since))
            }
            Self::Year if bounds.length == Some(Length::Week) => earlier(52.weeks()),
            Self::Year => earlier(1.year()),
            Self::With(period) => {
                let bounds = period.bounds(calendar, now)?;
                bounds.since.zip(bounds.until)
            }
        })
    }
}

/// As many days before `since` as there are until `until`; where those are not whole days, as long a time.
fn as_long_before(zone: &Zone, since: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (from, to) = (zone.local(since), zone.local(until));
    if from.time() == to.time() && from.date() < to.date() {
        return zone.days_before(since, (to.date() - from.date()).num_days());
    }
    since.checked_sub_signed(until - since)
}

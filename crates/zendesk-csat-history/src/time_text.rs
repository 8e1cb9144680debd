//! Times as people write them: days, weeks, months, `7d`, `last-month`, or a time with its zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

use crate::calendar::{Calendar, WeekStart};

/// A time, or some days, as people write them. What it means depends on a calendar and, for `7d` or `last-month`, on now:
/// days begin with the first of them and end after the last.
///
/// | written | means |
/// | --- | --- |
/// | `2026-05-01`, `2026-05`, `2026` | a day, a month, a year |
/// | `2026-W20`, `2026-Q2` | a week by its number in ISO 8601, a quarter |
/// | `today`, `yesterday`, `7d`, `4w` | a day: this one, the one before, the one so many days or weeks ago |
/// | `this-week`, `last-week`, and so with `month`, `quarter` and `year` | all of its days |
/// | `2026-05-01T09:00:00+02:00` | a time, by RFC 3339 |
///
/// ```
/// use zendesk_csat_history::{Calendar, TimeText};
///
/// let calendar = Calendar { zone: "Europe/Berlin".parse().unwrap(), ..Calendar::default() };
/// let now = "2026-06-10T12:00:00Z".parse().unwrap();
/// let month: TimeText = "last-month".parse().unwrap();
/// assert_eq!(month.since(&calendar, now).unwrap().to_rfc3339(), "2026-04-30T22:00:00+00:00");
/// assert_eq!(month.until(&calendar, now).unwrap().to_rfc3339(), "2026-05-31T22:00:00+00:00");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeText(Written);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Time(DateTime<Utc>),
    Day(Date),
    Month(Date),
    Year(Date),
    Quarter(Date),
    /// A Thursday: the week that holds it, whichever day it begins on.
    IsoWeek(Date),
    DaysAgo(u32),
    Week {
        ago: u8,
    },
    MonthNow {
        ago: u8,
    },
    QuarterNow {
        ago: u8,
    },
    YearNow {
        ago: u8,
    },
}

/// A length of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl TimeText {
    pub(crate) const LAST_MONTH: Self = Self(Written::MonthNow { ago: 1 });

    /// How many days ago it is, if that is what it says.
    pub(crate) const fn days_ago(&self) -> Option<u32> {
        match self.0 {
            Written::DaysAgo(days) => Some(days),
            _ => None,
        }
    }

    /// Where it begins.
    ///
    /// # Errors
    /// It is before or after all years that the calendar knows.
    pub fn since(&self, calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchTime> {
        match self.0 {
            Written::Time(time) => Ok(time),
            _ => self
                .days(calendar, now)
                .and_then(|(first, _)| calendar.zone.start_of_day(first))
                .ok_or(NoSuchTime),
        }
    }

    /// Where it ends: after the last of its days, so that a bound that is not part of what it bounds leaves none out.
    ///
    /// # Errors
    /// It is before or after all years that the calendar knows.
    pub fn until(&self, calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchTime> {
        match self.0 {
            Written::Time(time) => Ok(time),
            _ => self
                .days(calendar, now)
                .and_then(|(_, next)| calendar.zone.start_of_day(next))
                .ok_or(NoSuchTime),
        }
    }

    /// How much of the calendar it names.
    pub(crate) const fn length(&self) -> Length {
        match self.0 {
            Written::Time(_) | Written::Day(_) | Written::DaysAgo(_) => Length::Day,
            Written::IsoWeek(_) | Written::Week { .. } => Length::Week,
            Written::Month(_) | Written::MonthNow { .. } => Length::Month,
            Written::Quarter(_) | Written::QuarterNow { .. } => Length::Quarter,
            Written::Year(_) | Written::YearNow { .. } => Length::Year,
        }
    }

    /// The week, month, quarter or year that it is, or that its day is in: its first day, and the one after its last.
    pub(crate) fn around(
        &self,
        length: Length,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Option<(Date, Date)> {
        let day = match self.0 {
            Written::Time(time) => calendar.zone.date(time)?,
            _ => self.days(calendar, now)?.0,
        };
        length.around(day, calendar)
    }

    /// The first day, and the one after the last.
    fn days(&self, calendar: &Calendar, now: DateTime<Utc>) -> Option<(Date, Date)> {
        let today = calendar.zone.date(now)?;
        let before = |length: Length, span: Span| length.around(today.checked_sub(span).ok()?, calendar);
        match self.0 {
            Written::Time(_) => None,
            Written::Day(date) => Length::Day.around(date, calendar),
            Written::IsoWeek(thursday) => Length::Week.around(thursday, calendar),
            Written::Month(first) => Length::Month.around(first, calendar),
            Written::Quarter(first) => Length::Quarter.around(first, calendar),
            Written::Year(first) => Length::Year.around(first, calendar),
            Written::DaysAgo(days) => before(Length::Day, Span::new().try_days(days).ok()?),
            Written::Week { ago } => before(Length::Week, i64::from(ago).weeks()),
            Written::MonthNow { ago } => before(Length::Month, i64::from(ago).months()),
            Written::QuarterNow { ago } => before(Length::Quarter, (3 * i64::from(ago)).months()),
            Written::YearNow { ago } => before(Length::Year, i64::from(ago).years()),
        }
    }
}

impl Length {
    /// What it is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The one that holds this day: its first day, and the one after its last.
    fn around(self, day: Date, calendar: &Calendar) -> Option<(Date, Date)> {
        let first_of_month = day.first_of_month();
        let (first, length) = match self {
            Self::Day => (day, 1.day()),
            Self::Week => {
                let weekday = day.weekday();
                let into_week = match calendar.week_start {
                    WeekStart::Monday => weekday.to_monday_zero_offset(),
                    WeekStart::Sunday => weekday.to_sunday_zero_offset(),
                };
                (day.checked_sub(i64::from(into_week).days()).ok()?, 7.days())
            }
            Self::Month => (first_of_month, 1.month()),
            Self::Quarter => {
                let into_quarter = i64::from((day.month() - 1) % 3);
                (
                    first_of_month.checked_sub(into_quarter.months()).ok()?,
                    3.months(),
                )
            }
            Self::Year => (day.first_of_year(), 1.year()),
        };
        Some((first, first.checked_add(length).ok()?))
    }
}

/// As it is written.
impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relative = |f: &mut fmt::Formatter<'_>, ago: u8, length: Length| {
            let which = if ago == 0 { "this" } else { "last" };
            write!(f, "{which}-{}", length.name())
        };
        match self.0 {
            Written::Time(time) => f.write_str(&time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            Written::Day(date) => write!(f, "{date}"),
            Written::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Written::Year(first) => write!(f, "{:04}", first.year()),
            Written::Quarter(first) => write!(f, "{:04}-Q{}", first.year(), (first.month() + 2) / 3),
            Written::IsoWeek(thursday) => {
                let week = thursday.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Written::DaysAgo(0) => f.write_str("today"),
            Written::DaysAgo(1) => f.write_str("yesterday"),
            Written::DaysAgo(days) => write!(f, "{days}d"),
            Written::Week { ago } => relative(f, ago, Length::Week),
            Written::MonthNow { ago } => relative(f, ago, Length::Month),
            Written::QuarterNow { ago } => relative(f, ago, Length::Quarter),
            Written::YearNow { ago } => relative(f, ago, Length::Year),
        }
    }
}

impl From<DateTime<Utc>> for TimeText {
    fn from(time: DateTime<Utc>) -> Self {
        Self(Written::Time(time))
    }
}

impl TryFrom<NaiveDate> for TimeText {
    type Error = NoSuchTime;

    fn try_from(date: NaiveDate) -> Result<Self, Self::Error> {
        let year = i16::try_from(date.year()).map_err(|_| NoSuchTime)?;
        civil(i64::from(year), i64::from(date.month()), i64::from(date.day()))
            .map(|date| Self(Written::Day(date)))
            .ok_or(NoSuchTime)
    }
}

/// The text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no time: write a day (2026-03-01), a month (2026-03), a week (2026-W10), days ago (7d), last-month, or a \
     time with its zone (2026-03-01T09:00:00Z)"
)]
pub struct InvalidTime(String);

/// The time lies outside the years that the calendar knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time lies outside the years that the calendar knows")]
pub struct NoSuchTime;

impl FromStr for TimeText {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        named(text)
            .or_else(|| ago(text))
            .or_else(|| digits(text))
            .or_else(|| numbered(text))
            .or_else(|| Some(Written::Time(DateTime::parse_from_rfc3339(text).ok()?.to_utc())))
            .map(Self)
            .ok_or_else(|| InvalidTime(text.to_owned()))
    }
}

fn named(text: &str) -> Option<Written> {
    Some(match text {
        "today" => Written::DaysAgo(0),
        "yesterday" => Written::DaysAgo(1),
        "this-week" => Written::Week { ago: 0 },
        "last-week" => Written::Week { ago: 1 },
        "this-month" => Written::MonthNow { ago: 0 },
        "last-month" => Written::MonthNow { ago: 1 },
        "this-quarter" => Written::QuarterNow { ago: 0 },
        "last-quarter" => Written::QuarterNow { ago: 1 },
        "this-year" => Written::YearNow { ago: 0 },
        "last-year" => Written::YearNow { ago: 1 },
        _ => return None,
    })
}

/// `7d` or `4w`.
fn ago(text: &str) -> Option<Written> {
    let (number, days) = text
        .strip_suffix('d')
        .map(|number| (number, 1))
        .or_else(|| text.strip_suffix('w').map(|number| (number, 7)))?;
    let number = u32::try_from(number_of(number)?).ok()?;
    Some(Written::DaysAgo(number.checked_mul(days)?))
}

/// `2026`, `2026-05` or `2026-05-01`.
fn digits(text: &str) -> Option<Written> {
    let mut parts = text.split('-');
    let mut part = |length: usize| match parts.next() {
        None => Some(None),
        Some(part) if part.len() == length => number_of(part).map(Some),
        Some(_) => None,
    };
    let (year, month, day) = (part(4)??, part(2)?, part(2)?);
    if parts.next().is_some() {
        return None;
    }
    match (month, day) {
        (None, _) => Some(Written::Year(civil(year, 1, 1)?)),
        (Some(month), None) => Some(Written::Month(civil(year, month, 1)?)),
        (Some(month), Some(day)) => Some(Written::Day(civil(year, month, day)?)),
    }
}

/// `2026-W20` or `2026-Q2`.
fn numbered(text: &str) -> Option<Written> {
    let (year, part) = text.split_once('-')?;
    let year = (year.len() == 4).then(|| number_of(year))??;
    if let Some(week) = part.strip_prefix('W') {
        let week = (week.len() == 2).then(|| number_of(week))??;
        let thursday = ISOWeekDate::new(
            i16::try_from(year).ok()?,
            i8::try_from(week).ok()?,
            Weekday::Thursday,
        )
        .ok()?;
        return Some(Written::IsoWeek(thursday.date()));
    }
    let quarter = part.strip_prefix('Q').filter(|quarter| quarter.len() == 1)?;
    let month = 3 * number_of(quarter)? - 2;
    Some(Written::Quarter(civil(year, month, 1)?))
}

/// Digits only: no sign, no blank.
fn number_of(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    let small = |number: i64| i8::try_from(number).ok();
    Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar(zone: &str, week_start: WeekStart) -> Calendar {
        Calendar {
            zone: zone.parse().unwrap(),
            week_start,
        }
    }

    /// 2026-06-10 was a Wednesday.
    fn span(text: &str, calendar: &Calendar) -> (String, String) {
        let now = "2026-06-10T12:00:00Z".parse().unwrap();
        let text: TimeText = text.parse().unwrap();
        let show = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%MZ").to_string();
        (
            show(text.since(calendar, now).unwrap()),
            show(text.until(calendar, now).unwrap()),
        )
    }

    #[test]
    fn each_text_names_its_days() {
        let utc = Calendar::default();
        for (text, since, until) in [
            ("2026-05-01", "2026-05-01", "2026-05-02"),
            ("2026-05", "2026-05-01", "2026-06-01"),
            ("2026-12", "2026-12-01", "2027-01-01"),
            ("2026", "2026-01-01", "2027-01-01"),
            ("today", "2026-06-10", "2026-06-11"),
            ("0d", "2026-06-10", "2026-06-11"),
            ("yesterday", "2026-06-09", "2026-06-10"),
            ("7d", "2026-06-03", "2026-06-04"),
            ("4w", "2026-05-13", "2026-05-14"),
            ("this-week", "2026-06-08", "2026-06-15"),
            ("last-week", "2026-06-01", "2026-06-08"),
            ("this-month", "2026-06-01", "2026-07-01"),
            ("last-month", "2026-05-01", "2026-06-01"),
            ("this-quarter", "2026-04-01", "2026-07-01"),
            ("last-quarter", "2026-01-01", "2026-04-01"),
            ("2026-Q4", "2026-10-01", "2027-01-01"),
            // By the calendars on the wall: week 1 of 2026 began in 2025, and 2026 has 53 weeks.
            ("2026-W20", "2026-05-11", "2026-05-18"),
            ("2026-W01", "2025-12-29", "2026-01-05"),
            ("2026-W53", "2026-12-28", "2027-01-04"),
            ("this-year", "2026-01-01", "2027-01-01"),
            ("last-year", "2025-01-01", "2026-01-01"),
        ] {
            let midnight = |day: &str| format!("{day}T00:00Z");
            assert_eq!(span(text, &utc), (midnight(since), midnight(until)), "{text}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let berlin = calendar("Europe/Berlin", WeekStart::Sunday);
        let pair = |since: &str, until: &str| (since.to_owned(), until.to_owned());
        // Winter time ends within March.
        assert_eq!(
            span("2026-03", &berlin),
            pair("2026-02-28T23:00Z", "2026-03-31T22:00Z")
        );
        assert_eq!(
            span("last-week", &berlin),
            pair("2026-05-30T22:00Z", "2026-06-06T22:00Z")
        );
        // The week of the ISO week's Thursday, from its Sunday.
        assert_eq!(
            span("2026-W20", &berlin),
            pair("2026-05-09T22:00Z", "2026-05-16T22:00Z")
        );
        // In Kiritimati it is the next day already.
        let kiritimati = calendar("Pacific/Kiritimati", WeekStart::Monday);
        assert_eq!(
            span("today", &kiritimati),
            pair("2026-06-10T10:00Z", "2026-06-11T10:00Z")
        );
    }

    #[test]
    fn a_time_needs_its_zone_and_is_both_ends() {
        let expected = "2026-03-01T09:00Z".to_owned();
        for text in ["2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00Z"] {
            assert_eq!(
                span(text, &Calendar::default()),
                (expected.clone(), expected.clone())
            );
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for bad in [
            "",
            "2026-02-30",
            "2026-13",
            "2026-1-1",
            "26-01-01",
            "2026-01-01-01",
            "2026-",
            "+2026",
            "1772355600",
            "2026-03-01T10:00:00",
            "tomorrow",
            "last month",
            "d",
            "-7d",
            "7 d",
            "7m",
            "2026-W00",
            "2025-W53",
            "2026-W7",
            "2026-w20",
            "2026-Q0",
            "2026-Q5",
            "2026-Q02",
            "99999999999d",
            "99999999999999999999",
            "２０２６",
        ] {
            let error = bad.parse::<TimeText>().unwrap_err().to_string();
            assert!(error.contains("2026-03-01"), "{bad}: {error}");
        }
        let far: TimeText = "4000000000d".parse().unwrap();
        assert_eq!(
            far.since(&Calendar::default(), DateTime::UNIX_EPOCH),
            Err(NoSuchTime)
        );
        let last: TimeText = "9999-12-31".parse().unwrap();
        assert_eq!(
            last.until(&Calendar::default(), DateTime::UNIX_EPOCH),
            Err(NoSuchTime)
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = text.parse::<TimeText>();
        }

        #[test]
        fn days_end_where_the_next_begin(
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"]),
            days in 1_u32..20_000,
        ) {
            let calendar = calendar(zone, WeekStart::Monday);
            let now = "2026-06-10T12:00:00Z".parse().unwrap();
            let day = |days: u32| TimeText(Written::DaysAgo(days));
            let (until, next) = (day(days).until(&calendar, now).unwrap(), day(days - 1).since(&calendar, now).unwrap());
            prop_assert_eq!(until, next);
        }
    }
}

//! The spans of time that a report counts: its period, and the two that its comparison is of.

use chrono::{DateTime, Utc};
use jiff::civil::Date;

use super::{DateBasis, ReportError, ReportOptions};
use crate::period::{Bounds, Period};

/// Without a `since` there is no period before; the last four weeks are compared with the four before.
const COMPARED_WITHOUT_SINCE_DAYS: i64 = 28;

/// A half-open span of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) since: i64,
    pub(crate) until: i64,
}

impl Span {
    pub(crate) fn holds(self, time: i64) -> bool {
        self.since <= time && time < self.until
    }
}

/// The two spans of a comparison, the earlier of which ends before the later begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Compared {
    pub(crate) current: Span,
    pub(crate) previous: Span,
    /// Answers of the earlier span count if they were there by then: so it is seen at the age that the later one has now.
    /// None where all that the spans hold is of equal age.
    pub(crate) previous_as_of: Option<i64>,
}

/// The spans that a report counts.
#[derive(Debug)]
pub(crate) struct Spans {
    since: Option<i64>,
    until: Option<i64>,
    /// Until when the table is known; none if it is empty.
    pub(crate) as_of: Option<i64>,
    pub(crate) compared: Option<Compared>,
}

impl Spans {
    /// The spans of these options, with another period than theirs if it is given.
    pub(crate) fn new(
        options: &ReportOptions,
        period: Option<Period>,
        known_until: Option<DateTime<Utc>>,
    ) -> Result<Self, ReportError> {
        let as_of = options.as_of.or(known_until);
        let bounds = match period.or(options.period) {
            // Of an empty table no day is the last.
            Some(period) => period.bounds(&options.calendar, as_of.unwrap_or_else(Utc::now))?,
            None => Bounds {
                since: options.since,
                until: options.until,
                length: None,
            },
        };
        if let (Some(since), Some(until)) = (bounds.since, bounds.until)
            && since >= until
        {
            return Err(ReportError::EmptyPeriod { since, until });
        }
        Ok(Self {
            since: bounds.since.map(|time| time.timestamp_millis()),
            until: bounds.until.map(|time| time.timestamp_millis()),
            as_of: as_of.map(|time| time.timestamp_millis()),
            compared: compared(options, &bounds, as_of)?,
        })
    }

    /// When the period begins, and when it ends.
    pub(crate) const fn bounds(&self) -> (Option<i64>, Option<i64>) {
        (self.since, self.until)
    }

    /// Whether what has this time belongs to the report's period.
    pub(crate) fn in_period(&self, time: Option<i64>) -> bool {
        match time {
            Some(time) => {
                self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time < until)
            }
            None => self.since.is_none() && self.until.is_none(),
        }
    }
}

fn compared(
    options: &ReportOptions,
    bounds: &Bounds,
    as_of: Option<DateTime<Utc>>,
) -> Result<Option<Compared>, ReportError> {
    let Some((since, until)) = current(options, bounds, as_of).filter(|(since, until)| since < until) else {
        return Ok(None);
    };
    let now = as_of.unwrap_or_else(Utc::now);
    let earlier = options
        .compare
        .span(bounds, since, until, &options.calendar, now)?;
    let Some((before, end)) = earlier else {
        return Ok(None);
    };
    if before >= end {
        return Err(ReportError::EmptyPeriod {
            since: before,
            until: end,
        });
    }
    // Who answered in both would be on both sides of the test, and what is later can be less ripe than what it is held against.
    if end > since {
        return Err(ReportError::Compare {
            since: before,
            until: end,
            begin: since,
        });
    }
    let [before, end, since, until] = [before, end, since, until].map(|time| time.timestamp_millis());
    let age = match options.date {
        DateBasis::Sent => as_of.map(|time| {
            let time = time.timestamp_millis();
            // Months are not of one length: while the later span runs, as much is seen of the earlier from its begin; once it
            // is over, their ends are of equal age.
            let between = if time < until { since - before } else { until - end };
            time.saturating_sub(between)
        }),
        // What was rated in a span is known as soon as the span is over.
        DateBasis::Rated => None,
    };
    Ok(Some(Compared {
        current: Span { since, until },
        previous: Span {
            since: before,
            until: end,
        },
        previous_as_of: age,
    }))
}

/// The later span of the comparison: the period; of one that is open, up to the last day that is known, and of one without
/// a begin the last weeks.
fn current(
    options: &ReportOptions,
    bounds: &Bounds,
    as_of: Option<DateTime<Utc>>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let zone = &options.calendar.zone;
    // The day of the last rating counts as a whole.
    let data_end = || zone.start_of_day(next(zone.date(as_of?)?)?);
    Some(match (bounds.since, bounds.until) {
        (Some(since), Some(until)) => (since, until),
        (Some(since), None) => (since, data_end()?),
        (None, until) => {
            let data_end = data_end()?;
            let until = until.map_or(data_end, |until| until.min(data_end));
            (zone.days_before(until, COMPARED_WITHOUT_SINCE_DAYS)?, until)
        }
    })
}

fn next(date: Date) -> Option<Date> {
    date.tomorrow().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn options(zone: &str, since: Option<&str>, until: Option<&str>) -> ReportOptions {
        ReportOptions {
            since: since.map(time),
            until: until.map(time),
            calendar: Calendar {
                zone: zone.parse().unwrap(),
                ..Calendar::default()
            },
            ..ReportOptions::default()
        }
    }

    /// The begin of the earlier span, the seam, and the end of the later one.
    fn spans(options: &ReportOptions, as_of: &str) -> [DateTime<Utc>; 3] {
        let spans = Spans::new(options, None, Some(time(as_of))).unwrap();
        let compared = spans.compared.unwrap();
        assert_eq!(compared.previous.until, compared.current.since);
        [
            compared.previous.since,
            compared.current.since,
            compared.current.until,
        ]
        .map(|ms| DateTime::from_timestamp_millis(ms).unwrap())
    }

    #[test]
    fn the_last_four_weeks_end_with_the_day_of_the_last_sync() {
        let found = spans(&options("America/New_York", None, None), "2026-07-02T02:00:00Z");
        assert_eq!(
            found,
            [
                "2026-05-07T04:00:00Z",
                "2026-06-04T04:00:00Z",
                "2026-07-02T04:00:00Z"
            ]
            .map(time)
        );
    }

    #[test]
    fn as_many_days_come_before_whatever_the_clocks_did() {
        // April in Berlin: 30 days before it begin in winter time.
        let april = options(
            "Europe/Berlin",
            Some("2026-03-31T22:00:00Z"),
            Some("2026-04-30T22:00:00Z"),
        );
        assert_eq!(
            spans(&april, "2026-05-20T00:00:00Z")[0],
            time("2026-03-01T23:00:00Z")
        );
        let hours = options(
            "Europe/Berlin",
            Some("2026-03-29T00:00:00Z"),
            Some("2026-03-29T06:00:00Z"),
        );
        assert_eq!(
            spans(&hours, "2026-05-20T00:00:00Z")[0],
            time("2026-03-28T18:00:00Z")
        );
    }

    #[test]
    fn the_earlier_span_is_seen_at_the_age_of_the_later() {
        let mut week = options("UTC", Some("2026-03-09T00:00:00Z"), Some("2026-03-16T00:00:00Z"));
        let as_of = Some(time("2026-03-18T12:00:00Z"));
        let age = |options: &ReportOptions| {
            let spans = Spans::new(options, None, as_of).unwrap();
            spans.compared.unwrap().previous_as_of
        };
        assert_eq!(age(&week), Some(time("2026-03-11T12:00:00Z").timestamp_millis()));
        week.date = DateBasis::Rated;
        assert_eq!(age(&week), None);
    }

    /// Both spans of the comparison, and when the earlier is seen, of a period in words.
    fn compared(period: Period, compare: &str, zone: &str, as_of: &str) -> [String; 5] {
        let options = ReportOptions {
            period: Some(period),
            compare: compare.parse().unwrap(),
            ..options(zone, None, None)
        };
        let spans = Spans::new(&options, None, Some(time(as_of))).unwrap();
        let Compared {
            current,
            previous,
            previous_as_of,
        } = spans.compared.unwrap();
        [
            previous.since,
            previous.until,
            current.since,
            current.until,
            previous_as_of.unwrap(),
        ]
        .map(|ms| {
            DateTime::from_timestamp_millis(ms)
                .unwrap()
                .format("%m-%dT%H")
                .to_string()
        })
    }

    #[test]
    fn a_month_is_compared_with_the_month_before_at_the_age_of_its_last_day() {
        let may = Period::month("2026-05").unwrap();
        assert_eq!(
            compared(may, "previous", "UTC", "2026-06-05T06:00:00Z"),
            ["04-01T00", "05-01T00", "05-01T00", "06-01T00", "05-05T06"]
        );
        // Winter time ends in March, 2026-03-29.
        assert_eq!(
            compared(
                Period::month("2026-04").unwrap(),
                "previous",
                "Europe/Berlin",
                "2026-06-05T06:00:00Z"
            ),
            ["02-28T23", "03-31T22", "03-31T22", "04-30T22", "05-06T06"]
        );
        // A month that runs: ten days of either.
        assert_eq!(
            compared(may, "previous", "UTC", "2026-05-11T00:00:00Z"),
            ["04-01T00", "05-01T00", "05-01T00", "06-01T00", "04-11T00"]
        );
    }

    #[test]
    fn the_last_days_are_whole_and_known() {
        let last = Period::last("7d").unwrap();
        assert_eq!(
            compared(last, "previous", "UTC", "2026-06-05T06:00:00Z"),
            ["05-22T00", "05-29T00", "05-29T00", "06-05T00", "05-29T06"]
        );
        // At six in the morning of UTC it is the day before in Honolulu.
        assert_eq!(
            compared(last, "previous", "Pacific/Honolulu", "2026-06-05T06:00:00Z"),
            ["05-21T10", "05-28T10", "05-28T10", "06-04T10", "05-29T06"]
        );
    }

    #[test]
    fn any_period_is_compared_with_a_year_ago_or_another() {
        let may = Period::month("2026-05").unwrap();
        let of = |period, compare| {
            let [since, until, ..] = compared(period, compare, "UTC", "2026-07-05T06:00:00Z");
            [since, until]
        };
        assert_eq!(of(may, "year"), ["05-01T00", "06-01T00"]);
        assert_eq!(of(may, "2026-02"), ["02-01T00", "03-01T00"]);
        assert_eq!(of(may, "2026-01-05..2026-02-01"), ["01-05T00", "02-02T00"]);
        assert_eq!(
            of(Period::quarter("2026-Q2").unwrap(), "previous"),
            ["01-01T00", "04-01T00"]
        );
        // Monday is Monday a year ago.
        let week = Period::week("2026-W20").unwrap();
        assert_eq!(of(week, "previous"), ["05-04T00", "05-11T00"]);
        assert_eq!(of(week, "year"), ["05-12T00", "05-19T00"]);
    }

    #[test]
    fn what_is_compared_comes_before() {
        for compare in ["2026-05", "2026-06", "2026", "2026-04-20..2026-05-01"] {
            let options = ReportOptions {
                period: Period::month("2026-05").ok(),
                compare: compare.parse().unwrap(),
                ..ReportOptions::default()
            };
            let error = Spans::new(&options, None, Some(time("2026-06-05T06:00:00Z"))).unwrap_err();
            assert!(matches!(error, ReportError::Compare { .. }), "{compare}: {error}");
        }
    }
}

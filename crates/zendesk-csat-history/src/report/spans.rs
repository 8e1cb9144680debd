//! The spans of time that a report counts: its period, and the two that its comparison is of.

use chrono::{DateTime, Utc};
use jiff::civil::Date;

use super::{DateBasis, ReportOptions};
use crate::calendar::Zone;

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

/// The two spans of a comparison, of as many days.
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
    pub(crate) fn new(options: &ReportOptions, known_until: Option<DateTime<Utc>>) -> Self {
        let as_of = options.as_of.or(known_until);
        Self {
            since: options.since.map(|time| time.timestamp_millis()),
            until: options.until.map(|time| time.timestamp_millis()),
            as_of: as_of.map(|time| time.timestamp_millis()),
            compared: compared(options, as_of),
        }
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

fn compared(options: &ReportOptions, as_of: Option<DateTime<Utc>>) -> Option<Compared> {
    let zone = &options.calendar.zone;
    // The day of the last rating counts as a whole.
    let data_end = || zone.start_of_day(next(zone.date(as_of?)?)?);
    let (since, until) = match (options.since, options.until) {
        (Some(since), Some(until)) => (since, until),
        (Some(since), None) => (since, data_end()?),
        (None, until) => {
            let data_end = data_end()?;
            let until = until.map_or(data_end, |until| until.min(data_end));
            (zone.days_before(until, COMPARED_WITHOUT_SINCE_DAYS)?, until)
        }
    };
    if since >= until {
        return None;
    }
    let before = as_long_before(zone, since, until)?;
    let [before, since, until] = [before, since, until].map(|time| time.timestamp_millis());
    let age = match options.date {
        DateBasis::Sent => as_of.map(|time| {
            time.timestamp_millis()
                .saturating_sub(since.saturating_sub(before))
        }),
        // What was rated in a span is known as soon as the span is over.
        DateBasis::Rated => None,
    };
    Some(Compared {
        current: Span { since, until },
        previous: Span {
            since: before,
            until: since,
        },
        previous_as_of: age,
    })
}

/// As many days before `since` as there are until `until`; where those are not whole days, as long a time.
fn as_long_before(zone: &Zone, since: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (from, to) = (zone.local(since), zone.local(until));
    if from.time() == to.time() && from.date() < to.date() {
        return zone.days_before(since, (to.date() - from.date()).num_days());
    }
    since.checked_sub_signed(until - since)
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
        let compared = Spans::new(options, Some(time(as_of))).compared.unwrap();
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
        let age = |options: &ReportOptions| Spans::new(options, as_of).compared.unwrap().previous_as_of;
        assert_eq!(age(&week), Some(time("2026-03-11T12:00:00Z").timestamp_millis()));
        week.date = DateBasis::Rated;
        assert_eq!(age(&week), None);
    }
}

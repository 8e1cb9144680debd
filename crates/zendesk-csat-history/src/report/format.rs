//! Numbers, times and names as people read them, the same in the text and on the page.

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::dimension::Dimension;
use super::model::{Bucket, Report, TimeSpan};

/// What stands where there is no number.
pub(super) const NOTHING: &str = "–";

/// `12345` as `12,345`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in percent, without its unit.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| NOTHING.to_owned(), |share| format!("{share:.1}"))
}

/// A difference in percentage points, always with a sign.
pub(super) fn points(difference: f64) -> String {
    let rounded = format!("{:.1}", difference.abs());
    match (rounded == "0.0", difference < 0.0) {
        (true, _) => "±0.0".to_owned(),
        (false, true) => format!("−{rounded}"),
        (false, false) => format!("+{rounded}"),
    }
}

/// A probability as percent, with its unit.
pub(super) fn probability(probability: f64) -> String {
    if probability < 0.001 {
        "< 0.1 %".to_owned()
    } else {
        format!("{:.1} %", probability * 100.0)
    }
}

/// A probability in whole percent, with its unit, for the rows of a table.
pub(super) fn whole_probability(probability: f64) -> String {
    if probability < 0.005 {
        "<1 %".to_owned()
    } else {
        format!("{:.0} %", probability * 100.0)
    }
}

/// The lower end of an axis for these scores: the ten below the lowest of their intervals.
pub(super) fn axis_floor<'a>(buckets: impl IntoIterator<Item = &'a Bucket>) -> f64 {
    let lowest = buckets
        .into_iter()
        .filter_map(|bucket| bucket.score.csat_percent_low)
        .fold(100.0, f64::min);
    (lowest / 10.0).floor().clamp(0.0, 9.0) * 10.0
}

/// A length of time in its two largest units.
pub(super) fn duration(seconds: Option<u64>) -> String {
    let Some(seconds) = seconds else {
        return NOTHING.to_owned();
    };
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes} min"),
        3_600..86_400 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{days} d {:02} h", hours % 24),
    }
}

pub(super) fn date(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d").to_string()
}

pub(super) fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

/// Both days of a span are part of it, so an end at midnight names the day before.
pub(super) fn span(span: &TimeSpan) -> String {
    let since = if span.since.time() == NaiveTime::MIN {
        date(span.since)
    } else {
        minute(span.since)
    };
    let until = match span.until.checked_sub_days(Days::new(1)) {
        Some(last_day) if span.until.time() == NaiveTime::MIN => date(last_day),
        _ => minute(span.until),
    };
    format!("{since} to {until}")
}

/// The report's period; for all ratings, the days of the first and the last.
pub(super) fn period(report: &Report) -> String {
    let begin = report.since.or(report.first_sent_at);
    let last = report.last_sent_at.max(report.since);
    match (begin, report.until, last) {
        (Some(since), Some(until), _) => span(&TimeSpan {
            since: whole_day(report, since),
            until,
        }),
        (Some(since), None, Some(last)) => {
            format!("{} to {}", date(since), date(last))
        }
        (None, Some(until), _) => format!("until {}", minute(until)),
        _ => "all time".to_owned(),
    }
}

/// A begin that was not asked for is the first rating's day.
fn whole_day(report: &Report, since: DateTime<Utc>) -> DateTime<Utc> {
    if report.since.is_some() {
        since
    } else {
        since.date_naive().and_time(NaiveTime::MIN).and_utc()
    }
}

/// The accounts.
pub(super) fn accounts(report: &Report) -> String {
    match report.subdomains.as_slice() {
        [] => "no account".to_owned(),
        names => names.join(", "),
    }
}

/// What the groups of a dimension are called, above their column.
pub(super) const fn heading(by: Dimension) -> &'static str {
    match by {
        Dimension::Day => "Day",
        Dimension::Week => "Week from",
        Dimension::Month => "Month",
        Dimension::Agent => "Agent",
        Dimension::Group => "Group",
        Dimension::Reason => "Reason",
        Dimension::SurveyVersion => "Survey and version",
        Dimension::Source => "System",
        Dimension::Channel => "Channel",
        Dimension::Locale => "Locale",
    }
}

/// The title of a breakdown.
pub(super) const fn title(by: Dimension) -> &'static str {
    match by {
        Dimension::Day => "By day",
        Dimension::Week => "By week",
        Dimension::Month => "By month",
        Dimension::Agent => "By agent",
        Dimension::Group => "By group",
        Dimension::Reason => "Reasons for bad ratings",
        Dimension::SurveyVersion => "By survey version",
        Dimension::Source => "By system",
        Dimension::Channel => "By channel",
        Dimension::Locale => "By locale",
    }
}

/// The name of a group: a week by its Monday, a system in words, the rest as it is.
pub(super) fn name(by: Dimension, bucket: &Bucket) -> String {
    match (by, bucket.key.as_deref(), bucket.starts_on) {
        (Dimension::Week, _, Some(monday)) => monday.format("%Y-%m-%d").to_string(),
        (Dimension::Source, Some("rating"), _) => "Legacy ratings".to_owned(),
        (Dimension::Source, Some("survey"), _) => "Surveys".to_owned(),
        (_, Some(key), _) => key.to_owned(),
        (Dimension::Agent, None, _) => "no agent".to_owned(),
        (Dimension::Group, None, _) => "no group".to_owned(),
        (Dimension::Reason, None, _) => "no reason given".to_owned(),
        (Dimension::SurveyVersion, None, _) => "legacy ratings".to_owned(),
        (Dimension::Channel, None, _) => "no channel".to_owned(),
        (Dimension::Locale, None, _) => "no locale".to_owned(),
        (_, None, _) => "no date".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (number, text) in cases {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn durations_name_their_units() {
        let cases = [
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (11_520, "3 h 12 min"),
            (190_800, "2 d 05 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(duration(Some(seconds)), text);
        }
        assert_eq!(duration(None), NOTHING);
    }

    #[test]
    fn points_have_a_sign_and_probabilities_a_floor() {
        assert_eq!(points(1.26), "+1.3");
        assert_eq!(points(-0.04), "±0.0");
        assert_eq!(points(-2.0), "−2.0");
        assert_eq!(probability(0.0432), "4.3 %");
        assert_eq!(probability(0.0002), "< 0.1 %");
        assert_eq!(whole_probability(0.0432), "4 %");
        assert_eq!(whole_probability(0.0049), "<1 %");
    }

    #[test]
    fn a_span_that_ends_at_midnight_ends_on_the_day_before() {
        let time = |text: &str| text.parse().unwrap();
        let whole = TimeSpan {
            since: time("2026-03-01T00:00:00Z"),
            until: time("2026-04-01T00:00:00Z"),
        };
        assert_eq!(span(&whole), "2026-03-01 to 2026-03-31");
        let part = TimeSpan {
            since: time("2026-03-01T06:30:00Z"),
            until: time("2026-03-02T12:00:00Z"),
        };
        assert_eq!(span(&part), "2026-03-01 06:30 to 2026-03-02 12:00");
    }
}

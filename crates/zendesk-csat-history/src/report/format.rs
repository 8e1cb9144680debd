//! Numbers, times and names as people read them, the same in the text and on the page.

use std::borrow::Cow;

use chrono::{DateTime, NaiveTime, Utc};

use super::dimension::Dimension;
use super::model::{Breakdown, Bucket, Comparison, Report, TimeSpan};
use super::score::{Change, Interval, SMALL_SAMPLE_BELOW};
use crate::calendar::Zone;

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

/// A share in percent, with its unit.
pub(super) fn share(share: Option<f64>) -> String {
    share.map_or_else(|| NOTHING.to_owned(), |share| format!("{share:.1}%"))
}

/// The interval of a score, with what it is.
pub(super) fn interval(interval: &Interval) -> String {
    format!("95% CI {:.1} to {:.1}%", interval.low, interval.high)
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

/// A p-value.
pub(super) fn p_value(p_value: f64) -> String {
    match p_value {
        _ if p_value < 0.001 => "<0.001".to_owned(),
        _ if p_value < 0.0995 => format!("{p_value:.3}"),
        _ => format!("{p_value:.2}"),
    }
}

/// What a p-value means.
pub(super) fn cases(p_value: f64) -> String {
    let percent = 100.0 * p_value;
    let cases = match percent {
        _ if percent < 0.1 => "fewer than 0.1%".to_owned(),
        _ if percent < 9.95 => format!("{percent:.1}%"),
        _ => format!("{percent:.0}%"),
    };
    format!("with no real change, a difference this large comes in {cases} of cases")
}

/// What the test of a change says, as two phrases.
pub(super) fn significance(change: &Change) -> [String; 2] {
    let verdict = if change.significant_change {
        "significant"
    } else {
        "no significant change"
    };
    let p_value_of = p_value(change.p_value);
    let equals = if p_value_of.starts_with('<') { "p " } else { "p = " };
    [format!("{verdict} ({equals}{p_value_of})"), cases(change.p_value)]
}

/// Why there is no change to speak of.
pub(super) fn not_compared(zone: &Zone, comparison: &Comparison) -> String {
    format!(
        "not compared: it takes {SMALL_SAMPLE_BELOW} answers on either side, and there are {} in {} and {} in {}",
        count(comparison.current_answered),
        span(zone, &comparison.current),
        count(comparison.previous_answered),
        span(zone, &comparison.previous)
    )
}

/// The answers that the earlier span of a comparison leaves aside.
pub(super) fn later_answers(comparison: &Comparison) -> Option<String> {
    (comparison.previous_answered_later > 0).then(|| {
        format!(
            "without {} that came later, so that both spans are seen at the same age",
            count(comparison.previous_answered_later)
        )
    })
}

/// The name of a scale, by its key.
pub(super) fn scale(key: &str) -> String {
    match key {
        "legacy" => "Legacy: good or bad".to_owned(),
        points => format!("{points} points"),
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

pub(super) fn date(zone: &Zone, time: DateTime<Utc>) -> String {
    zone.local(time).format("%Y-%m-%d").to_string()
}

pub(super) fn minute(zone: &Zone, time: DateTime<Utc>) -> String {
    zone.local(time).format("%Y-%m-%d %H:%M").to_string()
}

/// Both days of a span are part of it, so an end at midnight names the day before.
pub(super) fn span(zone: &Zone, span: &TimeSpan) -> String {
    let begins_a_day = |time| zone.local(time).time() == NaiveTime::MIN;
    let since = if begins_a_day(span.since) {
        date(zone, span.since)
    } else {
        minute(zone, span.since)
    };
    let until = match zone.days_before(span.until, 1) {
        Some(last_day) if begins_a_day(span.until) => date(zone, last_day),
        _ => minute(zone, span.until),
    };
    format!("{since} to {until}")
}

/// The report's period; for all ratings, the days of the first and the last.
pub(super) fn period(report: &Report) -> String {
    let zone = &report.time_zone;
    let begin = report.since.or(report.first_sent_at);
    let last = report.last_sent_at.max(report.since);
    match (begin, report.until, last) {
        (Some(since), Some(until), _) if report.since.is_some() => span(zone, &TimeSpan { since, until }),
        // A begin that was not asked for is the first rating's day.
        (Some(since), Some(until), _) => {
            let whole = span(zone, &TimeSpan { since, until });
            format!(
                "{} to {}",
                date(zone, since),
                whole.split(" to ").last().unwrap_or_default()
            )
        }
        (Some(since), None, Some(last)) => {
            format!("{} to {}", date(zone, since), date(zone, last))
        }
        (None, Some(until), _) => format!("until {}", minute(zone, until)),
        _ => "all time".to_owned(),
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
pub(super) fn heading(by: &Dimension) -> &str {
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
        Dimension::Scale => "Scale",
        Dimension::Brand => "Brand",
        Dimension::Organization => "Organization",
        Dimension::Form => "Ticket form",
        Dimension::Tag => "Tag",
        Dimension::Priority => "Priority",
        Dimension::Account => "Account",
        Dimension::Field(name) => name,
    }
}

/// The title of a breakdown.
pub(super) fn title(breakdown: &Breakdown) -> Cow<'static, str> {
    let has_neutral = || breakdown.buckets.iter().any(|bucket| bucket.score.neutral > 0);
    Cow::Borrowed(match &breakdown.by {
        Dimension::Day => "By day",
        Dimension::Week => "By week",
        Dimension::Month => "By month",
        Dimension::Agent => "By agent",
        Dimension::Group => "By group",
        Dimension::Reason if has_neutral() => "Reasons for bad and neutral ratings",
        Dimension::Reason => "Reasons for bad ratings",
        Dimension::SurveyVersion => "By survey version",
        Dimension::Source => "By system",
        Dimension::Channel => "By channel",
        Dimension::Scale => "By scale",
        Dimension::Brand => "By brand",
        Dimension::Organization => "By organization",
        Dimension::Form => "By ticket form",
        Dimension::Tag => "By tag",
        Dimension::Priority => "By priority",
        Dimension::Account => "By account",
        Dimension::Field(name) => return Cow::Owned(format!("By {name}")),
    })
}

/// The id that stands beside the name of a group, which need not be the only one of that name.
pub(super) fn id<'a>(by: &Dimension, bucket: &'a Bucket) -> Option<&'a str> {
    // A reason of another id that has the same label is the same to people.
    label(bucket).filter(|_| *by != Dimension::Reason)?;
    bucket.key.as_deref()
}

fn label(bucket: &Bucket) -> Option<&str> {
    let label = bucket.label.as_deref();
    label.filter(|label| !label.trim().is_empty())
}

/// The name of a group: a week by its first day, what has a label by that, a system in words, the rest as it is.
pub(super) fn name(by: &Dimension, bucket: &Bucket) -> String {
    match (by, bucket.key.as_deref(), bucket.starts_on) {
        (Dimension::Week, _, Some(first)) => first.format("%Y-%m-%d").to_string(),
        (Dimension::Source, Some("rating"), _) => "Legacy ratings".to_owned(),
        (Dimension::Source, Some("survey"), _) => "Surveys".to_owned(),
        (Dimension::Scale, Some(key), _) => scale(key),
        (_, Some(key), _) => label(bucket).unwrap_or(key).to_owned(),
        (Dimension::Agent, None, _) => "Unassigned".to_owned(),
        (Dimension::Group, None, _) => "No group".to_owned(),
        (Dimension::Reason, None, _) => "No reason".to_owned(),
        (Dimension::SurveyVersion, None, _) => "Legacy ratings".to_owned(),
        (Dimension::Channel, None, _) => "Unknown channel".to_owned(),
        (Dimension::Scale, None, _) => "Unknown scale".to_owned(),
        (Dimension::Brand, None, _) => "Unknown brand".to_owned(),
        (Dimension::Organization, None, _) => "No organization".to_owned(),
        (Dimension::Form, None, _) => "No ticket form".to_owned(),
        (Dimension::Tag, None, _) => "No tag".to_owned(),
        (Dimension::Priority, None, _) => "No priority".to_owned(),
        (Dimension::Account, None, _) => "Unknown account".to_owned(),
        (Dimension::Field(name), None, _) => format!("No {name}"),
        (_, None, _) => "No date".to_owned(),
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
    fn points_have_a_sign_and_p_values_a_floor() {
        assert_eq!(points(1.26), "+1.3");
        assert_eq!(points(-0.04), "±0.0");
        assert_eq!(points(-2.0), "−2.0");
        assert_eq!(p_value(0.804), "0.80");
        assert_eq!(p_value(0.0432), "0.043");
        assert_eq!(p_value(0.0002), "<0.001");
        assert!(cases(0.804).ends_with("comes in 80% of cases"));
        assert!(cases(0.0432).ends_with("comes in 4.3% of cases"));
        assert!(cases(0.0002).ends_with("comes in fewer than 0.1% of cases"));
    }

    #[test]
    fn a_span_that_ends_at_midnight_ends_on_the_day_before() {
        let time_span = |since: &str, until: &str| TimeSpan {
            since: since.parse().unwrap(),
            until: until.parse().unwrap(),
        };
        let utc = Zone::default();
        let whole = time_span("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        assert_eq!(span(&utc, &whole), "2026-03-01 to 2026-03-31");
        let part = time_span("2026-03-01T06:30:00Z", "2026-03-02T12:00:00Z");
        assert_eq!(span(&utc, &part), "2026-03-01 06:30 to 2026-03-02 12:00");
        let berlin = "Europe/Berlin".parse().unwrap();
        let march = time_span("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z");
        assert_eq!(span(&berlin, &march), "2026-03-01 to 2026-03-31");
    }
}

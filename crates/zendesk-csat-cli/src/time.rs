//! Times on the command line.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use jiff::SignedDuration;
use std::time::Duration;
use zendesk_csat_history::Since;

/// Reads `2026-03-01`, midnight UTC, or an RFC 3339 time with its zone.
pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(date.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| {
            "write a day such as 2026-03-01, or a time with its zone such as 2026-03-01T09:00:00Z".into()
        })
}

/// Reads such a time, or `all`.
pub(crate) fn parse_since(text: &str) -> Result<Since, String> {
    if text == "all" {
        return Ok(Since::All);
    }
    parse(text)
        .map(Since::Time)
        .map_err(|error| format!("{error}; all reads everything"))
}

/// Reads `10m`, `90s`, `1h 30m`, or 0.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let duration = text.parse::<SignedDuration>().ok();
    duration
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| "write a number with its unit, such as 10m, 90s or 2h, or 0".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_its_unit() {
        for (text, seconds) in [("0", 0), ("90s", 90), ("10m", 600), ("1h 30m", 5_400)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "10", "-5m", "ten minutes"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_midnight_utc_and_a_time_needs_its_zone() {
        assert_eq!(
            parse("2026-03-01").unwrap().to_rfc3339(),
            "2026-03-01T00:00:00+00:00"
        );
        assert_eq!(
            parse("2026-03-01T10:00:00+01:00").unwrap().to_rfc3339(),
            "2026-03-01T09:00:00+00:00"
        );
        for bad in ["2026-03-01T10:00:00", "1772355600", "yesterday", "2026-02-30"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn since_may_be_all() {
        assert_eq!(parse_since("all"), Ok(Since::All));
        assert_eq!(parse_since("2026-03-01"), parse("2026-03-01").map(Since::Time));
        assert!(parse_since("ever").unwrap_err().ends_with("all reads everything"));
    }
}

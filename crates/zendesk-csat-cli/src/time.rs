//! Times on the command line: one parser for all of them, in UTC where no time zone is asked for.

use chrono::{DateTime, Utc};
use jiff::SignedDuration;
use std::time::Duration;
use zendesk_csat_history::{Calendar, Since, TimeText};

/// Reads a bound from which on something counts: where the text begins.
pub(crate) fn since(text: &str) -> Result<DateTime<Utc>, String> {
    since_at(text, Utc::now())
}

/// Reads a bound up to which something counts, with all of the days that it names.
pub(crate) fn until(text: &str) -> Result<DateTime<Utc>, String> {
    until_at(text, Utc::now())
}

/// Reads such a time, or `all`.
pub(crate) fn since_or_all(text: &str) -> Result<Since, String> {
    if text == "all" {
        return Ok(Since::All);
    }
    since(text)
        .map(Since::Time)
        .map_err(|error| format!("{error}; all reads everything"))
}

fn since_at(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let time: TimeText = text.parse().map_err(in_words)?;
    time.since(&Calendar::default(), now).map_err(in_words)
}

fn until_at(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let time: TimeText = text.parse().map_err(in_words)?;
    time.until(&Calendar::default(), now).map_err(in_words)
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
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
    fn a_day_is_one_of_utc_and_an_end_includes_it() {
        let now = "2026-06-10T12:00:00Z".parse().unwrap();
        for (text, begin, end) in [
            (
                "2026-03-01",
                "2026-03-01T00:00:00+00:00",
                "2026-03-02T00:00:00+00:00",
            ),
            (
                "2026-03-01T10:00:00+01:00",
                "2026-03-01T09:00:00+00:00",
                "2026-03-01T09:00:00+00:00",
            ),
            ("7d", "2026-06-03T00:00:00+00:00", "2026-06-04T00:00:00+00:00"),
            (
                "last-month",
                "2026-05-01T00:00:00+00:00",
                "2026-06-01T00:00:00+00:00",
            ),
        ] {
            assert_eq!(since_at(text, now).unwrap().to_rfc3339(), begin, "{text}");
            assert_eq!(until_at(text, now).unwrap().to_rfc3339(), end, "{text}");
        }
        for bad in ["2026-03-01T10:00:00", "1772355600", "tomorrow", "2026-02-30"] {
            assert!(since(bad).unwrap_err().contains("2026-03-01"), "{bad}");
        }
    }

    #[test]
    fn since_may_be_all() {
        assert_eq!(since_or_all("all"), Ok(Since::All));
        assert_eq!(since_or_all("2026-03-01"), since("2026-03-01").map(Since::Time));
        assert!(
            since_or_all("ever")
                .unwrap_err()
                .ends_with("all reads everything")
        );
    }
}

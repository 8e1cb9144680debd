//! The `Retry-After` header in every form seen: whole seconds, fractions of them, a date.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The longest wait believed. The service's windows are a minute; more than this is a mistake of someone's.
pub(crate) const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long the answer with these headers asks to wait, at most [`LONGEST`]; `None` if it does not say, or not
/// in a way that can be read. A date is measured from the answer's own `Date`, so that a wrong clock on either
/// side does no harm, and from `now` if there is none.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    let answered_at = text(headers, &DATE)
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(|| SystemTime::from(now));
    parse(value, answered_at)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = match decimal_seconds(value) {
        Some(seconds) => seconds,
        None => {
            let date = httpdate::parse_http_date(value).ok()?;
            // A date that has passed asks for no wait.
            date.duration_since(now).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST))
}

/// Digits with at most one point among them. No sign, no exponent, no `inf`.
pub(crate) fn decimal_seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut digits = whole.bytes().chain(fraction.bytes()).peekable();
    digits.peek()?;
    if !digits.all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = whole.bytes().fold(0_u64, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    });
    let nanos = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    Some(Duration::new(seconds, nanos))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    const NOON: &str = "Sun, 01 Mar 2026 12:00:00 GMT";

    fn read(value: &str) -> Option<Duration> {
        parse(value, httpdate::parse_http_date(NOON).unwrap())
    }

    #[test]
    fn every_form_is_read() {
        for (value, milliseconds) in [
            ("0", 0),
            ("17", 17_000),
            (" 17 ", 17_000),
            ("1.5", 1_500),
            (".25", 250),
            ("2.", 2_000),
            ("0.0004", 0),
            ("Sun, 01 Mar 2026 12:01:30 GMT", 90_000),
            ("Sunday, 01-Mar-26 12:01:30 GMT", 90_000),
            ("Sun Mar  1 12:01:30 2026", 90_000),
            ("Sun, 01 Mar 2026 11:59:00 GMT", 0),
        ] {
            let wait = read(value).unwrap_or_else(|| panic!("{value:?} was not read"));
            assert_eq!(wait.as_millis(), milliseconds, "{value:?}");
        }
    }

    #[test]
    fn a_wait_is_capped() {
        for value in [
            "86400",
            "99999999999999999999999999",
            "Sun, 01 Mar 2099 12:00:00 GMT",
        ] {
            assert_eq!(read(value), Some(LONGEST), "{value:?}");
        }
    }

    #[test]
    fn what_is_no_wait_is_none() {
        for value in [
            "", " ", "-1", "+1", "-0.5", "soon", ".", "1.2.3", "1e3", "inf", "NaN", "1,5", "0x10", "١",
        ] {
            assert_eq!(read(value), None, "{value:?}");
        }
    }

    #[test]
    fn a_date_is_measured_by_the_service_s_own_clock() {
        let mut headers = HeaderMap::new();
        headers.insert(
            RETRY_AFTER,
            HeaderValue::from_static("Sun, 01 Mar 2026 12:00:30 GMT"),
        );
        let hours_behind = DateTime::UNIX_EPOCH;
        assert_eq!(retry_after(&headers, hours_behind), Some(LONGEST));
        headers.insert(DATE, HeaderValue::from_static(NOON));
        assert_eq!(retry_after(&headers, hours_behind), Some(Duration::from_secs(30)));
    }

    #[test]
    fn no_header_and_bytes_that_are_no_text_are_none() {
        let mut headers = HeaderMap::new();
        assert_eq!(retry_after(&headers, DateTime::UNIX_EPOCH), None);
        headers.insert(RETRY_AFTER, HeaderValue::from_bytes(b"\xff5").unwrap());
        assert_eq!(retry_after(&headers, DateTime::UNIX_EPOCH), None);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_passes_the_cap(value in ".*", seconds in any::<u32>()) {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into());
            if let Some(wait) = parse(&value, now) {
                prop_assert!(wait <= LONGEST);
            }
        }

        #[test]
        fn decimals_are_read_to_the_nanosecond(seconds in 0..3_600_u64, nanos in 0..1_000_000_000_u32) {
            prop_assert_eq!(read(&format!("{seconds}.{nanos:09}")), Some(Duration::new(seconds, nanos)));
        }

        #[test]
        fn dates_are_read(seconds in 0..3_600_u64) {
            let noon = httpdate::parse_http_date(NOON).unwrap();
            let date = httpdate::fmt_http_date(noon + Duration::from_secs(seconds));
            prop_assert_eq!(read(&date), Some(Duration::from_secs(seconds)));
        }
    }
}

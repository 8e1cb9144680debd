//! Times: the service's two fixed formats fast, every other RFC 3339 by chrono.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// `2026-03-01T10:00:00Z`, `2026-03-01T10:00:00.000Z`, or any other RFC 3339 time.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    fixed_format(text.as_bytes())
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()))
}

fn fixed_format(text: &[u8]) -> Option<DateTime<Utc>> {
    let milliseconds = match text.len() {
        20 => 0,
        24 if text[19] == b'.' => digits(text, 20, 23)?,
        _ => return None,
    };
    let separators = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (text.len() - 1, b'Z'),
    ];
    if separators.iter().any(|(at, separator)| text[*at] != *separator) {
        return None;
    }
    let year = i32::try_from(digits(text, 0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, digits(text, 5, 7)?, digits(text, 8, 10)?)?;
    let time = NaiveTime::from_hms_milli_opt(
        digits(text, 11, 13)?,
        digits(text, 14, 16)?,
        digits(text, 17, 19)?,
        milliseconds,
    )?;
    Some(date.and_time(time).and_utc())
}

fn digits(text: &[u8], from: usize, to: usize) -> Option<u32> {
    text[from..to].iter().try_fold(0, |number, byte| match byte {
        b'0'..=b'9' => Some(number * 10 + u32::from(byte - b'0')),
        _ => None,
    })
}

/// Absent, null, or a time.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct OptionalTime(pub(crate) Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for OptionalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        optional(deserializer).map(Self)
    }
}

/// For fields of type `Option<DateTime<Utc>>`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    deserializer.deserialize_option(NullOrTime)
}

struct NullOrTime;

impl<'de> Visitor<'de> for NullOrTime {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 time")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        parse(text)
            .map(Some)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_formats_of_the_service_and_the_rest_of_rfc_3339() {
        let milliseconds = |text| parse(text).map(|time| time.timestamp_millis());
        assert_eq!(milliseconds("2011-07-20T22:55:29Z"), Some(1_311_202_529_000));
        assert_eq!(milliseconds("2024-08-14T12:00:00.250Z"), Some(1_723_636_800_250));
        assert_eq!(
            milliseconds("2024-08-14T14:00:00.25+02:00"),
            Some(1_723_636_800_250)
        );
        for bad in [
            "",
            "2024-08-14",
            "2024-13-14T12:00:00Z",
            "2024-08-14T12:00:00",
            "2024-08-1éT12:00:00Z",
        ] {
            assert_eq!(milliseconds(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_parses_as_chrono_parses_it(text in "[0-9TZ:.+ -]{18,26}|\\PC{0,30}") {
            let expected = DateTime::parse_from_rfc3339(&text).ok().map(|time| time.to_utc());
            prop_assert_eq!(parse(&text), expected);
        }

        #[test]
        fn any_time_survives(milliseconds in -62_167_219_200_000i64..=253_402_300_799_999) {
            let time = DateTime::from_timestamp_millis(milliseconds).unwrap();
            let text = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            prop_assert_eq!(parse(&text), Some(time));
        }
    }
}

//! Times: the service's two fixed formats fast, every other RFC 3339 by chrono.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserializer;
use serde::de::{self, Unexpected, Visitor};
use std::fmt;

/// `2026-03-01T10:00:00Z`, `2026-03-01T10:00:00.000Z`, or any other RFC 3339 time.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    fixed_format(text.as_bytes())
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()))
}

fn fixed_format(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date_and_time, rest) = text.split_first_chunk::<19>()?;
    let mut digits = Digits { all: true };
    let milliseconds = match *rest {
        [b'Z'] => 0,
        [b'.', a, b, c, b'Z'] => digits.number([b'0', a, b, c]),
        _ => return None,
    };
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
    ] = date_and_time
    else {
        return None;
    };
    let (year, month, day) = (
        digits.number([y1, y2, y3, y4]),
        digits.number([m1, m2]),
        digits.number([d1, d2]),
    );
    let (hour, minute, second) = (
        digits.number([h1, h2]),
        digits.number([n1, n2]),
        digits.number([s1, s2]),
    );
    if !digits.all {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second, milliseconds)?;
    Some(date.and_time(time).and_utc())
}

/// Reads numbers, and remembers whether all was digits.
struct Digits {
    all: bool,
}

impl Digits {
    fn number<const N: usize>(&mut self, digits: [u8; N]) -> u32 {
        digits.into_iter().fold(0, |number, byte| {
            let digit = byte.wrapping_sub(b'0');
            self.all &= digit < 10;
            number * 10 + u32::from(digit)
        })
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

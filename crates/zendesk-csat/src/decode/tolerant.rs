//! Values that come in another form than the documented one, read for what they say.
//!
//! A number may come as a text or with a point, a text as a number, a list with gaps. What says nothing that
//! can be read for sure stays a misfit: `1e30` or `abc` is no integer.

use super::time;
use chrono::{DateTime, Utc};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A type of a record's property, as tolerant of forms as there is only one meaning.
pub(crate) trait Tolerant<'de>: Deserialize<'de> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    /// The value, or none where it is null; where no text is meant, an empty text is none too.
    fn read_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_option(OrNull(PhantomData))
    }
}

/// For `deserialize_with`.
pub(crate) fn read<'de, T: Tolerant<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// Reads a `T` wherever a seed is asked for.
pub(crate) struct Reader<T>(pub(crate) PhantomData<T>);

impl<'de, T: Tolerant<'de>> DeserializeSeed<'de> for Reader<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

struct OrNull<T>(PhantomData<T>);

impl<'de, T: Tolerant<'de>> Visitor<'de> for OrNull<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer).map(Some)
    }
}

impl<'de, T: Tolerant<'de>> Tolerant<'de> for Option<T> {
    #[inline]
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_optional(deserializer)
    }
}

/// A list; nulls in it are no elements.
impl<'de, T: Tolerant<'de>> Tolerant<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Tolerant<'de>> Visitor<'de> for Elements<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(Reader::<Option<T>>(PhantomData))? {
            elements.extend(element);
        }
        Ok(elements)
    }
}

/// Whole numbers up to here have a place of their own among floating point numbers.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// `4`, `4.0`.
pub(crate) fn integer_of_text(text: &str) -> Option<i64> {
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// The integer that a number with a point is, where it is one for sure.
#[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
pub(crate) fn integer_of_float(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= LARGEST_EXACT).then_some(value as i64)
}

/// Reads an integer; what is expected is for the message of a misfit.
pub(crate) struct Integer(pub(crate) &'static str);

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        integer_of_float(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        integer_of_text(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Reads an integer, or none where null or an empty text stands for one.
pub(crate) struct OptionalInteger(pub(crate) &'static str);

impl Visitor<'_> for OptionalInteger {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Integer(self.0).visit_u64(value).map(Some)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        Integer(self.0).visit_f64(value).map(Some)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(None),
            text => Integer(self.0).visit_str(text).map(Some),
        }
    }
}

impl<'de> Tolerant<'de> for i64 {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Integer("an integer"))
    }

    fn read_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(OptionalInteger("an integer"))
    }
}

impl<'de> Tolerant<'de> for i32 {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::read(deserializer)?;
        Self::try_from(value)
            .map_err(|_| D::Error::invalid_value(Unexpected::Signed(value), &"a small integer"))
    }

    fn read_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = i64::read_optional(deserializer)?;
        let small = |value| {
            Self::try_from(value)
                .map_err(|_| D::Error::invalid_value(Unexpected::Signed(value), &"a small integer"))
        };
        value.map(small).transpose()
    }
}

impl<'de> Tolerant<'de> for f64 {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(Number)?;
        number.ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &Number))
    }

    fn read_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(Number)
    }
}

/// Reads a number, or none where null or an empty text stands for one.
struct Number;

impl Visitor<'_> for Number {
    type Value = Option<f64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    #[expect(clippy::cast_precision_loss, reason = "a number with a point is documented")]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number with a point is documented")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value as f64))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.parse::<f64>() {
            _ if text.is_empty() => Ok(None),
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

/// Reads a text; a number reads as its digits.
pub(crate) struct Text<T>(pub(crate) PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        Ok(T::from(&value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        Ok(T::from(&value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        Ok(T::from(&value.to_string()))
    }
}

impl<'de> Tolerant<'de> for String {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text(PhantomData))
    }
}

impl<'de> Tolerant<'de> for DateTime<Utc> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = time::optional(deserializer)?;
        time.ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &"an RFC 3339 time"))
    }

    fn read_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        time::optional(deserializer)
    }
}

impl<'de> Tolerant<'de> for bool {}
impl<'de> Tolerant<'de> for serde_json::Value {}
impl<'de> Tolerant<'de> for crate::SecretText {}
impl<'de, T: Deserialize<'de>> Tolerant<'de> for crate::one_or_many::OneOrMany<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{SurveyResponse, Ticket};
    use proptest::prelude::*;
    use serde_json::json;

    fn integer(json: &str) -> Option<Option<i64>> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        Option::<i64>::read(&mut deserializer).ok()
    }

    #[test]
    fn a_number_is_read_in_every_form_that_has_one_meaning() {
        for four in ["4", "\"4\"", "4.0", "\"4.0\"", "4.000", "\"4.00\"", "4e0"] {
            assert_eq!(integer(four), Some(Some(4)), "{four}");
        }
        for none in ["null", "\"\""] {
            assert_eq!(integer(none), Some(None), "{none}");
        }
        let large = i64::MAX.to_string();
        assert_eq!(integer(&large), Some(Some(i64::MAX)));
        assert_eq!(integer(&format!("\"{large}.0\"")), Some(Some(i64::MAX)));
        for bad in [
            "4.5",
            "\"4.5\"",
            "1e30",
            "-1e30",
            "\"abc\"",
            "\"4.\"",
            "\".0\"",
            "\"1e3\"",
            "true",
            "[]",
            "{}",
            "99999999999999999999",
            "9007199254740994.0",
            "\"NaN\"",
        ] {
            assert_eq!(integer(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_text_may_come_as_a_number() {
        let response: SurveyResponse = serde_json::from_value(json!({
            "id": 7, "survey": {"id": 1.5, "version": "3", "state": 4}, "subjects": [{"id": 76, "type": "ticket"}, null],
            "subject_zrns": [null, "zen:ticket:76"], "responder_id": "",
            "answers": [null, {"type": "rating_scale", "rating": 4.0, "selections": [null]}]
        }))
        .unwrap();
        assert_eq!(response.id.as_str(), "7");
        let survey = response.survey.as_ref().unwrap();
        assert_eq!((survey.id.as_str(), survey.version), ("1.5", Some(3)));
        assert_eq!(survey.state.as_ref().unwrap().as_str(), "4");
        assert_eq!(response.subjects.as_ref().unwrap().len(), 1);
        assert_eq!(response.subject_zrns.as_ref().unwrap().len(), 1);
        assert_eq!(response.responder_id, None);
        let answer = &response.answers.as_ref().unwrap()[0];
        assert_eq!(
            (answer.rating, answer.selections.as_ref().unwrap().len()),
            (Some(4), 0)
        );
    }

    #[test]
    fn what_says_nothing_for_sure_is_refused_with_its_path() {
        for (ticket, path) in [
            (
                r#"{"id": 1, "generated_timestamp": 1e30}"#,
                "$.generated_timestamp",
            ),
            (r#"{"id": 1, "assignee_id": "abc"}"#, "$.assignee_id"),
            (r#"{"id": 1, "tags": "a b"}"#, "$.tags"),
            (r#"{"id": 1, "tags": [["a"]]}"#, "$.tags[0]"),
            (r#"{"id": ""}"#, "$.id"),
        ] {
            let misfit = crate::decode::json::decode::<Ticket>(ticket.as_bytes()).unwrap_err();
            assert_eq!(misfit.path, path, "{ticket}");
        }
    }

    proptest! {
        #[test]
        fn every_integer_reads_as_itself(value in any::<i64>()) {
            prop_assert_eq!(integer_of_text(&value.to_string()), Some(value));
            prop_assert_eq!(integer(&value.to_string()), Some(Some(value)));
        }

        #[test]
        fn no_number_reads_as_another(value in any::<f64>()) {
            if let Some(integer) = integer_of_float(value) {
                prop_assert_eq!(integer as f64, value);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = integer_of_text(&text);
        }
    }
}

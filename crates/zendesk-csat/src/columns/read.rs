//! Reading a JSON value straight into a column.

use super::buffers::{Buffer, Integers, TextLists, Texts, Times};
use crate::decode::borrowed::Text;
use crate::decode::time;
use crate::decode::tolerant::{Integer, integer_of_float};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use std::fmt;

/// Reads a value, or that there is none, into the next row of a column.
pub(crate) struct Into<'c, B>(pub(crate) &'c mut B);

/// Reads a value that is never missing.
pub(crate) struct Required<'c, B>(pub(crate) &'c mut B);

/// A buffer that takes JSON values of its own type.
pub(crate) trait Read: Buffer {
    const EXPECTED: &'static str;

    /// Whether an empty text stands for no value.
    const IS_NONE_WHERE_EMPTY: bool = false;

    fn integer<E: de::Error>(&mut self, value: i64) -> Result<(), E> {
        Err(E::invalid_type(Unexpected::Signed(value), &Self::EXPECTED))
    }

    fn float<E: de::Error>(&mut self, value: f64) -> Result<(), E> {
        Err(E::invalid_type(Unexpected::Float(value), &Self::EXPECTED))
    }

    fn text<E: de::Error>(&mut self, text: &str) -> Result<(), E>;

    fn list<'de, A: SeqAccess<'de>>(&mut self, _list: A) -> Result<(), A::Error> {
        Err(A::Error::invalid_type(Unexpected::Seq, &Self::EXPECTED))
    }
}

impl Read for Integers {
    const EXPECTED: &'static str = "an integer";
    const IS_NONE_WHERE_EMPTY: bool = true;

    fn float<E: de::Error>(&mut self, value: f64) -> Result<(), E> {
        let integer = integer_of_float(value);
        self.push(integer.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &Self::EXPECTED))?);
        Ok(())
    }

    fn integer<E: de::Error>(&mut self, value: i64) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        self.push(Integer(Self::EXPECTED).visit_str(text)?);
        Ok(())
    }
}

impl Read for Times {
    const EXPECTED: &'static str = "an RFC 3339 time";

    fn text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        let time =
            time::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &Self::EXPECTED))?;
        self.push(time);
        Ok(())
    }
}

impl Read for Texts {
    const EXPECTED: &'static str = "a text";

    fn integer<E: de::Error>(&mut self, value: i64) -> Result<(), E> {
        self.text(&value.to_string())
    }

    fn float<E: de::Error>(&mut self, value: f64) -> Result<(), E> {
        self.text(&value.to_string())
    }

    fn text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        self.push(text).map_err(E::custom)
    }
}

impl Read for TextLists {
    const EXPECTED: &'static str = "a list of texts";

    fn text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        Err(E::invalid_type(Unexpected::Str(text), &Self::EXPECTED))
    }

    /// A gap in the list is left out.
    fn list<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(text) = list.next_element::<Option<Text<'_>>>()? {
            if let Some(text) = text {
                self.push_text(&text).map_err(A::Error::custom)?;
            }
        }
        self.push_list().map_err(A::Error::custom)
    }
}

/// Reads the text that an object has under a name into the next row of a column.
pub(crate) struct Within<'c>(pub(crate) &'static str, pub(crate) &'c mut Texts);

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a {}", self.0)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.1.push_null();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let rows = self.1.count();
        while let Some(name) = map.next_key::<Text<'_>>()? {
            if &*name != self.0 {
                map.next_value::<IgnoredAny>()?;
            } else if self.1.count() == rows {
                map.next_value_seed(Into(&mut *self.1))?;
            } else {
                return Err(A::Error::duplicate_field(self.0));
            }
        }
        if self.1.count() == rows {
            self.1.push_null();
        }
        Ok(())
    }
}

impl<'de, B: Read> DeserializeSeed<'de> for Into<'_, B> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, B: Read> Visitor<'de> for Into<'_, B> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(B::EXPECTED)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.push_null();
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.0.integer(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.0.integer(value),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.0.float(value)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        if B::IS_NONE_WHERE_EMPTY && text.is_empty() {
            self.0.push_null();
            return Ok(());
        }
        self.0.text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.list(list)
    }
}

impl<'de, B: Read> DeserializeSeed<'de> for Required<'_, B> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<B: Read> Visitor<'_> for Required<'_, B> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(B::EXPECTED)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        Into(self.0).visit_i64(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        Into(self.0).visit_u64(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.0.float(value)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.0.text(text)
    }
}

//! Where the documentation shows an array of one and the service sends the object.

use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// One record that comes as itself or as an array of one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct OneOrMany<T>(T);

impl<T> OneOrMany<T> {
    /// The record.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One(PhantomData)).map(Self)
    }
}

// A visitor: an untagged enum would say nothing of what went wrong inside.
struct One<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for One<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<T, A::Error> {
        let one = items
            .next_element()?
            .ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let mut more = 0;
        while items.next_element::<de::IgnoredAny>()?.is_some() {
            more += 1;
        }
        if more > 0 {
            Err(de::Error::invalid_length(1 + more, &self))
        } else {
            Ok(one)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_and_an_array_of_one_are_the_same() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Record {
            id: i64,
        }
        let read = |text| serde_json::from_str::<OneOrMany<Record>>(text).map(OneOrMany::into_inner);
        assert_eq!(read(r#"{"id": 7}"#).unwrap(), Record { id: 7 });
        assert_eq!(read(r#"[{"id": 7}]"#).unwrap(), Record { id: 7 });
        for bad in ["[]", r#"[{"id": 7}, {"id": 8}]"#, "7", "null"] {
            let error = read(bad).unwrap_err().to_string();
            assert!(
                error.contains("expected an object or an array of one"),
                "{bad}: {error}"
            );
        }
        assert!(
            read(r#"[{"id": "x"}]"#)
                .unwrap_err()
                .to_string()
                .contains("expected i64")
        );
    }
}

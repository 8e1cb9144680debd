//! Records of which only some properties are decoded: the others are passed over as they stand.

use super::sink::Sink;
use crate::Error;
use crate::operation::Operation;
use serde::de::value::CowStrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The properties to decode, by their names on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Selection(Arc<[String]>);

impl Selection {
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// An error where the records have no property of a selected name.
    pub(crate) fn check<T: DeserializeOwned>(&self, operation: &'static Operation) -> Result<(), Error> {
        match self.beyond(property_names::<T>()) {
            Some(name) => Err(Error::misused(
                operation,
                format!("fields: its records have no {name:?}"),
            )),
            None => Ok(()),
        }
    }

    /// The first selected name that is none of these.
    pub(crate) fn beyond(&self, names: &[&str]) -> Option<&str> {
        let mut selected = self.0.iter().map(String::as_str);
        selected.find(|name| !names.contains(name))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|selected| selected == name)
    }
}

/// What takes records in, and of each the properties of a selection.
pub(crate) struct Selected<'s, S> {
    pub(crate) sink: &'s mut S,
    pub(crate) selection: &'s Selection,
}

impl<S: Sink> Sink for Selected<'_, S> {
    fn push<'de, D: Deserializer<'de>>(&mut self, record: D) -> Result<(), D::Error> {
        self.sink.push(Selecting {
            inner: record,
            selection: self.selection,
        })
    }

    fn count(&self) -> usize {
        self.sink.count()
    }

    fn truncate(&mut self, count: usize) {
        self.sink.truncate(count);
    }
}

/// Shows a record's own reader only the properties that are selected.
struct Selecting<'s, I> {
    inner: I,
    selection: &'s Selection,
}

impl<'de, I: Deserializer<'de>> Deserializer<'de> for Selecting<'_, I> {
    type Error = I::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, I::Error> {
        self.inner.deserialize_map(Selecting {
            inner: visitor,
            selection: self.selection,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Selecting<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Selecting {
            inner: map,
            selection: self.selection,
        })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Selecting<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.inner.next_key_seed(SelectedName(self.selection))? {
            if let Some(name) = name {
                return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
            }
            self.inner.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(seed)
    }
}

/// A property's name, if it is selected.
struct SelectedName<'s>(&'s Selection);

impl<'de> DeserializeSeed<'de> for SelectedName<'_> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for SelectedName<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property's name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(self.0.has(name).then_some(Cow::Borrowed(name)))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.has(name).then(|| Cow::Owned(name.to_owned())))
    }
}

/// The properties that a record's own reader asks for.
fn property_names<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Ask<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Ask<'_> {
        type Error = de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            visitor.visit_unit()
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            names: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = names;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut names: &'static [&'static str] = &[];
    // There is nothing to read: what comes back is the question.
    let _ = T::deserialize(Ask(&mut names));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Ticket;

    #[test]
    fn only_what_is_selected_is_decoded() {
        let selection = Selection::new(["id", "type", "tags"].map(str::to_owned));
        let mut tickets = Vec::<Ticket>::new();
        let mut sink = Selected {
            sink: &mut tickets,
            selection: &selection,
        };
        // What is not selected may be of any shape.
        let json = r#"{"subject": {"a": []}, "id": 7, "type": "incident", "t\u0061gs": ["x"], "status": 7}"#;
        sink.push(&mut serde_json::Deserializer::from_str(json)).unwrap();
        let ticket = &tickets[0];
        assert_eq!(ticket.id.get(), 7);
        assert_eq!(ticket.type_, Some("incident".into()));
        assert_eq!(ticket.tags.as_deref(), Some(&["x".to_owned()][..]));
        assert_eq!((&ticket.subject, &ticket.status), (&None, &None));
    }
}

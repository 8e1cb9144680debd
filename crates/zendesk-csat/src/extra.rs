//! What the service sends of a record and the spec does not know.

use crate::decode::tolerant::{Reader, Tolerant};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::Deref;

static NOTHING: BTreeMap<String, Value> = BTreeMap::new();

/// The properties of a record that have no field of their own, by their names on the wire.
///
/// Zendesk adds properties at any time: they are kept as they came, and written again with the record. It
/// reads as a map. `Debug` shows the names and never the values, which may be a customer's words or a secret.
///
/// ```
/// use zendesk_csat::types::SatisfactionRating;
///
/// let json = r#"{"id":7,"mood":{"of":"the day"}}"#;
/// let rating: SatisfactionRating = serde_json::from_str(json)?;
/// assert_eq!(rating.extra["mood"]["of"], "the day");
/// assert_eq!(rating.extra.get("weather"), None);
/// assert_eq!(format!("{:?}", rating.extra), r#"{"mood"}"#);
/// assert_eq!(serde_json::to_string(&rating)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::box_collection,
    reason = "a pointer: most records have nothing to keep"
)]
pub struct Extra(Option<Box<BTreeMap<String, Value>>>);

impl Extra {
    fn keep(&mut self, name: String, value: Value) {
        self.0.get_or_insert_default().insert(name, value);
    }

    /// Writes them behind the fields of a record, which go before a property of the same name.
    pub(crate) fn write<R: Record, M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (name, value) in self {
            if R::place(name) == R::NAMES.len() {
                map.serialize_entry(name, value)?;
            }
        }
        Ok(())
    }
}

impl Deref for Extra {
    type Target = BTreeMap<String, Value>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl<'a> IntoIterator for &'a Extra {
    type Item = (&'a String, &'a Value);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<(String, Value)> for Extra {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(properties: I) -> Self {
        let mut extra = Self::default();
        for (name, value) in properties {
            extra.keep(name, value);
        }
        extra
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Extra {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Extra".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
}

/// A generated model that keeps what it does not know.
pub(crate) trait Record {
    /// The fields' names on the wire.
    const NAMES: &'static [&'static str];

    /// Where a name stands among them; their number for any other.
    fn place(name: &str) -> usize;
}

/// The names of the properties of a record, while it is read.
pub(crate) struct Names<R> {
    unknown: String,
    extra: Extra,
    record: PhantomData<R>,
}

impl<R> Default for Names<R> {
    fn default() -> Self {
        Self {
            unknown: String::new(),
            extra: Extra::default(),
            record: PhantomData,
        }
    }
}

impl<R: Record> Names<R> {
    /// The place of the next property, beyond the fields if it has none.
    #[inline]
    pub(crate) fn next<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<usize>, A::Error> {
        map.next_key_seed(Name::<R> {
            unknown: &mut self.unknown,
            record: PhantomData,
        })
    }

    /// Keeps the value of the property whose place was beyond the fields.
    #[cold]
    pub(crate) fn keep<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.extra.keep(mem::take(&mut self.unknown), value);
        Ok(())
    }

    pub(crate) fn into_extra(self) -> Extra {
        self.extra
    }
}

/// One name: its place, and the name itself only where it has none.
struct Name<'n, R> {
    unknown: &'n mut String,
    record: PhantomData<R>,
}

impl<'de, R: Record> DeserializeSeed<'de> for Name<'_, R> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<R: Record> Visitor<'_> for Name<'_, R> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property's name")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        let place = R::place(name);
        if place == R::NAMES.len() {
            name.clone_into(self.unknown);
        }
        Ok(place)
    }
}

/// Reads the value of a field, once.
#[inline]
pub(crate) fn read<'de, T: Tolerant<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value_seed(Reader(PhantomData))?);
    Ok(())
}

/// The value of a field that is never missing.
#[inline]
pub(crate) fn required<T, E: serde::de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{AuditEvent, SurveyResponse, Ticket};
    use serde_json::json;

    #[test]
    fn nothing_takes_the_place_of_a_pointer() {
        assert_eq!(size_of::<Extra>(), size_of::<usize>());
        let extra = Extra::default();
        assert!(extra.is_empty() && extra.get("a").is_none());
    }

    #[test]
    fn unknown_properties_survive_at_every_depth() {
        let json = json!({
            "id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "channel": "email",
            "survey": {"id": "S", "theme": {"dark": true}},
            "answers": [{"type": "drawing", "strokes": [1, 2.5, null], "question": {"id": "Q", "type": "canvas", "width": 9}}],
        });
        let response: SurveyResponse = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(response.extra["channel"], "email");
        let answer = &response.answers.as_ref().unwrap()[0];
        assert_eq!(answer.question.as_ref().unwrap().extra["width"], 9);
        assert_eq!(serde_json::to_value(&response).unwrap(), json);
    }

    #[test]
    fn debug_tells_names_and_no_values() {
        let event: AuditEvent =
            serde_json::from_value(json!({"id": 1, "type": "New", "access_token": "hunter2"})).unwrap();
        let debug = format!("{event:?}");
        assert!(
            debug.contains("access_token") && !debug.contains("hunter2"),
            "{debug}"
        );
    }

    #[test]
    fn a_field_goes_before_a_property_of_its_name() {
        let mut ticket: Ticket = serde_json::from_str(r#"{"id": 1, "subject": "field"}"#).unwrap();
        let properties = [
            ("subject", json!("extra")),
            ("type", json!("extra")),
            ("new", json!(1)),
        ];
        ticket.extra = properties
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect();
        let json = serde_json::to_string(&ticket).unwrap();
        assert_eq!(json, r#"{"id":1,"subject":"field","new":1}"#);
    }

    #[test]
    fn known_properties_are_read_as_serde_reads_them() {
        let error = |json: &str| serde_json::from_str::<Ticket>(json).unwrap_err().to_string();
        assert!(error(r#"{"id": 1, "type": "a", "type": "b"}"#).starts_with("duplicate field `type`"));
        assert!(error(r#"{"type": "a"}"#).starts_with("missing field `id`"));
        assert!(error("[1]").starts_with("invalid type: sequence, expected struct Ticket"));
        let ticket: Ticket =
            serde_json::from_str(r#"{"id": 1, "t\u0079pe": "a", "created_at": null, "x": 1, "x": 2}"#)
                .unwrap();
        assert_eq!((ticket.type_, ticket.created_at), (Some("a".into()), None));
        assert_eq!(
            ticket.extra.into_iter().collect::<Vec<_>>(),
            [(&"x".to_owned(), &json!(2))]
        );
    }
}

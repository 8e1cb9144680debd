//! A page whose records go one by one into what the caller keeps them in.

use super::json::{self, Misfit, decode_at, decode_seed_at};
use super::page::{Envelope, Malformed, Next};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// What the records of a page go into.
pub(crate) trait Sink {
    /// Reads one more record. After an error the sink may hold a part of it.
    fn push<'de, D: Deserializer<'de>>(&mut self, record: D) -> Result<(), D::Error>;

    /// The records that were read whole.
    fn count(&self) -> usize;

    /// Forgets all but so many records, and parts of one.
    fn truncate(&mut self, count: usize);
}

impl<T: DeserializeOwned> Sink for Vec<T> {
    fn push<'de, D: Deserializer<'de>>(&mut self, record: D) -> Result<(), D::Error> {
        self.push(T::deserialize(record)?);
        Ok(())
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn truncate(&mut self, count: usize) {
        self.truncate(count);
    }
}

/// What a page has besides its records.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) malformed: Vec<Malformed>,
    pub(crate) next: Next,
}

/// Reads the records into an empty sink.
pub(crate) fn decode<E: Envelope, S: Sink>(body: &[u8], sink: &mut S) -> Result<Rest, Misfit> {
    let text = json::text(body)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let page = deserializer
        .deserialize_map(PageInto::<E, S> {
            sink,
            envelope: PhantomData,
        })
        .and_then(|next| deserializer.end().map(|()| next));
    match page {
        Ok(next) => Ok(Rest {
            malformed: Vec::new(),
            next,
        }),
        Err(_) => {
            sink.truncate(0);
            record_by_record::<E, S>(text, sink)
        }
    }
}

/// Reads each record by itself, so that one that does not fit takes no other along.
pub(crate) fn record_by_record<E: Envelope, S: Sink>(text: &str, sink: &mut S) -> Result<Rest, Misfit> {
    let mut parts: BTreeMap<String, Box<RawValue>> = decode_at("$", text)?;
    let raw_items = parts.remove(E::ITEMS);
    // The rest of the envelope must fit: without it there is no way on.
    let rest = serde_json::to_string(&parts).map_err(|_| Misfit {
        path: "$".into(),
        message: "expected an object".into(),
    })?;
    let (_, next) = decode_at::<E>("$", &rest)?.into_items();

    let root = format!("$.{}", E::ITEMS);
    let raw_items: Option<Vec<&RawValue>> = match &raw_items {
        Some(raw) => decode_at(&root, raw.get())?,
        None => None,
    };
    let mut malformed = Vec::new();
    for (index, raw) in raw_items.into_iter().flatten().enumerate() {
        let before = sink.count();
        let record = decode_seed_at(&format!("{root}[{index}]"), raw.get(), Push(&mut *sink));
        if let Err(misfit) = record {
            sink.truncate(before);
            malformed.push(Malformed::new(index, misfit, raw.get()));
        }
    }
    Ok(Rest { malformed, next })
}

/// The whole page: its records into the sink, and the way on from what stands around them.
struct PageInto<'s, E, S> {
    sink: &'s mut S,
    envelope: PhantomData<E>,
}

impl<'de, E: Envelope, S: Sink> Visitor<'de> for PageInto<'_, E, S> {
    type Value = Next;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Next, A::Error> {
        let mut around = String::from("{");
        let mut records = false;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == E::ITEMS {
                if records {
                    return Err(A::Error::duplicate_field(E::ITEMS));
                }
                records = true;
                map.next_value_seed(Records(&mut *self.sink))?;
            } else {
                let value: &RawValue = map.next_value()?;
                let separator = if around.len() > 1 { "," } else { "" };
                let name = serde_json::to_string(&name).map_err(A::Error::custom)?;
                around.extend([separator, &name, ":", value.get()]);
            }
        }
        around.push('}');
        let envelope: E = serde_json::from_str(&around).map_err(A::Error::custom)?;
        Ok(envelope.into_items().1)
    }
}

/// The array of the records, or null.
struct Records<'s, S>(&'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Records<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Records<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
        while records.next_element_seed(Push(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// One record.
struct Push<'s, S>(&'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Push<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, record: D) -> Result<(), D::Error> {
        self.0.push(record)
    }
}

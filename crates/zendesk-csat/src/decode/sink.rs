//! A page whose records go one by one into what the caller keeps them in.

use super::broken::Broken;
use super::json::{Misfit, decode_at, decode_seed_at};
use super::page::{Envelope, Malformed, Next};
use super::parts::{Around, Parts, Text, says_end, take_apart};
use super::surrogates::mend;
use crate::operation::{Holds, Operation};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
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
pub(crate) fn decode<E: Envelope, S: Sink>(body: &[u8], sink: &mut S) -> Result<Rest, Broken> {
    if let Ok(text) = std::str::from_utf8(body) {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let page = deserializer
            .deserialize_map(PageInto::<E, S> {
                sink,
                envelope: PhantomData,
            })
            .and_then(|next| deserializer.end().map(|()| next));
        if let Ok(next) = page {
            return Ok(Rest {
                malformed: Vec::new(),
                next,
            });
        }
        sink.truncate(0);
    }
    record_by_record::<E, S>(&Text::of(body), sink)
}

/// Reads each record by itself, so that one that does not fit takes no other along.
pub(crate) fn record_by_record<E: Envelope, S: Sink>(body: &Text<'_>, sink: &mut S) -> Result<Rest, Broken> {
    let Parts { held, around } = take_apart(E::OPERATION, body)?;
    let envelope = decode_at::<E>("$", &around).or_else(|misfit| match mend(&around) {
        Some(mended) => decode_at("$", &mended),
        None => Err(misfit),
    });
    let next = envelope.map_err(Broken::Misfit)?.into_next();
    let root = format!("$.{}", E::OPERATION.holder);
    let records: Vec<&RawValue> = decode_at(&root, held.get()).map_err(Broken::Misfit)?;
    let mut malformed = Vec::new();
    for (index, record) in records.into_iter().enumerate() {
        let (record, place) = (record.get(), format!("{root}[{index}]"));
        if body.replaced_in(record) > 0 {
            let misfit = Misfit {
                path: place,
                message: "expected UTF-8".into(),
            };
            malformed.push(Malformed::new(index, misfit, record));
            continue;
        }
        let before = sink.count();
        let mut push = |json: &str| {
            decode_seed_at(&place, json, Push(&mut *sink)).inspect_err(|_| sink.truncate(before))
        };
        let pushed = push(record).or_else(|misfit| mend(record).map_or(Err(misfit), |mended| push(&mended)));
        if let Err(misfit) = pushed {
            malformed.push(Malformed::new(index, misfit, record));
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
        let Operation { holder, holds, .. } = *E::OPERATION;
        let mut around = Around::new(holder);
        let mut records = false;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == holder {
                if records {
                    return Err(A::Error::duplicate_field(holder));
                }
                records = true;
                map.next_value_seed(Records(&mut *self.sink))?;
            } else {
                around.add(&name, map.next_value()?)?;
            }
        }
        let around = around.into_json();
        let is_whole = records && matches!(holds, Holds::List(end) if says_end(around.as_bytes(), end));
        if !is_whole {
            // What is missing is told by who takes it apart.
            return Err(A::Error::custom("no whole page"));
        }
        let envelope: E = serde_json::from_str(&around).map_err(A::Error::custom)?;
        Ok(envelope.into_next())
    }
}

/// The array of the records.
struct Records<'s, S>(&'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Records<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Records<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
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

//! Samples of JSON against their schemas.

use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, Report, Seen, departure, schema_pointer, types};
use serde_json::{Value, json};
use zendesk_csat_codegen::spec::{object, referenced_schema, resolve};

/// Where a sample does not fit.
pub(super) struct Misfit<'a> {
    kind: Kind,
    fact: Fact,
    place: String,
    message: String,
    word: String,
    /// Where the spec may say why.
    explained_at: Vec<&'a Value>,
    paste: Option<Paste>,
}

impl<'a> Report<'a> {
    pub(super) fn sample(&mut self, name: &str, schema: &'a Value, line: usize, value: &Value) {
        let mut misfits = Vec::new();
        let mut reader = Reader {
            spec: self.spec,
            seen: Some(&mut self.seen),
            found: &mut misfits,
        };
        reader.read(name, schema, value);
        for misfit in misfits {
            self.add(Difference {
                kind: misfit.kind,
                fact: misfit.fact,
                line: Some(line),
                word: &misfit.word,
                explained_at: &misfit.explained_at,
                paste: misfit.paste,
                ..Difference::beyond(misfit.place, &format!("{} in a sample", misfit.message))
            });
        }
    }
}

/// How many members of a sample a schema does not have, or has otherwise.
pub(super) fn misfits(spec: &Value, schema: &Value, sample: &Value) -> usize {
    let mut found = Vec::new();
    let mut reader = Reader {
        spec,
        seen: None,
        found: &mut found,
    };
    reader.read("", schema, sample);
    found.len()
}

struct Reader<'a, 'r> {
    spec: &'a Value,
    seen: Option<&'r mut Seen>,
    found: &'r mut Vec<Misfit<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, place: &str, schema: &'a Value, sample: &Value) {
        let own = resolve(self.spec, schema);
        // A record has a name of its own; an id or a word is called after the member that it stands in.
        let is_record = own.get("properties").is_some() || place.is_empty();
        let place = referenced_schema(schema).filter(|_| is_record).unwrap_or(place);
        if let Some(alternatives) = own.get("oneOf").and_then(Value::as_array) {
            self.page_type(place, own, sample);
            let is_other = |one: &Value| !types(self.spec, one).contains(type_of(sample));
            let best = alternatives
                .iter()
                .min_by_key(|one| (is_other(one), misfits(self.spec, one, sample)));
            if let Some(best) = best {
                self.read(place, best, sample);
            }
            return;
        }
        let expected = types(self.spec, own);
        let is_type = expected.is_empty()
            || expected.contains(type_of(sample))
            || (expected.contains("number") && sample.is_number())
            || sample.is_null();
        if !is_type {
            let expected: Vec<_> = expected.into_iter().collect();
            self.found.push(Misfit {
                kind: Kind::Differs,
                fact: Fact::Type,
                place: place.to_owned(),
                message: format!("{}, not {},", type_of(sample), expected.join(" or ")),
                word: type_of(sample).to_owned(),
                explained_at: vec![schema, own],
                paste: None,
            });
            return;
        }
        if let Some(known) = own.get("enum").and_then(Value::as_array) {
            self.value(place, schema, own, known, sample);
        }
        match sample {
            Value::Array(items) => {
                if let Some(schema) = own.get("items") {
                    items.iter().for_each(|item| self.read(place, schema, item));
                }
            }
            Value::Object(members) if own.get("properties").is_some() => self.members(place, own, members),
            Value::Object(_) | Value::String(_) => self.shape(place, own, sample),
            _ => {}
        }
    }

    /// A departure that says what type the page shows is out of date when the page shows another.
    fn page_type(&mut self, place: &str, own: &'a Value, sample: &Value) {
        let says = own
            .get("x-departure")
            .and_then(Value::as_str)
            .and_then(departure::type_of_the_page);
        if let Some(says) = says.filter(|says| *says != type_of(sample) && !sample.is_null()) {
            self.found.push(Misfit {
                kind: Kind::Differs,
                fact: Fact::Type,
                place: place.to_owned(),
                message: format!(
                    "{}, where x-departure speaks of the page's {says},",
                    type_of(sample)
                ),
                word: String::new(),
                explained_at: Vec::new(),
                paste: None,
            });
        }
    }

    /// An untyped value comes in the shapes that `x-shapes` names.
    fn shape(&mut self, place: &str, own: &'a Value, sample: &Value) {
        let shapes = own.get("x-shapes").and_then(Value::as_array);
        let named = shapes.into_iter().flatten().filter_map(Value::as_str);
        let spec = self.spec;
        let schemas = named.filter_map(|name| Some((name, spec.pointer(&schema_pointer(name))?)));
        let best = schemas.min_by_key(|(_, schema)| misfits(spec, schema, sample));
        if let Some((name, schema)) = best.filter(|_| sample.is_object()) {
            let _ = place;
            self.read(name, schema, sample);
        }
    }

    fn value(&mut self, place: &str, schema: &'a Value, own: &'a Value, known: &'a [Value], sample: &Value) {
        let component = referenced_schema(schema);
        if let (Some(seen), Some(name), Some(value)) = (&mut self.seen, component, sample.as_str()) {
            seen.value(name, value);
        }
        if sample.is_null() || known.contains(sample) {
            return;
        }
        let paste =
            component.map(|name| Paste::append(&format!("{}/enum", schema_pointer(name)), sample.clone()));
        self.found.push(Misfit {
            kind: Kind::Lacks,
            fact: Fact::Value,
            place: place.to_owned(),
            message: format!("the value {sample}"),
            word: sample.as_str().unwrap_or_default().to_owned(),
            explained_at: vec![schema, own],
            paste,
        });
    }

    fn members(&mut self, place: &str, own: &'a Value, members: &serde_json::Map<String, Value>) {
        for (name, value) in members {
            if let Some(seen) = &mut self.seen {
                seen.property(place, name);
            }
            let inner = format!("{place}.{name}");
            match object(own.get("properties")).find(|(known, _)| *known == name) {
                Some((_, property)) => self.read(&inner, property, value),
                None => {
                    let property = json!({"type": type_of(value), "nullable": true, "description": "TODO"});
                    let at = format!("{}/properties", schema_pointer(place));
                    let is_component = self.spec.pointer(&at).is_some();
                    self.found.push(Misfit {
                        kind: Kind::Lacks,
                        fact: Fact::Property,
                        place: inner,
                        message: type_of(value).to_owned(),
                        word: name.clone(),
                        explained_at: vec![own],
                        paste: is_component.then(|| Paste::member(&at, name, property)),
                    });
                }
            }
        }
    }
}

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

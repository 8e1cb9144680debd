//! A sample of JSON against its schema.

use super::Kind;
use super::compare::types;
use crate::spec::{object, referenced_schema, resolve};
use serde_json::Value;

/// Where a sample does not fit.
pub(super) struct Misfit<'a> {
    pub(super) kind: Kind,
    pub(super) place: String,
    pub(super) message: String,
    /// Where the spec may say why.
    pub(super) explained_at: Vec<&'a Value>,
}

/// Adds what of the sample the schema does not have, or has otherwise.
pub(super) fn misfits<'a>(
    spec: &'a Value,
    place: &str,
    schema: &'a Value,
    sample: &Value,
    found: &mut Vec<Misfit<'a>>,
) {
    let own = resolve(spec, schema);
    let place = referenced_schema(schema).unwrap_or(place);
    if let Some(alternatives) = own.get("oneOf").and_then(Value::as_array) {
        // The alternative that the sample fits best.
        let tried = alternatives.iter().map(|one| {
            let mut misfits_of_one = Vec::new();
            misfits(spec, place, one, sample, &mut misfits_of_one);
            misfits_of_one
        });
        found.extend(tried.min_by_key(Vec::len).unwrap_or_default());
        return;
    }
    let expected = types(spec, own);
    let is_type = expected.is_empty()
        || expected.contains(type_of(sample))
        || (expected.contains("number") && sample.is_number())
        || sample.is_null();
    if !is_type {
        let expected: Vec<_> = expected.into_iter().collect();
        found.push(Misfit {
            kind: Kind::Differs,
            place: place.to_owned(),
            message: format!("{}, not {},", type_of(sample), expected.join(" or ")),
            explained_at: vec![schema, own],
        });
        return;
    }
    if let Some(known) = own.get("enum").and_then(Value::as_array)
        && !sample.is_null()
        && !known.contains(sample)
    {
        found.push(Misfit {
            kind: Kind::Lacks,
            place: place.to_owned(),
            message: format!("the value {sample}"),
            explained_at: vec![schema, own],
        });
    }
    match sample {
        Value::Array(items) => {
            if let Some(schema) = own.get("items") {
                items
                    .iter()
                    .for_each(|item| misfits(spec, place, schema, item, found));
            }
        }
        Value::Object(members) if own.get("properties").is_some() => {
            for (name, value) in members {
                let inner = format!("{place}.{name}");
                match object(own.get("properties")).find(|(known, _)| *known == name) {
                    Some((_, property)) => misfits(spec, &inner, property, value, found),
                    None => found.push(Misfit {
                        kind: Kind::Lacks,
                        place: inner,
                        message: type_of(value).to_owned(),
                        explained_at: vec![own],
                    }),
                }
            }
        }
        _ => {}
    }
}

fn type_of(value: &Value) -> &'static str {
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

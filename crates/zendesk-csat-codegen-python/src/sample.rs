//! The example of a model: a small record out of the spec's own, read from JSON.

use super::extension::attribute;
use super::record_docs::WIDTH;
use super::schema::{Field, Model, Shape, Source, component};
use serde_json::Value;
use zendesk_csat_codegen::Error;

/// The properties that an example shows before any others.
const TELLING: [&str; 16] = [
    "subject",
    "status",
    "score",
    "comment",
    "rating",
    "rating_category",
    "value",
    "reason_code",
    "label",
    "headline",
    "questions",
    "answers",
    "events",
    "survey_response_id",
    "channel",
    "to",
];

/// How many properties an example shows besides those that each record has.
const SHOWN: usize = 2;

/// Reads a small record as JSON, then what stands in it.
pub(crate) fn session(spec: &Value, models: &[Model<'_>], model: &Model<'_>) -> Result<String, Error> {
    let name = model.name;
    let (_, schema) = component(spec, name)?;
    let sample = schema
        .get("example")
        .and_then(|example| Sample::of(models, model, example, SHOWN))
        .ok_or_else(|| Error::Incomplete(format!("schema {name}: its example shows nothing")))?;
    let json = sample.json();
    let one_line = format!(">>> record = {name}.from_json({})", quoted(&json));
    let read = if one_line.len() <= WIDTH {
        one_line
    } else {
        let lines: String = lines(&json, &sample.entries)
            .iter()
            .map(|line| format!("...     {}\n", quoted(line)))
            .collect();
        format!(">>> record = {name}.from_json(\n{lines}... )")
    };
    let paths: Vec<_> = sample
        .read
        .iter()
        .map(|read| format!("record.{}", read.path))
        .collect();
    let shown: Vec<_> = sample.read.into_iter().map(|read| read.shown).collect();
    let shown = match shown.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    };
    let paths = paths.join(", ");
    Ok(format!(
        ">>> from zendesk_csat.types import {name}\n{read}\n>>> {paths}\n{shown}"
    ))
}

/// The JSON in one line, or an entry a line.
fn lines(json: &str, entries: &[String]) -> Vec<String> {
    if json.len() <= WIDTH {
        return vec![json.to_owned()];
    }
    let last = entries.len().saturating_sub(1);
    let ends = |place| if place == last { "}" } else { ", " };
    let starts = |place| if place == 0 { "{" } else { "" };
    let lines = entries.iter().enumerate();
    lines
        .map(|(place, entry)| format!("{}{entry}{}", starts(place), ends(place)))
        .collect()
}

/// A record with few of its properties.
struct Sample {
    entries: Vec<String>,
    read: Vec<Read>,
}

/// The way to a value, and how Python shows it.
struct Read {
    path: String,
    shown: String,
}

impl Sample {
    /// Of an example: what each record has, and so many of the properties that tell most.
    fn of(models: &[Model<'_>], model: &Model<'_>, example: &Value, shown: usize) -> Option<Self> {
        let mut fields: Vec<_> = model
            .fields
            .iter()
            .filter(|field| field.source != Source::Aside)
            .collect();
        fields.sort_by_key(|field| {
            let rank = TELLING.iter().position(|name| *name == field.name);
            (field.optional, rank.unwrap_or(TELLING.len()))
        });
        let (mut entries, mut known, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for field in fields {
            let Some((json, read)) = example
                .get(field.name)
                .and_then(|value| property(models, field, value))
            else {
                continue;
            };
            if field.optional && told.len() == shown {
                break;
            }
            entries.push(format!("\"{}\": {json}", field.name));
            let kept = if field.optional { &mut told } else { &mut known };
            kept.push(read);
        }
        let read = if told.is_empty() { known } else { told };
        (!read.is_empty()).then_some(Self { entries, read })
    }

    fn json(&self) -> String {
        format!("{{{}}}", self.entries.join(", "))
    }
}

/// A property in a sample: its JSON, and what is read of it. None where the example's value tells nothing in a word.
fn property(models: &[Model<'_>], field: &Field<'_>, value: &Value) -> Option<(String, Read)> {
    let name = attribute(field.name);
    let nested = |of: &str, value: &Value| {
        let model = models.iter().find(|model| model.name == of)?;
        let sample = Sample::of(models, model, value, 1)?;
        Some((sample.json(), sample.read.into_iter().next()?))
    };
    let (json, path, shown) = match (&field.shape, value) {
        (_, Value::Null) | (Shape::Time | Shape::Secret | Shape::Object | Shape::Extra, _) => return None,
        (Shape::Model(of), value) => {
            let (json, read) = nested(of, value)?;
            (json, format!("{name}.{}", read.path), read.shown)
        }
        (Shape::List(item), value) => match item.model() {
            Some(of) => {
                let (json, read) = nested(of, value.get(0)?)?;
                (
                    format!("[{json}]"),
                    format!("{name}[0].{}", read.path),
                    read.shown,
                )
            }
            None => (json(value), name, literal(value)),
        },
        (Shape::Integer, Value::String(digits)) => (value.to_string(), name, digits.clone()),
        _ => (json(value), name, literal(value)),
    };
    Some((json, Read { path, shown }))
}

/// A value as JSON, with spaces as Python puts them.
fn json(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        _ => value.to_string(),
    }
}

/// A text in Python.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A value of JSON in Python.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(name, value)| format!("{}: {}", quoted(name), literal(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::models;
    use serde_json::json;

    fn example_of(properties: &Value, example: &Value) -> Result<String, Error> {
        let spec = json!({
            "paths": {"/things": {"get": {
                "operationId": "list_things", "x-resource": "things", "x-verb": "list", "x-items": "things",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}},
            }}},
            "components": {"schemas": {
                "Page": {"type": "object", "properties": {
                    "things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                }},
                "Thing": {"type": "object", "required": ["id"], "properties": properties, "example": example},
            }},
        });
        let models = models(&spec)?;
        let thing = models.iter().find(|model| model.name == "Thing").unwrap();
        session(&spec, &models, thing)
    }

    #[test]
    fn what_tells_most_is_read_and_shown_as_python_shows_it() {
        let properties = json!({
            "id": {"type": "integer"},
            "about": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "comment": {"type": "string"},
            "flags": {"type": "array", "items": {"type": "boolean"}},
        });
        let example = json!({
            "id": "7", "about": "x", "comment": "It's \"here\"", "flags": [true, false], "made_at": "2025-01-01T00:00:00Z",
        });
        assert_eq!(
            example_of(&properties, &example).unwrap(),
            r#">>> from zendesk_csat.types import Thing
>>> record = Thing.from_json('{"id": "7", "comment": "It\'s \\"here\\"", "about": "x"}')
>>> record.comment, record.about
('It\'s "here"', 'x')"#
        );
        let only = json!({"id": 7, "flags": [true, false], "comment": null});
        assert_eq!(
            example_of(&properties, &only).unwrap(),
            r#">>> from zendesk_csat.types import Thing
>>> record = Thing.from_json('{"id": 7, "flags": [true, false]}')
>>> record.flags
[True, False]"#
        );
    }

    #[test]
    fn a_schema_whose_example_shows_nothing_is_named() {
        let error = example_of(&json!({"id": {"type": "integer"}}), &json!({})).unwrap_err();
        assert!(error.to_string().contains("Thing"), "{error}");
    }
}

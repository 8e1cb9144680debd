//! What to put into the spec for a difference, if the page is right.

use super::page::{Column, Operation};
use serde_json::{Map, Value, json};

/// A part of the spec: members to set in an object, or an entry to add to an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paste {
    /// Where it belongs, as a JSON pointer into the spec.
    pub at: String,
    /// An object of members, or an array of entries.
    pub value: Value,
}

impl Paste {
    pub(super) fn member(at: &str, name: &str, value: Value) -> Self {
        let members = Map::from_iter([(name.to_owned(), value)]);
        Self {
            at: at.to_owned(),
            value: Value::Object(members),
        }
    }

    pub(super) fn append(at: &str, entry: Value) -> Self {
        Self {
            at: at.to_owned(),
            value: Value::Array(vec![entry]),
        }
    }

    /// Says that the spec knows better than the page.
    pub(super) fn departure(at: &str, clause: &str) -> Option<Self> {
        Some(Self::member(
            at,
            "x-departure",
            json!(format!("{clause}; TODO: what the service does.")),
        ))
    }

    /// A new operation, as far as a page tells.
    pub(super) fn operation(documented: &Operation) -> Self {
        let title = Some(documented.heading.trim())
            .filter(|title| !title.is_empty())
            .unwrap_or("TODO");
        let words: Vec<_> = title
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let parameters: Vec<_> = documented
            .parameters
            .iter()
            .map(|row| {
                json!({"name": row.name, "in": row.cell(Column::In).unwrap_or("Query").to_lowercase(),
                    "required": row.says(Column::Required) == Some(true), "description": "TODO",
                    "schema": {"type": row.cell(Column::Type).unwrap_or("string")}})
            })
            .collect();
        let operation = json!({documented.method.to_lowercase(): {
            "operationId": words.join("_"), "tags": ["TODO"], "summary": title, "description": "TODO",
            "externalDocs": {"url": "TODO"}, "x-resource": "TODO", "x-verb": "TODO", "x-action": "TODO",
            "x-bucket": "TODO", "x-roles": ["TODO"], "x-pagination": "none", "parameters": parameters,
            "responses": {"200": {"description": "TODO"}, "4XX": {"$ref": "#/components/responses/ClientError"},
                "5XX": {"$ref": "#/components/responses/ServerError"}}}});
        let path = documented.path.trim_end_matches(".json");
        Self::member("/paths", path, operation)
    }

    /// The spec with this in it; false where it has no such place.
    pub fn put_into(&self, spec: &mut Value) -> bool {
        match (&self.value, spec.pointer_mut(&self.at)) {
            (Value::Object(members), Some(Value::Object(own))) => {
                own.extend(members.clone());
                true
            }
            (Value::Array(entries), Some(Value::Array(own))) => {
                own.extend(entries.iter().cloned());
                true
            }
            _ => false,
        }
    }
}

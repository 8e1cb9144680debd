//! Lowers the spec to what progenitor needs: no responses, and own types by name.

use crate::spec::{self, kind};
use serde_json::{Value, json};

/// A schema that the SDK writes by hand, and the path of its Rust type.
pub(crate) struct Replacement {
    pub(crate) schema: String,
    pub(crate) rust_type: String,
}

/// The component that stands in for every property marked `x-secret`.
const SECRET: &str = "SecretText";

/// The spec without responses, examples and nested secrets.
pub(crate) fn lower(spec: &Value) -> Value {
    let mut lowered = spec.clone();
    for (_, item) in entries(lowered.get_mut("paths")) {
        for (_, operation) in entries(Some(item)) {
            if let Some(operation) = operation.as_object_mut() {
                operation.insert("responses".into(), json!({}));
            }
        }
    }
    if let Some(components) = lowered.get_mut("components").and_then(Value::as_object_mut) {
        components.remove("responses");
    }
    for (_, schema) in entries(lowered.pointer_mut("/components/schemas")) {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("example");
        }
        for (_, property) in entries(schema.get_mut("properties")) {
            if property.get("x-secret").is_some() {
                *property = json!({"$ref": format!("#/components/schemas/{SECRET}")});
            }
        }
        if kind(schema) == Some("one-or-many") {
            *schema = json!({"type": "object"});
        }
    }
    if let Some(schemas) = lowered
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.insert(SECRET.into(), json!({"type": "string"}));
    }
    lowered
}

/// Every schema whose Rust type is not progenitor's.
pub(crate) fn replacements(spec: &Value) -> Vec<Replacement> {
    let by_kind = spec::schemas(spec).filter_map(|(name, schema)| {
        let rust_type = match kind(schema)? {
            "id" => {
                let alias = schema.get("x-rust-type").and_then(Value::as_str);
                format!("crate::types::{}", alias.unwrap_or(name))
            }
            "open-enum" => format!("crate::types::{name}"),
            "one-or-many" => {
                let one = schema.get("oneOf")?.get(0)?;
                format!(
                    "crate::one_or_many::OneOrMany<crate::types::{}>",
                    spec::referenced_schema(one)?
                )
            }
            _ => return None,
        };
        Some(Replacement {
            schema: name.clone(),
            rust_type,
        })
    });
    let secret = Replacement {
        schema: SECRET.into(),
        rust_type: "crate::secret::SecretText".into(),
    };
    by_kind.chain([secret]).collect()
}

fn entries(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

//! Reading the spec: operations, schemas, and which of them requests and responses reach.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
const SCHEMA_PREFIX: &str = "#/components/schemas/";

/// One operation and where it stands.
pub struct Operation<'a> {
    /// Its path, with its parameters in braces.
    pub path: &'a str,
    /// Its method, in lower case.
    pub method: &'a str,
    /// What the spec says of it.
    pub value: &'a Value,
}

impl<'a> Operation<'a> {
    /// The operationId, or method and path where it has none.
    pub fn name(&self) -> String {
        match self.text("operationId") {
            Some(id) => id.to_owned(),
            None => format!("{} {}", self.method.to_uppercase(), self.path),
        }
    }

    /// A property that is a text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Its parameters, each as it is declared.
    pub fn parameters(&self, spec: &'a Value) -> Vec<&'a Value> {
        let own = self.value.get("parameters").and_then(Value::as_array);
        own.into_iter()
            .flatten()
            .map(|parameter| resolve(spec, parameter))
            .collect()
    }

    /// Its responses by their status.
    pub fn responses(&self, spec: &'a Value) -> Vec<(&'a str, &'a Value)> {
        object(self.value.get("responses"))
            .map(|(status, response)| (status.as_str(), resolve(spec, response)))
            .collect()
    }

    /// The schema of a successful answer.
    pub fn envelope(&self, spec: &'a Value) -> Option<&'a Value> {
        let mut responses = self.responses(spec).into_iter();
        let (_, success) = responses.find(|(status, _)| status.starts_with('2'))?;
        let schema = success.pointer("/content/application~1json/schema")?;
        Some(resolve(spec, schema))
    }

    /// The property of a successful answer that it is for: the list of a listing, the record of any other.
    pub fn holder(&self, spec: &'a Value) -> Option<&'a str> {
        match self.text("x-items") {
            Some(items) => Some(items),
            None => self.envelope(spec)?.pointer("/required/0")?.as_str(),
        }
    }
}

/// Every operation, path by path.
pub fn operations(spec: &Value) -> Vec<Operation<'_>> {
    object(spec.get("paths"))
        .flat_map(|(path, item)| {
            object(Some(item))
                .filter(|(method, _)| METHODS.contains(&method.as_str()))
                .map(move |(method, value)| Operation { path, method, value })
        })
        .collect()
}

/// Every schema with its name.
pub fn schemas(spec: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object(spec.pointer("/components/schemas"))
}

/// What kind of schema it is, where it is of one that we treat apart.
pub fn kind(schema: &Value) -> Option<&str> {
    schema.get("x-kind")?.as_str()
}

/// Whether records of this schema keep what the spec does not know of them: all but those of requests.
pub fn keeps_unknown(schema: &Value) -> bool {
    schema.get("properties").is_some() && schema.get("additionalProperties") != Some(&Value::Bool(false))
}

/// The entries of a JSON object; none where it is anything else.
pub fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Follows a local `$ref`; anything else is itself.
pub fn resolve<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| spec.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

/// The name of the schema that a `$ref` leads to.
pub fn referenced_schema(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(SCHEMA_PREFIX)
}

/// Names of the schemas that request bodies reach.
pub fn request_schemas(spec: &Value) -> BTreeSet<&str> {
    let roots = operations(spec)
        .into_iter()
        .filter_map(|operation| operation.value.get("requestBody"));
    reachable(spec, roots)
}

/// Names of the schemas that responses reach.
pub fn response_schemas(spec: &Value) -> BTreeSet<&str> {
    let roots = operations(spec)
        .into_iter()
        .filter_map(|operation| operation.value.get("responses"));
    reachable(spec, roots)
}

fn reachable<'a>(spec: &'a Value, roots: impl Iterator<Item = &'a Value>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Value> = roots.collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
                    if seen.insert(reference) {
                        names.extend(referenced_schema(value));
                        open.push(resolve(spec, value));
                    }
                } else {
                    open.extend(without_examples(entries));
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}

fn without_examples(entries: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    entries
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "example" | "examples"))
        .map(|(_, value)| value)
}

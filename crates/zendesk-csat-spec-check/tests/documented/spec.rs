//! The spec as it is written, and ways to its parts.

use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(crate) struct Spec(pub(crate) Value);

impl Spec {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(repository().join("openapi/zendesk-csat.yaml")).unwrap();
        Self(yaml_serde::from_str(&text).unwrap())
    }

    pub(crate) fn schemas(&self) -> &Map<String, Value> {
        self.0["components"]["schemas"].as_object().unwrap()
    }

    pub(crate) fn schema(&self, name: &str) -> Option<&Value> {
        self.schemas().get(name)
    }

    /// Method, path and value of every operation.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods
                .filter(|(method, _)| METHODS.contains(&method.as_str()))
                .map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&Value> {
        let mut operations = self.operations().map(|(_, _, operation)| operation);
        operations.find(|operation| operation["operationId"] == id)
    }

    /// A parameter by its name in the spec, or the one the page gives it.
    pub(crate) fn parameter<'a>(&'a self, operation: &'a Value, name: &str) -> Option<&'a Value> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters
            .map(|parameter| self.resolve(parameter))
            .find(|parameter| parameter["name"] == name || parameter["x-documented-name"] == name)
    }

    /// Follows `$ref` to what it names; anything else is itself.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    /// The JSON types that a schema takes: `any` where it does not say.
    pub(crate) fn types(&self, schema: &Value) -> Vec<String> {
        let schema = self.resolve(schema);
        match (&schema["type"], &schema["oneOf"]) {
            (Value::String(name), _) => vec![name.clone()],
            (_, Value::Array(alternatives)) => alternatives.iter().flat_map(|one| self.types(one)).collect(),
            _ => vec!["any".into()],
        }
    }
}

pub(crate) fn documented() -> Value {
    let text = fs::read_to_string(repository().join("tests/fixtures/documented.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

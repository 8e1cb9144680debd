//! The spec is documented in full, and its examples are examples of its schemas.

use crate::spec::Spec;
use serde_json::{Map, Value, json};

#[test]
fn every_operation_and_schema_names_its_page() {
    let spec = Spec::read();
    let operations = spec
        .operations()
        .map(|(method, path, value)| (format!("{method} {path}"), value));
    let schemas = spec.schemas().iter().map(|(name, value)| (name.clone(), value));
    let unnamed: Vec<_> = operations
        .chain(schemas)
        .filter(|(_, value)| {
            !value["externalDocs"]["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("https://developer.zendesk.com/"))
        })
        .map(|(place, _)| place)
        .collect();
    assert!(unnamed.is_empty(), "no externalDocs: {unnamed:?}");
}

#[test]
fn everything_is_described() {
    let spec = Spec::read();
    let mut bare = Vec::new();
    let mut check = |place: String, value: &Value| {
        if value["description"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            bare.push(place);
        }
    };
    for (method, path, operation) in spec.operations() {
        check(format!("{method} {path}"), operation);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = spec.resolve(parameter);
            check(format!("{method} {path} {}", parameter["name"]), parameter);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            check(format!("{method} {path} {status}"), spec.resolve(response));
        }
    }
    for (name, schema) in spec.schemas() {
        check(name.clone(), schema);
        for (property, value) in schema["properties"].as_object().into_iter().flatten() {
            check(format!("{name}.{property}"), value);
        }
    }
    assert!(bare.is_empty(), "no description: {bare:?}");
}

#[test]
fn every_example_is_one_of_its_schema() {
    let spec = Spec::read();
    let mut wrong = Vec::new();
    for (name, schema) in spec.schemas() {
        match schema.get("example") {
            None => wrong.push(format!("{name}: no example")),
            Some(example) => wrong.extend(violations(&spec, name, example)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_example_is_found() {
    let spec = Spec::read();
    let of = |name, example| !violations(&spec, name, &example).is_empty();
    assert!(of("SatisfactionRating", json!({"id": "one"})));
    assert!(of("SatisfactionRating", json!({"score": "good"})));
    assert!(of(
        "CreateSatisfactionRatingRequest",
        json!({"satisfaction_rating": {"score": "good", "stars": 5}})
    ));
    assert!(of("SatisfactionRating", json!({"id": null})));
    assert!(!of(
        "SatisfactionRating",
        json!({"id": 1, "assignee_id": null, "new": true})
    ));
}

fn violations(spec: &Spec, name: &str, example: &Value) -> Vec<String> {
    let schemas: Map<_, _> = spec
        .schemas()
        .iter()
        .map(|(name, schema)| (name.clone(), json_schema(schema)))
        .collect();
    let root = json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas}});
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&root)
        .unwrap();
    let errors = validator.iter_errors(example);
    errors
        .map(|error| format!("{name}{}: {error}", error.instance_path()))
        .collect()
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes an alternative, and a `$ref` is
/// nothing but itself.
fn json_schema(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let plain: Map<_, _> = match members.get("$ref") {
        Some(reference) => [("$ref".to_owned(), reference.clone())].into_iter().collect(),
        None => members
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), keyword(key, value)?)))
            .collect(),
    };
    match members.get("nullable") {
        Some(Value::Bool(true)) => json!({"anyOf": [{"type": "null"}, plain]}),
        _ => Value::Object(plain),
    }
}

fn keyword(key: &str, value: &Value) -> Option<Value> {
    match (key, value) {
        ("properties", Value::Object(properties)) => {
            let properties = properties
                .iter()
                .map(|(name, schema)| (name.clone(), json_schema(schema)));
            Some(Value::Object(properties.collect()))
        }
        ("items" | "additionalProperties", schema) => Some(json_schema(schema)),
        ("oneOf", Value::Array(alternatives)) => Some(alternatives.iter().map(json_schema).collect()),
        ("type" | "format" | "enum" | "required" | "minItems" | "maxItems", value) => Some(value.clone()),
        _ => None,
    }
}

//! Everything in `tests/fixtures/documented.json` stands in the spec.

use crate::spec::{Spec, documented};
use serde_json::{Value, json};
use std::slice;

#[test]
fn every_operation_is_there() {
    assert_complete("operations", operation);
}

#[test]
fn every_property_is_there() {
    assert_complete("schemas", properties);
}

#[test]
fn every_enumerated_value_is_there() {
    assert_complete("enums", |spec, documented| {
        let schema = text(documented, "schema");
        values(spec, schema, list(documented, "values"))
    });
}

#[test]
fn every_score_filter_is_there() {
    assert_complete("score_filters", |spec, filter| {
        values(spec, "RatingFilter", slice::from_ref(filter))
    });
}

#[test]
fn every_reason_code_is_there() {
    assert_complete("reason_codes", |spec, code| {
        let known = spec
            .schema("ReasonCode")
            .map(|schema| list(schema, "x-known-values"));
        let is_known = known
            .unwrap_or_default()
            .iter()
            .any(|entry| entry["value"] == *code);
        if is_known {
            vec![]
        } else {
            vec![format!("ReasonCode: {code}")]
        }
    });
}

#[test]
fn every_fact_is_there() {
    assert_complete("facts", fact);
}

#[test]
fn every_entry_names_its_page() {
    let documented = documented();
    for kind in ["operations", "schemas", "enums", "facts"] {
        for entry in list(&documented, kind) {
            let page = text(entry, "page");
            assert!(
                documented["pages"][page].is_string(),
                "{kind}: no page {page:?} for {entry}"
            );
        }
    }
}

#[test]
fn what_the_spec_lacks_is_found() {
    let mut spec = Spec::read();
    spec.0["components"]["schemas"]["SatisfactionRating"]["properties"]
        .as_object_mut()
        .unwrap()
        .remove("comment");
    spec.0["components"]["schemas"]["RatingFilter"]["enum"] = json!(["good"]);
    spec.0["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/api/v2/satisfaction_ratings/count");
    spec.0["paths"]["/api/v2/guide/survey_responses"]["get"]["parameters"][2]["x-unit"] = json!("seconds");
    let documented = documented();
    let missing = |kind, check| missing(&spec, &documented, kind, check);
    assert_eq!(
        missing("schemas", properties),
        ["Satisfaction Rating: no property comment"]
    );
    assert_eq!(
        missing("operations", operation),
        ["Count Satisfaction Ratings: no get /api/v2/satisfaction_ratings/count"]
    );
    assert!(
        missing("facts", fact)
            .contains(&"created_at_start is in milliseconds: \"seconds\", not \"milliseconds\"".to_owned())
    );
    assert_eq!(
        values(&spec, "RatingFilter", &[json!("bad")]),
        ["RatingFilter: no value \"bad\""]
    );
}

type Check = fn(&Spec, &Value) -> Vec<String>;

/// Fails with everything of one kind that the documentation has and the spec lacks.
fn assert_complete(kind: &str, check: Check) {
    let documented = documented();
    assert!(!list(&documented, kind).is_empty(), "the fixture has no {kind}");
    let missing = missing(&Spec::read(), &documented, kind, check);
    assert!(
        missing.is_empty(),
        "{kind} that the spec lacks:\n{}",
        missing.join("\n")
    );
}

fn missing(spec: &Spec, documented: &Value, kind: &str, check: Check) -> Vec<String> {
    list(documented, kind)
        .iter()
        .flat_map(|entry| check(spec, entry))
        .collect()
}

fn operation(spec: &Spec, documented: &Value) -> Vec<String> {
    let (title, method, path) = (
        text(documented, "title"),
        text(documented, "method"),
        text(documented, "path"),
    );
    let found = spec
        .operations()
        .find(|(its_method, its_path, _)| *its_method == method && shape(its_path) == shape(path));
    let Some((_, _, operation)) = found else {
        return vec![format!("{title}: no {method} {path}")];
    };
    let mut missing = Vec::new();
    for status in list(documented, "statuses") {
        if operation["responses"].get(status.as_str().unwrap()).is_none() {
            missing.push(format!("{title}: no status {status}"));
        }
    }
    for (key, extension) in [("roles", "x-roles"), ("pagination", "x-pagination")] {
        let actual = &operation[extension];
        if let Some(expected) = documented.get(key).filter(|expected| *expected != actual) {
            missing.push(format!("{title}: {extension} is {actual}, not {expected}"));
        }
    }
    for (key, body) in [
        ("answer", &operation["responses"]["200"]),
        ("body", &operation["requestBody"]),
    ] {
        let schema = &body["content"]["application/json"]["schema"];
        if let Some(property) = documented[key].as_str()
            && spec.resolve(schema)["properties"].get(property).is_none()
        {
            missing.push(format!("{title}: its {key} has no {property}"));
        }
    }
    for expected in list(documented, "parameters") {
        let wrong = parameter(spec, operation, expected);
        missing.extend(wrong.map(|wrong| format!("{title}: {wrong}")));
    }
    missing
}

fn parameter(spec: &Spec, operation: &Value, documented: &Value) -> Option<String> {
    let name = text(documented, "name");
    let Some(parameter) = spec.parameter(operation, name) else {
        return Some(format!("no parameter {name}"));
    };
    let required = parameter["required"] == true;
    if parameter["in"] != documented["in"] || documented["required"] != required {
        return Some(format!("{name} is in {}, required {required}", parameter["in"]));
    }
    wrong_type(spec, &parameter["schema"], documented)
}

fn properties(spec: &Spec, documented: &Value) -> Vec<String> {
    let title = text(documented, "title");
    let Some(schema) = spec.schema(text(documented, "schema")) else {
        return vec![format!("{title}: no schema {}", documented["schema"])];
    };
    let mut missing = Vec::new();
    for documented in list(documented, "properties") {
        let name = text(documented, "name");
        let Some(property) = schema["properties"].get(name) else {
            missing.push(format!("{title}: no property {name}"));
            continue;
        };
        for (key, mark) in [("read_only", "readOnly"), ("mandatory", "x-mandatory")] {
            let is_marked = property[mark] == true;
            if documented
                .get(key)
                .is_some_and(|documented| *documented != is_marked)
            {
                missing.push(format!("{title}: {name} has {mark} {is_marked}"));
            }
        }
        missing.extend(wrong_type(spec, property, documented).map(|wrong| format!("{title}: {wrong}")));
    }
    missing
}

fn wrong_type(spec: &Spec, schema: &Value, documented: &Value) -> Option<String> {
    let (name, expected) = (text(documented, "name"), text(documented, "type"));
    let types = spec.types(schema);
    (!types.iter().any(|one| one == expected)).then(|| format!("{name} is {types:?}, not {expected}"))
}

fn values(spec: &Spec, schema: &str, expected: &[Value]) -> Vec<String> {
    let values = spec
        .schema(schema)
        .map(|schema| list(schema, "enum"))
        .unwrap_or_default();
    let absent = expected.iter().filter(|value| !values.contains(value));
    absent
        .map(|value| format!("{schema}: no value {value}"))
        .collect()
}

fn fact(spec: &Spec, documented: &Value) -> Vec<String> {
    let fact = text(documented, "fact");
    let Some(root) = place(spec, documented) else {
        return vec![format!("{fact}: its place is not there")];
    };
    let value = root.pointer(text(documented, "at"));
    if documented["absent"] == true {
        return value
            .map(|value| format!("{fact}: {value} should be absent"))
            .into_iter()
            .collect();
    }
    let Some(value) = value else {
        return vec![format!("{fact}: nothing at {}", documented["at"])];
    };
    if let Some(expected) = documented.get("equals") {
        return if value == expected {
            vec![]
        } else {
            vec![format!("{fact}: {value}, not {expected}")]
        };
    }
    let clause = ["mentions", "contains", "keys"]
        .into_iter()
        .find(|clause| !list(documented, clause).is_empty())
        .unwrap_or_else(|| panic!("{fact}: the fixture does not say how to tell"));
    let expected = list(documented, clause).iter();
    let absent = expected.filter(|item| !holds(clause, value, item));
    absent.map(|item| format!("{fact}: {clause} no {item}")).collect()
}

fn holds(clause: &str, value: &Value, item: &Value) -> bool {
    let phrase = || item.as_str().unwrap_or_else(|| panic!("not text: {item}"));
    match clause {
        "mentions" => prose(value).contains(&phrase().to_lowercase()),
        "contains" => value.as_array().is_some_and(|items| items.contains(item)),
        _ => value.get(phrase()).is_some(),
    }
}

/// What a fact is about: a schema, an operation, a parameter, a response, a tag, or the whole spec.
fn place<'a>(spec: &'a Spec, documented: &Value) -> Option<&'a Value> {
    if let Some(name) = documented["schema"].as_str() {
        spec.schema(name)
    } else if let Some(id) = documented["operation"].as_str() {
        spec.operation(id)
    } else if let [Value::String(id), Value::String(name)] = list(documented, "parameter") {
        spec.parameter(spec.operation(id)?, name)
    } else if let Some(name) = documented["response"].as_str() {
        spec.0["components"]["responses"].get(name)
    } else if let Some(name) = documented["tag"].as_str() {
        list(&spec.0, "tags").iter().find(|tag| tag["name"] == name)
    } else {
        Some(&spec.0)
    }
}

/// Text without regard to case and line breaks.
fn prose(value: &Value) -> String {
    let words: Vec<_> = value.as_str().unwrap_or_default().split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

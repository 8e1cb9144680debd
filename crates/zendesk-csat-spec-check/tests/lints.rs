//! One test a clause of the dialect: the smallest spec that leaves it, and the one that keeps it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};
use zendesk_csat_spec_check::lint::{Finding, check};

/// A spec with one operation that keeps every clause.
fn clean() -> Value {
    let docs = json!({"url": "https://developer.zendesk.com/"});
    let schema = |body: Value| {
        let mut schema = json!({"description": "A thing.", "externalDocs": docs});
        for (key, value) in body.as_object().unwrap() {
            schema[key] = value.clone();
        }
        schema
    };
    let content = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.0"},
        "paths": {"/things": {"post": {
            "operationId": "create_thing",
            "description": "Makes a thing.",
            "externalDocs": docs,
            "tags": ["things"],
            "x-resource": "things", "x-verb": "create", "x-action": "create a thing", "x-bucket": "support",
            "parameters": [{"name": "filter[ids]", "in": "query", "schema": {"type": "string"}}],
            "requestBody": {"content": content("ThingInput")},
            "responses": {
                "200": {"description": "Made", "content": content("Thing")},
                "4XX": {"description": "Refused", "content": content("Error")}
            }
        }}},
        "components": {"schemas": {
            "Thing": schema(json!({"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string", "nullable": true},
                "mood": {"$ref": "#/components/schemas/Mood"}
            }})),
            "Mood": schema(json!({"type": "string", "enum": ["happy"], "x-kind": "open-enum"})),
            "ThingInput": schema(json!({"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string"}}})),
            "Error": schema(json!({"type": "object"}))
        }}
    })
}

const OPERATION: &str = "/paths/~1things/post";

fn findings(pointer: &str, value: Value) -> Vec<Finding> {
    let mut spec = clean();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = spec.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(entries) => {
            entries.insert(key.replace("~1", "/"), value);
        }
        Value::Array(items) => items.push(value),
        _ => panic!("{pointer} is no place"),
    }
    check(&spec)
}

#[track_caller]
fn assert_found(clause: &str, pointer: &str, value: Value) {
    let found = findings(pointer, value);
    assert!(
        found
            .iter()
            .any(|finding| finding.clause == clause && !finding.message.is_empty()),
        "{clause} was not found in {found:?}"
    );
}

#[test]
fn a_spec_in_the_dialect_has_no_finding() {
    assert_eq!(check(&clean()), []);
}

#[test]
fn a_finding_names_clause_pitfall_and_place() {
    let found = findings("/openapi", json!("3.1.0"));
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "version-3.0 (P1) at openapi: write 3.0.3, not \"3.1.0\": the generator reads no other"
    );
}

#[test]
fn ascii_version() {
    assert_found("ascii-version", "/info/version", json!("1.0 β"));
}

#[test]
fn operation_id() {
    assert_found(
        "operation-id",
        &format!("{OPERATION}/operationId"),
        json!("CreateThing"),
    );
    assert_found("operation-id", &format!("{OPERATION}/operationId"), json!(null));
    assert_found(
        "operation-id",
        "/paths/~1others",
        json!({"$ref": "#/paths/~1things"}),
    );
    let twice = clean().pointer(OPERATION).unwrap().clone();
    assert_found("operation-id", "/paths/~1others", json!({"post": twice}));
}

#[test]
fn single_tag() {
    assert_found("single-tag", &format!("{OPERATION}/tags"), json!(["a", "b"]));
}

#[test]
fn one_success() {
    assert_found(
        "one-success",
        &format!("{OPERATION}/responses/204"),
        json!({"description": "Nothing"}),
    );
}

#[test]
fn no_default_response() {
    assert_found(
        "no-default-response",
        &format!("{OPERATION}/responses/default"),
        json!({"description": "Any"}),
    );
}

#[test]
fn no_redirect_response() {
    assert_found(
        "no-redirect-response",
        &format!("{OPERATION}/responses/304"),
        json!({"description": "Same"}),
    );
}

#[test]
fn one_error() {
    let other = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}});
    assert_found("one-error", &format!("{OPERATION}/responses/404"), other);
}

#[test]
fn components_only() {
    let inline = json!({"content": {"application/json": {"schema": {"type": "object"}}}});
    assert_found("components-only", &format!("{OPERATION}/requestBody"), inline);
    let nested = json!({"type": "array", "items": {"type": "object", "properties": {}}});
    assert_found(
        "components-only",
        "/components/schemas/Thing/properties/parts",
        nested,
    );
}

#[test]
fn flat_query() {
    let deep = json!({"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object"}});
    assert_found("flat-query", &format!("{OPERATION}/parameters/1"), deep);
    let cookie = json!({"name": "session", "in": "cookie", "schema": {"type": "string"}});
    assert_found("flat-query", &format!("{OPERATION}/parameters/1"), cookie);
}

#[test]
fn comma_lists_as_text() {
    let list = json!({"name": "ids", "in": "query", "explode": false, "schema": {"type": "array"}});
    assert_found("comma-lists-as-text", &format!("{OPERATION}/parameters/1"), list);
}

#[test]
fn distinct_parameters() {
    let twin = json!({"name": "filter_ids", "in": "query", "schema": {"type": "string"}});
    assert_found("distinct-parameters", &format!("{OPERATION}/parameters/1"), twin);
}

#[test]
fn lenient_responses() {
    assert_found(
        "lenient-responses",
        "/components/schemas/Thing/properties/size",
        json!({"type": "integer", "minimum": 1}),
    );
    assert_found(
        "lenient-responses",
        "/components/schemas/Thing/required",
        json!(["id", "name"]),
    );
}

/// A spec whose operation lists things, by cursor.
fn listing() -> Value {
    let mut spec = clean();
    spec["components"]["schemas"]["Thing"]["properties"]["things"] =
        json!({"type": "array", "items": {"type": "string"}});
    spec["components"]["schemas"]["Thing"]["properties"]["meta"] =
        json!({"$ref": "#/components/schemas/Meta"});
    spec["components"]["schemas"]["Thing"]["required"] = json!(["things", "meta"]);
    spec["components"]["schemas"]["Meta"] = json!({"description": "Meta.", "externalDocs": {"url": "https://developer.zendesk.com/"},
        "type": "object", "required": ["has_more"], "properties": {"has_more": {"type": "boolean"}}});
    let operation = spec.pointer_mut(OPERATION).unwrap();
    operation["x-items"] = json!("things");
    operation["x-pagination"] = json!("cursor");
    spec
}

#[test]
fn whole_answers() {
    assert_eq!(check(&listing()), []);
    let found = |change: &dyn Fn(&mut Value)| {
        let mut spec = listing();
        change(&mut spec);
        check(&spec)
            .iter()
            .any(|finding| finding.clause == "whole-answers")
    };
    let thing = |spec: &mut Value, pointer: &str, value: Value| {
        *spec["components"]["schemas"]["Thing"]
            .pointer_mut(pointer)
            .unwrap() = value;
    };
    assert!(found(&|spec| thing(spec, "/required", json!(["meta"]))));
    assert!(found(&|spec| thing(spec, "/required", json!(["things"]))));
    assert!(found(&|spec| thing(
        spec,
        "/properties/things",
        json!({"type": "string"})
    )));
    assert!(found(&|spec| thing(
        spec,
        "/properties/things",
        json!({"type": "array", "nullable": true})
    )));
    assert!(found(
        &|spec| spec["components"]["schemas"]["Meta"]["required"] = json!([])
    ));
    for pagination in [
        "cursor_and_offset",
        "incremental_cursor",
        "incremental_time",
        "by_luck",
    ] {
        assert!(
            found(&|spec| spec.pointer_mut(OPERATION).unwrap()["x-pagination"] = json!(pagination)),
            "{pagination}"
        );
    }
    for pagination in ["next_page", "none"] {
        assert!(
            !found(&|spec| spec.pointer_mut(OPERATION).unwrap()["x-pagination"] = json!(pagination)),
            "{pagination}"
        );
    }
    // An answer that is one record requires it.
    assert_found("whole-answers", "/components/schemas/Thing/required", json!([]));
}

#[test]
fn open_enums() {
    assert_found(
        "open-enums",
        "/components/schemas/Thing/properties/mood",
        json!({"type": "string", "enum": ["sad"]}),
    );
    assert_found("open-enums", "/components/schemas/Mood/x-kind", json!(null));
}

#[test]
fn no_sum_types_in_responses() {
    assert_found(
        "no-sum-types-in-responses",
        "/components/schemas/Thing/oneOf",
        json!([]),
    );
    assert_found(
        "no-sum-types-in-responses",
        "/components/schemas/Thing/discriminator",
        json!({}),
    );
    assert_found(
        "no-sum-types-in-responses",
        "/components/schemas/Thing/properties/part",
        json!({"anyOf": []}),
    );
}

#[test]
fn json_bodies() {
    let form = json!({"content": {"application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Thing"}}}});
    assert_found("json-bodies", &format!("{OPERATION}/requestBody"), form);
    assert_found(
        "json-bodies",
        &format!("{OPERATION}/responses/200/content/application~1json"),
        json!({}),
    );
}

#[test]
fn additional_properties() {
    assert_found(
        "additional-properties",
        "/components/schemas/Thing/additionalProperties",
        json!(true),
    );
    assert_found(
        "additional-properties",
        "/components/schemas/Thing/additionalProperties",
        json!({}),
    );
    assert_found(
        "additional-properties",
        "/components/schemas/Thing/properties/extra",
        json!({"type": "string"}),
    );
    assert_found(
        "additional-properties",
        "/components/schemas/Thing/additionalProperties",
        json!(false),
    );
}

#[test]
fn no_null_in_requests() {
    let nullable = json!({"type": "string", "nullable": true});
    assert_found(
        "no-null-in-requests",
        "/components/schemas/ThingInput/properties/name",
        nullable,
    );
}

#[test]
fn no_enum_in_all_of() {
    let composed = json!([{"$ref": "#/components/schemas/Mood"}]);
    assert_found("no-enum-in-all-of", "/components/schemas/Thing/allOf", composed);
}

#[test]
fn documented() {
    assert_found("documented", "/components/schemas/Thing/description", json!(" "));
    assert_found(
        "documented",
        "/components/schemas/Thing/externalDocs",
        json!(null),
    );
    assert_found("documented", &format!("{OPERATION}/x-bucket"), json!(null));
}

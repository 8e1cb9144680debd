//! What `cargo xtask drift` finds in pages of our own that a browser might have saved.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use zendesk_csat_codegen::drift::{Drift, between};

const PAGE: &str = "https://docs.example/moods/";

/// A spec with one page behind it.
fn spec() -> Value {
    let documented = |anchor: &str| json!({"url": format!("{PAGE}#{anchor}")});
    let score = json!({"name": "score", "in": "query", "schema": {"$ref": "#/components/schemas/Score"}});
    let since = json!({"name": "filter[since]", "in": "query", "schema": {"type": "integer"}});
    let body = |schema: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({"200": {"content": {"application/json": {"schema": schema}}}})
    };
    json!({
        "paths": {
            "/api/v2/moods": {"get": {
                "operationId": "list_moods", "externalDocs": documented("list-moods"), "responses": body("MoodsPage"),
                "parameters": [score, {"name": "start_time", "in": "query", "schema": {"type": "integer"}},
                    {"name": "page[size]", "in": "query", "schema": {"type": "integer"}}, since]}},
            "/api/v2/moods/{id}": {"get": {
                "operationId": "show_mood", "externalDocs": documented("show-mood"), "responses": body("Mood"),
                "parameters": [{"name": "mood_id", "in": "path", "required": true, "schema": {"type": "integer"}}]}},
            "/api/v2/moods/count": {"get": {
                "operationId": "count_moods", "externalDocs": documented("count-moods"), "responses": {}}},
            "/api/v2/elsewhere": {"get": {
                "operationId": "elsewhere", "externalDocs": {"url": "https://docs.example/other/"}, "responses": {}}},
        },
        "components": {"schemas": {
            "Score": {"type": "string", "enum": ["good", "bad"]},
            "MoodsPage": {"type": "object", "properties": {
                "moods": {"type": "array", "items": {"$ref": "#/components/schemas/Mood"}}}},
            "Mood": {"type": "object", "externalDocs": documented("json-format"), "properties": {
                "id": {"type": "integer", "readOnly": true, "x-mandatory": true},
                "score": {"$ref": "#/components/schemas/Score", "readOnly": true},
                "since": {"type": "string"},
                "told_at": {"type": "string", "x-departure": "A string on the wire."},
                "depth": {"type": "integer"}}},
            "Face": {"type": "object", "externalDocs": documented("face-object"), "properties": {
                "kind": {"type": "string", "x-mandatory": true}}},
        }},
    })
}

fn lines(drift: &Drift) -> Vec<String> {
    drift.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_spec_lacks_has_too_much_or_says_otherwise() {
    let drift = between(&spec(), include_str!("moods.txt"));
    assert_eq!(
        lines(&drift),
        [
            "lacks   list_moods score (line 26): the value \"superb\"",
            "lacks   list_moods shadeHow dark it is (line 28): the parameter",
            "beyond  list_moods filter[since]: the page has no such parameter",
            "lacks   MoodsPage.count (line 34): integer in a sample",
            "differs Mood.id (line 34): string, not integer, in a sample",
            "differs show_mood mood_id (line 43): string, not integer",
            "lacks   DELETE /api/v2/moods/{mood_id} (line 47): the operation",
            "beyond  count_moods: the page has no such operation",
            "lacks   Mood.colour (line 8): string",
            "differs Mood.score (line 10): x-mandatory is true, not false",
            "differs Mood.since (line 11): integer, not string",
            "beyond  Mood.depth: the page has no such property",
            "lacks   Score (line 16): the value \"superb\" in a sample",
            "lacks   Mood.weather (line 16): string in a sample",
        ]
    );
    assert_eq!(drift.explained, 1);
}

#[test]
fn tables_saved_a_cell_a_line_are_read_as_well() {
    let drift = between(&spec(), include_str!("survey.txt"));
    let found = lines(&drift);
    for line in [
        "lacks   list_moods filter[owner_ids] (line 48): the parameter",
        "differs Face.kind (line 24): nullable is true, not false",
        "unplaced Nowhere object (line 30): no schema of the spec is this table of secret",
        "beyond  show_mood: the page has no such operation",
    ] {
        assert!(
            found.iter().any(|found| found == line),
            "{line}\n{}",
            found.join("\n")
        );
    }
    assert!(
        !found
            .iter()
            .any(|found| found.contains("filter[since]") || found.contains("page[size]")),
        "{found:?}"
    );
}

#[test]
fn a_page_that_the_spec_agrees_with_has_no_drift() {
    let page = "Face object\n\nNameTypeOptionalNullableDescription\nkindstringfalsefalseWhat face it is\n\n\
        Show Mood\n\nGET /api/v2/moods/{id}\n\nNameTypeInRequiredDescription\nmood_idintegerPathtrueIts number\n";
    let mut spec = spec();
    let paths = spec["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.ends_with("{id}"));
    let drift = between(&spec, page);
    assert_eq!((lines(&drift), drift.explained, drift.compared), (vec![], 0, 2));
}

#[test]
fn a_page_without_anything_to_read_says_so() {
    assert_eq!(between(&spec(), "Moods\n\nAll about moods.\n").compared, 0);
}
